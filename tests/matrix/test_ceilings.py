"""Whoever lets one person decide more does not decide it alone: each ceiling raised, used and put back."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from asked import Waiver
from odoo import Command
from odoo.addons.payment_plan_recovery.tests.solvency.solvency_common import ago
from odoo.tests import tagged
from two_people import TwoPeople


@tagged("post_install", "-at_install")
class TestCeilings(TwoPeople):
    def raised(self, record, name, value, before):
        """``asker`` raises a ceiling, uses it and puts it back; another manager is shown that."""
        record[name] = before
        mine = self.of(self.asker, record).sudo()
        mine[name] = value
        mine[name] = before
        mine[name] = value
        change = self.env["recovery.ceiling.change"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )
        self.assertEqual(
            [(one.user_id, one.field_name, one.amount_before, one.amount_after) for one in change],
            [(self.asker, name, before, value)] * 2,
        )
        self.assertEqual(change.activity_ids.user_id & self.asker, self.env["res.users"])
        self.assertEqual(len(change.activity_ids), 2)
        return change

    def assert_holds_for_others(self, change, decide):
        """What a raised ceiling lets one person do is done by others at once, by its author once another agrees."""
        for user, agreed, done in (
            (self.asker, False, False),
            (self.decider, False, True),
            (self.asker, True, True),
        ):
            with self.case(user.login, agreed), self.undone() as savepoint:
                self.assert_refused_all(self.of(self.asker, change).action_agree)
                if agreed:
                    self.assert_done(self.of(self.decider, change).action_agree)
                    self.assertFalse(change.activity_ids)
                self.assertEqual(bool(decide(user)), done)
                savepoint.rollback()
            self.env.invalidate_all()
        with self.undone() as savepoint:
            change.write({"changed_at": ago(370)})
            self.assertTrue(decide(self.asker), "a year later")
            savepoint.rollback()
        self.env.invalidate_all()

    def test_who_raises_what_one_person_waives_does_not_waive_it_alone(self):
        interest = Waiver(self, self.asker).make().with_env(self.env)
        interest.action_refuse_waiver()
        change = self.raised(self.company, "recovery_waiver_ceiling", interest.amount + 50, 1)

        def waived(user):
            self.of(user, interest).action_waive("Raised")
            return interest.is_waived

        self.assert_holds_for_others(change, waived)

        def plan_waives(user):
            plan = self.plan_over(item, user, charge_terms="waived_if_kept")
            plan.action_propose()
            return plan.state == "proposed"

        item = self.late_item(300)
        self.assert_holds_for_others(change, plan_waives)

    def test_who_raises_what_one_person_writes_off_does_not_approve_it_alone(self):
        self.company.recovery_write_off_account_id = self.env["account.account"].create(
            {"name": "Losses", "code": "654000", "account_type": "expense"}
        )
        item = self.late_item(900)
        change = self.raised(self.company, "recovery_write_off_ceiling", 1000, 5)

        def written_off(user):
            draft = self.of(user, self.env["recovery.write.off"]).create(
                {
                    "partner_id": self.debtor.id,
                    "reason": "residue",
                    "line_ids": [Command.create({"move_line_id": item.id})],
                }
            )
            draft.action_ask()
            return self.tried(draft.action_approve)

        self.assert_holds_for_others(change, written_off)

    def test_who_raises_the_card_s_ceiling_gives_no_limit_above_it_alone(self):
        for value in (9000, 0):
            change = self.raised(self.card, "approval_ceiling", value, 1000)
            self.assert_holds_for_others(
                change, lambda user: self.tried(self.of(user, self.debtor).write, {"credit_limit": 5000})
            )

            def checked(user):
                check = self.of(user, self.env["recovery.solvency.check"]).create(
                    {"partner_id": self.debtor.id}
                )
                check.action_compute()
                check.write(
                    {"class_id": self.class_c.id, "limit_granted": 5000, "override_reason": "Big order"}
                )
                check.action_approve()
                return check.state == "approved"

            self.assert_holds_for_others(change, checked)
            change.sudo().unlink()

    def test_who_loosens_a_plan_policy_grants_no_plan_by_it_alone(self):
        policy = self.env["recovery.plan.policy"]._default_for(self.company)
        item = self.late_item(300)

        def granted(user, chosen=policy):
            plan = self.plan_over(item, user, policy_id=chosen.id)
            plan.action_propose()
            return plan.state == "proposed"

        for name, value, before in (
            ("count_max", 12, 2),
            ("approval_ceiling", 0, 10),
            ("amount_min", 0, 200),
        ):
            change = self.raised(policy, name, value, before)
            self.assert_holds_for_others(change, granted)
            change.sudo().unlink()
        change = self.raised(policy, "approval_ceiling", 0, 1234567.5)
        told = change[:1].name.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
        self.assertIn(policy.display_name, told, "which of the policies")
        self.assertRegex(told, r"1.?234.?567[.,]50? → ", "the whole sum")
        self.assertEqual(self.of(self.decider, change[:1]).action_open_changed()["res_id"], policy.id)
        change.sudo().unlink()
        policy.write({"count_max": 12, "approval_ceiling": 0, "amount_min": 0})
        mine = self.of(self.asker, policy).sudo()
        mine.count_max = 5  # stricter binds nobody
        self.assertTrue(granted(self.asker))
        mine.count_max = 6
        mine.count_max = 5  # looser, and back to what it was
        self.assertTrue(granted(self.asker))
        made = self.of(self.asker, policy).sudo().copy()
        new = self.env["recovery.ceiling.change"].search(
            [("res_id", "=", made.id), ("field_name", "=", False)]
        )
        self.assert_holds_for_others(new, lambda user: granted(user, made.with_env(self.env)))

    def checked(self, limit):
        """Return how somebody decides alone on a check that grants class C this limit: whether it stands."""

        def decide(user):
            check = self.of(user, self.env["recovery.solvency.check"]).create(
                {"partner_id": self.debtor.id, "limit_requested": limit}
            )
            check.action_compute()
            check.write({"class_id": self.class_c.id, "limit_granted": limit, "override_reason": "Big order"})
            check.action_approve()
            return check.state == "approved"

        return decide

    def test_who_lifts_the_cap_of_a_class_gives_no_limit_above_it_alone(self):
        """The cap itself, its box, the score the class is reached from, a class put in, and what a class refuses."""
        self.card.approval_ceiling = 0
        bound = self.card.class_ids.filtered(lambda one: one.class_id == self.class_c)
        bound.cap = 2000
        self.card.limit_part_ids = [Command.clear(), Command.create({"kind": "requested_need"})]

        change = self.raised(bound, "cap", 9000, 2000)
        self.assertIn(self.card.display_name, change[:1].name)
        self.assert_holds_for_others(change, self.checked(2000.01))
        self.assertTrue(self.checked(2000)(self.asker), "what was allowed before is no matter")
        change.sudo().unlink()
        bound.cap = 2000
        change = self.raised(bound, "has_cap", False, True)
        self.assert_holds_for_others(change, self.checked(5000))
        change.sudo().unlink()
        bound.has_cap = True
        change = self.raised(bound, "from_score", 1, 99)
        self.assert_holds_for_others(change, self.checked(100))
        change.sudo().unlink()
        change = self.raised(self.class_c, "refuses_credit", False, True)
        self.assert_holds_for_others(change, self.checked(100))
        change.sudo().unlink()
        self.of(self.asker, self.card).sudo().write(
            {
                "class_ids": [
                    Command.delete(bound.id),
                    Command.create({"class_id": self.class_c.id, "cap": 9000, "from_score": 50.5}),
                ]
            }
        )
        new = self.env["recovery.ceiling.change"].search([("res_model", "=", bound._name)])
        self.assertEqual(len(new), 1)
        self.assert_holds_for_others(new, self.checked(100))
        new.sudo().unlink()
        self.of(self.asker, self.card).sudo().currency_id = self.env.ref("base.JPY")
        dearer = self.env["recovery.ceiling.change"].search([("res_model", "=", self.card._name)])
        self.assert_holds_for_others(dearer, self.checked(100))

    def test_a_new_card_is_one_change_and_not_one_for_each_class(self):
        made = self.of(self.asker, self.card).sudo().copy()
        changes = self.env["recovery.ceiling.change"].search([("user_id", "=", self.asker.id)])
        self.assertEqual([(one.res_model, one.res_id) for one in changes], [(made._name, made.id)])

    def test_who_lets_a_class_have_longer_plans_grants_none_alone(self):
        policy = self.env["recovery.plan.policy"]._default_for(self.company)
        policy.write({"count_max": 12, "approval_ceiling": 0, "amount_min": 0, "months_max": 0})
        item = self.late_item(300)
        change = self.raised(self.class_c, "plan_max_months", 0, 1)

        def granted(user):
            plan = self.plan_over(item, user, policy_id=policy.id)
            plan.action_propose()
            return plan.state == "proposed"

        self.assert_holds_for_others(change, granted)

    def test_where_nobody_else_manages_the_only_manager_sets_the_ceilings(self):
        interest = Waiver(self, self.asker).make().with_env(self.env)
        interest.action_refuse_waiver()
        self.raised(self.company, "recovery_waiver_ceiling", interest.amount + 50, 1)
        group = self.env.ref("payment_plan_recovery.group_recovery_manager")
        others = group.sudo().all_user_ids - self.asker
        others.filtered(
            lambda user: self.company in user.company_ids and user != self.env.user
        ).active = False
        self.of(self.asker, interest).action_waive("Alone")
        self.assertTrue(interest.is_waived)
