"""A payment from before a plan is taken back: who pays the plan as agreed is not late by it, a person is asked."""

from datetime import date

from freezegun import freeze_time
from odoo import Command
from odoo.tests import tagged

from .plan_common import PlanCommon

BESIDE = "payment_plan_recovery.mail_activity_owed_beside"


@tagged("post_install", "-at_install")
@freeze_time("2026-02-05")
class TestPlanBeside(PlanCommon):
    def setUp(self):
        super().setUp()
        move = self.invoice(400)
        self.early = self.pay(move, 100, "2025-11-10")
        self.plan_kept = self.active_plan(move)
        self.move = move

    def asked(self):
        return self.plan_kept.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(BESIDE)
        )

    def take_back(self, entry):
        entry.line_ids.remove_move_reconcile()
        entry.button_draft()
        self.cr.precommit.run()

    def test_a_person_is_asked_and_the_plan_gets_no_worse(self):
        self.take_back(self.early)
        self.assertEqual(len(self.asked()), 1)
        self.assertIn("100.00", self.asked().note)
        self.assertIn("owed beside it", str(self.plan_kept.message_ids[:1].body))
        self.pay(self.move, 100, "2026-01-31")
        self.plan_kept.monitor(date(2026, 2, 5))
        self.assertEqual(self.plan_kept.state, "active")
        self.asked().action_feedback(feedback="He pays it in March, beside the plan.")
        self.plan_kept.monitor(date(2026, 2, 5))
        self.assertEqual(self.plan_kept.state, "late")

    def test_claims_moved_to_another_account_are_not_paid(self):
        """A doubtful debt is owed on: the plan does not end by it before somebody has answered."""
        item = self.item(self.move)
        doubtful = item.account_id.copy({"name": "Doubtful", "code": "416900"})
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": "2026-02-02",
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": self.debtor.id, "balance": amount}
                    )
                    for account, amount in ((item.account_id, -300.0), (doubtful, 300.0))
                ],
            }
        )
        entry.action_post()
        (item + entry.line_ids.filtered("credit")).reconcile()
        self.cr.precommit.run()
        self.plan_kept.monitor(date(2026, 2, 5))
        asked = self.plan_kept.activity_ids
        self.assertEqual((self.plan_kept.state, len(asked)), ("active", 1))
        self.assertIn(entry.name, asked.note)
        asked.action_feedback(feedback="Given up.")
        self.plan_kept.monitor(date(2026, 2, 6))
        self.assertEqual((self.plan_kept.state, bool(self.plan_kept.date_thanked)), ("completed", False))

    def test_nothing_is_asked_about_what_is_matched_again_at_once(self):
        self.early.line_ids.remove_move_reconcile()
        (self.item(self.early) + self.item(self.move)).reconcile()
        self.cr.precommit.run()
        self.assertFalse(self.asked())

    def test_asked_in_the_company_s_language_whoever_acts(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        self.env.user.lang = "en_US"
        self.take_back(self.early)
        self.assertIn("rejeté", self.asked().summary)
        self.assertIn("en dehors", str(self.plan_kept.message_ids[:1].body))

    def test_what_the_plan_itself_received_is_the_plans(self):
        paid = self.pay(self.move, 100, "2026-01-31")
        self.take_back(paid)
        self.assertFalse(self.asked())
        self.plan_kept.monitor(date(2026, 2, 5))
        self.assertEqual(self.plan_kept.state, "late")

    def test_nothing_is_asked_any_more_once_it_has_ended(self):
        self.take_back(self.early)
        self.plan_kept.action_break()
        self.assertFalse(self.asked())

    def test_a_revision_is_asked_about_what_the_plan_before_it_received(self):
        paid = self.pay(self.move, 100, "2026-01-31")
        revision = self.env["recovery.plan"].browse(
            self.plan_kept.action_renegotiate("Less a month")["res_id"]
        )
        revision.action_propose()
        revision.action_accept(signed_by="Anne Martin, manager", date=date(2026, 2, 5))
        revision.action_activate()
        self.take_back(paid)
        self.plan_kept = revision
        self.assertEqual((revision.amount_total, len(self.asked())), (200, 1))

    def test_a_revision_over_what_fell_open_again_leaves_no_sum_below_zero(self):
        self.pay(self.move, 50, "2026-01-31")
        self.take_back(self.early)
        revision = self.env["recovery.plan"].browse(self.plan_kept.action_renegotiate("All")["res_id"])
        self.assertEqual((revision.amount_total, revision._paid_before()), (350, 0))
        revision.action_propose()
        revision.action_accept(signed_by="Anne Martin, manager", date=date(2026, 2, 5))
        revision.action_activate()
        before = self.plan_kept
        self.assertEqual((before.amount_paid, before.amount_residual), (0, 300))
        self.assertEqual(revision._paid_before(), 0)
