"""The French overseas departments are countries of their own in Odoo, under French law, and not abroad."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .case_common import CaseCommon, day

DEPARTMENTS = ("gp", "mq", "gf", "re", "yt")


@tagged("post_install", "-at_install")
class TestOverseas(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"recovery_charge_law": "debtor", "recovery_limitation_law": "debtor"})

    def debtor_in(self, code, **values):
        return self.make_debtor(
            f"In {code}", country_id=self.env.ref(f"base.{code}").id, **{"is_company": True, **values}
        )

    def told(self, debtor):
        """What late charges come to, until when it can be sued for, which procedures fit, what a letter says."""
        item = self.item(self.invoice(debtor, 1000.0))
        charges = item._recovery_charges(day(90))[item.id]
        self.env["recovery.limitation"]._renew(self.company, day(90), item.ids)
        limitation = self.env["recovery.limitation"].search([("move_line_id", "=", item.id)])
        case = self.env["recovery.case"]._open(debtor, item)
        case.action_weigh()
        fitting = case.option_ids.filtered("fits").procedure_id
        return charges.rule, charges.total, limitation.rule_id, limitation.expires_on, fitting

    def test_who_lives_there_is_under_french_law(self):
        for is_company in (True, False):
            at_home = self.told(self.debtor_in("fr", is_company=is_company))
            self.assertEqual([bool(one) for one in at_home], [True, is_company, True, True, True], at_home)
            self.assertIn(self.order, at_home[-1])
            for code in DEPARTMENTS:
                with self.subTest(code, is_company=is_company):
                    self.assertEqual(self.told(self.debtor_in(code, is_company=is_company)), at_home)

    def test_a_creditor_there_is_under_french_law(self):
        at_home = self.told(self.debtor_in("fr"))
        for code in ("re", "fr"):
            self.company.country_id = self.env.ref(f"base.{code}")
            self.company.account_fiscal_country_id = self.company.country_id
            self.assertEqual(self.told(self.debtor_in("re")), at_home)
            self.assertEqual(self.told(self.make_debtor("Unknown", is_company=True)), at_home)
            for kind, begins in (("interest", "7631"), ("fixed_sum", "758")):
                account = self.env["account.account"].create(
                    {"name": kind, "code": f"{begins}{code.upper()}", "account_type": "income_other"}
                )
                found = self.company._recovery_charge_values(kind).get("account_id")
                self.assertTrue(
                    self.env["account.account"].browse(found).code.startswith(begins), account.code
                )

    def test_what_is_declared_there_by_name_comes_first(self):
        rule = self.env.ref("payment_plan_recovery.rule_fr_b2b")
        own = rule.copy(
            {"name": "Own", "country_ids": [(6, 0, self.env.ref("base.re").ids)], "sequence": 900}
        )
        item = self.item(self.invoice(self.debtor_in("re"), 1000.0))
        self.assertEqual(item._recovery_charges(day(90))[item.id].rule, own)
        item = self.item(self.invoice(self.debtor_in("gp"), 1000.0))
        self.assertEqual(item._recovery_charges(day(90))[item.id].rule, rule)

    def test_what_changes_is_read_at_once(self):
        item = self.item(self.invoice(self.debtor_in("gp", is_company=False), 1000.0))
        before = item._recovery_charges(day(90))[item.id].rule
        self.env.ref("base.gp").recovery_law_id = self.env.ref("base.de")
        self.assertNotEqual(item._recovery_charges(day(90))[item.id].rule, before)

    def test_a_letter_there_names_no_country(self):
        debtor = self.debtor_in("re", street="1 rue", zip="97400", city="Saint-Denis")
        notice = self.notify(debtor)
        lines = notice._contents()[notice.id].postal_lines()
        self.assertEqual(lines[1:], ["1 rue", "Saint-Denis 97400"])

    def test_whose_law_it_is_has_no_other(self):
        for country, law in (("gp", "gp"), ("gp", "re"), ("fr", "de")):
            with self.assertRaisesRegex(ValidationError, "whose law it is"), self.env.cr.savepoint():
                self.env.ref(f"base.{country}").recovery_law_id = self.env.ref(f"base.{law}")
        self.assertEqual(self.env.ref("base.pm").recovery_law_id.ids, [], "Saint-Pierre has laws of its own")
