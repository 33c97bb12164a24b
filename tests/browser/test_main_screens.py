"""The main screens, worked in a real Chromium by a collector who has no other rights."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from driver import Visitor
from ledger import Ledger
from odoo.tests import HttpCase, new_test_user, tagged

COLLECTOR = "collector"


@tagged("post_install", "-at_install")
class TestMainScreens(Ledger, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,payment_plan_recovery.group_recovery_user"
        cls.collector = new_test_user(cls.env, COLLECTOR, groups=groups, email="collector@creditor.example")
        cls.in_plan = cls.debtor("Brasserie des Tilleuls", 200, 400)
        cls.chased = cls.debtor("Épicerie Lestrade", 75)
        cls.plan = cls.agreed_plan(cls.in_plan)

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

    def test_a_group_without_a_choice_has_a_name(self):
        items = self.env["recovery.claim"].search([("partner_id", "=", self.chased.id)]).move_line_id
        self.env["recovery.dispute"].create(
            {"partner_id": self.chased.id, "move_line_ids": items.ids, "description": "Broken"}
        )
        with Visitor.of(self, COLLECTOR) as visitor:
            visitor.open(f"{self.base_url()}/odoo/action-payment_plan_recovery.action_dispute")
            visitor.click(".o_searchview_dropdown_toggler")
            visitor.waits(
                "(one => one && (one.click(), true))([...document.querySelectorAll('.o_group_by_menu .o_menu_item')]"
                ".find(one => one.innerText.trim() === 'Outcome'))"
            )
            visitor.waits("document.querySelector('.o_group_name')?.innerText.includes('Not closed yet')")
            visitor.rest()

    def break_promise(self):
        """Somebody has to be called."""
        today = self.env.company._recovery_today()
        self.env["recovery.promise"].create(
            {
                "partner_id": self.chased.id,
                "amount": 75,
                "date_given": today - timedelta(days=15),
                "date_promised": today - timedelta(days=8),
            }
        )._judge(today)
        self.env["recovery.worklist"]._refresh(self.env.company, today)

    def test_a_practice_points_at_each_step(self):
        """In dialogs, and on the cards of a telephone."""
        self.break_promise()
        tour = self.env.ref("payment_plan_recovery.tour_call")
        told = "document.querySelector('.o_tour_pointer')?.textContent.includes(%s)"
        with Visitor.of(self, COLLECTOR) as visitor:
            for size in ((1280, 900), (390, 844)):
                visitor.turned(*size)
                visitor.open(f"{self.base_url()}{tour.url}?tour={tour.name}")
                visitor.waits(told % "'Open its call sheet'")
                visitor.click("[name=action_log_contact]")
                visitor.sees(".modal .o_field_widget[name=outcome] textarea")
                visitor.waits(told % "'Write down what was said'")
            visitor.rest()

    def test_a_newcomer_practises(self):
        """The practices of the first set-up work on the screens that they begin on, and are there to be started."""
        self.break_promise()
        for name in ("tour_call", "tour_promise", "tour_why"):
            tour = self.env.ref(f"payment_plan_recovery.{name}")
            with self.subTest(tour.name):
                told = tour.with_user(self.collector).get_tour_json_by_name(tour.name)
                self.assertFalse(told["steps"], "they are translated, where the screens are")
                self.start_tour(tour.url, tour.name, login=COLLECTOR)
        said = self.env["recovery.contact"].search([("partner_id", "=", self.chased.id)])
        self.assertIn("Practice", said.mapped("outcome"))
        promises = self.env["recovery.promise"].search([("partner_id", "=", self.chased.id)])
        self.assertIn("open", promises.mapped("state"))
