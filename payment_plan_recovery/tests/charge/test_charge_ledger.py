"""Charges of random ledgers, by three ways that know nothing of each other: the kernel fed with the story,
the kernel fed with what is read from the ledger, and one statement over the whole ledger."""

import gc
import logging
import os
from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.tests import BaseCase, TransactionCase, tagged

from ...models.charge.bulk import uncollected
from ...models.charge.rows import by_ids
from .charge_debt import EXCHANGE
from .charge_ledger_writer import LedgerWriter
from .charge_random import RandomLedger

_logger = logging.getLogger(__name__)

#: Days on which the ledgers are judged: around changes of rates, within and past the tables.
DAYS = (date(2019, 7, 1), date(2022, 12, 31), date(2024, 2, 29), date(2025, 7, 1), date(2026, 9, 15))
SIZE = 250
#: Debtors of a ledger, about, whose sums are looked at on its last day.
ACCOUNTS = 6
#: Ledgers drawn. RECOVERY_LEDGERS=100 draws as many.
LEDGERS = int(os.environ.get("RECOVERY_LEDGERS", "4"))

#: Clauses that use every mechanic the kernel has.
CLAUSES = [
    {"rate_mode": "fixed", "fixed_rate": 12, "day_count": "act/act"},
    {"rate_mode": "fixed", "fixed_rate": 7.3, "day_count": "30/360", "allocation": "principal_first"},
    {"rate_mode": "fixed", "fixed_rate": 10, "compounding": "yearly", "day_count": "30/360"},
    {"reference": "ecb_mro", "margin": 8, "compounding": "yearly", "day_count": "act/act", "fee": "nl"},
    {"reference": "ecb_mro", "margin": 3, "multiplier": 2, "allocation": "principal_first", "fee": "uk"},
    {"reference": "de_base", "margin": 0.5, "floor": 1, "rate_rounding": "nearest", "rate_step": 0.25},
    {"reference": "boe", "margin": 8, "rate_mode": "locked", "day_count": "act/act", "fee": "be_consumer"},
    {
        "reference": "boe",
        "rate_mode": "locked",
        "compounding": "yearly",
        "start": "first_notice",
        "grace_days": 8,
    },
    {
        "reference": "fr_professional",
        "multiplier": 3,
        "start": "formal_notice",
        "fee": "forty",
        "post_days": 3,
    },
    {"reference": "ecb_mro", "margin": 10, "fee": "forty", "fee_start": "first_notice", "grace_days": 5},
    {"rate_mode": "fixed", "fixed_rate": 0, "scope": "b2b", "fee": "forty"},
    {"rate_mode": "fixed", "fixed_rate": 9, "allocation": "interest_apart", "fee": "nl"},
    {"reference": "de_base", "margin": 9, "due_on_working_day": True, "fee": "forty"},
    {
        "reference": "ecb_mro",
        "compounding": "yearly",
        "allocation": "interest_apart",
        "fee": "nl",
        "fee_start": "first_notice",
        "fee_basis": "notice",
        "grace_days": 20,
    },
]


