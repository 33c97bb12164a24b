"""Dunning told as dates: what a run proposes, what it confirms, and what it leaves alone."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.dunning import confirmation
from .dunning_common import DunningCommon, day

DUE5 = {"trigger": "due_date", "delay_days": 5}
PREVIOUS10 = {"trigger": "previous_notice", "delay_days": 10}


@tagged("post_install", "-at_install")
class TestDunningRun(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.make_policy(DUE5, PREVIOUS10, PREVIOUS10)
        cls.first, cls.second, cls.third = cls.policy.level_ids
        cls.debtor = cls.make_debtor()

    def test_level_reached_on_its_day(self):
        move = self.invoice(self.debtor)
        self.assert_reasons(move, day4="not_due", day5="selected", day400="selected")

    def test_proposal(self):
        move = self.invoice(self.debtor, 120.0)
        run = self.make_run(5)
        self.assertEqual(run.reason_counts(), {"selected": 1})
        run.action_propose()
        self.assertRecordValues(
            run.line_ids,
            [
                {
                    "partner_id": self.debtor.id,
                    "move_line_id": self.item(move).id,
                    "level_id": self.first.id,
                    "notice_level_id": self.first.id,
                    "channel": "email",
                    "amount_residual": 120.0,
                    "amount_company": 120.0,
                    "date_due": day(0),
                    "days_late": 5,
                    "selected": True,
                }
            ],
        )
        self.assertEqual((run.state, run.reason_counts()), ("proposed", {"selected": 1}))
        self.assertFalse(run.notice_ids)

    def test_notices_of_a_proposal(self):
        move = self.invoice(self.debtor, 120.0)
        run = self.make_run(5)
        run.action_propose()
        run.action_confirm()
        self.assertEqual(run.state, "confirmed")
        self.assertRecordValues(
            run.notice_ids,
            [
                {
                    "partner_id": self.debtor.id,
                    "level_id": self.first.id,
                    "date": day(5),
                    "channel": "email",
                    "amount_total": 120.0,
                }
            ],
        )
        self.assertRecordValues(
            run.notice_ids.line_ids,
            [
                {
                    "move_line_id": self.item(move).id,
                    "level_id": self.first.id,
                    "amount_residual": 120.0,
                    "date_due": day(0),
                    "is_live": True,
                }
            ],
        )

    def test_second_run_on_the_date_adds_nothing(self):
        move = self.invoice(self.debtor)
        self.run_on(5)
        again = self.run_on(5)
        self.assertFalse(again.line_ids)
        self.assertFalse(again.notice_ids)
        self.assertEqual(again.reason_counts(), {"waiting_interval": 1})
        self.assertEqual(self.reason(move, 5), "waiting_interval")

    def test_escalation_to_the_last_level(self):
        move = self.invoice(self.debtor)
        self.run_on(5)
        self.assert_reasons(move, day14="waiting_interval", day15="selected")
        self.assertEqual(self.run_on(15).notice_ids.level_id, self.second)
        self.assertEqual(self.run_on(25).notice_ids.level_id, self.third)
        self.assert_reasons(move, day26="last_level_done", day400="last_level_done")

    def test_unsent_notice_does_not_escalate(self):
        move = self.invoice(self.debtor)
        run = self.make_run(5)
        run.action_propose()
        run.action_confirm()
        for state in ("draft", "approved", "queued", "failed"):
            run.notice_ids.state = state
            self.assertEqual(self.reason(move, 30), "previous_not_sent", state)

    def test_ignored_notice_is_proposed_again_at_the_same_level(self):
        self.invoice(self.debtor)
        run = self.make_run(5)
        run.action_propose()
        run.action_confirm()
        run.notice_ids.state = "ignored"
        run.notice_ids.line_ids.is_live = False
        self.assertEqual(self.run_on(6).notice_ids.level_id, self.first)

    def test_paid_between_proposal_and_confirmation(self):
        move = self.invoice(self.debtor)
        other = self.invoice(self.debtor, 50.0)
        run = self.make_run(5)
        run.action_propose()
        self.pay(move, 100.0)
        self.pay(other, 20.0)
        run.action_confirm()
        self.assertEqual(run.notice_ids.line_ids.mapped("amount_residual"), [30.0])
        self.assertEqual(run.notice_ids.amount_total, 30.0)

    def test_many_debtors_are_judged_together(self):
        """As above, where the proposal's debtors are too many to look up what each owes; nobody else gets a notice."""
        paid, part, unticked = (self.invoice(self.debtor, amount) for amount in (100.0, 50.0, 70.0))
        left_out, late = self.make_debtor("Left out"), self.make_debtor("Late")
        self.invoice(left_out)
        run = self.make_run(5)
        run.action_propose()
        run.line_ids.filtered(
            lambda line: line.partner_id == left_out or line.move_line_id == self.item(unticked)
        ).selected = False
        self.invoice(late)
        self.pay(paid, 100.0)
        self.pay(part, 20.0)
        with patch.object(confirmation, "FEW", 0):
            run.action_confirm()
        self.assertEqual(run.notice_ids.partner_id, self.debtor)
        self.assertEqual(run.notice_ids.line_ids.mapped("amount_residual"), [30.0])

    def test_level_noticed_between_proposal_and_confirmation(self):
        """The claim has moved on to its next level, the proposal has not: nobody gets a level twice."""
        first, other = self.invoice(self.debtor), self.invoice(self.debtor, 50.0, due=10)
        run = self.make_run(15)
        run.action_propose()
        other_run = self.make_run(5)
        other_run.action_propose()
        other_run.action_confirm()
        self.assertEqual(other_run.notice_ids.line_ids.move_line_id, self.item(first))
        other_run.notice_ids.write({"state": "sent", "date_sent": f"{day(5)} 12:00:00"})
        self.assertEqual(self.reason(first, 15), "selected", "Its second level is reached")
        run.action_confirm()
        self.assertEqual(run.notice_ids.level_id, self.first)
        self.assertEqual(run.notice_ids.line_ids.move_line_id, self.item(other))
        self.assertEqual(run.notice_ids.amount_total, 50.0)

    def test_only_claim_noticed_between_proposal_and_confirmation(self):
        move = self.invoice(self.debtor)
        run = self.make_run(15)
        run.action_propose()
        self.run_on(5)
        self.assertEqual(self.reason(move, 15), "selected")
        run.action_confirm()
        self.assertFalse(run.notice_ids)
        self.assertIn("left out", "".join(run.message_ids.mapped("body")))

    def test_claim_under_another_policy_since_the_proposal(self):
        """The level proposed is not the claim's any more; one that a person chose still is."""
        move = self.invoice(self.debtor)
        by_hand = self.invoice(self.debtor)
        run = self.make_run(9)
        run.action_propose()
        run.line_ids.filtered(lambda line: line.move_id == by_hand).level_id = self.second
        (move + by_hand).recovery_policy_id = self.make_policy(DUE5, PREVIOUS10, sequence=99)
        self.assertEqual(self.reason(move, 9), "selected")
        run.action_confirm()
        self.assertEqual(run.notice_ids.line_ids.move_line_id, self.item(by_hand))
        self.assertEqual(run.notice_ids.level_id, self.second)
        self.assertEqual(run.notice_ids.amount_total, 100.0)

    def test_due_date_of_the_notice_is_that_of_now(self):
        move = self.invoice(self.debtor)
        run = self.make_run(9)
        run.action_propose()
        self.item(move).date_maturity = day(2)
        run.action_confirm()
        self.assertEqual(run.notice_ids.line_ids.date_due, day(2))

    def test_unticked_claim_is_left_out(self):
        self.invoice(self.debtor)
        run = self.make_run(5)
        run.action_propose()
        run.line_ids.selected = False
        run.action_confirm()
        self.assertFalse(run.notice_ids)

    def test_level_that_needs_approval_waits(self):
        self.first.needs_approval = True
        self.invoice(self.debtor)
        run = self.make_run(5)
        run.action_propose()
        run.action_confirm()
        self.assertEqual(run.notice_ids.state, "draft")

    def test_finished_run_is_final(self):
        run = self.run_on(5)
        with self.assertRaisesRegex(UserError, "finished"):
            run.action_propose()
        with self.assertRaisesRegex(UserError, "finished"):
            run.action_confirm()
        with self.assertRaisesRegex(UserError, "finished"):
            run.action_cancel()

    def test_notices_of_a_coming_day_are_a_forecast(self):
        """Proposed and looked at, not made: who is not late yet is not told that he is."""
        today = self.company._recovery_today()
        self.invoice(self.debtor)
        for days, allowed in ((1, False), (0, True)):
            run = self.make_run(0, date=today + timedelta(days=days))
            run.action_propose()
            self.assertTrue(run.line_ids.action_preview())
            if allowed:
                run.action_confirm()
                self.assertTrue(run.notice_ids)
            else:
                with self.assertRaisesRegex(UserError, "is a forecast"):
                    run.action_confirm()

    def test_what_went_out_is_not_deleted(self):
        self.invoice(self.debtor)
        run = self.run_on(5)
        with self.assertRaisesRegex(UserError, "part of the debtor's file"):
            run.notice_ids.sudo().line_ids[:1].unlink()
        with self.assertRaisesRegex(UserError, "part of the debtor's file"):
            run.notice_ids.unlink()
        with self.assertRaisesRegex(UserError, "made notices"):
            run.unlink()
        proposal = self.make_run(20)
        proposal.action_propose()
        proposal.unlink()
        run.notice_ids.state = "cancelled"
        run.notice_ids.unlink()

    def test_cancelled_run(self):
        self.invoice(self.debtor)
        run = self.make_run(5)
        run.action_propose()
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        with self.assertRaises(UserError):
            run.action_confirm()

    def test_run_of_some_policies(self):
        other = self.make_policy(DUE5, sequence=1, debtor_domain="[('ref', '=', 'other')]")
        self.invoice(self.debtor)
        self.invoice(self.make_debtor(ref="other"))
        run = self.make_run(5, policy_ids=[Command.set(other.ids)])
        run.action_propose()
        self.assertEqual(run.line_ids.partner_id.ref, "other")
        self.assertEqual(run.reason_counts(), {"selected": 1})

    def test_other_company_is_left_alone(self):
        other = self.make_company("Other creditor")
        self.invoice(self.debtor, company=other)
        run = self.make_run(5)
        run.action_propose()
        self.assertFalse(run.line_ids)
        self.assertEqual(run.reason_counts(), {})
