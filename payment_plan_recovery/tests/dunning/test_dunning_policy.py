"""Which policy judges a claim, and which of its levels is next."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .dunning_common import DunningCommon

DUE5 = {"trigger": "due_date", "delay_days": 5}
DUE20 = {"trigger": "due_date", "delay_days": 20}
PREVIOUS10 = {"trigger": "previous_notice", "delay_days": 10}
NOBODY = "[('id', '=', False)]"


@tagged("post_install", "-at_install")
class TestDunningPolicyChoice(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor(ref="alpha")
        cls.move = cls.invoice(cls.debtor)
        cls.late = {"trigger": "due_date", "delay_days": 100}

    def level_on(self, day):
        run = self.make_run(day)
        run.action_propose()
        return run.line_ids.level_id

    def test_first_policy_whose_filter_fits(self):
        self.make_policy(DUE5, sequence=1, debtor_domain="[('ref', '=', 'beta')]")
        fitting = self.make_policy(DUE5, sequence=2, debtor_domain="[('ref', '=', 'alpha')]")
        self.make_policy(DUE5, sequence=3)
        self.assertEqual(self.level_on(5).policy_id, fitting)

    def test_company_default_when_none_fits(self):
        self.make_policy(DUE5, debtor_domain=NOBODY)
        self.assert_reasons(self.move, day5="no_policy")
        default = self.make_policy(DUE5, debtor_domain=NOBODY)
        self.company.recovery_dunning_policy_id = default
        self.assertEqual(self.level_on(5).policy_id, default)

    def test_debtor_before_filters_and_invoice_before_debtor(self):
        self.make_policy(self.late, sequence=1)
        of_debtor = self.make_policy(DUE5, debtor_domain=NOBODY)
        of_invoice = self.make_policy(DUE5, debtor_domain=NOBODY)
        self.debtor.recovery_policy_id = of_debtor
        self.assertEqual(self.level_on(5).policy_id, of_debtor)
        self.move.recovery_policy_id = of_invoice
        self.assertEqual(self.level_on(5).policy_id, of_invoice)

    def test_policy_of_the_debtor_is_per_company(self):
        other = self.make_company("Other creditor")
        self.debtor.with_company(other).recovery_policy_id = self.make_policy(DUE5, debtor_domain=NOBODY)
        self.assert_reasons(self.move, day5="no_policy")

    def test_policy_of_another_company_is_not_offered(self):
        self.make_policy(DUE5, company_id=self.make_company("Other creditor").id)
        self.assert_reasons(self.move, day5="no_policy")

    def test_archived_policy_is_not_chosen(self):
        self.make_policy(DUE5).active = False
        self.assert_reasons(self.move, day5="no_policy")

    def test_whom_a_person_said_not_to_chase_is_not_chased_once_that_policy_is_archived(self):
        self.make_policy(DUE5, sequence=2)
        never = self.make_policy(do_not_chase=True, sequence=1, debtor_domain=NOBODY)
        for named in (self.debtor, self.move):
            with self.subTest(named._name):
                named.recovery_policy_id = never
                never.active = True
                self.assert_reasons(self.move, day5="do_not_chase")
                never.active = False
                self.assert_reasons(self.move, day5="do_not_chase")
                named.recovery_policy_id = False
        never.debtor_domain = "[]"
        self.assert_reasons(self.move, day5="selected")
        never.active = True
        self.assert_reasons(self.move, day5="do_not_chase")

    def test_companies_of_ours_are_chased_under_a_policy_chosen_for_them_only(self):
        """Nobody writes to itself, a branch or a sister company because of a policy that is for everybody."""
        policy = self.make_policy(DUE5)
        self.company.recovery_dunning_policy_id = policy
        branch, archived = self.env["res.company"].create(
            [{"name": "Branch", "parent_id": self.company.id}, {"name": "Archived"}]
        )
        archived.active = False
        for debtor in (self.company | branch | self.make_company("Sister") | archived).partner_id:
            debtor.email = "ours@example.com"
            contact = self.env["res.partner"].create({"name": "Shop", "parent_id": debtor.id})
            moves = self.invoice(debtor), self.invoice(contact)
            with self.subTest(debtor.name):
                for move in moves:
                    self.assert_reasons(move, day5="own_company")
                debtor.recovery_policy_id = policy
                self.assert_reasons(moves[0], day5="selected")
                debtor.recovery_policy_id = False
                moves[1].recovery_policy_id = policy
                self.assertEqual([self.reason(move, 5) for move in moves], ["own_company", "selected"])
        self.assert_reasons(self.move, day5="selected")

    def test_do_not_chase(self):
        self.make_policy(DUE5)
        nobody = self.make_policy(do_not_chase=True, debtor_domain=NOBODY)
        self.move.recovery_policy_id = nobody
        self.assert_reasons(self.move, day5="do_not_chase")
        self.move.recovery_policy_id = False
        self.assert_reasons(self.move, day5="selected")
        self.debtor.recovery_policy_id = nobody
        self.assert_reasons(self.move, day5="do_not_chase")

    def test_item_excluded_from_follow_up(self):
        self.make_policy(DUE5)
        self.item(self.move).no_followup = True
        self.assert_reasons(self.move, day5="do_not_chase")

    def test_accounts_to_chase(self):
        self.make_policy(DUE5)
        doubtful = self.env["account.account"].search(
            [("code", "=", "416000"), ("company_ids", "in", self.company.ids)]
        )
        self.company.recovery_account_ids = doubtful
        self.assert_reasons(self.move, day5="do_not_chase")
        self.company.recovery_account_ids |= self.item(self.move).account_id
        self.assert_reasons(self.move, day5="selected")


@tagged("post_install", "-at_install")
class TestDunningLevels(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor()

    def test_before_the_due_date(self):
        self.make_policy({"delay_days": -5})
        move = self.invoice(self.debtor, due=10)
        self.assert_reasons(move, day4="not_due", day5="selected", day10="selected")

    def test_end_of_the_month_of_the_due_date(self):
        self.make_policy({"trigger": "month_end", "delay_days": 3})
        # Due on 15 January: the month ends on day 16 of the story.
        move = self.invoice(self.debtor, due=0)
        self.assert_reasons(move, day18="not_due", day19="selected")

    def test_end_of_february(self):
        self.make_policy({"trigger": "month_end", "delay_days": 0})
        # Due on 16 February; 28 February is day 44.
        move = self.invoice(self.debtor, due=32)
        self.assert_reasons(move, day43="not_due", day44="selected")

    def test_stepwise_takes_one_level_at_a_time(self):
        policy = self.make_policy(DUE5, DUE20)
        move = self.invoice(self.debtor)
        run = self.run_on(100)
        self.assertEqual(run.notice_ids.level_id, policy.level_ids[0])
        self.assert_reasons(move, day100="selected")
        self.assertEqual(self.run_on(101).notice_ids.level_id, policy.level_ids[1])

    def test_catch_up_takes_the_highest_level(self):
        policy = self.make_policy(DUE5, DUE20, PREVIOUS10, escalation="catch_up")
        self.invoice(self.debtor)
        self.assertEqual(self.run_on(19).notice_ids.level_id, policy.level_ids[0])
        other = self.invoice(self.make_debtor())
        run = self.run_on(20)
        self.assertEqual(run.notice_ids.line_ids.mapped("level_id"), policy.level_ids[1])
        self.assert_reasons(other, day29="waiting_interval", day30="selected")
        self.assertEqual(self.run_on(30).notice_ids.level_id, policy.level_ids[2])

    def test_catch_up_does_not_jump_over_a_notice(self):
        policy = self.make_policy(DUE5, PREVIOUS10, PREVIOUS10, escalation="catch_up")
        self.invoice(self.debtor)
        self.run_on(5)
        self.assertEqual(self.run_on(100).notice_ids.level_id, policy.level_ids[1])

    def test_level_not_meant_for_the_debtor_is_passed_over(self):
        policy = self.make_policy({**DUE5, "debtor_domain": "[('ref', '=', 'alpha')]"}, DUE20)
        self.invoice(self.debtor)
        self.assertEqual(self.run_on(20).notice_ids.level_id, policy.level_ids[1])

    def test_level_for_some_items(self):
        policy = self.make_policy({**DUE5, "item_domain": "[('amount_residual', '>', 500)]"}, DUE20)
        small, large = self.invoice(self.debtor, 100), self.invoice(self.make_debtor(), 1000)
        self.assert_reasons(small, day5="not_due")
        self.assert_reasons(large, day5="selected")
        self.assertEqual(self.run_on(20).notice_ids.level_id, policy.level_ids)

    def test_archived_level_is_reached_no_more_and_what_was_sent_at_it_counts(self):
        policy = self.make_policy(DUE5, DUE20, {"trigger": "due_date", "delay_days": 40})
        first, second, third = policy.level_ids
        reminded, warned = self.invoice(self.debtor), self.invoice(self.make_debtor(), due=-20)
        self.run_on(5)
        self.run_on(6)
        self.assertEqual(self.levels_of(warned), first | second)
        second.active = False
        self.assert_reasons(reminded, day39="not_due", day40="selected")
        self.assert_reasons(warned, day19="not_due", day20="selected")
        first.active = False
        new = self.invoice(self.make_debtor())
        self.assert_reasons(new, day39="not_due", day40="selected")
        self.run_on(40)
        self.assert_reasons(warned, day41="last_level_done")
        third.active = False
        self.assert_reasons(new, day41="policy_error")

    def levels_of(self, move):
        return self.env["recovery.notice.line"].search([("move_id", "=", move.id)]).level_id

    def test_level_above_an_archived_one_is_not_sent_after_it(self):
        policy = self.make_policy(DUE5, DUE20, escalation="catch_up")
        move = self.invoice(self.debtor)
        self.assertEqual(self.run_on(20).notice_ids.level_id, policy.level_ids[1])
        policy.level_ids[1].active = False
        self.assert_reasons(move, day30="last_level_done")

    def test_changed_policy_starts_at_its_first_level(self):
        self.make_policy(DUE5, PREVIOUS10)
        move = self.invoice(self.debtor)
        self.run_on(5)
        other = self.make_policy(DUE5, PREVIOUS10, debtor_domain=NOBODY)
        move.recovery_policy_id = other
        self.assertEqual(self.run_on(6).notice_ids.level_id, other.level_ids[0])

    def test_level_chosen_by_hand(self):
        policy = self.make_policy(DUE5, PREVIOUS10, PREVIOUS10)
        move = self.invoice(self.debtor)
        change = self.env["recovery.dunning.change"].create(
            {"move_ids": move.ids, "level_id": policy.level_ids[2].id, "reason": "Moved without an address"}
        )
        change.action_change()
        self.assertIn("Moved without an address", move.message_ids[0].body)
        self.assertEqual(self.run_on(1).notice_ids.level_id, policy.level_ids[2])
        self.assert_reasons(move, day300="last_level_done")

    def test_what_was_changed_by_hand_is_told_in_the_companys_language(self):
        policy = self.make_policy(DUE5, PREVIOUS10)
        self.env.company.partner_id.lang = "fr_FR"
        move = self.invoice(self.debtor)
        wizard = self.env["recovery.dunning.change"].with_context(lang="en_US")
        wizard.create(
            {"move_ids": move.ids, "level_id": policy.level_ids[1].id, "reason": "Lent"}
        ).action_change()
        told = move.message_ids[0]
        self.assertIn("Relance modifiée", told.body)
        self.assertEqual(told.tracking_value_ids.new_value_char, policy.name)

    def test_level_of_a_policy_the_invoice_is_not_under_brings_its_policy(self):
        self.make_policy(DUE5)
        strict = self.make_policy(DUE5, PREVIOUS10, debtor_domain="[('name', '=', 'Nobody')]")
        move = self.invoice(self.debtor)
        self.env["recovery.dunning.change"].create(
            {"move_ids": move.ids, "level_id": strict.level_ids[1].id, "reason": "Known to be slow"}
        ).action_change()
        self.assertEqual(move.recovery_policy_id, strict)
        self.assertEqual(self.run_on(1).notice_ids.level_id, strict.level_ids[1])

    def assert_level(self, move, expected):
        """``{day: level}``: the level at which the invoice is chased on a day, None when it is not."""
        item = self.item(move)
        for on, level in expected.items():
            row = self.make_run(on)._judge(item)[item.id]
            found = row["level_id"] if row["reason"] == "selected" else None
            self.assertEqual(found, level and level.id, f"day {on}")

    def test_reminder_of_the_due_date_is_not_sent_after_it(self):
        early, late = ({"trigger": "due_date", "delay_days": delay} for delay in (-10, -2))
        policy = self.make_policy(early, late, DUE5, PREVIOUS10)
        first, second, third, _last = policy.level_ids
        move = self.invoice(self.debtor)
        self.assert_level(move, {-11: None, -10: first, 0: first, 1: None, 4: None, 5: third})
        policy.escalation = "catch_up"
        self.assert_level(move, {-3: first, -2: second, 0: second, 1: None, 4: None, 5: third})
        policy.escalation = "stepwise"
        self.run_on(-10)
        self.assert_level(move, {-3: None, -2: second, 0: second, 1: None, 4: None, 5: third})

    def test_reminder_that_the_next_level_waits_for_is_sent_late(self):
        policy = self.make_policy({"trigger": "due_date", "delay_days": -5}, PREVIOUS10)
        self.assert_level(self.invoice(self.debtor), {3: policy.level_ids[0]})

    def test_level_chosen_before_is_shown_again(self):
        policy = self.make_policy(DUE5, PREVIOUS10)
        move = self.invoice(self.debtor)
        wizard = self.env["recovery.dunning.change"]
        values = {"move_ids": move.ids, "level_id": policy.level_ids[1].id, "reason": "Slow"}
        wizard.create(values).action_change()
        again = wizard.with_context(default_move_ids=move.ids).default_get(
            ["move_ids", "policy_id", "level_id"]
        )
        self.assertEqual(again["level_id"], policy.level_ids[1].id)

    def changing(self, moves):
        form = Form(self.env["recovery.dunning.change"].with_context(default_move_ids=moves.ids))
        form.reason = "Lent"
        return form

    def test_what_nobody_touched_in_the_dialog_is_left(self):
        """Invoices of which one has a policy, or that others changed meanwhile."""
        policy, other = self.make_policy(DUE5, PREVIOUS10), self.make_policy(DUE5, debtor_domain=NOBODY)
        moves = self.invoice(self.debtor) + self.invoice(self.debtor)
        moves[0].recovery_policy_id = other
        form = self.changing(moves)
        self.assertFalse(form.policy_id, "the invoices do not agree")
        form.save().action_change()
        self.assertEqual(moves.mapped("recovery_policy_id"), other)
        self.assertFalse(moves[1].recovery_policy_id)
        self.assertIn("Policy: unchanged; next level: unchanged", moves[1].message_ids[0].body)
        form = self.changing(moves[1])
        form.level_id = policy.level_ids[1]
        form.save().action_change()
        self.assertEqual(moves[1].recovery_policy_id, policy)
        form = self.changing(moves[1])
        moves[1].recovery_policy_id = other
        form.policy_id = self.make_policy(DUE5)
        with self.assertRaisesRegex(UserError, "Somebody else changed meanwhile"):
            form.save().action_change()

    def test_level_had_already_cannot_be_chosen(self):
        policy = self.make_policy(DUE5, PREVIOUS10)
        move = self.invoice(self.debtor)
        self.run_on(5)
        change = self.env["recovery.dunning.change"].create(
            {"move_ids": move.ids, "level_id": policy.level_ids[0].id, "reason": "Again"}
        )
        with self.assertRaisesRegex(UserError, "no claim gets a level twice"):
            change.action_change()
