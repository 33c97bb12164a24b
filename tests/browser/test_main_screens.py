"""The main screens, worked in a real Chromium by a collector who has no other rights."""

from datetime import date, timedelta

from odoo.tests import HttpCase, new_test_user, tagged

COLLECTOR = "collector"


@tagged("post_install", "-at_install")
class TestMainScreens(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,payment_plan_recovery.group_recovery_user"
        cls.collector = new_test_user(cls.env, COLLECTOR, groups=groups, email="collector@creditor.example")
        cls.in_plan = cls.debtor("Brasserie des Tilleuls", 200, 400)
        cls.chased = cls.debtor("Épicerie Lestrade", 75)
        cls.plan = cls.agreed_plan(cls.in_plan)

    @classmethod
    def debtor(cls, name, *amounts):
        """A debtor with an invoice of each amount, overdue for three weeks."""
        partner = cls.env["res.partner"].create(
            {"name": name, "is_company": True, "email": f"accounts@{name.split()[0].lower()}.example"}
        )
        due = date.today() - timedelta(days=21)
        invoices = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": due - timedelta(days=30),
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [(0, 0, {"name": "Goods", "price_unit": amount, "tax_ids": []})],
                }
                for amount in amounts
            ]
        )
        invoices.action_post()
        return partner

    @classmethod
    def agreed_plan(cls, partner):
        """A plan in force: three instalments over everything the debtor owes."""
        items = cls.env["account.move.line"].search(
            [("partner_id", "=", partner.id), ("account_type", "=", "asset_receivable")]
        )
        plan = cls.env["recovery.plan"].create(
            {
                "partner_id": partner.id,
                "date_start": date.today() + timedelta(days=10),
                "instalment_count": 3,
                "item_ids": [(0, 0, {"move_line_id": item.id}) for item in items],
            }
        )
        plan.generate_instalments()
        plan.action_propose()
        plan.action_accept(signed_by="Jeanne Martin")
        plan.action_activate()
        return plan

    def test_a_collector_reads_a_plan(self):
        self.start_tour("/odoo", "recovery_read_plan", login=COLLECTOR)

    def test_a_collector_makes_a_run(self):
        self.start_tour("/odoo", "recovery_make_run", login=COLLECTOR)
        run = self.env["recovery.dunning.run"].search([("create_uid", "=", self.collector.id)])
        self.assertEqual(run.state, "confirmed")
        self.assertEqual(run.notice_ids.partner_id, self.chased)
        self.assertEqual(run.notice_ids.user_id, self.collector)

    def test_a_collector_reads_the_dashboard(self):
        self.start_tour("/odoo", "recovery_read_dashboard", login=COLLECTOR)
