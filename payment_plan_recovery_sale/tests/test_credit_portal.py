from odoo import Command
from odoo.tests import HttpCase, tagged

SIGNATURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestPortal(HttpCase):
    """A customer signs a quotation on the portal, without logging in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.env["res.partner"].create(
            {
                "name": "Kepler & Sons",
                "is_company": True,
                "credit_limit": 1000,
                "recovery_risk_class": cls.env.ref("payment_plan_recovery.risk_class_e").id,
            }
        )
        product = cls.env["product.product"].create({"name": "Work", "type": "service", "taxes_id": False})
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.debtor.id,
                "require_signature": True,
                "require_payment": False,
                "state": "sent",
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": 1500, "tax_ids": False})
                ],
            }
        )

    def sign(self):
        answer = self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/accept",
            {"access_token": self.order._portal_ensure_token(), "name": "J. Kepler", "signature": SIGNATURE},
        )
        self.assertIn("sign_ok", answer["redirect_url"])

    def test_beyond_the_limit_the_signature_is_kept_and_the_order_waits(self):
        self.sign()
        self.assertEqual((self.order.state, self.order.signed_by), ("sent", "J. Kepler"))
        self.assertIn("credit approval", self.order.activity_ids.summary)
        page = self.url_open(self.order.get_portal_url() + "&message=sign_ok").text
        self.assertIn("Your order has been signed", page)
        self.assertNotIn("Limit passed", page)

    def test_within_the_limit_it_is_confirmed(self):
        self.debtor.credit_limit = 1500
        self.sign()
        self.assertEqual((self.order.state, len(self.order.activity_ids)), ("sale", 0))
