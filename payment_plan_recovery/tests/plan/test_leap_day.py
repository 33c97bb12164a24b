"""29 February: what falls due on it, what is counted from it, and the years without one."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from ..common.early_terms import less_2_percent
from .plan_common import PlanCommon

LEAP = date(2028, 2, 29)


@tagged("post_install", "-at_install")
class TestLeapDay(PlanCommon):
    def due(self, **terms):
        plan = self.plan(self.invoice(400), date_start=terms.pop("date_start"), **terms)
        plan.generate_instalments()
        return [row.date_due.isoformat() for row in plan.instalment_ids.sorted("number")]

    def test_instalments_come_back_to_the_last_day_of_the_month(self):
        for start, period, end_of_month, days in (
            ("2028-01-31", "month", False, ("2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30")),
            ("2027-01-31", "month", False, ("2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30")),
            ("2028-01-30", "month", True, ("2028-01-30", "2028-02-29", "2028-03-30", "2028-04-30")),
            ("2028-02-29", "month", True, ("2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31")),
            ("2028-02-29", "month", False, ("2028-02-29", "2028-03-29", "2028-04-29", "2028-05-29")),
            ("2027-11-30", "quarter", True, ("2027-11-30", "2028-02-29", "2028-05-31", "2028-08-31")),
            ("2027-11-30", "quarter", False, ("2027-11-30", "2028-02-29", "2028-05-30", "2028-08-30")),
            ("2028-02-15", "fortnight", False, ("2028-02-15", "2028-02-29", "2028-03-14", "2028-03-28")),
        ):
            with self.subTest(start=start, period=period, end_of_month=end_of_month):
                found = self.due(
                    date_start=start, period=period, end_of_month=end_of_month, instalment_count=4
                )
                self.assertEqual(found, list(days))

    def test_an_instalment_due_on_it_is_late_after_the_tolerance_and_in_default_after_the_grace(self):
        plan = self.active_plan(self.invoice(300), date_start="2028-02-29")
        for day, state in (
            (LEAP, "active"),
            (date(2028, 3, 3), "active"),
            (date(2028, 3, 4), "late"),
            (date(2028, 3, 8), "late"),
            (date(2028, 3, 9), "in_default"),
        ):
            plan.monitor(day)
            self.assertEqual(plan.state, state, day)

    def test_overdue_from_the_first_of_march(self):
        move = self.invoice(100, LEAP)
        for day, overdue in ((LEAP, {}), (date(2028, 3, 1), {self.debtor.id: (LEAP, 100)})):
            self.assertEqual(self.env["recovery.claim"]._overdue(self.debtor, self.company, day), overdue)
        self.assertEqual(self.item(move).date_maturity, LEAP)

    def test_terms_to_the_end_of_the_month_and_a_discount_until_that_day(self):
        terms = less_2_percent(self.env)
        terms.line_ids.write({"delay_type": "days_after_end_of_month", "nb_days": 0})
        for issued, due, last in (
            ("2028-02-19", "2028-02-29", "2028-02-29"),
            ("2027-02-18", "2027-02-28", "2027-02-28"),
        ):
            for paid, is_earned in ((last, True), (last[:4] + "-03-01", False)):
                with self.subTest(issued=issued, paid=paid):
                    move = self.invoice(
                        1000, False, invoice_date=issued, date=issued, invoice_payment_term_id=terms.id
                    )
                    self.assertEqual(self.item(move).date_maturity.isoformat(), due)
                    self.assertEqual(self.item(move).discount_date.isoformat(), last)
                    self.pay(move, 980, paid)
                    let_go = self.env["recovery.residue"]._let_go(
                        self.company, date(2028, 6, 1), self.debtor.ids
                    )
                    self.assertEqual(self.item(move).id in let_go, is_earned)

    def test_levels_by_the_end_of_its_month(self):
        self.debtor.recovery_policy_id = self.env["recovery.dunning.policy"].create(
            {
                "name": "End of month",
                "company_id": self.company.id,
                "level_ids": [Command.create({"name": "Late", "trigger": "month_end", "delay_days": 30})],
            }
        )
        for due, eve, reached in (
            ("2028-02-10", "2028-03-29", "2028-03-30"),
            ("2028-02-29", "2028-03-29", "2028-03-30"),
            ("2027-02-10", "2027-03-29", "2027-03-30"),
        ):
            move = self.invoice(100, due)
            claim = self.env["recovery.claim"].search([("move_id", "=", move.id)])
            for day, reason in ((eve, "not_due"), (reached, "selected")):
                run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": day})
                self.assertEqual(run.explain(claim)[claim.id], reason, (due, day))

    def test_a_promise_for_that_day(self):
        for paid, state in ((LEAP, "kept"), (date(2028, 3, 1), "broken")):
            with self.subTest(paid=paid), self.env.cr.savepoint() as savepoint:
                move = self.invoice(100, "2028-01-31")
                promise = self.env["recovery.promise"].create(
                    {
                        "partner_id": self.debtor.id,
                        "company_id": self.company.id,
                        "amount": 100,
                        "date_given": "2028-02-15",
                        "date_promised": LEAP,
                        "tolerance_days": 0,
                        "move_line_ids": [Command.set(self.item(move).ids)],
                    }
                )
                self.pay(move, 100, paid)
                promise._judge(date(2028, 3, 10))
                self.assertEqual(promise.state, state)
                savepoint.rollback()
                self.env.invalidate_all()
