"""Taking instalments that were announced: one payment of one branch at a time, kept whatever becomes of the next."""

import logging
from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date

from ..common.company_words import words_of
from ..plan.plan import LIVE_STATES
from .autopay_told import TRIES
from .plan import UNDER_WAY

_logger = logging.getLogger(__name__)

#: Days after a failure on which it is tried again.
AGAIN_AFTER = 3


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    @api.model
    def _cron_autopay(self):
        """Daily: announce what falls due, and take what was announced; what came another way is waited for no more."""
        self._autopay_end_waiting()
        plans = self.search([("autopay_token_id", "!=", False), ("state", "in", LIVE_STATES)])
        # A payment is of one instalment and one branch, and is kept whatever becomes of the next: a turn for each.
        turns = [
            plan.id
            for plan in plans
            for _branch in plan.item_ids.company_id
            for _debit in range(max(plan._autopay_due_count(plan.company_id._recovery_today()), 1))
        ]
        self.env["ir.cron"]._recovery_each(
            plans.browse(turns), lambda plan: plan._autopay(plan.company_id._recovery_today())
        )

    def _autopay_due_count(self, date):
        """Return how many instalments are to be taken on ``date``: several fell due while the job stood still."""
        return len(
            self.autopay_ids.filtered(
                lambda debit: (
                    debit.date_debit <= date and debit.instalment_id.amount_residual and debit._to_take()
                )
            )
        )

    def _autopay(self, date):
        """Announce the instalment that falls due soon after ``date``, take the one that is due."""
        self.ensure_one()
        if not self.autopay_token_id or self.state not in LIVE_STATES:
            return  # stopped, or ended, since the job listed it
        if self._autopay_obstacle(date):
            return
        told = {debit.instalment_id: debit for debit in self.autopay_ids}
        due, announced = self.env["recovery.autopay"], []
        for row, left in self._portal_left():
            debit = told.get(row, due.browse())
            if self._autopay_to_announce(row, debit, date):
                announced.append((row, debit, left))
            elif debit and debit.date_debit <= date:
                due = due or debit
        self._autopay_announce(announced, date)
        # what failed was told: what fell due with it is tried on another day
        if due and not self._autopay_is_told(due):
            self._autopay_untold(due.instalment_id)
        elif due and date not in self.autopay_ids.mapped("date_tried"):
            self._autopay_take(due, date)

    def _autopay_obstacle(self, date):
        """Return what speaks against taking money on ``date``: a translated reason, or nothing."""
        company = self.company_id
        holds = self.env["recovery.hold"].with_company(company)._running(date, self.partner_id)
        ours = (holds - self.autopay_ids.hold_id).filtered(
            lambda hold: not hold._all_items() or hold._all_items() & self.item_ids.move_line_id
        )
        if self._portal_announced_payments():  # said first: it is held meanwhile as promised, too
            return self.env._("A payment is under way.")
        if self._signed_anew():
            return self.env._("Its renegotiation was signed.")
        if ours:
            return ours[0].display_name
        if apart := self._money_apart(date).get(self):
            return self.env._("%s of the debtor waits to be looked at.", apart)
        return "" if self._portal_amounts()["all"] else self.env._("Nothing is left to pay.")

    def _autopay_take(self, debit, date):
        """Take what was announced of an instalment and is open, in the books of one branch; tell both when that fails.

        It pays the oldest items, as any payment of the plan does: it need not be that instalment that it settles.
        """
        self._keep_items()  # a conflict once the money is taken would have it taken again
        self.env["ir.cron"]._recovery_wait(0)  # and so would giving up
        self._portal_begin_payment()
        amount = min(dict(self._portal_left()).get(debit.instalment_id, 0.0), debit._to_take())
        if not amount:
            return  # it came another way since
        token = self.autopay_token_id
        if not token.active:
            token._recovery_stop_autopay()
            return
        if token.company_id not in self._autopay_takers():
            self._stop_autopay(self._autopay_not_for_all(token))
            return
        payment = self._autopay_begin(token, self._portal_first_step(amount))
        debit.amount_taken += payment.amount
        payment._charge_with_token()
        self._autopay_waited_for(debit)
        debit.transaction_id = payment.filtered(lambda payment: payment.state in UNDER_WAY)
        if payment.state == "done":
            self._autopay_book(payment)
        elif payment.state in ("error", "cancel", "draft"):
            self._autopay_failed(debit, payment, date)

    def _autopay_begin(self, token, step):
        """Return the payment that is begun of a :class:`~.plan.Step`."""
        payments = self.env["payment.transaction"]
        return payments.create(
            {
                "provider_id": token.provider_id.id,
                "payment_method_id": token.payment_method_id.id,
                "token_id": token.id,
                "reference": payments._compute_reference(token.provider_id.code, recovery_plan_id=self.id),
                "amount": step.amount,
                "currency_id": self.currency_id.id,
                "partner_id": token.partner_id.id,
                "operation": "offline",
                "recovery_plan_id": self.id,
                "recovery_debtor_id": self.partner_id.id,
                "recovery_company_id": step.company.id,
                "recovery_account_id": step.account.id,
            }
        )

    def _autopay_book(self, payment):
        """Book what was taken. Whatever keeps it from being booked, it was taken, and must stay known as such.

        Odoo's own job books it later, and nothing is taken meanwhile: a payment is under way.
        """
        try:
            with self.env.cr.savepoint():
                payment._post_process()
        # a conflict with another transaction too: tried again, it would be taken twice
        except Exception as error:
            _logger.exception("The automatic payment %s was taken and not booked", payment.reference)
            self.env["ir.cron"]._recovery_ask_about(self, error)

    def _autopay_not_for_all(self, token):
        return words_of(self.company_id)._(
            "%s takes no money for all branches that the plan is owed to: the debtor pays each instalment.",
            token.display_name,
        )

    def _autopay_failed(self, debit, payment, date):
        """Note a try in vain; after the last one the debtor pays by hand again."""
        again = date + timedelta(days=AGAIN_AFTER)
        tried = {"date_tried": date, "date_debit": again, "tries": debit.tries + 1}
        taken = debit.currency_id.round(debit.amount_taken - payment.amount)
        debit.write({**tried, "transaction_id": False, "amount_taken": taken})
        if not self.autopay_since or self.state not in LIVE_STATES:
            return  # the debtor was told that nothing is taken any more
        occasion = "autopay_failed" if debit.tries < TRIES else "autopay_given_up"
        self._autopay_tell(occasion, payment.amount, debit.instalment_id.date_due, date)
        words = words_of(self.company_id)
        reason = words._(
            "Automatic payment of %(date)s failed: %(why)s",
            date=format_date(words, debit.instalment_id.date_due),
            why=payment.state_message or payment.reference,
        )
        self._autopay_ask(reason)
        if debit.tries >= TRIES:
            self._stop_autopay(reason)

    def _autopay_went_back(self, why):
        """Money that was taken by itself went back: nobody takes it again unasked, a person looks into it."""
        if self.autopay_token_id:
            words = words_of(self.company_id)
            reason = words._("%s Nothing is taken by itself any more: ask the debtor first.", why)
            self._stop_autopay(reason)
            self._autopay_ask(reason)
