"""A collector's work on a proposal, in a real browser."""

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestDunningTour(DunningCommon, HttpCase):
    def test_work_on_a_proposal(self):
        self.make_policy({"trigger": "due_date", "delay_days": 5})
        debtor = self.make_debtor("Tour debtor")
        moves = self.invoice(debtor, 100) + self.invoice(debtor, 40)
        self.invoice(self.make_debtor("Tour later"), 70, due=400)
        new_test_user(
            self.env,
            "tour_collector",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        run = self.make_run(5)
        self.start_tour(
            f"/odoo/action-payment_plan_recovery.action_dunning_run/{run.id}",
            "recovery_work_on_proposal",
            login="tour_collector",
        )
        self.assertEqual((run.date, run.state), (day(5), "confirmed"))
        self.assertEqual(len(run.notice_ids.line_ids), 1)
        self.assertIn(run.notice_ids.line_ids.move_line_id, self.item(moves[0]) + self.item(moves[1]))
