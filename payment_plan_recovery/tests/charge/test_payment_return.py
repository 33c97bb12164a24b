"""A direct debit of 5 September for an invoice due on 31 August comes back on the 12th."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .charge_common import ChargeCommon


@tagged("post_install", "-at_install")
class TestPaymentReturn(ChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.invoice(1000, "2026-08-31")
        cls.debit = cls.money(cls.late.partner_id, 1000, "2026-09-05")
        (cls.debit | cls.item(cls.late)).reconcile()
        cls.back = cls.money(cls.late.partner_id, -1000, "2026-09-12")

    def dialog(self, **values):
        context = {"active_model": "account.move", "active_ids": self.back.move_id.ids}
        return self.env["recovery.payment.return"].with_context(**context).create(values)

    def test_the_invoice_is_late_since_its_due_date_under_its_own_name(self):
        self.assertEqual(self.charge(self.late, "2026-09-30"), ("1.70", "40.00"), "paid on the 5th")
        dialog = self.dialog()
        self.assertEqual((dialog.item_id, dialog.payment_item_id), (self.back, self.debit))
        self.assertEqual(dialog.late_item_ids, self.item(self.late))
        dialog.action_confirm()
        self.assertEqual(self.late.amount_residual, 1000)
        self.assertTrue(self.debit.reconciled and self.back.reconciled)
        self.assertEqual(self.charge(self.late, "2026-09-30"), ("10.19", "40.00"), "30 days at 12.40 %")
        claim = self.env["recovery.claim"].search([("partner_id", "=", self.late.partner_id.id)])
        self.assertEqual((claim.move_id, str(claim.date_due)), (self.late, "2026-08-31"))

    def test_an_entry_by_which_nothing_was_taken_back(self):
        """An invoice has the button too, and so has what is matched already: nothing is asked there."""
        dialog = self.env["recovery.payment.return"]
        self.dialog().action_confirm()
        for move in (self.late, self.back.move_id):
            opened = dialog.with_context(active_model="account.move", active_ids=move.ids)
            with self.assertRaisesRegex(UserError, "took nothing back"):
                opened.default_get(["item_id"])

    def test_unmatched_altogether_it_is_late_all_the_same(self):
        # nobody matched the debit with the invoice, nor what came back with the debit
        self.debit.remove_move_reconcile()
        self.assertEqual(self.charge(self.late, "2026-09-11")[0], "1.70")
        self.assertEqual(self.charge(self.late, "2026-09-30")[0], "10.19")

    def test_the_bank_s_fee_is_claimed_with_it(self):
        self.dialog(fee=15).action_confirm()
        fee = self.late.recovery_charge_ids.filtered(lambda charge: charge.kind == "bank_fee")
        self.assertEqual((fee.amount, fee.state, str(fee.date_until)), (15, "accrued", "2026-09-12"))
        self.charges._renew(self.company, fee.date_until)
        self.assertTrue(fee.exists(), "the nightly renewal leaves it")
        invoice = self.book(self.late, "2026-09-30")
        self.assertEqual(invoice.amount_total, 65.19)
        self.charges._renew(self.company, fee.date_until)
        self.assertEqual((fee.state, fee.excess), ("booked", 0))
        self.assertEqual(self.charge(self.late, "2026-09-30"), ("10.19", "40.00"))
        self.pay(invoice, 65.19, "2026-10-10")
        self.assertEqual(
            self.charge(self.late, "2026-12-31")[0], "41.45", "it settles no interest of the invoice's"
        )

    def test_a_second_one_adds_up_until_booked(self):
        self.dialog(fee=15).action_confirm()
        self.charges._add_bank_fee(self.item(self.late), 15, self.back.date)
        fee = self.late.recovery_charge_ids.filtered(lambda charge: charge.kind == "bank_fee")
        self.assertEqual(fee.amount, 30)

    def test_a_fee_that_was_waived_is_to_book_again_once_that_is_taken_back(self):
        self.dialog(fee=15).action_confirm()
        fee = self.late.recovery_charge_ids.filtered(lambda charge: charge.kind == "bank_fee")
        part = fee.action_waive("Half of it is our bank's fault", 5)
        self.assertEqual((part.state, fee.amount), ("waived", 10))
        part.action_restore()
        fees = self.late.recovery_charge_ids.filtered(lambda charge: charge.kind == "bank_fee")
        waiting = fees.filtered(lambda charge: charge.state == "accrued")
        self.assertEqual((part.state, waiting.mapped("amount")), ("reversed", [15]))
        waiting.action_waive("All of it")
        waiting.action_restore()
        fees = self.late.recovery_charge_ids.filtered(lambda charge: charge.kind == "bank_fee")
        self.assertEqual(fees.filtered(lambda charge: charge.state == "accrued").mapped("amount"), [15])

    def test_a_fee_is_claimed_in_the_currency_of_what_is_late(self):
        """An invoice in dollars was paid in euros: so is the bank's fee, at two dollars a euro."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"name": "2026-01-01", "currency_id": dollar.id, "company_id": self.company.id, "rate": 2.0}
        )
        late = self.invoice(2000, "2026-08-31", currency_id=dollar.id)
        debit = self.money(late.partner_id, 1000, "2026-09-05")
        (debit | self.item(late)).reconcile()
        back = self.money(late.partner_id, -1000, "2026-09-12")
        context = {"active_model": "account.move", "active_ids": back.move_id.ids}
        self.env["recovery.payment.return"].with_context(**context).create({"fee": 15}).action_confirm()
        fee = late.recovery_charge_ids.filtered(lambda charge: charge.kind == "bank_fee")
        self.assertEqual((fee.currency_id, fee.amount), (dollar, 30))

    def test_no_payment_of_that_amount_nothing_is_opened(self):
        self.debit.remove_move_reconcile()
        self.debit.move_id.button_draft()
        with self.assertRaises(UserError):
            self.dialog(payment_item_id=self.item(self.late).id).action_confirm()

    # What is ticked, and no more -------------------------------------------------------------------

    def test_one_ticked_one_booked(self):
        late = self.invoice(1200, "2025-03-31")
        interest, fee = self.accrue(late, "2025-09-15").sorted("amount", reverse=True)
        self.assertEqual((interest.kind, fee.kind), ("interest", "fixed_sum"))
        book = self.env["recovery.charge.book"].with_context(
            active_model="recovery.charge", active_ids=fee.ids
        )
        dialog = book.create({"date": "2025-09-15"})
        self.assertEqual((dialog.charge_count, "40" in dialog.amounts), (1, True))
        dialog.action_book()
        self.assertEqual((fee.state, interest.state), ("booked", "accrued"))
        self.assertEqual(fee.invoice_id.amount_total, 40)
