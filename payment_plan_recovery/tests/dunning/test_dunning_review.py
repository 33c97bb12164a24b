"""The Excel review, read back."""

import io
from datetime import datetime

import openpyxl
from odoo.tests import HttpCase, tagged

from ...report.workbook import Column, ReviewWorkbook
from .dunning_common import DunningCommon, day

DUE5 = {"trigger": "due_date", "delay_days": 5}
SHEETS = ["Summary", "Claims by debtor", "Held and excluded", "Aged balance", "Plans"]


@tagged("post_install", "-at_install")
class TestDunningReview(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_policy(DUE5)
        cls.debtor = cls.make_debtor("=cmd|' /C calc'!A0", ref="+1+1")
        cls.move = cls.invoice(cls.debtor, 120.5)
        cls.later = cls.invoice(cls.make_debtor("<b>Zoë</b>\u202e"), 70, due=3)
        cls.made = cls.make_run(5)

    def read_book(self, run=None):
        file = io.BytesIO()
        (run or self.made).write_review(file)
        return openpyxl.load_workbook(file)

    def rows(self, sheet):
        return [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] != "Total"]

    def test_sheets_headers_and_filters(self):
        self.made.action_propose()
        book = self.read_book()
        self.assertEqual(book.sheetnames, SHEETS)
        for name in SHEETS[1:]:
            self.assertEqual(book[name].freeze_panes, "A2", name)
            self.assertTrue(book[name].auto_filter.ref.startswith("A1:"), name)

    def test_typed_cells_and_totals(self):
        self.made.action_propose()
        sheet = self.read_book()["Claims by debtor"]
        debtor, ref, claim, *_levels, channel, due, late, currency, owed, company = self.rows(sheet)[0]
        self.assertEqual(
            (debtor, ref, claim, channel, due, late, currency, owed, company),
            (
                self.debtor.name,
                "+1+1",
                self.move.name,
                "E-mail",
                datetime.combine(day(0), datetime.min.time()),
                5,
                "EUR",
                120.5,
                120.5,
            ),
        )
        self.assertEqual(sheet["K3"].value, "=SUBTOTAL(109,K2:K2)")
        self.assertEqual(
            (sheet["G2"].data_type, sheet["J2"].data_type, sheet["A2"].data_type), ("d", "n", "s")
        )

    def test_text_of_a_partner_never_becomes_a_formula(self):
        self.made.action_propose()
        for sheet in self.read_book():
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        self.assertRegex(cell.value, r"^=SUBTOTAL\(109,[A-Z]\d+:[A-Z]\d+\)$")

    def test_excluded_with_reason(self):
        self.made.action_propose()
        row = self.rows(self.read_book()["Held and excluded"])[0]
        self.assertEqual((row[2], row[3], row[5].date()), (self.later.name, "Not due yet", day(8)))

    def test_review_stays_what_it_was_after_confirmation(self):
        self.made.action_propose()
        before = self.rows(self.read_book()["Claims by debtor"])
        self.made.action_confirm()
        self.assertEqual(self.rows(self.read_book()["Claims by debtor"]), before)
        self.assertEqual(len(self.rows(self.read_book()["Held and excluded"])), 1)

    def test_unticked_claim_is_left_out_by_hand(self):
        self.made.action_propose()
        self.made.line_ids.action_untick()
        book = self.read_book()
        self.assertFalse(self.rows(book["Claims by debtor"]))
        self.assertIn("Left out by hand", [row[3] for row in self.rows(book["Held and excluded"])])

    def test_claim_due_since_the_proposal_is_told(self):
        self.made.action_propose()
        since = self.invoice(self.debtor, 40)
        rows = self.rows(self.read_book()["Held and excluded"])
        self.assertEqual(
            {row[2]: row[3] for row in rows},
            {self.later.name: "Not due yet", since.name: "Not in the proposal"},
        )

    def test_draft_run_shows_what_it_would_do(self):
        self.assertEqual(self.rows(self.read_book()["Claims by debtor"])[0][2], self.move.name)

    def test_aged_balance(self):
        self.invoice(self.debtor, 30, due=-26)
        sheet = self.read_book(self.make_run(5))["Aged balance"]
        amounts = {row[0]: row[2:9] for row in self.rows(sheet)}
        self.assertEqual(amounts[self.debtor.name], (None, 120.5, 30, None, None, 150.5, 2))

    def test_more_rows_than_a_sheet_holds_go_on_in_a_further_one(self):
        file = io.BytesIO()
        book = ReviewWorkbook(file, 2, "Total", max_rows=4)
        book.add_table(
            "Rows",
            [Column("Name", "text"), Column("Money", "money", total=True)],
            ((f"n{i}", i) for i in range(5)),
        )
        book.close()
        read = openpyxl.load_workbook(file)
        self.assertEqual(read.sheetnames, ["Rows", "Rows 2", "Rows 3"])
        names = [row[0] for sheet in read for row in self.rows(sheet)]
        self.assertEqual(names, [f"n{i}" for i in range(5)])


@tagged("post_install", "-at_install")
class TestDunningReviewDownload(HttpCase):
    def test_download_needs_a_right_to_read(self):
        run = self.env["recovery.dunning.run"].create({"date": day(0)})
        url = run.action_review()["url"]
        self.authenticate("admin", "admin")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Dunning%20review", answer.headers["Content-Disposition"])
        self.assertEqual(openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames, SHEETS)
        self.env["res.users"].create({"name": "Clerk", "login": "clerk", "password": "clerkclerk"})
        self.authenticate("clerk", "clerkclerk")
        self.assertEqual(self.url_open(url).status_code, 403)
