"""The forecast on a ledger told as dates: what it knows on a day, and that it reads nothing later."""

from datetime import date, timedelta

from odoo.tests import tagged

from ..plan.plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestForecast(PlanCommon):
    TODAY = date(2026, 6, 1)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forecast = cls.env["recovery.forecast"]

    def sold(self, day, *, late=None, debtor=None, amount=100, terms=30):
        """An invoice of ``day`` due so many days later by its ``terms``, paid so many days ``late`` if any."""
        return self.sold_all([{"day": day, "late": late, "debtor": debtor, "amount": amount, "terms": terms}])

    def sold_all(self, rows):
        """What ``sold`` does for each of ``rows``, which hold its arguments, and in less time."""
        invoices, paid = [], []
        for row in rows:
            day, amount, late = row["day"], row.get("amount", 100), row.get("late")
            due = day + timedelta(days=row.get("terms", 30))
            debtor = row.get("debtor") or self.debtor
            invoices.append(
                (amount, due.isoformat(), {"invoice_date": day, "date": day, "partner_id": debtor.id})
            )
            paid.append(late is not None and (amount, (due + timedelta(days=late)).isoformat()))
        moves = self.invoices(invoices)
        self.receive_each([(self.item(move), *pay) for move, pay in zip(moves, paid, strict=True) if pay])
        return moves

    def history(self, late=10, count=8, **values):
        days = [date(2025, 6, 1) + timedelta(days=20 * number) for number in range(count)]
        self.sold_all([{"day": day, "late": late, **values} for day in days])

    def of(self, move, day=None, **values):
        return self.forecast.predict(day or self.TODAY, **values)[self.item(move).id]

    # -- what is foreseen ------------------------------------------------------------------

    def test_a_debtor_is_expected_as_it_pays(self):
        self.history(late=10)
        move = self.sold(date(2026, 5, 20))
        found = self.of(move)
        self.assertLess(abs((found.date_expected - date(2026, 6, 29)).days), 3)
        self.assertLessEqual(found.date_early, found.date_expected)
        self.assertGreaterEqual(found.date_late, found.date_expected)
        self.assertEqual(found.reasons, (("habit", {"late": 8, "count": 8, "middle": 10}),))
        self.assertEqual(
            self.forecast._reason_text(found.reasons[0]), "8 of the last 8 late, 10 days in the middle"
        )
        early = self.forecast._reason_text(("habit", {"late": 0, "count": 15, "middle": -2}))
        self.assertEqual(early, "0 of the last 15 late, 2 days early in the middle")

    def test_who_pays_by_runs_is_expected_on_its_days(self):
        """Due on any day of the week, paid on a Thursday each time; and due on the last day of one, paid on it."""
        days = [date(2025, 6, 2) + timedelta(days=22 * number) for number in range(9)]
        self.sold_all([{"day": day, "late": (3 - (day + timedelta(days=30)).weekday()) % 7} for day in days])
        found = self.of(self.sold(date(2026, 5, 18)))
        self.assertEqual({day.weekday() for day in (found.date_expected, found.date_early)}, {3})
        [reason] = [reason for reason in found.reasons if reason[0] == "rhythm"]
        self.assertEqual(self.forecast._reason_text(reason), "9 of the last 9 on a Thursday")
        at_ends = ("rhythm", {"kind": "month", "first": 28, "hits": 7, "count": 8})
        self.assertEqual(self.forecast._reason_text(at_ends), "7 of the last 8 at the end of a month")
        around = ("rhythm", {"kind": "month", "first": 3, "hits": 7, "count": 8})
        self.assertEqual(self.forecast._reason_text(around), "7 of the last 8 around day 5 of a month")

    def test_larger_invoices_come_later_where_they_did(self):
        rows = []
        for number, name in enumerate(("Anna", "Berta", "Clara", "Dora")):
            debtor = self.env["res.partner"].create({"name": name})
            for count in range(17):
                large, day = count % 4 == 3, date(2025, 1, 1) + timedelta(days=23 * count)
                late, amount = number + 20 * large + count % 3, 300 if large else 100
                rows.append({"day": day, "late": late, "debtor": debtor, "amount": amount})
        self.sold_all(rows)
        usual = self.of(self.sold(date(2026, 5, 20), debtor=debtor))
        large = self.of(self.sold(date(2026, 5, 20), debtor=debtor, amount=300))
        self.assertGreater((large.date_expected - usual.date_expected).days, 5)
        words = [self.forecast._reason_text(reason) for reason in large.reasons]
        self.assertRegex(words[-1], r"invoices of this size come \d+ days later \(16 counted\)")
        for code, days, text in (
            ("lately", -3, "3 days earlier lately"),
            ("size", -2, "come 2 days earlier"),
        ):
            told = self.forecast._reason_text((code, {"days": days, "count": 40}))
            self.assertIn(text, told)

    def test_too_little_history_is_said(self):
        self.history(late=10, debtor=self.env["res.partner"].create({"name": "Another"}))
        self.assertEqual(self.of(self.sold(date(2026, 5, 20))).reasons, (("little_history", {"count": 0}),))

    def test_only_the_debtors_asked_for(self):
        other = self.env["res.partner"].create({"name": "Another"})
        mine, theirs = self.sold(date(2026, 5, 1)), self.sold(date(2026, 5, 1), debtor=other)
        everything = self.forecast.predict(self.TODAY)
        self.assertEqual(set(everything), {self.item(mine).id, self.item(theirs).id})
        alone = self.forecast.predict(self.TODAY, other)
        self.assertEqual(alone, {self.item(theirs).id: everything[self.item(theirs).id]})

    def test_a_promise_moves_the_day(self):
        self.history(late=60)
        move = self.sold(date(2026, 4, 20))
        without = self.of(move)
        self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "amount": 100,
                "date_given": date(2026, 5, 30),
                "date_promised": date(2026, 6, 5),
            }
        )
        found = self.of(move)
        self.assertEqual(found.date_expected, date(2026, 6, 5))
        self.assertGreater(found.chances[7], without.chances[7])
        self.assertEqual(found.reasons[0][0], "promise")

    def test_a_dispute_keeps_the_money_away_and_insolvency_for_good(self):
        self.history(late=2)
        move = self.sold(date(2026, 5, 1))
        hold = self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "kind": "dispute",
                "move_line_ids": self.item(move).ids,
                "date_from": date(2026, 5, 20),
                "date_until": date(2026, 6, 20),
                "reason": "Wrong flour",
            }
        )
        self.assertEqual(self.of(move).chances[14], 0)
        self.assertGreater(self.of(move).date_early, date(2026, 6, 20))
        hold.kind = "insolvency"
        self.assertIsNone(self.of(move).date_expected)

    def test_a_plan_is_paid_by_its_instalments(self):
        self.history(late=0)
        move = self.sold(date(2025, 12, 1), amount=300)
        plan = self.active_plan(move, date_start=date(2026, 6, 15))
        plan.sudo().date_activated = date(2026, 1, 15)
        found = self.of(move)
        self.assertEqual(found.reasons[0], ("plan", {"plan": plan.display_name}))
        self.assertLess(found.chances[7], 0.05)
        self.assertTrue(0.15 < found.chances[30] < 0.35, found.chances)  # a third, when the plan is kept

    def test_cash_is_what_is_expected_week_by_week(self):
        self.history(late=0, amount=100)
        self.sold(date(2026, 5, 8), amount=1000)  # due on 7 June
        self.sold(date(2026, 3, 1), amount=500)  # overdue
        weeks = self.forecast.cash(self.TODAY, 4)
        self.assertEqual([week[0] for week in weeks], [date(2026, 6, 2) + timedelta(7 * n) for n in range(4)])
        self.assertEqual([week[1] for week in weeks], [1500, 0, 0, 0])
        for _day, _due, expected, low, high in weeks:
            self.assertTrue(0 <= low <= expected <= high)
        self.assertGreater(weeks[0][2], 600)

    # -- nothing later is read -------------------------------------------------------------

    def test_nothing_later_than_the_day_is_read(self):
        self.history(late=5)
        moves = [self.sold(date(2026, 4, 20)), self.sold(date(2026, 5, 20), amount=300)]
        plan = self.plan(self.sold(date(2026, 5, 10), amount=200))
        before, cash = self.forecast.predict(self.TODAY), self.forecast.cash(self.TODAY, 8)
        self.plant_what_comes_later(moves, plan)
        self.assertEqual(self.forecast.predict(self.TODAY), before)
        self.assertEqual(self.forecast.cash(self.TODAY, 8), cash)

    def plant_what_comes_later(self, moves, plan):
        """Payments, an invoice, a promise, a dispute and a plan of days after the forecast's."""
        self.pay(moves[0], 100, "2026-06-02")
        self.pay(moves[1], 120, "2026-06-20")
        self.sold(date(2026, 6, 2), late=3)
        self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "amount": 180,
                "date_given": date(2026, 6, 2),
                "date_promised": date(2026, 6, 12),
            }
        )
        self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "kind": "dispute",
                "date_from": date(2026, 6, 2),
                "date_until": date(2026, 7, 2),
                "reason": "Later",
            }
        )
        plan.action_propose()
        plan.action_accept(date=date(2026, 6, 3))
        plan.action_activate()
        plan.sudo().date_activated = date(2026, 6, 3)

    def test_an_end_of_a_hold_is_told_where_somebody_said_it(self):
        self.history(late=5)
        words = {
            False: "on hold since 05/20/2026, without an end",  # its review was due on 07/01
            date(2026, 9, 1): "on hold until 09/01/2026",
        }
        holds = {until: self.held(until) for until in words}
        found = self.forecast.predict(date(2026, 8, 1))
        for until, hold in holds.items():
            reason = found[hold.move_line_ids.id].reasons[0]
            self.assertEqual(self.forecast._reason_text(reason), words[until])

    def test_what_became_later_of_what_was_known_is_not_read(self):
        """Disputes answered, holds ended and moved, promises withdrawn and broken, a plan given up: all later."""
        self.history(late=5)
        dispute = self.tracked("recovery.dispute").create(
            {
                "partner_id": self.debtor.id,
                "move_line_ids": self.item(self.sold(date(2026, 4, 20))).ids,
                "date_opened": date(2026, 5, 20),
                "date_deadline": date(2026, 6, 10),
                "description": "Wrong flour",
            }
        )
        ended, moved = (self.held(until) for until in (False, date(2026, 6, 20)))
        over = self.held(date(2026, 5, 31))
        plan = self.active_plan(self.sold(date(2026, 4, 1), amount=300), date_start=date(2026, 6, 15))
        plan.sudo().date_activated = date(2026, 4, 15)
        withdrawn, broken = (self.promised(name) for name in ("Withdraws", "Breaks"))
        self.env.cr.precommit.run()  # what is changed from here on is told in the history
        before, cash = self.forecast.predict(self.TODAY), self.forecast.cash(self.TODAY, 8)
        told = {reason[0] for one in before.values() for reason in one.reasons}
        self.assertEqual(told, {"habit", "little_history", "hold", "plan", "promise"})
        dispute.answer = "The right one"
        for name, later in (
            ("dispute", dispute.action_reject),
            ("hold ended", ended.action_end),
            ("hold moved", lambda: moved.write({"date_until": date(2026, 9, 1)})),
            ("hold moved again", lambda: moved.write({"date_until": date(2026, 10, 1)})),
            ("hold begun again", lambda: over.write({"date_until": date(2026, 10, 1)})),
            ("promise withdrawn", withdrawn.action_cancel),
            ("promise broken", lambda: broken._judge(date(2026, 6, 20))),
            ("plan", plan.action_cancel),
        ):
            with self.subTest(name):
                later()
                self.env.cr.precommit.run()
                self.assertEqual(self.forecast.predict(self.TODAY), before)
                self.assertEqual(self.forecast.cash(self.TODAY, 8), cash)
        self.assertEqual(broken.state, "broken")
        self.assertNotEqual(self.forecast.predict(self.env.company._recovery_today()), before)

    def tracked(self, model):
        """Records whose changes are told in their history, as outside of tests."""
        return self.env[model].with_context(tracking_disable=False, mail_notrack=False)

    def held(self, until):
        """A hold of an invoice of its own until a day, or open-ended until a review."""
        return self.tracked("recovery.hold").create(
            {
                "partner_id": self.debtor.id,
                "move_line_ids": self.item(self.sold(date(2026, 4, 20))).ids,
                "date_from": date(2026, 5, 20),
                "date_until": until,
                "date_review": False if until else date(2026, 7, 1),
                "reason": "Asked to wait",
            }
        )

    def promised(self, name):
        debtor = self.env["res.partner"].create({"name": name})
        self.sold(date(2026, 4, 20), debtor=debtor)
        return self.env["recovery.promise"].create(
            {
                "partner_id": debtor.id,
                "amount": 100,
                "date_given": date(2026, 5, 30),
                "date_promised": date(2026, 6, 12),
            }
        )

    def test_due_at_the_ends_of_the_calendar_it_stops_nobody_s_forecast(self):
        for late, due in ((10, date.max), (-10, date.min)):
            debtor = self.env["res.partner"].create({"name": f"Pays {late} late"})
            self.history(late=late, debtor=debtor)
            move = self.sold(date(2026, 5, 20), debtor=debtor)
            self.item(move).date_maturity = due
            self.env["recovery.forecast.line"].sudo()._keep_today(self.company, self.TODAY)
        self.assertTrue(
            self.env["recovery.forecast.line"].search([("move_line_id", "=", self.item(move).id)])
        )

    # -- how good it was -------------------------------------------------------------------

    def test_the_back_test_scores_what_was_foreseen(self):
        self.history(late=10, count=18)
        figures = self.env["recovery.forecast.backtest"].backtest("2025-09-01", "2026-05-31")
        self.assertGreater(figures["invoices"], 5)
        self.assertLess(figures["brier_forecast"], 0.05)
        self.assertLess(figures["wape_forecast"], figures["wape_due"])

    def test_what_a_credit_note_settled_came_neither_late_nor_in_time(self):
        self.history(late=-2, count=18)
        ask = lambda: self.env["recovery.forecast.backtest"].backtest("2025-09-01", "2026-05-31")  # noqa: E731
        before = ask()
        move = self.sold(date(2026, 1, 12))
        self.assertGreater(ask()["brier_forecast"], before["brier_forecast"] + 0.01)
        move._reverse_moves([{"date": date(2026, 1, 14), "invoice_date": date(2026, 1, 14)}], cancel=True)
        self.assertTrue(self.item(move).reconciled)
        self.assertEqual(ask()["invoices"], before["invoices"])
        self.assertEqual(ask()["brier_forecast"], before["brier_forecast"])

    def test_a_back_test_of_nothing_says_so(self):
        test = self.env["recovery.forecast.backtest"]
        figures = test.backtest("2025-09-01", "2026-05-31")
        self.assertEqual(figures["invoices"], 0)
        self.assertTrue(
            {"brier_forecast", "wape_mean", "wape_due", "days_mean", "coverage"} <= figures.keys()
        )
        self.assertEqual({figures[name] for name in figures if name not in ("invoices", "weeks")}, {None})
        self.sold(date(2025, 10, 1))
        figures = test.backtest("2025-09-01", "2026-05-31")
        self.assertEqual(
            (figures["invoices"], figures["coverage"], figures["wape_forecast"]), (1, None, None)
        )
        for wrong in (("2026-05-31", "2026-05-30"), (False, "2026-05-30")):
            with self.refused("Choose a first day"):
                test.backtest(*wrong)

    def test_what_is_due_at_once_and_paid_at_once_was_foreseen_in_time(self):
        self.history(late=0, count=18, terms=0)
        figures = self.env["recovery.forecast.backtest"].backtest("2025-09-01", "2026-05-31")
        self.assertGreater(figures["invoices"], 5)
        self.assertLess(figures["brier_forecast"], 0.05)
        self.assertEqual(figures["coverage"], 1)
        self.assertLess(figures["days_forecast"], 1)

    def test_the_number_of_queries_does_not_grow_with_the_ledger(self):
        spent = []
        for _round in range(2):
            self.history(count=4)
            self.sold(date(2026, 5, 1))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.forecast.predict(self.TODAY)
            spent.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(spent[1], spent[0])
