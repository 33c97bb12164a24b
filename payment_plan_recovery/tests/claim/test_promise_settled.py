"""Promises of which nothing is left to pay, though less money came than was promised: nobody broke his word."""

from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPromiseSettled(DunningCommon):
    """100 are due, promised on day 6 for day 10, with two days of tolerance; judged on day 13."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].create({"name": "Bank", "code": "BNK", "type": "bank"})
        cls.debtor = cls.make_debtor()
        cls.move = cls.invoice(cls.debtor, 100)

    def promise(self, *moves, amount=100.0):
        return self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "amount": amount,
                "date_given": day(6),
                "date_promised": day(10),
                "tolerance_days": 2,
                "move_line_ids": self.item(self.env["account.move"].union(*moves)).ids,
            }
        )

    def judged(self, promise):
        promise._judge(day(13))
        return promise.state, promise.amount_received

    def receive(self, amount, move=None, on=8, debtor=None):
        credit = self.credit(debtor or self.debtor, amount, journal=self.bank, on=on)
        if move:
            (self.item(move) + credit).reconcile()

    def credit_note(self, amount):
        refund = self.invoice(self.debtor, -amount, due=38)
        (self.item(self.move) + self.item(refund)).reconcile()

    def test_what_was_credited_need_not_be_paid(self):
        promise = self.promise(self.move)
        self.credit_note(100)
        self.assertEqual(self.judged(promise), ("cancelled", 0))
        self.assertEqual(promise.hold_id.date_until, day(12), "its hold was over")

    def test_the_rest_of_what_was_credited_in_part_is_paid(self):
        promise = self.promise(self.move)
        self.credit_note(40)
        self.receive(60, self.move)
        self.assertEqual(self.judged(promise), ("kept", 60))

    def test_a_cent_less_than_the_rest_is_missing(self):
        promise = self.promise(self.move)
        self.credit_note(40)
        self.receive(59.99, self.move)
        self.assertEqual(self.judged(promise), ("partially_kept", 59.99))

    def test_of_two_items_one_is_still_owed(self):
        promise = self.promise(self.move, self.invoice(self.debtor, 50), amount=150)
        self.credit_note(100)
        self.assertEqual(self.judged(promise), ("broken", 0))

    def test_what_was_given_up_need_not_be_paid(self):
        promise = self.promise(self.move)
        self.pay(self.move, 100)
        self.assertEqual(self.judged(promise), ("cancelled", 0))

    def test_money_with_an_earlier_value_date_paid_it(self):
        promise = self.promise(self.move)
        self.receive(100, self.move, on=5)
        self.assertEqual(self.judged(promise), ("cancelled", 0))

    def test_what_was_paid_after_its_last_day_was_not_paid_by_it(self):
        """The job did not run for a month: each promise is judged by its own day all the same."""
        for named, moves in ((True, 1), (True, 2), (False, 1)):
            for on, state in ((12, "kept"), (13, "broken"), (30, "broken")):
                with self.subTest(named=named, moves=moves, on=on):
                    self.debtor = self.make_debtor()
                    move = self.invoice(self.debtor, 100)
                    promise = self.promise(*([move] if named else []))
                    self.receive(100, move, on=on)
                    if moves == 2:  # not among the items promised
                        self.receive(50, self.invoice(self.debtor, 50), on=20)
                    promise._judge(day(43))
                    self.assertEqual(promise.state, state)

    def test_what_was_owed_later_breaks_no_promise(self):
        promise = self.promise()
        self.credit_note(100)
        later = self.invoice(self.debtor, 70, due=20, date=day(15))
        self.receive(70, later, on=20)
        promise._judge(day(43))
        self.assertEqual(promise.state, "cancelled")

    def test_a_rest_that_the_company_lets_go_breaks_nothing(self):
        self.company.recovery_residue_amount = 1
        for left, state in ((0.99, "kept"), (1, "partially_kept")):
            debtor = self.debtor = self.make_debtor()
            move = self.invoice(debtor, 100)
            promise = self.promise(move)
            self.receive(100 - left, move)
            self.assertEqual(self.judged(promise), (state, 100 - left))

    def test_a_promise_about_everything_when_nothing_is_owed_any_more(self):
        promise = self.promise()
        self.credit_note(100)
        self.assertEqual(self.judged(promise), ("cancelled", 0))

    def test_a_promise_about_everything_when_nothing_was_settled_since(self):
        self.credit_note(100)
        self.move.line_ids.matched_credit_ids.max_date = day(5)
        self.assertEqual(self.judged(self.promise()), ("broken", 0))

    def test_what_another_company_pays_for_the_debtor_counts(self):
        holding = self.make_debtor("Holding", is_company=True)
        for on, outcome in ((8, ("kept", 100)), (5, ("broken", 0))):
            self.debtor = self.make_debtor()
            self.invoice(self.debtor, 30)
            promise, move = self.promise(), self.invoice(self.debtor, 100)
            self.receive(100, move, on=on, debtor=holding)
            self.assertEqual(self.judged(promise), outcome)

    def test_what_the_debtor_pays_itself_counts_once(self):
        self.invoice(self.debtor, 30)
        promise = self.promise()
        self.receive(60, self.move)
        self.assertEqual(self.judged(promise), ("partially_kept", 60))
