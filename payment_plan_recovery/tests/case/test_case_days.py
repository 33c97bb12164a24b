"""Days of cases: titles that come with them, deadlines counted over days off."""

from datetime import date

from odoo.tests import tagged

from .case_common import CaseCommon


@tagged("post_install", "-at_install")
class TestCaseDays(CaseCommon):
    def test_a_case_that_comes_with_a_title_tells_it_to_the_invoices(self):
        case = self.open_case(date_title=date(2026, 12, 7))
        self.assertEqual(case.line_ids.move_id.recovery_judgment_date, date(2026, 12, 7))

    def test_days_off_before_what_a_deadline_counts_from(self):
        """Two working days before the order: its eve is a day off, as entered in the calendar."""
        request = self.env.ref("payment_plan_recovery.step_fr_order_request")
        order = self.env.ref("payment_plan_recovery.step_fr_order_order")
        order.after_id = False
        request.write({"after_id": order.id, "delay": -2, "unit": "working_days"})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Day off",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-09-16 00:00:00",
                "date_to": "2026-09-16 23:00:00",
            }
        )
        case = self.begin(self.open_case(), self.order)
        self.step(case, "fr_order_order").date_done = date(2026, 9, 17)
        self.assertEqual(self.step(case, "fr_order_request").date_deadline, date(2026, 9, 14))
