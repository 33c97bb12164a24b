"""What is kept of a judgement is in the company's language, whatever the one who pressed the button speaks."""

import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from datetime import date

from odoo.tests import tagged
from odoo.tools.convert import convert_xml_import
from world import World

#: A file of ours.
SHIPPED = b"""<odoo><record id="rule_shipped" model="recovery.interest.rule">
<field name="name">Shipped</field><field name="rate_mode">fixed</field><field name="fixed_rate">5</field>
</record></odoo>"""


@tagged("post_install", "-at_install")
class TestCompanyWords(World):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "fr_FR"

    def test_why_a_plan_waits(self):
        move = self.invoice(900, "2026-02-01")
        self.policy.count_max = 2
        plan = self.plan(move)
        plan.action_propose()
        self.assertIn("échéances", plan.approval_reasons)

    def test_how_a_means_test_was_worked_out(self):
        values = {"partner_id": self.debtor.id, "company_id": self.company.id, "source": "dialogue"}
        means = self.env["recovery.capacity"].sudo()  # what people earn is read by few
        for basis, word in (("budget", "ressources"), ("cash_flow", "trésorerie")):
            capacity = means.create({**values, "basis": basis, "resources": 900, "commitments": 500})
            self.env.invalidate_all()
            self.assertIn(word, capacity.working, basis)

    def test_how_a_criterion_was_judged(self):
        check = self.env["recovery.solvency.check"].create({"partner_id": self.debtor.id})
        check.action_compute()
        told = check.line_ids.with_context(lang="fr_FR")
        self.assertEqual(told.mapped("name"), told.criterion_id.mapped("name"))
        self.assertIn("Inconnu", "".join(told.mapped("reason")))

    def test_the_steps_of_a_procedure(self):
        case = self.env["recovery.case"].search([("company_id", "=", self.company.id)], limit=1)
        case.action_weigh()
        option = case.option_ids.filtered("fits")[:1]
        option.action_begin()
        french = option.procedure_id.with_context(lang="fr_FR").step_ids.mapped("name")
        self.assertEqual(case.step_ids.filtered("procedure_step_id").mapped("name"), french)
        self.assertNotEqual(french, option.procedure_id.with_context(lang="en_US").step_ids.mapped("name"))

    def test_the_rate_that_is_missing(self):
        reference = self.env.ref("payment_plan_recovery.reference_fr_professional").sudo()
        reference.activity_ids.unlink()
        self.env["ir.cron"]._recovery_person(reference).sudo().lang = "fr_FR"
        reference._ask_for_rate(date(2030, 1, 1))
        self.assertIn("01/01/2030", reference.activity_ids.summary)
        self.assertNotIn("Enter", reference.activity_ids.summary)

    def test_what_odoo_writes_into_the_history(self):
        heard = {"tracking_disable": False, "mail_notrack": False}
        plan = self.plan(self.invoice(300, "2026-02-01")).with_context(**heard)
        self.env.cr.precommit.run()
        plan.action_propose()
        self.env.cr.precommit.run()
        french = plan.with_context(lang="fr_FR")
        states = dict(french._fields["state"]._description_selection(french.env))
        self.assertIn(french.env["ir.model"]._get(plan._name).name, plan._creation_message())
        told = plan.sudo().message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "state"
        )
        self.assertEqual((told.old_value_char, told.new_value_char), (states["draft"], states["proposed"]))

    def test_what_is_shipped_has_no_history(self):
        """What our files bring was made before there were words of any language; what people make is told."""
        told = self.env(su=True, context={"tracking_disable": False})
        file = io.BytesIO(SHIPPED)
        file.name = "shipped.xml"
        convert_xml_import(told, "payment_plan_recovery", file)
        self.assertFalse(self.env.ref("payment_plan_recovery.rule_shipped").sudo().message_ids)
        made = told["recovery.interest.rule"].create({"name": "Made", "rate_mode": "fixed", "fixed_rate": 5})
        self.assertTrue(made.message_ids)

    def test_what_odoo_writes_into_a_debtors_history(self):
        heard = {"tracking_disable": False, "mail_notrack": False, "lang": "en_US"}
        debtor = self.debtor.sudo().with_context(**heard)
        risk_class = self.env["recovery.risk.class"].sudo().search([], limit=1)
        risk_class.with_context(lang="en_US").name = "Good"
        risk_class.with_context(lang="fr_FR").name = "Bon payeur"
        self.env.cr.precommit.run()
        debtor.recovery_risk_class = risk_class
        self.env.cr.precommit.run()
        told = debtor.message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "recovery_risk_class"
        )
        self.assertIn("Bon payeur", told.new_value_char)
