"""Rates and rules as declared: what is refused on save and by name, files of rates, requests for new ones."""

import base64
from contextlib import contextmanager
from datetime import date

import psycopg2
from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.charge.declared import CHANGED
from .charge_common import ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeDeclared(ChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = cls.env["recovery.interest.reference"].create(
            {
                "name": "Test rate",
                "source": "Gazette",
                "rate_ids": [
                    Command.create({"date_from": "2025-01-01", "rate": 3}),
                    Command.create({"date_from": "2025-07-01", "rate": 2}),
                ],
            }
        )

    def _rule(self, **values):
        return self.env["recovery.interest.rule"].create(
            {"name": "Test rule", "reference_id": self.table.id, "is_contract": True, **values}
        )

    @contextmanager
    def _refused(self, *words):
        """Expect a refusal that names ``words``, and undo what was written before it."""
        with self.assertRaisesRegex(ValidationError, "(?s)" + ".*".join(words)), self.env.cr.savepoint():
            yield

    # Remembered --------------------------------------------------------------------------

    def _settled(self):
        """Go on as in another transaction, which finds what was declared in this one."""
        self.env.flush_all()
        self.env.cr.cache.pop(CHANGED, None)
        self.env.invalidate_all()

    def test_what_is_declared_is_read_once_and_anew_when_it_changes(self):
        engine, fee = self.env["recovery.charge.engine"], self.env.ref("payment_plan_recovery.fee_nl").copy()
        rule = self._rule(fee_id=fee.id, margin=1)
        changes = {
            "rule": lambda: rule.write({"margin": 2}),
            "rate": lambda: self.table.rate_ids[0].write({"rate": 4}),
            "table": lambda: self.table.write(
                {"rate_ids": [Command.create({"date_from": "2026-01-01", "rate": 5})]}
            ),
            "fixed sum": lambda: fee.write({"maximum": 900}),
            "tier": lambda: fee.tier_ids[-1].write({"percent": fee.tier_ids[-1].percent + 1}),
        }
        for what, change in changes.items():
            with self.subTest(what):
                self._settled()
                before = engine._declared_rule(rule.id)
                self._settled()
                with self.assertQueryCount(0):
                    self.assertEqual(engine._declared_rule(rule.id), before)
                change()
                changed = engine._declared_rule(rule.id)
                self.assertNotEqual(changed, before, "in the transaction that changes it")
                self._settled()
                self.assertEqual(engine._declared_rule(rule.id), changed, "and in those that come after")

    def test_a_rule_that_comes_and_goes_is_chosen_and_no_more(self):
        engine, companies = self.env["recovery.charge.engine"], self.company._ids
        self._settled()
        before = engine._declared(companies)
        rule = self._rule()
        self._settled()
        self.assertEqual(engine._declared(companies)[1], before[1] | {rule.id})
        rule.unlink()
        self._settled()
        self.assertEqual(engine._declared(companies), before)

    # Rates -------------------------------------------------------------------------------

    def test_a_rate_ends_with_its_semester(self):
        self.assertEqual(self.table.known_until, date(2025, 12, 31))
        self.assertEqual(self.table.last_rate, 2)
        self.assertEqual(set(self.table.rate_ids.mapped("source")), {"Gazette"})

    def test_overlap_gap_and_reversed_period(self):
        rate = self.table.rate_ids.sorted("date_from")[0]
        with self._refused("Test rate", "before the one before it ends"):
            rate.date_to = "2025-07-01"
        with self._refused("Test rate", "No rate is known from"):
            rate.date_to = "2025-06-29"
        with self._refused("Test rate", "ends before it starts"):
            rate.date_to = "2024-12-31"
        with self._refused("Test rate", "No rate is known from"):
            self.env["recovery.interest.rate"].create(
                {"reference_id": self.table.id, "date_from": "2026-07-01", "rate": 1}
            )

    def test_a_rate_in_the_middle_cannot_be_deleted(self):
        self.env["recovery.interest.rate"].create(
            {"reference_id": self.table.id, "date_from": "2026-01-01", "rate": 1}
        )
        first, middle, last = self.table.rate_ids.sorted("date_from")
        with self._refused("Test rate", "No rate is known from"):
            middle.unlink()
        last.unlink()
        self.assertEqual(self.table.rate_ids, first | middle)

    def test_dates_moved_together_are_judged_together(self):
        first, second = self.table.rate_ids.sorted("date_from")
        self.table.rate_ids = [
            Command.update(first.id, {"date_to": "2025-07-31"}),
            Command.update(second.id, {"date_from": "2025-08-01"}),
        ]
        self.assertEqual(first.date_to, date(2025, 7, 31))

    @mute_logger("odoo.sql_db")
    def test_one_rate_a_day(self):
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self.table.rate_ids[:1].copy()

    def test_shipped_rates_add_only_what_is_missing(self):
        self.table._publish(self.table.id, [("2025-07-01", 9), ("2026-01-01", 1, "verify")], "2026-01-02")
        rates = self.table.rate_ids.sorted("date_from")
        self.assertEqual(rates.mapped("rate"), [3, 2, 1])
        self.assertEqual(rates.mapped("to_verify"), [False, False, True])

    def test_a_new_semester_is_asked_for_once(self):
        self._rule()
        references = self.env["recovery.interest.reference"]
        references._ask_for_new_rates(date(2025, 12, 31))
        self.assertFalse(self.table.activity_ids)
        references._ask_for_new_rates(date(2026, 1, 1))
        references._ask_for_new_rates(date(2026, 1, 2))
        self.assertEqual(len(self.table.activity_ids), 1)
        self.table.rate_ids = [Command.create({"date_from": "2026-01-01", "rate": 2.5})]
        self.assertFalse(self.table.activity_ids)

    def test_a_rate_of_a_country_without_charges_is_not_asked_for(self):
        """Who installs in France is not asked for the rates of all Europe on the first night."""
        ours = self.env["res.company"].search([]).country_id
        elsewhere = self.env["res.country"].search([("id", "not in", ours.ids)], limit=1)
        rule = self._rule(country_ids=[Command.link(elsewhere.id)])
        references = self.env["recovery.interest.reference"]
        references._ask_for_new_rates(date(2026, 1, 1))
        self.assertFalse(self.table.activity_ids)
        rule.country_ids = False
        references._ask_for_new_rates(date(2026, 1, 1))
        self.assertEqual(len(self.table.activity_ids), 1)

    # Files -------------------------------------------------------------------------------

    def _import(self, text, **values):
        wizard = self.env["recovery.interest.import"].create(
            {"reference_id": self.table.id, "file": base64.b64encode(text.encode()), **values}
        )
        wizard.action_import()

    def test_a_file_of_rates(self):
        self._import("date_from;rate;source\n2026-01-01;2,15;JO\n2026-07-01;-0.25;JO\n")
        rates = self.table.rate_ids.sorted("date_from")[2:]
        self.assertEqual(rates.mapped("rate"), [2.15, -0.25])
        self.assertEqual(set(rates.mapped("source")), {"JO"})

    def test_columns_go_by_what_the_screen_calls_them(self):
        """In the user's language, and told before a file is chosen."""
        self.env["res.lang"]._activate_lang("fr_FR")
        module = self.env["ir.module.module"].search([("name", "=", "payment_plan_recovery")])
        module._update_translations(["fr_FR"])
        for lang, header in (
            ("en_US", "From;Rate (%);Until;Source"),
            ("fr_FR", "À partir du;Taux (%);Jusqu'au;Source"),
        ):
            with self.subTest(lang), self.env.cr.savepoint() as kept:
                table = self.table.with_context(lang=lang)
                shown = self.env["recovery.interest.import"].with_context(lang=lang).new({}).columns
                for name in header.split(";"):
                    self.assertIn(name, shown)
                wizard = table.env["recovery.interest.import"].create(
                    {
                        "reference_id": table.id,
                        "file": base64.b64encode(f"{header}\n2026-01-01;2,15;2026-06-30;JO\n".encode()),
                    }
                )
                wizard.action_import()
                self.assertEqual(table.rate_ids.sorted("date_from")[-1:].rate, 2.15)
                kept.rollback()

    def test_bad_rows_are_listed_and_nothing_is_kept(self):
        with self.assertRaisesRegex(UserError, "(?s)Row 3.*yesterday.*Row 4.*high"):
            self._import("date_from,rate\n2026-01-01,2\nyesterday,2\n2026-07-01,high\n")
        self.assertEqual(len(self.table.rate_ids), 2)
        with self.assertRaisesRegex(UserError, "day, percent"):
            self._import("day,percent\n2026-01-01,2\n")

    def test_a_known_rate_is_replaced_on_request_only(self):
        with self.assertRaises(UserError):
            self._import("date_from,rate\n2025-07-01,4\n")
        self._import("date_from,rate\n2025-07-01,4\n", replace=True)
        self.assertEqual(self.table.last_rate, 4)

    # Rules -------------------------------------------------------------------------------

    def test_rules_are_refused_by_name(self):
        for values in (
            {"margin": -1},
            {"multiplier": 0},
            {"rate_rounding": "up", "rate_step": 0},
            {"rate_mode": "fixed", "fixed_rate": -1},
            {"reference_id": False},
            {"compounding": "yearly", "allocation": "principal_first"},
            {"grace_days": -1},
        ):
            with self.subTest(values), self._refused("Test rule"):
                self._rule(**values)

    def test_an_unknown_day_count_is_refused(self):
        with self.assertRaises(ValueError):
            self._rule(day_count="act/360")

    def test_fixed_sums_are_refused_by_name(self):
        for values in (
            {"kind": "tiers"},
            {"kind": "tiers", "tier_ids": [Command.create({"threshold": 10, "amount": 1})]},
            {"amount": -40},
        ):
            with self.subTest(values), self._refused("Test sum"):
                self.env["recovery.collection.fee"].create({"name": "Test sum", **values})

    def test_an_item_without_due_date_is_reported(self):
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2025-01-01",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.company_data["default_account_receivable"].id,
                            "partner_id": self.debtor().id,
                            "debit": 100,
                        }
                    ),
                    Command.create(
                        {"account_id": self.company_data["default_account_revenue"].id, "credit": 100}
                    ),
                ],
            }
        )
        entry.action_post()
        item = self.item(entry)
        item.date_maturity = False
        self.assertTrue(item._recovery_charges(date(2025, 9, 1))[item.id].problem)
        wizard = self.env["recovery.charge.book"].create({"move_ids": entry.ids, "date": "2025-09-01"})
        self.assertIn(entry.name, wizard.problems)

    def test_nobody_is_asked_for_the_due_date_of_an_entry_that_is_settled(self):
        """An entry between accountants, taken back by another: whoever owes nothing on it is late with nothing."""
        account, revenue = (
            self.company_data[f"default_account_{kind}"].id for kind in ("receivable", "revenue")
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2025-01-01",
                "line_ids": [
                    Command.create({"account_id": account, "partner_id": self.debtor().id, "debit": 100}),
                    Command.create({"account_id": revenue, "credit": 100}),
                ],
            }
        )
        entry.action_post()
        charges = self.env["recovery.charge"]
        self.assertIn(self.item(entry).id, charges._renew(self.company, date(2025, 9, 1)), "open: asked for")
        entry._reverse_moves([{"date": "2025-02-01"}], cancel=True)
        self.assertTrue(self.item(entry).reconciled)
        self.assertFalse(charges._renew(self.company, date(2025, 9, 1)))

    def test_dialogs(self):
        late = self.invoice(1200, "2025-03-31")
        opened = {"active_model": "account.move", "active_ids": late.ids}
        with Form(self.env["recovery.charge.book"].with_context(**opened)) as book:
            book.date = "2025-09-15"
            self.assertEqual((book.charge_count, book.debtor_count, book.problems), (2, 1, ""))
            self.assertEqual(book.amounts.replace("\N{NO-BREAK SPACE}", " "), "110.10 €")
        fee = self.accrue(late, "2025-09-15").filtered(lambda charge: charge.kind == "fixed_sum")
        opened = {"active_model": "recovery.charge", "active_ids": fee.ids}
        with Form(self.env["recovery.charge.waive"].with_context(**opened)) as waive:
            self.assertEqual(waive.amount, 40)
            waive.reason = "Courtesy"
        waive.record.action_waive()
        book.record.action_book()
        self.assertEqual(late.recovery_charge_ids.invoice_id.amount_total, 70.10)

    def test_booked_from_a_charge(self):
        late = self.invoice(1200, "2025-03-31")
        charges = self.accrue(late, "2025-09-15")
        opened = {"active_model": "recovery.charge", "active_ids": charges[0].ids}
        with Form(self.env["recovery.charge.book"].with_context(**opened)) as book:
            self.assertEqual(book.move_ids[:], late)
