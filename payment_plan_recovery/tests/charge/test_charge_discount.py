"""A discount for paying early: beside credit notes, by taxes and coins, and however the books settle it later."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from ..common.early_terms import less_2_percent
from .charge_common import ChargeCommon

END = "2026-12-31"


@tagged("post_install", "-at_install")
class TestChargeDiscount(ChargeCommon):
    """Invoices of 1 August, 2 % less within ten days, due on 31 August."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax, cls.exempt = (
            cls.env["account.tax"].create({"name": f"{rate} %", "amount": rate, "company_id": cls.company.id})
            for rate in (20, 0)
        )

    def terms(self, reckoned="included"):
        return less_2_percent(self.env, early_pay_discount_computation=reckoned)

    def billed(self, lines=((1000, None),), terms=None, **values):
        """Post an invoice of ``lines``, (amount without taxes, tax)."""
        rows = [
            Command.create(
                {"name": "Work", "price_unit": amount, "tax_ids": [Command.set(tax.ids if tax else [])]}
            )
            for amount, tax in lines
        ]
        terms = terms or self.terms()
        return self.invoice(
            0, "2026-08-01", invoice_payment_term_id=terms.id, **{"invoice_line_ids": rows, **values}
        )

    def credited(self, move, lines, day="2026-08-05", *, is_matched=True):
        """Credit ``lines`` of an invoice, matched with it (as Odoo does) or not."""
        note = self.billed(
            lines,
            partner_id=move.partner_id.id,
            move_type="out_refund",
            invoice_date=day,
            currency_id=move.currency_id.id,
            reversed_entry_id=move.id,
        )
        if not is_matched:
            self.item(note).remove_move_reconcile()
        return note

    def paid(self, move, amount, day="2026-08-11", *, is_matched=True):
        money = self.money(move.partner_id, amount, day)
        if is_matched:
            (money | self.item(move)).reconcile()

    def is_earned(self, move):
        """Whether the rest is the discount: for letters and for charges alike."""
        let_go = self.env["recovery.residue"]._let_go(
            self.company, date.fromisoformat(END), move.partner_id.ids
        )
        is_let_go = self.item(move).id in let_go
        self.assertEqual(self.charge(move, END)[1], "0.00" if is_let_go else "40.00")
        return is_let_go

    def assert_settled_by(self, asked, move, **how):
        """``asked`` settles the rest of an invoice early, a cent less does not."""
        with self.env.cr.savepoint() as savepoint:
            self.paid(move, asked - 0.01, **how)
            self.assertFalse(self.is_earned(move))
            savepoint.rollback()
            self.env.invalidate_all()
        self.paid(move, asked, **how)
        self.assertTrue(self.is_earned(move))

    # Reckoned on what credit notes left --------------------------------------------------------------

    def test_two_percent_of_the_800_that_a_credit_note_left(self):
        for is_matched in (True, False):
            for day in (
                "2026-08-05",
                "2026-09-20",
            ):  # goods of the invoice came back: never owed, whenever said
                with self.subTest(is_matched=is_matched, day=day):
                    move = self.billed()
                    self.credited(move, [(200, None)], day, is_matched=is_matched)
                    self.assert_settled_by(784, move, is_matched=is_matched)

    def test_of_several_credit_notes(self):
        move = self.billed()
        for amount, is_matched in ((150, True), (50, False)):
            self.credited(move, [(amount, None)], is_matched=is_matched)
        self.assert_settled_by(784, move)

    def test_a_credit_note_of_another_invoice_pays_as_money_does(self):
        move, other = self.billed(), self.billed()
        note = self.credited(other, [(200, None)], is_matched=False)
        (self.item(note) | self.item(move)).reconcile()
        self.assert_settled_by(780, move)

    def test_by_what_the_terms_reckon_it_on(self):
        """Of 1,000 taxed and 500 exempt, what was exempt is credited: 2 % of what is left, taxes included or not."""
        lines = [(1000, self.tax), (500, self.exempt)]
        for reckoned, asked in (("included", 1176), ("excluded", 1180), ("mixed", 1176)):
            with self.subTest(reckoned=reckoned):
                move = self.billed(lines, self.terms(reckoned))
                self.credited(move, lines[1:])
                self.assertEqual(move.amount_residual, 1200 if reckoned != "mixed" else 1196)
                self.assert_settled_by(asked, move)

    def test_one_transfer_for_several_invoices_one_of_them_credited_in_part(self):
        debtor = self.debtor()
        moves = [self.billed(partner_id=debtor.id) for _number in range(2)]
        self.credited(moves[0], [(200, None)])
        self.money(debtor, 784 + 980, "2026-08-11")
        self.assertEqual([self.is_earned(move) for move in moves], [True, True])

    def test_one_transfer_matched_with_several_invoices(self):
        """Odoo settles the first with all of it: what the discounts leave is left of the last."""
        for amount, day, is_earned in (
            (1960, "2026-08-11", True),
            (1959.99, "2026-08-11", False),
            (1960, "2026-08-12", False),
        ):
            debtor = self.debtor()
            moves = [self.billed(partner_id=debtor.id) for _number in range(2)]
            (self.money(debtor, amount, day) | self.item(moves[0]) | self.item(moves[1])).reconcile()
            self.assertEqual([move.amount_residual for move in moves], [0, round(2000 - amount, 2)])
            self.assertEqual(self.is_earned(moves[1]), is_earned)

    def test_in_coins(self):
        francs = self.env.ref("base.CHF")
        francs.write({"active": True, "rounding": 0.05})
        move = self.billed(currency_id=francs.id)
        self.credited(move, [(333.35, None)])  # of 666.65 the terms ask 653.30
        for amount, is_earned in ((653.25, False), (0.05, True)):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            ).create(
                {"amount": amount, "currency_id": francs.id, "payment_date": "2026-08-11"}
            )._create_payments()
            let_go = self.env["recovery.residue"]._let_go(
                self.company, date.fromisoformat(END), move.partner_id.ids
            )
            self.assertEqual(self.item(move).id in let_go, is_earned)

    # However it is settled ---------------------------------------------------------------------------

    def test_the_books_settle_the_discount_months_later(self):
        move = self.billed()
        self.paid(move, 980)
        self.given_up(move, 20, "2026-11-15")
        self.assertEqual((move.amount_residual, self.charge(move, END)), (0, ("0.00", "0.00")))

    def test_so_does_the_debtor(self):
        move = self.billed()
        self.paid(move, 980)
        self.paid(move, 20, "2026-11-15")
        self.assertEqual(self.charge(move, END), ("0.00", "0.00"))

    def test_not_earned_it_is_late_until_it_is_given_up(self):
        move = self.billed()
        self.paid(move, 980, "2026-08-12")
        self.given_up(move, 20, "2026-11-15")
        self.assertEqual(self.charge(move, END), ("0.52", "40.00"))

    def test_a_small_residue_that_is_given_up_or_paid_later(self):
        self.company.recovery_residue_amount = 5
        for left, settle, expected in (
            (4, self.given_up, ("0.00", "0.00")),
            (4, self.paid, ("0.00", "0.00")),
            (5, self.given_up, ("0.13", "40.00")),
        ):
            with self.subTest(left=left, settle=settle.__name__):
                move = self.invoice(1000, "2026-08-31")
                self.paid(move, 1000 - left, "2026-08-31")
                settle(move, left, "2026-11-15")
                self.assertEqual((move.amount_residual, self.charge(move, END)), (0, expected))

    def given_up(self, move, amount, day):
        """Write ``amount`` of an invoice off."""
        accounts = (
            self.company_data["default_account_receivable"],
            self.company_data["default_account_expense"],
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": move.partner_id.id, "balance": balance}
                    )
                    for account, balance in zip(accounts, (-amount, amount), strict=True)
                ],
            }
        )
        entry.action_post()
        (self.item(entry) | self.item(move)).reconcile()
