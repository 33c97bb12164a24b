"""A plan as its debtor meets it on the portal: who may see it, what can be paid, which payments are under way."""

from typing import Any, NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from ..common.company_words import words_of
from ..common.guarded_fields import as_action
from ..common.keep import keep
from ..common.labelled import labelled
from ..plan.plan import CLOSED_STATES

#: What a debtor may choose to pay.
CHOICES = ("next", "late", "all", "part")
#: States of a payment that is under way: money that will come, most likely.
UNDER_WAY = ("pending", "authorized")
#: Days within which a debtor gets no second rest by itself: by asking for a plan once more, by promising after a
#: promise that it broke, by disputing what it had an answer to, by announcing again a transfer that did not come. It
#: may write instead, to a person.
REST_AGAIN = 60


class Step(NamedTuple):
    """One payment: of one company or branch, whose provider takes it, and one receivable account."""

    amount: float
    company: Any
    account: Any


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

    def _portal_is_owed(self):
        """Whether what remains of the plan is owed by its terms: what is left of one that ended is on the account."""
        return self.state not in CLOSED_STATES or self.state == "completed"

    def _portal_left(self):
        """Return what is left to pay, the oldest first: [(instalment, amount above 0)], in the plan's currency.

        What was received and waits to be matched, or a payment under way already pays, is left out; of what is
        declared to an insolvency nothing is paid.
        """
        self.ensure_one()
        if self._portal_is_declared():
            return []
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

    def _portal_is_caught_up(self):
        """Whether what was late last night is paid by now: the debtor does not wait for the next night to read that."""
        return self.state in ("late", "in_default") and not self.amount_late

    def _portal_next_dues(self, is_money_open):
        """Return {id of a plan: ``next_date_due``}, found by one statement while no money waits to be matched.

        :param is_money_open: whether any may
        """
        if is_money_open:
            return {plan.id: plan.next_date_due for plan in self}
        running = [plan.id for plan in self if plan.state not in CLOSED_STATES]
        return self.env["recovery.plan.instalment"]._next_unpaid(running)

    def _portal_announced_payments(self):
        """Return the payments under way for what the plan covers, those begun before it was in this plan too."""
        # sudo: payments are the debtor's own, whoever looks
        items = self.sudo().item_ids.move_line_id
        return items.env["payment.transaction"]._recovery_announced_for(items)

    def _portal_under_way(self):
        """Return what payments under way will bring, in the plan's currency."""
        return sum(payment._recovery_coming() for payment in self._portal_announced_payments())

    def _portal_books(self):
        """Return {(company, account): items still open, oldest first}: the books that a payment pays in."""
        items = self.item_ids.move_line_id.filtered(lambda item: not item.reconciled)
        items = items.sorted(lambda item: (item.date_maturity or item.date, item.id))
        return items.grouped(lambda item: (item.company_id, item.account_id))

    def _portal_is_declared(self):
        """Whether an insolvency takes in what the plan covers, or some of it: that is declared, and not paid."""
        # sudo: nobody pays what is declared, whoever asks
        return bool(self.env["recovery.hold"].sudo()._declared(self.item_ids.move_line_id))

    def _portal_amount(self, choice, amount=None):
        """Return what ``choice`` comes to; for a ``part``, the ``amount`` the debtor named.

        :raise ValidationError: not in force, an insolvency takes it in, nothing is left to pay, or a part outside
            what may be paid
        """
        if not self.date_activated:
            raise ValidationError(self.env._("This plan is not in force yet: nothing is paid on it before."))
        if self.date_closed:
            raise ValidationError(self.env._("This plan has ended: what is left is paid on your account."))
        if self._portal_is_declared():
            raise ValidationError(self.env._("Nothing is paid here while an insolvency runs. Write to us."))
        amounts = self._portal_amounts()
        if choice == "part" and amounts["all"]:
            least = min(amounts["next"], self.company_id._recovery_portal_least(self.currency_id))
            most = amounts["all"]
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

    def _offer_options_online(self):
        """Let debtors choose online among the ways to pay that are sent to them, where the company lets them choose."""
        shown = self.filtered(
            lambda plan: plan.company_id.recovery_portal_plans and not plan.recovery_portal_choice
        )
        as_action(shown).write({"recovery_portal_choice": True})

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
        words = words_of(self.company_id)
        said = words._("%s chose this way to pay on the portal.", author)
        self._message_log(body=said)
        self.partner_id._portal_note(self.company_id, labelled(words, self.name, said))

    def _portal_step(self, choice, amount=None):
        """Return the first :class:`Step` of paying ``choice``.

        :raise ValidationError: nothing is left to pay, or a part outside what may be paid
        """
        return self._portal_first_step(self._portal_amount(choice, amount))

    def _portal_first_step(self, amount):
        """Return the first of :meth:`_portal_steps`.

        :raise ValidationError: nothing is left to pay
        """
        steps = self._portal_steps(amount)
        if not steps:
            raise ValidationError(self.env._("Nothing is left to pay here. Reload the page."))
        return steps[0]

    def _portal_steps(self, amount):
        """Return the payments that ``amount`` takes, as :class:`Step`: one for each branch and receivable account.

        It is laid over the open items, the oldest first, without what was received for them and waits to be matched
        and what payments under way bring to their own books; those that are reached first are paid first.
        """
        free, shares = self._portal_free(), {}
        for item in sorted(free, key=lambda item: (item.date_maturity or item.date, item.id)):
            share, books = min(amount, free[item]), (item.company_id, item.account_id)
            amount -= share
            if share > 0:
                shares[books] = shares.get(books, 0.0) + share
        return [Step(self.currency_id.round(share), *books) for books, share in shares.items()]

    def _portal_free(self):
        """Return {open item: what of it neither waits to be matched nor is under way}."""
        books = self._portal_books()
        items = self.env["account.move.line"].union(*books.values())
        covered = self.env["recovery.open.money"].covered(items, self.company_id._recovery_today())
        announced, free = self._portal_announced_payments(), {}
        for (company, account), owed in books.items():
            coming = announced.filtered(
                lambda payment, company=company, account=account: (
                    (payment._recovery_company(), payment.recovery_account_id) == (company, account)
                )
            )
            under_way = sum(payment._recovery_coming() for payment in coming)
            for item in owed:
                left = max(item.amount_residual_currency - covered.get(item.id, 0.0), 0.0)
                waits = min(under_way, left)
                under_way -= waits
                free[item] = left - waits
        return free

    def _portal_begin_payment(self):
        """Take back payments that were begun and never sent: the one that begins now takes their place.

        One begins at a time.
        """
        keep(self)
        # sudo: the debtor's own attempts, which nobody pays twice
        begun = self.sudo().transaction_ids.filtered(lambda payment: payment.state == "draft")
        begun._set_canceled(self.env._("Another payment was begun."))

    def _portal_page_of(self, user):
        """Return the address of the plan's page for the login of a contact that may see it, else nothing."""
        # sudo: the user's own contact, and only whether the plan is of its firm
        contact = user.partner_id.sudo()
        creditors = contact.commercial_partner_id._recovery_portal_creditors()
        may_see = (
            self
            and not contact.recovery_no_portal
            and contact.commercial_partner_id == self.partner_id
            and self.company_id._recovery_creditor() in creditors
        )
        return f"/my/plans/{self.id}" if may_see else ""

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

    def _answer_requests(self):
        """A plan in force answers whoever asked for it, unless the debtor wrote there since and waits for a word."""
        # sudo: it follows from the state of the plan, whose rights were checked
        asked = (
            self.env["recovery.request"].sudo().search([("plan_id", "in", self.ids), ("state", "=", "open")])
        )
        asked.filtered(lambda one: not (one.is_waiting and one._exchanged()))._close()

    def _portal_still_open(self):
        """Return what is open today of all that the plan covered, in its currency: what came since it ended counts."""
        # sudo: items are the debtor's own, whoever looks
        items = self.sudo().item_ids.move_line_id
        covered = self.sudo().env["recovery.open.money"].covered(items, self.company_id._recovery_today())
        left = (item.amount_residual_currency - covered.get(item.id, 0.0) for item in items)
        return self.currency_id.round(sum(max(amount, 0.0) for amount in left))

    def _end_portal_links(self):
        """End what opens the plans, which are over: who has an address of them sees nothing of what comes after.

        Nor does anybody wait for what was announced to be taken for them.
        """
        # sudo: a step of the plan, whose rights were checked with its state
        self.env["recovery.portal.link"].sudo().search([("plan_id", "in", self.ids)])._revoke()
        self.sudo().autopay_ids.hold_id._end_today()
