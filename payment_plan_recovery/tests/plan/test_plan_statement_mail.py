"""The monthly statement of a plan: once a month, while the plan is in force, to who can be reached."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.addons.base.models import ir_actions_report
from odoo.addons.base.models.ir_cron import IrCron
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..claim.test_report_statement import text_of
from ..common.broken_template import break_template
from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanStatementMail(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.recovery_mail_statements = True
        cls.debtor.email = "accounts@debtor.example"
        cls.move = cls.invoice(300)
        cls.kept = cls.active_plan(cls.move)
        cls.kept.sudo().date_activated = "2026-01-15"

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
        self.assertIn("February 1, 2026", text)
        self.assertIn("100.00", text)
        self.assertIn("200.00", text)
        self.assertEqual(mail.mail_ids.attachment_ids, mail.attachment_ids)

    def test_what_is_late_is_not_called_the_next(self):
        reports, first = self.env["ir.actions.report"], self.kept.instalment_ids[0].date_due
        for days, words, others in ((0, "Next instalment", "Late"), (1, "Late instalment", "Next")):
            date = (first + timedelta(days=days)).isoformat()
            page, _kind = reports._render_qweb_html(
                "payment_plan_recovery.report_plan_statement", self.kept.ids, data={"date": date}
            )
            self.assertIn(words, page.decode())
            self.assertNotIn(f"{others} instalment", page.decode())

    def test_debtor_without_address_is_asked_again_next_month(self):
        self.debtor.email = False
        self.kept._mail_statements(date(2026, 2, 1))
        self.assertFalse(self.mails())
        withheld = self.env["recovery.withheld"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(withheld.kind, "no_address")
        self.assertEqual(self.due((2026, 2, 2), (2026, 3, 1)), [(2026, 3, 1)])

    def asked_about_archived(self, record):
        return record.activity_ids.filtered(lambda activity: "archived" in activity.summary)

    def test_of_an_archived_debtor_a_person_is_asked_once(self):
        """Nothing goes by itself: not the statement, nor the thanks."""
        self.debtor.action_archive()
        for day in ((2026, 2, 1), (2026, 3, 1)):
            self.kept._mail_statements(date(*day))
        self.company.recovery_thank_for_plans = True
        self.pay(self.move, 300)
        self.kept.monitor(date(2026, 3, 2))
        self.assertEqual((self.kept.state, self.kept.date_thanked), ("completed", False))
        self.assertFalse(self.mails())
        self.assertEqual(len(self.asked_about_archived(self.kept)), 1)
        withheld = self.env["recovery.withheld"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(set(withheld.mapped("kind")), {"archived"})

    def test_the_cure_notice_of_an_archived_debtor_waits_for_a_person(self):
        self.debtor.action_archive()
        self.kept.monitor(date(2026, 2, 9))
        notice = self.kept.cure_notice_id.sudo()
        notice._send_batch(notice.channel)
        self.assertEqual((self.kept.state, notice.state), ("in_default", "draft"))
        self.assertIn("archived", notice.message_ids[0].body)

    def test_a_promise_of_an_archived_debtor_is_not_confirmed_by_itself(self):
        self.company.recovery_confirm_promises = True
        self.debtor.action_archive()
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "amount": 50,
                "date_promised": self.company._recovery_day_in(5),
            }
        )
        self.assertFalse(promise.message_ids.filtered(lambda one: one.message_type == "email_outgoing"))
        self.assertEqual(len(self.asked_about_archived(promise)), 1)

    def test_what_an_archived_debtor_waits_for_goes(self):
        self.debtor.action_archive()
        contents = {self.kept: self.kept._contents()[self.kept.id]}
        self.env["recovery.message"]._mail_occasion("plan_confirmation", contents, answers=True)
        self.assertEqual(len(self.mails()), 1)

    def test_the_job_mails_todays_statements(self):
        with self.enter_registry_test_mode():
            self.env.ref("payment_plan_recovery.cron_plan_statements").method_direct_trigger()
        self.assertEqual(len(self.mails()), 1)
        self.assertTrue(self.kept.date_statement)

    # Many at once ---------------------------------------------------------------------------

    def kept_plans(self, count, lang="en_US"):
        """Plans in force of ``count`` more debtors who read ``lang``."""
        plans = self.kept.browse()
        for number in range(count):
            debtor = self.debtor.copy({"name": f"Debtor {number} {lang}", "lang": lang})
            move = self.invoice(300, partner_id=debtor.id)
            plans += self.active_plan(move, partner_id=debtor.id)
        plans.sudo().date_activated = "2026-01-15"
        return plans

    def statements(self, plans):
        """What the mailed statement of each plan says."""
        return [text_of(plan.message_ids.attachment_ids.raw) for plan in plans]

    def test_those_in_a_language_are_printed_in_one_go(self):
        english, french = self.kept_plans(3), self.kept_plans(2, "fr_FR")
        plans = english | french
        run = ir_actions_report._run_wkhtmltopdf
        with patch.object(ir_actions_report, "_run_wkhtmltopdf", side_effect=run) as printing:
            plans._mail_statements(date(2026, 2, 1))
        self.assertEqual(printing.call_count, 2)
        for plan, text in zip(plans, self.statements(plans), strict=True):
            self.assertIn(plan.name, text)
            self.assertFalse([other.name for other in plans - plan if other.name in text])
            self.assertEqual("Statement of your plan" in text, plan in english, text)
            self.assertEqual("Relevé de votre" in text, plan in french, text)

    def test_one_that_fails_does_not_stop_the_others(self):
        plans = self.kept_plans(3)
        failing = plans[1]
        lines = type(plans)._statement_lines

        def fail_for_one(some, day):
            if failing in some:
                raise ValueError("cannot be printed")
            return lines(some, day)

        cron = self.env.ref("payment_plan_recovery.cron_plan_statements")
        with (
            self.enter_registry_test_mode(),
            patch.object(type(plans), "_statement_lines", fail_for_one),
            mute_logger("odoo.addons.payment_plan_recovery.models.plan.statement_mail"),
        ):
            cron.method_direct_trigger()
        self.assertFalse(failing.date_statement)
        self.assertFalse(failing.message_ids.attachment_ids)
        others = plans - failing
        self.assertTrue(all(plan.date_statement for plan in others))
        for plan, text in zip(others, self.statements(others), strict=True):
            self.assertIn(plan.name, text)

    def test_queries_hardly_grow_with_the_statements(self):
        self.kept_plans(1)._mail_statements(date(2026, 2, 1))  # what is cached is there
        counts = []
        for count in (2, 10):
            plans = self.kept_plans(count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plans._mail_statements(date(2026, 2, 1))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # Odoo asks for each page who its report is: one query more a statement, and no other.
        self.assertLessEqual(counts[1] - counts[0], 10 - 2, counts)

    def test_a_template_that_fails_for_one_plan_stops_no_other(self):
        """Neither of the same batch: the one is asked about, and found again on the next day."""
        unlucky = self.debtor.copy({"name": "Unlucky", "email": "unlucky@debtor.example"})
        bill = self.invoice(300, partner_id=unlucky.id)
        theirs = self.active_plan(bill, partner_id=unlucky.id)
        theirs.sudo().date_activated = "2026-01-15"
        break_template(self.env, "plan_statement_document", "content.plan.partner_id.name == 'Unlucky'")
        plans = (self.kept | theirs).sudo()
        with (
            mute_logger("odoo.addons.payment_plan_recovery.models.common.ir_cron"),
            patch.object(IrCron, "_commit_progress", lambda *_args, **_kwargs: 1.0),
        ):
            failed = self.env["ir.cron"]._recovery_split(
                plans, lambda some: some._mail_statements_due(date(2026, 2, 3))
            )
        self.assertEqual(failed, theirs)
        self.assertEqual((self.kept.date_statement, theirs.date_statement), (date(2026, 2, 3), False))
        self.assertTrue(theirs.activity_ids)
        self.assertIn(theirs, theirs._without_statement(date(2026, 2, 4)))
