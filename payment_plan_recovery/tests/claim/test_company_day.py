"""A hold, a promise, an interaction and a run start on the day it is where their company is."""

from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon, day

#: The moment in UTC, the zone, the day it is there: half past eight in the evening, nine in the morning.
NEW_YORK = ("2026-03-02 01:30:00", "America/New_York", date(2026, 3, 1))
AUCKLAND = ("2026-03-01 20:00:00", "Pacific/Auckland", date(2026, 3, 2))


@tagged("post_install", "-at_install")
class TestCompanyDay(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor()
        # The clock of whoever types says nothing.
        cls.env.user.tz = "Asia/Tokyo"

    def each_place(self):
        """Yield the day it is, once in New York in the evening and once in Auckland in the morning."""
        for moment, zone, today in (NEW_YORK, AUCKLAND):
            with self.subTest(zone), freeze_time(moment):
                self.company.partner_id.tz = zone
                yield today

    def hold(self, **values):
        return self.env["recovery.hold"].create(
            {"partner_id": self.debtor.id, "date_until": day(900), "reason": "Looked into", **values}
        )

    def test_a_branch_is_closed_when_its_company_is(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        bastille = date(2026, 7, 14)
        leave = {"date_from": "2026-07-13 22:00:00", "date_to": "2026-07-14 21:59:59", "calendar_id": False}
        leaves = self.env["resource.calendar.leaves"].sudo()
        leaves.create({"name": "14 July", "company_id": self.company.id, **leave})
        for company, closed in ((self.company, True), (branch, True), (self.make_company("Other"), False)):
            holidays, _weekend = company._recovery_closed_days(date(2026, 1, 1))
            self.assertEqual(bastille in holidays, closed, company.name)

    def test_hold(self):
        for today in self.each_place():
            hold = self.hold()
            self.assertEqual(hold.date_from, today)
            self.assertTrue(self.debtor.recovery_on_hold)
            hold.action_end()
            self.assertEqual(hold.date_until, today)
            self.debtor.invalidate_recordset()

    def test_hold_of_another_company_goes_by_its_clock(self):
        other = self.make_company("Other creditor")
        self.company.partner_id.tz, other.partner_id.tz = "Pacific/Auckland", "America/New_York"
        with freeze_time("2026-03-01 20:00:00"):
            self.assertEqual(self.hold(company_id=other.id).date_from, date(2026, 3, 1))
            self.assertEqual(self.hold().date_from, date(2026, 3, 2))
            self.assertEqual(self.hold(date_from=day(0)).date_from, day(0))

    def test_promise(self):
        for today in self.each_place():
            promise = self.env["recovery.promise"].create(
                {"partner_id": self.debtor.id, "amount": 10, "date_promised": today}
            )
            self.assertEqual((promise.date_given, promise.hold_id.date_from), (today, today))
            promise.action_cancel()
            self.assertEqual((promise.date_judged, promise.hold_id.date_until), (today, today))

    def test_interaction(self):
        for today in self.each_place():
            contact = self.env["recovery.contact"].create({"partner_id": self.debtor.id, "outcome": "Called"})
            self.assertEqual(contact.date, today)

    def test_run_and_why_not(self):
        self.make_policy({"trigger": "due_date", "delay_days": 0})
        for today in self.each_place():
            run = self.env["recovery.dunning.run"].create({"company_id": self.company.id})
            self.assertEqual(run.date, today)
            move = self.invoice(self.debtor, invoice_date=today, invoice_date_due=today)
            claim = self.env["recovery.claim"].search([("move_id", "=", move.id)])
            self.assertEqual(claim.reason, "selected")
            action = move.action_recovery_why_not()
            why = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(why.reason, "selected")
            move.button_draft()
