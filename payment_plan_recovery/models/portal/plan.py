"""A plan as its debtor meets it on the portal: who may see it, what can be paid, which payments are under way."""

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from ..common.company_words import words_of
from ..common.keep import keep

#: What a debtor may choose to pay.
CHOICES = ("next", "late", "all", "part")
#: States of a payment that is under way: money that will come, most likely.
UNDER_WAY = ("pending", "authorized")


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    recovery_portal_choice = fields.Boolean(
        string="Debtor may choose",
        readonly=True,
        copy=False,
        protected=True,
        help="The debtor sees the ways to pay of the draft online and may choose one that is within policy.",
    )
    transaction_ids = fields.One2many(
        "payment.transaction",
        "recovery_plan_id",
        string="Online payments",
        help="Payments the debtor made, or began, on the portal.",
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    def _portal_left(self):
        """Return what is left to pay, the oldest first: [(instalment, amount above 0)], in the plan's currency.

        What was received and waits to be matched, or a payment under way already pays, is left out.
        """
        self.ensure_one()
        paid, left = self._portal_under_way() + self.amount_waiting, []
        for row in self.instalment_ids.sorted(lambda row: (row.date_due, row.number)):
            amount = self.currency_id.round(row.amount_residual - min(paid, row.amount_residual))
            paid -= min(paid, row.amount_residual)
            if amount:
                left.append((row, amount))
        return left

    def _portal_amounts(self):
        """Return what can be paid now: {choice: amount}, in the plan's currency.

        ``next``: the oldest instalment not paid, ``late``: all that are late, ``all``: the whole remainder.
        """
        today, left = self.company_id._recovery_today(), self._portal_left()
        return {
            "next": left[0][1] if left else 0.0,
            "late": self.currency_id.round(sum(amount for row, amount in left if row.date_due < today)),
            "all": self.currency_id.round(sum(amount for _row, amount in left)),
        }

    def _portal_announced_payments(self):
        """Return the payments of the plan that are under way."""
        # sudo: payments are the debtor's own, whoever looks
        return self.sudo().transaction_ids._recovery_under_way()

    def _portal_under_way(self):
        """Return what payments under way will bring, in the plan's currency."""
        return sum(self._portal_announced_payments().mapped("amount"))

    def _portal_amount(self, choice, amount=None):
        """Return what ``choice`` comes to; for a ``part``, the ``amount`` the debtor named.

        :raise ValidationError: nothing is left to pay, or a part outside what may be paid
        """
        amounts = self._portal_amounts()
        if choice == "part":
            least, most = min(amounts["next"], self.company_id.recovery_portal_minimum or 0.0), amounts["all"]
            amount = self.currency_id.round(amount or 0.0)
            if amount <= 0 or amount < least or self.currency_id.compare_amounts(amount, most) > 0:
                least, most = (format_amount(self.env, bound, self.currency_id) for bound in (least, most))
                raise ValidationError(
                    self.env._("Choose an amount between %(least)s and %(most)s.", least=least, most=most)
                )
            return amount
        found = amounts.get(choice, 0.0)
        if found <= 0:
            raise ValidationError(self.env._("Nothing is left to pay here. Reload the page."))
        return found

    def _portal_options(self):
        """Return the ways to pay that a debtor may choose from: those within policy."""
        options = self.option_ids.filtered(lambda option: not option.problem and not option.exceptions)
        return options.sorted("instalment_count")

    def _portal_choose(self, option_id, author):
        """Make the draft an offer of the option that its debtor chose.

        :raise UserError: an option that is not one of those offered, or no longer within policy
        """
        keep(self)
        option = self._portal_options().filtered(lambda option: str(option.id) == option_id)
        if self.state != "draft" or not self.recovery_portal_choice or not option:
            raise UserError(self.env._("This way to pay is no longer offered. Reload the page."))
        option.action_choose()
        self.action_propose()
        if self.state != "proposed":
            raise UserError(
                self.env._("This way to pay is no longer within our policy. We come back to you.")
            )
        self._message_log(body=words_of(self.company_id)._("%s chose this way to pay on the portal.", author))

    def _portal_step(self, choice, amount=None):
        """Return (amount, account) of the payment that begins: one receivable account at a time.

        What ``choice`` comes to is laid over the open items, the oldest first; of several accounts the one that is
        reached first is paid first.

        :raise ValidationError: nothing is left to pay, or a part outside what may be paid
        """
        left = self._portal_amount(choice, amount)
        under_way, shares = self._portal_under_way(), {}
        items = self.item_ids.move_line_id.filtered(lambda item: not item.reconciled)
        for item in items.sorted(lambda item: (item.date_maturity or item.date, item.id)):
            waits = min(under_way, item.amount_residual_currency)
            under_way -= waits
            share = min(left, item.amount_residual_currency - waits)
            left -= share
            if share > 0:
                shares[item.account_id] = shares.get(item.account_id, 0.0) + share
        account, share = next(iter(shares.items()))
        return self.currency_id.round(share), account

    def _portal_begin_payment(self):
        """Take back payments that were begun and never sent: the one that begins now takes their place.

        One begins at a time.
        """
        keep(self)
        # sudo: the debtor's own attempts, which nobody pays twice
        begun = self.sudo().transaction_ids.filtered(lambda payment: payment.state == "draft")
        begun._set_canceled(self.env._("Another payment was begun."))

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for plan in self:
            plan.access_url = f"/my/plans/{plan.id}/open"
        return result

    def _get_thread_with_access(self, thread_id, **ways):
        """Open the history to nobody by a token of Odoo's: it would outlive links, switches, limits and the plan."""
        for way in ("hash", "pid", "token"):
            ways.pop(way, None)
        return super()._get_thread_with_access(thread_id, **ways)

    def _end_portal_links(self):
        """End what opens the plans, which are over: who has an address of them sees nothing of what comes after."""
        # sudo: a step of the plan, whose rights were checked with its state
        self.env["recovery.portal.link"].sudo().search([("plan_id", "in", self.ids)])._revoke()
