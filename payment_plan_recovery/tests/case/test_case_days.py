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

    def test_small_claims_suspend_limitation_from_the_debtor_s_agreement(self):
        """C. civ. 2238, CPCE L125-1: neither from the officer's invitation, nor by an answer that refuses."""
        case = self.begin(self.open_case(), self.env.ref("payment_plan_recovery.procedure_fr_small"))
        events = self.env["recovery.limitation.event"]
        for day, name in ((1, "invite"), (10, "answer")):
            self.step(case, f"fr_small_{name}").date_done = date(2026, 10, day)
            self.assertFalse(events.search([("case_id", "=", case.id)]), name)
        self.step(case, "fr_small_agree").date_done = date(2026, 10, 10)
        event = events.search([("case_id", "=", case.id)])
        self.assertEqual(
            (event.kind, event.date, event.date_until), ("small_claims", date(2026, 10, 10), False)
        )
        self.step(case, "fr_small_end").date_done = date(2026, 10, 20)
        self.assertEqual(event.date_until, date(2026, 10, 20))
