"""Class and limit of a debtor: who writes them, by what ways, and who stays the same debtor."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..solvency.solvency_common import COLLECTOR, TODAY
from .enforcement_common import EnforcementCommon

CONTACTS = "base.group_partner_manager"


@tagged("post_install", "-at_install")
class TestCreditTerms(EnforcementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk.group_ids |= cls.env.ref(CONTACTS)
        cls.manager.group_ids |= cls.env.ref(CONTACTS)
        cls.collector = cls.make_user("terms_collector", f"{COLLECTOR},{CONTACTS}")
        cls.newcomer = cls.make_debtor("Newcomer")
        cls.card.approval_ceiling = 5000

    def refused(self, work, user=None):
        """Assert that ``work`` is refused; as in a request of ``user``, who then sends commands for lines too."""
        transaction = self.env.transaction
        sender, transaction.default_env = transaction.default_env, self.env(user=user or self.clerk)
        try:
            with self.assertRaises(AccessError), self.cr.savepoint():
                work()
        finally:
            transaction.default_env = sender
        self.env.invalidate_all()

    # Who writes them

    def test_terms_of_credit_are_not_written_by_hand(self):
        for user in (self.clerk, self.collector):
            for debtor in (self.debtor, self.newcomer):
                own = debtor.with_user(user)
                for values in (
                    {"credit_limit": 99_999},
                    {"credit_limit": 1},
                    {"recovery_risk_class": self.class_a.id},
                    {"recovery_check_until": TODAY.replace(year=2099)},
                ):
                    self.refused(lambda own=own, values=values: own.write(values))
        self.refused(lambda: self.debtor.with_user(self.clerk).write({"use_partner_credit_limit": False}))
        self.refused(lambda: self.debtor.with_user(self.clerk).write({"recovery_risk_class": False}))
        self.assertEqual((self.debtor.credit_limit, self.debtor.recovery_risk_class), (1000, self.class_c))

    def test_what_does_not_change_is_no_change(self):
        own = self.debtor.with_user(self.clerk)
        own.write({"credit_limit": 1000, "recovery_risk_class": self.class_c.id, "phone": "+33 1"})
        self.assertEqual(own.phone, "+33 1")

    def test_every_way_to_come_with_terms(self):
        partners = self.env["res.partner"].with_user(self.clerk)
        given = {"credit_limit": 5.0, "recovery_risk_class": self.class_a.id}
        for name, value in given.items():
            self.refused(lambda name=name, value=value: partners.create({"name": "New", name: value}))
            named = partners.with_context(**{f"default_{name}": value})
            self.refused(lambda named=named: named.create({"name": "New"}))
            self.env["ir.default"].set("res.partner", name, value, user_id=self.clerk.id)
            if name != "credit_limit":  # a limit of the user's own is no default of Odoo's
                self.refused(lambda: partners.create({"name": "New"}))
            self.env["ir.default"].search([("user_id", "=", self.clerk.id)]).unlink()
        imported = partners.load(["name", "credit_limit"], [["New", "5"]])
        self.assertFalse(imported["ids"])
        self.refused(
            lambda: partners.create(
                {
                    "name": "Mother",
                    "child_ids": [Command.create({"name": "Kid", "is_company": True, "credit_limit": 7})],
                }
            )
        )
        self.assertEqual(self.debtor.with_user(self.clerk).copy().sudo().credit_limit, 0)
        self.assertTrue(partners.create({"name": "New", "child_ids": [Command.create({"name": "Contact"})]}))

    def test_a_manager_writes_a_limit_up_to_the_ceiling(self):
        own = self.newcomer.with_user(self.manager)
        own.credit_limit = 5000
        own.recovery_risk_class = self.class_b
        self.refused(lambda: own.write({"credit_limit": 5000.01}))
        self.card.approval_ceiling = 0
        own.credit_limit = 9000

    def test_changes_are_told_to_who_may_read_them(self):
        debtor = self.debtor.with_context(tracking_disable=False)
        self.env.flush_all()
        self.cr.flush()
        debtor.with_user(self.manager).write({"credit_limit": 500, "recovery_risk_class": self.class_d.id})
        self.env.flush_all()
        self.cr.flush()
        told = self.debtor.message_ids.sudo().tracking_value_ids
        self.assertEqual(set(told.field_id.mapped("name")), {"credit_limit", "recovery_risk_class"})
        employee = self.make_user("terms_employee", "base.group_user")
        self.assertFalse(told._filter_has_field_access(self.env(user=employee)))
        self.assertEqual(told._filter_has_field_access(self.env(user=self.clerk)), told)

    # Who stays the same debtor

    def test_a_debtor_is_not_turned_into_something_else(self):
        own = self.debtor.with_user(self.clerk)
        self.refused(lambda: own.write({"is_company": False}))
        self.refused(lambda: own.write({"company_type": "person"}))
        own.with_user(self.manager).is_company = False
        self.newcomer.with_user(self.clerk).is_company = False

    def test_a_debtor_does_not_become_another_s_contact(self):
        """Whoever it came to belong to would owe for it, under terms of its own."""
        rich = self.make_debtor("Rich", limit=2_000, risk_class=self.class_a)
        person = self.make_debtor("Person", limit=10, risk_class=self.class_d, is_company=False)
        for debtor, name in (
            (person, "parent_id"),
            (person, "commercial_partner_id"),
            (self.debtor, "commercial_partner_id"),
        ):
            with self.subTest(debtor=debtor.name, name=name):
                own = debtor.with_user(self.clerk)
                self.refused(lambda own=own, name=name: own.write({name: rich.id}))
                self.assertEqual(debtor.commercial_partner_id, debtor)
        person.with_user(self.manager).parent_id = rich
        self.assertEqual(person.commercial_partner_id, rich)
        stranger = self.make_debtor("Stranger", is_company=False)
        stranger.with_user(self.clerk).parent_id = self.newcomer
        self.assertEqual(stranger.commercial_partner_id, self.newcomer)

    def test_a_contact_does_not_become_a_debtor_of_its_own(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.debtor.id})
        own = contact.with_user(self.clerk)
        self.refused(lambda: own.write({"is_company": True}))
        partners = self.env["res.partner"].with_user(self.clerk)
        values = {"name": "Branch", "parent_id": self.debtor.id}
        self.refused(lambda: partners.create({**values, "is_company": True}))
        self.refused(lambda: partners.with_context(default_is_company=True).create(values))
        self.refused(
            lambda: self.debtor.with_user(self.clerk).write(
                {"child_ids": [Command.create({"name": "B", "is_company": True})]}
            )
        )
        partners.create(values)
        partners.create({**values, "parent_id": self.newcomer.id, "is_company": True})
        own.with_user(self.manager).is_company = True

    def test_who_owes_does_not_leave(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.debtor.id})
        own = contact.with_user(self.clerk)
        own.parent_id = self.newcomer
        own.parent_id = False
        own.with_user(self.manager).parent_id = self.debtor
        self.invoice(contact, 10)
        own.parent_id = False  # what it ordered is owed by the debtor all the same
        own.with_user(self.manager).parent_id = self.debtor
        item = self.item(self.invoice(contact, 10))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET partner_id = %s WHERE id = %s", [contact.id, item.id]
        )
        self.env.invalidate_all()
        self.refused(lambda: own.write({"parent_id": False}))
        self.refused(lambda: own.write({"parent_id": self.newcomer.id}))

    def test_the_gate_stays_shut(self):
        """What the tricks were for: an invoice beyond the limit."""
        self.make_rule()
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.debtor.id})
        self.refused(lambda: contact.with_user(self.clerk).write({"is_company": True}))
        self.assert_blocked(self.invoice(contact, 1000.01, post=False))
        self.refused(lambda: self.debtor.with_user(self.clerk).write({"is_company": False}))
        self.assertEqual(self.invoice(self.debtor, 1000.01, post=False).recovery_credit_action, "block")
