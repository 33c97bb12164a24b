from odoo import api, models
from odoo.addons.payment_plan_recovery.models.credit.document import is_credit_refusal
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """An order gives credit when it is confirmed, by whatever path."""

    _name = "sale.order"
    _inherit = ["sale.order", "recovery.credit.document"]

    @api.model_create_multi
    def create(self, vals_list):
        """Orders that come in confirmed (an import, a call from outside) are confirmed like the others."""
        confirmed = [vals.get("state") == "sale" for vals in vals_list]
        orders = super().create(
            [
                {**vals, "state": "draft"} if later else vals
                for vals, later in zip(vals_list, confirmed, strict=True)
            ]
        )
        self.browse(order.id for order, later in zip(orders, confirmed, strict=True) if later).write(
            {"state": "sale"}
        )
        return orders

    def write(self, vals):
        # Confirming, by whatever path, is this one write: ``action_confirm`` makes it too.
        if not self or vals.get("state") != "sale":
            return super().write(vals)
        with self._credit_control():
            return super().write(vals)

    def _validate_order(self):
        """Confirm what the customer accepted on the portal.

        Its signature is kept when the credit rules hold the order up: the team is told, the
        customer only that it signed.
        """
        if self._credit_actor()._is_internal():
            return super()._validate_order()
        try:
            with self.env.cr.savepoint():
                return super()._validate_order()
        except UserError as error:
            if not is_credit_refusal(error):
                raise
            self._credit_wait_for_team()

    def _credit_wait_for_team(self):
        """Tell the salesperson that the customer accepted an order that needs approval of its credit."""
        for order in self:
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Accepted by the customer: ask for credit approval, then confirm"),
                user_id=(order.user_id or order.company_id.recovery_credit_user_id or self.env.user).id,
            )

    def _credit_documents(self):
        """Orders paid in advance give no credit."""
        return self.filtered(lambda order: order._credit_is_pending() and not order._credit_is_prepaid())

    def _credit_is_pending(self):
        return self.state in ("draft", "sent")

    def _credit_is_prepaid(self):
        return (
            bool(self.amount_paid)
            and self.currency_id.compare_amounts(self.amount_paid, self.amount_total) >= 0
        )

    def _credit_debtor(self):
        return self.partner_invoice_id.commercial_partner_id

    def _credit_amount(self):
        return self.company_id.currency_id.round(self.amount_total / (self.currency_rate or 1))

    def _credit_most(self):
        # The exposure counts a foreign currency at today's rate, which may have moved since the quotation.
        if self.currency_id == self.company_id.currency_id:
            return super()._credit_most()
        today = self.currency_id._convert(self.amount_total, self.company_id.currency_id, self.company_id)
        return max(super()._credit_most(), today)
