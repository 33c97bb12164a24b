"""The figures of a company with two branches, in two currencies, beside a sister company: each told again by hand."""

from datetime import date, timedelta
from random import Random

from odoo.tests import tagged

from ..plan.plan_branch_common import PlanBranchCommon
from . import kpi_reference as reference
from .kpi_ledger import DrawnLedger

FIRST, LAST = date(2026, 2, 1), date(2026, 3, 31)
SEEDS = (11, 12)


@tagged("post_install", "-at_install")
class TestKpiBranches(DrawnLedger, PlanBranchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        countries = cls.env["res.country"].search([], limit=2)
        cls.debtors = cls.env["res.partner"].create(
            [
                {"name": name, "country_id": country.id, "property_payment_term_id": False}
                for name in ("Durand", "Petit", "Leroy")
                for country in countries
            ]
        )
        cls.foreign = cls.setup_other_currency("HRK", rates=[("2025-01-01", 3.0), ("2026-02-15", 3.2)])
        cls.journal_general = cls.company_data["default_journal_misc"]
        cls.loss = cls.company_data["default_account_expense"]
        cls.kpi = cls.env["recovery.kpi"].with_company(cls.company)
        cls.branches = cls.company | cls.north | cls.south
        cls.invoice(999, company_id=cls.sister.id, partner_id=cls.debtors[0].id)

    def books(self, draw):
        return draw.choice(self.branches)

    def draw_what_happens(self, draw, move):
        """Besides: paid and taken back, or paid on the last day."""
        fate = draw.random()
        if fate < 0.15:
            self.book(draw, self.item(move), 1, max(LAST, move.invoice_date), "bank")
        elif fate < 0.3:
            day = min(max(move.invoice_date_due, move.invoice_date), LAST)
            entry = self.book(draw, self.item(move), 1, day, "bank")
            entry._reverse_moves([{"date": day + timedelta(days=draw.randrange(20))}], cancel=True)
        else:
            super().draw_what_happens(draw, move)

    def assert_same(self, found, debtors, companies, what):
        claims, sales = self.facts(debtors, companies, LAST)
        for code, pair in reference.figures(claims, sales, FIRST, LAST).items():
            with self.subTest(what, figure=code):
                told = found.get(code)
                self.assertAlmostEqual(told.numerator if told else 0, pair[0], 1)
                self.assertAlmostEqual(told.denominator if told else 0, pair[1], 1)

    def test_each_figure_is_the_same_told_by_hand(self):
        for seed in SEEDS:
            self.random_ledger(Random(seed))  # noqa: S311 drawn again from the seed, not secret
            everybody = self.debtors | self.debtor
            self.assert_same(self.kpi.figures(FIRST, LAST)[None], everybody, self.branches, "all")
            told = self.kpi.figures(FIRST, LAST, by="company")
            self.assertLessEqual(set(told), set(self.branches.ids))
            for branch in self.branches:
                self.assert_same(told[branch.id], everybody, branch, branch.name)
                only = self.kpi.figures(FIRST, LAST, only={"company": branch.id})[None]
                self.assertEqual(only["overdue"], told[branch.id]["overdue"])
            told = self.kpi.figures(FIRST, LAST, by="country")
            for country in self.debtors.country_id:
                theirs = self.debtors.filtered(lambda one, country=country: one.country_id == country)
                self.assert_same(told[country.id], theirs, self.branches, country.name)

    def test_who_works_in_a_branch_is_told_of_it_alone(self):
        self.random_ledger(Random(SEEDS[0]))  # noqa: S311
        seen = self.as_worker(self.env["recovery.kpi"], self.south).figures(FIRST, LAST)[None]
        self.assert_same(seen, self.debtors | self.debtor, self.south, "south")

    def test_a_number_opens_the_rows_of_its_branch(self):
        self.random_ledger(Random(SEEDS[1]))  # noqa: S311
        for branch in self.branches:
            told = self.kpi.figures(FIRST, LAST, only={"company": branch.id})[None]
            for code in ("overdue", "recovery_rate", "cei", "time", "dso_classic", "at_risk"):
                opened = self.kpi.action_proof(code, FIRST, LAST, {"company": branch.id})
                rows = self.env["recovery.kpi.proof"].search(opened["domain"])
                with self.subTest(branch.name, figure=code):
                    self.assertLessEqual(rows.company_id, branch)
                    self.assertAlmostEqual(sum(rows.mapped("numerator")), told[code].numerator, 1)
                    self.assertAlmostEqual(sum(rows.mapped("denominator")), told[code].denominator, 1)

    def dispute(self, company, *moves):
        return self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": company.id,
                "kind": "dispute",
                "move_line_ids": self.item(*moves).ids if moves else [],
                "date_from": "2026-03-11",
                "date_review": "2026-05-01",
                "reason": "Wrong flour",
            }
        )

    def disputed(self, kpi):
        return kpi.figures(FIRST, LAST, codes=["disputed"])[None]["disputed"]

    def test_what_is_disputed_is_so_in_whichever_branch_that_is_kept(self):
        hold = self.dispute(self.company, self.northern)
        self.assertEqual(self.disputed(self.kpi), (0.4, 120, 300))
        of_north = self.as_worker(self.env["recovery.kpi"], self.north)
        self.assertEqual(self.disputed(of_north), (1, 120, 120), "kept with the creditor")
        hold.unlink()
        self.dispute(self.sister)
        self.assertEqual(self.disputed(self.kpi), (0, 0, 300), "a sister's dispute is not ours")
        self.dispute(self.company)
        self.assertEqual(
            self.disputed(self.kpi), (1, 300, 300), "everything that the debtor owes the creditor"
        )
