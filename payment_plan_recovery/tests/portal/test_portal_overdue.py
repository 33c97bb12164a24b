"""Odoo's own button to pay all that is overdue: it asks for what the account asks for, and no more."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_common import PortalCommon

OVERDUE = "/my/invoices/overdue"


@tagged("post_install", "-at_install")
class TestPortalOverdue(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.late_invoice(600)
        cls.user = cls.portal_user("overdue_own", cls.debtor)

    def test_it_leads_to_the_account_which_knows_disputes_and_currencies(self):
        self.login(self.user)
        disputed = self.late_invoice(90)
        self.env["recovery.dispute"].create(
            {"partner_id": self.debtor.id, "move_line_ids": self.item(disputed).ids, "description": "Stale"}
        )
        self.late_invoice(70, currency_id=self.setup_other_currency("EUR").id, days=20)
        self.receive(self.item(self.bill), 50, self.today)
        page = self.url_open(OVERDUE)
        self.assertTrue(page.url.endswith(f"/my/creditor/{self.company.id}/pay"), page.url)
        self.assertIn("550.00", page.text)
        for amount in ("600.00", "690.00", "90.00", "70.00"):
            self.assertNotIn(amount, page.text, "paid in part, disputed, or in another currency")

    def test_of_several_creditors_one_is_chosen_first(self):
        company = self.setup_other_company(name="Sister")["company"]
        values = self.values_of_invoice(40, self.bill.invoice_date_due, {"company_id": company.id})
        self.env["account.move"].with_company(company).create(values).action_post()
        self.login(self.user)
        page = self.url_open(OVERDUE)
        self.assertTrue(page.url.endswith("/my/statement"))
        for words in ("Sister", "600.00", "40.00"):
            self.assertIn(words, page.text, "with what is open")

    def test_who_is_shown_no_account_pays_on_odoo_s_page_what_is_left(self):
        self.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", True)
        self.receive(self.item(self.bill), 50, self.today)
        self.debtor.recovery_no_portal = True
        self.login(self.user)
        page = self.url_open(OVERDUE)
        self.assertTrue(page.url.endswith(OVERDUE), page.url)
        self.assertIn("550.00", page.text)
        self.assertNotIn("600.00", page.text)

    def test_a_visitor_gets_nothing(self):
        self.login()
        with mute_logger("odoo.http"):
            self.assertNotIn(self.bill.name, self.url_open(OVERDUE).text)
