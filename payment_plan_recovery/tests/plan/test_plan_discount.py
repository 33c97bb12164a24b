"""The discount earned by paying on time: accrued, given with the items' own taxes, lost on breach."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanDiscount(PlanCommon):
    def tax(self, percent):
        return self.env["account.tax"].create(
            {
                "name": f"VAT {percent}",
                "amount": percent,
                "type_tax_use": "sale",
                "company_id": self.company.id,
                "country_id": self.company.account_fiscal_country_id.id,
            }
        )

    def discount(self, *moves, **terms):
        return self.active_plan(*moves, **{"end_of_month": True, "discount_percent": 2, **terms})

    def test_given_with_the_last_instalment(self):
        """300 at 2 %: 100, 100, then 94 pay it all; 6 come as a credit note."""
        move = self.invoice(300)
        plan = self.discount(move)
        self.assertEqual((plan.discount_possible, plan.amount_net, plan.discount_earned), (6, 294, 0))
        self.pay(move, 100, "2026-01-31")
        self.pay(move, 100, "2026-03-03")  # within the tolerance of three days
        self.assertEqual(plan.discount_earned, 4)
        self.pay(move, 93.99, "2026-03-31")
        plan.monitor(date(2026, 3, 31))
        self.assertEqual((plan.state, plan.discount_earned), ("active", 4))
        self.pay(move, 0.01, "2026-03-31")
        self.assertEqual(plan.discount_earned, 6)
        plan.monitor(date(2026, 3, 31))
        self.assertEqual((plan.state, plan.amount_paid, plan.amount_residual), ("completed", 300, 0))
        self.assertEqual((plan.discount_move_id.amount_total, plan.discount_move_id.state), (6, "posted"))
        self.assertEqual(plan.discount_move_id.payment_state, "paid")
        self.assertEqual(plan.discount_earned, 6)
        self.assertTrue(self.item(move).reconciled)

    def test_the_credit_note_is_in_the_debtor_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.debtor.lang = "fr_FR"
        move = self.invoice(300)
        plan = self.discount(move)
        self.pay(move, 294, "2026-01-31")
        plan.monitor(date(2026, 1, 31))
        credit_note = plan.discount_move_id
        self.assertEqual(credit_note.ref, f"Remise pour paiement ponctuel, {plan.name}")
        self.assertEqual(
            credit_note.invoice_line_ids.mapped("name"), [f"Remise pour paiement ponctuel, {move.name}"]
        )
        # Said once on the plan: as a discount, not as a credit note like any other.
        self.env.cr.flush()
        self.assertFalse(plan.message_ids.filtered(lambda message: "credited by" in message.body))

    def test_a_late_instalment_earns_nothing(self):
        move = self.invoice(300)
        plan = self.discount(move)
        self.pay(move, 100, "2026-02-04")  # a day after the tolerance
        self.pay(move, 194, "2026-02-20")
        plan.monitor(date(2026, 3, 31))
        self.assertEqual((plan.state, plan.discount_earned), ("active", 2))
        self.pay(move, 2, "2026-03-31")
        plan.monitor(date(2026, 3, 31))
        self.assertEqual((plan.state, plan.discount_move_id.amount_total), ("completed", 4))

    def credited(self, move, amount):
        """A credit note of ``amount``, matched with the invoice."""
        note = self.invoice(amount, move_type="out_refund")
        (self.item(move) + self.item(note)).reconcile()

    def test_what_was_credited_was_not_paid_on_time(self):
        """An instalment, or a part of one: the rest that was paid on time earns its discount."""
        for credited, paid, earned in ((100, 196, 4), (50, 245, 5), (300, 0, 0)):
            with self.subTest(credited):
                move = self.invoice(300)
                plan = self.discount(move)
                self.credited(move, credited)
                if paid:
                    self.pay(move, paid, "2026-01-31")
                plan.monitor(date(2026, 1, 31))
                self.assertEqual(plan.state, "completed")
                self.assertEqual(sum(plan.discount_move_ids.mapped("amount_total")), earned)

    def test_what_was_written_off_was_not_paid_on_time(self):
        move = self.invoice(300)
        plan = self.discount(move)
        self.pay(move, 100, "2026-01-31")
        self.receive(self.item(move), 200, "2026-02-10", self.company_data["default_journal_misc"])
        plan.monitor(date(2026, 2, 10))
        self.assertEqual((plan.state, plan.discount_move_id.amount_total), ("completed", 2))

    def test_paid_in_full_leaves_a_credit(self):
        move = self.invoice(300)
        plan = self.discount(move, discount_percent=0, discount_amount=5)
        self.pay(move, 300, "2026-01-31")
        plan.monitor(date(2026, 2, 1))
        self.assertEqual((plan.state, plan.discount_move_id.amount_residual), ("completed", 15))

    def test_own_taxes_in_proportion(self):
        """240 with 20 % and 110 with 10 %: a discount of 35 is 24 and 11, taxes included."""
        twenty, ten = self.tax(20), self.tax(10)
        first, second = self.invoice(200, taxes=twenty), self.invoice(100, taxes=ten)
        plan = self.discount(first, second, discount_percent=10, instalment_count=1)
        self.pay(first, 240)
        self.pay(second, 75)
        plan.monitor(date(2026, 1, 31))
        credit_note = plan.discount_move_id
        self.assertEqual((plan.state, credit_note.amount_total), ("completed", 35))
        self.assertEqual(
            {line.tax_ids: line.price_subtotal for line in credit_note.invoice_line_ids},
            {twenty: 20, ten: 10},
        )
        self.assertEqual(
            {line.tax_line_id: line.amount_currency for line in credit_note.line_ids if line.tax_line_id},
            {twenty: 4, ten: 1},
        )
        self.assertEqual(
            credit_note.invoice_line_ids.account_id, (first + second).invoice_line_ids.account_id
        )
        self.assertTrue(all(self.item(first, second).mapped("reconciled")))

    def test_vat_that_is_due_on_payment_is_due_for_what_was_paid(self):
        """Of 240 in three instalments less 2 %, each declares its share; the discount declares none."""
        waiting, declared = self.env["account.account"].create(
            [
                {"name": name, "code": code, "account_type": "liability_current", "reconcile": True}
                for name, code in (("VAT waiting", "44574X"), ("VAT", "44571X"))
            ]
        )
        general = self.company_data["default_journal_misc"]
        self.company.write({"tax_exigibility": True, "tax_cash_basis_journal_id": general.id})
        tax = self.tax(20)
        tax.write({"tax_exigibility": "on_payment", "cash_basis_transition_account_id": waiting.id})
        repartition = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
        repartition.filtered(lambda line: line.repartition_type == "tax").account_id = declared

        def vat():
            lines = self.env["account.move.line"].search(
                [("account_id", "in", (waiting + declared).ids), ("parent_state", "=", "posted")]
            )
            by_account = lines.grouped("account_id")
            return [
                self.currency.round(sum(by_account.get(account, lines.browse()).mapped("balance")))
                for account in (waiting, declared)
            ]

        move = self.invoice(200, taxes=tax)
        plan = self.discount(move)
        self.assertEqual(vat(), [-40, 0])
        self.pay(move, 80, "2026-01-31")
        self.assertEqual((vat(), plan.amount_paid), ([-26.67, -13.33], 80))
        self.pay(move, 80, "2026-02-28")
        self.pay(move, 75.2, "2026-03-31")
        plan.monitor(date(2026, 3, 31))
        self.assertEqual(
            (plan.state, plan.amount_paid, plan.discount_move_id.amount_total), ("completed", 240, 4.8)
        )
        self.assertEqual(vat(), [0, -39.2])
        receivable = self.env["recovery.plan.allocation"].search([("plan_id", "=", plan.id)])
        self.assertEqual(sum(receivable.mapped("amount")), 240)

    def test_odd_cents(self):
        """Whatever the taxes, the credit note makes the discount to the cent."""
        taxes = self.tax(5.5)
        for amount in (33.33, 0.97, 123.45, 1999.99):
            move = self.invoice(amount, taxes=taxes)
            plan = self.discount(move, discount_percent=7.77, instalment_count=1)
            self.pay(move, plan.amount_net)
            plan.monitor(date(2026, 1, 31))
            self.assertEqual(plan.state, "completed")
            self.assertAlmostEqual(plan.discount_move_id.amount_total, plan.discount_possible, 2)

    def test_several_taxes_on_an_invoice(self):
        twenty, ten = self.tax(20), self.tax(10)
        move = self.invoice(
            0,
            invoice_line_ids=[
                Command.create({"name": "A", "price_unit": 99.99, "tax_ids": [Command.set(twenty.ids)]}),
                Command.create(
                    {"name": "B", "price_unit": 33.33, "tax_ids": [Command.set((twenty + ten).ids)]}
                ),
                Command.create({"name": "C", "price_unit": 11.11, "tax_ids": []}),
            ],
        )
        plan = self.discount(move, discount_percent=3, instalment_count=1)
        self.pay(move, plan.amount_net)
        plan.monitor(date(2026, 1, 31))
        self.assertEqual(plan.state, "completed")
        self.assertEqual(plan.discount_move_id.amount_total, plan.discount_possible)

    def test_its_own_account(self):
        account = self.company_data["default_account_expense"]
        self.company.recovery_discount_account_id = account
        move = self.invoice(300)
        plan = self.discount(move)
        self.pay(move, 294)
        plan.monitor(date(2026, 2, 1))
        self.assertEqual(plan.discount_move_id.invoice_line_ids.account_id, account)

    def test_what_bounced_and_is_paid_late_earns_nothing(self):
        move = self.invoice(300)
        plan = self.discount(move)
        self.pay(move, 200, "2026-01-31")
        payment = self.pay(move, 94, "2026-03-31")
        plan.monitor(date(2026, 3, 31))
        self.assertEqual((plan.state, plan.discount_move_id.amount_total), ("completed", 6))
        payment.line_ids.remove_move_reconcile()
        payment.button_cancel()
        plan.monitor(date(2026, 4, 10))
        self.assertEqual((plan.amount_residual, plan.discount_earned), (100, 4))
        self.pay(move, 94, "2026-04-20")
        plan.monitor(date(2026, 4, 20))
        self.assertEqual((plan.amount_residual, plan.discount_move_id.id), (6, False))
        self.pay(move, 2, "2026-04-20")
        plan.monitor(date(2026, 4, 20))
        self.assertEqual((plan.state, plan.discount_move_id.amount_total), ("completed", 4))

    def test_lost_on_breach(self):
        move = self.invoice(300)
        plan = self.discount(move)
        self.pay(move, 100, "2026-01-31")
        plan.action_break()
        self.assertFalse(plan.discount_move_id)
        self.assertEqual(self.item(move).amount_residual, 200)

    def test_taken_back_when_money_bounced_and_the_plan_broke(self):
        move = self.invoice(300)
        plan = self.discount(move)
        payment = self.pay(move, 294, "2026-01-31")
        plan.monitor(date(2026, 2, 1))
        credit_note = plan.discount_move_id
        payment.line_ids.remove_move_reconcile()
        plan.monitor(date(2026, 2, 2))
        self.assertEqual((plan.state, plan.amount_residual), ("active", 300))
        plan.action_break()
        self.assertEqual(self.item(move).amount_residual, 300)
        self.assertEqual(credit_note.reversal_move_ids.state, "posted")
        self.assertEqual(credit_note.amount_residual, 0)

    def test_locked_period(self):
        """A credit note dated in a locked period is posted on the first open day."""
        move = self.invoice(300)
        plan = self.discount(move)
        self.pay(move, 294, "2026-01-31")
        self.company.sudo().fiscalyear_lock_date = "2026-02-28"
        plan.monitor(date(2026, 2, 1))
        self.assertEqual(plan.state, "completed")
        self.assertGreater(plan.discount_move_id.date, date(2026, 2, 28))

    def test_what_stands_in_the_way_is_told(self):
        entry = self.receive_debt(300)
        plan = self.discount(entry)
        self.receive(self.item(entry), 294)
        plan.monitor(date(2026, 2, 1))
        self.assertEqual(plan.state, "active")
        self.assertIn("set the account of plan discounts", plan.message_ids[0].body)
        self.assertEqual(len(plan.activity_ids), 1)
        plan.monitor(date(2026, 2, 2))
        self.assertEqual(len(plan.activity_ids), 1)
        self.company.recovery_discount_account_id = self.company_data["default_account_expense"]
        plan.monitor(date(2026, 2, 3))
        self.assertEqual(plan.state, "completed")

    def receive_debt(self, amount):
        """Book a receivable without an invoice, as an opening balance does."""
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2025-10-01",
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "name": "Opening",
                            "account_id": self.company_data["default_account_receivable"].id,
                            "partner_id": self.debtor.id,
                            "date_maturity": "2025-10-31",
                            "debit": amount,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Opening",
                            "account_id": self.company_data["default_account_revenue"].id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        return entry
