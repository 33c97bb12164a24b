"""Ratings and statements from files: matched, unmatched, and faults that name row and column."""

import base64
import io
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from openpyxl import Workbook

from ...models.common import kernel
from .solvency_common import COLLECTOR, TODAY, SolvencyCommon


@tagged("post_install", "-at_install")
class TestImport(SolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env.ref("payment_plan_recovery.rating_provider_file")
        cls.collector = cls.make_user("solvency_collector", COLLECTOR)
        cls.kepler = cls.make_debtor("Kepler", company_registry="732829320 00074")
        cls.brahe = cls.make_debtor("Brahe", company_registry="552100554")

    def run_import(self, content, kind="rating", **values):
        content = content if isinstance(content, bytes) else content.encode()
        wizard = (
            self.env["recovery.credit.import"]
            .with_user(self.collector)
            .create(
                {
                    "kind": kind,
                    "provider_id": self.provider.id,
                    "file": base64.b64encode(content),
                    "filename": "sent.csv",
                    **values,
                }
            )
        )
        wizard.action_import()
        return wizard

    def assert_fault(self, content, *words, kind="rating"):
        with self.assertRaises(UserError) as refused:
            self.run_import(content, kind)
        for word in words:
            self.assertIn(word, str(refused.exception))

    def test_columns_may_bear_the_names_on_the_screen(self):
        """As the dialog tells them in the user's language, or by their technical names."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        self.env = self.env(context={**self.env.context, "lang": "fr_FR"})
        wizard = self.env["recovery.credit.import"].new({"kind": "statement"})
        self.assertNotRegex(wizard.columns, "_")
        names = wizard.columns.replace("\xa0", " ").partition(" ;")[0].split(", ")
        figures = self.env["recovery.financial.statement"]._fields
        names += [figures[name].get_description(self.env)["string"] for name in ("turnover", "equity")]
        done = self.run_import(f"{';'.join(names)}\n552100554;31/12/2025;500;120\n", "statement")
        self.assertEqual(done.matched_count, 1)
        self.assertRecordValues(
            self.env["recovery.financial.statement"].search([("partner_id", "=", self.brahe.id)]),
            [{"turnover": 500.0, "equity": 120.0}],
        )

    def test_a_company_below_another_one_is_a_debtor_of_its_own(self):
        below = self.make_debtor("Kepler Optics", parent_id=self.kepler.id, company_registry="800000006")
        wizard = self.run_import("registration;rating\n800000006;B\n")
        self.assertEqual(wizard.matched_count, 1)
        self.assertTrue(self.env["recovery.rating"].search([("partner_id", "=", below.id)]))

    def test_ratings_are_matched_by_number(self):
        wizard = self.run_import(
            "registration;rating;date;name\n732 829 320 "
            "00074;A;2026-02-01;Kepler\n552-100-554;C;;Brahe\n1;B;;Nobody\n"
        )
        self.assertEqual(wizard.matched_count, 2)
        ratings = self.env["recovery.rating"].search([("provider_id", "=", self.provider.id)])
        self.assertEqual(
            {(rating.partner_id, rating.rating, str(rating.date)) for rating in ratings},
            {(self.kepler, "A", "2026-02-01"), (self.brahe, "C", str(TODAY))},
        )
        unmatched = wizard.unmatched_ids
        self.assertEqual((unmatched.row, unmatched.registration, unmatched.name), (4, "1", "Nobody"))
        self.assertEqual(unmatched.problem, "No debtor has it")

    def test_a_company_is_found_by_its_establishment(self):
        self.assertEqual(self.run_import("registration;rating\n732829320;B").matched_count, 1)
        self.assertEqual(self.kepler.recovery_rating_ids.rating, "B")

    def test_a_number_of_several_debtors_is_left_alone(self):
        self.make_debtor("Brahe twice", company_registry="552 100 554")
        wizard = self.run_import("registration;rating\n552100554;B")
        self.assertEqual(wizard.matched_count, 0)
        self.assertIn("Several debtors", wizard.unmatched_ids.problem)

    def test_the_same_day_is_brought_up_to_date(self):
        for rating in ("B", "C"):
            self.run_import(f"registration;rating;date\n552100554;{rating};2026-02-01")
        self.assertEqual(self.brahe.recovery_rating_ids.mapped("rating"), ["C"])

    def test_unknown_columns_are_named(self):
        self.assert_fault("registration;rating;colour\n1;A;red", "colour")
        self.assert_fault("registration\n1", "rating")
        self.assert_fault("registration;date_end;profit\n1;2025-12-31;4", "profit", kind="statement")

    def test_faults_name_row_and_column_and_nothing_is_kept(self):
        self.assert_fault("registration;rating;date\n552100554;A;\n1;B;31/31/2026", "Row 3", "date")
        self.assert_fault("registration;rating\n552100554;", "Row 2", "rating")
        self.assert_fault(
            "registration;date_end;equity\n1;2025-12-31;much", "Row 2", "equity", kind="statement"
        )
        self.assert_fault("registration;date_end\n1;", "Row 2", "date_end", kind="statement")
        self.assert_fault(
            "registration;date_end;currency\n1;2025-12-31;XYZ", "Row 2", "XYZ", kind="statement"
        )
        self.assert_fault("", "no rows")
        self.assert_fault(b"\x00\x01", "cannot be read")
        self.assertFalse(self.brahe.recovery_rating_ids)

    def test_what_is_too_large_or_too_long_is_refused_in_few_words(self):
        columns = ";".join(f"{'colour' * 50}{number}" for number in range(150))
        with self.assertRaises(UserError) as refused:
            self.run_import(f"registration;rating;{columns}\n1;A")
        self.assertLess(len(str(refused.exception)), 2000)
        with self.assertRaises(UserError) as refused:
            self.run_import(f"registration;rating;date\n1;A;{'soon' * 1000}")
        self.assertLess(len(str(refused.exception)), 200)
        self.assert_fault("registration;rating;date\n552100554;A;3026-01-01", "Row 2", "3026", "1900")
        with self.assertRaisesRegex(UserError, "Row 2, column currency") as refused:
            self.run_import(f"registration;date_end;currency\n1;2025-12-31;{'guilder' * 1000}", "statement")
        self.assertLess(len(str(refused.exception)), 200)
        with patch.object(kernel, "MAX_BYTES", 30):
            wizard = self.env["recovery.credit.import"].create({"file": base64.b64encode(b"0" * 100)})
            with self.assertRaisesRegex(UserError, "megabytes"):
                wizard.action_import()

    def test_statements_of_several_years(self):
        header = "registration;date_end;equity;total_assets;ebitda;financial_debt"
        wizard = self.run_import(
            f"{header}\n552100554;31/12/2025;1 200,50;4000;100;0\n552100554;31/12/2024;900;;;\n", "statement"
        )
        self.assertEqual(wizard.matched_count, 2)
        latest, earlier = self.brahe.recovery_statement_ids
        self.assertEqual((latest.equity, latest.debt_ebitda, latest.origin), (1200.5, 0, "sent.csv"))
        self.assertEqual(latest._ratios()["debt_ebitda"], 0)
        self.assertEqual((earlier.equity, earlier._ratios()["equity_ratio"]), (900, None))

    def test_an_empty_debt_is_no_zero(self):
        self.assert_fault(
            "registration;date_end;ebitda;financial_debt\n552100554;2025-12-31;100;",
            "Row 2",
            "financial_debt",
            kind="statement",
        )

    def test_workbooks(self):
        book, file = Workbook(), io.BytesIO()
        for line in (("Registration", "Rating"), (552100554, "A")):
            book.active.append(line)
        book.save(file)
        self.assertEqual(self.run_import(file.getvalue()).matched_count, 1)

    def test_an_agency_is_one_class(self):
        kinds = dict(self.provider._fields["kind"]._description_selection(self.env))
        self.assertEqual(kinds, {"recovery.rating.source.csv": "CSV or Excel file"})
        with self.assertRaisesRegex(UserError, "which agency"):
            self.run_import("registration;rating\n1;A", provider_id=False)
