"""Statements, evidence and previews: what is shown about a debtor, and to whom."""

import io
from datetime import date
from unittest.mock import patch

from odoo import Command, fields
from odoo.addons.base.models.ir_cron import IrCron
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.pdf import PdfReader

from ..notice.notice_common import NoticeCommon, day

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}


def text_of(pdf):
    reader = PdfReader(io.BytesIO(pdf))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@tagged("post_install", "-at_install")
class TestReportStatement(NoticeCommon, HttpCase):
    def printed(self, report, record):
        streams = self.env["ir.actions.report"]._render_qweb_pdf_prepare_streams(
            f"payment_plan_recovery.{report}", {}, res_ids=record.ids
        )
        return text_of(streams[record.id]["stream"].getvalue())

    def drain_here(self):
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_kwargs: 1.0):
            self.env["recovery.notice"]._cron_send()

    def test_statement_shows_everything_open_by_age(self):
        debtor = self.make_debtor("Statement debtor", **ADDRESS)
        move = self.invoice(debtor, 100.0)
        self.credit(debtor, 30.0)
        text = self.printed("report_statement", debtor)
        self.assertIn("Statement of account", text)
        self.assertIn(move.name, text)
        self.assertIn("Total to pay 70.00 €", text)
        self.assertIn("Over 90 days", text)

    def test_the_first_of_a_month_is_written_as_the_language_does(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        for lang, days in {
            "fr_FR": {
                (12, 1): " 1er décembre 2026",
                (12, 11): " 11 décembre 2026",
                (1, 31): " 31 janvier 2026",
            },
            "en_US": {(12, 1): "December 1, 2026", (12, 11): "December 11, 2026"},
        }.items():
            debtor = self.make_debtor("Written to", lang=lang)
            for (month, number), words in days.items():
                written = date(2026, month, number)
                told = debtor._recovery_content(self.company, written).dateline()
                self.assertTrue(told.endswith(words), told)

    def test_ages_on_both_sides_of_each_limit(self):
        debtor = self.make_debtor("Aged debtor")
        today = self.env.company._recovery_today()
        limits = {0: "Not due", 1: "1 to 30 days", 30: "1 to 30 days", 31: "31 to 60 days"}
        limits |= {60: "31 to 60 days", 61: "61 to 90 days", 90: "61 to 90 days", 91: "Over 90 days"}
        move = self.invoice(debtor, 10.0)
        for late, age in limits.items():
            date = fields.Date.add(self.item(move).date_maturity, days=late)
            content = debtor._recovery_content(self.company, date)
            self.assertEqual([name for name, amounts in content.ageing if amounts], [age], late)
        self.assertGreater(today, self.item(move).date_maturity)

    def test_ages_add_up_to_the_balance(self):
        debtor = self.make_debtor("Credit note holder", **ADDRESS)
        self.invoice(debtor, 1000.0)
        self.credit(debtor, 300.0)
        content = debtor._recovery_content(self.company, fields.Date.add(day(0), days=100))
        self.assertEqual(content.ageing[-1][1], {self.currency: 700.0})
        self.assertEqual(sum(sum(amounts.values()) for _name, amounts in content.ageing), 700.0)
        text = self.printed("report_statement", debtor)
        self.assertIn("-300.00 €", text)
        self.assertIn("Total to pay 700.00 €", text)

    def test_more_credit_than_debt(self):
        debtor = self.make_debtor("In favour", **ADDRESS)
        self.invoice(debtor, 100.0)
        self.credit(debtor, 300.0)
        content = debtor._recovery_content(self.company, day(100))
        self.assertEqual(content.balances, {self.currency: 0.0})
        self.assertEqual(sum(sum(amounts.values()) for _name, amounts in content.ageing), -200.0)
        self.assertIn("In your favour 200.00 €", self.printed("report_statement", debtor))

    def test_credit_without_any_debt(self):
        debtor = self.make_debtor("Credit only", **ADDRESS)
        self.credit(debtor, 300.0)
        text = self.printed("report_statement", debtor)
        self.assertIn("-300.00 €", text)
        self.assertNotIn("Nothing is open", text)

    def test_statement_of_nothing(self):
        text = self.printed("report_statement", self.make_debtor("Nothing", **ADDRESS))
        self.assertIn("Nothing is open", text)

    def test_evidence_of_a_letter(self):
        notice = self.notify(self.make_debtor("Evidence debtor", email=False, **ADDRESS))
        self.drain_here()
        notice.tracking_number = "1A 234 567 8901 2"
        text = self.printed("report_evidence", notice)
        for shown in (notice.name, "Evidence debtor", "2 Side Street", "1A 234 567 8901 2", "SHA-256"):
            self.assertIn(shown, text)
        self.assertIn(notice.document_sha256[:20], text.replace(" ", ""))

    def test_evidence_is_in_one_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        debtor = self.make_debtor("French debtor", lang="fr_FR", **ADDRESS)
        self.invoice(debtor, 4321.0)
        text = self.printed("report_evidence", self.notify(debtor))
        self.assertIn("4,321.00", text)
        self.assertNotIn("321,00", text)

    def test_evidence_tells_its_history_in_words(self):
        """Where only a status changed, that is what is told; an entry that says nothing has no row."""
        notice = self.notify(self.make_debtor("Debtor", **ADDRESS))
        notice.message_ids.unlink()
        notice._message_log(body="Posted today")
        notice._message_log(body="")
        changed = notice._message_log(
            body="",
            tracking_value_ids=[
                Command.create(
                    {
                        "field_id": self.env["ir.model.fields"]._get(notice._name, "state").id,
                        "old_value_char": "To approve",
                        "new_value_char": "Queued",
                    }
                )
            ],
        )
        history = self.env["report.payment_plan_recovery.report_evidence"]._history(notice)
        state = notice._fields["state"].string
        self.assertEqual(
            [what for _entry, what in history], ["Posted today", f"{state}: To approve → Queued"]
        )
        self.assertEqual(history[-1][0], changed)

    def test_account_to_pay_to_stands_with_what_is_to_pay(self):
        debtor = self.make_debtor("Debtor of much", **ADDRESS)
        self.env["res.partner.bank"].create(
            {"acc_number": "FR7630006000011234567890189", "partner_id": self.company.partner_id.id}
        )
        for count in range(12):
            self.invoice(debtor, 100.0 + count)
            if count < 4:
                continue
            with self.subTest(count):
                streams = self.env["ir.actions.report"]._render_qweb_pdf_prepare_streams(
                    "payment_plan_recovery.report_statement", {}, res_ids=debtor.ids
                )
                reader = PdfReader(io.BytesIO(streams[debtor.id]["stream"].getvalue()))
                found = [page.extract_text() for page in reader.pages]
                self.assertEqual(
                    ["Over 90 days" in text for text in found],
                    ["By transfer to" in text for text in found],
                )

    def test_letters_of_a_mailing_in_one_file(self):
        notices = self.notify(
            *(self.make_debtor(f"Pile {number}", email=False, **ADDRESS) for number in range(3))
        )
        self.drain_here()
        self.assertEqual(set(notices.mapped("state")), {"to_post"}, notices.mapped("failure_reason"))
        mailing = notices.mailing_id
        new_test_user(
            self.env,
            "post_room",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        url = mailing.action_print()["url"]
        self.authenticate("post_room", "post_room")
        answer = self.url_open(url)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        text = text_of(answer.content)
        self.assertTrue(all(notice.name in text for notice in notices))
        new_test_user(self.env, "nobody", groups="base.group_user")
        self.authenticate("nobody", "nobody")
        self.assertGreaterEqual(self.url_open(url).status_code, 400)

    def test_preview_on_a_real_debtor(self):
        debtor = self.make_debtor("Preview <debtor>")
        self.invoice(debtor, 120.0)
        preview = self.env["recovery.message.preview"].create(
            {"message_id": self.message.id, "partner_id": debtor.id}
        )
        self.assertEqual(preview.subject, "Pay 120.00\xa0€")
        self.assertIn("Dear Preview &lt;debtor&gt;", preview.body)
        self.assertTrue(preview.fits)
        self.message.debtor_domain = "[('is_company', '=', True)]"
        preview.invalidate_recordset()
        self.assertFalse(preview.fits)

    def test_words_for_a_plan(self):
        debtor = self.make_debtor("Plan debtor")
        move = self.invoice(debtor, 600.0)
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": debtor.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "policy_id": False,
                "date_start": fields.Date.add(fields.Date.context_today(debtor), months=1),
                "instalment_count": 6,
                "item_ids": [(0, 0, {"move_line_id": self.item(move).id})],
            }
        )
        plan.generate_instalments()
        context = plan.with_context(force_report_rendering=True).action_write_to_debtor()["context"]
        self.assertEqual(context["default_subject"], "Our proposal: 600.00\xa0€ in instalments")
        self.assertEqual(context["default_partner_ids"], debtor.ids)
        agreement = self.env["ir.attachment"].browse(context["default_attachment_ids"])
        self.assertIn("acknowledgment of debt", text_of(agreement.raw))
        content = plan._contents()[plan.id]
        self.assertEqual(content.asked, {self.currency: 100.0}, "a code pays the next instalment only")
        self.env["recovery.message"].search([("occasion", "=", "plan_offer")]).active = False
        with self.assertRaisesRegex(UserError, "under Messages"):
            plan.action_write_to_debtor()
