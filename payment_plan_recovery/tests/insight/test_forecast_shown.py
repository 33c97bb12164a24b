"""The forecast as it is kept and shown: the cash by week, and beside it how good it was."""

from datetime import date, timedelta

from odoo.tests import tagged

from ..plan.plan_common import PlanCommon

TODAY = date(2026, 6, 1)


@tagged("post_install", "-at_install")
class TestForecastShown(PlanCommon):
    def sold(self, day, late=None, amount=100, debtor=None):
        due = day + timedelta(days=30)
        move = self.invoice(
            amount, due.isoformat(), invoice_date=day, date=day, partner_id=(debtor or self.debtor).id
        )
        if late is not None:
            self.pay(move, amount, (due + timedelta(days=late)).isoformat())
        return move

    def keep(self):
        self.env["recovery.forecast.line"].sudo()._keep(self.company, TODAY)

    def weeks(self):
        return self.env["recovery.forecast.week"].search([("company_id", "=", self.company.id)])

    def score(self, day=TODAY):
        self.env["recovery.forecast.score"].sudo()._keep_when_due(self.company, day)
        return self.env["recovery.forecast.score"].search([("company_id", "=", self.company.id)])

    def test_the_cash_of_a_quarter_is_kept_every_night(self):
        for number in range(6):
            self.sold(date(2026, 1, 1) + timedelta(days=20 * number), late=10)
        self.sold(date(2026, 5, 8), amount=1000)  # due on 7 June, by the mean on the 17th
        self.keep()
        self.keep()
        weeks = self.weeks()
        self.assertEqual(weeks.mapped("date"), [date(2026, 6, 2) + timedelta(7 * n) for n in range(13)])
        cash = self.env["recovery.forecast"].cash(TODAY, 13)
        self.assertEqual(weeks.mapped("amount_expected"), [week[2] for week in cash])
        self.assertEqual(weeks.mapped("amount_due")[:2], [1000, 0])
        self.assertEqual([week.amount_mean for week in weeks][:4], [0, 0, 1000, 0])
        line = self.env["recovery.forecast.line"].search([("company_id", "=", self.company.id)])
        self.assertEqual(line.date_mean, date(2026, 6, 17))
        self.assertEqual(line.amount, 1000)

    def test_too_little_to_judge_is_said(self):
        self.sold(date(2026, 4, 1), late=3)
        score = self.score()
        self.assertFalse(score.is_enough or score.is_better_cash or score.is_better_late)
        self.assertIn("Too little history", score.verdict)

    def regular(self, lateness):
        """Invoices of three debtors, one every five days, each paid as late as told."""
        for number in range(3):
            debtor = self.env["res.partner"].create(
                {"name": f"Debtor {number}", "property_payment_term_id": False}
            )
            for turn in range(25):
                day = date(2025, 12, 30) + timedelta(days=5 * turn)
                self.sold(day, late=lateness(number, turn), debtor=debtor)

    def test_no_better_than_the_mean_is_said(self):
        self.regular(lambda number, _turn: 5 * number)  # always the same: the mean is perfect
        score = self.score()
        self.assertTrue(score.is_enough)
        self.assertFalse(score.is_better_late)
        self.assertIn("late the mean told as well", score.verdict)
        self.keep()
        self.assertEqual(set(self.weeks().mapped("verdict")), {score.verdict})

    def test_a_quarter_is_scored_once_a_week(self):
        self.sold(date(2026, 4, 1), late=3)
        self.assertEqual(len(self.score()), 1)
        self.assertEqual(len(self.score(TODAY + timedelta(days=6))), 1)
        self.assertEqual(len(self.score(TODAY + timedelta(days=7))), 2)
