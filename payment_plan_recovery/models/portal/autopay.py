"""Instalments paid by themselves: with the means of payment that the debtor authorised for its plan.

Each is announced some days before, with its day and amount. Nothing is taken while anything speaks against it: a
dispute, a promise, a hold, a payment under way, or money that came for it another way. What could not be taken on its
day is announced again. What fails is tried once more, told to both, and then given up.
"""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..common.company_words import words_of
from ..common.labelled import labelled
from ..plan.plan import LIVE_STATES
from .autopay_told import TRIES
from .plan import UNDER_WAY

_logger = logging.getLogger(__name__)

#: Days after a failure on which it is tried again.
AGAIN_AFTER = 3


class RecoveryAutopay(models.Model):
    """An instalment that is taken by itself: when its debtor was told, how often it was tried in vain."""

    _name = "recovery.autopay"
    _description = "Automatic Payment of an Instalment"
    _order = "id desc"
    _rec_name = "instalment_id"

    instalment_id = fields.Many2one(
        "recovery.plan.instalment", required=True, readonly=True, ondelete="cascade", help="What is taken."
    )
    plan_id = fields.Many2one(related="instalment_id.plan_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    date_announced = fields.Date(
        string="Announced",
        required=True,
        readonly=True,
        help="When the debtor was told that it will be taken.",
    )
    date_debit = fields.Date(
        string="To be taken on", required=True, readonly=True, help="The day that the debtor was told."
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    amount = fields.Monetary(
        required=True, readonly=True, help="What the debtor was told: no more than that is taken."
    )
    hold_id = fields.Many2one(
        "recovery.hold",
        readonly=True,
        ondelete="set null",
        help="From the day it is announced it is waited for: the debtor relies on it, and is not asked to pay himself.",
    )
    date_tried = fields.Date(string="Failed on", readonly=True, help="When it was last tried in vain.")
    tries = fields.Integer(readonly=True, help="How often it was tried in vain.")
    transaction_id = fields.Many2one(
        "payment.transaction",
        string="Payment",
        readonly=True,
        groups="account.group_account_invoice,account.group_account_readonly",
        help="The payment by which it is tried and of which nobody knows yet whether it comes.",
    )
    state = fields.Selection(related="instalment_id.state", string="Status")

    _once = models.Constraint("UNIQUE(instalment_id)", "An instalment is announced once.")

    @api.model
    def _note_failed(self, payments):
        """Note the tries that were under way and failed with ``payments``: some banks tell it days later."""
        failed = [
            ("transaction_id.state", "in", ("error", "cancel")),
            ("transaction_id.payment_id", "=", False),
        ]
        for debit in self.search([("transaction_id", "in", payments.ids), *failed]):
            plan = debit.plan_id
            plan._autopay_failed(debit, debit.transaction_id, plan.company_id._recovery_today())


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    autopay_token_id = fields.Many2one(
        "payment.token",
        string="Paid automatically with",
        readonly=True,
        copy=False,
        protected=True,
        ondelete="set null",
        groups="account.group_account_invoice,account.group_account_readonly",
        help="The means of payment that the debtor authorised for the instalments of this plan.",
    )
    autopay_since = fields.Datetime(
        string="Authorised",
        readonly=True,
        copy=False,
        protected=True,
        help="When the debtor authorised it.",
    )

    autopay_ids = fields.One2many(
        "recovery.autopay", "plan_id", string="Automatic payments", help="What was announced and taken."
    )

    # -- authorising -----------------------------------------------------------------------

    def _autopay_tokens(self, user=None):
        """Return the means of payment that may be authorised: those used for this plan, or the login's own.

        Of providers that take money for every branch which the plan is owed to.
        """
        takers = self._autopay_takers()
        used = self.sudo().transaction_ids.filtered(lambda payment: payment.state == "done").token_id
        own = self.env["payment.token"].sudo()
        if user:
            # sudo: the tokens of the user's own contact
            own = own.search([("partner_id", "=", user.partner_id.id), ("company_id", "in", takers.ids)])
        return (used | own).filtered(lambda token: token.active and token.company_id in takers)

    def _autopay_takers(self):
        """Return the companies whose providers take money for every branch that the plan is owed to."""
        owed = self.item_ids.company_id or self.company_id
        takers, *others = [company._recovery_lineage() for company in owed]
        for lineage in others:
            takers &= lineage
        return takers

    def _portal_authorise(self, token_id, author, user=None):
        """Take the debtor's authorisation of a means of payment for the instalments to come.

        :raise UserError: not one that may be authorised, or the plan is not in force
        """
        token = self._autopay_tokens(user).filtered(lambda token: str(token.id) == token_id)
        if not token and self.is_across_branches:
            raise UserError(
                self.env._(
                    "This plan is owed to several branches: choose a means of payment that serves them all, or pay "
                    "each instalment yourself."
                )
            )
        if not token or self.state not in LIVE_STATES:
            raise UserError(self.env._("Choose a means of payment that you used for this plan."))
        if not self.autopay_token_id:  # what was announced before it was stopped is announced anew
            self._autopay_shown().unlink()
        self.write({"autopay_token_id": token.id, "autopay_since": fields.Datetime.now()})
        words = words_of(self.company_id)
        said = words._(
            "%(who)s authorised automatic payment with %(what)s.", who=author, what=token.display_name
        )
        self._message_log(body=said)
        self.partner_id._portal_note(self.company_id, labelled(words, self.name, said))

    def _portal_stop_autopay(self, author):
        """Take nothing more by itself, as the debtor wants: whoever follows the plan reads that it pays by hand now."""
        if not self.autopay_token_id:
            return  # a second click
        words = words_of(self.company_id)
        reason = words._("Automatic payment was stopped by %s.", author)
        self._stop_autopay(reason, told=False)
        summary = words._("The debtor stopped automatic payment")
        self.partner_id._portal_note(self.company_id, labelled(words, self.name, reason), self, summary)

    def _stop_autopay(self, reason, told=True):
        """Take nothing more by itself; ``reason`` goes to the plan's history. Nothing else is stopped.

        :param told: whether the debtor, who relies on it, is told to pay what was announced, or else what is next
        """
        plan = self.sudo()  # sudo: protected from clients; whoever may stop it need not read means of payment
        if plan.autopay_token_id:
            if told and plan.state in LIVE_STATES:
                plan._autopay_tell_stopped()
            plan.write({"autopay_token_id": False, "autopay_since": False})
            self._message_log(body=reason)
        plan.autopay_ids.hold_id._end_today()

    def action_stop_autopay(self):
        """Take nothing more by itself; the debtor pays each instalment."""
        self.check_access("write")
        for plan in self:
            plan._stop_autopay(
                words_of(plan.company_id)._("Automatic payment was stopped by %s.", plan.env.user.name)
            )

    # -- doing -----------------------------------------------------------------------------

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
                lambda debit: debit.date_debit <= date and debit.instalment_id.amount_residual
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
        if ours:
            return ours[0].display_name
        if apart := self._money_apart(date).get(self):
            return self.env._("%s of the debtor waits to be looked at.", apart)
        return "" if self._portal_amounts()["all"] else self.env._("Nothing is left to pay.")

    def _autopay_take(self, debit, date):
        """Take what is open of an instalment, in the books of one branch; tell both when that fails."""
        self._keep_items()  # a conflict once the money is taken would have it taken again
        self.env["ir.cron"]._recovery_wait(0)  # and so would giving up
        self._portal_begin_payment()
        left = dict(self._portal_left()).get(debit.instalment_id)
        if not left:
            return  # it came another way since
        token = self.autopay_token_id
        if not token.active:
            token._recovery_stop_autopay()
            return
        if token.company_id not in self._autopay_takers():
            self._stop_autopay(self._autopay_not_for_all(token))
            return
        step, payments = self._portal_step("next"), self.env["payment.transaction"]
        payment = payments.create(
            {
                "provider_id": token.provider_id.id,
                "payment_method_id": token.payment_method_id.id,
                "token_id": token.id,
                "reference": payments._compute_reference(token.provider_id.code, recovery_plan_id=self.id),
                "amount": min(step.amount, left, debit.amount),
                "currency_id": self.currency_id.id,
                "partner_id": token.partner_id.id,
                "operation": "offline",
                "recovery_plan_id": self.id,
                "recovery_debtor_id": self.partner_id.id,
                "recovery_company_id": step.company.id,
                "recovery_account_id": step.account.id,
            }
        )
        payment._charge_with_token()
        self._autopay_waited_for(debit)
        debit.transaction_id = payment.filtered(lambda payment: payment.state in UNDER_WAY)
        if payment.state == "done":
            self._autopay_book(payment)
        elif payment.state in ("error", "cancel", "draft"):
            self._autopay_failed(debit, payment, date)

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
        debit.write({**tried, "transaction_id": False})
        occasion = "autopay_failed" if debit.tries < TRIES else "autopay_given_up"
        self._autopay_tell(occasion, debit.amount, debit.instalment_id.date_due, date)
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
