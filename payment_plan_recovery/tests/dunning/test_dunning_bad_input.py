"""Policies that cannot be saved, and those that can no longer be applied."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .dunning_common import DunningCommon, day

DUE5 = {"trigger": "due_date", "delay_days": 5}
DUE20 = {"trigger": "due_date", "delay_days": 20}
PREVIOUS10 = {"trigger": "previous_notice", "delay_days": 10}
NOBODY = "[('id', '=', False)]"


@tagged("post_install", "-at_install")
class TestDunningBadInput(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor()
        cls.move = cls.invoice(cls.debtor)

    def make_stale(self, record):
        """A filter over a field that an addon took with it."""
        record.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET debtor_domain = %s WHERE id = %s",
                SQL.identifier(record._table),
                "[('gone', '=', 1)]",
                record.id,
            )
        )
        record.invalidate_recordset()

    def test_first_level_waits_for_nothing(self):
        with self.assertRaisesRegex(ValidationError, "no previous notice"):
            self.make_policy(PREVIOUS10)

    def test_levels_in_disorder(self):
        with self.assertRaisesRegex(ValidationError, "reached before it"):
            self.make_policy(DUE20, DUE5)
        policy = self.make_policy(DUE5, DUE20)
        with self.assertRaisesRegex(ValidationError, "reached before it"):
            policy.level_ids[0].sequence = 99

    def test_levels_in_disorder_though_not_neighbours(self):
        with self.assertRaisesRegex(ValidationError, "would be reached before it"):
            self.make_policy(DUE20, PREVIOUS10, DUE5)

    def test_due_date_after_the_end_of_its_month(self):
        month_end = {"trigger": "month_end", "delay_days": 5}
        with self.assertRaisesRegex(ValidationError, "would be reached before it"):
            self.make_policy(month_end, {"trigger": "due_date", "delay_days": 4})
        self.make_policy(month_end, {"trigger": "due_date", "delay_days": 5})

    def test_first_level_is_not_deleted_from_under_the_next(self):
        policy = self.make_policy(DUE5, PREVIOUS10, DUE20)
        with self.assertRaisesRegex(UserError, "waits for a previous notice"):
            policy.level_ids[0].unlink()
        policy.level_ids[1].unlink()
        policy.level_ids[0].unlink()
        self.assertEqual(policy.level_ids.delay_days, 20)

    def test_first_level_is_not_archived_from_under_the_next(self):
        first, second = self.make_policy(DUE5, PREVIOUS10).level_ids
        with self.assertRaisesRegex(ValidationError, "no previous notice to wait for"):
            first.active = False
        (first | second).active = False

    def test_used_level_is_archived_not_deleted(self):
        policy = self.make_policy(DUE5, DUE20)
        self.invoice(self.make_debtor())
        self.run_on(5)
        with self.assertRaisesRegex(UserError, "Archive it"):
            policy.level_ids[0].unlink()
        policy.level_ids[1].unlink()

    def test_levels_for_different_debtors_have_their_own_order(self):
        self.make_policy(DUE20, {**DUE5, "debtor_domain": "[('is_company', '=', True)]"})

    def test_filter_that_does_not_compile(self):
        for text in ("[('gone', '=', 1)]", "nonsense", "[('name', 'resembles', 'x')]", "__import__('os')"):
            with self.assertRaisesRegex(ValidationError, "cannot be used"):
                self.make_policy(DUE5, debtor_domain=text)

    def test_negative_delay_after_a_notice(self):
        with self.assertRaisesRegex(ValidationError, "cannot come before it"):
            self.make_policy(DUE5, {**PREVIOUS10, "delay_days": -1})

    def test_stale_policy_filter_stops_who_may_fall_under_it(self):
        """Nobody is chased as somebody else meanwhile; who a policy before it takes is chased as ever."""
        before = self.make_policy(DUE5, sequence=1, debtor_domain="[('ref', '=', 'before')]")
        stale = self.make_policy(DUE5, sequence=2, debtor_domain="[('name', '=', 'Whoever')]")
        self.make_policy(DUE5, sequence=3)
        self.assert_reasons(self.move, day5="selected")
        self.make_stale(stale)
        self.invoice(self.make_debtor(ref="before"))
        self.assert_reasons(self.move, day5="policy_error")
        run = self.make_run(5)
        run.action_propose()
        self.assertEqual(run.line_ids.level_id.policy_id, before)
        self.assertIn("no longer works", "".join(run.message_ids.mapped("body")))

    def test_stale_level_filter_stops_its_claims_only(self):
        policy = self.make_policy({**DUE5, "debtor_domain": "[('name', '!=', False)]"}, DUE20)
        other = self.make_policy(DUE5, debtor_domain=NOBODY)
        saved = self.invoice(self.make_debtor(recovery_policy_id=other.id))
        self.make_stale(policy.level_ids[0])
        self.assert_reasons(self.move, day30="policy_error")
        self.assertEqual(self.run_on(30).notice_ids.line_ids.move_line_id, self.item(saved))

    def test_policy_without_level(self):
        self.make_policy()
        self.assert_reasons(self.move, day30="policy_error")
        run = self.make_run(30)
        run.action_propose()
        self.assertIn("has no level", "".join(run.message_ids.mapped("body")))

    def test_level_without_channel(self):
        policy = self.make_policy(DUE5)
        policy.level_ids.channel_ids.unlink()
        self.assert_reasons(self.move, day30="policy_error")

    def test_previous_notice_first_for_some_debtors(self):
        self.make_policy({**DUE5, "debtor_domain": "[('ref', '=', 'alpha')]"}, PREVIOUS10)
        self.assert_reasons(self.move, day30="previous_not_sent")

    def test_new_level_reaches_by_mail_then_paper_then_person(self):
        level = self.env["recovery.dunning.level"].create(
            {"name": "New", "policy_id": self.make_policy(DUE5).id, "sequence": 9, "delay_days": 9}
        )
        self.assertEqual(level.channel_ids.mapped("channel"), ["email", "letter", "phone"])

    def test_trigger_of_an_addon_that_is_gone(self):
        """Its level is told as to correct; what other policies chase goes on."""
        gone = self.make_policy(DUE5, {**PREVIOUS10, "name": "Sent after court"}, debtor_domain=NOBODY)
        self.make_policy(DUE5)
        theirs = self.invoice(self.make_debtor(recovery_policy_id=gone.id))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE recovery_dunning_level SET trigger = 'court' WHERE id = %s", [gone.level_ids[0].id]
        )
        self.env.invalidate_all()
        for escalation in ("stepwise", "catch_up"):
            gone.escalation = escalation
            self.assert_reasons(theirs, day5="policy_error", day300="policy_error")
        run = self.make_run(5)
        run.action_propose()
        self.assertEqual(run.line_ids.move_line_id, self.item(self.move))
        self.assertIn("no installed addon knows", "".join(run.message_ids.mapped("body")))

    def test_due_at_the_ends_of_the_calendar(self):
        """One due date of 9999-12-31, which says "never", stops no list, no run and no job."""
        self.make_policy({"delay_days": -5}, DUE5)
        never = self.invoice(self.make_debtor())
        self.item(never).date_maturity = "9999-12-31"
        ancient = self.invoice(self.make_debtor())
        self.item(ancient).date_maturity = "0001-01-01"
        self.assert_reasons(never, day30="not_due")
        self.assert_reasons(ancient, day30="selected")
        self.assert_reasons(self.move, day30="selected")
        claims = self.env["recovery.claim"].search([("move_id", "in", (never + ancient + self.move).ids)])
        self.assertEqual(len(claims.mapped("reason")), 3)
        self.company.country_id = self.env.ref("base.fr")
        self.env["recovery.limitation"]._renew(self.company, day(60))
        found = self.env["recovery.limitation"].search([("move_line_id", "=", self.item(never).id)])
        self.assertEqual([str(each.expires_on) for each in found], ["2045-12-16"])  # the long stop
