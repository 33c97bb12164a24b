"""A company and its branches are one creditor; sister companies are not."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..solvency.solvency_common import COLLECTOR, TODAY, ago
from .enforcement_common import EnforcementCommon


@tagged("post_install", "-at_install")
class TestCreditor(EnforcementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch, cls.other_branch = cls.env["res.company"].create(
            [
                {"name": name, "parent_id": cls.company.id, "currency_id": cls.eur.id}
                for name in ("Branch North", "Branch South")
            ]
        )
        cls.sister = cls.make_company("Sister")
        cls.env.user.company_ids |= cls.branch | cls.other_branch
        for company in (cls.branch, cls.other_branch):
            cls.env["ir.default"].set(
                "res.partner",
                "property_account_receivable_id",
                cls.item(cls.invoice(cls.make_debtor(), 1)).account_id.id,
                company_id=company.id,
            )
            income = cls.env["account.account"].search(
                [("code", "=", "707000"), ("company_ids", "in", cls.company.ids)]
            )
            cls.env["account.journal"].with_company(company).create(
                {
                    "name": "Sales",
                    "code": "SAL",
                    "type": "sale",
                    "default_account_id": income.id,
                    "company_id": company.id,
                }
            )
        cls.debtor.credit_limit = 10_000

    def with_company(self, company, record=None):
        return (record or self.debtor).with_context(allowed_company_ids=company.ids)

    def terms(self, company, debtor=None):
        terms = (debtor or self.debtor)._recovery_credit_terms(company)
        return terms.limit, terms.has_limit, terms.risk_class

    # Exposure spans the tree

    def test_a_branch_is_held_to_the_limit_of_its_company(self):
        self.make_rule("approve")
        invoice = self.invoice(self.debtor, 12_000, company=self.branch, post=False)
        self.assertEqual(invoice.recovery_credit_action, "approve")
        with self.assertRaises(UserError) as refused:
            invoice.action_post()
        self.assertIn("10,000.00", str(refused.exception))
        self.manager.company_ids |= self.branch
        override = self.env["recovery.credit.override"].create(
            {"res_model": "account.move", "res_id": invoice.id, "reason": "Agreed"}
        )
        override.with_user(self.manager).with_context(allowed_company_ids=self.branch.ids).action_approve()
        self.assertEqual(override.company_id, self.branch)
        invoice.action_post()
        self.assertEqual(override.state, "used")

    def test_both_sides_of_the_limit_over_two_branches(self):
        self.make_rule()
        self.invoice(self.debtor, 4_000, company=self.branch)
        self.invoice(self.debtor, 4_000, company=self.other_branch)
        self.invoice(self.debtor, 2_000)
        for company in (self.branch, self.other_branch, self.company):
            self.assertEqual(self.with_company(company).recovery_exposure, 10_000)
            with self.assertRaises(UserError), self.cr.savepoint():
                self.invoice(self.debtor, 0.01, company=company)

    def test_documents_of_two_branches_posted_together(self):
        self.make_rule()
        moves = self.invoice(self.debtor, 6_000, company=self.branch, post=False)
        moves += self.invoice(self.debtor, 6_000, company=self.other_branch, post=False)
        with self.assertRaises(UserError):
            moves.with_context(allowed_company_ids=(self.branch | self.other_branch).ids).action_post()

    def test_sisters_stay_apart(self):
        self.make_rule()
        self.invoice(self.debtor, 10_000)
        self.assertEqual(self.with_company(self.sister).recovery_exposure, 0)
        self.invoice(self.debtor, 12_000, company=self.sister)
        self.assertEqual(self.with_company(self.sister).recovery_class_in_force, self.class_c.browse())

    def test_money_in_the_company_covers_what_a_branch_is_owed(self):
        self.make_rule(trigger="days_overdue", threshold=30)
        self.invoice(self.debtor, 1_000, on=ago(136), due=ago(106), company=self.branch)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.invoice(self.debtor, 1)
        self.credit(self.debtor, 1_000, on=ago(106))
        self.invoice(self.debtor, 1, company=self.other_branch)
        measures = self.env["recovery.solvency.measure"]._measures(self.branch, TODAY, self.debtor)[
            self.debtor.id
        ]
        self.assertEqual(
            (measures["open_overdue"], measures["turnover"], measures["paid_on_time"]), (0, 1_001, 100)
        )

    # Terms are the nearest's

    def test_what_a_branch_does_not_give_is_its_companys(self):
        self.assertEqual(self.terms(self.branch), (10_000, True, self.class_c))
        debtor = self.with_company(self.branch)
        self.assertEqual((debtor.recovery_limit, debtor.recovery_class_in_force), (10_000, self.class_c))
        debtor.credit_limit = 500
        self.assertEqual(self.terms(self.branch), (500, True, self.class_c))
        self.assertEqual(self.terms(self.other_branch), (10_000, True, self.class_c))
        debtor.credit_limit = 0
        debtor.recovery_risk_class = self.class_e
        self.assertEqual(
            self.terms(self.branch), (0, True, self.class_e), "a class without a limit: no credit"
        )
        self.assertEqual(self.terms(self.sister), (0, False, self.class_c.browse()))

    def test_a_limit_for_everybody_gives_way_to_the_debtors_own(self):
        self.env["ir.default"].set("res.partner", "credit_limit", 300.0, company_id=self.branch.id)
        self.assertEqual(self.terms(self.branch), (10_000, True, self.class_c))
        self.assertEqual(self.terms(self.branch, self.make_debtor())[:2], (300, True))
        self.assertEqual(self.terms(self.company, self.make_debtor())[:2], (0, False))

    def test_searches_say_what_the_fields_say(self):
        """Whatever is given where, in Python and in SQL."""
        self.env["ir.default"].set("res.partner", "credit_limit", 300.0, company_id=self.branch.id)
        companies = (self.company, self.branch)
        debtors = self.env["res.partner"]
        for number in range(16):
            debtor = self.make_debtor(f"Debtor {number}")
            for rank, company in enumerate(companies):
                own = self.with_company(company, debtor)
                if number >> (2 * rank) & 1:
                    own.credit_limit = 100 * (rank + 1)
                if number >> (2 * rank) & 2:
                    own.recovery_risk_class = (self.class_a, self.class_b)[rank]
            self.invoice(debtor, 150)
            debtors |= debtor
        self.env.flush_all()
        for company in companies:
            found = self.with_company(company, debtors)
            over = found.search([("recovery_over_limit", "=", True), ("id", "in", debtors.ids)])
            self.assertEqual(over, found.filtered("recovery_over_limit"))
            self.assertTrue(over and over != found)
            left = found.search([("recovery_credit_available", "<=", 50), ("id", "in", debtors.ids)])
            expected = found.filtered(
                lambda each: each.recovery_has_limit and each.recovery_credit_available <= 50
            )
            self.assertEqual(left, expected)

    def test_rules_of_a_branch_take_the_place_of_its_companys(self):
        self.make_rule("inform")
        self.make_rule("block", company_id=self.company.id)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.invoice(self.debtor, 12_000, company=self.branch)
        self.make_rule("inform", company_id=self.branch.id)
        self.invoice(self.debtor, 12_000, company=self.branch)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.invoice(self.debtor, 1)
        self.invoice(self.debtor, 12_000, company=self.sister)

    # The file of the debtor

    def test_a_branch_sees_the_check_of_its_company_and_plans_by_its_class(self):
        user = self.make_user("branch_collector", COLLECTOR)
        check = self.make_check(self.debtor)
        check.sudo().write({"state": "approved", "class_id": self.class_c.id, "score": 55})
        self.assertEqual(self.with_company(self.branch).recovery_check_id, check)
        self.assertFalse(self.with_company(self.sister).recovery_check_id)
        user.write({"company_ids": [Command.set(self.branch.ids)], "company_id": self.branch.id})
        own = self.env["recovery.plan"].with_user(user).with_company(self.branch)
        plan = own.new({"partner_id": self.debtor.id, "company_id": self.branch.id})
        self.assertEqual(plan._class_months(), self.class_c.plan_max_months)

    def test_cards_of_the_company_judge_for_its_branches(self):
        self.card.company_id = self.company
        found = self.env["recovery.scorecard"]._for_debtor(self.debtor, self.branch)
        self.assertEqual(found, self.card)
        self.assertNotEqual(self.env["recovery.scorecard"]._for_debtor(self.debtor, self.sister), self.card)
        check = self.make_check(self.debtor, company_id=self.branch.id)
        self.assertEqual(check.scorecard_id, self.card)
        user = self.make_user("branch_reader", COLLECTOR)
        user.write({"company_ids": [Command.set(self.branch.ids)], "company_id": self.branch.id})
        reader = self.env(user=user, context={"allowed_company_ids": self.branch.ids})
        self.assertEqual(check.with_env(reader).scorecard_id.name, self.card.name)
        user.group_ids |= self.env.ref("payment_plan_recovery.group_recovery_manager")
        with self.assertRaises(Exception) as refused:
            self.card.with_env(reader).name = "Mine"
        self.assertEqual(type(refused.exception).__name__, "AccessError")

    def test_guarantees_and_insurance_of_the_whole_creditor(self):
        for kind in ("bank", "insurance"):
            self.env["recovery.guarantee"].create(
                {
                    "partner_id": self.debtor.id,
                    "company_id": self.company.id,
                    "kind": kind,
                    "amount": 300,
                    "date_from": TODAY,
                }
            )
        self.assertEqual(self.with_company(self.branch).recovery_exposure_guarantee, -300)
        insured = self.env["recovery.guarantee"]._insured_amounts
        self.assertEqual(insured(self.debtor, self.branch, TODAY), {self.debtor.id: 300})
        self.assertEqual(insured(self.debtor, self.sister, TODAY), {})

    def test_events_ask_for_one_check_where_the_credit_is_given(self):
        self.invoice(self.debtor, 9_500, company=self.branch)
        near = self.env["recovery.solvency.check"]._due_for_limit
        self.assertEqual((near(self.company, TODAY), near(self.branch, TODAY)), ([self.debtor.id], []))
        self.with_company(self.branch).credit_limit = 9_600
        self.assertEqual(near(self.branch, TODAY), [self.debtor.id])
        for _number in range(2):
            self.env["recovery.promise"].create(
                {
                    "partner_id": self.debtor.id,
                    "company_id": self.company.id,
                    "currency_id": self.eur.id,
                    "amount": 10,
                    "date_promised": ago(-3),
                }
            ).sudo().write({"state": "broken", "date_judged": fields.Date.to_string(TODAY)})
        broken = self.env["recovery.solvency.check"]._due_for_promises
        self.assertEqual(broken(self.company, TODAY), [self.debtor.id])
        self.assertEqual(broken(self.other_branch, TODAY), [])

    def test_settings_of_the_company_hold_for_its_branches(self):
        self.company.recovery_credit_user_id = self.manager
        self.company.recovery_exposure_drafts = True
        self.assertEqual(self.branch._recovery_nearest("recovery_credit_user_id"), self.manager)
        self.assertFalse(self.sister._recovery_nearest("recovery_credit_user_id"))
        self.invoice(self.debtor, 70, company=self.branch, post=False)
        self.assertEqual(self.with_company(self.branch).recovery_exposure_draft, 70)
