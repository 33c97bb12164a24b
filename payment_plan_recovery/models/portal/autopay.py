"""Instalments paid by themselves: with the means of payment that the debtor authorised for its plan.

Each is announced some days before, with its day and amount. Nothing is taken while anything speaks against it: a
dispute, a promise, a hold, a payment under way, or money that came for it another way. What could not be taken on its
day is announced again. What fails is tried once more, told to both, and then given up.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.company_words import words_of
from ..common.labelled import labelled
from ..plan.plan import LIVE_STATES


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
    amount_taken = fields.Monetary(
        string="Taken",
        readonly=True,
        help="What was taken, or is under way, of what the debtor was told last. More is announced again before.",
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

    def _to_take(self):
        """Return what of the announced amount was not taken yet, in the plan's currency."""
        return self.currency_id.round(self.amount - self.amount_taken)

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
            left = {row for row, _amount in self._portal_left()}
            self.autopay_ids.filtered(lambda debit: debit.instalment_id in left).unlink()
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
