"""Entries that are rare and right: what is chased of them, from which day, and for how much."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestOddLedger(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.make_policy({"trigger": "due_date", "delay_days": 5})
        cls.debtor = cls.make_debtor("Kepler")
        cls.general = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id)], limit=1
        )

    def termed(self, amount, *shares):
        """An invoice of day 0 in shares of (percent, days)."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Shares",
                "company_id": self.company.id,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": percent, "nb_days": days})
                    for percent, days in shares
                ],
            }
        )
        move = self.invoice(
            self.debtor, amount, invoice_date=day(0), invoice_date_due=False, invoice_payment_term_id=term.id
        )
        return self.item(move).sorted("date_maturity")

    def test_of_several_terms_each_is_late_by_its_own_day(self):
        first, second, third = self.termed(900, (30, 0), (30, 30), (40, 60))
        self.assertEqual([item.amount_residual for item in (first, second, third)], [270, 270, 360])
        self.assert_reasons(first, day4="not_due", day5="selected")
        self.assert_reasons(second, day34="not_due", day35="selected")
        run = self.run_on(36)
        self.assertEqual(run.notice_ids.line_ids.move_line_id, first | second)
        self.assertEqual(run.notice_ids.amount_total, 540)

    def test_a_retention_is_due_a_year_later(self):
        work, kept = self.termed(10000, (95, 30), (5, 395))
        self.assertEqual(kept.amount_residual, 500)
        self.pay(work.move_id, 9500)
        self.assertTrue(work.reconciled)
        self.assert_reasons(kept, day60="not_due", day399="not_due", day400="selected")

    def test_a_negative_line_lowers_what_is_asked(self):
        lines = [
            Command.create({"name": name, "quantity": 1, "price_unit": price, "tax_ids": []})
            for name, price in (("Work", 1000), ("Rebate", -1000.01), ("Freight", 50))
        ]
        move = self.invoice(self.debtor, invoice_line_ids=lines)
        run = self.run_on(5)
        self.assertEqual(run.notice_ids.line_ids.mapped("amount_residual"), [49.99])
        self.assertEqual(run.notice_ids.line_ids.move_id, move)

    def test_an_invoice_of_nothing_is_no_claim(self):
        self.invoice(self.debtor, 0)
        self.assertFalse(self.env["recovery.claim"].search([("partner_id", "=", self.debtor.id)]))
        self.assertFalse(self.run_on(60).notice_ids)

    def test_a_credit_note_bigger_than_what_is_open(self):
        owed = self.invoice(self.debtor, 100)
        credited = self.invoice(self.debtor, -250)
        later = self.invoice(self.debtor, 200, due=10)
        self.assertEqual((self.reason(owed, 20), self.reason(later, 20)), ("offset_by_credit", "selected"))
        self.assertEqual(self.run_on(20).notice_ids.amount_total, 50, "150 are left for the next one")
        (self.item(owed) + self.item(credited)).reconcile()
        self.assertEqual(self.item(credited).amount_residual, -150)

    def test_an_invoice_of_a_day_to_come(self):
        move = self.invoice(self.debtor, 100, due=40, invoice_date=day(40))
        self.assert_reasons(move, day39="not_due", day44="not_due", day45="selected")

    def test_paid_twice(self):
        paid, other = self.invoice(self.debtor, 100), self.invoice(self.debtor, 130, due=3)
        self.pay(paid, 100)
        self.credit(self.debtor, 100)
        self.assert_reasons(other, day7="not_due", day8="selected")
        self.assertEqual(self.run_on(30).notice_ids.amount_total, 30, "the second payment lies over the next")

    def test_paid_by_somebody_else(self):
        move = self.invoice(self.debtor, 100)
        (self.item(move) + self.credit(self.make_debtor("Mother"), 60)).reconcile()
        self.assertEqual(self.run_on(5).notice_ids.amount_total, 40)

    def moved(self, move, amount, account, partner):
        """Of an invoice so much moves from the debtor's account to ``account`` of ``partner``: the entry."""
        rows = ((account, partner, "debit"), (self.item(move).account_id, self.debtor, "credit"))
        entry = self.env["account.move"].create(
            {
                "journal_id": self.general.id,
                "date": day(1),
                "line_ids": [
                    Command.create({"account_id": each.id, "partner_id": who.id, side: amount})
                    for each, who, side in rows
                ],
            }
        )
        entry.action_post()
        return entry

    def billed(self, amount):
        """A bill of the debtor as our supplier; the account on which we owe it."""
        payable, expense = (
            self.env["account.account"]
            .with_company(self.company)
            .create(
                [
                    {"name": "Suppliers", "code": "401000", "account_type": "liability_payable"},
                    {"name": "Purchases", "code": "607000", "account_type": "expense"},
                ]
            )
        )
        self.env["ir.default"].set(
            "res.partner", "property_account_payable_id", payable.id, company_id=self.company.id
        )
        self.env["account.journal"].create(
            {"name": "Bills", "code": "BIL", "type": "purchase", "company_id": self.company.id}
        ).default_account_id = expense
        line = {"name": "Paper", "quantity": 1, "price_unit": amount, "tax_ids": []}
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.debtor.id,
                "invoice_date": day(-30),
                "invoice_line_ids": [Command.create({**line, "account_id": expense.id})],
            }
        )
        bill.action_post()
        return payable

    def test_sold_to_a_factor(self):
        """The claim moves to the factor's account: the debtor is asked for nothing, the factor by no reminder."""
        move = self.invoice(self.debtor, 100)
        factor = self.make_debtor("Factor")
        accounts = self.env["account.account"].with_company(self.company)
        sold = accounts.create({"name": "Factor", "code": "467000", "account_type": "asset_current"})
        item = self.item(move)
        entry = self.moved(move, 100, sold, factor)
        self.assertEqual(self.reason(move, 5), "offset_by_credit")
        (item + self.item(entry)).reconcile()
        self.assertFalse(self.run_on(60).notice_ids)

    def test_owed_to_the_debtor_as_a_supplier_is_not_netted(self):
        move, payable = self.invoice(self.debtor, 100), self.billed(80)
        self.assertEqual(self.run_on(5).notice_ids.amount_total, 100, "nobody agreed to it")
        entry = self.moved(move, 80, payable, self.debtor)
        (self.item(move) + self.item(entry)).reconcile()
        self.assertEqual(self.item(move).amount_residual, 20, "agreed: the rest is owed")

    def test_a_foreign_claim_paid_in_the_company_s_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", dollar.id)]).unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": dollar.id, "company_id": self.company.id, "name": name, "rate": rate}
                for name, rate in ((day(-60), 1.0), (day(2), 1.25))
            ]
        )
        accounts = self.env["account.account"].with_company(self.company)
        gain, loss = accounts.create(
            [
                {"name": "Gain", "code": "766000", "account_type": "income_other"},
                {"name": "Loss", "code": "666000", "account_type": "expense"},
            ]
        )
        self.company.write(
            {
                "currency_exchange_journal_id": self.general.id,
                "income_currency_exchange_account_id": gain.id,
                "expense_currency_exchange_account_id": loss.id,
            }
        )
        move = self.invoice(self.debtor, 1000, currency=dollar)
        self.assertEqual(self.item(move).amount_residual, 1000, "at the rate of its day")
        money = self.credit(self.debtor, 400, on=3)
        (self.item(move) + money).reconcile()
        self.assertEqual(self.item(move).amount_residual_currency, 500, "400 are 500 dollars on their day")
        run = self.run_on(5)
        self.assertEqual(run.notice_ids.line_ids.mapped("amount_residual"), [500])
        (self.item(move) + self.credit(self.debtor, 400, on=4)).reconcile()
        self.assertFalse(self.item(move).amount_residual_currency)
        later = day(90) - day(0)
        self.assertFalse(self.run_on(later // timedelta(days=1)).notice_ids)
