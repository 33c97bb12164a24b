"""The monthly statement of a plan: once a month, while the plan is in force, to who can be reached."""

from datetime import date

from odoo.tests import tagged

from .plan_common import PlanCommon
from .test_report_statement import text_of


@tagged("post_install", "-at_install")
class TestPlanStatementMail(PlanCommon):
    def setUp(self):
        super().setUp()
        self.company.recovery_mail_statements = True
        self.debtor.email = "accounts@debtor.example"
        self.move = self.invoice(300)
        self.kept = self.active_plan(self.move)
        self.kept.sudo().date_activated = "2026-01-15"

    def mails(self):
        return self.kept.message_ids.filtered(lambda message: message.message_type == "email_outgoing")

    def due(self, *days):
        """The days on which the plan's statement is to be made."""
        return [day for day in days if self.kept in self.kept._without_statement(date(*day))]

    def test_from_the_first_of_the_month_after_it_came_in_force(self):
        self.assertEqual(
            self.due((2026, 1, 15), (2026, 1, 31), (2026, 2, 1), (2026, 2, 28)), [(2026, 2, 1), (2026, 2, 28)]
        )

    def test_once_a_month(self):
        self.kept._mail_statements(date(2026, 2, 3))
        self.assertEqual(self.due((2026, 2, 3), (2026, 2, 28), (2026, 3, 1)), [(2026, 3, 1)])

    def test_company_may_not_want_it(self):
        self.company.recovery_mail_statements = False
        self.assertFalse(self.due((2026, 2, 1)))

    def test_closed_plan_has_none(self):
        self.pay(self.move, 300)
        self.kept.monitor(date(2026, 2, 1))
        self.assertEqual(self.kept.state, "completed")
        self.assertFalse(self.due((2026, 2, 1)))

    def test_mail_carries_the_account_up_to_its_day(self):
        self.pay(self.move, 100, "2026-01-31")
        self.kept._mail_statements(date(2026, 2, 1))
        mail = self.mails()
        self.assertIn(self.kept.name, mail.subject)
        self.assertEqual(mail.mail_ids.recipient_ids, self.debtor)
        text = text_of(mail.attachment_ids.raw)
        self.assertIn("02/01/2026", text)
        self.assertIn("100.00", text)
        self.assertIn("200.00", text)
        self.assertEqual(mail.mail_ids.attachment_ids, mail.attachment_ids)

    def test_debtor_without_address_is_asked_again_next_month(self):
        self.debtor.email = False
        self.kept._mail_statements(date(2026, 2, 1))
        self.assertFalse(self.mails())
        withheld = self.env["recovery.withheld"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(withheld.kind, "no_address")
        self.assertEqual(self.due((2026, 2, 2), (2026, 3, 1)), [(2026, 3, 1)])

    def test_the_job_mails_todays_statements(self):
        with self.enter_registry_test_mode():
            self.env.ref("payment_plan_recovery.cron_plan_statements").method_direct_trigger()
        self.assertEqual(len(self.mails()), 1)
        self.assertTrue(self.kept.date_statement)
