"""The weekly digest: each sales person is told which of its customers are late, where the company wants it."""

from datetime import date, timedelta

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common.broken_template import break_template
from ..plan.plan_common import PlanCommon

TODAY = date(2026, 3, 2)


@tagged("post_install", "-at_install")
class TestSalesDigest(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digests = cls.env(su=True)["recovery.sales.digest"]  # as the nightly job
        cls.anna, cls.bert = (
            new_test_user(
                cls.env,
                f"sales_{name}",
                groups="base.group_user",
                company_id=cls.company.id,
                email=f"{name}@us.example",
            )
            for name in ("anna", "bert")
        )
        cls.debtor.user_id = cls.anna
        cls.company.recovery_sales_digest = True

    def sent(self, day=TODAY):
        before = self.env["mail.mail"].search([])
        digests = self.digests._send(self.company, day)
        self.mails = self.env["mail.mail"].search([]) - before
        return {digest.user_id: (digest.debtor_count, digest.amount_overdue) for digest in digests}

    def test_a_sales_person_is_told_its_late_customers(self):
        self.invoice(100, "2026-01-31")
        self.invoice(50, "2026-02-27")
        self.invoice(70, "2026-03-31")
        self.assertEqual(self.sent(), {self.anna: (1, 150)})
        self.assertEqual(self.mails.email_to, self.anna.email_formatted)
        body = str(self.mails.body_html)
        for told in (self.debtor.name, "150.00", ">30<"):
            self.assertIn(told, body)

    def test_nobody_is_told_when_nothing_is_late_or_twice_a_day(self):
        self.invoice(100, "2026-03-31")
        self.assertFalse(self.sent())
        self.invoice(100, "2026-01-31")
        self.assertTrue(self.sent())
        self.assertFalse(self.sent())
        self.assertTrue(self.sent(TODAY + timedelta(days=7)))

    def test_a_customer_is_the_contact_s_sales_person_s_else_the_last_invoice_s(self):
        self.debtor.user_id = False
        self.invoice(100, "2026-01-31", invoice_user_id=self.bert.id)
        self.assertEqual(self.sent(), {self.bert: (1, 100)})
        self.debtor.user_id = self.anna
        self.assertEqual(self.sent(), {self.anna: (1, 100)})

    def test_who_left_or_has_no_address_is_told_nothing(self):
        self.invoice(100, "2026-01-31")
        self.anna.partner_id.email = False
        self.assertFalse(self.sent())
        self.anna.partner_id.email = "anna@us.example"
        self.anna.active = False
        self.assertFalse(self.sent())

    def test_somebody_is_told_of_customers_whose_sales_person_is_not(self):
        self.invoice(100, "2026-01-31")
        other = self.env["res.partner"].create({"name": "Late too", "user_id": self.bert.id})
        self.invoice(10, "2026-02-01", partner_id=other.id)
        self.anna.partner_id.email = False
        self.bert.active = False
        asked = self.env["mail.activity"].search([])
        self.assertFalse(self.sent())
        asked = self.env["mail.activity"].search([]) - asked
        self.assertEqual(asked.user_id, self.company._recovery_responsible())
        for told in (self.anna.name, "1 debtor, has no e-mail address", self.bert.name, "1 debtor, has left"):
            self.assertIn(told, str(asked.note))
        self.assertFalse(self.sent(TODAY + timedelta(days=7)))
        self.assertEqual(
            len(self.env["mail.activity"].search([("summary", "=", asked.summary)])), 1, "asked once"
        )
        self.anna.partner_id.email = "anna@us.example"
        self.assertEqual(self.sent(TODAY + timedelta(days=14)), {self.anna: (1, 100)}, "the others are told")

    def test_what_is_agreed_is_said_and_nothing_of_credit_or_talk(self):
        self.invoice(100, "2026-01-31")
        self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "amount": 50,
                "date_given": TODAY,
                "date_promised": date(2026, 3, 20),
            }
        )
        self.env["recovery.contact"].create({"partner_id": self.debtor.id, "outcome": "A secret"})
        self.debtor.sudo().credit_limit = 98765
        self.sent()
        body = str(self.mails.body_html)
        self.assertIn("promised by", body)
        for untold in ("A secret", "98765", "98,765"):
            self.assertNotIn(untold, body)

    def test_it_is_in_the_language_of_the_sales_person(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.anna.lang = "fr_FR"
        self.invoice(100, "2026-01-31")
        self.sent()
        self.assertIn("100,00", str(self.mails.body_html))

    def test_many_customers_take_one_query_and_few_lines(self):
        self.invoice(100, "2026-01-31")
        asked = []
        for number in range(3):
            other = self.env["res.partner"].create({"name": f"Late {number}", "user_id": self.anna.id})
            self.invoice(10 + number, "2026-02-01", partner_id=other.id)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            rows = self.digests._late_customers(self.company, TODAY)
            asked.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(rows[self.anna.id]), number + 2)
        self.assertEqual(asked[1], asked[2])

    def test_a_company_that_does_not_want_it_tells_nobody(self):
        self.invoice(100, "2026-01-31")
        self.company.recovery_sales_digest = False
        with self.enter_registry_test_mode():
            self.env.ref("payment_plan_recovery.cron_sales_digest").sudo().method_direct_trigger()
        self.assertFalse(self.digests.search([("company_id", "=", self.company.id)]))

    def test_a_mail_that_cannot_be_made_keeps_nobody_else_from_theirs(self):
        """The sales person is named, somebody is asked once, and it is tried again the next time."""
        self.invoice(100, "2026-01-31")
        other = self.debtor.copy({"name": "Unlucky", "user_id": self.bert.id})
        self.invoice(70, "2026-01-31", partner_id=other.id)
        break_template(self.env, "sales_digest", "user.login == 'sales_bert'")
        for day in (TODAY, TODAY + timedelta(days=7)):
            with mute_logger("odoo.addons.payment_plan_recovery.models.guidance.sales_digest"):
                self.assertEqual(self.sent(day), {self.anna: (1, 100)})
        asked = self.env["mail.activity"].sudo().search([("summary", "like", self.bert.name)])
        self.assertEqual(len(asked), 1)
        self.assertIn("division by zero", asked.note)
