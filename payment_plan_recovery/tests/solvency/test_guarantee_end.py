"""What secures a debtor's credit ends: the limit that leaned on it, and who is asked what takes its place."""

from datetime import date, timedelta

from odoo import fields
from odoo.tests import tagged

from .check_common import CheckCommon
from .solvency_common import TODAY, ago

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestGuaranteeEnd(CheckCommon):
    def secure(self, amount=500, kind="insurance", **values):
        return self.env["recovery.guarantee"].create(
            {"partner_id": self.debtor.id, "kind": kind, "amount": amount, "date_from": ago(100), **values}
        )

    def approved(self, day=TODAY):
        self.good_payer(self.debtor)
        check = self.make_check(self.debtor, date=day)
        check.action_compute()
        check.action_approve()
        return check

    @property
    def full(self):
        return fields.Date.add(TODAY, months=self.card.validity_months)

    def test_a_limit_holds_no_longer_than_the_insurance_it_leans_on(self):
        ends = TODAY + timedelta(days=60)
        self.secure(date_until=ends)
        check = self.approved()
        self.assertEqual((check.limit_granted, check.date_until), (500, ends))
        self.assertEqual(self.debtor.with_company(self.company).recovery_check_until, ends)

    def test_insurance_that_ends_on_the_day_asked_or_before(self):
        policy = self.secure(date_until=TODAY)
        self.assertEqual(self.approved().date_until, TODAY, "it holds that day")
        policy.date_until = ago(1)
        check = self.approved()
        self.assertEqual(check.date_until, self.full)
        self.assertNotIn("insured_amount", check.limit_line_ids.mapped("kind"))

    def test_insurance_that_goes_on(self):
        ends = TODAY + timedelta(days=60)
        self.secure(date_until=ends)
        follower = self.secure(date_from=ends + DAY)
        self.assertEqual(self.approved().date_until, self.full, "renewed without a gap")
        follower.date_from = ends + 2 * DAY
        self.assertEqual(self.approved().date_until, ends, "a day is not covered")
        follower.write({"date_from": ends + DAY, "amount": 499.99})
        self.assertEqual(self.approved().date_until, ends, "less is covered")

    def test_a_bank_guarantee_bounds_no_limit(self):
        self.secure(kind="bank", date_until=TODAY + DAY)
        self.assertEqual(self.approved().date_until, self.full)

    def test_of_a_branch(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.secure(date_until=TODAY + DAY, company_id=branch.id)
        self.assertEqual(self.approved().date_until, TODAY + DAY, "one creditor")

    def test_a_check_of_an_insurance_that_ends_soon_is_made_anew_once(self):
        ends = TODAY + timedelta(days=10)
        self.secure(date_until=ends)
        self.approved()
        due = self.env["recovery.solvency.check"]._due
        self.assertEqual(due(self.company, ends), [], "it was just made")
        self.assertEqual(due(self.company, ends + DAY), [(self.debtor.id, "renewal")])

    def asked(self, day=TODAY):
        self.env["recovery.worklist"]._refresh(self.company, day)
        rows = self.env["recovery.worklist"].search([("company_id", "=", self.company.id)])
        return [(row.action, row.res_id) for row in rows if row.action == "guarantee"]

    def test_who_manages_credit_is_asked_in_time(self):
        ends = date(2026, 4, 15)
        bank = self.secure(kind="bank", date_until=ends)
        row = [("guarantee", bank.id)]
        self.assertEqual(self.asked(ends - timedelta(days=31)), [])
        self.assertEqual(self.asked(ends - timedelta(days=30)), row)
        self.assertEqual(self.asked(ends + timedelta(days=30)), row, "nothing took its place")
        self.assertEqual(self.asked(ends + timedelta(days=31)), [])

    def test_what_takes_its_place_ends_the_question(self):
        ends = TODAY + DAY
        bank = self.secure(kind="bank", date_until=ends)
        insured = self.secure(kind="insurance")
        self.assertEqual(self.asked(), [("guarantee", bank.id)], "insurance is no guarantee")
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        surety = self.secure(
            kind="surety", date_from=ends, date_until=ends + timedelta(days=365), company_id=branch.id
        )
        self.assertEqual(self.asked(), [], "a branch is the same creditor")
        surety.unlink()
        bank.date_until = ends + timedelta(days=365)
        self.assertEqual(self.asked(), [], "it goes on itself")
        insured.date_until = TODAY
        self.assertEqual(self.asked(), [("guarantee", insured.id)])
