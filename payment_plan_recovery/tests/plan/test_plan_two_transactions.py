"""Two collectors agree on the same invoice, or three renegotiate the same plan, at the same time: one goes through."""

from functools import partial
from unittest.mock import patch

import psycopg2
from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.two_transactions import TwoTransactions


class PlansAtOnce(TwoTransactions):
    #: What each plan covers, by the places of the items.
    covers = ((0,), (0,))

    def commit_story(self, env):
        """Items of 300, and the plans over them, all proposed."""
        receivable, income = self.make_accounts(env, "TWO")
        journal = self.note(env["account.journal"].create({"name": "Two", "code": "TWO", "type": "general"}))
        debtor = self.note(env["res.partner"].create({"name": "Two plans", "is_company": True}))
        owed = [
            command
            for _place in range(1 + max(max(places) for places in self.covers))
            for command in (
                Command.create({"account_id": receivable.id, "partner_id": debtor.id, "debit": 300}),
                Command.create({"account_id": income.id, "credit": 300}),
            )
        ]
        entry = self.note(env["account.move"].create({"journal_id": journal.id, "line_ids": owed}))
        entry.action_post()
        items = entry.line_ids.filtered("debit").sorted("id")
        plans = self.note(
            env["recovery.plan"].create(
                [
                    {
                        "partner_id": debtor.id,
                        "item_ids": [Command.create({"move_line_id": items[place].id}) for place in places],
                    }
                    for places in self.covers
                ]
            )
        )
        plans.action_propose()
        self.plan_ids = plans.ids

    def plan(self, number):
        """The plan, in a transaction of its own whose snapshot is taken."""
        return self.transaction()["recovery.plan"].browse(self.plan_ids[number])

    def served(self, plan, method):
        """What the server does with a call: it commits, and tries again what the database refused for another."""
        with patch("time.sleep"):
            return retrying(partial(self.calling, plan, method), plan.env)

    def calling(self, plan, method):
        return getattr(plan, method)()


@tagged("post_install", "-at_install")
class TestPlanTwoTransactions(PlansAtOnce):
    def test_one_of_two_acceptances_goes_through(self):
        first, second = self.plan(0), self.plan(1)
        first.action_accept()
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            thread, errors = self.waiting(lambda: self.served(second, "action_accept"))
            first.env.cr.commit()
            thread.join()
        [error] = errors
        self.assertIsInstance(error, UserError)
        self.assertRegex(str(error), "already in PLAN.*Leave them out, or renegotiate that plan")
        self.assertEqual(self.plan(1).state, "proposed")

    def test_a_stale_snapshot_is_refused_rather_than_believed(self):
        first, second = self.plan(0), self.plan(1)
        first.action_accept()
        first.env.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
            second.action_accept()

    def test_the_second_goes_through_when_the_first_gives_up(self):
        first, second = self.plan(0), self.plan(1)
        first.action_accept()
        thread, errors = self.waiting(lambda: self.served(second, "action_accept"))
        first.env.cr.rollback()
        thread.join()
        self.assertEqual(errors, [])
        self.assertEqual([self.plan(0).state, self.plan(1).state], ["proposed", "accepted"])

    def test_who_signs_on_the_portal_and_at_the_desk_at_once(self):
        first, second = self.plan(0), self.plan(0)
        first.action_accept(signed_by="First")
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            thread, errors = self.waiting(lambda: self.served(second, "action_accept"))
            first.env.cr.commit()
            thread.join()
        self.assertIn("you cannot record its acceptance", str(errors[0]))
        self.assertEqual(self.plan(0).signed_by, "First")

    def test_one_of_two_approvals_goes_through(self):
        env = self.transaction()
        author = env.ref("base.user_admin").id
        env["recovery.plan"].browse(self.plan_ids[0]).write(
            {"state": "draft", "approval_state": "waiting", "user_id": author}
        )
        env.cr.execute("UPDATE recovery_plan SET create_uid = %s WHERE id = %s", [author, self.plan_ids[0]])
        env.cr.commit()

        def approve(env):
            return env["recovery.plan"].browse(self.plan_ids[0]).action_approve()

        error = self.at_the_same_time(approve, approve)
        self.assertIsInstance(error, UserError)
        self.assertIn("does not wait for approval", str(error))
        self.assertEqual((self.plan(0).state, self.plan(0).approval_state), ("proposed", "approved"))

    def test_a_debtor_that_is_merged_while_it_signs_owes_what_it_signed(self):
        """Whichever comes first: the plan is accepted, and the one that stays owes it."""
        env = self.transaction()
        debtors = env["recovery.plan"].browse(self.plan_ids[0]).partner_id
        survivors = [self.note_survivor(env, f"Survivor {number}") for number in (1, 2)]
        env.cr.commit()

        def sign(number):
            return lambda env: (
                env["recovery.plan"].browse(self.plan_ids[number]).action_accept(signed_by="Anne")
            )

        def merge(debtor, survivor):
            return lambda env: env["base.partner.merge.automatic.wizard"]._merge(
                [debtor.id, survivor.id], env["res.partner"].browse(survivor.id)
            )

        self.assertIsNone(self.at_the_same_time(merge(debtors, survivors[0]), sign(0)))
        plan = self.plan(0)
        self.assertEqual((plan.state, plan.partner_id.id), ("accepted", survivors[0].id))
        plan.action_cancel()
        plan.env.cr.commit()
        self.assertIsNone(self.at_the_same_time(sign(1), merge(survivors[0], survivors[1])))
        plan = self.plan(1)
        self.assertEqual((plan.state, plan.partner_id.id), ("accepted", survivors[1].id))
        self.assertEqual(plan.item_ids.move_line_id.partner_id.id, survivors[1].id)

    def test_three_renegotiations_at_once_draft_one_revision(self):
        plan = self.plan(0)
        plan.action_accept()
        plan.action_activate()
        plan.env.cr.commit()
        first, *others = (self.plan(0) for _number in range(3))
        opened = [first.action_renegotiate()["res_id"]]
        revision = self.note(first.browse(opened))
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            threads = [
                self.waiting(
                    lambda plan=plan: opened.append(self.served(plan, "action_renegotiate")["res_id"])
                )
                for plan in others
            ]
            first.env.cr.commit()
            for thread, _errors in threads:
                thread.join()
        self.assertEqual([errors for _thread, errors in threads], [[], []])
        self.assertEqual(opened, revision.ids * 3)
        self.assertEqual(self.plan(0).revision_ids.ids, revision.ids)


@tagged("post_install", "-at_install")
class TestPlansCrossed(PlansAtOnce):
    """Plans over the same items, each in another order: nobody waits for who waits for him."""

    covers = ((0, 1, 2), (2, 1, 0))

    def test_nobody_waits_for_ever(self):
        first, second = self.plan(0), self.plan(1)
        first.action_accept()
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            thread, errors = self.waiting(lambda: self.served(second, "action_accept"))
            first.action_activate()
            first.env.cr.commit()
            thread.join()
        self.assertIn("already in PLAN", str(errors[0]))
