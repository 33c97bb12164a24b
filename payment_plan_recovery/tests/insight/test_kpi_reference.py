"""The figures' queries against the reference model, on random ledgers."""

from collections import defaultdict
from datetime import date
from random import Random

from odoo.tests import tagged

from ..plan.plan_common import PlanCommon
from . import kpi_reference as reference
from .kpi_ledger import DrawnLedger

SEEDS = (7, 20260115)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


@tagged("post_install", "-at_install")
class TestKpiReference(DrawnLedger, PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpi = cls.env["recovery.kpi"]
        countries = cls.env["res.country"].search([], limit=2)
        cls.debtors = cls.env["res.partner"].create(
            [
                {
                    "name": f"Debtor {number}",
                    "country_id": countries[number % 2].id,
                    "property_payment_term_id": False,
                }
                for number in range(5)
            ]
        )
        cls.foreign = cls.setup_other_currency("HRK")
        cls.journal_general = cls.company_data["default_journal_misc"]
        cls.loss = cls.company_data["default_account_expense"]

    def test_figures_agree_with_the_reference(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                draw = Random(seed)  # noqa: S311 drawn again from the seed, not secret
                self.random_ledger(draw)
                self.compare_with_reference()
                self.compare_by_country()

    # -- the two compared ----------------------------------------------------------------------

    def compare_with_reference(self):
        claims, sales = self.facts(self.debtors, self.company, LAST)
        found = self.kpi.figures(FIRST, LAST)[None]
        expected = reference.figures(claims, sales, FIRST, LAST)
        self.assertGreaterEqual(len(expected), 11)
        for code, (numerator, denominator) in expected.items():
            with self.subTest(figure=code):
                self.assertAlmostEqual(found[code].numerator, numerator, 1)
                self.assertAlmostEqual(found[code].denominator, denominator, 1)
        owed = expected["overdue"][1]
        self.assertAlmostEqual(found["dso"].value, reference.count_back(owed, sales, LAST), 1)
        self.assertEqual(found["time_median"].value, reference.median_time(claims, FIRST, LAST))
        self.assertAlmostEqual(found["cei"].value, expected["cei"][0] / expected["cei"][1], 3)
        self.assertAlmostEqual(
            found["days_delinquent"].value,
            31 * expected["days_delinquent"][0] / expected["dso_classic"][1],
            2,
        )

    def compare_by_country(self):
        by_country = self.kpi.figures(FIRST, LAST, by="country")
        groups = defaultdict(self.env["res.partner"].browse)
        for debtor in self.debtors:
            groups[debtor.country_id.id] |= debtor
        self.assertEqual(set(by_country), set(groups))
        for country, debtors in groups.items():
            expected = reference.figures(*self.facts(debtors, self.company, LAST), FIRST, LAST)
            for code in ("recovery_rate", "overdue", "time"):
                self.assertAlmostEqual(by_country[country][code].numerator, expected.get(code, (0, 0))[0], 1)

    # -- what it is made of --------------------------------------------------------------------

    def test_what_a_figure_is_made_of_adds_up_to_it(self):
        self.random_ledger(Random(3))  # noqa: S311
        figures = self.kpi.figures(FIRST, LAST)[None]
        for code in ("recovery_rate", "cei", "time", "overdue", "at_risk", "dso_classic", "roll_30", "cost"):
            action = self.kpi.action_proof(code, FIRST, LAST)
            rows = self.env["recovery.kpi.proof"].search(action["domain"])
            with self.subTest(figure=code):
                self.assertTrue(rows)
                self.assertAlmostEqual(sum(rows.mapped("numerator")), figures[code].numerator, 1)
                self.assertAlmostEqual(sum(rows.mapped("denominator")), figures[code].denominator, 1)
                self.assertTrue(all(rows.mapped("document")))

    def test_one_query_a_source_whatever_the_number_of_debtors(self):
        self.kpi.figures(FIRST, LAST)
        with self.assertQueryCount(40):
            self.kpi.figures(FIRST, LAST)
        self.random_ledger(Random(5))  # noqa: S311
        self.env.flush_all()
        with self.assertQueryCount(40):
            self.kpi.figures(FIRST, LAST)
