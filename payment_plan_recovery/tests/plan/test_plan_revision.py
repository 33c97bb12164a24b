"""A plan and its revision: which of the two is in force, and whose is what comes in."""

from datetime import date

from odoo.tests import tagged

from .plan_common import FollowedPlan


@tagged("post_install", "-at_install")
class TestPlanRevision(FollowedPlan):
    def test_renegotiated(self):
        self.pay(self.move, 100)
        self.state_on("2026-03-20")
        action = self.covered.action_renegotiate("Lost his main customer")
        revision = self.env["recovery.plan"].browse(action["res_id"])
        self.assertEqual((revision.previous_id, revision.amount_total), (self.covered, 200))
        self.assertEqual(self.covered.action_renegotiate()["res_id"], revision.id)
        revision.instalment_count = 4
        revision.action_propose()
        revision.action_accept()
        self.pay(self.move, 50)
        self.assertEqual((self.covered.state, self.covered.amount_paid), ("in_default", 150))
        revision.action_activate()
        self.assertEqual((self.covered.state, self.covered.amount_paid), ("superseded", 100))
        self.assertEqual((revision.amount_paid, revision.amount_residual), (50, 150))
        self.assertTrue(self.item(self.move).no_followup)
        revision.action_cancel()
        self.assertFalse(self.item(self.move).no_followup)

    def signed_anew(self):
        """Put the plan in default, its notice sent; return a revision of it that the debtor has signed."""
        self.assertEqual(self.state_on("2026-02-09"), "in_default")
        self.covered.cure_notice_id.sudo().write({"state": "sent"})
        revision = self.covered.browse(self.covered.action_renegotiate()["res_id"])
        revision.action_propose()
        revision.action_accept(date=date(2026, 2, 10))
        return revision

    def test_gets_no_worse_while_its_signed_revision_waits_for_us(self):
        revision = self.signed_anew()
        self.assertEqual(self.state_on("2026-04-30"), "in_default")
        revision.action_activate()
        self.assertEqual((self.covered.state, revision.state), ("superseded", "active"))

    def test_a_revision_that_is_not_signed_keeps_nothing_from_breaking(self):
        self.signed_anew().sudo().write({"state": "proposed"})
        self.assertEqual(self.state_on("2026-04-30"), "broken")

    def test_a_signed_revision_comes_in_force_though_the_plan_was_broken_meanwhile(self):
        revision = self.signed_anew()
        self.pay(self.move, 50)
        self.covered.action_break()
        self.assertEqual(self.covered.amount_paid, 50)
        revision.action_activate()
        self.assertEqual((self.covered.state, self.covered.amount_paid), ("broken", 0))
        self.assertEqual((revision.state, revision.amount_paid), ("active", 50))
        self.assertIn(revision.name, str(self.covered.message_ids[0].body))

    def test_an_offer_may_be_signed_after_the_plan_was_broken(self):
        self.pay(self.move, 60)
        revision = self.covered.browse(self.covered.action_renegotiate()["res_id"])
        revision.action_propose()
        self.covered.action_break()
        revision.action_accept()
        revision.action_activate()
        self.assertEqual((self.covered.state, self.covered.amount_paid), ("broken", 60))
        self.assertEqual((revision.state, revision.amount_total), ("active", 240))
