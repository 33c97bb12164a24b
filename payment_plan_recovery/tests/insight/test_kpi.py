"""Figures of what people and the machine did, months that are kept, and who may read them."""

from datetime import date, datetime

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..plan.plan_common import PlanCommon

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


@tagged("post_install", "-at_install")
class TestKpi(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpi = cls.env["recovery.kpi"]
        cls.other = cls.env["res.partner"].create({"name": "Another", "property_payment_term_id": False})

    def figure(self, code, by=None, key=None, **values):
        return self.kpi.figures(FIRST, LAST, by=by, codes=[code], **values).get(key, {}).get(code)

    def owed(self, amount, due="2026-03-10", debtor=None):
        day = "2026-02-10"
        return self.invoice(amount, due, invoice_date=day, date=day, partner_id=(debtor or self.debtor).id)

    # -- words kept ----------------------------------------------------------------------------

    def ended_plan(self, amount, state, closed, **values):
        plan = self.active_plan(self.owed(amount))
        plan.sudo().write({"state": state, "date_closed": closed, **values})
        return plan

    def test_plans_kept_by_number_and_amount(self):
        self.ended_plan(300, "completed", "2026-03-02")
        self.ended_plan(100, "broken", "2026-03-31")
        self.ended_plan(500, "broken", "2026-04-01")  # after the period
        self.ended_plan(700, "completed", "2026-02-28")  # before it
        self.assertEqual(self.figure("plans_kept"), (0.5, 1, 2))
        self.assertEqual(self.figure("plans_kept_amount"), (0.75, 300, 400))

    def test_a_default_is_cured_or_not(self):
        default = {"date_default": "2026-03-05"}
        self.ended_plan(100, "completed", "2026-03-20", **default)
        self.ended_plan(100, "broken", "2026-03-20", **default)
        plan = self.active_plan(self.owed(100))
        plan.sudo().write({"state": "in_default", **default})
        self.assertEqual(self.figure("cure_rate"), (1 / 3, 1, 3))
        for state in ("broken", "completed"):  # in default still on the last day of the period
            self.ended_plan(100, state, "2026-04-01", **default)
        # cured before it was broken
        self.ended_plan(100, "broken", "2026-04-01", date_last_default="2026-03-05")
        self.assertEqual(self.figure("cure_rate"), (2 / 6, 2, 6))

    def test_a_plan_that_is_paid_again_counts_as_cured(self):
        plan = self.active_plan(self.owed(300), end_of_month=True)
        plan.monitor(date(2026, 3, 5))
        self.assertEqual((plan.state, self.figure("cure_rate")), ("in_default", (0, 0, 1)))
        self.pay(plan.item_ids.move_line_id.move_id, 200, "2026-03-06")
        plan.monitor(date(2026, 3, 7))
        self.assertEqual((plan.state, plan.date_default), ("active", False))
        self.assertEqual(self.figure("cure_rate"), (1, 1, 1))
        plan.monitor(date(2026, 4, 20))
        self.assertEqual(plan.state, "in_default", "a default of another month")
        self.assertEqual(self.figure("cure_rate"), (1, 1, 1), "told as it was")

    def promise(self, amount, state, judged="2026-03-10", **values):
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "amount": amount,
                "date_given": "2026-03-01",
                "date_promised": "2026-03-08",
                **values,
            }
        )
        promise.sudo().write({"state": state, "date_judged": judged})
        return promise

    def test_promises_kept_by_number_and_amount(self):
        self.promise(300, "kept")
        self.promise(100, "broken")
        self.promise(50, "partially_kept")
        self.promise(900, "kept", "2026-04-01")
        self.assertEqual(self.figure("promises_kept"), (1 / 3, 1, 3))
        self.assertEqual(self.figure("promises_kept_amount").numerator, 300)
        self.assertEqual(self.figure("promises_kept_amount").denominator, 450)

    def test_a_promise_in_another_currency_counts_at_its_rate(self):
        foreign = self.setup_other_currency("HRK", rates=[("2026-01-01", 4.0)])
        self.promise(400, "kept", currency_id=foreign.id)
        self.assertEqual(self.figure("promises_kept_amount").numerator, 100)

    def test_a_promise_given_before_the_first_rate_counts_at_that_rate(self):
        foreign = self.setup_other_currency("HRK", rates=[("2026-03-05", 4.0)])
        promise = self.promise(400, "kept", currency_id=foreign.id)
        odoo = foreign._convert(400, self.company.currency_id, self.company, promise.date_given)
        self.assertEqual((odoo, self.figure("promises_kept_amount").numerator), (100, 100))

    # -- disputes ------------------------------------------------------------------------------

    def dispute(self, items=None, until=False, **values):
        return self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "kind": "dispute",
                "move_line_ids": items.ids if items else [],
                "date_from": "2026-03-11",
                "date_until": until,
                "date_review": "2026-05-01",
                "reason": "Wrong flour",
                **values,
            }
        )

    def test_what_is_overdue_and_disputed(self):
        moves = self.owed(100) + self.owed(60) + self.owed(40) + self.owed(500, "2026-04-30")
        self.dispute(self.item(moves[0]))
        self.dispute(self.item(moves[1]), amount=20)
        self.assertEqual(self.figure("disputed"), (0.6, 120, 200))
        self.dispute()  # everything the debtor owes
        self.assertEqual(self.figure("disputed"), (1, 200, 200))

    def test_days_that_disputes_took(self):
        item = self.item(self.owed(100))
        self.dispute(item, "2026-03-21")
        self.dispute(item, "2026-03-31")
        self.dispute(item, "2026-04-30")
        self.assertEqual(self.figure("dispute_days"), (15, 30, 2))
        dispute = self.env["recovery.dispute"].create(
            {
                "partner_id": self.debtor.id,
                "move_line_ids": self.item(self.owed(50)).ids,
                "cause": "price",
                "description": "Too dear",
                "answer": "No",
                "date_opened": "2026-03-01",
            }
        )
        dispute.sudo().write({"state": "closed", "date_closed": "2026-03-31"})
        dispute.hold_id.date_until = "2026-03-31"  # the dispute's own: it is counted once
        self.assertEqual(self.figure("dispute_days"), (20, 60, 3))

    def test_how_debtors_were_treated_they_say(self):
        self.assertIsNone(self.figure("satisfaction").value)
        self.ended_plan(100, "completed", "2026-02-02", debtor_rating="5", date_rated="2026-03-02")
        self.ended_plan(100, "broken", "2026-03-02", debtor_rating="2", date_rated="2026-03-31")
        self.ended_plan(100, "broken", "2026-03-02", debtor_rating="1", date_rated="2026-04-01")
        self.ended_plan(100, "broken", "2026-03-02")
        self.assertEqual(self.figure("satisfaction"), (3.5, 7, 2))

    # -- money spent, and what it brings -------------------------------------------------------

    def notice(self, move, day, *, amount=None, channel="email", level=None):
        item = self.item(move)
        level = level or self.env.ref("payment_plan_recovery.level_cure")
        return (
            self.env["recovery.notice"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": item.partner_id.id,
                    "level_id": level.id,
                    "date": day,
                    "date_sent": datetime.fromisoformat(f"{day} 10:00:00"),
                    "state": "sent",
                    "channel": channel,
                    "amount_total": amount or item.amount_residual,
                    "line_ids": [
                        Command.create(
                            {
                                "level_id": level.id,
                                "move_line_id": item.id,
                                "amount_residual": item.amount_residual,
                                "is_live": False,
                            }
                        )
                    ],
                }
            )
        )

    def test_reminders_bring_what_comes_within_seven_days(self):
        paid, late, half = self.owed(100), self.owed(100), self.owed(100)
        for move in (paid, late):
            self.notice(move, "2026-03-12")
        self.notice(half, "2026-03-12", channel="letter")
        self.notice(self.owed(900), "2026-03-30")  # its seven days are not over
        self.pay(paid, 100, "2026-03-19")
        self.pay(late, 100, "2026-03-20")
        self.pay(half, 50, "2026-03-13")
        self.assertEqual(self.figure("reminders"), (0.5, 150, 300))
        self.assertEqual(self.figure("reminders", "channel", "email"), (0.5, 100, 200))
        self.assertEqual(self.figure("reminders", "channel", "letter"), (0.5, 50, 100))
        level = self.env.ref("payment_plan_recovery.level_cure")
        self.assertEqual(self.figure("reminders", "level", level.id).denominator, 300)
        self.assertEqual(self.figure("reminders", only={"channel": "letter"}).denominator, 100)

    def test_a_reminder_of_an_instalment_counts_what_comes_on_the_plan(self):
        plan = self.active_plan(self.owed(300))
        notice = self.notice(self.owed(50), "2026-03-12", amount=100)
        notice.line_ids.write({"move_line_id": False, "instalment_id": plan.instalment_ids[0].id})
        self.pay(plan.item_ids.move_line_id.move_id, 80, "2026-03-14")
        self.assertEqual(self.figure("reminders"), (0.8, 80, 100))

    def test_what_recovery_costs(self):
        paid = self.owed(1000)
        costs = [
            ("message", "email", 0.5, "2026-01-01"),
            ("message", "email", 99, "2026-03-15"),
            ("interaction", "phone", 8, "2026-01-01"),
        ]
        self.env["recovery.cost"].create(
            [
                {"kind": kind, "channel": channel, "amount": amount, "date_from": day}
                for kind, channel, amount, day in costs
            ]
        )
        self.notice(paid, "2026-03-12")
        self.notice(paid, "2026-03-12", channel="letter")  # not declared
        self.env["recovery.contact"].create(
            {"partner_id": self.debtor.id, "date": "2026-03-20", "outcome": "Called", "channel": "phone"}
        )
        self.pay(paid, 850, "2026-03-25")
        self.assertEqual(self.figure("cost"), (0.01, 8.5, 850))
        self.notice(paid, "2026-03-16")
        self.assertEqual(self.figure("cost").numerator, 107.5)

    # -- by whom -------------------------------------------------------------------------------

    def test_by_person_and_by_class(self):
        self.owed(100)
        self.owed(300, debtor=self.other)
        collector = self.collector()
        self.env["recovery.portfolio"].create(
            {"name": "Ours", "user_id": collector.id, "debtor_domain": [("name", "=", "Another")]}
        )
        trusted = self.env["recovery.risk.class"].sudo().create({"code": "T", "name": "Trusted"})
        self.debtor.sudo().recovery_risk_class = trusted
        self.assertEqual(self.figure("overdue", "person", collector.id).numerator, 300)
        self.assertEqual(self.figure("overdue", "person", None).numerator, 100)
        self.assertEqual(self.figure("overdue", "segment", trusted.id).numerator, 100)
        self.assertEqual(self.figure("overdue", only={"person": collector.id}).numerator, 300)
        self.assertEqual(self.figure("overdue", "company", self.company.id).numerator, 400)

    def test_whoever_is_told_apart_has_every_figure(self):
        """A promise of somebody who owes nothing: the other figures say that there is nothing to tell."""
        self.promise(300, "kept")
        [figures] = self.kpi.figures(FIRST, LAST, by="person").values()
        self.assertEqual(set(figures), set(self.kpi.figures(FIRST, LAST)[None]))
        self.assertEqual(figures["promises_kept"], (1, 1, 1))
        self.assertEqual(figures["overdue"], (None, 0, 0))

    def test_a_period_without_anything_tells_nothing(self):
        self.owed(100)
        for first, last in ((date(2020, 1, 1), date(2020, 1, 1)), (date(2030, 5, 1), date(2030, 5, 31))):
            for code, figure in self.kpi.figures(first, last)[None].items():
                with self.subTest(code, day=last):
                    self.assertEqual(figure.value is None, not figure.denominator)
            self.assertEqual(self.kpi.figures(first, last, by="person", codes=["time"]), {})

    def test_another_company_is_not_counted(self):
        self.owed(100)
        stranger = self.setup_other_company()["company"]
        self.assertEqual(self.kpi.with_company(stranger).figures(FIRST, LAST)[None]["overdue"].denominator, 0)

    # -- months that are kept ------------------------------------------------------------------

    def snapshots(self, **values):
        domain = [("company_id", "=", self.company.id), ("kpi", "=", "overdue"), ("kept_by", "=", "all")]
        return self.env["recovery.kpi.snapshot"].search(
            domain + [(name, "=", value) for name, value in values.items()], order="date"
        )

    def keep(self, now):
        with freeze_time(now):
            self.env["recovery.kpi.snapshot"].sudo()._keep_closed(self.company)

    def test_months_are_kept_at_their_end_and_caught_up(self):
        self.owed(100)  # of February
        self.keep("2026-03-31 12:00:00")
        self.assertEqual(self.snapshots().mapped("date"), [date(2026, 2, 28)])
        self.assertTrue(self.snapshots().is_late, "Told on the last of March")
        self.keep("2026-04-01 12:00:00")
        march = self.snapshots(date=LAST)
        self.assertEqual((march.value, march.numerator, march.is_late), (1, 100, False))
        self.assertEqual(march.value_text, "100.0 %")
        self.keep("2026-04-01 23:00:00")
        self.assertEqual(len(self.snapshots()), 2)
        self.keep("2026-07-02 12:00:00")  # three months without service
        later = self.snapshots(is_late=True).mapped("date")
        self.assertEqual(later[1:], [date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)])

    def test_the_month_ends_by_the_clock_of_the_company(self):
        self.owed(100)
        self.company.partner_id.tz = "Pacific/Auckland"
        self.keep("2026-03-31 12:00:00")  # the first of April there
        self.assertEqual(self.snapshots()[-1].date, LAST)

    def test_a_month_is_kept_by_person_class_and_country(self):
        self.debtor.country_id = self.env.ref("base.fr")
        self.owed(100)
        self.keep("2026-04-01 12:00:00")
        kept = self.env["recovery.kpi.snapshot"].search(
            [("company_id", "=", self.company.id), ("date", "=", LAST), ("kpi", "=", "overdue")]
        )
        self.assertEqual(set(kept.mapped("kept_by")), {"all", "company", "person", "segment", "country"})
        self.assertEqual(kept.country_id, self.env.ref("base.fr"))
        self.assertEqual(set(kept.mapped("value")), {1})
        at_risk = kept.search([("kpi", "=", "at_risk"), ("kept_by", "=", "all"), ("date", "=", LAST)])
        self.assertIn("$", at_risk.value_text, "money")
        self.assertEqual(kept.search([("is_told", "=", False), ("date", "=", LAST)])[:1].value_text, "-")
        self.assertEqual((at_risk.unit, set(kept.mapped("unit"))), ("money", {"share"}))

    # -- who may -------------------------------------------------------------------------------

    def test_who_may_not_read_the_ledger_reads_no_figures(self):
        stranger = new_test_user(self.env, "stranger", groups="base.group_user")
        for ask in (self.kpi.with_user(stranger).figures, self.kpi.with_user(stranger).action_proof):
            with self.assertRaises(AccessError):
                ask(*(["overdue"] if ask.__name__ == "action_proof" else []), FIRST, LAST)

    def test_what_was_opened_is_for_who_opened_it(self):
        self.owed(100)
        action = self.kpi.action_proof("overdue", FIRST, LAST)
        self.assertTrue(self.env["recovery.kpi.proof"].search(action["domain"]))
        collector = self.collector()
        self.assertFalse(self.env["recovery.kpi.proof"].with_user(collector).search(action["domain"]))
        own = self.kpi.with_user(collector).action_proof("overdue", FIRST, LAST)
        row = self.env["recovery.kpi.proof"].with_user(collector).search(own["domain"])
        self.assertEqual((row.numerator, row.action_open()["res_model"]), (100, "account.move"))

    def test_a_period_that_ends_before_it_begins_is_refused(self):
        with self.refused("first day that is not after"), self.env.cr.savepoint():
            self.kpi.figures(LAST, FIRST)

    def test_every_figure_says_what_it_is(self):
        things = self.env["recovery.figure"]._things()
        self.assertGreaterEqual(len(things), 22)
        for thing in things.values():
            self.assertTrue(thing._label() and len(thing._formula()) > 15, thing._name)
            self.assertIn(thing._unit, ("share", "days", "rating", "money"))
        self.assertRaises(UserError, self.kpi.figures, "2026-02-01", "2026-01-01")
