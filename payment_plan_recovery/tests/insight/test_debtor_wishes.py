"""How a debtor is chased and reached, noted by a collector who may not change contacts otherwise."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..dunning.dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestDebtorWishes(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={"allowed_company_ids": cls.company.ids})
        cls.debtor = cls.make_debtor("Veuve Renard", street="1 rue du Four", city="Lyon").with_env(cls.env)
        cls.collector = cls.person("collector", "payment_plan_recovery.group_recovery_user")
        cls.policy = cls.make_policy({"trigger": "due_date", "delay_days": 5})

    @classmethod
    def person(cls, login, groups):
        companies = [Command.set(cls.company.ids)]
        return new_test_user(cls.env, login, groups, company_id=cls.company.id, company_ids=companies)

    def dialog(self, user=None, debtor=None):
        debtor = (debtor or self.debtor).with_user(user or self.collector)
        action = debtor.action_recovery_wishes()
        return Form(debtor.env[action["res_model"]].with_context(**action["context"]))

    def tracked(self):
        self.env.flush_all()
        self.cr.precommit.run()
        values = self.debtor.message_ids.sudo().tracking_value_ids
        return set(values.field_id.mapped("name"))

    def test_wishes_and_policy_are_kept_and_told(self):
        with self.assertRaises(AccessError):
            self.debtor.with_user(self.collector).recovery_no_phone = True
        self.tracked()
        form = self.dialog()
        self.assertFalse(form.no_phone)
        form.no_phone = True
        form.channel = "letter"
        form.policy_id = self.policy
        form.save().action_keep()
        self.assertTrue(self.debtor.recovery_no_phone)
        self.assertEqual(
            (self.debtor.recovery_channel, self.debtor.recovery_policy_id), ("letter", self.policy)
        )
        told = {"recovery_no_phone", "recovery_channel", "recovery_policy_id"}
        self.assertEqual(self.tracked(), told)
        self.assertEqual(self.debtor.message_ids[:1].author_id, self.collector.partner_id)
        form = self.dialog()
        self.assertTrue(form.no_phone)
        form.policy_id = self.policy.browse()
        form.save().action_keep()
        self.assertFalse(self.debtor.recovery_policy_id)
        self.assertEqual(self.debtor.recovery_channel, "letter")

    def test_nothing_changed_writes_nothing(self):
        before = self.debtor.write_date
        self.dialog().save().action_keep()
        self.env.flush_all()
        self.assertEqual(self.debtor.write_date, before)

    def test_what_somebody_else_changed_meanwhile_stands(self):
        form = self.dialog()
        self.debtor.write({"recovery_channel": "letter", "recovery_no_sms": True})
        form.no_phone = True
        form.save().action_keep()
        self.assertEqual(
            (self.debtor.recovery_channel, self.debtor.recovery_no_sms, self.debtor.recovery_no_phone),
            ("letter", True, True),
        )
        form = self.dialog()
        self.debtor.recovery_channel = "email"
        form.channel = False
        wishes = form.save()
        with self.assertRaisesRegex(UserError, "Somebody else changed meanwhile: Preferred channel"):
            wishes.action_keep()
        self.assertEqual(self.debtor.recovery_channel, "email")

    def test_somebody_new_represents_the_debtor(self):
        form = self.dialog()
        form.is_new = True
        form.name, form.street, form.city = "Me Dupin, notaire", "2 place Bellecour", "Lyon"
        wishes = form.save()
        wishes.city = False
        with self.assertRaisesRegex(UserError, "the street and the city"):
            wishes.action_keep()
        wishes.city = "Lyon"
        wishes.action_keep()
        notary = self.debtor.recovery_representative_id
        self.assertEqual(
            (notary.name, notary.parent_id, notary.type), ("Me Dupin, notaire", self.debtor, "other")
        )
        self.assertEqual(self.debtor._recovery_addressees(), notary)

    def test_nobody_of_another_debtor_represents_it(self):
        stranger = self.make_debtor("Stranger")
        wishes = self.dialog().save()
        with self.assertRaises(ValidationError):
            wishes.write({"representative_id": stranger.id})
            wishes.action_keep()

    def test_who_only_reads_notes_nothing(self):
        reader = self.person("reader", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            self.dialog(reader).save()

    def test_of_another_company_nothing_is_noted(self):
        other = self.make_company("Other")
        strange = self.make_policy({"trigger": "due_date", "delay_days": 5}, company_id=other.id)
        foreign = self.make_debtor("Foreign", company_id=other.id)
        wishes = self.dialog().save()
        with self.assertRaises(UserError):
            wishes.write({"policy_id": strange.id})
            wishes.action_keep()
        of_foreign = self.env["recovery.debtor.wishes"].with_user(self.collector)
        of_foreign = of_foreign.create({"partner_id": foreign.id, "no_phone": True})
        with self.assertRaises(AccessError):
            of_foreign.action_keep()
