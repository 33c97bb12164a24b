"""The instalment agreement: every mention a court looks for, on pages that break where they should."""

import io
from datetime import date

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfReader

from ...models.message.amount_words import amount_in_words
from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestReportAgreement(PlanCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.company.country_id = cls.env.ref("base.fr")
        cls.company.partner_id.write(
            {"name": "Ateliers Lemoine", "company_registry": "33417522101010", "is_company": True}
        )
        cls.env["res.partner.bank"].create(
            {
                "acc_number": "FR7630006000011234567890189",
                "partner_id": cls.company.partner_id.id,
                "company_id": cls.company.id,
            }
        )
        cls.debtor.company_registry = "55210055400013"

    def make_plan(self, amounts=(1000.0, 234.5), **values):
        in_euros = {"currency_id": self.euro.id}
        moves = self.invoices([(amount, "2025-10-31", in_euros) for amount in amounts])
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "date_start": self.START,
                "instalment_count": 6,
                "item_ids": [Command.create({"move_line_id": item.id}) for item in self.item(*moves)],
                **values,
            }
        )
        plan.generate_instalments()
        plan.action_propose()
        return plan

    def pages(self, plan):
        streams = self.env["ir.actions.report"]._render_qweb_pdf_prepare_streams(
            "payment_plan_recovery.report_agreement", {}, res_ids=plan.ids
        )
        reader = PdfReader(io.BytesIO(streams[plan.id]["stream"].getvalue()))
        return [" ".join(page.extract_text().split()) for page in reader.pages]

    def test_mentions(self):
        plan = self.make_plan()
        text = " ".join(self.pages(plan))
        for mention in (
            "Instalment agreement and acknowledgment of debt",
            plan.name,
            "Ateliers Lemoine",
            "334 175 221 01010",
            "Boulangerie Martin",
            "55210055400013",
            "having the authority to bind the debtor",
            *plan.item_ids.move_id.mapped("name"),
            "Principal 1,234.50 €",
            "Interest 0.00 €",
            "Costs 0.00 €",
            "Total of the debt 1,234.50 €",
            "expressly and unreservedly acknowledges",
            "article 2240 of the Civil Code",
            "one thousand, two hundred and thirty-four euro, fifty cents",
            "article 1376",
            "FR76 3000 6000 0112 3456 7890 189",
            "order of their dates",
            "bears interest",
            "whole of what remains falls due",
            "within 8 days",
            "no novation",
            "If a payment becomes difficult",
            "Data protection",
            "one for each of them",
            "Good for the sum of",
        ):
            self.assertIn(mention, text)
        for instalment in plan.instalment_ids:
            content = plan._contents()[plan.id]
            row = f"{content.day(instalment.date_due)} {content.money(instalment.amount, self.euro)}"
            self.assertIn(row.replace("\xa0", " "), text)

    def test_no_acceleration_unless_agreed(self):
        text = " ".join(self.pages(self.make_plan(acceleration_clause=False)))
        self.assertNotIn("Acceleration", text)
        self.assertNotIn("falls due at once", text)

    def test_individual_pays_no_cost_and_is_told_where_help_is(self):
        self.debtor.is_company = False
        text = " ".join(self.pages(self.make_plan()))
        self.assertIn("costs the debtor nothing", text)
        self.assertIn("Points conseil budget", text)
        self.assertNotIn("authority to bind", text)
        self.assertNotIn("55210055400013 represented", text)

    def test_special_terms_are_printed(self):
        text = " ".join(self.pages(self.make_plan(note="<p>Paid on the market days</p>")))
        self.assertIn("Special terms Paid on the market days", text)

    def test_a_revision_says_what_it_changes(self):
        plan = self.make_plan()
        self.assertNotIn("What this agreement changes", " ".join(self.pages(plan)))
        plan.action_accept(signed_by="Anne Martin, manager", date=date(2026, 1, 15))
        plan.action_activate()
        self.receive(self.item(*plan.item_ids.move_id)[:1], 300)
        revision = plan.browse(plan.action_renegotiate("Roadworks <b>outside</b>")["res_id"])
        revision.instalment_count = 4
        revision.generate_instalments()
        revision.action_propose()
        text = " ".join(self.pages(revision))
        for mention in (
            f"takes the place of agreement {plan.name} of 01/15/2026",
            "300.00 € was received of 1,234.50 €",
            "Reason: Roadworks <b>outside</b>",
            "1 02/02/2026 205.75 € 205.75 € 0.00 €",
            "2 03/02/2026 205.75 € 94.25 € 111.50 €",
            "Instalments to come 5 4",
            "Total of the debt 934.50 €",
        ):
            self.assertIn(mention, text)

    def test_pages_of_long_plans(self):
        for items, count in ((1, 2), (30, 30), (100, 60)):
            with self.subTest(items=items):
                plan = self.make_plan(
                    [100.0 + number for number in range(items)], instalment_count=count, policy_id=False
                )
                found = self.pages(plan)
                for number, text in enumerate(found, 1):
                    self.assertIn(f"Page {number} / {len(found)}", text)
                signed = [text for text in found if "For the creditor" in text]
                self.assertEqual(len(signed), 1)
                self.assertIn("Good for the sum of", signed[0])
                self.assertIn("Data protection", signed[0], "no signature on a page without the agreement")
                names = plan.item_ids.move_id.mapped("name")
                self.assertEqual(sum(text.count(name) for name in names for text in found), items)
                self.assertTrue(
                    all("Covered" in text for text in found if any(name in text for name in names))
                )

    def test_an_account_stays_with_what_leads_to_it(self):
        plan = self.make_plan()
        clauses = self.env["recovery.clause"].sudo()  # words are the manager's
        cause = clauses.search([("document", "=", "agreement"), ("section", "=", "cause")])
        for lines in range(2, 18, 2):
            cause.body = "<p>And so on.</p>" * lines
            found = self.pages(plan)
            told = [["bank account:" in text, "FR76 3000" in text] for text in found]
            self.assertTrue(all(leads == account for leads, account in told), found)

    def test_amount_in_words(self):
        yen, dinar = self.env.ref("base.JPY"), self.env.ref("base.TND")
        for amount, currency, lang, words in (
            (1200.5, self.euro, "fr_FR", "mille deux cents euros et cinquante centimes"),
            (80.0, self.euro, "fr_FR", "quatre-vingts euros"),
            (1.0, self.euro, "fr_FR", "un euro"),
            (2000000.0, self.euro, "fr_FR", "deux millions d'euros"),
            (2000200.0, self.euro, "fr_FR", "deux millions deux cents euros"),
            (0.05, self.euro, "fr_FR", "zéro euros et cinq centimes"),
            (1234.5, self.euro, "en_US", "one thousand, two hundred and thirty-four euro, fifty cents"),
            (1200.0, self.euro, "de_DE", "eintausendzweihundert Euro"),
            (1234.0, yen, "en_US", "one thousand, two hundred and thirty-four yen"),
            (10.125, dinar, "en_US", "ten dinar and one hundred and twenty-five millimes"),
        ):
            with self.subTest(currency=currency.name, amount=amount, lang=lang):
                self.env["res.lang"]._activate_lang(lang)
                self.assertEqual(amount_in_words(amount, currency.with_context(lang=lang)), words)

    def test_what_is_written_by_hand_is_one_sentence_to_translate(self):
        plan = self.make_plan()
        content = plan._contents()[plan.id]
        self.assertRegex(content.handwritten_mention(), r"^“Good for the sum of 1,234.50.€ \(.+\)”$")
        self.assertIn(content.handwritten_mention().replace("\xa0", " "), " ".join(self.pages(plan)))

    def test_draft_has_no_empty_reference(self):
        plan = self.make_plan()
        text = " ".join(self.pages(plan))
        self.assertIn(f"Reference {plan.name}", text)
        plan.action_draft()
        plan.sudo().name = False
        text = " ".join(self.pages(plan))
        self.assertIn("Draft, not offered yet", text)
        self.assertNotIn("Reference", text)
        self.assertNotIn("Write on the payment", text)
        self.assertNotIn("False", text)
