"""The day that is proposed for a promise."""

from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestPromiseDay(DunningCommon):
    def test_the_day_that_is_proposed_is_one_on_which_people_work(self):
        """A call on a Sunday, and one a week before Christmas where the calendar is closed then."""
        company, debtor = self.env.company, self.make_debtor()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Christmas",
                "calendar_id": company.resource_calendar_id.id,
                "company_id": company.id,
                "date_from": "2026-12-25 00:00:00",
                "date_to": "2026-12-25 23:00:00",
            }
        )
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
