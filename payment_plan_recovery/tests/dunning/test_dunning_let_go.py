"""What payments leave of an invoice and nobody asks for: small residues, discounts earned."""

from odoo.tests import tagged

from ..common.early_terms import less_2_percent
from .dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestDunningLetGo(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.recovery_dunning_policy_id = cls.make_policy({"delay_days": 5})

    def reason(self, move, on=60):
        run = self.env["recovery.dunning.run"].create({"date": day(on), "company_id": self.company.id})
        claim = self.env["recovery.claim"].search([("move_id", "=", move.id)])
        return run.explain(claim)[claim.id]

    def test_below_the_threshold_it_is_let_go_at_it_it_is_chased(self):
        self.company.recovery_residue_amount = 5
        for left, reason in ((4.99, "let_go"), (5, "selected")):
            debtor = self.make_debtor()
            move = self.invoice(debtor, 1000, due=1)
            self.pay(move, 1000 - left)
            self.assertEqual(self.reason(move), reason)

    def test_matched_or_not(self):
        self.company.recovery_residue_amount = 5
        debtor = self.make_debtor()
        move = self.invoice(debtor, 1000, due=1)
        self.credit(debtor, 996)
        self.assertEqual(self.reason(move), "let_go")

    def test_a_small_invoice_is_chased(self):
        self.company.recovery_residue_amount = 5
        self.assertEqual(self.reason(self.invoice(self.make_debtor(), 4, due=1)), "selected")

    def test_no_letter_about_a_discount_that_was_earned(self):
        terms = less_2_percent(self.env)
        cases = ((980, -20, "let_go"), (980, -19, "selected"), (979.99, -20, "selected"))
        for amount, on, reason in cases:
            debtor = self.make_debtor()
            move = self.invoice(debtor, 1000, due=0, invoice_payment_term_id=terms.id)
            self.credit(debtor, amount, on=on)
            self.assertEqual(self.reason(move, on=90), reason)

    def test_no_letter_when_one_transfer_pays_several_invoices_each_less_its_discount(self):
        terms = less_2_percent(self.env)
        for amount, on, reasons in (
            (2450, -20, ["let_go", "let_go", "selected"]),  # the two first ones
            (2842, -20, ["let_go", "let_go", "let_go"]),
            (2842, -19, ["offset_by_credit", "offset_by_credit", "selected"]),  # a day late
        ):
            debtor = self.make_debtor()
            moves = [
                self.invoice(debtor, price, due=0, invoice_payment_term_id=terms.id)
                for price in (1000, 1500, 400)
            ]
            self.credit(debtor, amount, on=on)
            self.assertEqual([self.reason(move, on=90) for move in moves], reasons)

    def test_a_memo_with_several_numbers_is_for_those_when_it_pays_them_exactly(self):
        debtor = self.make_debtor()
        moves = [self.invoice(debtor, price, due=number) for number, price in enumerate((100, 200, 300, 400))]
        credit = self.credit(debtor, 600)
        credit.move_id.ref = f"{moves[1].name}, {moves[3].name}"
        self.assertEqual(
            [self.reason(move, on=60) for move in moves],
            ["selected", "offset_by_credit", "selected", "offset_by_credit"],
        )
