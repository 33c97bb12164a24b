"""Names and notes that mean harm or break lines, in every document, mail and sheet: shown, never carried out.

PDFs are printed by the real wkhtmltopdf and read back; their number of pages is that of a plain debtor's.
"""

import io

import openpyxl
from lxml import html
from odoo import Command, fields
from odoo.tests import HttpCase, tagged
from odoo.tools import html_sanitize
from odoo.tools.pdf import PdfReader

from ..notice.notice_common import NoticeCommon, day

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}
PLAIN = "Boulangerie Dupont"
HOSTILE = {
    "script": "<script>document.write('owned')</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+cmd|' /C calc'!A0",
    "turned": "\u202eevil\u202c \u2067name\u2069",
    "emoji": "Boulangerie 🥖 «L'Épi» 株式会社 👩‍👩‍👧",
    "lines": "Name\r\nBcc: victim@example.com\u2028Total: 0.00",
    "braces": "{total} %(amount)s ${7*7} {{7*7}}",
    "long": "N" * 10_000,
}
#: A note of 10,000 characters, of words and of one word, with a last word to look for.
NOTES = (("word " * 2000)[:9990] + " theend", "x" * 9_990 + " theend", "<script>alert(1)</script> theend")

DOCUMENTS = (
    ("recovery.notice", "report_letter"),
    ("recovery.notice", "report_formal_notice"),
    ("recovery.notice", "report_evidence"),
    ("res.partner", "report_statement"),
    ("recovery.plan", "report_plan_options"),
    ("recovery.plan", "report_agreement"),
    ("recovery.solvency.check", "report_solvency_check"),
    ("recovery.plan", "report_plan_statement"),
)


def pages_of(pdf):
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def shape(text):
    """The tags of an HTML text and what is said with each."""
    return [
        (node.tag, sorted(node.attrib))
        for node in html.fragment_fromstring(str(text), create_parent=True).iter()
    ]


