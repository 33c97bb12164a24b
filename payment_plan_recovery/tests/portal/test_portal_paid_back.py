"""Money that was paid online and went back: what it had earned is judged again, and the debtor is told."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from .portal_pay_common import PortalPayCommon


@tagged("post_install", "-at_install")
class TestPortalPaidBack(PortalPayCommon):
    def promised(self, amount):
        """A promise about whatever the debtor owes, given ten days ago, for today."""
        return self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "amount": amount,
                "date_given": self.today - timedelta(days=10),
                "date_promised": self.today,
                "tolerance_days": 0,
            }
        )

    def paid_and_kept(self, amount=500.0):
        """Return a payment of 500 and the promise of ``amount``, for today, that it keeps."""
        promise, transaction = self.promised(amount), self.begin()
        self.finish(transaction)
        promise._judge(self.today)
        self.assertEqual(promise.state, "kept")
        return transaction, promise

    def refund(self, transaction, amount=500):
        self.finish(transaction._create_child_transaction(amount, is_refund=True))

    def days_later(self, days, promise):
        """So many days after the last one of ``promise``, which is no day off."""
        later = promise.date_deadline + timedelta(days=days)
        return patch.object(type(self.company), "_recovery_today", lambda _company: later)

    def test_a_promise_that_a_refunded_payment_kept_is_judged_again(self):
        for days, refunded, state in (
            (1, 500, "broken"),
            (1, 120, "partially_kept"),
            (0, 500, "open"),
        ):
            with self.subTest(days=days, refunded=refunded), self.env.cr.savepoint() as savepoint:
                transaction, promise = self.paid_and_kept()
                with self.days_later(days, promise):
                    self.refund(transaction, refunded)
                self.assertEqual(promise.state, state)
                self.assertEqual(promise.amount_received, 500 - refunded)
                told = promise.activity_ids.filtered(lambda one: one.summary == "Promise not kept")
                self.assertEqual(bool(told), state != "open", "a person is asked, and nobody else told")
                # held no longer than it was kept, but to its last day where that is still to come
                held = promise.date_deadline if state == "open" else self.today
                self.assertEqual(promise.hold_id.date_until, held)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_promise_that_a_refund_leaves_kept_stays_as_it_was_judged(self):
        transaction, promise = self.paid_and_kept(300.0)
        with self.days_later(1, promise):
            self.refund(transaction, 120)
        self.assertEqual((promise.state, promise.date_judged), ("kept", self.today))
        self.assertFalse(promise.activity_ids)

    def test_a_promise_that_a_payment_kept_which_its_provider_takes_back_is_judged_again(self):
        transaction, promise = self.paid_and_kept()
        with self.days_later(1, promise):
            transaction._set_canceled(extra_allowed_states=("done",))
            transaction._post_process()
        self.assertEqual((promise.state, promise.amount_received), ("broken", 0))

    def test_what_was_granted_for_money_that_went_back_is_asked_about(self):
        transaction = self.begin()
        self.finish(transaction)
        incentive = self.env["recovery.incentive"].sudo().create({"name": "In time", "limit_percent": 20})
        values = {"incentive_id": incentive.id, "partner_id": self.debtor.id, "state": "granted"}
        values |= {"company_id": self.company.id, "limit_after": 10, "user_id": self.env.user.id}
        grants = self.env["recovery.incentive.grant"].sudo()
        grant = grants.create({**values, "date_proposed": self.today - timedelta(days=1)})
        self.refund(transaction, 100)
        self.assertEqual(grant.state, "granted", "earned before")
        grant.date_proposed = self.today
        self.refund(transaction, 100)
        self.assertEqual((grant.state, grant.date_relapsed), ("relapsed", self.today))
        self.assertEqual(grant.activity_ids.user_id, self.env.user)

    def test_a_refund_is_told_to_the_debtor_and_is_no_receipt(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        transaction = self.begin()
        self.finish(transaction)
        for lang, words in (("en_US", "120.00"), ("fr_FR", "120,00")):
            self.debtor.lang = lang
            before = self.env["mail.mail"].sudo().search([])
            self.refund(transaction, 120)
            mail = self.env["mail.mail"].sudo().search([]) - before
            mail = mail.filtered(lambda one: self.debtor in one.recipient_ids)
            self.assertEqual(len(mail), 1)
            self.assertIn(words, mail.body_html)
            self.assertIn(f"({transaction.reference})", mail.body_html, "what it paid with, as it knows it")
            self.assertNotIn("Receipt", mail.subject)
            self.assertIn(self.link()._url(), mail.body_html, "what is owed again is paid there")

    def test_a_part_is_paid_back_of_money_that_was_worth_more_than_what_it_paid(self):
        """What Odoo booked for the rate, a debit of the debtor's, is undone with it and paid by nothing."""
        rates = [("2020-01-01", 2.0), (self.today.replace(day=1), 1.0)]
        pound = self.setup_other_currency("GBP", rates=rates)
        self.provider.sudo().available_currency_ids += pound
        bill = self.late_invoice(300, 90, currency_id=pound.id)
        transaction = self.begin(self.one(bill), 300)
        self.finish(transaction)
        self.assertEqual(self.item(bill).amount_residual_currency, 0)
        self.refund(transaction, 120)
        self.assertEqual(self.item(bill).amount_residual_currency, 120)
        self.refund(transaction, 180)
        self.assertEqual(self.item(bill).amount_residual_currency, 300)
