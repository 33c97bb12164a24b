"""Today's holds for mediation and litigation become cases, with their file; other holds stay."""

import runpy
from pathlib import Path

from odoo.tests import tagged

from .case_common import CaseCommon

SCRIPTS = Path(__file__).parents[2] / "migrations" / "19.0.1.1.0"


@tagged("post_install", "-at_install")
class TestCaseMigration(CaseCommon):
    def hold(self, kind, debtor, items=None, **values):
        return self.env["recovery.hold"].create(
            {
                "partner_id": debtor.id,
                "company_id": self.company.id,
                "kind": kind,
                "date_from": "2026-02-01",
                "date_review": "2027-01-01",
                "reason": "Without payment",
                "move_line_ids": items.ids if items else [],
                **values,
            }
        )

    def run_script(self, name):
        runpy.run_path(str(SCRIPTS / name))["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def migrate(self):
        self.run_script("post-cases.py")
        return self.env["recovery.case"].search([("company_id", "=", self.company.id)])

    def test_running_holds_become_cases(self):
        debtor, other = self.make_debtor("A"), self.make_debtor("B")
        first, second = self.invoice(debtor, 100.0), self.invoice(debtor, 50.0)
        held = self.hold("mediation", debtor, self.item(first))
        everything = self.hold("litigation", other)
        theirs = self.invoice(other, 70.0)
        dispute = self.hold("dispute", debtor, self.item(second))
        over = self.hold("litigation", debtor, self.item(second), date_until="2026-03-01")
        file = self.env["ir.attachment"].create(
            {"name": "Proof.txt", "raw": b"x", "res_model": held._name, "res_id": held.id}
        )
        cases = self.migrate()
        found = {case.line_ids.move_id: (case.way, case.reason) for case in cases}
        self.assertEqual(
            found, {first: ("mediation", "Without payment"), theirs: ("litigation", "Without payment")}
        )
        self.assertEqual(held.date_until, self.today)
        self.assertEqual(everything.date_until, self.today)
        self.assertFalse(dispute.date_until)
        self.assertEqual(str(over.date_until), "2026-03-01")
        mediation = cases.filtered(lambda case: case.way == "mediation")
        self.assertEqual((file.res_model, file.res_id), ("recovery.case", mediation.id))
        self.assertEqual(mediation.hold_id.move_line_ids, self.item(first))

    def test_done_once(self):
        debtor = self.make_debtor("A")
        self.hold("litigation", debtor, self.item(self.invoice(debtor, 100.0)))
        self.assertEqual(self.migrate(), self.migrate())

    def test_an_invitation_to_small_claims_suspends_no_limitation_any_more(self):
        steps = "payment_plan_recovery.step_fr_small_"
        invite, answer = self.env.ref(f"{steps}invite"), self.env.ref(f"{steps}answer")
        (invite | answer).limitation_event = "small_claims"
        answer.limitation_ends = True
        case = self.begin(self.open_case(), invite.procedure_id)
        self.step(case, "fr_small_invite").date_done = self.today
        limitation = self.env["recovery.limitation"].search([("move_id", "=", case.line_ids.move_id.id)])
        stopped = limitation.expires_on
        self.run_script("post-small_claims.py")
        self.assertFalse(
            (invite | answer).filtered(lambda step: step.limitation_event or step.limitation_ends)
        )
        self.assertLess(limitation.expires_on, stopped, "five years again, and not the long-stop")
        self.assertEqual(self.env.ref(f"{steps}agree").limitation_event, "small_claims", "it stays")
