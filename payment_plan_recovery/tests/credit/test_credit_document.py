"""What is new credit and what is not: charges, credit taken back, entries on the receivable account."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..solvency.solvency_common import TODAY, ago
from .enforcement_common import EnforcementCommon


@tagged("post_install", "-at_install")
class TestCreditDocument(EnforcementCommon):
    """A debtor 60 days late who gets no more credit, whatever its class."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_rule(trigger="days_overdue", threshold=59)
        cls.company.write(
            {"country_id": cls.env.ref("base.fr").id, "recovery_charge_document": "out_invoice"}
        )
        cls.debtor.country_id = cls.env.ref("base.fr")
        cls.late = cls.invoice(cls.debtor, 500, on=ago(90), due=ago(60))

    def entry(self, *lines, post=True, against="707000", on="411000", **values):
        """A miscellaneous entry: pairs of debtor and amount on the receivable account, the rest is income."""
        accounts = {
            account.code: account.id
            for account in self.env["account.account"].search([("company_ids", "in", self.company.ids)])
        }
        owed = sum(amount for _debtor, amount in lines)
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": TODAY,
                "journal_id": self.env["account.journal"]
                .search(
                    [("type", "=", "general"), ("company_id", "=", self.company.id), ("code", "=", "MIS")]
                )
                .id,
                "line_ids": [
                    Command.create({"account_id": accounts[on], "partner_id": debtor.id, "balance": amount})
                    for debtor, amount in lines
                ]
                + [Command.create({"account_id": accounts[against], "balance": -owed})],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    # Charges

    def test_late_charges_are_no_new_credit(self):
        for risk_class in (self.class_c, self.class_d):
            self.debtor.recovery_risk_class = risk_class
            self.assert_blocked(self.invoice(self.debtor, 1, post=False))
        action = self.late.action_book_charges(TODAY)
        self.assertEqual(self.env["account.move"].browse(action["res_id"]).state, "posted")

    def test_the_mark_alone_opens_nothing(self):
        self.assert_blocked(self.invoice(self.debtor, 1, post=False, is_recovery_charge=True))

    def test_an_invoice_of_charges_carries_nothing_else(self):
        self.late.action_book_charges(TODAY)
        charges = self.env["recovery.charge"].search(
            [("move_id", "=", self.late.id), ("state", "=", "booked")]
        )
        invoice = charges.invoice_id
        invoice.button_draft()
        invoice.action_post()
        invoice.button_draft()
        invoice.invoice_line_ids[0].price_unit += 0.01
        with self.assertRaises(UserError):
            invoice.action_post()

    # Credit taken back

    def test_reversing_a_credit_note_is_no_new_credit(self):
        note = self.invoice(self.debtor, -200, on=ago(2))
        again = note._reverse_moves([{"invoice_date": TODAY}])
        again.action_post()
        self.assertEqual(again.state, "posted")
        twice = note._reverse_moves([{"invoice_date": TODAY}])
        self.assert_blocked(twice)

    def test_a_reversal_for_more_or_for_another_debtor_is(self):
        note = self.invoice(self.debtor, -200, on=ago(2))
        larger = note._reverse_moves([{"invoice_date": TODAY}])
        larger.invoice_line_ids.price_unit = 200.01
        self.assert_blocked(larger)
        others = self.invoice(self.make_debtor("Other"), -200, on=ago(2))
        self.assert_blocked(self.invoice(self.debtor, 10, post=False, reversed_entry_id=others.id))

    def test_an_entry_in_the_debtors_favour_taken_back(self):
        entry = self.entry((self.debtor, -100))
        entry._reverse_moves([{"date": TODAY}]).action_post()
        with self.assertRaises(UserError):
            entry._reverse_moves([{"date": TODAY}]).action_post()

    # Entries on the receivable account

    def test_a_miscellaneous_entry_is_judged_like_an_invoice(self):
        with self.assertRaises(UserError) as refused:
            self.entry((self.debtor, 100))
        self.assertIn("Kepler", str(refused.exception))
        self.entry((self.make_debtor("Other"), 100))
        self.entry((self.debtor, -100))

    def test_what_moves_between_accounts_of_a_debtor_is_left_alone(self):
        self.entry((self.debtor, 100), (self.debtor, -100))

    def test_an_entry_of_several_debtors_names_who_may_not(self):
        other = self.make_debtor("Other")
        entry = self.entry((other, 900), (self.debtor, 100), post=False)
        with self.assertRaises(UserError) as refused, self.cr.savepoint():
            entry.action_post()
        self.assertIn("Kepler", str(refused.exception))
        self.assertNotIn("Other", str(refused.exception))
        self.env.invalidate_all()
        override = self.approve(entry)
        self.assertEqual(override.amount, 1000)
        entry.action_post()
        self.assertEqual(override.state, "used")

    def test_both_sides_of_the_limit(self):
        self.rules.search([]).active = False
        self.make_rule()
        self.entry((self.debtor, 500))
        with self.assertRaises(UserError):
            self.entry((self.debtor, 0.01))

    def test_money_and_currency_are_no_credit(self):
        journals = self.env["account.journal"].create(
            [
                {"name": "Cheques", "code": "CHQ", "type": "bank"},
                {"name": "Differences", "code": "EXC", "type": "general"},
            ]
        )
        self.company.currency_exchange_journal_id = journals[1]
        self.entry((self.debtor, 100), journal_id=journals[0].id, against="512000")
        self.entry((self.debtor, 100), journal_id=journals[1].id)
        # in a journal of money, a sale is one all the same
        with self.assertRaises(UserError), self.cr.savepoint():
            self.entry((self.debtor, 100), journal_id=journals[0].id)

    def test_a_posted_item_does_not_become_another_s_debt(self):
        other = self.make_debtor("Other")
        for move in (self.invoice(other, 100), self.entry((other, 100))):
            item = self.item(move).with_user(self.clerk)
            with self.subTest(move.move_type):
                with self.assertRaises(UserError), self.cr.savepoint():
                    item.partner_id = self.debtor
                self.env.invalidate_all()
                self.assertEqual(item.partner_id, other)
                item.partner_id = self.make_debtor("Third")
        self.item(self.late).with_user(self.clerk).partner_id = other

    def test_a_posted_item_does_not_become_a_receivable(self):
        entry = self.entry((self.debtor, 100), on="512000")
        item = entry.line_ids.filtered("partner_id").with_user(self.clerk)
        receivable = self.item(self.late).account_id
        with self.assertRaises(UserError), self.cr.savepoint():
            item.account_id = receivable
        self.env.invalidate_all()
        item.partner_id = self.make_debtor("Other")
        item.account_id = receivable
