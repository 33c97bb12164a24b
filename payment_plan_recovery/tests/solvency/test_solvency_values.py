"""What a check is computed from: answers, ratings, annual accounts, limits in another currency."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .check_common import CheckCommon
from .solvency_common import MANAGER, TODAY, ago


@tagged("post_install", "-at_install")
class TestCheckValues(CheckCommon):
    def test_questions_are_answered_first(self):
        check = self.make_check(self.debtor).with_user(self.collector)
        question = self.line(check, "Are insolvency proceedings open or announced?")
        question.answer = "yes"
        check.action_compute()
        self.assertEqual((question.points, question.value_text), (0, "Yes"))
        with self.assertRaises(AccessError):
            question.answer = "no"
        check.action_reset()
        question.answer = "no"
        check.action_compute()
        self.assertEqual(question.points, 100)

    def test_a_value_the_card_cannot_do_without(self):
        criterion = self.card.criterion_ids.filtered(lambda each: each.ratio == "current_ratio")
        criterion.missing = "refuse"
        with self.assertRaisesRegex(UserError, "Companies.*Current ratio"):
            self.computed(self.debtor)

    def test_a_part_of_the_limit_without_its_figure(self):
        self.card.limit_part_ids.filtered(lambda part: part.kind == "insured_amount").missing = "refuse"
        with self.assertRaisesRegex(UserError, "Companies.*Insured amount"):
            self.computed(self.debtor)
        self.env["recovery.guarantee"].create(
            {"partner_id": self.debtor.id, "kind": "insurance", "amount": 1700, "reference": "P-1"}
        )
        check = self.computed(self.debtor)
        self.assertEqual(check.limit_computed, 1500, "rounded down to the card's unit")

    def test_a_rating_the_card_does_not_know(self):
        provider = self.env.ref("payment_plan_recovery.rating_provider_file")
        rating = self.env["recovery.rating"].create(
            {"provider_id": provider.id, "partner_id": self.debtor.id, "date": TODAY, "rating": "ZZ"}
        )
        with self.assertRaisesRegex(UserError, "External rating.*ZZ"):
            self.computed(self.debtor)
        rating.rating = "B"
        self.assertEqual(self.line(self.computed(self.debtor), "External rating, A to E").points, 75)
        rating.date = ago(366)
        self.assertFalse(self.line(self.computed(self.debtor), "External rating, A to E").value_text)

    def test_equity_and_need_bound_the_limit(self):
        self.good_payer(self.debtor, 100000)
        self.env["recovery.financial.statement"].create(
            {"partner_id": self.debtor.id, "date_end": "2025-12-31", "equity": 90000, "total_assets": 200000}
        )
        check = self.computed(self.debtor)
        self.assertEqual(check.limit_computed, 9000)
        self.assertEqual(self.line(check, "Equity ratio (2 years)").value_text, "45")
        self.assertEqual(self.computed(self.debtor, limit_requested=4200).limit_computed, 4000)

    def test_a_card_in_another_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "company_id": self.company.id, "name": ago(10), "rate": 2.0}
        )
        self.card.currency_id = dollar
        self.good_payer(self.debtor)
        check = self.computed(self.debtor)
        purchases = check.limit_line_ids.filtered(lambda line: line.kind == "purchase_months")
        self.assertEqual((purchases.figure, purchases.amount, check.limit_computed), (1090.91, 3272.73, 1500))

    def test_several_debtors_take_one_query_per_source(self):
        checks = self.env["recovery.solvency.check"].create(
            [{"partner_id": self.make_debtor(f"Debtor {number}").id} for number in range(10)]
        )
        self.env.flush_all()
        measures = type(self.env["recovery.solvency.measure"])
        origin, calls = measures._statement, []
        self.patch(measures, "_statement", lambda *args: calls.append(1) or origin(*args))
        checks.action_compute()
        self.assertEqual((len(calls), set(checks.mapped("state"))), (1, {"review"}))

    def test_a_contact_stands_for_its_company(self):
        contact = self.env["res.partner"].create({"name": "Accountant", "parent_id": self.debtor.id})
        self.assertEqual(self.make_check(contact).partner_id, self.debtor)

    def test_statements_give_ratios(self):
        statement = self.env["recovery.financial.statement"].create(
            {
                "partner_id": self.debtor.id,
                "date_end": "2025-12-31",
                "current_assets": 300,
                "current_liabilities": 200,
                "operating_income": 50,
                "ebitda": -1,
                "financial_debt": 10,
            }
        )
        self.assertEqual(
            statement._ratios(),
            {
                "current_ratio": 1.5,
                "equity_ratio": None,
                "net_margin": None,
                "interest_cover": 999,
                "debt_ebitda": 999,
            },
        )

    def test_a_ratio_without_an_end_is_said_in_words(self):
        year = {"date_end": "2025-12-31", "operating_income": 50, "ebitda": -1, "financial_debt": 10}
        statement = self.env["recovery.financial.statement"].create({"partner_id": self.debtor.id, **year})
        self.assertEqual(statement.debt_ebitda_told, "Loss: nothing is earned to repay the debt")
        self.assertEqual(statement.interest_cover_told, "No interest to pay")
        line = self.computed(self.debtor).line_ids.filtered(
            lambda line: line.criterion_id.ratio == "debt_ebitda"
        )
        self.assertEqual(line.value_text, statement.debt_ebitda_told)
        statement.write({"ebitda": 4, "interest_expense": 20})
        self.assertEqual((statement.debt_ebitda_told, statement.interest_cover_told), ("2.50", "2.50"))
        statement.write({"ebitda": 0, "operating_income": 0})
        self.assertEqual(
            (statement.debt_ebitda_told, statement.interest_cover_told), ("Not known", "Not known")
        )
        statement.write({"ebitda": 5, "financial_debt": 0})
        self.assertEqual(statement.debt_ebitda_told, "0")

    def test_years_are_averaged(self):
        for year, equity in ((2025, 10), (2024, 30), (2023, 90)):
            self.env["recovery.financial.statement"].create(
                {
                    "partner_id": self.debtor.id,
                    "date_end": f"{year}-12-31",
                    "equity": equity,
                    "total_assets": 100,
                }
            )
        line = self.line(self.computed(self.debtor), "Equity ratio (2 years)")
        self.assertEqual(line.value_text, "20")

    def test_old_and_future_statements_are_not_used(self):
        for closed in ("2024-02-29", "2026-03-02"):
            self.env["recovery.financial.statement"].create(
                {"partner_id": self.debtor.id, "date_end": closed, "equity": 10, "total_assets": 100}
            )
        self.assertFalse(self.line(self.computed(self.debtor), "Equity ratio (2 years)").value_text)
        self.env["recovery.financial.statement"].create(
            {"partner_id": self.debtor.id, "date_end": "2024-03-01", "equity": 10, "total_assets": 100}
        )
        self.assertTrue(self.line(self.computed(self.debtor), "Equity ratio (2 years)").value_text)

    def test_other_companies_do_not_see_the_file(self):
        check = self.computed(self.debtor)
        other = self.make_company("Other creditor")
        stranger = self.make_user("solvency_stranger", MANAGER)
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            check.with_user(stranger).with_context(allowed_company_ids=other.ids).read(["score"])
