"""The last day to pay an instalment falls on a day on which the creditor is closed."""

from datetime import date, timedelta

from odoo.tests import tagged

from .plan_common import PlanCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestPlanLastDay(PlanCommon):
    """100 due on Saturday 31 January, Saturday 28 February and Tuesday 31 March."""

    def close(self, start, end, **values):
        self.env["resource.calendar.leaves"].sudo().create(
            {
                "name": "Closed",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": start,
                "date_to": end,
                **values,
            }
        )

    def assert_in_time_until(self, last, tolerance):
        self.policy.sudo().tolerance_days = tolerance
        plan = self.active_plan(self.invoice(300), end_of_month=True)
        plan.monitor(last)
        self.assertEqual(plan.state, "active")
        plan.monitor(last + DAY)
        self.assertEqual(plan.state, "late")

    def test_a_weekend(self):
        self.assert_in_time_until(date(2026, 2, 2), tolerance=0)
        self.assert_in_time_until(date(2026, 2, 2), tolerance=1)
        self.assert_in_time_until(date(2026, 2, 2), tolerance=2)
        self.assert_in_time_until(date(2026, 2, 3), tolerance=3)

    def test_days_on_which_the_company_is_closed(self):
        self.close("2026-02-02 23:00:00", "2026-02-04 22:59:59")
        self.assert_in_time_until(date(2026, 2, 2), tolerance=2)
        self.assert_in_time_until(date(2026, 2, 5), tolerance=3)

    def test_an_afternoon_off_and_somebody_s_leave_close_nothing(self):
        self.close("2026-02-03 13:00:00", "2026-02-03 22:00:00")
        resource = self.env["resource.resource"].sudo().create({"name": "Anne"})
        self.close("2026-02-03 00:00:00", "2026-02-03 22:00:00", resource_id=resource.id)
        self.assert_in_time_until(date(2026, 2, 3), tolerance=3)

    def test_what_comes_then_earns_the_discount(self):
        self.policy.sudo().tolerance_days = 1
        for day, earned in ((date(2026, 2, 2), 2), (date(2026, 2, 3), 0)):
            move = self.invoice(300)
            plan = self.active_plan(move, end_of_month=True, discount_percent=2)
            self.pay(move, 100, day)
            self.assertEqual(plan.discount_earned, earned, day)

    def test_cure_delay_without_a_notice(self):
        plan = self.active_plan(self.invoice(300), end_of_month=True)
        plan.monitor(date(2026, 2, 13))
        self.assertEqual(plan.state, "in_default")
        plan.sudo().cure_notice_id = False
        self.assertEqual(plan.date_cure_deadline, date(2026, 2, 23), "8 days end on a Saturday")

    def test_the_day_of_the_clock_change_and_of_the_new_year(self):
        self.company.resource_calendar_id.tz = "Europe/Paris"
        self.close("2026-03-28 23:00:00", "2026-03-29 21:59:59")  # the Sunday of 23 hours
        self.close("2026-10-24 22:00:00", "2026-10-25 22:59:59")  # the Sunday of 25 hours
        self.close("2026-12-30 23:00:00", "2027-01-01 22:59:59")
        holidays, _weekend = self.company._recovery_closed_days(date(2026, 3, 1))
        wanted = {
            date(2026, 3, 29),
            date(2026, 10, 25),
            date(2026, 12, 31),
            date(2027, 1, 1),
        }
        near = {day + step * DAY for day in wanted for step in (-1, 0, 1)}
        self.assertEqual(set(holidays) & near, wanted)
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "amount": 10,
                "date_given": "2026-12-01",
                "date_promised": "2026-12-31",
                "tolerance_days": 0,
            }
        )
        self.assertEqual(promise.date_deadline, date(2027, 1, 4), "the Monday after")
