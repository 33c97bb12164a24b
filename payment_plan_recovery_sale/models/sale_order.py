from contextlib import contextmanager

from odoo import api, models
from odoo.addons.payment_plan_recovery.models.common.company_words import in_words_of_company
from odoo.addons.payment_plan_recovery.models.credit.document import is_credit_refusal
from odoo.exceptions import UserError

#: What changes the debtor or the worth of an order that is confirmed.
WORTH = {"order_line", "partner_id", "partner_invoice_id", "pricelist_id", "currency_id"}
#: Where a transaction notes the orders that are being judged as a whole, out of any caller's reach.
CHANGING = "recovery_credit_changing"


class SaleOrder(models.Model):
    """An order gives credit when it is confirmed, by whatever path."""

    _name = "sale.order"
    _inherit = ["sale.order", "recovery.credit.document"]

    @api.depends("amount_total")
    def _compute_recovery_credit_note(self):
        return super()._compute_recovery_credit_note()

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
            with self._credit_change(WORTH & vals.keys(), self._credit_debtor_of(vals)):
                return super().write(vals)
        with self._credit_control():
            return super().write(vals)

    @api.model
    def _credit_debtor_of(self, vals):
        """Return the debtor that orders will have once ``vals`` are written; nobody where that stays as it is."""
        partners = self.env["res.partner"]
        invoiced = vals.get("partner_invoice_id")
        if not invoiced and vals.get("partner_id"):
            invoiced = partners.browse(vals["partner_id"]).address_get(["invoice"])["invoice"]
        return partners.browse(invoiced or ()).commercial_partner_id

    @contextmanager
    def _credit_change(self, names, debtor=None):
        """Judge what confirmed orders come to while the block changes them; a change within it is part of it.

        :param names: what is written of what an order is worth; nothing is judged when there is nothing
        :param debtor: who will owe them
        """
        changing = self.env.cr.precommit.data.setdefault(CHANGING, set())
        orders = self.filtered(lambda order: order.state == "sale" and order.id not in changing)
        if not names or not orders:
            yield
            return
        # Those of what is paid in advance too: it may not be any more.
        debtors = self.env["res.partner"].union(*(order._credit_debtor() for order in orders))
        debtors |= debtor or debtors.browse()
        changing.update(orders.ids)
        try:
            with orders._credit_control(giving=orders, also=debtors):
                yield
        finally:
            changing.difference_update(orders.ids)

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
        """Orders paid in advance give no credit. One that was cancelled does again when it is written back."""
        return self.filtered(lambda order: order.state != "sale" and not order._credit_is_prepaid())

    def _credit_is_pending(self):
        return self.state in ("draft", "sent")

    def _credit_is_prepaid(self):
        return self._credit_covers(self.amount_paid - self._credit_paid_back())

    def _credit_covers(self, amount):
        return amount > 0 and self.currency_id.compare_amounts(amount, self.amount_total) >= 0

    def _credit_paid_back(self):
        """Return what of the order's online payments was paid back, or is about to: Odoo's amount paid keeps it."""
        # sudo: no figure is told, only whether the order is paid in advance
        family = self.sudo().transaction_ids
        family |= family.child_transaction_ids | family.child_transaction_ids.child_transaction_ids
        back = family.filtered(
            lambda one: one.operation == "refund" and one.state in ("pending", "authorized", "done")
        )
        return -sum((back - self.sudo().transaction_ids).mapped("amount"))

    def _credit_ask_about_refund(self, back):
        """Ask whether confirmed orders that were paid in advance go on: nobody judged the credit they give now.

        :param back: what has just been paid back of them
        """
        for order in self.filtered(lambda order: order.state == "sale"):
            left = order.amount_paid - order._credit_paid_back()
            if order._credit_covers(left) or not order._credit_covers(left + back):
                continue
            if self.env["recovery.credit.rule"]._declared(order.company_id.id, self._name):
                order.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=in_words_of_company(order).env._(
                        "Paid back: decide whether this order is delivered on credit"
                    ),
                    user_id=(
                        order.company_id._recovery_nearest("recovery_credit_user_id")
                        or order.user_id
                        or self.env.user
                    ).id,
                )

    def _credit_debtor(self):
        return self.partner_invoice_id.commercial_partner_id

    def _credit_amount(self):
        return self.company_id.currency_id.round(self.amount_total / (self.currency_rate or 1))

    def _credit_debts(self):
        if self._credit_is_prepaid():
            return {}
        # The exposure counts a foreign currency at today's rate, which may have moved since the quotation.
        today = self.currency_id._convert(self.amount_total, self.company_id.currency_id, self.company_id)
        return {self._credit_debtor(): max(self._credit_amount(), today, 0.0)}

    @api.model
    def _credit_promised(self, company, date, debtors):
        """What is invoiced by delivery counts as exposure once it is delivered; the orders promise all of it."""
        return self.env["res.partner"]._exposure_promised(company, date, debtors.ids)

    def _credit_next_step(self, action):
        if self.env.cr.precommit.data.get(CHANGING, set()) & set(self.ids):
            return self.env._(
                "Put what is added on a quotation of its own and ask for credit approval there."
            )
        return super()._credit_next_step(action)
