"""The panel of the first set-up: each step is judged by what there is, and opens where it is done."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..plan.plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestSetup(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env,
            "setup_manager",
            groups="payment_plan_recovery.group_recovery_manager",
            company_id=cls.company.id,
        )
        cls.env["ir.mail_server"].search([]).active = False
        cls.company.write({"recovery_dunning_policy_id": False, "recovery_dunning_user_id": False})
        cls.company.partner_id.write(
            {
                "street": False,
                "zip": False,
                "city": False,
                "tz": False,
                "country_id": cls.env.ref("base.us").id,
            }
        )
        cls.company.partner_id.bank_ids.active = False

    def panel(self, user=None):
        setups = self.env["recovery.setup"].with_user(user or self.boss).with_company(self.company)
        return setups.browse(setups.action_open_panel()["res_id"])

    def done(self):
        self.env.invalidate_all()
        return set(self.panel().line_ids.filtered("is_done").mapped("code"))

    def test_each_step_is_done_when_the_facts_say_so(self):
        self.assertEqual(self.done(), set())
        facts = {
            "bank": lambda: self.env["res.partner.bank"].create(
                {"partner_id": self.company.partner_id.id, "acc_number": "FR7630006000011234567890189"}
            ),
            "mail": lambda: self.env["ir.mail_server"].create(
                {"name": "Ours", "smtp_host": "smtp.example.com"}
            ),
            "policy": lambda: self.company.write(
                {"recovery_dunning_policy_id": self.env.ref("payment_plan_recovery.policy_standard").id}
            ),
            "clock": lambda: (
                self.env["recovery.settings"]
                .with_user(self.boss)
                .create({"company_id": self.company.id})
                .write({"recovery_tz": "America/New_York"})
            ),
            "envelopes": lambda: self.company.partner_id.write(
                {"street": "1 rue du Four", "zip": "75006", "city": "Paris"}
            ),
            "roles": lambda: self.company.write({"recovery_dunning_user_id": self.boss.id}),
            "run": lambda: (
                self.env["recovery.dunning.run"].create({"company_id": self.company.id}).action_propose()
            ),
        }
        done = set()
        for code, make in facts.items():
            with self.subTest(code):
                make()
                done.add(code)
                self.assertEqual(self.done(), done)
        panel = self.panel()
        self.assertEqual((panel.done_count, panel.step_count), (7, 7))
        self.assertIn("smtp.example.com", panel.line_ids.mapped("found"))

    def test_a_time_zone_is_asked_for_where_the_country_has_several(self):
        for country, found in (("us", False), ("fr", "Europe/Paris"), ("es", False)):
            self.company.partner_id.country_id = self.env.ref(f"base.{country}")
            clock = self.panel().line_ids.filtered(lambda line: line.code == "clock")
            self.assertEqual((clock.found or False, clock.is_done), (found, bool(found)), country)

    def test_every_step_says_what_to_do_and_opens_a_window(self):
        self.boss.group_ids |= self.env.ref("base.group_system") | self.env.ref("base.group_partner_manager")
        for line in self.panel().line_ids:
            self.assertTrue(line.name and line.advice)
            self.assertFalse(line.found)
            self.assertEqual(line.action_open()["type"], "ir.actions.act_window")

    def test_the_mail_server_is_for_an_administrator(self):
        line = self.panel().line_ids.filtered(lambda line: line.code == "mail")
        with self.assertRaisesRegex(UserError, "administrator"):
            line.action_open()

    def test_who_may_not_enter_the_account_or_the_address_is_told_so(self):
        """A manager of Recovery alone would meet a list without a button, and a form that cannot be written."""
        for line in self.panel().line_ids.filtered(lambda line: line.code in ("bank", "envelopes")):
            with self.subTest(line.code), self.assertRaisesRegex(UserError, "administrator"):
                line.action_open()
        self.boss.group_ids |= self.env.ref("base.group_partner_manager")
        bank = self.panel().line_ids.filtered(lambda line: line.code == "bank")
        self.assertIn(bank.advice, bank.action_open()["help"])

    def test_who_is_asked_can_be_chosen_while_no_run_is_made_daily(self):
        view = self.env["recovery.settings"].with_user(self.boss)._get_view()[0]
        field = view.find(".//field[@name='recovery_dunning_user_id']")
        self.assertFalse(
            [node.get("invisible") for node in (field, field.getparent()) if node.get("invisible")]
        )

    def test_a_collector_sets_nothing_up(self):
        with self.assertRaises(AccessError):
            self.panel(self.collector())
