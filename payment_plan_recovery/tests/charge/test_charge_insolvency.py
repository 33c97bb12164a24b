"""Claims of before the insolvency of their debtor bear nothing from its publication on (FR C. com. L622-28)."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .charge_common import ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeInsolvency(ChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.invoice(1000, "2026-07-31")

    def insolvency(self, *moves, day="2026-08-31", **values):
        return self.env["recovery.hold"].create(
            {
                "partner_id": self.late.partner_id.id,
                "kind": "insolvency",
                "move_line_ids": [Command.set(self.item(move).ids) for move in moves],
                "date_from": day,
                "date_review": "2027-01-01",
                "reason": "BODACC",
                **values,
            }
        )

    def kept(self, move, until):
        """What the nightly job keeps of an invoice."""
        self.charges._renew(self.company, date.fromisoformat(until))
        return sorted(move.recovery_charge_ids.mapped("amount"))

    def test_interest_stops_for_all_that_the_debtor_owed(self):
        then = self.charge(self.late, "2026-08-31")
        self.assertEqual(then, ("10.53", "40.00"))
        self.insolvency()
        self.assertEqual(self.charge(self.late, "2026-09-29"), then)
        self.assertEqual(self.kept(self.late, "2026-09-29"), [10.53, 40.0])

    def test_what_arose_later_bears_interest(self):
        self.insolvency()
        later = self.invoice(1000, "2026-09-10", self.late.partner_id, issued="2026-09-01")
        that_day = self.invoice(1000, "2026-09-10", self.late.partner_id, issued="2026-08-31")
        self.assertEqual(self.charge(that_day, "2026-09-29"), ("0.00", "0.00"))
        self.assertNotEqual(self.charge(later, "2026-09-29"), ("0.00", "0.00"))

    def test_the_first_publication_counts(self):
        self.insolvency(self.late, day="2026-08-31")
        self.insolvency(day="2026-09-15")
        self.assertEqual(self.charge(self.late, "2026-09-29"), ("10.53", "40.00"))

    def test_a_dispute_stops_nothing(self):
        self.insolvency(kind="dispute")
        self.assertEqual(self.charge(self.late, "2026-09-29"), ("20.38", "40.00"))

    def test_of_a_contact_too_and_of_nobody_else(self):
        contact = self.env["res.partner"].create(
            {"name": "Branch office", "parent_id": self.late.partner_id.id}
        )
        theirs, others = self.invoice(1000, "2026-07-31", contact), self.invoice(1000, "2026-07-31")
        self.insolvency()
        self.assertEqual(self.charge(theirs, "2026-09-29"), ("10.53", "40.00"))
        self.assertEqual(self.charge(others, "2026-09-29"), ("20.38", "40.00"))

    def test_a_branch_hears_of_it_from_its_company_and_a_sister_does_not(self):
        self.insolvency()
        ours = self.branch_invoice(1000, "2026-07-31", self.late.partner_id)
        self.assertEqual(self.charge(ours, "2026-09-29"), ("10.53", "40.00"))
        sister = self.env["res.company"].sudo().create({"name": "Sister"})
        self.env.user.sudo().company_ids |= sister
        self.env["recovery.hold"].search([("kind", "=", "insolvency")]).unlink()
        self.env["recovery.hold"].sudo().create(
            {
                "partner_id": self.late.partner_id.id,
                "company_id": sister.id,
                "kind": "insolvency",
                "date_from": "2026-08-31",
                "date_review": "2027-01-01",
                "reason": "BODACC",
            }
        )
        self.assertEqual(self.charge(self.late, "2026-09-29"), ("20.38", "40.00"))
