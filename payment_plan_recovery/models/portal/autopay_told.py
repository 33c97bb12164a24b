"""What debtors are told of instalments that will be taken by themselves: once a night, whatever fell due meanwhile."""

from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

from ..common.company_words import words_of

#: Days before it is taken on which the debtor is told.
ANNOUNCED_BEFORE = 5
#: Days after the announced one on which it is still taken: later it comes as a surprise, and is announced again.
STILL_EXPECTED = 1


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _autopay_to_announce(self, row, debit, date):
        """Whether the debtor is told on ``date`` that an instalment will be taken: before it is due, or once more.

        One whose days before the due date passed without the job is told of afterwards: the debtor relies on it. What
        was late when he authorised it, he pays himself.
        """
        if debit:
            return date > debit.date_debit + timedelta(days=STILL_EXPECTED)
        authorised = self.company_id._recovery_day(self.autopay_since) if self.autopay_since else date
        return authorised < row.date_due <= date + timedelta(days=ANNOUNCED_BEFORE)

    def _autopay_announce(self, rows, date):
        """Tell the debtor what will be taken: each on its due date, or all together in some days where one has passed.

        Those of one day are one mail, with their sum.

        :param rows: [(instalment, what the debtor was told of it, or nothing, amount)]
        """
        later = date + timedelta(days=ANNOUNCED_BEFORE)
        is_late = any(row.date_due <= date for row, _debit, _amount in rows)
        waited_for = self._autopay_wait(date, later) if is_late else self.env["recovery.hold"]
        by_day = defaultdict(self.env["recovery.autopay"].browse)
        for row, debit, amount in rows:
            day = later if is_late else row.date_due
            told = {"date_announced": date, "date_debit": day, "amount": amount, "hold_id": waited_for.id}
            if debit:
                debit.write(told)
            else:
                debit = debit.create({"instalment_id": row.id, **told})  # noqa: PLW2901
            by_day[day] |= debit
        for day, debits in by_day.items():
            self._autopay_tell("autopay_announced", debits, day, date)

    def _autopay_wait(self, date, day):
        """Return a hold on what the plan covers from ``date`` until what is taken on ``day`` is there."""
        words = words_of(self.company_id)
        return (
            self.env["recovery.hold"]
            .with_company(self.company_id)
            .create(
                {
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "move_line_ids": [fields.Command.set(self.item_ids.move_line_id.ids)],
                    "kind": "promise",
                    "date_from": date,
                    "date_until": day + timedelta(days=STILL_EXPECTED),
                    "reason": words._("Taken automatically on %s.", format_date(words, day)),
                    "user_id": self.user_id.id,
                }
            )
        )

    def _autopay_waited_for(self, debit):
        """Nobody waits for ``debit`` any more; for what was announced with it and is open still, one does."""
        left = {row for row, _amount in self._portal_left()}
        others = (self.autopay_ids - debit).filtered(
            lambda other: (
                other.hold_id == debit.hold_id and other.instalment_id in left and not other.date_tried
            )
        )
        if not others:
            debit.hold_id._end_today()

    def _autopay_tell(self, occasion, debits, day, date):
        """Mail the debtor about instalments that will be, or could not be, taken; ``day`` is the one that is told."""
        content = self._contents(date)[self.id]
        content.promised = {content.plan.currency_id: sum(debits.mapped("amount"))}
        content.deadline = day
        self.env["recovery.message"]._mail_occasion(occasion, {self: content})