@tagged("post_install", "-at_install")
class TestHostileText(NoticeCommon, HttpCase):
    def file_of(self, name, note=False):
        """A debtor's file: its partner, a notice that was sent, a plan in force, a solvency check."""
        debtor = self.make_debtor(name, is_company=True, ref=name[:200], **ADDRESS)
        notice = self.notify(debtor)
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": debtor.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "date_start": day(60),
                "instalment_count": 3,
                "note": note,
                "item_ids": [Command.create({"move_line_id": self.item(self.invoice(debtor, 300.0)).id})],
            }
        )
        plan.generate_instalments()
        plan.action_compare_options()
        plan.action_propose()
        plan.action_accept(signed_by=name)
        plan.action_activate()
        check = self.env["recovery.solvency.check"].create(
            {"partner_id": debtor.id, "company_id": self.company.id, "note": note}
        )
        check.action_compute()
        return {record._name: record for record in (debtor, notice, plan, check)}

    def printed(self, files, model, report):
        """The pages of one report for several files, printed together as the outbox does."""
        records = self.env[model].union(*(records[model] for records in files))
        streams = self.env["ir.actions.report"]._render_qweb_pdf_prepare_streams(
            f"payment_plan_recovery.{report}", {}, res_ids=records.ids
        )
        return [pages_of(streams[records[model].id]["stream"].getvalue()) for records in files]

    def test_documents(self):
        plain = self.file_of(PLAIN)
        files = {kind: self.file_of(name) for kind, name in HOSTILE.items()}
        for model, report in DOCUMENTS:
            expected, *found = self.printed([plain, *files.values()], model, report)
            for kind, pages in zip(files, found, strict=True):
                with self.subTest(report=report, name=kind):
                    text = " ".join(pages)
                    self.assertLessEqual(
                        abs(len(pages) - len(expected)),
                        1,
                        f"{report} {kind}: the layout is that of any debtor",
                    )
                    self.assertNotIn("\u202e", text)
                    for amount in ("300.00", "100.00"):
                        if amount in " ".join(expected):
                            self.assertIn(amount, text)
                    if kind == "script":
                        self.assertIn("<script>document.write", text, "shown as text")
                    if kind == "braces":
                        self.assertIn("{total}", text)

    def test_contact_without_name(self):
        nameless = self.file_of("Nameless & Sons")
        child = self.env["res.partner"].create(
            {"parent_id": nameless["res.partner"].id, "type": "invoice", **ADDRESS}
        )
        self.assertFalse(child.name)
        nameless["recovery.notice"].contact_id = child
        for model, report in DOCUMENTS:
            [pages] = self.printed([nameless], model, report)
            self.assertIn("Nameless & Sons", " ".join(pages), report)
            self.assertNotIn("False", " ".join(pages), report)

    def test_notes_of_ten_thousand_characters(self):
        plain = self.file_of(PLAIN)
        files = [self.file_of(f"Debtor {number}", note) for number, note in enumerate(NOTES)]
        for records, note in zip(files, NOTES, strict=True):
            records["recovery.notice"].message_post(body=note)
        expected, *found = self.printed([plain, *files], "recovery.plan", "report_agreement")
        for pages in found:
            text = " ".join(pages)
            self.assertIn("theend", text, "nothing is cut off")
            self.assertLessEqual(len(pages), len(expected) + 4)
            for mention in ("Good for the sum of", "The debtor"):
                self.assertIn(mention, text)
            for number, page in enumerate(pages, 1):
                self.assertIn(f"Page {number} / {len(pages)}", page)
        for pages in self.printed(files, "recovery.notice", "report_evidence"):
            self.assertIn(f"Page {len(pages)} / {len(pages)}", pages[-1])

    def test_mails_and_scripts(self):
        debtors = {
            kind: self.make_debtor(name, email=f"{kind}@example.com") for kind, name in HOSTILE.items()
        }
        self.message.subject = "For {debtor}"
        self.message.script = "<p>Ask {debtor}</p>"
        notices = self.notify(*debtors.values())
        postbox = self.drain()
        self.assertEqual(set(notices.mapped("state")), {"sent"}, notices.mapped("failure_reason"))
        promises = self.env["recovery.promise"].create(
            [
                {
                    "partner_id": debtor.id,
                    "company_id": self.company.id,
                    "currency_id": self.currency.id,
                    "amount": 10.0,
                    "date_promised": fields.Date.add(fields.Date.context_today(debtor), days=3),
                    "note": HOSTILE["script"],
                }
                for debtor in debtors.values()
            ]
        )
        with self.mail_server() as more:
            promises.message_ids.mail_ids.send()
        self.assertEqual(len(more.envelopes), len(debtors))
        for envelope in [*postbox.envelopes, *more.envelopes]:
            self.assertNotIn(b"\nBcc:", envelope.content.partition(b"\r\n\r\n")[0])
            self.assertNotIn("victim@example.com", envelope.rcpt_tos)
        for message in notices.message_ids | promises.message_ids:
            self.assertNotRegex(message.body or "", r"(?i)<script|<img[^>]*onerror")
            # what is kept as it was written is what cleaning would leave
            self.assertEqual(shape(message.body), shape(html_sanitize(message.body)))
        contents, messages = notices._contents(), notices._messages()
        for notice in notices:
            script = messages[notice]._render("script", contents[notice.id])
            self.assertNotRegex(str(script), r"(?i)<script|<img")

    def test_sheets(self):
        self.company.country_id = self.env.ref("base.fr")  # whose law prices lateness
        for name in HOSTILE.values():
            debtor = self.make_debtor(
                name, is_company=True, ref=name[:200], country_id=self.env.ref("base.fr").id
            )
            self.invoice(debtor, 100.0)
        run = self.make_run(20)
        run.action_propose()
        self.env["recovery.charge"]._renew(self.company, day(20))
        charges = self.env["recovery.charge"].search([("company_id", "=", self.company.id)])
        books = []
        for write in (
            run.write_review,
            lambda file: self.env["recovery.credit.review.xlsx"]._write(self.company, day(20), file),
            lambda file: self.env["recovery.charge.xlsx"]._write(charges, file),
        ):
            file = io.BytesIO()
            write(file)
            books.append(openpyxl.load_workbook(file))
        for book in books:
            cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
            formulas = [cell.value for cell in cells if cell.data_type == "f"]
            self.assertFalse([value for value in formulas if "cmd" in value], "nothing is carried out")
            texts = [str(cell.value) for cell in cells if cell.data_type == "s"]
            self.assertTrue([text for text in texts if "cmd|" in text], "the name is shown")
            self.assertTrue(
                all(cell.hyperlink is None or "cmd" not in cell.hyperlink.target for cell in cells)
            )
            self.assertFalse([text for text in texts if "\u202e" in text])
