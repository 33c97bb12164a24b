"""A debtor who pays online over HTTP, by Odoo's dummy provider that books for real."""

from odoo.addons.payment.tests.http_common import PaymentHttpCommon
from odoo.tests import JsonRpcException
from odoo.tools import mute_logger

from .portal_common import PortalCommon


class PortalPayCommon(PortalCommon, PaymentHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", True)
        journal = cls.company_data["default_journal_bank"]
        cls._create_dummy_payment_method_for_provider(provider=cls.provider, journal=journal)
        line = journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == cls.provider
        )
        line.payment_account_id = cls.inbound_payment_method_line.payment_account_id
        cls.first, cls.second = cls.late_invoice(300, 40), cls.late_invoice(200, 20)
        cls.coming = cls.invoice(70, cls.today.replace(year=cls.today.year + 1))

    def setUp(self):
        self.enable_post_process_patcher = False  # payments are booked for real
        super().setUp()
        self.login()
        self.root = self.link()._path()

    def begin(self, path="/pay/overdue", amount=500.0, choice="", **more):
        """Begin a payment as the form would; return the transaction."""
        data = {
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method.id,
            "token_id": None,
            "amount": amount,
            "flow": "direct",
            "tokenization_requested": False,
            "payment_reference": "as Odoo's form sends it",
            "landing_route": "/elsewhere",
            "access_token": "",
            **more,
        }
        found = self.make_jsonrpc_request(f"{self.root}{path}/transaction{choice}", data)
        return self.env["payment.transaction"].sudo().search([("reference", "=", found["reference"])])

    def refused_to_begin(self, *words, **more):
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.begin(*words, **more)

    def finish(self, transaction):
        transaction._set_done()
        transaction._post_process()

    def left(self, *moves):
        self.env.invalidate_all()
        return [self.item(move).amount_residual for move in moves]

    def one(self, *moves):
        return "/pay/" + "-".join(str(self.item(move).id) for move in moves)

    def holds(self):
        return self.env["recovery.hold"].search([("partner_id", "=", self.debtor.id)])
