"""The forecast as it is kept and shown: the cash by week, and beside it how good it was."""

from datetime import date, timedelta

from freezegun import freeze_time
from odoo import Command
from odoo.tests import tagged

from ...models.insight import forecast_line
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

    def test_each_night_writes_over_the_one_before(self):
        self.patch(forecast_line, "PORTION", 2)  # three items are open: they are written in portions
        lines = self.env["recovery.forecast.line"].sudo()
        stays, paid, other = (self.sold(date(2026, 5, day)) for day in (1, 2, 3))
        lines._keep(self.company, TODAY)
        first = lines._of_items(self.item(stays | paid | other))
        self.pay(paid, 100, TODAY.isoformat())
        new = self.sold(date(2026, 5, 20), amount=70)
        lines._keep(self.company, TODAY + timedelta(days=1))
        kept = lines.search([("company_id", "=", self.company.id)])
        self.assertEqual(kept.move_line_id, self.item(stays | other | new))
        self.assertEqual(kept.sorted("id")[:2], first[self.item(stays)] | first[self.item(other)])
        self.assertEqual(set(kept.mapped("date")), {TODAY + timedelta(days=1)})
        then = self.env["recovery.forecast"].predict(TODAY + timedelta(days=1))
        for line in kept:
            told = then[line.move_line_id.id]
            self.assertEqual(line.date_expected, told.date_expected)
            self.assertAlmostEqual(line.chance_30, told.chances[30])
            self.assertEqual(len(line.by_week), 13)
            self.assertGreaterEqual(sum(line.by_week), line.amount_then * told.chances[90] - 0.01)
        lines._keep(self.company, date(2020, 1, 1))  # nothing was open then
        self.assertFalse(lines.search([("company_id", "=", self.company.id)]))

    def test_too_little_to_judge_is_said(self):
        self.sold(date(2026, 4, 1), late=3)
        score = self.score()
        self.assertFalse(score.is_enough or score.is_better_cash or score.is_better_late)
        self.assertIn("Too little history", score.verdict)

    def regular(self, lateness):
        """Invoices of three debtors, one every five days, each paid as late as told."""
        invoices, paid = [], []
        for number in range(3):
            debtor = self.env["res.partner"].create(
                {"name": f"Debtor {number}", "property_payment_term_id": False}
            )
            for turn in range(25):
                day = date(2025, 12, 30) + timedelta(days=5 * turn)
                due = day + timedelta(days=30)
                dated = {"invoice_date": day, "date": day, "partner_id": debtor.id}
                invoices.append((100, due.isoformat(), dated))
                paid.append((due + timedelta(days=lateness(number, turn))).isoformat())
        moves = self.invoices(invoices)
        self.receive_each([(self.item(move), 100, day) for move, day in zip(moves, paid, strict=True)])

    def test_no_better_than_the_mean_is_said(self):
        self.regular(lambda number, _turn: 5 * number)  # always the same: the mean is perfect
        score = self.score()
        self.assertTrue(score.is_enough)
        self.assertFalse(score.is_better_late)
        self.assertIn("late the mean told as well", score.verdict)
        self.keep()
        self.assertEqual(self.weeks().mapped("verdict"), [score.verdict] + [False] * 12, "told once")

    def judged(self, **values):
        self.env["recovery.forecast.score"].sudo().create(
            {
                "company_id": self.company.id,
                "date_from": TODAY - timedelta(days=90),
                "date_to": TODAY,
                "is_enough": True,
                "is_better_late": True,
                "is_better_cash": True,
                **values,
            }
        )

    def risks(self):
        self.env.cr.execute(self.env["recovery.forecast.line"]._at_risk_sql(self.company))
        return {partner_id: risk for partner_id, _company_id, risk in self.env.cr.fetchall()}

    def test_no_better_than_the_mean_it_is_not_gone_by(self):
        """What is chosen, moved or ranked goes by the debtors' means where the back-test says so."""
        lines = self.env["recovery.forecast.line"]
        move = self.foreseen()
        line = lines.search([("move_id", "=", move.id)])
        self.assertFalse(line.is_by_mean, "nothing was judged yet")
        chance, risk = line.chance_in_time, self.risks()[self.debtor.id]
        self.assertNotIn("By the debtor's mean", line.summary)
        self.assertIn("Not judged yet", line.summary)
        self.judged(is_better_late=False, coverage=0.79)
        self.keep()
        line = lines.search([("move_id", "=", move.id)])
        self.assertIn("79 % of payments came inside their range", line.summary)
        self.assertEqual((line.is_by_mean, line.share_late, line.chance_in_time), (False, 1, 0))
        self.assertEqual(self.risks()[self.debtor.id], risk)
        self.env["recovery.forecast.score"].sudo().search([]).unlink()
        self.judged(is_better_cash=False)
        self.keep()
        line = lines.search([("move_id", "=", move.id)])
        self.assertEqual((line.is_by_mean, line.chance_in_time), (True, chance))
        self.assertEqual(self.risks(), {self.debtor.id: 1})
        self.assertIn("By the debtor's mean: 06/21/2026", line.summary)

    def test_a_quarter_is_scored_once_a_week(self):
        self.sold(date(2026, 4, 1), late=3)
        self.assertEqual(len(self.score()), 1)
        self.assertEqual(len(self.score(TODAY + timedelta(days=6))), 1)
        self.assertEqual(len(self.score(TODAY + timedelta(days=7))), 2)

    # -- where it helps --------------------------------------------------------------------------

    def foreseen(self):
        """An invoice due in ten days of a debtor that pays ten days late, and the forecast of it kept."""
        for number in range(6):
            self.sold(date(2026, 1, 1) + timedelta(days=20 * number), late=10)
        move = self.sold(TODAY - timedelta(days=20))
        self.keep()
        return move

    def test_an_invoice_and_a_claim_say_when_and_why(self):
        move = self.foreseen()
        line = self.env["recovery.forecast.line"].search([("move_id", "=", move.id)])
        self.assertEqual(move.recovery_date_expected, line.date_expected)
        self.assertIn("6 of the last 6 late, 10 days in the middle", move.recovery_forecast)
        claim = self.env["recovery.claim"].search([("move_id", "=", move.id)])
        self.assertEqual(claim.forecast, move.recovery_forecast)
        why = self.env["recovery.claim.why"].create({"claim_id": claim.id, "date": TODAY})
        self.assertEqual(why.forecast, claim.forecast)
        self.assertEqual(self.debtor.recovery_forecast_ids, line)
        self.pay(move, 100, "2026-06-02")
        move.invalidate_recordset()
        self.assertFalse(move.recovery_forecast or move.recovery_date_expected)

    def test_what_will_hardly_come_in_time_is_known_before(self):
        move = self.foreseen()
        prompt = self.env["res.partner"].create({"name": "Prompt", "property_payment_term_id": False})
        for number in range(6):
            self.sold(date(2026, 1, 1) + timedelta(days=20 * number), late=-3, debtor=prompt)
        other = self.sold(TODAY - timedelta(days=20), debtor=prompt)
        self.keep()
        claims = self.env["recovery.claim"].search(
            [("company_id", "=", self.company.id), ("chance_in_time", "<", 0.5), ("date_due", ">=", TODAY)]
        )
        self.assertEqual(claims.move_id, move)
        items = self.env["account.move.line"].search([("recovery_chance_in_time", ">=", 0.5)])
        self.assertEqual(items & (self.item(move) | self.item(other)), self.item(other))
        with freeze_time("2026-06-01 12:00:00"):
            warning = self.env["recovery.dashboard"].data({"person": None})["warning"]
        self.assertEqual((warning["count"], warning["value"]), (1, 100))

    def test_a_level_before_the_due_date_chooses_by_the_chance(self):
        move = self.foreseen()
        policy = self.env["recovery.dunning.policy"].create(
            {
                "name": "Early",
                "company_id": self.company.id,
                "level_ids": [
                    Command.create(
                        {
                            "name": "Before it is late",
                            "trigger": "due_date",
                            "delay_days": -14,
                            "item_domain": "[('recovery_chance_in_time', '<', 0.5)]",
                            "channel_ids": [Command.create({"channel": "email"})],
                            "message_ids": [Command.create({"name": "Soon due", "subject": "Soon due"})],
                        }
                    )
                ],
            }
        )
        self.debtor.recovery_policy_id = policy
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": TODAY})
        run.action_propose()
        self.assertEqual(run.line_ids.move_line_id, self.item(move))
        policy.level_ids.item_domain = "[('recovery_chance_in_time', '>', 0.9)]"
        run.action_propose()
        self.assertFalse(run.line_ids)

    def test_options_of_a_plan_say_how_likely_they_are_kept(self):
        plan = self.plan(self.sold(date(2026, 3, 1), amount=600))
        plan.action_compare_options(TODAY)
        self.assertEqual(set(plan.option_ids.mapped("chance_kept")), {75})
        self.assertEqual(
            set(plan.option_ids.mapped("chance_basis")), {"too little history: 0 plans like it ended"}
        )
        for state in ("completed", "broken", "broken", "broken", "broken"):
            debtor = self.env["res.partner"].create({"name": "Another", "property_payment_term_id": False})
            other = self.active_plan(
                self.sold(date(2026, 3, 1), amount=600, debtor=debtor), partner_id=debtor.id
            )
            other.sudo().write({"state": state, "date_closed": date(2026, 5, 1)})
        plan.option_ids.invalidate_recordset()
        short = plan.option_ids.filtered(lambda option: option.instalment_count <= 6)
        self.assertTrue(all(option.chance_kept < 50 for option in short))
        self.assertIn("plans like it that were kept: 1 of 5", short.mapped("chance_basis"))

    def test_days_in_reasons_are_written_as_the_reader_writes_them(self):
        french = self.env["recovery.forecast"].with_context(lang="fr_FR")
        for code, figures in (
            ("hold", {"until": "2026-11-05"}),
            ("promise", {"date": "2026-11-05", "chance": 0.5}),
        ):
            self.assertIn("05/11/2026", french._reason_text((code, figures)))
