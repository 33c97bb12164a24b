"""Instalments taken by a direct debit whose bank says days later that nothing comes."""

import sys
from datetime import datetime, time, timedelta
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent))

from autopay_common import AutopayCommon
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestAutopayPending(AutopayCommon):
    def on(self, date):
        return patch.object(type(self.company), "_recovery_today", lambda _company: date)

    def tried(self, date):
        """Take what is due on ``date`` by a payment of which the provider does not know yet; return it."""
        self.token.sudo().demo_simulated_state = "pending"
        with self.on(date):
            self.day(date)
        payment = self.running.sudo().transaction_ids.sorted("id")[-1]
        self.assertEqual(payment.state, "pending")
        return payment

    def given_up(self, payment, date, end="_set_error"):
        with self.on(date):
            getattr(payment, end)("No funds")
        self.env.invalidate_all()

    def test_what_fails_after_it_was_pending_is_told_tried_once_more_and_given_up(self):
        for end in ("_set_error", "_set_canceled"):
            with self.subTest(end), self.env.cr.savepoint() as savepoint:
                self.authorise()
                self.day(self.before)
                due = self.second.date_due
                first = self.tried(due)
                debit = self.running.sudo().autopay_ids
                self.assertEqual(debit.tries, 0)
                heard = due + timedelta(days=2)
                self.given_up(first, heard, end)
                self.assertEqual((debit.tries, debit.date_debit), (1, heard + timedelta(days=3)))
                self.assertEqual(self.mails("could not be taken"), 1)
                self.assertTrue(self.running.activity_ids)
                with self.on(heard + timedelta(days=2)):
                    self.day(heard + timedelta(days=2))
                self.assertEqual(self.running.sudo().transaction_ids.sorted("id")[-1], first, "not before")
                second = self.tried(heard + timedelta(days=3))
                self.given_up(second, heard + timedelta(days=4), end)
                self.assertEqual((debit.tries, bool(self.running.autopay_token_id)), (2, False))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_failed_after_it_was_announced_anew_lets_no_more_be_taken(self):
        """Given up after two weeks without a word, told of again, and then it fails after all."""
        self.authorise()
        self.day(self.before)
        first = self.tried(self.second.date_due)
        later = self.second.date_due + timedelta(days=20)
        first.last_state_change = datetime.combine(self.second.date_due, time(12))
        with self.on(later):
            self.day(later)
        debit = self.running.sudo().autopay_ids
        self.assertEqual((debit.date_announced, debit._to_take()), (later, 100))
        self.given_up(first, later + timedelta(days=1))
        self.assertEqual((debit._to_take(), debit.tries), (100, 0))

    def test_who_was_told_that_the_plan_ended_is_told_of_no_further_try(self):
        self.authorise()
        self.day(self.before)
        payment = self.tried(self.second.date_due)
        self.running.action_cancel()
        self.assertEqual(self.mails("nothing is taken"), 1)
        self.given_up(payment, self.second.date_due + timedelta(days=2))
        self.assertEqual(self.mails("could not be taken"), 0)

    def test_what_comes_after_it_was_pending_is_no_failure_when_it_goes_back(self):
        self.authorise()
        self.day(self.before)
        payment = self.tried(self.second.date_due)
        payment._set_done()
        payment._post_process()
        self.env.invalidate_all()
        self.assertEqual(self.running.amount_paid, 200)
        payment._set_canceled(extra_allowed_states=("done",))
        payment._post_process()
        self.assertEqual(self.running.sudo().autopay_ids.tries, 0)
        self.assertEqual(self.mails("could not be taken"), 0)
        self.assertFalse(self.running.autopay_token_id, "a person looks into it")
