"""The PDF of a check and the Excel review of credit, read back."""

import io

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from .solvency_common import TODAY, SolvencyCommon


@tagged("post_install", "-at_install")
class TestSolvencyReport(SolvencyCommon):
    def review(self, user=None):
        file = io.BytesIO()
        self.env.flush_all()
        reviews = self.env["recovery.credit.review.xlsx"]
        (reviews.with_user(user) if user else reviews)._write(self.company, TODAY, file)
        return load_workbook(file)

    def row_of(self, sheet, name):
        header = [cell.value for cell in sheet[1]]
        for line in sheet.iter_rows(min_row=2, values_only=True):
            if line[0] == name:
                return dict(zip(header, line, strict=True))
        return None

    def test_every_debtor_with_exposure_against_limit(self):
        self.rules.active = False
        debtor = self.make_debtor("Kepler & Sons", limit=1000, risk_class=self.class_c, ref="K1")
        self.invoice(debtor, 1300)
        self.credit(debtor, 100)
        quiet = self.make_debtor("Brahe", risk_class=self.class_a)
        self.make_debtor("Nobody")
        below = self.make_debtor("Kepler Optics", parent_id=debtor.id)
        self.invoice(below, 50)
        check = self.make_check(quiet)
        check.action_compute()
        check.action_approve()
        book = self.review()
        row = self.row_of(book["Debtors"], "Kepler & Sons")
        self.assertEqual((row["Reference"], row["Class"], row["Exposure"]), ("K1", "C", 1200))
        self.assertEqual((row["Open receivables"], row["Credits"]), (1300, -100))
        self.assertEqual((row["Credit limit"], row["Credit left"]), (1000, -200))
        row = self.row_of(book["Debtors"], "Brahe")
        self.assertEqual((row["Score"], row["Last check"].date()), (check.score, TODAY))
        self.assertEqual(row["Next review"].date(), check.date_until)
        self.assertIsNone(self.row_of(book["Debtors"], "Nobody"))
        row = self.row_of(book["Debtors"], below.complete_name)
        self.assertEqual(row["Exposure"], 50, "a company below another one owes what it owes itself")
        self.assertTrue(self.row_of(book["Over limit"], "Kepler & Sons"))
        self.assertIsNone(self.row_of(book["Over limit"], "Brahe"))

    def test_names_never_become_formulas(self):
        for name in ("=1+1", "@SUM(A1)", "+49", "-1", "=cmd|' /C calc'!A0"):
            self.make_debtor(name, risk_class=self.class_c)
        cells = {cell.value: cell.data_type for cell in self.review()["Debtors"]["A"]}
        for name in ("=1+1", "@SUM(A1)", "+49", "-1", "=cmd|' /C calc'!A0"):
            self.assertEqual(cells[name], "s", name)

    def test_only_readers_of_the_ledger(self):
        with self.assertRaises(AccessError):
            self.review(self.make_user("solvency_seller", "base.group_user"))
        self.assertIn(
            "Debtors", self.review(self.make_user("solvency_reader", "account.group_account_readonly"))
        )

    def test_the_check_on_paper(self):
        person = self.make_debtor("Ada <b>Lovelace</b>", is_company=False)
        check = self.make_check(person)
        check.action_compute()
        report = self.env["ir.actions.report"]
        html = report._render_qweb_html("payment_plan_recovery.report_solvency_check", check.ids)[0].decode()
        self.assertIn("Days late on average", html)
        self.assertIn("natural person", html)
        self.assertIn("Ada &lt;b&gt;Lovelace&lt;/b&gt;", html)
        self.assertIn("Not decided yet", html)


@tagged("post_install", "-at_install")
class TestCreditReviewDownload(HttpCase):
    def test_download(self):
        self.authenticate("admin", "admin")
        answer = self.url_open("/recovery/credit/review")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Credit%20review", answer.headers["Content-Disposition"])
        self.assertIn("Debtors", load_workbook(io.BytesIO(answer.content)).sheetnames)

    def test_of_the_company_the_user_works_in(self):
        admin = self.env.ref("base.user_admin")
        second, strange = self.env["res.company"].create(
            [{"name": "Second house"}, {"name": "Strange house"}]
        )
        admin.company_ids += second
        admin.company_ids -= strange
        admin.group_ids += self.env.ref("account.group_account_readonly")
        action = self.env.ref("payment_plan_recovery.action_credit_review_download").with_user(admin)
        url = action.with_context(allowed_company_ids=second.ids).run()["url"]
        self.authenticate("admin", "admin")
        summary = load_workbook(io.BytesIO(self.url_open(url).content))["Summary"]
        self.assertIn("Second house", [cell.value for row in summary for cell in row])
        for number in (strange.id, "all"):
            answer = self.url_open(f"/recovery/credit/review?company_id={number}")
            self.assertEqual(answer.status_code, 404, number)
