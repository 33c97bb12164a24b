"""Payments as Odoo's own providers make them, over HTTP: the simulated one, and the wire transfer."""

from odoo.addons.payment_plan_recovery.tests.portal.portal_common import PortalCommon
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestProviders(PortalCommon):
    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", True)
        self.demo = self.provider("payment.payment_provider_demo", "payment_demo.payment_method_demo")
        self.wire = self.provider(
            "payment.payment_provider_transfer", "payment_custom.payment_method_wire_transfer"
        )
        self.running = self.active_plan(self.late_invoice(300))
        self.bill = self.late_invoice(80)
        self.login()
        self.root = self.link()._path()

    def provider(self, provider, method):
        """Open a provider for the creditor; return (provider, payment method)."""
        found = self.env.ref(provider).sudo()
        if found.company_id != self.company:
            found = found.copy({"company_id": self.company.id})
        journal = self.company_data["default_journal_bank"]
        found.write(
            {"state": "test", "is_published": True, "journal_id": journal.id, "allow_tokenization": True}
        )
        return found, self.env.ref(method).sudo()

    def begin(self, path, amount, kind, **more):
        provider, method = kind
        found = self.make_jsonrpc_request(
            f"{self.root}{path}",
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "token_id": None,
                "amount": amount,
                "flow": "direct" if provider == self.demo[0] else "redirect",
                "tokenization_requested": False,
                "landing_route": "/",
                **more,
            },
        )
        return self.env["payment.transaction"].sudo().search([("reference", "=", found["reference"])])

    def plan_payment(self, kind, **more):
        return self.begin(f"/plans/{self.running.id}/transaction/next", 100.0, kind, **more)

    def simulate(self, transaction, state):
        """What the simulated provider's form sends when its visitor has chosen an outcome."""
        data = {"reference": transaction.reference, "payment_details": "4242", "simulated_state": state}
        self.make_jsonrpc_request("/payment/demo/simulate_payment", data)
        self.poll()
        self.env.invalidate_all()

    def poll(self):
        """What the page that waits for the outcome asks, which also books what was paid."""
        self.make_jsonrpc_request("/payment/status/poll", {"csrf_token": None})

    def holds(self):
        today = self.company._recovery_today()
        return self.env["recovery.hold"].search(
            [("partner_id", "=", self.debtor.id), ("date_until", ">", today)]
        )

    # -- the simulated provider --------------------------------------------------------------

    def test_an_instalment_is_paid_booked_and_shown(self):
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "done")
        self.assertEqual((payment.state, payment.payment_id.partner_id), ("done", self.debtor))
        self.assertEqual(self.running.amount_paid, 100)
        page = self.url_open(f"{self.root}/plans/{self.running.id}").text
        self.assertIn("Paid", page)

    def test_an_invoice_is_paid(self):
        payment = self.begin("/pay/overdue/transaction", 80.0, self.demo)
        self.simulate(payment, "done")
        self.assertEqual(self.item(self.bill).amount_residual, 0)

    def test_pending_is_announced_and_held_until_it_is_given_up(self):
        for end in ("cancel", "error"):
            with self.subTest(end):
                payment = self.plan_payment(self.demo)
                self.simulate(payment, "pending")
                self.assertEqual(self.holds(), payment.recovery_hold_id)
                self.assertIn("Announced", self.url_open(f"{self.root}/plans/{self.running.id}").text)
                {"cancel": payment.action_demo_set_canceled, "error": payment.action_demo_set_error}[end]()
                self.env.invalidate_all()
                self.assertFalse(self.holds())
                self.assertEqual(self.running.amount_paid, 0)
                self.assertNotIn("Announced", self.url_open(f"{self.root}/plans/{self.running.id}").text)

    def test_the_same_answer_twice_is_booked_once(self):
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "done")
        self.simulate(payment, "done")
        self.assertEqual(self.running.amount_paid, 100)
        self.assertEqual(
            self.env["account.payment"].search_count([("payment_transaction_id", "=", payment.id)]), 1
        )

    def test_a_refund_by_the_provider_undoes_it(self):
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "done")
        payment.provider_id.sudo().capture_manually = False
        payment.action_refund(100)
        self.env["payment.transaction"].sudo().search(
            [("source_transaction_id", "=", payment.id)]
        )._post_process()
        self.env.invalidate_all()
        self.assertEqual(self.running.amount_paid, 0)

    # -- wire transfers --------------------------------------------------------------------

    def test_a_wire_transfer_is_announced_and_held_and_comes_by_the_bank(self):
        payment = self.begin("/pay/overdue/transaction", 80.0, self.wire)
        self.url_open("/payment/custom/process", data={"reference": payment.reference})
        self.env.invalidate_all()
        self.assertEqual(payment.state, "pending")
        self.assertEqual(self.holds().move_line_ids, self.item(self.bill))
        self.assertEqual(
            self.item(self.bill).amount_residual, 80, "nothing is booked before the bank says so"
        )
        page = self.url_open(self.root).text
        self.assertIn("Announced", page)
        self.assertIn(payment.reference, page)
        self.pay(self.bill, 80, self.today)
        payment._set_canceled()
        self.assertFalse(self.holds())
