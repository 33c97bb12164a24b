"""What a plan shows and sends: its statement, what a revision changes, the acceptance, the offer."""

from datetime import date

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
        lines = plan._statement_lines(date(2026, 3, 1))
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

    def test_offer_by_mail(self):
        """The debtor's name and the schedule are in the mail, and no text of his is code in it."""
        self.debtor.name = "<b>Martin</b>"
        plan = self.plan(self.invoice(300), end_of_month=True)
        plan.action_propose()
        action = plan.action_send_offer()
        composer = self.env["mail.compose.message"].with_context(**action["context"]).create({})
        self.assertIn("01/31/2026", composer.body)
        self.assertIn("100.00", composer.body)
        self.assertNotIn("<b>Martin</b>", composer.body)
        self.assertIn(self.debtor, composer.partner_ids)
