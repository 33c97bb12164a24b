"""What is kept about a debtor is kept on who owes: never on a contact of it, where nobody would read it."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

ADDON = "payment_plan_recovery"
#: What a contact says of itself, beside what its debtor says.
OF_CONTACTS_TOO = {"recovery_no_email", "recovery_no_sms", "recovery_no_phone", "recovery_no_portal"}
#: Models that refuse a contact, by the name of who owes: the others take who owes in its place.
REFUSE = {"recovery.plan", "recovery.capacity"}
#: Made by what happens, for debtors that were found in the ledger or taken from another record.
FOLLOW = {
    "recovery.credit.gate",
    "recovery.credit.override",
    "recovery.forecast.line",
    "recovery.limitation",
    "recovery.portal.link",
    "recovery.segment.change",
    "recovery.segment.member",
    "recovery.worklist",
}


@tagged("post_install", "-at_install")
class TestDebtorFields(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.debtor = partners.create({"name": "Dupont SA", "is_company": True, "credit_limit": 50})
        cls.contact, other = partners.create(
            [{"name": name, "parent_id": cls.debtor.id} for name in ("Anne", "Notary")]
        )
        policy = cls.env["recovery.dunning.policy"].create({"name": "Gentle"})
        risk_class = cls.env["recovery.risk.class"].search([], limit=1)
        cls.values = {
            "credit_limit": 100.0,
            "recovery_channel": "letter",
            "recovery_check_until": "2026-12-31",
            "recovery_policy_id": policy.id,
            "recovery_representative_id": other.id,
            "recovery_risk_class": risk_class.id,
            "recovery_stop_deliveries": True,
        }

    def test_each_field_says_whose_it_is(self):
        ours = {
            name
            for name, field in self.env["res.partner"]._fields.items()
            if field.store and not field.compute and field.type != "one2many" and field._modules == (ADDON,)
        }
        self.assertEqual(ours | {"credit_limit"}, OF_CONTACTS_TOO | self.values.keys())

    def test_on_a_contact_it_is_refused(self):
        for name, value in self.values.items():
            label = self.env["res.partner"]._fields[name].string
            with (
                self.subTest(field=name),
                self.assertRaisesRegex(ValidationError, f"Dupont SA, who owes: {label}"),
            ):
                self.contact.write({name: value})
            with (
                self.subTest(line=name),
                self.assertRaisesRegex(ValidationError, f"Dupont SA, who owes: {label}"),
            ):
                self.debtor.write({"child_ids": [Command.update(self.contact.id, {name: value})]})

    def test_a_new_contact_comes_without(self):
        for name in self.values.keys() - {
            "credit_limit"
        }:  # Odoo itself puts its debtor's in place of that one
            with self.subTest(field=name), self.assertRaisesRegex(ValidationError, "Dupont SA, who owes"):
                self.contact.create({"name": "Bob", "parent_id": self.debtor.id, name: self.values[name]})

    def test_what_says_nothing_else_than_the_debtor_passes(self):
        self.debtor.write(self.values)
        self.contact.write({**self.values, "recovery_representative_id": False})
        self.contact.write(dict.fromkeys(self.values, False))
        self.assertEqual(self.debtor.recovery_channel, "letter")

    def test_who_owes_has_it(self):
        """A company below a company owes for itself, and so does a contact that leaves in the same breath."""
        own = {**self.values, "recovery_representative_id": False}
        below = self.contact.create(
            {"name": "Dupont Nord", "is_company": True, "parent_id": self.debtor.id, **own}
        )
        self.contact.write({"parent_id": False, **own})
        self.assertEqual((below + self.contact).mapped("recovery_stop_deliveries"), [True, True])

    def test_a_person_with_wishes_becomes_a_contact_or_one_with_it(self):
        person, again = self.contact.create(
            [{"name": name, "recovery_channel": "letter", "recovery_stop_deliveries": True} for name in "AB"]
        )
        person.parent_id = self.debtor
        self.assertEqual(person.commercial_partner_id, self.debtor)
        self.env["base.partner.merge.automatic.wizard"]._merge((again + self.contact).ids, self.contact)
        self.assertFalse(again.exists())

    def test_what_is_kept_about_a_contact_is_its_debtors(self):
        for name, model in self.env.registry.items():
            field = model._fields.get("partner_id")
            is_kept = (
                name.startswith("recovery.") and model._auto and not (model._abstract or model._transient)
            )
            if not is_kept or not field or field.string != "Debtor" or field.compute or field.related:
                continue
            if getattr(model, "_by_actions", False) or name in REFUSE | FOLLOW:
                continue
            with self.subTest(model=name):
                self.assertIsInstance(self.env[name], self.env.registry["recovery.debtor.mixin"])

    def test_an_agency_rates_who_owes(self):
        provider = self.env["recovery.rating.provider"].create({"name": "Agency"})
        rating = self.env["recovery.rating"].create(
            {"provider_id": provider.id, "partner_id": self.contact.id, "rating": "A"}
        )
        self.assertEqual(rating.partner_id, self.debtor)
