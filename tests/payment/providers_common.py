"""A debtor with a plan and an invoice, and Odoo's own providers opened for its creditor."""

from odoo.addons.payment_plan_recovery.tests.portal.portal_common import PortalCommon
from odoo.tools import mute_logger


class ProvidersCommon(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", True)
        cls.demo = cls.provider("payment.payment_provider_demo", "payment_demo.payment_method_demo")
        cls.wire = cls.provider(
            "payment.payment_provider_transfer", "payment_custom.payment_method_wire_transfer"
        )
        cls.running = cls.active_plan(cls.late_invoice(300), date_start=cls.today)
        cls.bill = cls.late_invoice(80)

    def setUp(self):
        super().setUp()
        self.login()
        self.root = self.link()._path()

    @classmethod
    def provider(cls, provider, method):
        """Open a provider for the creditor; return (provider, payment method)."""
        found = cls.env.ref(provider).sudo()
        if found.company_id != cls.company:
            found = found.copy({"company_id": cls.company.id})
        journal = cls.company_data["default_journal_bank"]
        found.write(
            {"state": "test", "is_published": True, "journal_id": journal.id, "allow_tokenization": True}
        )
        return found, cls.env.ref(method).sudo()

    def form(self, amount, kind, **more):
        """What Odoo's payment form sends."""
        provider, method = kind
        return {
            "provider_id": provider.id,
            "payment_method_id": method.id,
            "token_id": None,
            "amount": amount,
            "flow": "direct" if provider == self.demo[0] else "redirect",
            "tokenization_requested": False,
            "payment_reference": "as Odoo's form sends it",
            "landing_route": "/",
            **more,
        }

    def begin(self, path, amount, kind, **more):
        found = self.make_jsonrpc_request(f"{self.root}{path}", self.form(amount, kind, **more))
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

    def paid(self, choice="next", amount=100.0):
        payment = self.begin(f"/plans/{self.running.id}/transaction/{choice}", amount, self.demo)
        self.simulate(payment, "done")
        return payment

    def refused_to_begin(self, path="/pay/overdue/transaction", amount=80.0):
        """Expect that nothing is begun; return why."""
        with mute_logger("odoo.http"):
            answer = self.url_open(self.root + path, json={"params": self.form(amount, self.demo)})
        self.env.invalidate_all()
        return answer.json()["error"]["data"]["message"]

    def page(self, path=""):
        return self.url_open(f"{self.root}{path}").text

    def left(self, *moves):
        self.env.invalidate_all()
        return [self.item(move).amount_residual for move in moves]
