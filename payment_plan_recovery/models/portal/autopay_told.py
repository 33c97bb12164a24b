"""What debtors are told of instalments that will be taken by themselves: once a night, whatever fell due meanwhile."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..common.company_words import words_of
from ..plan.monitor import ACTIVITY
from ..plan.plan import LIVE_STATES

#: How often an instalment is tried.
TRIES = 2
#: Days before it is taken on which the debtor is told.
ANNOUNCED_BEFORE = 5
#: Days after the announced one on which it is still taken: later it comes as a surprise, and is announced again.
STILL_EXPECTED = 1


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    autopay_stopped_by = fields.Char(
        string="Nothing taken because of",
        compute="_compute_autopay_stopped_by",
        compute_sudo=True,
        help="What keeps automatic payment from taking anything today: a hold, a dispute, a promise, a payment under "
        "way or money that waits to be matched. What was announced is announced again once that is over.",
    )

    @api.depends("autopay_since", "state", "autopay_ids.date_debit", "amount_residual")
    @api.depends_context("lang")
    def _compute_autopay_stopped_by(self):
        for plan in self:
            is_on = plan.autopay_since and plan.state in LIVE_STATES and plan.amount_residual
            today = plan.company_id._recovery_today()
            plan.autopay_stopped_by = plan._autopay_obstacle(today) if is_on else False

    def _autopay_to_announce(self, row, debit, date):
        """Whether the debtor is told on ``date`` that an instalment will be taken: before it is due, or once more.

        One whose days before the due date passed without the job is told of afterwards: the debtor relies on it. What
        was late when he authorised it, he pays himself. What is open though all that was announced was taken, is new.
        """
        if debit:
            return not debit._to_take() or date > debit.date_debit + timedelta(days=STILL_EXPECTED)
        authorised = self.company_id._recovery_day(self.autopay_since) if self.autopay_since else date
        return authorised < row.date_due <= date + timedelta(days=ANNOUNCED_BEFORE)

    def _autopay_shown(self):
        """Return what the debtor was told of automatic payment and is not taken yet, the first day first."""
        left = {row for row, _amount in self._portal_left()}
        shown = self.autopay_ids.filtered(lambda debit: debit.instalment_id in left and debit._to_take())
        return shown.sorted("date_debit")

    def _autopay_tell_stopped(self):
        """Tell the debtor which instalments are not taken after all; what was tried the last time in vain was told."""
        left, told = self._portal_left(), self._autopay_shown()
        missed = [(debit.instalment_id, debit._to_take()) for debit in told if debit.tries < TRIES]
        today = self.company_id._recovery_today()
        for row, amount in missed if told else left[:1]:
            self._autopay_tell("autopay_stopped", amount, row.date_due, today)

    def _autopay_end(self):
        """A plan that ends unpaid takes its automatic payment with it; the debtor, who relies on it, is told.

        Where another takes its place, it is authorised anew: other amounts on other days.
        """
        for plan in self.filtered("autopay_since"):
            today = plan.company_id._recovery_today()
            plan._autopay_tell("autopay_ended", plan.amount_residual, today, today)
            plan._stop_autopay(
                words_of(plan.company_id)._("Automatic payment ended with the plan."), told=False
            )

    def _autopay_announce(self, rows, date):
        """Tell the debtor what will be taken: each on its due date, or all together in some days where one has passed.

        Those of one day are one mail, with their sum.

        :param rows: [(instalment, what the debtor was told of it, or nothing, amount)]
        """
        later = date + timedelta(days=ANNOUNCED_BEFORE)
        is_late = any(row.date_due <= date for row, _debit, _amount in rows)
        by_day = defaultdict(list)
        for row, debit, amount in rows:
            by_day[later if is_late else row.date_due].append((row, debit, amount))
        for day, of_day in by_day.items():
            total = self.currency_id.round(sum(amount for _row, _debit, amount in of_day))
            if not self._autopay_tell("autopay_announced", total, day, date):
                rows_of_day = [row for row, _debit, _amount in of_day]
                self._autopay_untold(rows_of_day)
                continue
            waited_for = self._autopay_wait(date, day)
            for row, debit, amount in of_day:
                told = {"date_announced": date, "date_debit": day, "amount": amount, "hold_id": waited_for.id}
                if debit:
                    # what was tried before, and never heard of again, is another matter
                    debit.write({**told, "amount_taken": 0.0, "transaction_id": False})
                else:
                    debit.create({"instalment_id": row.id, **told})

    def _autopay_is_told(self, debit):
        """Whether no mail to the debtor failed since ``debit`` was announced: one that was refused told nobody."""
        since = self.company_id._recovery_midnight(debit.date_announced)
        # sudo: outgoing mails are readable by administrators only
        return (
            not self.env["mail.mail"]
            .sudo()
            .search_count(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "=", "email_outgoing"),
                    ("state", "in", ("exception", "cancel")),
                    ("create_date", ">=", since),
                ],
                limit=1,
            )
        )

    def _autopay_untold(self, rows):
        """Have somebody look at instalments that are not taken, because no mail tells the debtor of it."""
        words = words_of(self.company_id)
        days = ", ".join(format_date(words, row.date_due) for row in rows)
        summary = words._("Not taken automatically, as no mail reaches the debtor: %s", days)
        if summary not in self.activity_ids.mapped("summary"):
            self._autopay_ask(summary)

    def _autopay_ask(self, summary):
        """Have whoever follows the plan look into what became of its automatic payment."""
        self.activity_schedule(
            ACTIVITY, summary=summary, user_id=self.env["ir.cron"]._recovery_person(self).id
        )

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

    @api.model
    def _autopay_end_waiting(self):
        """Nobody waits for what was announced and came another way; see :meth:`_autopay_waited_for`."""
        told = self.env["recovery.autopay"].search(
            [("hold_id", "!=", False), ("hold_id.date_ended", "=", False)]
        )
        paid = told.hold_id - told.filtered("instalment_id.amount_residual").hold_id
        self.env["ir.cron"]._recovery_each(paid, lambda hold: hold._end_today())

    def _autopay_tell(self, occasion, amount, day, date):
        """Mail the debtor about what will be, or could not be, taken; return the plan if a mail reaches it.

        :param day: the day that is told: on which it will be taken, or was due
        """
        content = self._contents(date)[self.id]
        content.promised = {content.plan.currency_id: amount}
        content.deadline = day
        content.is_taken = occasion == "autopay_announced"
        return self.env["recovery.message"]._mail_occasion(occasion, {self: content})
