"""Limits that hold: what posting an invoice meets, by rule, path and reader."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..solvency.solvency_common import TODAY, ago
from .enforcement_common import EnforcementCommon


@tagged("post_install", "-at_install")
class TestEnforcement(EnforcementCommon):
    def test_both_sides_of_the_limit(self):
        self.make_rule()
        self.invoice(self.debtor, 600)
        self.assert_blocked(self.invoice(self.debtor, 400.01, post=False))
        self.invoice(self.debtor, 400)
        self.assertEqual(self.debtor.recovery_exposure, 1000)

    def test_a_guarantee_makes_room(self):
        self.make_rule()
        self.env["recovery.guarantee"].create(
            {"partner_id": self.debtor.id, "kind": "bank", "amount": 300, "date_from": TODAY}
        )
        self.invoice(self.debtor, 1200)
        self.assert_blocked(self.invoice(self.debtor, 100.01, post=False))
        self.invoice(self.debtor, 100)
        self.assertEqual(self.debtor.recovery_exposure, 1000)

    def test_without_rules_nothing_is_held_up(self):
        self.invoice(self.debtor, 10**6)

    def test_without_limit_and_class_nothing_is_held_up(self):
        self.make_rule()
        self.invoice(self.make_debtor(), 10**6)

    def test_with_a_class_a_limit_of_zero_means_no_credit(self):
        self.make_rule()
        self.assert_blocked(self.invoice(self.make_debtor(risk_class=self.class_e), 1, post=False))

    def test_informing_lets_it_pass_with_a_note_without_figures(self):
        self.make_rule("inform")
        move = self.invoice(self.debtor, 1500)
        note = move.message_ids[0].body
        self.assertIn("Limit passed", note)
        self.assertNotIn("1,000", note)

    def test_by_class_and_company(self):
        self.make_rule("inform")
        self.make_rule("block", class_ids=self.class_d.ids)
        own = self.make_company("Strict creditor")
        self.make_rule("block", company_id=own.id)
        self.invoice(self.debtor, 1500)
        weak = self.make_debtor(limit=1000, risk_class=self.class_d)
        self.assert_blocked(self.invoice(weak, 1500, post=False))
        self.debtor.with_company(own).credit_limit = 10
        strict = self.invoice(self.debtor, 11, post=False, company=own)
        with self.assertRaises(UserError):
            strict.action_post()

    def test_a_rule_for_orders_only_leaves_invoices_alone(self):
        self.make_rule(on_invoice=False)
        self.invoice(self.debtor, 1500)

    def test_days_overdue(self):
        self.make_rule(trigger="days_overdue", threshold=30)
        self.invoice(self.debtor, 10, on=ago(90), due=ago(30))
        self.invoice(self.debtor, 10)
        late = self.make_debtor()
        self.invoice(late, 10, on=ago(90), due=ago(31))
        self.assertIn("31", self.assert_blocked(self.invoice(late, 10, post=False)))

    def test_instalments_are_overdue_though_their_invoices_are_not(self):
        self.make_rule("block", "days_overdue", threshold=5)
        for days in (5, 6):
            debtor = self.make_debtor("Planner", limit=1000, risk_class=self.class_c)
            move = self.invoice(debtor, 100, due=ago(-90))
            plan = self.env["recovery.plan"].create(
                {
                    "partner_id": debtor.id,
                    "date_start": ago(days),
                    "instalment_count": 1,
                    "item_ids": [Command.create({"move_line_id": self.item(move).id})],
                }
            )
            plan.generate_instalments()
            plan.action_propose()
            plan.action_accept(signed_by="Planner")
            plan.action_activate()
            self.assertEqual(plan.instalment_ids.date_due, ago(days))
            draft = self.invoice(debtor, 100, post=False)
            if days > 5:
                self.assert_blocked(draft)
            else:
                draft.action_post()

    def test_amount_overdue(self):
        self.make_rule(trigger="amount_overdue", threshold=100)
        debtor = self.make_debtor()
        self.invoice(debtor, 100, on=ago(90), due=ago(1))
        self.invoice(debtor, 10)
        # Due today is not overdue.
        self.invoice(debtor, 50, on=ago(90), due=TODAY)
        # What the invoice itself adds does not hold it up.
        self.invoice(debtor, 0.01, on=ago(90), due=ago(1))
        self.assert_blocked(self.invoice(debtor, 10, post=False))

    def test_expired_check(self):
        self.make_rule(trigger="check_expired", threshold=7)
        self.debtor.recovery_check_until = ago(7)
        self.invoice(self.debtor, 10)
        self.debtor.recovery_check_until = ago(8)
        self.assert_blocked(self.invoice(self.debtor, 10, post=False))

    def test_credit_notes_always_pass(self):
        self.make_rule()
        self.invoice(self.debtor, 1000)
        self.debtor.credit_limit = 10
        self.invoice(self.debtor, -100)

    def test_natural_persons_are_not_blocked_by_a_rule_alone(self):
        self.make_rule()
        person = self.make_debtor("Ada", limit=10, risk_class=self.class_c, is_company=False)
        move = self.invoice(person, 11, post=False)
        self.assertEqual(move.recovery_credit_action, "approve")
        self.assertNotIn("Only a recovery manager", self.assert_blocked(move))

    # Every path

    def test_batch(self):
        self.make_rule()
        moves = self.env["account.move"]
        for _number in range(3):
            moves |= self.invoice(self.debtor, 400, post=False)
        moves |= self.invoice(self.make_debtor("Other"), 400, post=False)
        with self.assertRaises(UserError) as refused:
            moves.action_post()
        self.assertEqual(set(moves.mapped("state")), {"draft"})
        self.assertIn("Kepler", str(refused.exception))
        self.assertNotIn("Other", str(refused.exception))
        (moves[:2] + moves[3]).action_post()

    def test_cron(self):
        self.make_rule()
        moves = self.invoice(self.debtor, 600, post=False) + self.invoice(self.debtor, 500, post=False)
        moves.auto_post = "at_date"
        # The cron posts them together, and one by one when that fails.
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_auto_post_draft_entry").method_direct_trigger()
        self.assertEqual(sorted(moves.mapped("state")), ["draft", "posted"])
        held = moves.filtered(lambda move: move.state == "draft")
        self.assertIn("no more credit", held.message_ids[0].body)

    def test_direct_write_and_sudo(self):
        self.make_rule()
        move = self.invoice(self.debtor, 1500, post=False)
        with self.assertRaises(UserError):
            move.sudo().write({"state": "posted"})
        with self.assertRaises(UserError):
            move.sudo().action_post()

    def test_copy(self):
        self.make_rule()
        first = self.invoice(self.debtor, 900)
        copy = first.copy()
        self.assert_blocked(copy)

    def test_drafts_that_count_are_judged_when_posted(self):
        self.make_rule()
        self.company.recovery_exposure_drafts = True
        move = self.invoice(self.debtor, 1500, post=False)
        self.assertEqual(self.debtor.recovery_exposure, 1500)
        self.assertEqual(move.recovery_credit_action, "block")
        self.assert_blocked(move)

    # Who reads what

    def test_readers_of_the_ledger_read_figures(self):
        self.make_rule("approve")
        message = self.assert_blocked(self.invoice(self.debtor, 1500, post=False))
        self.assertIn("1,500.00", message)
        self.assertIn("1,000.00", message)
        self.assertIn("Ask for credit approval", message)

    def test_others_read_no_figures(self):
        self.make_rule("approve")
        move = self.invoice(self.debtor, 1500, post=False)
        seller = self.make_user("solvency_seller", "base.group_user")
        portal = self.make_user("solvency_portal", "base.group_portal")
        for user, expected in ((seller, "Kepler"), (portal, "Our team")):
            with self.assertRaises(UserError) as refused:
                move.with_user(user).sudo().action_post()
            self.assertIn(expected, str(refused.exception))
            self.assertNotIn("1,500", str(refused.exception))
            self.assertNotIn("1,000", str(refused.exception))

    def test_what_would_happen_is_said_before(self):
        self.make_rule("approve")
        self.invoice(self.debtor, 600)
        move = self.invoice(self.debtor, 400.01, post=False)
        self.assertEqual(move.recovery_credit_action, "approve")
        self.assertIn("1,000.01", move.recovery_credit_note)
        self.assertFalse(self.invoice(self.debtor, 400, post=False).recovery_credit_action)

    # Approvals

    def test_a_negative_threshold_is_refused(self):
        with self.assertRaises(ValidationError):
            self.make_rule(threshold=-1)

    def test_cost_of_a_batch_does_not_grow_with_it(self):
        self.make_rule()
        self.make_rule("inform", "days_overdue", threshold=500)

        def queries(count):
            moves = self.env["account.move"]
            for number in range(count):
                moves |= self.invoice(self.make_debtor(f"Debtor {number}", limit=1000), 10, post=False)
            self.env.flush_all()
            self.env.invalidate_all()
            moves.mapped("partner_id.credit_limit")
            moves.mapped("line_ids.name")
            before = self.env.cr.sql_log_count
            with moves._credit_control():
                pass
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(3), queries(12))
