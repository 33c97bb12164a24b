"""The printed letters and formal notices, rendered to PDF and read back."""

import hashlib
import io
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.addons.base.models.ir_cron import IrCron
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from PIL import Image

from .notice_common import NoticeCommon, day
from .read_pdf import pages, pictures, smallest_type

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon", "email": False}


#: Claims that a formal notice of two pages holds, each with its interest and its fixed sum.
DOZEN = 12
#: Claims that fill the first page of a formal notice, nearly.
LONG_TABLE = 24
#: Points below which type is not read without effort.
SMALLEST_TYPE = 8.5
#: A picture of one dot.
WEBP = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"


def jpeg(width, height):
    """A picture all red."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(buffer, "JPEG")
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestReportNotice(NoticeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.france = cls.env.ref("base.fr")
        cls.company.write({"country_id": cls.france.id, "phone": "+33 4 00 00 00 00"})
        cls.company.partner_id.write(
            {"company_registry": "33417522101010", "zip": "69007", "is_company": True}
        )
        cls.env["res.partner.bank"].create(
            {
                "acc_number": "FR7630006000011234567890189",
                "partner_id": cls.company.partner_id.id,
                "company_id": cls.company.id,
            }
        )
        cls.debtor = cls.make_debtor(
            "Boulangerie Dupont", is_company=True, company_registry="55210055400013", **ADDRESS
        )

    def formal(self, debtor=None, **level):
        self.level.write({"letter_kind": "formal_notice", "payment_days": 8, **level})
        return self.notify(debtor or self.debtor)

    def print_letters(self):
        """Drain the outbox on the test's own cursor, the only one wkhtmltopdf's requests can share."""
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_kwargs: 1.0):
            self.env["recovery.notice"]._cron_send()

    def printed(self, notice):
        """The pages of the archived PDF of a notice that goes now."""
        self.print_letters()
        self.assertEqual(notice.state, "to_post", notice.failure_reason)
        return pages(notice.attachment_id.raw)

    def test_letter_is_archived_before_it_is_sent(self):
        notice = self.notify(self.debtor)
        self.printed(notice)
        pdf = notice.attachment_id.raw
        self.assertEqual(notice.document_sha256, hashlib.sha256(pdf).hexdigest())
        self.assertFalse(notice.date_sent, "it is sent once it is posted")
        notice.action_post()
        self.assertTrue(notice.date_sent)
        self.assertEqual(notice.attachment_id.raw, pdf, "as it was printed")
        for change in ({"raw": b"other"}, {"res_id": 0}):
            with self.assertRaisesRegex(UserError, "kept as it is"):
                notice.attachment_id.write(change)
        with self.assertRaisesRegex(UserError, "kept as it is"):
            notice.attachment_id.unlink()

    def test_logo_kept_as_webp_is_printed(self):
        """Odoo keeps a JPEG next to it, which wkhtmltopdf can draw."""
        self.company.logo = WEBP
        kept = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", self.company.partner_id.id),
                ("res_field", "=", "image_1920"),
            ]
        )
        self.env["ir.attachment"].create(
            {
                "name": "logo.jpg",
                "raw": jpeg(63, 21),
                "mimetype": "image/jpeg",
                "res_model": "ir.attachment",
                "res_id": kept.id,
            }
        )
        notice = self.notify(self.debtor)
        self.printed(notice)
        self.assertIn((63, 21), pictures(notice.attachment_id.raw))

    def test_formal_notice_mentions(self):
        move = self.invoice(self.debtor, 1000.0)
        self.pay(move, 250.0)
        notice = self.formal()
        text = " ".join(self.printed(notice))
        for mention in (
            "Formal notice",
            "Creditor",
            "334 175 221 01010",
            "Boulangerie Dupont",
            "55210055400013",
            move.name,
            "Total to pay",
            "850.00",  # 1,000 less 250 received, and 100
            "250.00",
            "articles 1231 and 1344 of the Civil Code",
            "L. 441-10",
            "40 euros",
            "enforceable title",
            "conciliator",
            "If you dispute this claim",
            "FR76 3000 6000 0112 3456 7890 189",
            notice.name,
        ):
            self.assertIn(mention, text)
        self.assertNotIn("L. 111-8", text)  # what is said to individuals only

    def test_individual_is_told_the_rules_for_individuals(self):
        person = self.make_debtor("Jeanne Petit", **ADDRESS)
        text = " ".join(self.printed(self.formal(person)))
        self.assertIn("L. 111-8", text)
        self.assertIn("consumer mediator", text)
        self.assertNotIn("40 euros", text)

    def test_individual_is_told_of_no_fixed_sum(self):
        person = self.make_debtor("Jeanne Petit", **ADDRESS)
        self.pay(self.invoice(person, 1000.0), 250.0)
        text = " ".join(self.printed(self.formal(person)))
        self.assertIn("Part payments settle, in this order: interest, then the invoice.", text)
        self.assertNotIn("fixed sum", text)

    def test_level_without_charges_states_the_clause_alone(self):
        text = " ".join(self.printed(self.formal(states_charges=False)))
        self.assertIn("Late-payment penalties", text)
        self.assertNotIn("Rate Days Interest", text)

    def test_deadline_counts_from_the_day_it_goes(self):
        notice = self.formal(payment_days=8)
        text = " ".join(self.printed(notice))
        content = notice._contents()[notice.id]
        due = notice.date + timedelta(days=8)
        self.assertIn((content.deadline - due).days, {0: (0,), 5: (2,), 6: (1,)}.get(due.weekday(), (0,)))
        self.assertIn(f"by {content.day(content.deadline)} at the latest", text)

    def test_earlier_reminders_are_listed(self):
        first = self.notify(self.debtor)
        self.send(first, 5)
        second = self.level.copy({"sequence": 99, "name": "Second", "delay_days": 15})
        self.message.copy({"level_id": second.id})
        second.letter_kind = "formal_notice"
        run = self.make_run(40)
        run.action_propose()
        run.action_confirm()
        text = " ".join(self.printed(run.notice_ids))
        self.assertIn(
            f"Earlier reminders: {first._contents()[first.id].day(first.date)} ({first.name})", text
        )

    def test_credits_come_off_what_is_to_pay(self):
        notice = self.formal(states_charges=False)
        self.credit(self.debtor, 30.0)
        text = " ".join(self.printed(notice))
        self.assertIn("Received and not yet set against an invoice", text)
        self.assertIn("pay us 70.00", text)

    def test_every_page_has_head_foot_and_column_names(self):
        for count in (30, 100):
            with self.subTest(count):
                debtor = self.make_debtor(f"Debtor of {count}", **ADDRESS)
                self.env["account.move"].create(
                    [
                        {
                            "move_type": "out_invoice",
                            "partner_id": debtor.id,
                            "invoice_date": day(-30),
                            "invoice_date_due": day(-1),
                            "invoice_payment_term_id": False,
                            "currency_id": self.currency.id,
                            "invoice_line_ids": [
                                Command.create({"name": "Work", "price_unit": 10.0 + number, "tax_ids": []})
                            ],
                        }
                        for number in range(count - 1)
                    ]
                ).action_post()
                notice = self.formal(debtor)
                self.assertEqual(len(notice.line_ids), count)
                found = self.printed(notice)
                self.assertGreater(len(found), 1)
                for number, text in enumerate(found, 1):
                    self.assertIn("Creditor", text)
                    self.assertIn(f"Page {number} / {len(found)}", text)
                with_claims = [text for text in found if "INV/" in text or "SAL/" in text]
                self.assertTrue(all("Due date" in text for text in with_claims))
                printed = sum(text.count(move.name) for move in notice.line_ids.move_id for text in found)
                self.assertEqual(printed, count)

    def test_totals_stay_together(self):
        """However long the table is: no page ends between the sum of the invoices and what is to pay."""
        for number in range(LONG_TABLE):
            self.invoice(self.debtor, 100.0 + number)
        notice = self.formal()
        for lines in range(0, 14, 2):
            self.message.letter = "<p>And so on.</p>" * lines
            found = pages(notice._print()[notice])
            for total in ("Total of the invoices", "Penalties and fixed sums, stated below"):
                self.assertEqual(
                    [total in text for text in found], ["Total to pay" in text for text in found], lines
                )

    def test_short_tables_stay_on_one_page(self):
        self.invoice(self.debtor, 500.0)
        notice = self.formal()
        self.assertIn(len(notice._contents()[notice.id].charges), range(2, 9))
        for lines in range(0, 30, 3):
            with self.subTest(lines):
                self.message.letter = "<p>And so on.</p>" * lines
                found = pages(notice._print()[notice])
                for head, foot in (
                    ("Days late", "Total to pay"),
                    ("Rate Days Interest", "Total of penalties and fixed sums"),
                ):
                    self.assertEqual(
                        [head in text for text in found], [foot in text for text in found], found
                    )

    def test_no_page_holds_a_signature_alone(self):
        notice = self.formal()
        letter = self.env["ir.actions.report"]
        for lines in range(0, 32, 2):
            self.message.letter = "<p>And so on.</p>" * lines
            for report, signed, before in (
                ("formal_notice", f"For {self.company.name}", "If you dispute this claim"),
                ("letter", notice.user_id.name, "Write on the payment"),
            ):
                with self.subTest(report, lines=lines):
                    printed = letter._recovery_print(f"payment_plan_recovery.action_report_{report}", notice)
                    last = pages(printed[notice])[-1]
                    self.assertIn(signed, last)
                    self.assertIn(before, last)

    def test_two_pages_hold_a_dozen_claims(self):
        """With all that the law wants said, part payments, and type that is read without a glass."""
        self.env["res.lang"]._activate_lang("fr_FR")
        person = self.make_debtor("Jeanne Petit", country_id=self.france.id, **ADDRESS)
        self.debtor.country_id = self.france
        for debtor in (self.debtor, person):
            for number in range(DOZEN - 1):
                move = self.invoice(debtor, 1500.0 + number)
                if number < 3:
                    self.pay(move, 250.0)
        self.level.payment_days = 8
        notices = self.notify(self.debtor, person)
        self.level.letter_kind = "formal_notice"
        charges = [len(content.charges) for content in notices._contents().values()]
        self.assertGreaterEqual(max(charges), 2 * DOZEN)
        for lang in ("en_US", "fr_FR"):
            notices.partner_id.lang = lang
            for notice, pdf in notices._print().items():
                with self.subTest(notice.partner_id.name, lang=lang):
                    self.assertEqual(len(pages(pdf)), 2)
                    self.assertGreaterEqual(smallest_type(pdf), SMALLEST_TYPE)

    def test_charges_of_an_invoice_stay_on_one_page(self):
        """A part payment after the due date makes two lines of interest: the fixed sum stands beside the second."""
        for number in range(14):
            self.pay(self.invoice(self.debtor, 500.0 + number), 100.0, on=2)
        notice = self.formal()
        content = notice._contents()[notice.id]
        numbers = [claim.number for claim in content.claims if claim.received]
        rows = [[bool(fixed_sum) for _line, fixed_sum in group] for group in content.charges_by_invoice]
        self.assertCountEqual(rows, [[True], *[[False, True]] * len(numbers)])
        for lines in range(0, 9, 2):
            with self.subTest(lines):
                self.message.letter = "<p>And so on.</p>" * lines
                found = pages(notice._print()[notice])
                stated = [[text.count(f"{number}, from") for number in numbers] for text in found]
                self.assertEqual({count for on_page in stated for count in on_page}, {0, 2})
                self.assertEqual([sum(counts) for counts in zip(*stated, strict=True)], [2] * len(numbers))
                self.assertEqual(
                    [any(on_page) for on_page in stated], ["Rate Days Interest" in text for text in found]
                )
                [total] = [text for text in found if "Total of penalties" in text]
                self.assertIn(f"{content.claims[-1].number}, from", total)

    def test_french_sentences_have_french_spaces(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.debtor.lang = "fr_FR"
        move = self.invoice(self.debtor, 1000.0)
        self.pay(move, 250.0)
        notice = self.formal()
        content = notice._contents()[notice.id]
        self.assertIn("SIRET\xa0: 334\xa0175\xa0221\xa001010", content.identity(content.company.partner_id))
        [claim] = [claim for claim in content.claims if claim.receipts]
        self.assertRegex(
            content.receipt_text(claim.receipts[0], claim.currency), "^reçu le [0-9/]+\xa0: 250,00\xa0"
        )
        charge = next(charge for charge in content.charges if charge.rate)
        self.assertRegex(content.charge_text(charge), "\xa0: [0-9]+ jours à [0-9,]+\xa0% sur ")

    def test_batch_keeps_each_debtors_letter_apart(self):
        debtors = [self.make_debtor(f"Debtor number {number}", **ADDRESS) for number in range(12)]
        notices = self.notify(*debtors)
        self.print_letters()
        for notice in notices:
            text = " ".join(pages(notice.attachment_id.raw))
            self.assertIn(notice.name, text)
            others = notices - notice
            self.assertFalse([other.name for other in others if other.name in text])

    def test_hostile_names_break_nothing(self):
        names = (
            "<script>document.write('owned')</script>",
            "=cmd|' /C calc'!A0",
            "\u202eevil\u202c name",
            "Boulangerie 🥖 «L'Épi» 株式会社",
            "N" * 10_000,
        )
        debtors = [self.make_debtor(name, is_company=True, **ADDRESS) for name in names]
        notices = self.formal(debtors[0]) | self.notify(*debtors[1:])
        self.print_letters()
        self.assertEqual(set(notices.mapped("state")), {"to_post"})
        for notice in notices:
            found = pages(notice.attachment_id.raw)
            self.assertLessEqual(len(found), 3)
            self.assertNotIn("owned</", " ".join(found))
            if notice.partner_id.name.startswith("<script"):
                self.assertIn("<script>document.write", " ".join(found))
