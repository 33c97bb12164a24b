"""A write-off is approved while its claims are agreed on, paid or given up elsewhere: one wins, the other is told."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..claim.test_promise_two_transactions import ItemsAtOnce

#: What the clerk of these tests says of a claim that is settled.
PAID = "This claim is settled."


@tagged("post_install", "-at_install")
class TestWriteOffTwoTransactions(ItemsAtOnce):
    def commit_story(self, env):
        super().commit_story(env)
        company = env.company
        self.company_id = company.id
        self.before = (company.recovery_write_off_account_id.id or None, company.recovery_write_off_ceiling)
        claims = env["account.move.line"].browse(self.item_ids)
        company.recovery_write_off_account_id = claims.move_id.line_ids.filtered("credit").account_id
        company.recovery_write_off_ceiling = 100000

    def take_away(self, cr):
        """What was booked goes before what it settled."""
        cr.execute(
            "UPDATE res_company SET (recovery_write_off_account_id, recovery_write_off_ceiling) = (%s, %s)"
            " WHERE id = %s",
            [*self.before, self.company_id],
        )
        cr.execute(
            "DELETE FROM account_partial_reconcile partial USING account_move_line line"
            " WHERE line.partner_id = %s AND line.id IN (partial.debit_move_id, partial.credit_move_id)",
            [self.debtor_id],
        )
        cr.execute("DELETE FROM recovery_plan WHERE partner_id = %s", [self.debtor_id])
        cr.execute("DELETE FROM recovery_write_off WHERE partner_id = %s", [self.debtor_id])
        cr.execute(
            "DELETE FROM account_move WHERE id IN (SELECT move_id FROM account_move_line WHERE partner_id = %s)"
            " AND id NOT IN (SELECT move_id FROM account_move_line WHERE id = ANY(%s))",
            [self.debtor_id, self.item_ids],
        )
        super().take_away(cr)

    def write_off(self, *amounts):
        """A write-off of so much of each claim, asked for and committed; its id."""
        env = self.transaction()
        lines = [
            Command.create({"move_line_id": item, "amount": amount})
            for item, amount in zip(self.item_ids, amounts, strict=False)
        ]
        values = {"partner_id": self.debtor_id, "reason": "cost", "line_ids": lines}
        write_off = env["recovery.write.off"].create(values)
        write_off.action_ask()
        env.cr.commit()
        return write_off.id

    def approve(self, write_off):
        return lambda env: env["recovery.write.off"].browse(write_off).action_approve()

    def plan(self):
        """A plan over both claims, proposed and committed; its id."""
        env = self.transaction()
        covered = [Command.create({"move_line_id": item}) for item in self.item_ids]
        plan = env["recovery.plan"].create({"partner_id": self.debtor_id, "item_ids": covered})
        plan.action_propose()
        env.cr.commit()
        return plan.id

    def state(self, model, number):
        return self.transaction()[model].browse(number).state

    def accept(self, plan):
        return lambda env: env["recovery.plan"].browse(plan).action_accept(signed_by="Anne")

    def pay(self, amount):
        """What the clerk does at the bank: book what came in, and match it with the first claim."""

        def receive(env):
            claim = env["account.move.line"].browse(self.item_ids[0])
            if claim.reconciled:
                raise UserError(PAID)
            income = claim.move_id.line_ids.filtered("credit").account_id
            entry = env["account.move"].create(
                {
                    "journal_id": claim.journal_id.id,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": claim.account_id.id,
                                "partner_id": self.debtor_id,
                                "credit": amount,
                            }
                        ),
                        Command.create({"account_id": income.id, "debit": amount}),
                    ],
                }
            )
            entry.action_post()
            (claim + entry.line_ids.filtered("credit")).reconcile()

        return receive

    def left(self):
        env = self.transaction()
        return env["account.move.line"].browse(self.item_ids).mapped("amount_residual")

    def states(self, *write_offs):
        return [self.state("recovery.write.off", write_off) for write_off in write_offs]

    def test_a_plan_is_not_accepted_over_what_was_just_given_up(self):
        write_off, plan = self.write_off(300, 300), self.plan()
        error = self.at_the_same_time(self.approve(write_off), self.accept(plan))
        self.assertIsInstance(error, UserError)
        self.assertIn("leave it out of the plan", str(error))
        self.assertEqual(
            (self.state("recovery.plan", plan), self.states(write_off)), ("proposed", ["booked"])
        )

    def test_what_was_just_agreed_on_may_be_given_up_and_the_plan_is_told(self):
        write_off, plan = self.write_off(300, 300), self.plan()
        self.assertIsNone(self.at_the_same_time(self.accept(plan), self.approve(write_off)))
        self.assertEqual((self.states(write_off), self.left()), (["booked"], [0, 0]))
        plan = self.transaction()["recovery.plan"].browse(plan)
        self.assertEqual((plan.state, plan.amount_residual), ("accepted", 0))

    def test_no_more_is_given_up_than_is_owed_once_money_came(self):
        write_off = self.write_off(300, 300)
        error = self.at_the_same_time(self.pay(100), self.approve(write_off))
        self.assertIsInstance(error, ValidationError)
        self.assertIn("owes 200.0: give up that much at most", str(error))
        self.assertEqual((self.states(write_off), self.left()), (["asked"], [200, 300]))

    def test_money_does_not_settle_what_was_just_given_up(self):
        write_off = self.write_off(300, 300)
        error = self.at_the_same_time(self.approve(write_off), self.pay(100))
        self.assertEqual(str(error), PAID)
        self.assertEqual((self.states(write_off), self.left()), (["booked"], [0, 0]))

    def test_two_write_offs_give_up_no_more_than_the_claim(self):
        one, two = self.write_off(200), self.write_off(200)
        error = self.at_the_same_time(self.approve(one), self.approve(two))
        self.assertIsInstance(error, ValidationError)
        self.assertEqual((self.states(one, two), self.left()), (["booked", "asked"], [100, 300]))

    def test_one_person_s_ceiling_holds_for_two_windows_together(self):
        env = self.transaction()
        env.company.recovery_write_off_ceiling = 250
        env.cr.commit()
        one, two = self.write_off(200), self.write_off(1, 200)
        error = self.at_the_same_time(self.approve(one), self.approve(two))
        self.assertIsInstance(error, AccessError)
        self.assertEqual(self.states(one, two), ["booked", "asked"])

    def test_one_is_taken_back_once(self):
        write_off = self.write_off(200)
        env = self.transaction()
        self.approve(write_off)(env)
        env.cr.commit()

        def take_back(env):
            env["recovery.write.off"].browse(write_off).action_reverse()

        error = self.at_the_same_time(take_back, take_back)
        self.assertIn("reload the page", str(error))
        self.assertEqual((self.states(write_off), self.left()), (["reversed"], [300, 300]))
