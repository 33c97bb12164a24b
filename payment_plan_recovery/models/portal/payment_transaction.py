"""Online payments of plans: they pay the covered items and nothing else, whoever paid."""

from odoo import fields, models

#: Days for which a payment that was announced, and has not come yet, keeps the debtor from being chased.
ANNOUNCED_DAYS = 5


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    recovery_plan_id = fields.Many2one(
        "recovery.plan",
        string="Instalment plan",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The plan whose instalments the payment is for.",
    )

    def _compute_reference_prefix(self, separator, **values):
        plan = self.env["recovery.plan"].browse(values.get("recovery_plan_id")).exists()
        return plan.name if plan else super()._compute_reference_prefix(separator, **values)

    def _create_payment(self, **extra_create_values):
        """Book the payment of a plan on its debtor, whoever paid, and match it with what the plan covers."""
        plan = self.recovery_plan_id
        if not plan:
            return super()._create_payment(**extra_create_values)
        items = self._recovery_open_items()
        account = items[:1].account_id or plan.item_ids.move_line_id[:1].account_id
        payment = super()._create_payment(
            partner_id=plan.partner_id.id, destination_account_id=account.id, **extra_create_values
        )
        received = payment.move_id.line_ids.filtered(lambda line: line.account_id == account)
        if received and items:
            (received + items.filtered(lambda item: item.account_id == account)).reconcile()
        return payment

    def _recovery_open_items(self):
        """Return the items of the plan that are still open, the oldest first."""
        items = self.recovery_plan_id.item_ids.move_line_id.filtered(lambda item: not item.reconciled)
        return items.sorted(lambda item: (item.date_maturity or item.date, item.id))

    def _set_pending(self, *args, **kwargs):
        """A payment under way is announced: the debtor is left alone while it comes."""
        pending = super()._set_pending(*args, **kwargs)
        for payment in pending.filtered("recovery_plan_id"):
            payment._recovery_announce()
        return pending

    def _set_done(self, *, state_message=None, extra_allowed_states=()):
        """Book money for a plan even when another payment had been begun meanwhile: the provider has taken it."""
        of_plans = self.filtered("recovery_plan_id")
        others = super(PaymentTransaction, self - of_plans)._set_done(
            state_message=state_message, extra_allowed_states=extra_allowed_states
        )
        return others | super(PaymentTransaction, of_plans)._set_done(
            state_message=state_message, extra_allowed_states=(*extra_allowed_states, "cancel")
        )

    def _recovery_announce(self):
        plan = self.recovery_plan_id
        today = plan.company_id._recovery_today()
        self.env["recovery.hold"].with_company(plan.company_id).create(
            {
                "partner_id": plan.partner_id.id,
                "company_id": plan.company_id.id,
                "kind": "promise",
                "date_from": today,
                "date_until": fields.Date.add(today, days=ANNOUNCED_DAYS),
                "reason": self.env._("A payment was announced online: %s.", self.reference),
                "user_id": plan.user_id.id,
            }
        )

    def _post_process(self):
        """What was paid back is owed again: a refund takes its payment off the covered items."""
        result = super()._post_process()
        for refund in self.filtered(
            lambda payment: payment.operation == "refund" and payment.state == "done"
        ):
            source = refund.source_transaction_id
            if source.recovery_plan_id and source.payment_id and refund.payment_id:
                refund._recovery_take_back(source)
        return result

    def _recovery_take_back(self, source):
        """Match the refund with the payment it gives back, in place of the items that it paid."""
        account = source.payment_id.destination_account_id
        lines = (source.payment_id | self.payment_id).move_id.line_ids
        lines = lines.filtered(lambda line: line.account_id == account)
        lines.remove_move_reconcile()
        lines.reconcile()
        source.recovery_plan_id._message_log(
            body=self.env._("The payment %s was paid back.", source.reference)
        )

    def _log_message_on_linked_documents(self, message):
        result = super()._log_message_on_linked_documents(message)
        plan = (self.source_transaction_id or self).recovery_plan_id
        if plan:
            plan._message_log(body=message)
        return result
