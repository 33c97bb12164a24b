"""What a plan shows and sends: its statement, what a revision changes, the acceptance, the offer."""

from datetime import date, timedelta

from lxml.html import document_fromstring
from odoo.tests import Form, tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanPaper(PlanCommon):
    def test_statement(self):
        move = self.invoice(300)
        plan = self.active_plan(move, end_of_month=True)
        self.pay(move, 60, "2026-01-31")
        self.pay(move, 90, "2026-02-10")
        self.pay(move, 150, "2026-03-02")
        lines = plan._statement_lines(date(2026, 3, 1))[plan]
        self.assertEqual(
            [(line["date"].isoformat(), line["kind"], line["remaining"], line["late"]) for line in lines],
            [
                ("2026-01-15", "covered", 300, 0),
                ("2026-01-31", "due", 300, 100),
                ("2026-01-31", "received", 240, 40),
                ("2026-02-10", "received", 150, 0),
                ("2026-02-28", "due", 150, 50),
            ],
        )

    def test_what_a_revision_changes(self):
        move = self.invoice(300)
        plan = self.active_plan(move, end_of_month=True)
        self.pay(move, 100)
        self.assertEqual(plan._changes(), [])
        revision = self.env["recovery.plan"].browse(plan.action_renegotiate("Lost a customer")["res_id"])
        self.assertEqual(revision.revision_reason, "Lost a customer")
        revision.write({"date_start": date(2026, 3, 31), "instalment_count": 4, "acceleration_clause": False})
        revision.generate_instalments()
        changes = {what: (before, after) for what, before, after in revision._changes()}
        self.assertEqual(changes["Instalments to come"], ("2", "4"))
        self.assertEqual(changes["Last instalment"], ("03/31/2026", "06/30/2026"))
        self.assertEqual(changes["Acceleration clause"], ("yes", "no"))
        self.assertNotIn("Remaining to pay", changes)
        self.assertIn("<td>yes</td><td>no</td>", revision.revision_changes)

    def test_what_was_paid_before_a_revision(self):
        """150 of 300 came in before the revision was accepted, 30 more before it was activated."""
        first, second = self.invoice(100), self.invoice(200)
        plan = self.active_plan(first, second, end_of_month=True)
        self.pay(first, 100)
        self.pay(second, 50)
        revision = self.env["recovery.plan"].browse(plan.action_renegotiate("Lost a customer")["res_id"])
        self.assertEqual(revision._paid_before(), 150)
        revision.generate_instalments()
        revision.action_propose()
        revision.action_accept()
        self.pay(second, 30)
        schedule = [
            (row["number"], row["amount"], row["paid"], row["remaining"])
            for row in revision._schedule_before()
        ]
        self.assertEqual(schedule, [(1, 100, 100, 0), (2, 100, 50, 50), (3, 100, 0, 100)])
        revision.action_activate()
        self.pay(second, 20)
        self.assertEqual(revision._paid_before(), 150)
        page = self.env["report.payment_plan_recovery.report_agreement"]._get_report_values(
            (plan + revision).ids
        )
        first_page, revised = (values["revision"] for values in page["pages"])
        self.assertIsNone(first_page)
        self.assertEqual((revised["previous"], revised["reason"]), (plan, "Lost a customer"))

    def options(self, plan):
        """Return the text of the plan's ways to pay, as a debtor reads them."""
        html = self.env["ir.actions.report"]._render_qweb_html(
            "payment_plan_recovery.report_plan_options", plan.ids
        )[0]
        return " ".join(" ".join(document_fromstring(html).find(".//main").itertext()).split())

    def test_ways_to_pay_on_paper(self):
        """The options side by side, and nothing of what the creditor keeps to himself."""
        self.policy.write({"count_max": 12, "count_recommended": 4, "approval_ceiling": 100})
        plan = self.plan(self.invoice(300), instalment_count=4, end_of_month=True)
        plan.action_compare_options(date(2026, 1, 15))
        self.assertTrue(all(plan.option_ids.mapped("exceptions")))
        self.assertEqual([option.count for option in plan._offered_options()], [2, 4, 12])  # own is 4 too
        text = self.options(plan)
        self.assertRegex(text, r"Option 1 Option 2 Option 3 Number of instalments 2 4 12")
        self.assertIn("at most $ 150.00 $ 75.00 $ 25.00", text)
        self.assertIn("Last payment on 02/28/2026 04/30/2026 12/31/2026", text)
        self.assertIn("choose before 01/31/2026", text)
        for internal in (plan.option_ids[0].exceptions, "approv", "apacity", "policy"):
            self.assertNotIn(internal, text)

    def test_ways_to_pay_in_the_debtor_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.debtor.lang = "fr_FR"
        plan = self.plan(self.invoice(300))
        plan.action_compare_options(date(2026, 1, 15))
        self.assertIn("31/01/2026", self.options(plan))

    def test_ways_to_pay_by_mail(self):
        plan = self.plan(self.invoice(300))
        action = plan.with_context(force_report_rendering=True).action_send_options()
        composer = self.env["mail.compose.message"].with_context(**action["context"]).create({})
        self.assertIn("Option 1", composer.body)
        self.assertIn("150.00", composer.body)
        self.assertEqual(composer.attachment_ids.mapped("mimetype"), ["application/pdf"])
        self.assertIn(self.debtor, composer.partner_ids)
        self.assertEqual(plan.state, "draft")

    def test_no_way_to_pay_is_no_offer(self):
        plan = self.plan(self.invoice(300), rounding_unit=500)
        with self.refused("has no way to pay to offer"):
            plan.action_print_options()
        plan.rounding_unit = 0
        plan.action_compare_options()
        self.assertEqual(plan.action_print_options()["report_type"], "qweb-pdf")
        plan.generate_instalments()
        plan.action_propose()
        for act in (plan.action_print_options, plan.action_send_options):
            with self.refused("It must be: Draft"):
                act()

    def test_a_draft_whose_dates_are_written_by_hand_is_written_about(self):
        plan = self.plan(self.invoice(300))
        plan.generate_instalments()
        plan.write({"period": "dates", "date_start": False})
        [attached] = plan.action_write_to_debtor()["context"]["default_attachment_ids"]
        self.assertRegex(self.env["ir.attachment"].browse(attached).name, r"^Agreement \d{4}-\d\d-\d\d.pdf$")

    def test_nothing_to_write_about_a_broken_plan(self):
        plan = self.active_plan(self.invoice(300))
        plan.action_break()
        with self.refused("no words for a plan in this state"):
            plan.action_write_to_debtor()

    def test_nobody_is_thanked_for_an_agreement_that_has_begun(self):
        """Of a plan whose first date went by is told how it stands, with its account and not its agreement."""
        coming = self.company._recovery_today() + timedelta(days=20)
        fresh = self.active_plan(self.invoice(300), date_start=coming)
        begun = self.active_plan(self.invoice(300))
        told = [
            plan.with_context(force_report_rendering=True).action_write_to_debtor()["context"]
            for plan in (fresh, begun)
        ]
        self.assertIn("is agreed", told[0]["default_subject"])
        self.assertEqual(told[1]["default_subject"], f"Your plan {begun.name}: where it stands")
        names = [self.env["ir.attachment"].browse(one["default_attachment_ids"]).name for one in told]
        self.assertRegex(names[0], "^Agreement ")
        self.assertRegex(names[1], "^Statement ")

    def test_acceptance_as_it_is_recorded(self):
        plan = self.plan(self.invoice(300))
        plan.action_propose()
        wizard = Form(self.env["recovery.plan.acceptance"].with_context(default_plan_id=plan.id))
        wizard.signed_by = "Anne Martin, manager"
        wizard.date = date(2026, 1, 20)
        wizard.method = "email"
        wizard.save().action_accept()
        self.assertEqual(
            (plan.state, plan.signed_by, plan.date_accepted, plan.acceptance_method),
            ("active", "Anne Martin, manager", date(2026, 1, 20), "email"),
        )

    def test_nobody_has_accepted_tomorrow(self):
        plan = self.plan(self.invoice(300))
        plan.action_propose()
        dialog = self.env["recovery.plan.acceptance"].with_context(active_model=plan._name, active_id=plan.id)
        today = plan.company_id._recovery_today()
        wizard = dialog.create({"signed_by": "Anne Martin, manager"})
        self.assertEqual(wizard.date, today)
        wizard.date = today + timedelta(days=1)
        with self.refused("still to come"):
            wizard.action_accept()
        wizard.date = today
        wizard.action_accept()
        self.assertEqual((plan.state, plan.date_accepted), ("active", today))

    def test_offer_by_mail(self):
        """The debtor's name and the schedule are in the mail, and no text of his is code in it."""
        self.debtor.name = "<b>Martin</b>"
        plan = self.plan(self.invoice(300), end_of_month=True)
        plan.action_propose()
        action = plan.action_send_offer()
        self.assertEqual(action["name"], "Send the offer")
        composer = self.env["mail.compose.message"].with_context(**action["context"]).create({})
        self.assertIn("01/31/2026", composer.body)
        self.assertIn("100.00", composer.body)
        self.assertNotIn("<b>Martin</b>", composer.body)
        self.assertIn(self.debtor, composer.partner_ids)

    def test_who_represents_the_debtor_is_written_to(self):
        guardian = self.env["res.partner"].create(
            {
                "name": "Guardian",
                "parent_id": self.debtor.id,
                "type": "other",
                "email": "guardian@example.com",
            }
        )
        self.debtor.recovery_representative_id = guardian
        plan = self.plan(self.invoice(300))
        plan.action_propose()
        offer = (
            self.env["mail.compose.message"].with_context(**plan.action_send_offer()["context"]).create({})
        )
        written = plan.action_write_to_debtor()["context"]["default_partner_ids"]
        self.assertEqual((offer.partner_ids, written), (guardian, guardian.ids))
