"""A debtor sends its dispute twice, or the desk notes it meanwhile: one dispute holds an item."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_promise_two_transactions import ItemsAtOnce


@tagged("post_install", "-at_install")
class TestDisputeTwoTransactions(ItemsAtOnce):
    def about(self, env, *items):
        return env["recovery.dispute"].create(
            {
                "partner_id": self.debtor_id,
                "move_line_ids": [Command.set(items)],
                "cause": "goods",
                "description": "Broken",
            }
        )

    def test_one_of_two_disputes_about_an_item_is_noted(self):
        [error] = self.at_once(self.item_ids[0], self.item_ids[0])
        self.assertIsInstance(error, ValidationError)
        self.assertIn("is disputed already: answer there", str(error))
        self.assertEqual(self.noted(), [1, 1])

    def test_disputes_about_two_items_are_both_noted(self):
        self.assertEqual(self.at_once(*self.item_ids), [])
        self.assertEqual(self.noted(), [2, 2])

    def test_who_closes_second_is_told_and_the_debtor_was_told_once(self):
        env = self.transaction()
        dispute = self.about(env, self.item_ids[0])
        dispute.answer = "We look into it"
        env.cr.commit()

        def close(outcome, answer):
            def work(env):
                closing = env["recovery.dispute"].with_user(env.ref("base.user_admin")).browse(dispute.id)
                closing.answer = answer
                getattr(closing, f"action_{outcome}")()

            return work

        error = self.at_the_same_time(close("accept", "You are right"), close("reject", "It is owed"))
        self.assertIsInstance(error, UserError)
        self.assertIn("was closed (The debtor is right) and the debtor was told", str(error))
        left = self.transaction()["recovery.dispute"].browse(dispute.id)
        self.assertEqual((left.outcome, left.answer), ("accepted", "You are right"))
        with self.assertRaises(UserError):
            left.with_user(left.env.ref("base.user_admin")).action_withdraw()

    def noted(self):
        """How many disputes and holds there are."""
        env = self.transaction()
        return [
            env[model].search_count([("partner_id", "=", self.debtor_id)])
            for model in ("recovery.dispute", "recovery.hold")
        ]
