"""Documents of a case: every figure from the ledger and the charges' working, every mention a clerk looks for."""

import io
from datetime import date

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfReader

from .case_common import CaseCommon, day

ADDRESS = {"street": "3 rue des Lilas", "zip": "69003", "city": "Lyon"}


@tagged("post_install", "-at_install")
class TestCaseReport(CaseCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.write(
            {**ADDRESS, "name": "Ateliers Lemoine", "company_registry": "33417522101010", "is_company": True}
        )
        cls.debtor = cls.make_debtor(
            "Boulangerie Dupont",
            is_company=True,
            country_id=cls.france.id,
            company_registry="55210055400013",
            **ADDRESS,
        )
        cls.court = cls.env["res.partner"].create({"name": "Tribunal de commerce de Lyon", "city": "Lyon"})

    def printed(self, report, record):
        report = f"payment_plan_recovery.{report}"
        data = self.env["ir.actions.report"]._recovery_print(report, record)[record]
        return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages)

    def ready_case(self, amount=1000.0):
        case = self.open_case(amount, self.debtor)
        case.person_ids = [Command.create({"role": "court", "partner_id": self.court.id})]
        case.cost_ids = [
            Command.create({"name": "Registry", "amount": 38.0, "is_claimed_back": True, "date": day(60)}),
            Command.create({"name": "Travel", "amount": 11.0, "date": day(60)}),
        ]
        return case

    def test_request_for_a_payment_order(self):
        case = self.ready_case()
        self.pay(case.line_ids.move_id, 250.0)
        text = self.printed("report_payment_order", case)
        charges = case.line_ids.move_line_id._recovery_charges(self.today)
        total = 750.0 + sum(float(charge.open_total) for charge in charges.values()) + 38.0
        for mention in (
            "Request for a payment order",
            "Tribunal de commerce de Lyon",
            "Ateliers Lemoine",
            "334 175 221 01010",
            "Boulangerie Dupont",
            case.line_ids.move_id.name,
            "750.00",
            "Registry",
            f"{total:,.2f}",
            "List of the pieces",
            "Statement of account",
        ):
            self.assertIn(mention, text)
        self.assertNotIn("Travel", text)

    def test_declaration_stops_interest_on_the_day_of_publication(self):
        case = self.ready_case()
        case.date_published = day(31)
        charges = case.line_ids.move_line_id._recovery_charges(day(31))
        [charge] = charges.values()
        text = self.printed("report_declaration", case)
        self.assertIn("Declaration of claims", text)
        self.assertIn("Feb 15, 2026", text)
        self.assertIn("Penalties and fixed sums at Feb 15, 2026", text)
        self.assertIn(f"{1000.0 + float(charge.open_total):,.2f}", text)
        self.assertNotIn("Registry", text, "spent after the judgment")
        self.assertIn("sincere and true", text)

    def test_declaration_says_what_was_due_on_the_day_and_what_secures_it(self):
        """1,000 fell due on day 0 and 400 on day 31, the day of publication; 50 falls due the day after."""
        case = self.ready_case()
        case.date_published = day(31)
        for amount, due in ((400.0, 31), (50.0, 32)):
            item = self.item(self.invoice(self.debtor, amount, due=due))
            case.line_ids.create({"case_id": case.id, "move_line_id": item.id})
        text = self.printed("report_declaration", case)
        self.assertIn("Principal that had fallen due 1,400.00", text)
        self.assertIn("Principal to fall due 50.00", text)
        self.assertIn("Unsecured", text)
        self.assertIn("Suit under way No suit", text)
        self.env["recovery.guarantee"].create(
            [
                {"partner_id": self.debtor.id, "company_id": self.company.id, "date_from": day(0), **more}
                for more in (
                    {"kind": "pledge", "amount": 700.0, "reference": "PL-7"},
                    {"kind": "insurance", "amount": 900.0},
                    {"kind": "bank", "amount": 800.0, "date_until": day(30)},
                )
            ]
        )
        text = self.printed("report_declaration", case)
        self.assertIn("Secured as stated below", text)
        self.assertIn("Pledge 700.00 € PL-7", text)
        self.assertNotIn("900.00", text, "credit insurance is out of nothing of the debtor's")
        self.assertNotIn("800.00", text, "it ended the day before")

    def test_declaration_names_the_suit_that_was_begun(self):
        case = self.ready_case()
        self.begin(case, self.order)
        case.step_ids.sorted("sequence")[:1].action_done()
        self.env["recovery.case"]._publish(case.partner_id, self.company, day(31))
        text = self.printed("report_declaration", case)
        self.assertIn(f"Suit under way {self.order.name}", text)

    def test_pieces_are_called_in_the_creditors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        case = self.ready_case()
        self.company.partner_id.lang = "fr_FR"
        dossier = self.env["recovery.dossier"]._build(case)
        self.assertIn("Relevé de compte de", " ".join(dossier.piece_ids.mapped("name")))

    def test_duplicate_says_what_of_the_vat_is_not_deductible(self):
        own = {"company_id": self.company.id, "country_id": self.france.id}
        group = self.env["account.tax.group"].create({"name": "VAT", **own})
        tax = self.env["account.tax"].create(
            {"name": "VAT 20", "amount": 20.0, "tax_group_id": group.id, **own}
        )
        line = {"name": "Work", "quantity": 1, "price_unit": 1000.0, "tax_ids": tax.ids}
        move = self.invoice(self.debtor, invoice_line_ids=[Command.create(line)])
        self.pay(move, 300.0)
        case = self.env["recovery.case"]._open(self.debtor, self.item(move))
        text = self.printed("report_vat_duplicate", case)
        self.assertIn(f"Duplicate of invoice {move.name}", text)
        # 900 of 1,200 are unpaid: 750 and 150 of tax
        self.assertIn("unpaid for the sum of", text)
        self.assertIn("750.00", text)
        self.assertIn("150.00", text)
        self.assertIn("article 272", text)

    def test_certificate(self):
        text = self.printed("report_irrecoverable", self.ready_case())
        self.assertIn("definitely irrecoverable", text)
        self.assertNotIn("Penalties", text, "what was invoiced is lost, nothing else is certified")

    def test_mission_letters(self):
        case = self.ready_case()
        for role, words in (
            ("mediator", "mediate between the debtor and ourselves"),
            ("lawyer", "act for us"),
            ("bailiff", "serve and enforce"),
            ("agency", "collect the claims below in our name"),
        ):
            person = case.person_ids.create({"case_id": case.id, "role": role, "partner_id": self.court.id})
            self.assertIn(words, self.printed("report_mission", person), role)

    def test_chronology(self):
        case = self.ready_case()
        self.env["recovery.contact"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "date": date(2026, 3, 1),
                "outcome": "Waits for a subsidy",
            }
        )
        self.env["recovery.limitation"]._renew(self.company, self.today)
        text = self.printed("report_case_chronology", case)
        for mention in ("is due", "Waits for a subsidy", "Cost: Registry", "Limitation", "France, companies"):
            self.assertIn(mention, text)
