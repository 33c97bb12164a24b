"""Every action of the addon that a list or a page offers, opened by its address: nothing is chosen then.

It opens what can do without a record, or says what to choose. The actions come from the registry.
"""

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestActionsAlone(TransactionCase):
    def test_bound_actions(self):
        ours = self.env["ir.model.data"].search(
            [("module", "=", "payment_plan_recovery"), ("model", "=", "ir.actions.server")]
        )
        offered = self.env["ir.actions.server"].browse(ours.mapped("res_id")).filtered("binding_model_id")
        self.assertTrue(offered)
        for action in offered:
            with self.subTest(action=action.name):
                try:
                    self.assertIn("type", action.run())
                except UserError as refused:
                    self.assertRegex(str(refused), r"(?i)choose|page|nothing is open", "says what to do")

    def test_insolvency_asks_whose(self):
        action = self.env.ref("payment_plan_recovery.action_insolvency_debtor").run()
        self.assertEqual(action["res_model"], "recovery.insolvency")
        self.assertFalse(action["context"]["default_partner_id"])
