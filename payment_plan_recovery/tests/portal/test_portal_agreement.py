"""The agreement carries its plan's link; what is agreed is compared without it, and other readers get none."""

import hashlib
import io
import zipfile
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools.pdf import PdfReader
from PIL import Image

from ...models.common.qr_code import DOTS, qr_png
from ..common.test_qr_code import squares
from .portal_sign_common import SignCommon

AGREEMENT = "payment_plan_recovery.report_agreement"
STATEMENT = "payment_plan_recovery.report_statement"


def words_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def drawn_in(pdf, url):
    """Whether a picture of the PDF is the QR code of ``url``, square by square."""
    code = qr_png(url, "M", 2)
    size = Image.open(io.BytesIO(code)).width // DOTS - 4
    expected = squares(code, size, 2)
    found = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for picture in page.images:
            png = io.BytesIO()
            picture.image.convert("L").save(png, "PNG")
            if picture.image.width == picture.image.height:
                found.append(squares(png.getvalue(), size, 2))
    return expected in found


@tagged("post_install", "-at_install")
class TestPortalAgreement(SignCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.recovery_portal_link_days = 100

    def printed(self, report, record, **context):
        return self.env["ir.actions.report"].with_context(**context)._recovery_print(report, record)[record]

    def plan_link(self):
        return self.link(plan=self.offer)

    def test_it_carries_the_plan_s_link_to_type_and_to_scan(self):
        self.begin()
        pdf = self.url_open(f"{self.url}/sign/document").content
        link = self.plan_link()
        text = words_of(pdf)
        self.assertIn(link._printed_code(), text)
        self.assertIn(link._short_address(), text)
        self.assertTrue(drawn_in(pdf, link._url()))
        self.assertFalse(drawn_in(pdf, self.link()._url()), "the account's, the plan's only")
        self.assertIn(self.offer.name, self.url_open(f"/r?code={link._printed_code()}").text)
        self.company.recovery_portal = False
        self.assertNotIn("Your code", words_of(self.printed(AGREEMENT, self.offer)))

    def test_a_link_that_is_renewed_changes_no_terms(self):
        shown = self.begin()
        first = self.plan_link()
        self.confirm(self.code())
        first.date_expires = self.today + timedelta(days=3)
        self.assertNotEqual(self.plan_link(), first)
        self.company.recovery_portal_signatory_id = self.env.user
        self.assertNotIn("error", self.finish())
        self.assertEqual(self.offer.state, "active")
        signed = self.offer.signed_document_id.sudo().raw
        self.assertEqual(hashlib.sha256(shown.document_id.sudo().raw).hexdigest(), shown.document_sha256)
        mails = self.env["mail.message"].search(
            [("model", "=", "recovery.plan"), ("res_id", "=", self.offer.id), ("attachment_ids", "!=", False)]
        )
        self.assertEqual(len(mails), 2, "to the debtor, and to whoever follows the plan")
        for got in (signed, self.url_open(f"{self.url}/signed").content, *mails.attachment_ids.mapped("raw")):
            self.assertEqual(got, signed)
        self.assertIn(first._printed_code(), words_of(signed), "as it was shown")
        self.assertTrue(drawn_in(signed, first._url()))

    def test_a_link_that_is_ended_says_so_and_stops_no_signature(self):
        self.begin()
        self.confirm(self.code())
        first = self.plan_link()
        first.action_revoke()
        closed = self.url_open(first._path())
        self.assertEqual(closed.status_code, 404)
        self.assertIn("its time has passed", closed.text)
        self.assertNotIn("error", self.finish())
        self.offer.action_countersign()
        second = self.plan_link()
        self.assertIn(self.offer.name, self.url_open(second._path()).text)
        self.offer.action_cancel()
        self.assertEqual(self.url_open(second._path()).status_code, 404, "ended with its plan")

    def test_a_clause_that_says_the_link_is_no_other_for_it_and_is_compared(self):
        clause = self.env["recovery.clause"].sudo().search([("document", "=", "agreement")], limit=1)
        clause.body = "<p>Online: {link}</p>"
        self.begin()
        self.confirm(self.code())
        self.assertIn(self.plan_link()._url(), words_of(self.url_open(f"{self.url}/sign/document").content))
        self.plan_link().date_expires = self.today
        clause.body = "<p>On line: {link}</p>"
        self.assertIn("has changed", self.finish()["error"])
        clause.body = "<p>Online: {link}</p>"
        self.assertNotIn("error", self.finish())

    def test_the_account_to_pay_to_is_a_term(self):
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "FR7630006000011234567890189", "partner_id": self.company.partner_id.id}
        )
        self.begin()
        self.confirm(self.code())
        bank.write({"active": False})
        self.assertIn("has changed", self.finish()["error"])

    def test_it_takes_no_page_more(self):
        """Of lengths that fill a page to its last line, with a bank's code and without."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.company.country_id = self.env.ref("base.fr")
        owner = {"partner_id": self.company.partner_id.id, "company_id": self.company.id}
        bank = self.env["res.partner.bank"].create({"acc_number": "FR7630006000011234567890189", **owner})
        for has_bank, counts in ((False, (2, 3, 4)), (True, (3, 13, 14))):
            bank.active = has_bank
            for count in counts:
                moves = [self.late_invoice(100, currency_id=euro.id) for _number in range(count)]
                plan = self.plan(*moves, instalment_count=count, currency_id=euro.id, policy_id=False)
                plan.action_propose()
                pages = [
                    len(PdfReader(io.BytesIO(self.printed(AGREEMENT, plan, **context))).pages)
                    for context in ({}, {"recovery_without_link": True})
                ]
                with self.subTest(items=count, has_bank=has_bank):
                    self.assertEqual(*pages)

    def test_evidence_for_others_opens_nothing(self):
        """A court, a bailiff or an agency reads the file of a case: no code of the debtor's stands in it."""
        plan = self.active_plan(self.bill)
        self.assertIn("Your code", words_of(self.printed(AGREEMENT, plan)))
        self.assertIn("Your code", words_of(self.printed(STATEMENT, self.debtor)))
        plan.action_cancel()
        case = self.env["recovery.case"]._open(self.debtor, self.item(self.bill))
        case.action_build_evidence()
        bundle = case.dossier_ids.attachment_ids.filtered(lambda file: file.name.endswith(".zip"))
        with zipfile.ZipFile(io.BytesIO(bundle.raw)) as pieces:
            texts = {name: words_of(pieces.read(name)) for name in pieces.namelist() if name.endswith(".pdf")}
        self.assertTrue([text for text in texts.values() if "acknowledgment of debt" in text])
        self.assertTrue([text for text in texts.values() if "Statement of account" in text])
        for name, text in texts.items():
            with self.subTest(name):
                self.assertNotIn("Your code", text)
