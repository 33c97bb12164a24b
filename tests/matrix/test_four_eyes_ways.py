"""Ways round four eyes that are no writes on the request: the kind of the debtor, a contact, a new debtor or a merge,
another company, two users of one person, many small requests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from asked import KINDS, Waiver
from odoo import Command
from odoo.tests import tagged
from test_four_eyes import RIGHTS
from two_people import TwoPeople


@tagged("post_install", "-at_install")
class TestRoundFourEyes(TwoPeople):
    # -- limits above the ceiling ---------------------------------------------------------------

    def test_a_new_debtor_comes_with_no_more_than_one_person_gives(self):
        partners = self.of(self.asker, self.env["res.partner"])
        new = {"name": "New", "is_company": True}
        self.assert_refused_all(partners.create, {**new, "credit_limit": 5000})
        self.assert_refused_all(partners.with_context(default_credit_limit=5000).create, new)
        loaded = partners.load(["name", "is_company", "credit_limit"], [["New", "1", "5000"]])
        self.assertFalse(loaded["ids"])
        self.assert_done(partners.create, {**new, "credit_limit": 1000})

    def test_a_debtor_is_not_turned_into_another_kind_for_its_limit(self):
        debtor = self.of(self.asker, self.debtor)
        self.assert_done(debtor.write, {"is_company": False})
        self.assert_done(debtor.write, {"credit_limit": 5000})  # persons have no ceiling here
        for values in ({"is_company": True}, {"company_type": "company"}):
            self.assert_refused_all(debtor.write, values)
        self.assert_done(debtor.write, {"credit_limit": 1000})
        self.assert_done(debtor.write, {"is_company": True})

    def test_nor_with_the_limit_of_another_company(self):
        sister = self.make_company("Sister")
        self.asker.company_ids |= sister
        self.assert_done(self.of(self.asker, self.debtor).write, {"is_company": False})
        self.assert_done(self.of(self.asker, self.debtor, sister).write, {"credit_limit": 5000})
        self.assert_refused_all(self.of(self.asker, self.debtor).write, {"is_company": True})

    def test_a_limit_does_not_come_by_a_contact(self):
        other = self.make_debtor("Parent of all")
        for user in (self.seller, self.asker):
            made = self.of(user, self.env["res.partner"])
            below = {"name": "Contact", "parent_id": other.id}
            contact = self.env["res.partner"].create(below)
            if self.tried(made.create, {**below, "credit_limit": 5000}):
                contact |= self.done.sudo()
            for one in contact:
                mine = self.of(user, one)
                self.tried(mine.write, {"credit_limit": 5000})
                self.tried(mine.write, {"parent_id": False, "is_company": True})
                with self.case(user.login):
                    self.assertEqual((one.commercial_partner_id, one.credit_limit), (one, 0))

    def test_a_contact_that_leaves_takes_no_credit_along(self):
        """The fields of a contact are those of its debtor: a debtor of its own starts with nothing."""
        rich = self.make_debtor("Rich", limit=100000, risk_class=self.class_a)
        for user, values in (
            (self.seller, {"parent_id": False}),
            (self.asker, {"parent_id": False}),
            (self.asker, {"is_company": True}),
        ):
            contact = self.env["res.partner"].create({"name": "Contact", "parent_id": rich.id})
            self.assertEqual(contact.credit_limit, 100000)
            self.assert_done(self.of(user, contact).write, values)
            with self.case(user.login, values):
                self.assertEqual(contact.commercial_partner_id, contact)
                self.assertFalse(contact.credit_limit or contact.recovery_risk_class)
        self.assertEqual((rich.credit_limit, rich.recovery_risk_class), (100000, self.class_a))

    def test_who_may_give_credit_gives_it_to_a_contact_that_leaves(self):
        rich = self.make_debtor("Rich", limit=100000, risk_class=self.class_a)
        contact = self.env["res.partner"].create({"name": "Contact", "parent_id": rich.id})
        mine = self.of(self.asker, contact)
        leaves = {"parent_id": False, "is_company": True}
        self.assert_refused_all(mine.write, {**leaves, "credit_limit": 5000})
        self.assert_done(mine.write, {**leaves, "credit_limit": 900})
        self.assertEqual(contact.credit_limit, 900)

    def test_a_debtor_s_limit_reaches_its_contacts(self):
        contact = self.env["res.partner"].create({"name": "Contact", "parent_id": self.debtor.id})
        self.assert_done(self.of(self.asker, self.debtor).write, {"credit_limit": 700})
        self.assertEqual(contact.credit_limit, 700)

    def test_who_sells_merges_nobody_who_was_given_credit(self):
        """Into one with a limit, or one that was made up: the other would owe under its terms."""
        rich = self.make_debtor("Rich", limit=100000, risk_class=self.class_a)
        poor = self.make_debtor("Poor", limit=10, risk_class=self.class_d)
        new = self.make_debtor("New")
        for source, target in ((poor, rich), (rich, poor), (poor, new), (new, rich)):
            with self.case(source.name, target.name):
                self.assert_refused_all(self.merge, self.seller, source, target)
        self.assert_done(self.merge, self.decider, poor, rich)
        self.assertEqual((poor.exists(), rich.credit_limit), (self.env["res.partner"], 100000))

    def test_who_sells_merges_others_and_contacts_of_one_debtor(self):
        self.assert_done(self.merge, self.seller, self.make_debtor("One"), self.make_debtor("Two"))
        contacts = self.env["res.partner"].create(
            [
                {"name": "Contact", "parent_id": self.debtor.id},
                {"name": "Kontakt", "parent_id": self.debtor.id},
            ]
        )
        self.assert_done(self.merge, self.seller, contacts[0], contacts[1])

    def merge(self, user, source, target):
        wizard = self.of(user, self.env["base.partner.merge.automatic.wizard"])
        wizard._merge((source | target).ids, target.with_user(user))

    def test_a_branch_has_its_creditor_s_ceilings(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.asker.company_ids |= branch
        self.assert_refused_all(self.of(self.asker, self.debtor, branch).write, {"credit_limit": 5000})
        self.company.recovery_waiver_ceiling = 40
        self.company.recovery_write_off_ceiling = 70
        self.assertEqual((branch.recovery_waiver_ceiling, branch.recovery_write_off_ceiling), (40, 70))

    # -- two users of one person -----------------------------------------------------------------

    def test_one_person_has_one_pair_of_eyes(self):
        twin = self.make_user("four_eyes_twin", RIGHTS)
        self.env.cr.execute(
            "UPDATE res_users SET partner_id = %s WHERE id = %s", (self.asker.partner_id.id, twin.id)
        )
        self.env.invalidate_all()
        for user, decides in ((twin, False), (self.decider, True)):
            for kind in KINDS:
                asked = kind(self, self.asker)
                with self.case(asked.model, user.login), self.undone() as savepoint:
                    record = asked.make().with_env(self.env)
                    self.tried(getattr(self.of(user, record), asked.approve))
                    self.assertEqual(asked.is_decided(record), decides)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_nor_does_the_twin_add_to_what_one_person_gives_up(self):
        twin = self.make_user("four_eyes_twin", RIGHTS)
        self.env.cr.execute(
            "UPDATE res_users SET partner_id = %s WHERE id = %s", (self.asker.partner_id.id, twin.id)
        )
        self.env.invalidate_all()
        interest = Waiver(self, self.asker).make().with_env(self.env)
        interest.action_refuse_waiver()
        self.of(self.asker, interest).action_waive("Bit by bit", 30)
        self.of(twin, interest).action_waive("Bit by bit", 20)
        self.assertEqual(interest.waiver_asked, 20)

    # -- who wrote what is asked ---------------------------------------------------------------------

    def test_who_wrote_the_terms_does_not_approve_them(self):
        """A manager writes the terms into somebody's draft, has it proposed, and would approve it."""
        policy = self.env["recovery.plan.policy"]._default_for(self.company)
        policy.count_max = 2
        for writes in (False, True):
            with self.case(writes), self.undone() as savepoint:
                plan = self.plan_over(self.late_item(300), policy_id=policy.id)
                theirs = self.of(self.decider, plan)
                if writes:
                    theirs.write({"instalment_count": 4})
                    theirs.generate_instalments()
                plan.action_propose()
                self.assertEqual(plan.approval_state, "waiting")
                self.assertEqual(self.tried(theirs.action_approve), not writes)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_who_wrote_what_is_given_up_does_not_approve_it(self):
        self.company.recovery_write_off_account_id = self.env["account.account"].create(
            {"name": "Losses", "code": "654000", "account_type": "expense"}
        )
        self.company.recovery_write_off_ceiling = 5
        item, other = self.late_item(900), self.late_item(10)
        for values, approves in (
            ({"line_ids": [Command.create({"move_line_id": item.id})]}, False),
            ({"reason": "cost"}, False),
            ({}, True),
        ):
            with self.case(values), self.undone() as savepoint:
                draft = self.of(self.asker, self.env["recovery.write.off"]).create(
                    {
                        "partner_id": self.debtor.id,
                        "reason": "residue",
                        "line_ids": [Command.create({"move_line_id": other.id})],
                    }
                )
                theirs = self.of(self.decider, draft)
                theirs.write(values)
                draft.action_ask()
                self.assertEqual(self.tried(theirs.action_approve), approves)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_guarantees_secure_no_more_than_one_person_gives(self):
        """Room for credit by a guarantee is credit, in however small parts; it counts once another has seen it."""
        guarantees, debtor = self.of(self.asker, self.env["recovery.guarantee"]), self.debtor
        deposit = {"partner_id": debtor.id, "kind": "deposit"}
        for amount, counts in ((600, True), (400, True), (0.01, False)):
            made = guarantees.create({**deposit, "amount": amount})
            self.assertEqual(made.is_counted, counts)
        self.assertEqual(debtor.recovery_exposure_guarantee, -1000)
        self.assertEqual(made.activity_ids.user_id._recovery_person() & self.asker, self.env["res.users"])
        self.assert_refused_all(made.action_confirm)
        self.assert_done(self.of(self.decider, made).action_confirm)
        self.assertEqual(debtor.recovery_exposure_guarantee, -1000.01)
        self.assert_done(made.write, {"amount": 5000})
        self.assertEqual(debtor.recovery_exposure_guarantee, -1000)
        insured = guarantees.create({**deposit, "kind": "insurance", "amount": 5000})
        self.assert_done(insured.write, {"kind": "surety"})
        self.assertEqual(debtor.recovery_exposure_guarantee, -1000)

    # -- many small ones ---------------------------------------------------------------------------

    def test_small_plans_that_waive_add_up(self):
        self.company.write({"country_id": self.env.ref("base.fr").id})
        self.debtor.write({"country_id": self.env.ref("base.fr").id, "credit_limit": 100_000})
        items = [self.late_item(), self.late_item()]
        waived = self.env["recovery.charge"].search([("move_line_id", "=", items[0].id)])
        self.company.recovery_waiver_ceiling = sum(waived.mapped("amount")) + 1
        first, second = (self.plan_over(item, charge_terms="waived_if_kept") for item in items)
        for proposed in ([first, second], [first | second]):
            with self.case(len(proposed)), self.undone() as savepoint:
                for plans in proposed:
                    plans.action_propose()
                self.assertEqual((first.state, second.state), ("proposed", "draft"))
                savepoint.rollback()
            self.env.invalidate_all()
        (first | second).action_propose()
        self.assertEqual(second.approval_state, "waiting")
        self.assert_done(self.of(self.decider, second).action_approve)
        self.assertEqual(second.state, "proposed")

    def test_what_a_plan_waives_counts_with_what_is_waived_by_hand(self):
        interest = Waiver(self, self.asker).make().with_env(self.env)
        interest.action_refuse_waiver()
        self.company.recovery_waiver_ceiling = interest.amount + 50
        plan = self.plan_over(self.late_item(), charge_terms="waived_if_kept")
        plan.action_propose()
        self.assertEqual(plan.state, "proposed")
        for user, asked in ((self.asker, True), (self.decider, False)):
            with self.case(user.login), self.undone() as savepoint:
                self.of(user, interest).action_waive("Bit by bit")
                self.assertEqual(bool(interest.waiver_asked), asked)
                savepoint.rollback()
            self.env.invalidate_all()
