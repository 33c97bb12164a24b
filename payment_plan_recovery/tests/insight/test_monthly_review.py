"""The monthly workbook read back: its numbers are the screen's, and no text becomes a formula."""

import io
import tempfile
import tracemalloc
import zipfile
from datetime import date

import openpyxl
from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ...report.workbook import Column, ReviewWorkbook
from ..plan.plan_common import PlanCommon

ASKED = {"period": "own", "date_from": "2026-03-01", "date_to": "2026-03-31", "person": None}


@tagged("post_install", "-at_install")
class TestMonthlyReview(PlanCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.name = "=1+1"
        cls.clerk = cls.collector()
        cls.clerk.name = "@SUM(A1)"
        cls.env["recovery.portfolio"].create({"name": "All", "user_id": cls.clerk.id})
        partly = cls.owed(100.01, "2026-03-10")
        cls.owed(333.33, "2025-12-01")
        cls.owed(50, "2026-05-01")
        cls.pay(partly, 40.4, "2026-03-20")

    @classmethod
    def owed(cls, amount, due):
        return cls.invoice(amount, due, invoice_date="2025-11-20", date="2025-11-20")

    def book(self, user=None, **asked):
        file = io.BytesIO()
        review = self.env["recovery.monthly.review.xlsx"].with_user(user or self.env.user)
        review._write({**ASKED, **asked}, file)
        return openpyxl.load_workbook(file), file

    def rows(self, sheet):
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    def keep_what_the_night_keeps(self):
        self.env["recovery.forecast.line"].sudo()._keep(self.company, date(2026, 3, 31))
        with freeze_time("2026-03-02 12:00:00"):
            self.env["recovery.kpi.snapshot"].sudo()._keep_closed(self.company)

    def test_the_numbers_are_the_screen_s_to_the_cent(self):
        self.keep_what_the_night_keeps()
        book, _file = self.book()
        data = self.env["recovery.dashboard"].data(ASKED)
        rows = {row[0]: row for row in self.rows(book["Figures"])}
        for figure in data["figures"]:
            label, value, numerator, denominator, formula = rows[figure["label"]]
            self.assertEqual((label, formula), (figure["label"], figure["formula"]))
            self.assertEqual((numerator, denominator), (figure["numerator"], figure["denominator"]), label)
            self.assertEqual(value is None, figure["value"] is None, label)
            self.assertAlmostEqual(value or 0, figure["value"] or 0, 9, label)
        ages = [row[1] for row in self.rows(book["Ages"]) if isinstance(row[1], int | float)][:5]
        self.assertEqual(ages, data["ages"])
        weeks = [row for row in self.rows(book["Cash to come"]) if hasattr(row[0], "year")]
        self.assertEqual(
            [row[2] for row in weeks], [week["amount_expected"] for week in data["cash"]["weeks"]]
        )
        months = [row for row in self.rows(book["By month"]) if hasattr(row[0], "year")]
        self.assertEqual(
            len(months), len({day for figure in data["figures"] for day, _v in figure["months"]})
        )

    def test_debtors_add_up_to_the_figures(self):
        book, _file = self.book()
        (debtor,) = [row for row in self.rows(book["Debtors"])[1:] if row[0] == "=1+1"]
        figures = {figure["code"]: figure for figure in self.env["recovery.dashboard"].data(ASKED)["figures"]}
        self.assertEqual(debtor[2], figures["overdue"]["denominator"])
        self.assertEqual(debtor[3], figures["overdue"]["numerator"])
        self.assertEqual(debtor[3], 392.94)
        self.assertEqual(debtor[4].date(), date(2025, 12, 1))
        self.assertEqual(debtor[5], figures["recovery_rate"]["numerator"])

    def test_what_people_are_called_stays_text(self):
        book, file = self.book()
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        found = [cell for cell in cells if cell.value in ("=1+1", "@SUM(A1)")]
        self.assertGreaterEqual(len(found), 2)
        self.assertEqual({cell.data_type for cell in found}, {"s"})
        names = zipfile.ZipFile(file).namelist()
        self.assertIn("xl/charts/chart1.xml", names)

    def test_a_sheet_of_many_rows_takes_no_more_memory_than_one_of_few(self):
        def peak(count):
            columns = [Column("Debtor", "text"), Column("Owed", "money", total=True)]
            with tempfile.TemporaryFile() as file:
                workbook = ReviewWorkbook(file, 2, "Total")
                tracemalloc.start()
                try:
                    workbook.add_table(
                        "Debtors", columns, ((f"Debtor {number}", number / 100) for number in range(count))
                    )
                    return tracemalloc.get_traced_memory()[1]
                finally:
                    tracemalloc.stop()
                    workbook.close()

        peak(100)  # what is imported and cached once
        few, many = peak(500), peak(10_000)
        self.assertLess(many, 2 * few)

    def test_one_person_s_review_says_whose_it_is(self):
        book, _file = self.book(person=self.clerk.id)
        facts = {row[0]: row[1] for row in self.rows(book["Figures"])}
        self.assertEqual(facts["Collector"], "@SUM(A1)")
        self.assertNotIn("Collectors", book.sheetnames)

    def test_it_is_downloaded_by_who_may_read_figures(self):
        self.authenticate(self.clerk.login, self.clerk.login)
        url = f"/recovery/figures/review?date_from=2026-03-01&date_to=2026-03-31&company_id={self.company.id}"
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Figures", openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames)
        stranger = new_test_user(self.env, "stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.book(stranger)
