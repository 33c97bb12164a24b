"""A person's work on a proposal: untick, change, postpone, preview; what the confirmation makes of it."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .dunning_common import DunningCommon, day

DUE5 = {"trigger": "due_date", "delay_days": 5}
PREVIOUS10 = {"trigger": "previous_notice", "delay_days": 10}


@tagged("post_install", "-at_install")
class TestDunningProposal(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        both = {"channel_ids": [Command.create({"channel": "email"}), Command.create({"channel": "phone"})]}
        cls.policy = cls.make_policy(DUE5, {**PREVIOUS10, **both}, {**PREVIOUS10, **both})
        cls.first, cls.second, cls.third = cls.policy.level_ids
        cls.debtor = cls.make_debtor()
        cls.moves = cls.invoice(cls.debtor, 100) + cls.invoice(cls.debtor, 40)
        cls.made = cls.make_run(5)
        cls.made.action_propose()

    def line(self, index):
        item = self.item(self.moves[index])
        return self.made.line_ids.filtered(lambda line: line.move_line_id == item)

    def test_totals_follow_the_ticks(self):
        self.assertEqual((self.made.line_count, self.made.debtor_count, self.made.amount_total), (2, 1, 140))
        self.line(0).action_untick()
        self.assertEqual((self.made.line_count, self.made.debtor_count, self.made.amount_total), (1, 1, 40))
        self.line(1).action_untick()
        self.assertEqual((self.made.line_count, self.made.debtor_count, self.made.amount_total), (0, 0, 0))
        self.made.line_ids.action_tick()
        self.assertEqual(self.made.line_count, 2)

    def test_changed_level_takes_the_debtors_notice_with_it(self):
        self.line(0).level_id = self.second
        self.assertEqual(self.made.line_ids.notice_level_id, self.second)
        self.made.action_confirm()
        notice = self.made.notice_ids
        self.assertEqual((len(notice), notice.level_id, notice.amount_total), (1, self.second, 140))
        self.assertEqual(notice.line_ids.mapped("level_id"), self.first + self.second)

    def test_unticked_highest_level_lets_the_notice_down(self):
        self.line(0).level_id = self.second
        self.line(0).action_untick()
        self.assertEqual(self.line(1).notice_level_id, self.first)

    def test_changed_channel_is_the_whole_notices(self):
        self.line(0).level_id = self.second
        self.line(0).channel = "phone"
        self.assertEqual(set(self.made.line_ids.mapped("channel")), {"phone"})
        self.made.action_confirm()
        self.assertEqual(self.made.notice_ids.channel, "phone")

    def test_changed_channels_of_several_lines_leave_other_notices_alone(self):
        """Two debtors, two levels each: what is chosen for one notice of each is not chosen for the others."""
        self.policy.grouping = "level"
        self.first.channel_ids = [Command.create({"channel": "phone", "sequence": 99})]
        other = self.make_debtor("Other")
        self.invoice(other)
        self.invoice(other, 50.0)
        run = self.make_run(5)
        run.action_propose()
        lines = run.line_ids.sorted(lambda line: (line.partner_id.name, line.id))
        mine, others = lines.grouped("partner_id").values()
        mine[0].level_id = self.second
        others[0].level_id = self.second
        (mine[0] + others[1]).channel = "phone"
        self.assertEqual((mine + others).mapped("channel"), ["phone", "email", "email", "phone"])

    def test_channel_that_reaches_nobody_is_refused(self):
        with self.assertRaisesRegex(UserError, "“SMS” does not reach Debtor"):
            self.line(0).channel = "sms"
        self.debtor.phone = "+33 1 23 45 67 89"
        self.line(0).channel = "sms"
        self.assertEqual(set(self.made.line_ids.mapped("channel")), {"sms"})

    def test_level_that_reaches_nobody_is_refused(self):
        letter = {
            **DUE5,
            "channel_ids": [Command.create({"channel": "letter"})],
            "sequence": 9,
            "name": "Paper",
        }
        self.policy.level_ids = [Command.create(letter)]
        with self.assertRaisesRegex(UserError, "No channel"):
            self.line(0).level_id = self.policy.level_ids[-1]

    def test_level_the_claim_had_is_refused(self):
        self.made.action_confirm()
        self.send(self.made.notice_ids, 5)
        later = self.make_run(15)
        later.action_propose()
        with self.assertRaisesRegex(UserError, "had “Level 1” already"):
            later.line_ids[0].level_id = self.first

    def test_level_of_another_kind_is_refused(self):
        instalments = self.make_policy(DUE5, claim_kind="instalment")
        with self.assertRaisesRegex(UserError, "another kind of claim"):
            self.line(0).level_id = instalments.level_ids

    def test_finished_proposal_is_final(self):
        self.made.action_confirm()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self.line(0).selected = False

    def test_postponed_claim_is_on_hold_until_then(self):
        wizard = self.env["recovery.dunning.postpone"].create(
            {"line_ids": self.line(0).ids, "date_until": day(9), "reason": "Back on Monday"}
        )
        wizard.action_postpone()
        self.assertFalse(self.line(0).selected)
        self.assert_reasons(self.moves[0], day9="on_hold", day10="selected")
        self.assert_reasons(self.moves[1], day9="selected")

    def test_debtor_on_hold_is_left_out_whole(self):
        action = self.line(0).action_hold()
        wizard = (
            self.env["recovery.dunning.postpone"]
            .with_context(**action["context"])
            .create({"date_until": day(9), "reason": "Says the goods never came"})
        )
        wizard.action_postpone()
        self.assertEqual(self.made.line_ids.mapped("selected"), [False, False])
        hold = self.env["recovery.hold"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual((hold.kind, hold.move_line_ids.ids), ("dispute", []))
        self.assert_reasons(self.moves[1], day9="on_hold", day10="selected")

    def test_preview_shows_the_notice_and_leaves_nothing(self):
        self.env["recovery.message"].create(
            {
                "name": "Words",
                "level_id": self.first.id,
                "subject": "You owe us",
                "body": "<p>Please pay {invoices}.</p>",
            }
        )
        action = self.line(0).action_preview()
        preview = self.env["recovery.dunning.preview"].browse(action["res_id"])
        self.assertEqual((preview.subject, preview.channel), ("You owe us", "email"))
        self.assertIn("Please pay", preview.body)
        self.assertIn(self.moves[1].name, preview.body)
        self.assertFalse(self.made.notice_ids)
        self.assertEqual(self.made.state, "proposed")

    def test_preview_of_a_paid_claim_says_so(self):
        for move, amount in zip(self.moves, (100, 40), strict=True):
            self.pay(move, amount)
        with self.assertRaisesRegex(UserError, "no longer to be chased"):
            self.line(0).action_preview()

    def test_claims_behind_a_reason(self):
        self.invoice(self.debtor, 10, due=50)
        self.made.action_propose()
        reason = self.made.reason_ids.filtered(lambda line: line.reason == "not_due")
        action = reason.action_open_claims()
        claims = self.env[action["res_model"]].with_context(**action["context"]).search(action["domain"])
        self.assertEqual((len(claims), sum(claims.mapped("amount_company"))), (1, 10))
        self.assertEqual((reason.claim_count, reason.amount_company), (1, 10))

    def test_claims_of_several_companies_are_found_by_reason(self):
        """Every company looked at is judged, not the first one only."""
        second = self.make_company("Other creditor")
        here = self.moves[:1]
        there = self.invoice(self.make_debtor("Debtor there"), 70, company=second)
        both = self.env["recovery.claim"].with_context(
            allowed_company_ids=(self.company + second).ids, recovery_run_id=False
        )
        mine = [("move_id", "in", (here + there).ids)]
        self.assertEqual(both.search(mine).mapped("reason"), ["selected", "selected"])
        self.assertEqual(both.search([*mine, ("reason", "=", "selected")]).move_id, here + there)
        self.assertFalse(both.search([*mine, ("reason", "!=", "selected")]))

    def test_why_not_on_an_invoice(self):
        later = self.invoice(self.debtor, 10, due=5000)
        action = later.action_recovery_why_not()
        why = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((why.reason, why.level_id.name, why.move_id), ("not_due", "Level 1", later))
        self.assertIn("Not due yet", why.explanation)
        draft = self.invoice(self.debtor, 10, post=False)
        with self.assertRaisesRegex(UserError, "Nothing is owed"):
            draft.action_recovery_why_not()

    def test_why_not_of_a_debtor(self):
        action = self.debtor.action_recovery_claims()
        claims = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(claims.mapped("reason"), ["selected", "selected"])
        self.assertEqual((self.debtor.recovery_claim_count, self.debtor.recovery_claim_amount), (2, 140))
