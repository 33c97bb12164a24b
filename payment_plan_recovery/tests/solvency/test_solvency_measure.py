"""What the ledger says of a debtor, told as dates."""

import random
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .solvency_common import TODAY, SolvencyCommon, ago


@tagged("post_install", "-at_install")
class TestMeasures(SolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules.active = False
        cls.debtor = cls.make_debtor()

    def measures(self, debtor=None, date=TODAY):
        debtor = debtor or self.debtor
        return self.env["recovery.solvency.measure"]._measures(self.company, date, debtor)[debtor.id]

    def assert_measures(self, **expected):
        found = self.measures()
        self.assertEqual({name: found[name] for name in expected}, expected)

    def test_nothing_known(self):
        self.assertEqual(
            self.measures(),
            {
                "days_late": None,
                "days_late_trend": None,
                "paid_on_time": None,
                "worst_delay": None,
                "open_overdue": 0,
                "overdue_share": None,
                "broken_plans": 0,
                "broken_promises": 0,
                "dispute_rate": None,
                "turnover": 0,
                "relation_months": 0,
            },
        )

    def test_days_late_weigh_by_amount(self):
        self.paid_invoice(self.debtor, 100, due=ago(60), paid=ago(40))
        self.paid_invoice(self.debtor, 300, due=ago(60), paid=ago(52))
        self.assert_measures(days_late=11, worst_delay=20, paid_on_time=0, turnover=400)

    def test_paying_early_does_not_make_up_for_paying_late(self):
        self.paid_invoice(self.debtor, 100, due=ago(60), paid=ago(80))
        self.paid_invoice(self.debtor, 100, due=ago(60), paid=ago(40))
        self.assert_measures(days_late=10, paid_on_time=50)

    def test_on_time_on_both_sides(self):
        self.paid_invoice(self.debtor, 100, due=ago(60), paid=ago(60))
        self.assert_measures(paid_on_time=100, days_late=0)
        self.paid_invoice(self.debtor, 300, due=ago(60), paid=ago(59))
        self.assert_measures(paid_on_time=25, days_late=0.75)

    def test_part_payments_count_for_what_they_are(self):
        move = self.invoice(self.debtor, 100, on=ago(90), due=ago(60))
        self.pay(move, 75, ago(60))
        self.pay(move, 25, ago(20))
        self.assert_measures(paid_on_time=75, days_late=10, worst_delay=40)

    def test_credit_notes_are_no_payments(self):
        move = self.invoice(self.debtor, 100, on=ago(90), due=ago(60))
        refund = self.invoice(self.debtor, -100, on=ago(10))
        (self.item(move) + self.item(refund)).reconcile()
        self.assert_measures(days_late=None, paid_on_time=None, turnover=0)

    def test_what_is_written_off_or_set_off_is_never_in_time(self):
        """In time it tells nothing; late it is as late as money would have been, matched or not."""
        move = self.invoice(self.debtor, 100, on=ago(90), due=ago(60))
        self.pay(move, 40, ago(60), by="general")
        self.assert_measures(days_late=None, paid_on_time=None, worst_delay=60)
        self.pay(move, 30, ago(60))
        self.assert_measures(days_late=0, paid_on_time=100)
        self.pay(move, 30, ago(59), by="general")
        self.assert_measures(days_late=0.5, paid_on_time=50, worst_delay=1)
        other = self.make_debtor("Other")
        self.invoice(other, 100, on=ago(90), due=ago(60))
        self.credit(other, 50, ago(60), by="general")
        self.assertIsNone(self.measures(other)["days_late"])
        self.credit(other, 30, ago(57), by="general")
        self.credit(other, 20, ago(60))
        found = self.measures(other)
        self.assertEqual((found["paid_on_time"], found["open_overdue"]), (40, 0))

    def test_the_window_of_payments_on_both_sides(self):
        start = fields.Date.subtract(TODAY, months=12)
        self.paid_invoice(self.debtor, 100, due=start - timedelta(days=50), paid=start)
        self.assert_measures(days_late=None)
        self.paid_invoice(self.debtor, 100, due=start - timedelta(days=50), paid=start + timedelta(days=1))
        self.assert_measures(days_late=51)

    def test_trend(self):
        middle = fields.Date.subtract(TODAY, months=6)
        self.paid_invoice(self.debtor, 100, due=middle - timedelta(days=5), paid=middle)
        self.assert_measures(days_late_trend=None)
        self.paid_invoice(self.debtor, 100, due=middle - timedelta(days=11), paid=middle + timedelta(days=1))
        self.assert_measures(days_late_trend=7)

    def test_overdue_on_both_sides(self):
        self.invoice(self.debtor, 100, on=ago(40), due=TODAY)
        self.assert_measures(open_overdue=0, worst_delay=None)
        self.invoice(self.debtor, 25, on=ago(40), due=ago(1))
        self.assert_measures(open_overdue=25, overdue_share=20, worst_delay=1)

    def test_items_in_a_plan_are_overdue_by_their_instalments(self):
        move = self.invoice(self.debtor, 600, on=ago(90), due=ago(60))
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": self.debtor.id,
                "date_start": ago(-10),
                "instalment_count": 3,
                "item_ids": [Command.create({"move_line_id": self.item(move).id})],
            }
        )
        plan.generate_instalments()
        plan.action_propose()
        plan.action_accept(signed_by="Debtor")
        plan.action_activate()
        self.assert_measures(open_overdue=0)

    def test_broken_plans_within_two_years(self):
        for state, closed in (
            ("broken", ago(10)),
            ("broken", fields.Date.subtract(TODAY, months=24)),
            ("completed", ago(10)),
        ):
            plan = self.env["recovery.plan"].create({"partner_id": self.debtor.id})
            plan.sudo().write({"state": state, "date_closed": closed})
        self.invoice(self.debtor, 10)
        self.assert_measures(broken_plans=1)

    def test_disputes(self):
        moves = [self.invoice(self.debtor, 100, on=ago(30)) for _number in range(4)]
        self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "kind": "dispute",
                "reason": "Wrong goods",
                "date_from": ago(5),
                "date_until": ago(2),
                "move_line_ids": [Command.set(self.item(moves[0]).ids)],
            }
        )
        self.assert_measures(dispute_rate=25)

    def test_turnover_and_age(self):
        self.invoice(self.debtor, 100, on=fields.Date.subtract(TODAY, months=12))
        self.invoice(self.debtor, 70, on=ago(300))
        self.invoice(self.debtor, -20, on=ago(200))
        self.assert_measures(turnover=50, relation_months=12)

    def test_another_company_is_not_looked_at(self):
        other = self.make_company("Other creditor")
        self.invoice(self.debtor, 100, on=ago(90), due=ago(60), company=other)
        self.assert_measures(open_overdue=0, turnover=0)

    def test_all_debtors_at_once_as_one_by_one(self):
        """The statement against plain Python on a random ledger."""
        rng = random.Random(7)  # noqa: S311 (an invented ledger)
        debtors = self.env["res.partner"]
        paid = []
        for number in range(5):
            debtor = self.make_debtor(f"Debtor {number}")
            debtors |= debtor
            for _number in range(4):
                due = ago(rng.randint(20, 300))
                on = due + timedelta(days=rng.randint(-15, 19))
                amount = rng.randint(1, 500)
                self.paid_invoice(debtor, amount, due=due, paid=on)
                paid.append((debtor, amount, max((on - due).days, 0)))
        everybody = self.env["recovery.solvency.measure"]._measures(self.company, TODAY)
        for debtor in debtors:
            mine = [(amount, days) for owner, amount, days in paid if owner == debtor]
            total = sum(amount for amount, _days in mine)
            found = everybody[debtor.id]
            self.assertAlmostEqual(found["days_late"], sum(a * days for a, days in mine) / total)
            self.assertAlmostEqual(
                found["paid_on_time"], 100 * sum(a for a, days in mine if not days) / total
            )
            self.assertEqual(found["worst_delay"], max(days for _amount, days in mine))
            self.assertEqual(found, self.measures(debtor))

    def test_one_statement_for_any_number_of_debtors(self):
        debtors = self.env["res.partner"].create([{"name": f"Debtor {number}"} for number in range(20)])
        self.env.flush_all()
        self.measures()  # which companies belong together is remembered from here on
        with self.assertQueryCount(1):
            self.env["recovery.solvency.measure"]._measures(self.company, TODAY, debtors)

    def test_history_of_payments(self):
        self.paid_invoice(self.debtor, 100, due=ago(60), paid=ago(40))
        history = self.env["recovery.solvency.measure"]._payment_history(self.debtor, self.company, TODAY)
        self.assertEqual(len(history), 12)
        self.assertEqual(history[-1][0], TODAY.replace(day=1))
        self.assertEqual([days for month, days in history if days is not None], [20])
