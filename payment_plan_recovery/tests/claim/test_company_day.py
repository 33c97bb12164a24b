"""A hold, a promise, an interaction and a run start on the day it is where their company is."""

from datetime import date

from freezegun import freeze_time
from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

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

    def test_a_zone_that_is_gone_stops_nobody(self):
        """A zone that the tz database forgot may still stand on companies, calendars and debtors."""
        partners = self.company.partner_id | self.debtor
        calendar = self.company.resource_calendar_id
        for table, ids in (("res_partner", partners.ids), ("resource_calendar", calendar.ids)):
            self.env.cr.execute(
                SQL("UPDATE %s SET tz = 'US/Pacific-New' WHERE id = ANY(%s)", SQL.identifier(table), ids)
            )
        self.env.invalidate_all()
        self.company.country_id = self.env.ref("base.nz")
        with freeze_time("2026-03-01 20:00:00"):
            self.assertEqual(self.company._recovery_today(), date(2026, 3, 1))  # New Zealand has two
            self.company.country_id = self.env.ref("base.jp")
            self.assertEqual(self.company._recovery_today(), date(2026, 3, 2))
            told = self.company._recovery_day_sql(SQL("now()::timestamp"), SQL("%s", self.company.id))
            self.env.execute_query(SQL("SELECT %s", told))
            self.assertTrue(self.company._recovery_closed_days(date(2026, 3, 1)))
            self.assertIsNone(self.env["recovery.contact"]._mail_goes_at(self.debtor, self.company))
            notice = self.env["recovery.notice"].new(
                {"partner_id": self.debtor.id, "company_id": self.company.id}
            )
            self.assertEqual(str(notice._time_zone()), "UTC")

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

    def located(self, country, zone=False, company=None):
        """The company, in ``country`` (its code, "" for none), its contact in ``zone``."""
        company = company or self.company
        found = self.env["res.country"].search([("code", "=", country)]) if country else False
        company.partner_id.write({"country_id": found, "tz": zone})
        return company

    def midnights(self, company, before, after):
        """Expect a new day to begin for the company at the instant ``after`` (UTC), one second after ``before``."""
        for moment, days in ((before, 0), (after, 1)):
            with freeze_time(moment):
                expected = date(2026, 7, 14 + days)
                self.assertEqual(company._recovery_today(), expected, moment)
                self.assertEqual(company._recovery_day(fields.Datetime.now()), expected, moment)
                self.assertEqual(self.hold(company_id=company.id).date_from, expected, moment)
                told = company._recovery_day_sql(
                    SQL("%s::timestamp", fields.Datetime.now()), SQL("%s", company.id)
                )
                self.assertEqual(self.env.execute_query(SQL("SELECT %s", told)), [(expected,)], moment)
        self.assertEqual(company._recovery_midnight(date(2026, 7, 15)), fields.Datetime.to_datetime(after))

    def test_a_country_with_one_time_zone_says_when_a_day_begins(self):
        for country in ("FR", "DE"):
            with self.subTest(country):
                company = self.located(country)
                self.assertTrue(company._recovery_known_timezone())
                self.midnights(company, "2026-07-14 21:59:59", "2026-07-14 22:00:00")

    def test_what_the_contact_says_goes_before_its_country(self):
        company = self.located("FR", "Indian/Reunion")
        self.midnights(company, "2026-07-14 19:59:59", "2026-07-14 20:00:00")

    def test_a_country_with_several_time_zones_is_asked_for_one(self):
        company = self.located("US")
        self.assertFalse(company._recovery_known_timezone())
        self.midnights(company, "2026-07-14 23:59:59", "2026-07-15 00:00:00")
        company.recovery_tz = "America/New_York"
        self.assertEqual(company.partner_id.tz, "America/New_York")
        self.midnights(company, "2026-07-15 03:59:59", "2026-07-15 04:00:00")

    def test_a_branch_that_says_nothing_has_its_creditors_time_zone(self):
        self.located("US", "America/Chicago")
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.located("", company=branch)
        self.midnights(branch, "2026-07-15 04:59:59", "2026-07-15 05:00:00")
        self.located("RE", company=branch)
        self.midnights(branch, "2026-07-14 19:59:59", "2026-07-14 20:00:00")

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
