"""The figures' queries against the reference model, on random ledgers."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from freezegun import freeze_time
from odoo.tests import tagged

from ..plan.plan_common import PlanCommon
from . import kpi_reference as reference
from .kpi_ledger import DrawnLedger

SEEDS = (7, 20260115)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
BY = (None, "segment", "country", "cause", "debtor")


@tagged("post_install", "-at_install")
class TestKpiReference(DrawnLedger, PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpi = cls.env["recovery.kpi"]
        cls.draw_books()
        cls.draw = Random(SEEDS[0])  # noqa: S311 drawn again from the seed, not secret
        cls.random_ledger(cls.draw)

    def test_figures_agree_with_the_reference(self):
        self.compare_with_reference()
        self.compare_by_country()
        self.random_ledger(Random(SEEDS[1]))  # noqa: S311
        self.compare_with_reference()
        self.compare_by_country()

    # -- the two compared ----------------------------------------------------------------------

    def compare_with_reference(self):
        claims, sales = self.facts(self.debtors, self.company, LAST)
        found = self.kpi.figures(FIRST, LAST)[None]
        expected = reference.figures(claims, sales, FIRST, LAST)
        self.assertGreaterEqual(len(expected), 11)
        for code, (numerator, denominator) in expected.items():
            with self.subTest(figure=code):
                self.assertAlmostEqual(found[code].numerator, numerator, 1)
                self.assertAlmostEqual(found[code].denominator, denominator, 1)
        owed = expected["overdue"][1]
        self.assertAlmostEqual(found["dso"].value, reference.count_back(owed, sales, LAST), 1)
        self.assertEqual(found["time_median"].value, reference.median_time(claims, FIRST, LAST))
        self.assertAlmostEqual(found["cei"].value, expected["cei"][0] / expected["cei"][1], 3)
        self.assertAlmostEqual(
            found["days_delinquent"].value,
            31 * expected["days_delinquent"][0] / expected["dso_classic"][1],
            2,
        )

    def compare_by_country(self):
        by_country = self.kpi.figures(FIRST, LAST, by="country")
        groups = defaultdict(self.env["res.partner"].browse)
        for debtor in self.debtors:
            groups[debtor.country_id.id] |= debtor
        self.assertEqual(set(by_country), set(groups))
        for country, debtors in groups.items():
            expected = reference.figures(*self.facts(debtors, self.company, LAST), FIRST, LAST)
            for code in ("recovery_rate", "overdue", "time"):
                self.assertAlmostEqual(by_country[country][code].numerator, expected.get(code, (0, 0))[0], 1)

    def test_money_that_nobody_matched_lies_by_the_rule(self):
        """Credit by credit: what a payer named, then what is due and undisputed, disputed, not due."""
        disputed = self.disputed()
        claims = [
            ("partner_id", "in", self.debtors.ids),
            ("balance", ">", 0),
            ("journal_id.type", "=", "sale"),
        ]
        owed = self.env["account.move.line"].search([*claims, ("account_type", "=", "asset_receivable")])
        told = self.env["recovery.open.money.then"].receipts(owed, LAST)
        laid = self.laid(self.debtors, LAST)
        self.assertEqual(*(self.in_cents(found) for found in (told, laid)))
        bare = [item for item in disputed if item.id not in laid]
        self.assertTrue(bare, "what is disputed waits for the others")
        self.assertGreater(len(laid), 8)

    def disputed(self):
        """Dispute the oldest claim of each debtor, or a part of it, and leave money that names nothing beside it."""
        items = self.env["account.move.line"]
        for number, debtor in enumerate(self.debtors):
            move = self.invoice(
                200, "2025-10-01", partner_id=debtor.id, invoice_date="2025-09-01", date="2025-09-01"
            )
            item = self.item(move)
            self.env["recovery.hold"].create(
                {
                    "partner_id": debtor.id,
                    "kind": "dispute",
                    "move_line_ids": item.ids,
                    "date_from": "2026-03-01",
                    "date_review": "2026-06-01",
                    "reason": "Wrong flour",
                    "amount": 80 if number % 2 else 0,
                }
            )
            self.book(item, 0.7, date(2026, 3, 10 + number), "bank", matched=False)
            items += item
        return items

    def in_cents(self, laid):
        return {
            item: [(credit, day, round(float(amount), 2)) for credit, day, amount in sorted(found)]
            for item, found in laid.items()
        }

    # -- what it is made of --------------------------------------------------------------------

    def test_what_a_figure_is_made_of_adds_up_to_it(self):
        figures = self.kpi.figures(FIRST, LAST)[None]
        for code in ("recovery_rate", "cei", "time", "overdue", "at_risk", "dso_classic", "roll_30", "cost"):
            action = self.kpi.action_proof(code, FIRST, LAST)
            rows = self.env["recovery.kpi.proof"].search(action["domain"])
            with self.subTest(figure=code):
                self.assertTrue(rows)
                self.assertAlmostEqual(sum(rows.mapped("numerator")), figures[code].numerator, 1)
                self.assertAlmostEqual(sum(rows.mapped("denominator")), figures[code].denominator, 1)
                self.assertTrue(all(rows.mapped("document")))

    # -- nothing later is read -----------------------------------------------------------------

    def told(self):
        """Every figure of the period, by whom it may be told."""
        return self.kpi._figures_by(self.kpi._scope(FIRST, LAST), BY)

    def known(self):
        """What is there on the last day: late claims, a plan in force, a promise, a dispute, a reminder, a cause."""
        moves = [self.invoice(100 + number, "2026-02-10") for number in range(6)]
        plan = self.active_plan(moves[0])
        plan.sudo().date_activated = "2026-02-15"
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "amount": 101,
                "date_given": "2026-03-20",
                "date_promised": "2026-04-04",
                "move_line_ids": self.item(moves[1]).ids,
            }
        )
        tracked = self.env["recovery.dispute"].with_context(tracking_disable=False, mail_notrack=False)
        dispute = tracked.create(
            {
                "partner_id": self.debtor.id,
                "move_line_ids": self.item(moves[2]).ids,
                "date_opened": "2026-03-15",
                "description": "Wrong flour",
                "answer": "The right one",
            }
        )
        self.spoken("2026-03-20", "cash")
        self.env.cr.precommit.run()  # what is changed from here on is told in the history
        return moves, plan, promise, dispute

    def spoken(self, day, cause):
        self.env["recovery.contact"].create(
            {
                "partner_id": self.debtor.id,
                "date": day,
                "outcome": "Said so",
                "cause_id": self.env.ref(f"payment_plan_recovery.cause_{cause}").id,
            }
        )

    def test_nothing_later_changes_what_was_told_of_a_day(self):
        moves, plan, promise, dispute = self.known()
        before = self.told()
        day = LAST + timedelta(days=1)
        for name, later in (
            ("paid", lambda: self.pay(moves[1], 101, day)),
            (
                "paid in part, and not matched",
                lambda: self.book(self.item(moves[3]), 0.5, day, "bank", matched=False),
            ),
            ("written off", lambda: self.receive(self.item(moves[4]), 50, day, self.journal_general)),
            ("credited", lambda: self.credit(self.draw, moves[5], day, matched=True)),
            ("invoiced", lambda: self.invoice(70, day + timedelta(days=9), invoice_date=day, date=day)),
            ("promise kept", lambda: promise._judge(day + timedelta(days=9))),
            ("dispute closed", dispute.action_reject),
            ("cause noted", lambda: self.spoken(day, "goods")),
            ("plan paid", lambda: (self.pay(moves[0], 100, day), plan.monitor(day))),
            (
                "cost",
                lambda: self.env["recovery.cost"].create(
                    {"kind": "interaction", "channel": "phone", "amount": 9, "date_from": day}
                ),
            ),
        ):
            with self.subTest(name):
                later()
                self.env.cr.precommit.run()
                self.assertEqual(self.told(), before)
        self.assertEqual((promise.state, plan.state, dispute.state), ("kept", "completed", "closed"))
        self.pay(moves[2], 102, LAST)
        self.assertNotEqual(self.told(), before, "what comes on the day itself is told of it")

    def ended(self):
        """What ended by the last day and may go on: plans in default, paid and broken, a promise, a dispute."""
        moves = [self.invoice(300 + number, "2026-01-31", partner_id=self.debtor.id) for number in range(4)]
        default, paid, unrated = (self.active_plan(move, end_of_month=True) for move in moves[:3])
        default.monitor(date(2026, 3, 5))
        for plan in (paid, unrated):
            plan.sudo().write({"state": "completed", "date_closed": "2026-03-20"})
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "amount": 303,
                "date_given": "2026-03-02",
                "date_promised": "2026-03-12",
                "move_line_ids": self.item(moves[3]).ids,
            }
        )
        promise.sudo().write({"state": "kept", "date_judged": "2026-03-13"})
        dispute = self.env["recovery.dispute"].create(
            {
                "partner_id": self.debtor.id,
                "move_line_ids": self.item(moves[3]).ids,
                "date_opened": "2026-03-15",
                "description": "Wrong flour again",
                "answer": "It was right",
            }
        )
        with freeze_time("2026-03-25 12:00:00"):
            dispute.action_reject()
        self.assertEqual((default.state, dispute.date_closed), ("in_default", date(2026, 3, 25)))
        return moves, default, paid, unrated, promise, dispute

    def test_what_goes_on_after_the_period_had_ended_in_it(self):
        """Rated, cured and in default again, bounced, judged and opened again, archived: the month stays as it was."""
        moves, default, paid, unrated, promise, dispute = self.ended()
        before = self.told()
        self.assertEqual(
            [before[None][None][code][1:] for code in ("cure_rate", "plans_kept", "promises_kept")],
            [(0, 1), (2, 2), (1, 1)],
        )
        promises = self.env["recovery.promise"]
        for name, later in (
            ("rated", lambda: unrated.sudo()._rate("5", "Kind")),
            ("dispute rated", lambda: dispute.sudo()._rate("1", "")),
            ("cured", lambda: (self.pay(moves[0], 200, "2026-04-02"), default.monitor(date(2026, 4, 2)))),
            ("in default again", lambda: default.monitor(date(2026, 4, 20))),
            ("bounced", lambda: paid.monitor(date(2026, 4, 2))),
            (
                "judged again",
                lambda: promises._judge_again(self.debtor, self.company, FIRST, date(2026, 4, 2)),
            ),
            ("opened again", dispute.action_reopen),
            ("archived", lambda: self.debtor.write({"active": False})),
            ("somebody else's", lambda: default.write({"user_id": self.env.ref("base.user_admin").id})),
        ):
            with self.subTest(name), freeze_time("2026-04-02 12:00:00"):
                later()
                self.env.cr.precommit.run()
                self.assertEqual(self.told(), before)
        self.assertEqual(
            (default.state, paid.state, promise.state, dispute.state),
            ("in_default", "in_default", "broken", "open"),
        )
        april = self.kpi.figures(date(2026, 4, 1), date(2026, 4, 30))[None]
        self.assertEqual(april["satisfaction"], (3, 6, 2))
        self.assertEqual(april["promises_kept"][1:], (0, 1))
        self.assertEqual(april["cure_rate"][1:], (0, 2))
        on = self.kpi.figures(FIRST, date(2026, 4, 3))[None]
        self.assertEqual(on["cure_rate"][1:], (1, 2), "of the two in default by then one is cured")
        self.assertEqual(on["plans_kept"][1:], (1, 1), "bounced by then")
        self.assertEqual(on["promises_kept"][1:], (0, 1))

    def test_one_query_a_source_whatever_the_number_of_debtors(self):
        self.kpi.figures(FIRST, LAST)
        for first, last in (
            (FIRST, LAST),
            (date(2020, 1, 1), date(2020, 1, 31)),
        ):  # all there is, and nothing
            with self.assertQueryCount(30):
                self.kpi.figures(first, last)

    def test_told_by_all_at_once_they_are_what_each_tells_alone(self):
        self.known()
        alone = {by: self.kpi.figures(FIRST, LAST, by=by) for by in BY}
        with self.assertQueryCount(40):
            found = self.told()
        self.assertEqual(found, alone)
        self.assertGreater(len(found["debtor"]), len(found["country"]))
