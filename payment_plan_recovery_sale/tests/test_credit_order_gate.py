from odoo import Command
from odoo.addons.payment_plan_recovery.tests.credit import solvency_gate
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestOrderGate(solvency_gate.CreditGate):
    """Two sellers confirm orders at the same time."""

    model = "sale.order"
    done = "sale"

    def two_documents(self, env, debtor, journal):
        product = env["product.product"].create({"name": "Work", "type": "service", "taxes_id": False})
        self.note(product.product_tmpl_id)
        order = {
            "partner_id": debtor.id,
            "order_line": [Command.create({"product_id": product.id, "price_unit": 600, "tax_ids": False})],
        }
        return env["sale.order"].create([order, dict(order)])

    def give_credit(self, document):
        document.action_confirm()
