"""Every action of the addon that a list or a page offers, opened by its address: nothing is chosen then.

It opens what can do without a record, or says what to choose. The actions come from the registry.
"""

from odoo.exceptions import UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

#: Dialogs about one record, and the button's record in their stead.
ABOUT_ONE = {
    "action_message_preview": "recovery.message",
    "action_plan_acceptance": "recovery.plan",
    "action_plan_change": "recovery.plan.instalment",
    "action_plan_refusal": "recovery.plan",
}
#: Dialogs that read themselves what they were opened from, and refuse where there is nothing.
READS_ITS_OWN = {"action_payment_return"}


@tagged("post_install", "-at_install")
class TestActionsAlone(TransactionCase):
    def windows(self):
        """The addon's windows, each with what the client knows of it when only its address is opened."""
        ours = self.env["ir.model.data"].search(
            [("module", "=", "payment_plan_recovery"), ("model", "=", "ir.actions.act_window")]
        )
        for window in self.env["ir.actions.act_window"].browse(ours.mapped("res_id")):
            known = {"uid": self.env.uid, "allowed_company_ids": self.env.companies.ids}
            yield window, safe_eval(window.context or "{}", known)

    def test_windows(self):
        """No window needs the record that its button stands on to be opened at all."""
        for window, context in self.windows():
            with self.subTest(window=window.xml_id):
                if window.target != "new":
                    continue
                try:
                    Form(self.env[window.res_model].with_context(**context))
                except UserError as refused:
                    self.assertRegex(str(refused), r"press the button there", "says what to do")
                    self.assertIn(window.xml_id.partition(".")[2], {*ABOUT_ONE, *READS_ITS_OWN})
                else:
                    self.assertNotIn(window.xml_id.partition(".")[2], {*ABOUT_ONE, *READS_ITS_OWN})

    def test_dialog_about_one_record(self):
        """It is about the record of the button that opened it; about none, and none of another sort, it is refused."""
        for name, model in ABOUT_ONE.items():
            window = self.env.ref(f"payment_plan_recovery.{name}")
            dialog = self.env[window.res_model]
            about = dialog._about
            with self.subTest(window=name):
                self.assertEqual(dialog._fields[about].comodel_name, model)
                of_button = {"active_model": model, "active_id": 7, "active_ids": [7]}
                self.assertEqual(dialog.with_context(**of_button).default_get([about])[about], 7)
                self.assertEqual(
                    dialog.with_context(**{f"default_{about}": 8}).default_get([about])[about], 8
                )
                self.assertNotIn(
                    about, dialog.default_get([]), "what is written down without it asks for nothing"
                )
                for elsewhere in ({}, {**of_button, "active_model": "res.partner"}):
                    with self.assertRaisesRegex(UserError, "press the button there"):
                        dialog.with_context(**elsewhere).default_get([about])

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
