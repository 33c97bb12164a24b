"""Who changes how an invoice is chased: by the dialog, with a reason that stays in its history, and in no other way."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .dunning_common import DunningCommon

CLERK = "account.group_account_invoice"
MANAGER = "account.group_account_manager,payment_plan_recovery.group_recovery_manager"
COLLECTOR = "payment_plan_recovery.group_recovery_user"


@tagged("post_install", "-at_install")
class TestDunningChange(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor()
        cls.move = cls.invoice(cls.debtor)
        cls.never = cls.make_policy(do_not_chase=True)
        cls.draft = {
            "move_type": "out_invoice",
            "partner_id": cls.debtor.id,
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 1, "tax_ids": []})],
        }

    def by(self, groups):
        login = "change_" + groups.rpartition("_")[2]
        return new_test_user(self.env, login, groups=groups, company_id=self.company.id)

    def change(self, user):
        values = {"move_ids": self.move.ids, "policy_id": self.never.id, "reason": "Heirs are sought"}
        return self.env["recovery.dunning.change"].with_user(user).create(values).action_change()

    def test_whoever_makes_invoices_or_may_do_all_else_leaves_the_policy_alone(self):
        never = {"recovery_policy_id": self.never.id}
        for groups in (CLERK, MANAGER):
            theirs = self.move.with_user(self.by(groups))
            for way in (
                lambda theirs=theirs: theirs.write(never),
                lambda theirs=theirs: theirs.create({**self.draft, **never}),
                lambda theirs=theirs: theirs.copy(never),
            ):
                with self.subTest(groups=groups), self.assertRaises(AccessError), self.cr.savepoint():
                    way()
            made = theirs.with_context(default_recovery_policy_id=self.never.id).create(self.draft)
            self.assertFalse(made.recovery_policy_id, "nor by a default that a client sends")
        self.assertFalse(self.move.recovery_policy_id)

    def test_a_collector_does_by_the_dialog_and_says_why(self):
        collector = self.by(COLLECTOR)
        self.change(collector)
        told = self.move.message_ids[0]
        self.assertEqual((self.move.recovery_policy_id, told.author_id), (self.never, collector.partner_id))
        self.assertIn("Heirs are sought", told.body)
        self.assertEqual(told.tracking_value_ids.new_value_char, self.never.name)
        self.assertFalse(self.move.copy().recovery_policy_id)

    def test_the_dialog_is_no_clerk_s(self):
        with self.assertRaises(AccessError):
            self.change(self.by(CLERK))
