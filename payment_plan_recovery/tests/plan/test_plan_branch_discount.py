"""A discount on a plan over several branches: a credit note in the books of each, for what remains there."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .plan_branch_common import PlanBranchCommon


@tagged("post_install", "-at_install")
class TestPlanBranchDiscount(PlanBranchCommon):
    def discounted(self):
        plan = self.active_plan(self.northern, self.southern, end_of_month=True, discount_percent=2)
        self.receive_in(self.north, 118, "2026-01-31", self.northern)
        self.receive_in(self.south, 176, "2026-01-31", self.southern)
        plan.monitor(date(2026, 1, 31))
        return plan

    def test_a_discount_is_a_credit_note_in_the_books_of_each_branch(self):
        plan = self.discounted()
        notes = {note.company_id: note for note in plan.discount_move_ids}
        self.assertEqual(
            {company: (note.amount_total, note.payment_state, note.state) for company, note in notes.items()},
            {self.north: (2, "paid", "posted"), self.south: (4, "paid", "posted")},
        )
        self.assertEqual((plan.state, plan.discount_earned, plan.amount_residual), ("completed", 6, 0))
        self.assertEqual(plan.discount_move_id, plan.discount_move_ids.sorted("id")[0])
        for note, move in ((notes[self.north], self.northern), (notes[self.south], self.southern)):
            self.assertEqual(
                note.invoice_line_ids.mapped("name"), [f"Discount for payment on time, {move.name}"]
            )
            self.assertTrue(self.item(move).reconciled)

    def test_it_goes_where_something_remains(self):
        plan = self.active_plan(self.northern, self.southern, end_of_month=True, discount_percent=2)
        self.receive_in(self.north, 120, "2026-01-31", self.northern)
        self.receive_in(self.south, 174, "2026-01-31", self.southern)
        plan.monitor(date(2026, 1, 31))
        self.assertEqual((plan.state, plan.discount_move_ids.company_id), ("completed", self.south))
        self.assertEqual(plan.discount_move_ids.amount_total, 6)

    def test_what_was_paid_too_much_comes_back_by_what_was_covered(self):
        plan = self.active_plan(self.northern, self.southern, end_of_month=True, discount_percent=2)
        self.receive_in(self.north, 120, "2026-01-31", self.northern)
        self.receive_in(self.south, 180, "2026-01-31", self.southern)
        plan.monitor(date(2026, 1, 31))
        given = {note.company_id: note.amount_total for note in plan.discount_move_ids}
        self.assertEqual(given, {self.north: 2.4, self.south: 3.6})

    def test_all_notes_or_none(self):
        plan = self.active_plan(self.northern, self.southern, end_of_month=True, discount_percent=2)
        self.receive_in(self.north, 118, "2026-01-31", self.northern)
        self.receive_in(self.south, 176, "2026-01-31", self.southern)
        entries = self.env["account.move"].search_count([("partner_id", "=", self.debtor.id)])
        tax = self.env["account.tax"].create({"name": "Off", "amount": 3, "company_id": self.company.id})
        original = type(plan)._discount_lines_of

        def failing(records, item, share):
            vals = original(records, item, share)
            if item.company_id == self.south:
                vals[0]["tax_ids"] = [Command.set(tax.ids)]
            return vals

        self.patch(type(plan), "_discount_lines_of", failing)
        plan.monitor(date(2026, 1, 31))
        self.assertEqual((plan.state, plan.discount_move_ids.ids), ("active", []))
        self.assertEqual(
            self.env["account.move"].search_count([("partner_id", "=", self.debtor.id)]), entries
        )

    def test_a_discount_lost_is_taken_back_in_each_branch(self):
        plan = self.discounted()
        notes = plan.discount_move_ids
        self.item(self.southern).remove_move_reconcile()
        plan.monitor(date(2026, 2, 20))
        self.assertEqual((plan.state, plan.amount_residual), ("active", 182))
        plan.action_break()
        self.assertEqual((plan.state, plan.discount_move_ids.ids), ("broken", []))
        self.assertEqual(set(notes.reversal_move_ids.mapped("company_id")), {self.north, self.south})
        self.assertEqual(notes.mapped("amount_residual"), [0, 0])
        self.assertEqual(self.item(self.northern, self.southern).mapped("amount_residual"), [2, 180])
