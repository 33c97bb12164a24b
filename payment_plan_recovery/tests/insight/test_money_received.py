"""What is written off, set off or credited pays nothing: of debtors, plans and figures alike."""

from datetime import date, timedelta

from freezegun import freeze_time
from odoo import Command
from odoo.tests import tagged

from ..plan.plan_common import PlanCommon

TODAY = date(2026, 6, 1)
FIRST = date(2026, 3, 1)


@tagged("post_install", "-at_install")
class TestMoneyReceived(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forecast = cls.env["recovery.forecast"]
        cls.backtest = cls.env["recovery.forecast.backtest"]
        cls.misc = cls.company_data["default_journal_misc"]
        cls.company.recovery_write_off_account_id = cls.company_data["default_account_expense"]
        cls.company.recovery_write_off_ceiling = 10_000
        for number in range(8):  # somebody pays: what is believed of everybody else
            cls.settled(cls.debtor, 30 * number, (100, 5 + number % 3, None))

    @classmethod
    def named(cls, name):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "property_payment_term_id": False}
        )

    @classmethod
    def settled(cls, debtor, ago, *parts):
        """An invoice of 100, due so many days ``ago`` before February; settled by (amount, days late, journal)."""
        due = date(2026, 1, 31) - timedelta(days=ago)
        day = due - timedelta(days=30)
        move = cls.invoice(100, due, invoice_date=day, date=day, partner_id=debtor.id)
        for amount, late, journal in parts:
            cls.receive(cls.item(move), amount, due + timedelta(days=late), journal)
        return move

    def given_up(self, move, day):
        """Give up what is left of an invoice; booked on a day."""
        with freeze_time(f"{day} 12:00:00"):
            write_off = self.env["recovery.write.off"].create(
                {
                    "partner_id": move.partner_id.id,
                    "reason": "unknown",
                    "line_ids": [Command.create({"move_line_id": self.item(move).id})],
                }
            )
            write_off.action_ask()
            write_off.action_approve()
        self.assertTrue(self.item(move).reconciled)

    def told(self, debtor, day=TODAY):
        """(payments counted, chance to be paid within 90 days) of an invoice that is not due yet."""
        move = self.invoice(
            100, "2026-06-20", invoice_date="2026-05-20", date="2026-05-20", partner_id=debtor.id
        )
        found = self.forecast.predict(day)[self.item(move).id]
        return found.reasons[0][1]["count"], found.chances[90]

    def rows(self, debtor):
        """What the back-test asks of a debtor's invoices: on which day each was paid, if any."""
        self.env.flush_all()
        found = self.backtest._invoices(self.company, date(2020, 1, 1), date(2026, 5, 1))
        return [row[3] for row in found if row[0] == debtor.id]

    # -- the forecast ----------------------------------------------------------------------

    def test_what_is_written_off_or_set_off_is_no_payment(self):
        stranger = self.told(self.named("Nothing known"))
        self.assertEqual(stranger[0], 0)
        entry = (100, 20, self.misc)
        for name, parts, paid_late in (
            ("entry", [entry], None),
            ("more by an entry than paid", [(49, 5, None), (51, 20, self.misc)], None),
            ("as much paid", [(50, 5, None), (50, 20, self.misc)], 5),
            ("small rest by an entry", [(99, 6, None), (1, 20, self.misc)], 6),
        ):
            with self.subTest(name):
                debtor = self.named(name)
                move = self.settled(debtor, 60, *parts)
                self.assertTrue(self.item(move).reconciled)
                count, chance = self.told(debtor)
                self.assertEqual(count, int(paid_late is not None))
                days = [move.invoice_date_due + timedelta(days=paid_late)] if count else []
                self.assertEqual(self.rows(debtor), days)
                if not count:
                    self.assertEqual(chance, stranger[1])

    def test_a_difference_of_currency_is_no_payment(self):
        """A credit note at another rate: what Odoo books for the difference pays nothing."""
        foreign = self.setup_other_currency("HRK", rates=[("2020-01-01", 2.0), ("2026-02-01", 4.0)])
        debtor = self.named("Foreign")
        move = self.invoice(100, "2026-01-31", partner_id=debtor.id, currency_id=foreign.id)
        note = move._reverse_moves(
            [{"date": date(2026, 2, 5), "invoice_date": date(2026, 2, 5)}], cancel=True
        )
        item = self.item(move)
        others = item.matched_credit_ids.credit_move_id - self.item(note)
        self.assertTrue(item.reconciled and others, "Odoo booked a difference")
        self.assertEqual(self.told(debtor)[0], 0)
        self.assertEqual(self.rows(debtor), [])
        measures = self.env["recovery.solvency.measure"]._measures(self.company, TODAY, debtor)
        self.assertIsNone(measures[debtor.id]["worst_delay"])

    def test_what_was_given_up_never_came(self):
        debtor, stranger = self.named("Given up"), self.told(self.named("Nothing known"))
        moves = [self.settled(debtor, ago) for ago in (0, 30, 60)]
        before = self.forecast.predict(date(2026, 4, 14))
        for move in moves:
            self.given_up(move, "2026-04-15")
        self.assertEqual(self.forecast.predict(date(2026, 4, 14)), before, "nothing of it was known before")
        count, chance = self.told(debtor)
        self.assertEqual(count, 0)
        self.assertLess(chance, stranger[1] - 0.1)
        self.assertEqual(self.rows(debtor), [None] * 3, "late for good")
        paid = self.named("Paid but a rest")
        move = self.settled(paid, 0, (90, 5, None))
        self.given_up(move, "2026-04-15")
        self.assertEqual(self.rows(paid), [move.invoice_date_due + timedelta(days=5)])
        self.assertEqual(self.told(paid)[0], 1)

    def test_only_money_comes_in_by_week(self):
        monday = date(2026, 2, 2)
        before = self.backtest._received_by_week(monday)
        self.settled(self.debtor, 0, (30, 3, None), (70, 4, self.misc))
        after = self.backtest._received_by_week(monday)
        self.assertEqual(
            [round(now - then, 2) for then, now in zip(before, after, strict=True)], [30, 0, 0, 0]
        )

    def test_what_the_bank_s_own_entry_books_as_lost_never_came(self):
        """A rest given up, a fee, its tax; on both sides: what was paid too much is income, and all of it came."""
        expense, income = (self.company_data[f"default_account_{kind}"].id for kind in ("expense", "revenue"))
        bank = self.company_data["default_journal_bank"]
        kpi = self.env["recovery.kpi"]
        for name, others, money in (
            ("a rest of 40 given up", [(expense, 40)], 60),
            ("a fee of 2", [(expense, 2)], 98),
            ("given up whole", [(expense, 100)], 0),
            ("5 too much, kept", [(income, -5)], 100),
        ):
            with self.subTest(name):
                debtor = self.named(name)
                item = self.item(self.invoice(100, "2026-02-10", partner_id=debtor.id))
                owed = {"account_id": item.account_id.id, "partner_id": debtor.id, "balance": -100}
                came = {"account_id": bank.default_account_id.id, "balance": 100 - sum(b for _a, b in others)}
                lines = [owed, came, *({"account_id": account, "balance": sum_} for account, sum_ in others)]
                entry = self.env["account.move"].create(
                    {
                        "journal_id": bank.id,
                        "date": "2026-03-10",
                        "line_ids": [Command.create(values) for values in lines if values["balance"]],
                    }
                )
                entry.action_post()
                (item + self.item(entry)).reconcile()
                told = kpi.figures(FIRST, date(2026, 3, 31), by="debtor")[debtor.id]
                rate = told["recovery_rate"]
                self.assertEqual((rate.numerator, rate.denominator), (money, money))
                self.assertEqual((told["time"].denominator, told["cost"].denominator), (money, money))
                self.assertEqual(told["overdue"].denominator, 0, "nothing is owed any more")

    # -- plans kept ------------------------------------------------------------------------

    def ended(self, *parts, credited=0, default=None):
        """A plan of 300 over one invoice that (amount, journal), or a credit note, brought to its end in March."""
        move = self.invoice(300, "2025-12-31")
        plan = self.active_plan(move)
        plan.sudo().write({"date_activated": "2026-01-15", "date_last_default": default})
        if credited:
            days = dict.fromkeys(("date_due", "invoice_date", "date"), "2026-03-05")
            note = self.invoice(credited, move_type="out_refund", **days)
            (self.item(move) + self.item(note)).reconcile()
        for amount, journal in parts:
            self.receive(self.item(move), amount, "2026-03-10", journal)
        plan.monitor(date(2026, 3, 15))
        self.assertEqual((plan.state, plan.date_closed), ("completed", date(2026, 3, 15)))
        return plan

    def test_a_plan_is_kept_by_money(self):
        self.company.recovery_residue_amount = 5
        default = "2026-03-02"
        self.ended((300, None), default=default)
        self.ended((200, None), credited=100)
        self.ended((295.01, None), (4.99, self.misc))
        given_up = self.ended((295, None), (5, self.misc), default=default)
        given_up |= self.ended((300, self.misc))
        credited = self.ended(credited=300, default=default)
        plans = self.env["recovery.plan"]
        self.assertEqual(plans._ended_otherwise([]), (given_up, credited))
        for code, figure in self.env["recovery.kpi"].figures(FIRST, date(2026, 3, 31))[None].items():
            told = {"plans_kept": (3, 5), "plans_kept_amount": (900, 1500), "cure_rate": (1, 2)}.get(code)
            if told:
                with self.subTest(code):
                    self.assertEqual((figure.numerator, figure.denominator), told)
                    opened = self.env["recovery.kpi"].action_proof(code, FIRST, date(2026, 3, 31))
                    rows = self.env["recovery.kpi.proof"].search(opened["domain"])
                    sums = (sum(rows.mapped("numerator")), sum(rows.mapped("denominator")))
                    self.assertEqual(sums, told)
                    self.assertNotIn(credited.id, rows.mapped("res_id"))
        self.assertEqual(self.forecast._plans_kept(self.company, date(2026, 3, 15)), (3, 5))
        self.assertEqual(self.forecast._plans_kept(self.company, date(2026, 3, 14)), (0, 0))
        asked = self.plan(self.invoice(300))
        asked.action_compare_options(TODAY)
        self.assertIn("plans like it that were kept: 3 of 5", asked.option_ids.mapped("chance_basis"))
