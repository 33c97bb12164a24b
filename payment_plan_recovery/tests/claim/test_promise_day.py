"""The day that is proposed for a promise."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestPromiseDay(DunningCommon):
    def close_at_christmas(self, company):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Christmas",
                "calendar_id": company.resource_calendar_id.id,
                "company_id": company.id,
                "date_from": "2026-12-25 00:00:00",
                "date_to": "2026-12-25 23:00:00",
            }
        )

    def test_it_is_judged_after_a_day_on_which_money_can_come(self):
        """By a Thursday with three days is a Sunday: Monday's bank statement still counts, Tuesday's does not."""
        company, debtor = self.env.company, self.make_debtor()
        self.close_at_christmas(company)
        for promised, tolerance, last in (
            ("2026-12-03", 3, "2026-12-07"),
            ("2026-12-04", 3, "2026-12-07"),
            ("2026-12-05", 0, "2026-12-07"),
            ("2026-12-07", 3, "2026-12-10"),
            ("2026-12-22", 3, "2026-12-28"),
        ):
            with self.subTest(promised=promised, tolerance=tolerance):
                promise = self.env["recovery.promise"].create(
                    {
                        "partner_id": debtor.id,
                        "amount": 100,
                        "date_given": "2026-11-30",
                        "date_promised": promised,
                        "tolerance_days": tolerance,
                    }
                )
                self.assertEqual(str(promise.date_deadline), last)
                self.assertEqual(promise.hold_id.date_until, promise.date_deadline)
                promise._judge(promise.date_deadline)
                self.assertEqual(promise.state, "open")
                promise._judge(promise.date_deadline + timedelta(days=1))
                self.assertEqual(promise.state, "broken")

    def test_the_day_that_is_proposed_is_one_on_which_people_work(self):
        """A call on a Sunday, and one a week before Christmas where the calendar is closed then."""
        company, debtor = self.env.company, self.make_debtor()
        self.close_at_christmas(company)
        for today, proposed in (
            ("2026-11-30", "2026-12-07"),
            ("2026-12-06", "2026-12-14"),
            ("2026-12-18", "2026-12-28"),
        ):
            day_of = fields.Date.to_date(today)
            with (
                self.subTest(today),
                patch.object(type(company), "_recovery_today", lambda self, day=day_of: day),
            ):
                context = self.env["recovery.promise"]._new_action(debtor)["context"]
                self.assertEqual(str(context["default_date_promised"]), proposed)
                self.assertEqual(str(self.env["recovery.bulk"].new({}).date_promised), proposed)
