"""An invoice that a plan covers is credited and issued anew: whoever keeps the plan is not chased for it."""

from odoo.tests import new_test_user, tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanReissued(PlanCommon):
    def anew(self, *moves, env=None):
        moves = self.env["account.move"].union(*moves).with_env(env or self.env)
        wizard = moves.env["account.move.reversal"].create(
            {"move_ids": moves.ids, "journal_id": moves.journal_id.id, "date": "2026-01-20"}
        )
        wizard.modify_moves()
        found = wizard.new_move_ids.sorted("id")
        found.write({"invoice_date": "2026-01-20", "invoice_date_due": "2026-01-25"})
        found.action_post()
        return found

    def test_it_is_held_and_a_person_is_asked(self):
        covered, other = self.invoice(300), self.invoice(600)
        plan = self.active_plan(covered)
        accountant = new_test_user(
            self.env, "no_plans", groups="account.group_account_user", company_id=self.company.id
        )
        first, second = self.anew(covered, other, env=self.env(user=accountant))
        hold = self.env["recovery.hold"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(hold.move_line_ids, self.item(first).with_env(self.env))
        self.assertIn(plan.name, hold.reason)
        self.assertIn(covered.name, hold.reason)
        self.assertIn(hold.reason, plan.activity_ids.mapped("summary"))
        today = self.company._recovery_today()
        self.assertGreaterEqual((hold.date_until - today).days, 14)
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": today})
        items = self.item(first, second).with_env(self.env)
        reasons = run.explain(items)
        self.assertEqual(reasons[self.item(first).id], "on_hold")
        self.assertNotEqual(reasons[self.item(second).id], "on_hold")

    def test_issued_anew_by_hand_it_is_held_as_soon_as_somebody_says_so(self):
        covered = self.invoice(300)
        plan = self.active_plan(covered)
        note = self.invoice(300, move_type="out_refund")
        (self.item(note) + self.item(covered)).reconcile()
        anew = self.invoice(300)
        holds = self.env["recovery.hold"].search([("partner_id", "=", self.debtor.id)])
        self.assertFalse(holds, "nobody has said so")
        context = anew.action_recovery_reissued()["context"]
        dialogs = self.env["recovery.reissue"].with_context(**context)
        dialogs.create({"former_id": covered.id}).action_confirm()
        hold = self.env["recovery.hold"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(hold.move_line_ids, self.item(anew))
        self.assertIn(hold.reason, plan.activity_ids.mapped("summary"))

    def test_nothing_of_what_no_plan_covers_any_more(self):
        covered = self.invoice(300)
        self.active_plan(covered).action_cancel()
        self.anew(covered)
        self.assertFalse(self.env["recovery.hold"].search([("partner_id", "=", self.debtor.id)]))
