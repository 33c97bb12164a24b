"""The figures' queries against the reference model, on random ledgers."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from odoo import Command
from odoo.tests import tagged

from ..plan.plan_common import PlanCommon
from . import kpi_reference as reference

SEEDS = (7, 20260115)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


@tagged("post_install", "-at_install")
class TestKpiReference(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpi = cls.env["recovery.kpi"]
        countries = cls.env["res.country"].search([], limit=2)
        cls.debtors = cls.env["res.partner"].create(
            [
                {
                    "name": f"Debtor {number}",
                    "country_id": countries[number % 2].id,
                    "property_payment_term_id": False,
                }
                for number in range(5)
            ]
        )
        cls.foreign = cls.setup_other_currency("HRK")
        cls.journal_general = cls.company_data["default_journal_misc"]
        cls.loss = cls.company_data["default_account_expense"]

    def test_figures_agree_with_the_reference(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                draw = Random(seed)  # noqa: S311 drawn again from the seed, not secret
                self.random_ledger(draw)
                self.compare_with_reference()
                self.compare_by_country()

    # -- the ledger drawn ----------------------------------------------------------------------

    def random_ledger(self, draw):
        moves = self.env["account.move"].create([self.invoice_values(draw) for _number in range(30)])
        moves.action_post()
        for move in moves:
            self.draw_what_happens(draw, move)

    def invoice_values(self, draw):
        day = date(2025, 10, 1) + timedelta(days=draw.randrange(190))
        return {
            "move_type": "out_invoice",
            "partner_id": draw.choice(self.debtors).id,
            "currency_id": (self.foreign if draw.random() < 0.2 else self.currency).id,
            "invoice_date": day,
            "date": day,
            "invoice_date_due": day + timedelta(days=draw.choice((0, 14, 30, 45))),
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create({"name": "Goods", "price_unit": draw.randrange(1, 50000) / 100, "tax_ids": []})
            ],
        }

    def draw_what_happens(self, draw, move):
        """Paid in full, in part, twice, by a credit note, written off, by money nobody matched, or not at all."""
        item, fate = self.item(move), draw.random()
        day = move.invoice_date_due + timedelta(days=draw.randrange(-10, 80))
        day = max(day, move.invoice_date)
        if fate < 0.35:
            self.book(draw, item, 1, day, "bank")
        elif fate < 0.55:
            self.book(draw, item, 0.4, day, "bank")
            self.book(draw, item, 0.3, day + timedelta(days=draw.randrange(30)), "bank")
        elif fate < 0.65:
            self.book(draw, item, 0.5, day, "general")
        elif fate < 0.85:
            self.book(draw, item, draw.choice((0.3, 1, 1.2)), day, "bank", matched=False)
        elif fate < 0.95:
            self.credit(draw, move, day, matched=draw.random() < 0.6)

    def credit(self, draw, move, day, *, matched):
        """A credit note of part of an invoice, matched with it or left."""
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": move.partner_id.id,
                "currency_id": move.currency_id.id,
                "invoice_date": day,
                "date": day,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Returned",
                            "price_unit": move.currency_id.round(move.amount_total * draw.choice((0.2, 0.5))),
                            "tax_ids": [],
                        }
                    )
                ],
            }
        )
        note.action_post()
        if matched:
            (self.item(move) + self.item(note)).reconcile()

    def book(self, draw, item, share, day, kind, *, matched=True):
        """Take a share of an item off it by money or a general entry; or leave the money unmatched."""
        amount = item.currency_id.round(abs(item.amount_currency) * share)
        balance = item.company_currency_id.round(abs(item.balance) * share)
        journal = self.company_data["default_journal_bank"] if kind == "bank" else self.journal_general
        other = journal.default_account_id if kind == "bank" else self.loss
        common = {"partner_id": item.partner_id.id, "currency_id": item.currency_id.id}
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {**common, "account_id": other.id, "balance": balance, "amount_currency": amount}
                    ),
                    Command.create(
                        {
                            **common,
                            "account_id": item.account_id.id,
                            "balance": -balance,
                            "amount_currency": -amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        received = entry.line_ids.filtered(lambda line: line.account_id == item.account_id)
        if matched:
            (item + received).reconcile()

    # -- the two compared ----------------------------------------------------------------------

    def facts(self, debtors):
        """The reference's claims and sales, read from the records one by one."""
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "in", debtors.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        owed = items.filtered(lambda item: item.balance > 0 and item.journal_id.type == "sale")
        laid = self.env["recovery.open.money"].receipts(owed.filtered(lambda item: not item.reconciled), LAST)
        claims = [
            reference.Claim(
                item.partner_id.id,
                item.date,
                item.date_maturity,
                item.balance,
                tuple(self.matched(item) + self.unmatched(item, laid.get(item.id, ()))),
            )
            for item in owed
        ]
        sales = [(item.date, item.balance) for item in items if item.move_id.is_invoice()]
        return claims, sales

    def matched(self, item):
        return [
            (partial.max_date, partial.amount, partial.credit_move_id.journal_id.type == "bank")
            for partial in item.matched_credit_ids
        ]

    def unmatched(self, item, laid):
        return [
            (
                max(day, item.date),
                float(amount) * item.balance / item.amount_currency,
                self.env["account.move.line"].browse(credit).journal_id.type == "bank",
            )
            for credit, day, amount in laid
        ]

    def compare_with_reference(self):
        claims, sales = self.facts(self.debtors)
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
            expected = reference.figures(*self.facts(debtors), FIRST, LAST)
            for code in ("recovery_rate", "overdue", "time"):
                self.assertAlmostEqual(by_country[country][code].numerator, expected.get(code, (0, 0))[0], 1)

    # -- what it is made of --------------------------------------------------------------------

    def test_what_a_figure_is_made_of_adds_up_to_it(self):
        self.random_ledger(Random(3))  # noqa: S311
        figures = self.kpi.figures(FIRST, LAST)[None]
        for code in ("recovery_rate", "cei", "time", "overdue", "at_risk", "dso_classic", "roll_30", "cost"):
            action = self.kpi.action_proof(code, FIRST, LAST)
            rows = self.env["recovery.kpi.proof"].search(action["domain"])
            with self.subTest(figure=code):
                self.assertTrue(rows)
                self.assertAlmostEqual(sum(rows.mapped("numerator")), figures[code].numerator, 1)
                self.assertAlmostEqual(sum(rows.mapped("denominator")), figures[code].denominator, 1)
                self.assertTrue(all(rows.mapped("document")))

    def test_one_query_a_source_whatever_the_number_of_debtors(self):
        self.kpi.figures(FIRST, LAST)
        with self.assertQueryCount(40):
            self.kpi.figures(FIRST, LAST)
        self.random_ledger(Random(5))  # noqa: S311
        self.env.flush_all()
        with self.assertQueryCount(40):
            self.kpi.figures(FIRST, LAST)
