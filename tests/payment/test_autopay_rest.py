"""What is left of an instalment of which less was taken than is open: announced before it is taken."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from autopay_common import AutopayCommon
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestAutopayRest(AutopayCommon):
    def test_no_more_than_what_was_announced_is_taken(self):
        self.receive_unmatched(30, self.item(self.bill).account_id)
        self.authorise()
        self.day(self.before)
        self.assertEqual(self.running.autopay_ids.amount, 70)
        self.env["account.move"].search([("ref", "=", self.running.name)]).button_draft()
        self.day(self.second.date_due)
        self.assertEqual(self.running.amount_paid, 170)
        self.day(self.second.date_due)
        self.day(self.second.date_due + timedelta(days=1))
        self.assertEqual(
            (self.running.amount_paid, self.mails("will be taken")), (170, 2), "the rest is told first"
        )
        [debit] = self.running.autopay_ids
        self.assertEqual((debit.amount, debit.amount_taken), (30, 0))
        self.day(debit.date_debit)
        self.assertEqual(self.running.amount_paid, 200)

    def first_left(self, amount):
        """Leave ``amount`` open of the first instalment, which was paid with the means of payment."""
        first = self.running.sudo().transaction_ids.payment_id
        first.move_id.line_ids.remove_move_reconcile()
        first.action_draft()
        if amount == 100:
            first.action_cancel()
            return
        first.amount = 100 - amount
        first.action_post()
        (first.move_id.line_ids + self.running.item_ids.move_line_id).filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
        self.env.invalidate_all()

    def test_what_was_announced_is_taken_once_though_it_settles_what_was_late_before(self):
        for open_before in (100, 30):
            with self.subTest(open_before), self.env.cr.savepoint() as savepoint:
                self.first_left(open_before)
                self.running.instalment_ids.sorted("number")[0].sudo()._write(
                    {"date_due": self.today - timedelta(days=10)}
                )
                paid = self.running.amount_paid
                self.assertEqual(paid, 100 - open_before)
                self.authorise()
                self.day(self.before)
                self.assertEqual(self.running.autopay_ids.mapped("amount"), [100])
                self.day(self.second.date_due)
                self.assertEqual(self.running.amount_paid, paid + 100, "in one payment")
                self.day(self.second.date_due + timedelta(days=1))
                self.assertEqual((self.running.amount_paid, self.mails("will be taken")), (paid + 100, 2))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_was_late_when_it_was_authorised_again_is_not_taken(self):
        self.first_left(100)
        self.running.instalment_ids.sorted("number")[0].sudo()._write(
            {"date_due": self.today - timedelta(days=10)}
        )
        self.authorise()
        self.day(self.before)
        self.day(self.second.date_due)
        paid = self.running.amount_paid
        self.post(f"{self.url}/autopay")
        self.second.sudo()._write({"date_due": self.today - timedelta(days=5)})
        self.authorise()
        self.day(self.today)
        self.assertEqual((self.running.amount_paid, self.mails("will be taken")), (paid, 1))
        self.assertFalse(self.running.autopay_ids)