@tagged("post_install", "-at_install")
class TestChargeLedger(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        currencies = (
            cls.env["res.currency"].with_context(active_test=False).search([("name", "in", list(EXCHANGE))])
        )
        currencies.active = True
        euro = cls.env.ref("base.EUR")
        cls.company = cls.env["res.company"].create(
            {"name": "Creditor", "currency_id": euro.id, "country_id": cls.env.ref("base.fr").id}
        )
        cls.company.partner_id.tz = "Europe/Paris"
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.company = cls.env["res.company"].browse(cls.company.id)
        currencies.rate_ids.unlink()
        for currency in currencies - euro:
            currency.with_env(cls.env).rate_ids = [
                Command.create({"name": day, "rate": float(rate), "company_id": cls.company.id})
                for day, rate in EXCHANGE[currency.name].items()
            ]
        cls.clauses = cls.env["recovery.interest.rule"].union(
            *(cls._clause(n, v) for n, v in enumerate(CLAUSES))
        )
        account = cls.env["account.account"].create(
            {"name": "Customers", "code": "411000", "account_type": "asset_receivable"}
        )
        journals = cls.env["account.journal"].create(
            [{"name": kind, "code": kind[:3].upper(), "type": kind} for kind in ("sale", "bank")]
        )
        thirds = [Command.create({"value": "percent", "value_amount": share}) for share in (33, 33, 34)]
        terms = {
            clause or None: cls.env["account.payment.term"].create(
                {"name": "Thirds", "line_ids": thirds, "recovery_interest_rule_id": clause and clause.id}
            )
            for clause in [*cls.clauses, None]
        }
        cls.env.flush_all()
        cls.books = (cls.company, account, journals, terms)

    @classmethod
    def _clause(cls, number, values):
        values = {"name": f"Clause {number}", "is_contract": True, "scope": "all", **values}
        for name, field, prefix in (("reference", "reference_id", "reference"), ("fee", "fee_id", "fee")):
            if name in values:
                values[field] = cls.env.ref(f"payment_plan_recovery.{prefix}_{values.pop(name)}").id
        return cls.env["recovery.interest.rule"].create(values)

    def _compare(self, seed):
        self.company.recovery_charge_law = "creditor" if seed % 4 == 0 else "debtor"
        self.company.recovery_residue_amount = 100 if seed % 2 else 0
        ledger = RandomLedger(self.company, seed, SIZE, list(self.clauses))
        LedgerWriter(self.env, *self.books).write_ledger(ledger)
        ids = [story.id for story in ledger.stories]
        # What was paid out is asked for too: it bears nothing.
        ids += [money.id for money in ledger.money_open if money.kind == "refund"]
        engine = self.env["recovery.charge.engine"]
        priced = 0
        for day in DAYS:
            expected, unpriced = ledger.expected(day)
            one_by_one = self.env["account.move.line"].browse(ids)._recovery_charges(day)
            self.assertEqual(
                {id_ for id_, charges in one_by_one.items() if charges.problem}, unpriced, f"{seed} {day}"
            )
            found = {
                id_: (charges.rule.id, charges.interest, charges.fee, charges.rate_extrapolated)
                for id_, charges in one_by_one.items()
            }
            self._assert_same(ledger, {id_: found[id_] for id_ in expected}, expected, seed, day)
            debtors = self.env["account.move.line"].browse(ids).partner_id.commercial_partner_id
            for asked in (None, debtors.ids):  # a whole ledger, and that of some debtors
                found = {
                    bearing.item_id: (
                        bearing.rule_id,
                        Decimal(bearing.interest or 0).scaleb(-bearing.decimals),
                        Decimal(bearing.fee).scaleb(-bearing.decimals),
                        bearing.rate_extrapolated,
                    )
                    for bearing in engine._ledger(by_ids(ids), day, self.company, asked)
                }
                self._assert_same(ledger, _bearing(found), _bearing(expected), seed, day)
            priced += len(_bearing(expected))
        self._compare_accounts(debtors[:: max(len(debtors) // ACCOUNTS, 1)], one_by_one, day)
        _logger.info("seed %s: %s charges compared", seed, priced)
        self.assertGreater(priced, SIZE)

    def _compare_accounts(self, debtors, one_by_one, day):
        """What is to book for each debtor, in one sum, is what its open items that bear any come to one by one."""
        engine = self.env["recovery.charge.engine"]
        expected = {debtor: defaultdict(Decimal) for debtor in debtors}
        for item in self.env["account.move.line"].browse(one_by_one):
            charges = one_by_one[item.id]
            debtor = item.partner_id.commercial_partner_id
            if debtor in expected and charges.are_any and not item.reconciled:
                sums = expected[debtor]
                sums[item.currency_id] += charges.open_total - charges.excess
        told = 0
        for debtor, sums in expected.items():
            found = engine._account(debtor, self.company, day)
            self.assertEqual(
                {currency: amount for currency, amount in found.items() if amount},
                {currency: float(amount) for currency, amount in sums.items() if amount},
                debtor.name,
            )
            told += len(found)
        self.assertTrue(told)

    def _assert_same(self, ledger, found, expected, seed, day):
        stories = {story.id: story for story in ledger.stories}
        for id_ in sorted(found.keys() | expected.keys()):
            self.assertEqual(found.get(id_), expected.get(id_), f"seed {seed}, {day}: {stories[id_]}")

    def test_ledgers(self):
        for seed in range(1, LEDGERS + 1):
            with self.subTest(seed=seed):
                self._compare(seed)


def _bearing(figures):
    return {id_: row for id_, row in figures.items() if row[1] or row[2]}


@tagged("post_install", "-at_install")
class TestUncollected(BaseCase):
    def test_collecting_goes_on_after_an_error(self):
        with self.assertRaises(ZeroDivisionError), uncollected():
            self.assertFalse(gc.isenabled())
            raise ZeroDivisionError
        self.assertTrue(gc.isenabled())

    def test_stays_off_where_it_was_off(self):
        gc.disable()
        self.addCleanup(gc.enable)
        with uncollected():
            pass
        self.assertFalse(gc.isenabled())
