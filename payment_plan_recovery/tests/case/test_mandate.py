"""Cases entrusted to an agency or a bailiff: on what terms, and what goes out."""

import zipfile
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .mandate_common import MandateCommon


@tagged("post_install", "-at_install")
class TestMandate(MandateCommon):
    # -- entrusting --------------------------------------------------------------------------------

    def test_entrusting_begins_the_procedure_and_is_told(self):
        case = self.entrusted()
        self.assertEqual(case.procedure_id, self.env.ref("payment_plan_recovery.procedure_fr_agency"))
        self.assertEqual(
            (case.mandate_id, case.date_entrusted, case.stage), (self.mandate, self.today, "amicable")
        )
        self.assertEqual(case.person_ids.mapped("role"), ["agency"])
        self.assertIn("Cabinet Durand", case.message_ids[0].body)
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": self.today})
        self.assertEqual(set(run.explain(case.line_ids.move_line_id).values()), {"on_hold"})

    def test_who_cannot_be_entrusted(self):
        case = self.open_case()
        dollar = self.env.ref("base.USD")
        dollar.active = True
        refused = {
            "Soon does not run": self.make_mandate(name="Soon", date_from=self.today + timedelta(days=1)),
            "Over does not run": self.make_mandate(
                name="Over", date_from="2025-01-01", date_until="2025-12-31"
            ),
            "another company": self.make_mandate(company_id=self.make_company("Sister").id),
            "claims in USD": self.make_mandate(currency_id=dollar.id),
            "enforces titles": self.make_mandate(role="bailiff"),
        }
        for words, mandate in refused.items():
            with self.assertRaisesRegex(UserError, words):
                case._entrust(mandate)
        case.date_published = self.today
        with self.assertRaisesRegex(UserError, "insolvency"):
            case._entrust(self.mandate)
        case.date_published = False
        case._entrust(self.mandate)
        with self.assertRaisesRegex(UserError, "has it already"):
            case._entrust(self.mandate)
        case.action_give_up()
        with self.assertRaisesRegex(UserError, "is closed"):
            case._entrust(self.mandate)

    def test_last_day_of_a_mandate(self):
        self.assertTrue(self.make_mandate(date_from=self.today, date_until=self.today)._runs(self.today))

    def test_bailiff_enforces_a_title(self):
        case = self.open_case()
        case.date_title = self.today
        case._entrust(self.make_mandate(role="bailiff"))
        self.assertEqual(case.stage, "title")

    def test_fee_as_declared(self):
        for received, fee in ((0, 15), (100, 25), (500, 65), (600, 70), (100_000, 200)):
            self.assertEqual(self.mandate._fee(received), fee)
        with self.assertRaises(ValidationError):
            self.make_mandate(tier_ids=[(0, 0, {"threshold": 10, "percent": 1})])

    # -- handing over ------------------------------------------------------------------------------

    def test_each_claim_goes_once(self):
        case = self.entrusted(1000.0)
        self.pay(case.line_ids.move_id, 250.0)
        handover, [row] = self.hand_over()
        self.assertEqual(
            (row["case"], row["claim"], row["amount"], row["received"], row["owed"]),
            (case.name, case.line_ids.move_id.name, "1000,00", "250,00", "750,00"),
        )
        self.assertNotIn("email", row, "what the layout does not name stays in the house")
        with self.assertRaisesRegex(UserError, "every open claim"):
            self.mandate.action_hand_over()
        self.pay(case.line_ids.move_id, 50.0)
        self.assertIn("750,00", handover._csv().decode("utf-8-sig"), "what was owed that day")
        other = self.entrusted(10.0)
        self.assertEqual([row["case"] for row in self.hand_over()[1]], [other.name])
        with self.assertRaises(UserError):
            handover.sudo().unlink()

    def test_no_cell_is_a_formula(self):
        debtor = self.make_debtor("=HYPERLINK(1)", street="-1 rue;\nHaute", country_id=self.france.id)
        self.entrusted(debtor=debtor)
        _handover, [row] = self.hand_over()
        self.assertEqual((row["debtor"], row["street"]), ("'=HYPERLINK(1)", "'-1 rue; Haute"))

    def test_layout_of_the_partner(self):
        layout = self.env["recovery.handover.layout"].create(
            {
                "name": "Durand",
                "separator": "|",
                "encoding": "cp1252",
                "decimal_mark": ".",
                "date_format": "%Y-%m-%d",
                "column_ids": [
                    (0, 0, {"what": "debtor", "header": "Débiteur"}),
                    (0, 0, {"what": "residual", "header": "Reste"}),
                    (0, 0, {"what": "date_due", "header": "Échéance"}),
                ],
            }
        )
        self.mandate.layout_id = layout
        case = self.entrusted(12.5, debtor=self.make_debtor("Noé €", country_id=self.france.id))
        handover = self.env["recovery.handover"]._hand_over(self.mandate)
        due = case.line_ids.date_due.isoformat()
        expected = f"Débiteur|Reste|Échéance\r\nNoé €|12.50|{due}\r\n"
        self.assertEqual(handover._csv(), expected.encode("cp1252"))
        with self.assertRaisesRegex(ValidationError, "does not say how reports look"):
            self.report("x;y;z").action_look()
        with self.assertRaisesRegex(ValidationError, "name the columns"):
            layout.word_ids = [(0, 0, {"what": "column_case", "header": "dossier"})]

    def test_a_french_company_sends_and_reads_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        mandate = self.mandate = self.make_mandate()
        case = self.entrusted(1000.0)
        handover = self.env["recovery.handover"]._hand_over(mandate)
        first = handover._csv().decode("utf-8-sig").splitlines()[0]
        self.assertEqual(
            first,
            "dossier;créance;date;échéance;devise;montant;reçu;reste dû;intérêts;indemnité forfaitaire;date du titre;"
            "créancier;débiteur;immatriculation;rue;code postal;ville;pays",
        )
        day = self.today.strftime("%d/%m/%Y")
        self.register(
            f"{case.name};nouvelle;{day};A déménagé",
            mandate=mandate,
            header="dossier;nature;date;commentaire",
        )
        self.assertEqual((mandate.entry_ids.kind, mandate.entry_ids.note), ("note", "A déménagé"))
        mandate.layout_id.active = False
        self.assertEqual(
            self.make_mandate().layout_id, self.env.ref("payment_plan_recovery.handover_layout_standard")
        )

    def test_zip_holds_the_papers_of_each_case(self):
        case = self.entrusted()
        move = case.line_ids.move_id
        self.env["ir.attachment"].create(
            {"name": "order.txt", "raw": b"ordered", "res_model": "account.move", "res_id": move.id}
        )
        self.env["ir.attachment"].create(
            {"name": "diary.txt", "raw": b"ours", "res_model": case._name, "res_id": case.id}
        )
        handover, _rows = self.hand_over()
        with handover._open_file("zip") as file, zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            self.assertEqual(archive.read(names[0]), handover._csv())
        self.assertEqual(sum(name.endswith(".pdf") for name in names), 1, "the invoice")
        self.assertTrue(any(name.endswith("order.txt") for name in names))
        self.assertFalse(any("diary" in name for name in names), "what is ours stays")

    def test_mission_letter_says_the_terms_and_lists_what_goes_along(self):
        case = self.entrusted()
        letters = self.env["report.payment_plan_recovery.report_mission"]
        [page] = letters._get_report_values(case.person_ids.ids)["pages"]
        self.assertEqual(page["mandate"], self.mandate)
        self.assertEqual({piece[4] for piece in page["pieces"]}, {"invoice"})
        lawyer = case.person_ids.create(
            {"case_id": case.id, "role": "lawyer", "partner_id": self.company.partner_id.id}
        )
        page = letters._mission(lawyer)
        self.assertFalse(page["mandate"])
        self.assertLess({"invoice", "account"}, {piece[4] for piece in page["pieces"]})

    # -- who ---------------------------------------------------------------------------------------

    def test_collector_works_and_declares_nothing(self):
        collector = new_test_user(
            self.env,
            "collector-of-mandates",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        mine = self.open_case().with_user(collector)
        mine._entrust(self.mandate.with_user(collector))
        mandate = self.mandate.with_user(collector)
        mandate.action_hand_over()
        wizard = self.report(f"{mine.name};money;{self.today};100;;;", f"{mine.name};fee;{self.today};20;;;")
        wizard.with_user(collector).action_register()
        self.assertEqual((mine.amount_waiting, mine.amount_costs), (100.0, 20.0))
        for change in (
            lambda: mandate.write({"may_grant_plans": True}),
            lambda: mine.write({"mandate_id": False}),
            lambda: mine.entry_ids.write({"amount": 1.0}),
            mine.entry_ids.unlink,
            mandate.action_draft_payments,
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                change()
