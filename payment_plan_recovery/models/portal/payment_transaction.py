"""Online payments of plans and invoices: they pay what they were begun for and nothing else, whoever paid.

Odoo's own link from a transaction to invoices stays empty: it would match the money with all that is open on them.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.company_words import in_words_of_company, words_of
from ..common.keep import keep
from .plan import REST_AGAIN, UNDER_WAY

#: Days for which a payment that was announced, and has not come yet, keeps the debtor from being chased.
ANNOUNCED_DAYS = 5
#: Days after which a payment is given up of which its provider says nothing more: direct debits are the slowest.
SILENT_DAYS = 14
#: Payments that may be under way.
COMING = Domain("state", "in", UNDER_WAY) | Domain("state", "=", "done") & Domain(
    "is_post_processed", "=", False
)


class PaymentTransaction(models.Model):
    _name = "payment.transaction"
    _inherit = ["payment.transaction", "recovery.guarded.additions"]

    recovery_plan_id = fields.Many2one(
        "recovery.plan",
        string="Instalment plan",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The plan whose instalments the payment is for.",
    )
    recovery_item_ids = fields.Many2many(
        "account.move.line",
        "recovery_transaction_item_rel",
        string="Paid items",
        readonly=True,
        help="The journal items that the payment is for, when it is for no plan.",
    )
    recovery_debtor_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        readonly=True,
        index="btree_not_null",
        help="Whose debt the payment is for, whoever pays.",
    )
    recovery_company_id = fields.Many2one(
        "res.company",
        string="Branch paid",
        readonly=True,
        help="The one company or branch whose items the payment is matched with.",
    )
    recovery_account_id = fields.Many2one(
        "account.account",
        string="Receivable account",
        readonly=True,
        help="The one account whose items the payment is matched with.",
    )
    recovery_hold_id = fields.Many2one(
        "recovery.hold",
        readonly=True,
        help="What keeps the debtor from being chased while the payment comes.",
    )

    def _compute_reference_prefix(self, separator, **values):
        """Call a payment by its plan or only invoice: a transfer with these words is known for what it is."""
        plan = self.env["recovery.plan"].browse(values.get("recovery_plan_id")).exists()
        items = [item_id for _set, _zero, ids in values.get("recovery_item_ids") or () for item_id in ids]
        only = self.env["account.move.line"].browse(items).move_id if len(items) == 1 else plan.browse()
        return plan.name or only.name or super()._compute_reference_prefix(separator, **values)

    # -- booking ---------------------------------------------------------------------------

    def _recovery_begun(self):
        """Return the payment that was begun: a part of it that is captured, or paid back, is one of its own."""
        begun = self
        while begun.source_transaction_id:
            begun = begun.source_transaction_id
        return begun

    def _recovery_parts(self):
        """Return the parts of a payment that were captured or voided since it was authorised."""
        return self.child_transaction_ids.filtered(lambda part: part.operation == self.operation)

    def _create_payment(self, **extra_create_values):
        """Book the payment on the debtor, whoever paid, and match it with exactly what it is for."""
        begun = self._recovery_begun()
        if not begun.recovery_debtor_id:
            return super()._create_payment(**extra_create_values)
        payment = super()._create_payment(
            partner_id=begun.recovery_debtor_id.id,
            destination_account_id=begun.recovery_account_id.id,
            **extra_create_values,
        )
        if self.operation != "refund":
            begun._recovery_match(payment)
        return payment

    def _recovery_match(self, payment):
        """Match what was received with what the payment was begun for."""
        received = payment._recovery_on_debtor_s_account()
        items = self._recovery_open_items()
        disputed = self._recovery_disputed(items)
        for paid in (items - disputed, disputed):  # what is disputed comes last: the rest was asked for
            left = received.filtered(lambda line: not line.reconciled)
            if left and paid:
                (left + paid).reconcile()

    def _recovery_disputed(self, items):
        """Return those of ``items`` that are disputed today, as a whole or in part."""
        creditor = self._recovery_company()._recovery_creditor()
        about = SQL("SELECT unnest(%s::int[])", items.ids)
        self.env.flush_all()
        held = self.env["recovery.hold"]._items_held_sql(
            creditor, creditor._recovery_today(), about, ("dispute",)
        )
        return items.browse(item_id for item_id, _whole, _part in self.env.execute_query(held))

    def _recovery_open_items(self):
        """Return the items the payment is for that are still open, on its account, the oldest first."""
        items = self.recovery_plan_id.item_ids.move_line_id or self.recovery_item_ids
        books = self._recovery_company(), self.recovery_account_id
        items = items.filtered(
            lambda item: not item.reconciled and (item.company_id, item.account_id) == books
        )
        return items.sorted(lambda item: (item.date_maturity or item.date, item.id))

    def _recovery_items(self):
        """Return the journal items that the payments are for, begun on our pages or on Odoo's own."""
        asked = self.recovery_plan_id.item_ids.move_line_id | self.recovery_item_ids
        return asked | self.invoice_ids._recovery_receivable_items()

    def _recovery_announced_by(self, debtor, company):
        """Return the payments of a debtor to a creditor that are under way, of Odoo's own pages too."""
        page = self.env["recovery.portal.page"]
        return page._listed(debtor, company, "announced")._recovery_under_way()

    def _recovery_announced_for(self, items):
        """Return the payments under way for journal items: of whichever plan they were in, or invoice by invoice."""
        asked = Domain("recovery_plan_id.item_ids.move_line_id", "in", items.ids)
        asked |= Domain("recovery_item_ids", "in", items.ids) | Domain("invoice_ids", "in", items.move_id.ids)
        return self.search(asked & COMING)._recovery_under_way()

    def _recovery_under_way(self):
        """Return the payments whose money was announced and will come, or is being booked.

        Nobody is told when a transfer does not come that the debtor is to make at its own bank: it is given up some
        days after it was announced; later what a provider never told the end of. Money that comes after all is booked.
        """
        return self.filtered(
            lambda payment: (
                (
                    not payment.is_post_processed
                    if payment.state == "done"
                    else payment.state in UNDER_WAY and payment._recovery_is_expected()
                )
                and payment._recovery_coming()
            )
        )

    def _recovery_is_expected(self):
        company = self.recovery_hold_id.company_id or self.company_id
        announced = company._recovery_day(self.last_state_change)
        patience = ANNOUNCED_DAYS if self.provider_code == "custom" else SILENT_DAYS
        return company._recovery_today() <= announced + timedelta(days=patience)

    def _recovery_coming(self):
        """Return what is still to come: without the parts of it that were captured and booked, or voided."""
        settled = self._recovery_parts().filtered(
            lambda part: part.state == "cancel" or (part.state == "done" and part.is_post_processed)
        )
        return self.currency_id.round(self.amount - sum(settled.mapped("amount")))

    def _recovery_was_awaited_in_vain(self, debtor, today):
        """Tell whether a transfer that the debtor announced lately has not come: announcing holds nothing again."""
        lately = [
            ("recovery_hold_id.date_until", "<", today),
            ("recovery_hold_id.date_until", ">", today - timedelta(days=REST_AGAIN)),
        ]
        given_up = [("state", "=", "pending"), ("provider_code", "=", "custom"), ("id", "not in", self.ids)]
        return self.search_count([("recovery_debtor_id", "=", debtor.id), *given_up, *lately], limit=1) > 0

    def _recovery_company(self):
        """Return the company or branch that is paid; the plan's own, of payments from before plans spanned some."""
        plan, items = self.recovery_plan_id, self.recovery_item_ids
        return self.recovery_company_id or plan.company_id or items.company_id

    # -- states ----------------------------------------------------------------------------

    def _set_pending(self, *args, **kwargs):
        """A payment under way is announced: the debtor is left alone while it comes."""
        pending = super()._set_pending(*args, **kwargs)
        for payment in pending.sudo():  # sudo: what the provider answers holds, whoever hears it
            payment._recovery_announce()
        return pending

    def _set_authorized(self, *args, **kwargs):
        authorized = super()._set_authorized(*args, **kwargs)
        for payment in authorized.sudo():  # sudo: see above
            payment._recovery_announce()
        return authorized

    def _set_done(self, *, state_message=None, extra_allowed_states=()):
        """Book money for a plan even when another payment had been begun meanwhile: the provider has taken it.

        One that was booked, and whose money went back, is not paid by hearing again that it was.
        """
        ours = self.filtered(lambda payment: payment.recovery_debtor_id and not payment.payment_id)
        others = super(PaymentTransaction, self - ours)._set_done(
            state_message=state_message, extra_allowed_states=extra_allowed_states
        )
        done = super(PaymentTransaction, ours)._set_done(
            state_message=state_message, extra_allowed_states=(*extra_allowed_states, "cancel")
        )
        (others | done)._recovery_lift()
        return others | done

    def _set_canceled(self, *args, **kwargs):
        canceled = super()._set_canceled(*args, **kwargs)
        canceled._recovery_lift()
        return canceled

    def _set_error(self, *args, **kwargs):
        failed = super()._set_error(*args, **kwargs)
        failed._recovery_lift()
        return failed

    def _recovery_announce(self):
        """Hold what the announced payment is for, once; a payment of the house's own is for nothing of it."""
        items = self._recovery_items().filtered(lambda item: not item.reconciled)
        debtor = self.recovery_debtor_id or items.partner_id.commercial_partner_id
        # the branch that is paid, whose the provider need not be; what holds an item holds its whole plan
        company = self.recovery_company_id or items[:1].company_id
        items = items.filtered(lambda item: item.company_id == company)
        if self.recovery_hold_id or len(debtor) != 1 or not items:
            return
        today = company._recovery_today()
        if self._recovery_was_awaited_in_vain(debtor, today):
            return
        self.recovery_hold_id = (
            self.env["recovery.hold"]
            .with_company(company)
            .create(
                {
                    "partner_id": debtor.id,
                    "company_id": company.id,
                    "move_line_ids": [fields.Command.set(items.ids)],
                    "kind": "promise",
                    "date_from": today,
                    "date_until": fields.Date.add(today, days=ANNOUNCED_DAYS),
                    "reason": words_of(company)._("A payment was announced online: %s.", self.reference),
                    "user_id": self._recovery_responsible().id,
                }
            )
        )

    def _recovery_lift(self):
        """End the hold of a payment that came, or will not come; or the last part of which has. Note what failed."""
        whole = self.source_transaction_id.filtered(lambda source: source.state not in UNDER_WAY)
        (self | whole).sudo().recovery_hold_id._end_today()  # sudo: the hold goes with its payment
        self.env["recovery.autopay"].sudo()._note_failed(self)  # sudo: so does the try that it was

    # -- afterwards ------------------------------------------------------------------------

    def _post_process(self):
        """Send the receipt; what was paid back is owed again: a refund takes its payment off what it paid.

        What is given up after it was booked, a direct debit that its bank sent back, Odoo takes out of the books.
        """
        ours = self.filtered(lambda payment: payment._recovery_begun().recovery_debtor_id)
        gone = ours.filtered(
            lambda one: one.state == "cancel" and one.payment_id.state in ("in_process", "paid")
        )
        unbooked = ours.filtered(lambda payment: not payment.payment_id)
        result = super(PaymentTransaction, self - ours)._post_process()
        for payment in ours:  # what is told of it, in the language of those who read it
            super(PaymentTransaction, in_words_of_company(payment))._post_process()
        unbooked.payment_id._recovery_mail_receipts()
        for payment in gone:
            payment._recovery_tell_gone()
        refunds = ours.filtered(lambda payment: payment.operation == "refund" and payment.payment_id)
        for begun in {refund._recovery_begun() for refund in refunds}:
            begun._recovery_take_back()
        return result

    def _recovery_tell_gone(self):
        """Tell the person responsible that a payment which was booked went back."""
        begun = self._recovery_begun()
        told = begun.recovery_plan_id or begun.recovery_debtor_id
        words = words_of(begun._recovery_company())
        why = words._(
            "The payment %s went back after it was booked: what it paid is owed again.", self.reference
        )
        told._message_log(body=why)
        told.activity_schedule(
            "mail.mail_activity_data_todo", summary=why, user_id=begun._recovery_responsible().id
        )
        begun._recovery_reconsider(self.payment_id, why)

    def _recovery_reconsider(self, received, why):
        """Judge again what money that went back had earned: promises kept with it, incentives granted since."""
        company, debtor = self._recovery_company()._recovery_creditor(), self.recovery_debtor_id
        since, today = min(received.mapped("date")), company._recovery_today()
        self.env["recovery.promise"]._judge_again(debtor, company, since, today)
        self.env["recovery.incentive.grant"]._ask_again(debtor, company, since, today, why)
        if self.operation == "offline":
            self.recovery_plan_id._autopay_went_back(why)

    def _recovery_responsible(self):
        """Return who is told what becomes of the payment."""
        items = self._recovery_items()
        debtor = self.recovery_debtor_id or items.partner_id.commercial_partner_id
        company = self._recovery_company() or items.company_id[:1]
        return self.recovery_plan_id.user_id.filtered("active") or debtor._recovery_responsible(company)

    def _refund(self, amount_to_refund=None):
        """Pay back one at a time: what its bank sends back meanwhile is not paid back as well."""
        keep(self.filtered(lambda payment: payment._recovery_begun().recovery_debtor_id))
        return super()._refund(amount_to_refund=amount_to_refund)

    def _recovery_take_back(self):
        """Match what was given back with what was received, in place of the items that it paid.

        What is left of a payment that is given back in part goes on paying them, the oldest first.
        """
        family = self + self.child_transaction_ids + self.child_transaction_ids.child_transaction_ids
        refunds = family.filtered(lambda payment: payment.operation == "refund")
        payments = (family - refunds).payment_id
        received = payments._recovery_on_debtor_s_account()
        given_back = refunds.payment_id._recovery_on_debtor_s_account()
        paid = received.matched_debit_ids.debit_move_id - given_back
        (received + given_back).remove_move_reconcile()
        (received + given_back).reconcile()
        left = (received + paid).filtered(lambda line: not line.reconciled)  # no undone rates
        if left & received:
            left.reconcile()
        why = words_of(self._recovery_company())._("The payment %s was paid back.", self.reference)
        (self.recovery_plan_id or self.recovery_debtor_id)._message_log(body=why)
        self._recovery_reconsider(payments, why)

    def _log_message_on_linked_documents(self, message):
        result = super()._log_message_on_linked_documents(message)
        for plan in self._recovery_begun().recovery_plan_id:
            plan._message_log(body=message)
        return result
