"""Charges accrued, booked, waived and reopened: never lost, never claimed twice."""

import io
from datetime import date

import openpyxl
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .charge_common import ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeBooking(ChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.invoice(1200, "2025-03-31")

    def test_booked_on_an_invoice_of_its_own(self):
        invoice = self.book(self.late, "2025-09-15")
        self.assertRecordValues(
            invoice,
            [
                {
                    "state": "posted",
                    "amount_total": 110.10,
                    "amount_tax": 0.0,
                    "partner_id": self.late.partner_id.id,
                }
            ],
        )
        interest, fee = invoice.invoice_line_ids.sorted("price_subtotal", reverse=True)
        self.assertEqual((interest.price_subtotal, fee.price_subtotal), (70.10, 40.0))
        self.assertIn("91 days at 13.15 %", interest.name)
        self.assertIn("77 days at 12.15 %", interest.name)
        self.assertEqual(interest.recovery_charge_id.move_line_id, self.item(self.late))
        self.assertEqual(set(self.late.recovery_charge_ids.mapped("state")), {"booked"})

    def test_booked_in_a_closed_year_it_is_of_an_open_day(self):
        for lock in ("fiscalyear_lock_date", "hard_lock_date"):
            move = self.invoice(1200, "2025-03-31")
            self.company.sudo()[lock] = "2025-12-31"
            booked = self.book(move, "2025-09-15")
            self.assertEqual(booked.state, "posted", lock)
            self.assertGreater(str(booked.date), "2025-12-31", lock)
            self.assertEqual(str(booked.invoice_date), "2025-09-15", lock)
            self.company.sudo().fiscalyear_lock_date = False

    def test_later_bookings_claim_what_accrued_since(self):
        self.book(self.late, "2025-06-30")
        second = self.book(self.late, "2025-09-15")
        self.assertEqual(second.amount_total, 30.76)  # 70.10 - 39.34
        with self.assertRaises(UserError):
            self.late.action_book_charges("2025-09-15")

    def test_a_source_paid_in_full_keeps_its_charges(self):
        self.pay(self.late, 1200, "2025-09-15")
        self.charges._renew(self.company, date(2026, 1, 31))
        waiting = self.late.recovery_charge_ids
        self.assertEqual(sorted(waiting.mapped("amount")), [40.0, 70.10])
        self.assertEqual(set(waiting.mapped("state")), {"accrued"})
        self.assertEqual(self.book(self.late, "2026-01-31").amount_total, 110.10)

    def test_renewed_as_days_go_by_and_gone_when_credited(self):
        self.charges._renew(self.company, date(2025, 6, 30))
        interest = self.late.recovery_charge_ids.filtered(lambda charge: charge.kind == "interest")
        self.assertEqual(interest.amount, 39.34)
        self.charges._renew(self.company, date(2025, 9, 15))
        self.assertEqual((interest.amount, len(self.late.recovery_charge_ids)), (70.10, 2))
        self.late._reverse_moves([{"invoice_date": "2025-09-15"}], cancel=True)
        self.charges._renew(self.company, date(2025, 9, 16))
        self.assertFalse(self.late.recovery_charge_ids.exists())

    def test_reversing_the_invoice_reopens_the_charges(self):
        invoice = self.book(self.late, "2025-09-15")
        self.assertEqual(self.open_amounts(self.late, "2025-09-15"), (0, 0))
        invoice._reverse_moves([{"invoice_date": "2025-09-16"}], cancel=True)
        self.assertEqual(set(self.late.recovery_charge_ids.mapped("state")), {"reversed"})
        self.assertEqual(self.open_amounts(self.late, "2025-09-15"), self.euros("70.10", "40"))
        self.assertEqual(self.book(self.late, "2025-09-15").amount_total, 110.10)

    def test_a_partial_credit_note_reopens_its_part(self):
        invoice = self.book(self.late, "2025-09-15")
        refund = invoice._reverse_moves([{"invoice_date": "2025-09-16"}])
        fee = refund.invoice_line_ids.filtered(lambda line: line.price_subtotal == 40)
        fee.price_unit = 15
        (refund.invoice_line_ids - fee).unlink()
        refund.action_post()
        self.assertEqual(self.open_amounts(self.late, "2025-09-15"), self.euros("0", "15"))

    def test_a_copy_of_the_invoice_claims_no_charge(self):
        copy = self.book(self.late, "2025-09-15").copy()
        self.assertFalse(copy.invoice_line_ids.recovery_charge_id)
        self.assertEqual(self.open_amounts(self.late, "2025-09-15"), (0, 0))

    def test_charges_bear_no_charges_and_are_claims(self):
        invoice = self.book(self.late, "2025-09-15")
        self.assertEqual(self.charge(invoice, "2026-09-15"), ("0", "0.00"))
        claim = self.env["recovery.claim"].search([("move_id", "=", invoice.id)])
        self.assertEqual(claim.amount_residual, 110.10)
        self.pay(invoice, 110.10, "2025-10-01")
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_charges_are_dunned_like_any_invoice(self):
        invoice = self.book(self.late, "2025-09-15")
        run = self.env["recovery.dunning.run"].create({"date": "2025-10-31", "company_id": self.company.id})
        run.action_propose()
        run.action_confirm()
        told = self.env["recovery.notice.line"].search([("move_line_id", "=", self.item(invoice).id)])
        self.assertEqual((len(told), told.amount_residual), (1, 110.10))

    def test_booked_too_much_is_shown_and_credited(self):
        invoice = self.book(self.late, "2025-09-15")
        interest = self.late.recovery_charge_ids.filtered(lambda charge: charge.kind == "interest")
        # the bank's late message: the invoice was paid on 30 June
        self.pay(self.late, 1200, "2025-06-30")
        self.charges._renew(self.company, date(2025, 9, 16))
        self.assertEqual(interest.excess, 30.76)
        [found] = self.item(self.late)._recovery_charges(date(2025, 9, 16)).values()
        self.assertEqual(float(found.excess), 30.76)
        action = interest.action_credit_excess()
        note = self.env["account.move"].browse(action["res_id"])
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 30.76))
        self.assertEqual(note.reversed_entry_id, invoice)
        note.action_post()
        self.charges._renew(self.company, date(2025, 9, 17))
        self.assertEqual((interest.excess, interest.amount_booked, interest.state), (0, 39.34, "booked"))
        with self.assertRaises(UserError):
            interest.action_credit_excess()

    def test_booked_on_a_receipt_with_the_products_and_journal_of_the_settings(self):
        product = self.env["product.product"].create({"name": "Our interest", "type": "service"})
        journal = self.company_data["default_journal_sale"].copy({"name": "Charges", "code": "CHG"})
        self.company.write(
            {
                "recovery_charge_document": "out_receipt",
                "recovery_interest_product_id": product.id,
                "recovery_charge_journal_id": journal.id,
            }
        )
        receipt = self.book(self.late, "2025-09-15")
        self.assertEqual((receipt.move_type, receipt.journal_id), ("out_receipt", journal))
        self.assertIn(product, receipt.invoice_line_ids.product_id)
        receipt._reverse_moves([{"invoice_date": "2025-09-16"}], cancel=True)
        self.assertEqual(self.open_amounts(self.late, "2025-09-15"), self.euros("70.10", "40"))

    def test_income_on_the_accounts_of_the_country_s_chart_where_the_product_names_none(self):
        country = self.company.account_fiscal_country_id
        country.write({"recovery_interest_account": "7631", "recovery_fee_account": "758"})
        make = self.env["account.account"].create
        interest, fee, _later = (
            make({"code": code, "name": code, "account_type": kind, "company_ids": self.company.ids})
            for code, kind in (("763100", "income_other"), ("758000", "income"), ("758100", "income"))
        )
        invoice = self.book(self.late, "2025-09-15")
        told = {line.recovery_charge_id.kind: line.account_id for line in invoice.invoice_line_ids}
        self.assertEqual(told, {"interest": interest, "fixed_sum": fee})
        invoice._reverse_moves([{"invoice_date": "2025-09-16"}], cancel=True)
        product = self.env.ref("payment_plan_recovery.product_late_interest").with_company(self.company)
        product.property_account_income_id = fee
        country.recovery_fee_account = "999"
        invoice = self.book(self.late, "2025-09-20")
        told = {line.recovery_charge_id.kind: line.account_id for line in invoice.invoice_line_ids}
        self.assertEqual(told, {"interest": fee, "fixed_sum": self.company_data["default_account_revenue"]})

    def test_accounts_are_looked_up_once_for_all_that_is_booked(self):
        late = self.late | self.invoice(300, "2025-03-31") | self.invoice(400, "2025-04-30")
        asked, look_up = [], type(self.company)._recovery_charge_values
        self.patch(
            type(self.company),
            "_recovery_charge_values",
            lambda company, kind: asked.append(kind) or look_up(company, kind),
        )
        invoice = self.book(late, "2025-09-15")
        self.assertEqual(len(invoice.invoice_line_ids), 6)
        self.assertEqual(sorted(asked), ["fixed_sum", "interest"])

    def test_vat_only_where_the_rule_says_so(self):
        tax = self.company_data["default_tax_sale"]
        product = self.env["product.product"].create({"name": "Our interest", "taxes_id": tax.ids})
        self.company.recovery_interest_product_id = product
        self.assertFalse(self.book(self.late, "2025-09-15").invoice_line_ids.tax_ids)
        self.env.ref("payment_plan_recovery.rule_fr_b2b").taxed = True
        taxed = self.invoice(1200, "2025-03-31")
        interest = self.book(taxed, "2025-09-15").invoice_line_ids.filtered(
            lambda line: line.product_id == product
        )
        self.assertEqual(interest.price_subtotal, 70.10)
        self.assertTrue(interest.tax_ids, "the product's taxes, as the debtor's fiscal position maps them")

    def test_accrued_charges_go_when_the_due_date_moves(self):
        self.charges._renew(self.company, date(2025, 6, 30))
        self.assertEqual(len(self.late.recovery_charge_ids), 2)
        self.item(self.late).date_maturity = "2025-07-31"
        self.charges._renew(self.company, date(2025, 7, 1))
        self.assertFalse(self.late.recovery_charge_ids)

    def test_booking_at_an_earlier_day_takes_nothing_for_too_much(self):
        self.book(self.late, "2025-09-15")
        with self.assertRaises(UserError):
            self.late.action_book_charges("2025-06-30")
        self.charges._renew(self.company, date(2025, 6, 30))
        self.assertEqual(set(self.late.recovery_charge_ids.mapped("excess")), {0})

    def test_one_invoice_for_each_debtor(self):
        other = self.invoice(1000, "2025-03-31", self.late.partner_id)
        foreign = self.invoice(1000, "2025-03-31", self.debtor("be"))
        invoices = self.book(self.late | other | foreign, "2025-09-15")
        self.assertEqual(len(invoices), 2)
        self.assertEqual(sorted(len(invoice.invoice_line_ids) for invoice in invoices), [2, 4])

    def test_waived_whole_with_its_reason(self):
        self.accrue(self.late, "2025-09-15").action_waive("Good customer")
        self.assertEqual(set(self.late.recovery_charge_ids.mapped("state")), {"waived"})
        self.assertEqual(self.open_amounts(self.late, "2025-09-15"), (0, 0))
        self.assertIn("Good customer", self.late.message_ids[0].body)
        # what accrues since is not waived: 10 more days at 12.15 % on 1,200
        self.assertEqual(self.open_amounts(self.late, "2025-09-25"), self.euros("3.99", "0"))

    def test_waived_in_part(self):
        interest = self.accrue(self.late, "2025-09-15").filtered(lambda charge: charge.kind == "interest")
        interest.action_waive("Half", 35.05)
        self.assertEqual(self.open_amounts(self.late, "2025-09-15"), self.euros("35.05", "40"))
        for amount in (0, -1, 35.06):
            with self.assertRaises(UserError):
                interest.action_waive("Too much", amount)

    def test_waiver_taken_back_until_booked(self):
        charges = self.accrue(self.late, "2025-09-15")
        charges.action_waive("Mistake")
        charges.action_restore()
        self.assertEqual(set(charges.mapped("state")), {"reversed"})
        self.assertEqual(self.open_amounts(self.late, "2025-09-15"), self.euros("70.10", "40"))

    def test_waiver_stays_once_the_rest_was_booked(self):
        interest = self.accrue(self.late, "2025-09-15").filtered(lambda charge: charge.kind == "interest")
        waiver = interest.action_waive("Half", 35.05)
        waiver.sudo().waived_on = "2025-09-15 08:00:00"
        self.book(self.late, "2025-09-15")
        with self.assertRaises(UserError):
            waiver.action_restore()

    def test_waiver_taken_back_though_the_charges_before_it_were_booked_the_same_day(self):
        today = fields.Date.today()
        self.book(self.late, str(today))
        charges = self.accrue(self.late, str(fields.Date.add(today, days=10)))
        charges = charges.filtered(lambda charge: charge.state == "accrued")
        self.assertTrue(charges)
        charges.action_waive("Mistake")
        self.assertEqual(self.late.recovery_charge_ids.filtered("booked_on").mapped("booked_on")[0], today)
        charges.action_restore()
        self.assertEqual(set(charges.mapped("state")), {"reversed"})

    def test_nobody_gives_charges_up_by_a_mark_or_a_line(self):
        """Who makes invoices may write both, and may not waive."""
        clerk = new_test_user(
            self.env, "clerk", groups="account.group_account_invoice", company_id=self.company.id
        )
        charges = self.accrue(self.late, "2025-09-15")
        self.late.with_user(clerk).is_recovery_charge = True
        copied = self.late.with_user(clerk).copy()
        copied.invoice_line_ids.recovery_charge_id = charges.filtered(lambda one: one.kind == "interest")
        self.env.flush_all()
        self.assertEqual(self.accrue(self.late, "2025-09-15"), charges)
        self.assertEqual(charges.mapped("state"), ["accrued", "accrued"])
        invoice = self.book(self.late, "2025-09-15")
        self.assertEqual(invoice.amount_total, 110.10)
        self.assert_booked_by_nothing_else(clerk, charges, invoice)

    def assert_booked_by_nothing_else(self, clerk, charges, invoice):
        """Neither a line of another invoice nor one that is taken off changes what was booked."""
        for move_type in ("out_refund", "out_invoice"):
            other = self.invoice(70, "2025-09-15", move_type=move_type)
            other.with_user(clerk).button_draft()
            other.invoice_line_ids.with_user(clerk).recovery_charge_id = charges[0]
            other.with_user(clerk).action_post()
        if invoice.state == "draft":
            invoice.action_post()
        for value in (False, charges[0].id):
            with self.assertRaises(UserError):
                invoice.invoice_line_ids.with_user(clerk).write({"recovery_charge_id": value})
        self.env.flush_all()
        self.assertEqual(sum(charges.mapped("amount_booked")), 110.10)
        self.assertEqual(self.accrue(self.late, "2025-09-15"), self.env["recovery.charge"])

    def test_an_item_keeps_what_was_booked_or_given_up_for_it(self):
        """Its invoice reset to draft and deleted would take them along, and what was billed would be for nothing."""
        for settle in (
            lambda move: self.book(move, "2025-09-15"),
            lambda move: self.accrue(move, "2025-09-15").action_waive("Good customer"),
        ):
            move = self.invoice(1200, "2025-03-31")
            settle(move)
            settled = move.recovery_charge_ids
            move.button_draft()
            with self.assertRaisesRegex(UserError, "stays on file"), self.env.cr.savepoint():
                move.with_context(force_delete=True).unlink()
            self.assertTrue(settled.exists())
            move.button_cancel()
        waiting = self.invoice(1200, "2025-03-31")
        accrued = self.accrue(waiting, "2025-09-15")
        waiting.button_draft()
        waiting.with_context(force_delete=True).unlink()
        self.assertFalse(accrued.exists())

    def test_booked_charges_cannot_be_waived_nor_deleted(self):
        self.book(self.late, "2025-09-15")
        with self.assertRaises(UserError):
            self.late.recovery_charge_ids.action_waive("Too late")
        with self.assertRaises(UserError):
            self.late.recovery_charge_ids.sudo().unlink()

    def test_waiving_takes_the_right_and_a_reason(self):
        charges = self.accrue(self.late, "2025-09-15")
        collector = new_test_user(
            self.env,
            "collector",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            charges.with_user(collector).action_waive("Friend")
        with self.assertRaises(AccessError):
            self.late.with_user(collector).action_book_charges("2025-09-15")
        with self.assertRaises(UserError):
            charges.action_waive(" ")

    def test_workbook_with_the_working(self):
        charges = self.accrue(self.late, "2025-09-15")
        file = io.BytesIO()
        self.env["recovery.charge.xlsx"]._write(charges, file)
        book = openpyxl.load_workbook(file)
        rows = list(book["Working"].iter_rows(min_row=2, max_row=3, values_only=True))
        self.assertEqual([(row[3], row[4], row[5]) for row in rows], [(91, 13.15, 1200), (77, 12.15, 1200)])
        self.assertEqual(round(sum(row[6] for row in rows), 2), 70.10, "numbers, which a sheet goes on with")
        amounts = [row[7] for row in book["Late charges"].iter_rows(min_row=2, max_row=3, values_only=True)]
        self.assertEqual(sorted(amounts), [40, 70.10])
        self.assertEqual(book["Late charges"].cell(4, 8).value, "=SUBTOTAL(109,H2:H3)")

    def test_part_payment_of_the_charge_invoice_counts_for_interest(self):
        # 600 on 30 June settle 39.34 of interest first: 639.34 go on bearing it, the 40 stand apart. Once the
        # charges are paid apart, the debt is what the books say.
        self.pay(self.late, 600, "2025-06-30")
        self.assertEqual(self.charge(self.late, "2025-07-10")[0], "41.47")  # + 10 x 12.15 x 639.34 / 36,500
        invoice = self.book(self.late, "2025-06-30")
        self.pay(invoice, 79.34, "2025-06-30")
        self.assertEqual(self.charge(self.late, "2025-07-10")[0], "41.34")  # + 10 x 12.15 x 600 / 36,500
