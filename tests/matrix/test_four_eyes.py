"""What one person asks for another decides, whatever the first writes, sends along or empties meanwhile.

Every kind of request is tried with every field of its model, in every way a client writes. Two managers of
Recovery who may do everything else: one asks, and must not be able to decide; the other decides on what was asked.
"""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import psycopg2
from asked import KINDS, Check, Override, Plan, Waiver, WriteOff
from client import FORGED, Client
from odoo import SUPERUSER_ID, Command
from odoo.addons.payment_plan_recovery.tests.credit.enforcement_common import EnforcementCommon
from odoo.addons.payment_plan_recovery.tests.solvency.solvency_common import INVOICING, MANAGER, TODAY, ago
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

RIGHTS = f"{MANAGER},{INVOICING},payment_plan_recovery.group_recovery_waive"
#: How a client's call may end without effect: told by the product or the ORM, or refused by the database.
REFUSED = (AccessError, UserError, ValueError, TypeError, KeyError, psycopg2.Error)
#: Fields that say nothing of what is asked or by whom.
HARMLESS = ("message_", "activity_", "website_message_")


@tagged("post_install", "-at_install")
class TestFourEyes(Client, EnforcementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asker = cls.make_user("four_eyes_asker", RIGHTS)
        cls.decider = cls.make_user("four_eyes_decider", RIGHTS)

    def call(self, user, record, method, *arguments, context=None):
        """Call as a client would; tell whether it was let through."""
        env = self.env(user=user, context={"allowed_company_ids": self.company.ids})
        named = {"context": {"allowed_company_ids": self.company.ids, **(context or {})}}
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.addons.base.models.ir_rule", "odoo.sql_db"):
                call_kw(env[record._name], method, [record.ids, *arguments], named)
                env.flush_all()
        except REFUSED:
            return False
        finally:
            self.env.invalidate_all()
        return True

    def fields_of(self, record):
        for name, field in record._fields.items():
            if field.store and name != "id" and not name.startswith(HARMLESS):
                yield name, field

    def values_for(self, record, field):
        """Values somebody could try: another, none, and another person."""
        values = [self.sample_value(field), False]
        if field.comodel_name == "res.users" and field.type == "many2one":
            values[0] = self.decider.id
        if field.type == "many2one" and field.comodel_name == "res.partner":
            values[0] = self.debtor.copy({"name": "Other"}).id
        if field.type == "selection":
            values += field.get_values(self.env)
        return values

    def each_kind(self, asker=None):
        for kind in KINDS:
            asked = kind(self, asker or self.asker)
            with self.env.cr.savepoint() as savepoint:
                yield asked, asked.make().with_env(self.env)
                savepoint.rollback()
            self.env.invalidate_all()

    def undone(self):
        return self.env.cr.savepoint()

    def test_the_other_decides(self):
        """The requests are such that somebody may approve them."""
        for asked, record in self.each_kind():
            with self.subTest(kind=asked.model):
                self.assertTrue(self.call(self.decider, record, asked.approve))
                self.assertTrue(asked.is_decided(record))

    def test_who_asked_does_not_decide_whatever_he_writes_meanwhile(self):
        for asked, record in self.each_kind():
            with self.case(asked.model), self.undone() as savepoint:
                self.call(self.asker, record, asked.approve)
                self.assertFalse(asked.is_decided(record), "decided by who asked")
                savepoint.rollback()
            self.env.invalidate_all()
            for name, field in self.fields_of(record):
                for value in self.values_for(record, field):
                    for context in ({}, {**FORGED, f"default_{name}": value}):
                        with self.case(asked.model, name, value, context), self.undone() as savepoint:
                            written = self.call(self.asker, record, "write", {name: value}, context=context)
                            if written or context:  # else it is as it was, and was tried so
                                self.call(self.asker, record, asked.approve, context=context)
                            self.assertFalse(asked.is_decided(record), "decided by who asked")
                            savepoint.rollback()
                        self.env.invalidate_all()

    def test_who_decides_changes_nothing_of_what_was_asked(self):
        """A change goes through only when it is no part of it, or when it has to be asked for anew."""
        for asked, record in self.each_kind():
            for name, field in self.fields_of(record):
                for value in self.values_for(record, field):
                    with self.case(asked.model, name, value), self.undone() as savepoint:
                        before = record[name]
                        written = self.call(self.decider, record, "write", {name: value})
                        if written and record[name] != before and name in self.part_of(record):
                            self.call(self.decider, record, asked.approve)
                            self.assertFalse(asked.is_decided(record), "changed and decided by one person")
                        savepoint.rollback()
                    self.env.invalidate_all()

    def part_of(self, record):
        """Fields that are what was asked, or who asked it."""
        asked = getattr(record, "_asked_fields", frozenset)()
        # of charges, which no client writes at all, nothing is guarded field by field
        guarded = getattr(record, "_fields_that_are", lambda _attribute: frozenset())
        return asked | guarded("protected") | guarded("terms")

    def test_nothing_comes_into_the_world_decided(self):
        """By values, defaults, an import or a copy."""
        for asked, record in self.each_kind():
            data = {
                name: field.convert_to_write(record[name], record)
                for name, field in self.fields_of(record)
                if field.type not in ("one2many", "many2many") and not field.compute
            }
            needed = {name: value for name, value in data.items() if name not in self.part_of(record)}
            needed |= {
                name: data[name] for name in ("partner_id", "reason", "res_model", "res_id") if name in data
            }
            states = [name for name in ("state", "approval_state") if name in record._fields]
            for name in states:
                for value in record._fields[name].get_values(self.env):
                    for way, work in self.ways_to_make(record, needed, name, value):
                        with self.case(asked.model, name, value, way), self.undone() as savepoint:
                            last = record.search([], order="id desc", limit=1)
                            work()
                            made = record.search([("id", ">", last.id)])
                            for each in made:
                                self.assertFalse(asked.is_decided(each), "came decided")
                            savepoint.rollback()
                        self.env.invalidate_all()

    def ways_to_make(self, record, needed, name, value):
        """How a client could have another record made in the state ``value``: pairs of a name and what it does."""
        forged = {**FORGED, f"default_{name}": value}
        yield "values", lambda: self.created(record, {**needed, name: value})
        yield "context", lambda: self.created(record, needed, forged)
        yield "copy", lambda: self.call(self.asker, record, "copy", {name: value}, context=forged)

    def created(self, record, values, context=None):
        env = self.env(user=self.asker)
        named = {"context": {"allowed_company_ids": self.company.ids, **(context or {})}}
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                call_kw(env[record._name], "create", [values], named)
                env.flush_all()
        except REFUSED:
            return

    # Stories of one kind

    def test_a_check_without_its_card_is_not_decided(self):
        check = Check(self, self.asker).make()
        for value in (False, self.person_card.id):
            self.assertFalse(self.call(self.asker, check, "write", {"scorecard_id": value}))
        check.sudo().scorecard_id = False
        self.assertFalse(self.call(self.decider, check, "action_approve"))

    def test_the_ceiling_is_that_of_the_day_a_check_was_asked_for(self):
        """Whatever becomes of the card between asking and approving: raised, emptied, lowered, in another currency."""
        for ceiling, afterwards in ((1000, 0), (1000, 9999), (5000, 10)):
            for decided_before in (False, True):
                with self.case(ceiling, afterwards, decided_before), self.undone() as savepoint:
                    self.card.with_user(SUPERUSER_ID).approval_ceiling = ceiling
                    check = self._asked_for(5000)
                    if decided_before:
                        self.assertTrue(self.call(self.asker, check, "action_approve"))
                    self.card.sudo().approval_ceiling = afterwards
                    self.call(self.asker, check, "action_approve")
                    self.assertEqual(check.approval_ceiling, ceiling)
                    self.assertEqual(check.state, "to_approve" if ceiling < 5000 else "approved")
                    if ceiling < 5000:
                        self.assertTrue(self.call(self.decider, check, "action_approve"))
                        self.assertEqual((check.state, check.approver_id), ("approved", self.decider))
                    savepoint.rollback()
                self.env.invalidate_all()

    def _asked_for(self, limit):
        check = (
            self.env["recovery.solvency.check"].with_user(self.asker).create({"partner_id": self.debtor.id})
        )
        check.action_compute()
        check.write({"class_id": self.class_c.id, "limit_granted": limit, "override_reason": "Big order"})
        return check

    def test_a_check_that_was_passed_on_takes_another_whatever_its_ceiling(self):
        self.card.approval_ceiling = 1000
        check = self._asked_for(5000)
        check.action_approve()
        check.sudo().approval_ceiling = 0
        self.assertFalse(self.call(self.asker, check, "action_approve"))
        self.assertTrue(self.call(self.decider, check, "action_approve"))

    def test_who_wrote_the_limit_does_not_approve_it_after_a_review(self):
        third = self.make_user("four_eyes_third", RIGHTS)
        self.card.approval_ceiling = 1000
        check = (
            self.env["recovery.solvency.check"].with_user(self.asker).create({"partner_id": self.debtor.id})
        )
        check.action_compute()
        check.with_user(self.decider).write({"limit_granted": 5000, "override_reason": "Mine"})
        check.with_user(self.asker).action_approve()
        for user in (self.asker, self.decider):
            self.assertFalse(self.call(user, check, "action_approve"))
        self.assertEqual(check.author_ids, self.asker | self.decider)
        self.assertTrue(self.call(third, check, "action_approve"))
        self.assertEqual(check.approver_id, third)

    def test_on_both_sides_of_the_ceiling(self):
        self.card.approval_ceiling = 1000
        for limit, state in ((1000, "approved"), (1000.01, "to_approve")):
            check = self._asked_for(limit)
            check.action_approve()
            self.assertEqual(check.state, state)

    def test_a_plan_is_not_approved_by_who_was_responsible(self):
        plan = Plan(self, self.asker).make()
        self.assertTrue(self.call(self.asker, plan, "write", {"user_id": self.decider.id}))
        self.assertFalse(self.call(self.asker, plan, "action_approve"))

    def test_an_approval_is_for_the_debtor_it_was_given_for(self):
        override = Override(self, self.asker).make()
        override.with_user(self.decider).action_approve()
        move = self.env["account.move"].browse(override.res_id)
        other = self.make_debtor("Other", limit=10, risk_class=self.class_d)
        move.partner_id = other
        with self.assertRaises(UserError), self.cr.savepoint():
            move.action_post()
        self.env.invalidate_all()
        move.partner_id = self.debtor
        move.action_post()
        self.assertEqual(override.state, "used")

    def test_lines_of_a_write_off_are_frozen(self):
        write_off = WriteOff(self, self.asker).make()
        item = self.item(self.invoice(self.debtor, 50))
        for command in (
            Command.create({"move_line_id": item.id}),
            Command.update(write_off.line_ids.id, {"amount": 1}),
            Command.clear(),
        ):
            self.assertFalse(self.call(self.decider, write_off, "write", {"line_ids": [command]}))

    def test_small_waivers_add_up(self):
        """One person alone waives up to the ceiling of a debtor's charges, in whatever steps."""
        interest = Waiver(self, self.asker).make().with_env(self.env)
        self.assertTrue(self.call(self.asker, interest, "action_refuse_waiver"))
        for amount, alone in ((30, True), (10, True), (0.01, False)):
            with self.case(amount):
                self.assertTrue(self.call(self.asker, interest, "action_waive", "Bit by bit", amount))
                self.assertEqual(interest.waiver_asked, 0 if alone else amount)
        self.assertTrue(self.call(self.decider, interest, "action_approve_waiver"))
        waived = interest.search([("move_line_id", "=", interest.move_line_id.id), ("is_waived", "=", True)])
        found = {(charge.amount, charge.waive_asked_by_id, charge.waived_by_id) for charge in waived}
        asker = self.asker
        self.assertEqual(found, {(30, asker, asker), (10, asker, asker), (0.01, asker, self.decider)})

    def test_what_is_approved_is_what_was_asked(self):
        interest = Waiver(self, self.asker).make().with_env(self.env)
        asked = interest.amount
        interest.move_line_id._recovery_accrue(TODAY + timedelta(days=30))
        self.assertGreater(interest.amount, asked)
        self.assertTrue(self.call(self.decider, interest, "action_approve_waiver"))
        self.assertEqual((interest.state, interest.waiver_asked), ("accrued", 0))
        [waived] = interest.search(
            [("move_line_id", "=", interest.move_line_id.id), ("is_waived", "=", True)]
        )
        self.assertEqual((waived.amount, waived.waive_reason), (asked, "Good customer"))

    def test_a_plan_that_waives_is_no_way_round(self):
        charge = Waiver(self, self.asker).make().with_env(self.env)
        plan = (
            self.env["recovery.plan"]
            .with_user(self.asker)
            .create(
                {
                    "partner_id": self.debtor.id,
                    "date_start": ago(-10),
                    "instalment_count": 3,
                    "charge_terms": "waived_if_kept",
                    "item_ids": [Command.create({"move_line_id": charge.move_line_id.id})],
                }
            )
        )
        plan.generate_instalments()
        plan.action_propose()
        self.assertEqual(plan.approval_state, "waiting")
        self.assertIn("waived if the plan is kept", plan.approval_reasons)
        plan.charge_terms = "apart"
        plan.action_propose()
        self.assertEqual((plan.approval_state, plan.state), (False, "proposed"))
