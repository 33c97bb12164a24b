"""Promises to pay: what they hold back, and how they are judged by the money that came."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.claim import promise_judgement
from ..dunning.dunning_common import DunningCommon, day

DUE5 = {"trigger": "due_date", "delay_days": 5}


@tagged("post_install", "-at_install")
class TestPromise(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].create({"name": "Bank", "code": "BNK", "type": "bank"})
        cls.make_policy(DUE5)
        cls.debtor = cls.make_debtor()
        cls.move = cls.invoice(cls.debtor, 100)

    def promise(self, amount=100.0, given=6, by=10, **values):
        return self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "amount": amount,
                "date_given": day(given),
                "date_promised": day(by),
                "tolerance_days": 2,
                **values,
            }
        )

    def promise_judged_on_day6(self, received, on=6, given=6):
        """A promise of 60 by a debtor who owes more than that."""
        self.invoice(self.debtor, 500)
        promise = self.promise(amount=60, given=given)
        self.receive(received, on=on)
        promise._judge(day(6))
        return promise

    def receive(self, amount, on, items=None):
        """Money in the bank on a day, reconciled with ``items`` if given."""
        credit = self.credit(self.debtor, amount, journal=self.bank, on=on)
        if items:
            (items + credit).reconcile()
        return credit

    def test_not_chased_until_the_tolerance_has_passed(self):
        self.promise()
        self.assert_reasons(self.move, day5="selected", day6="on_hold", day12="on_hold", day13="selected")

    def test_kept_as_soon_as_the_money_is_there(self):
        promise = self.promise(amount=60)
        self.receive(60, on=8, items=self.item(self.move))
        promise._judge(day(8))
        self.assertEqual((promise.state, promise.amount_received, promise.date_judged), ("kept", 60, day(8)))
        self.assert_reasons(self.move, day8="on_hold", day9="selected")

    def test_broken_only_after_the_tolerance(self):
        promise = self.promise(user_id=self.env.ref("base.user_admin").id)
        promise._judge(day(12))
        self.assertEqual(promise.state, "open")
        promise._judge(day(13))
        self.assertEqual(promise.state, "broken")
        self.assertEqual(promise.activity_ids.user_id, promise.user_id)
        self.assertEqual(self.debtor.recovery_promises_broken, 1)
        self.assert_reasons(self.move, day13="selected")

    def test_partially_kept(self):
        promise = self.promise()
        self.receive(99.99, on=12)
        promise._judge(day(13))
        self.assertEqual((promise.state, promise.amount_received), ("partially_kept", 99.99))
        self.assertEqual(self.debtor.recovery_promises_broken, 1)

    def test_tolerance_in_money(self):
        promise = self.promise(tolerance_amount=0.01)
        self.receive(99.99, on=12)
        promise._judge(day(13))
        self.assertEqual(promise.state, "kept")

    def test_money_before_the_promise_or_after_its_deadline_does_not_count(self):
        promise = self.promise()
        self.receive(100, on=5)
        self.receive(100, on=13)
        promise._judge(day(14))
        self.assertEqual((promise.state, promise.amount_received), ("broken", 0))

    def test_money_of_a_kept_promise_does_not_keep_the_next_one_of_that_day(self):
        first = self.promise_judged_on_day6(received=60)
        second = self.promise(amount=60)
        second._judge(day(6))
        self.assertEqual((first.state, second.state, second.amount_received), ("kept", "open", 0))
        self.receive(50, on=6)
        second._judge(day(7))
        self.assertEqual((second.state, second.amount_received), ("open", 50))
        self.receive(10, on=7)
        second._judge(day(7))
        self.assertEqual(second.state, "kept")

    def test_what_was_more_than_a_kept_promise_counts_for_the_next_one(self):
        first = self.promise_judged_on_day6(received=100)
        second = self.promise(amount=60)
        second._judge(day(6))
        self.assertEqual((first.state, second.amount_received), ("kept", 40))

    def test_what_was_more_counts_only_from_the_day_the_next_one_was_given(self):
        first = self.promise_judged_on_day6(received=100, on=5, given=3)
        second = self.promise(amount=60)
        second._judge(day(6))
        self.assertEqual((first.state, second.amount_received), ("kept", 0))

    def test_promise_for_an_item_counts_what_it_got(self):
        other = self.invoice(self.debtor, 100)
        promise = self.promise(move_line_ids=self.item(self.move).ids)
        self.assert_reasons(other, day6="selected")
        self.receive(100, on=8, items=self.item(other))
        promise._judge(day(8))
        self.assertEqual(promise.state, "open")
        self.receive(100, on=9, items=self.item(self.move))
        promise._judge(day(9))
        self.assertEqual(promise.state, "kept")

    def promise_for_items(self, **values):
        return self.promise(move_line_ids=self.item(self.move).ids, **values)

    def asked_to_match(self, promise):
        to_match = self.env.ref("payment_plan_recovery.mail_activity_match_money")
        activities = promise.activity_ids.filtered(lambda activity: activity.activity_type_id == to_match)
        return [activity.note.striptags() for activity in activities]

    def test_money_for_an_item_that_is_not_matched_asks_a_person(self):
        promise = self.promise_for_items()
        credit = self.receive(100, on=8)
        for number in (8, 13, 14):
            promise._judge(day(number))
            self.assertEqual(
                (promise.state, promise.amount_received, promise.amount_waiting), ("open", 100, 100)
            )
            [note] = self.asked_to_match(promise)
            self.assertIn("100.00", note)
        (self.item(self.move) + credit).reconcile()
        promise._judge(day(15))
        self.assertEqual((promise.state, promise.amount_received, promise.amount_waiting), ("kept", 100, 0))
        self.assertFalse(promise.activity_ids)

    def test_unmatched_money_that_is_not_enough_keeps_the_promise_in_part(self):
        promise = self.promise_for_items()
        self.receive(40, on=8)
        promise._judge(day(12))
        self.assertEqual((promise.state, self.asked_to_match(promise)), ("open", []))
        promise._judge(day(13))
        self.assertEqual((promise.state, promise.amount_received), ("partially_kept", 40))

    def test_unmatched_money_before_the_promise_or_after_its_deadline(self):
        promise = self.promise_for_items()
        self.receive(50, on=5)
        self.receive(50, on=13)
        promise._judge(day(13))
        self.assertEqual((promise.state, promise.amount_received), ("broken", 0))

    def test_whoever_matches_says_what_the_money_was_for(self):
        older = self.invoice(self.debtor, 100, due=-60)
        promise = self.promise_for_items()
        credit = self.receive(100, on=8)  # open money lies over the older invoice
        promise._judge(day(13))
        self.assertEqual((promise.state, len(self.asked_to_match(promise))), ("open", 1))
        (self.item(older) + credit).reconcile()
        promise._judge(day(14))
        self.assertEqual((promise.state, promise.amount_received), ("broken", 0))

    def test_unmatched_payment_that_bounced(self):
        promise = self.promise_for_items()
        received = self.receive(100, on=8)
        reversal = received.move_id._reverse_moves([{"date": day(9), "journal_id": self.bank.id}])
        reversal.action_post()
        (received + self.item(reversal)).remove_move_reconcile()
        promise._judge(day(13))
        self.assertEqual((promise.state, promise.amount_received), ("broken", 0))

    def test_an_unmatched_credit_note_is_no_money(self):
        promise = self.promise_for_items()
        self.invoice(self.debtor, -100, due=38)
        promise._judge(day(13))
        self.assertEqual((promise.state, promise.amount_received), ("broken", 0))

    def test_money_in_the_bank_s_books_asks_first(self):
        for values in ({}, {"move_line_ids": self.item(self.move).ids}):
            promise = self.promise(**values)
            line = self.wait_in_bank(100, on=12)
            promise._judge(day(12))
            self.assertEqual((promise.state, self.asked_to_match(promise)), ("open", []))
            promise._judge(day(13))
            promise._judge(day(14))
            self.assertEqual(promise.state, "open")
            [note] = self.asked_to_match(promise)
            self.assertIn("100.00", note)
            line.move_id.button_draft()
            promise._judge(day(15))
            self.assertEqual(promise.state, "broken")

    def test_money_in_the_bank_s_books_after_the_deadline_is_too_late(self):
        promise = self.promise()
        self.wait_in_bank(100, on=13)
        promise._judge(day(13))
        self.assertEqual(promise.state, "broken")

    def wait_in_bank(self, amount, on):
        """A line of a bank statement with the debtor, of which nobody has said yet what it is."""
        self.bank.suspense_account_id = self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("code", "=", "471000")]
        ) or self.env["account.account"].create(
            {"name": "Suspense", "code": "471000", "account_type": "asset_current"}
        )
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": day(on),
                "payment_ref": "Transfer",
                "partner_id": self.debtor.id,
                "amount": amount,
            }
        )

    def test_money_in_another_currency_asks_first(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        promise = self.promise(currency_id=dollar.id)
        self.receive(700, on=8)
        self.invoice(self.debtor, -300, due=8)  # left over in euros, which the promise does not count
        promise._judge(day(13))
        self.assertEqual(promise.state, "open")
        self.assertEqual(len(self.asked_to_match(promise)), 1)

    def test_money_in_a_branch_keeps_a_promise_given_to_its_parent(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        promise = self.promise(company_id=branch.id)
        self.receive(100, on=8)
        promise._judge(day(8))
        self.assertEqual(promise.state, "kept")

    def test_payment_that_bounced_is_no_money(self):
        promise = self.promise()
        received = self.credit(self.debtor, 100, journal=self.bank, on=8)
        received.move_id._reverse_moves([{"date": day(9), "journal_id": self.bank.id}])
        received.move_id.reversal_move_ids.action_post()
        promise._judge(day(13))
        self.assertEqual((promise.state, promise.amount_received), ("broken", 0))

    def test_deleted_promise_holds_nobody(self):
        promise = self.promise(given=0, by=5000)
        hold = promise.hold_id
        promise.unlink()
        self.assertEqual(hold.date_until, hold.company_id._recovery_today())

    def test_credit_note_is_no_money(self):
        self.invoice(self.debtor, 100)
        promise = self.promise()
        refund = self.invoice(self.debtor, -100, due=38)
        (self.item(self.move) + self.item(refund)).reconcile()
        promise._judge(day(13))
        self.assertEqual(promise.state, "broken")

    def test_one_open_promise_at_a_time(self):
        promise = self.promise()
        with self.assertRaisesRegex(ValidationError, "open already"), self.env.cr.savepoint():
            self.promise()
        promise.action_cancel()
        self.promise()

    def test_postponed_promise_moves_its_hold(self):
        promise = self.promise()
        promise.date_promised = day(20)
        self.assert_reasons(self.move, day22="on_hold", day23="selected")

    def test_changed_promise_is_told_by_its_hold(self):
        colleague = new_test_user(self.env, "colleague", company_id=self.company.id)
        promise = self.promise()
        promise.write({"amount": 60, "user_id": colleague.id})
        self.assertIn("60.00", promise.hold_id.reason)
        self.assertEqual(promise.hold_id.user_id, colleague)
        dollar = self.env.ref("base.USD")
        dollar.active = True
        promise.currency_id = dollar
        self.assertIn("$", promise.hold_id.reason)

    def test_cron_locks_each_company_for_itself_and_comes_to_the_end(self):
        """Its time is over at once: promises that stay open would come first at every call."""
        running = self.promise(partner_id=self.make_debtor("Another").id, by=10_000)
        promises = running + self.promise() + self.promise(company_id=self.make_company("Other").id)
        self.env["recovery.promise"].search([("id", "not in", promises.ids)]).unlink()
        model, cron, steps = type(promises), type(self.env["ir.cron"]), []
        lock = model.try_lock_for_update

        def locked(records, **options):
            if records._name == "recovery.promise":
                steps.append(records.company_id)
            return lock(records, **options)

        def committed(_cron, processed=0, **_more):
            steps.append(processed)
            return 0

        with (
            patch.object(model, "try_lock_for_update", locked),
            patch.object(cron, "_commit_progress", committed),
            patch.object(promise_judgement, "BATCH_SIZE", 1),
        ):
            self.env["recovery.promise"]._cron_judge()
        self.assertEqual(promises.mapped("state"), ["open", "broken", "broken"])
        self.assertEqual((steps[::2], [*map(len, steps[1::2])]), ([0, 1, 1, 1], [1, 1, 1]))

    def test_cron_judges_open_promises(self):
        promise = self.promise()
        self.env["recovery.promise"].search([("id", "!=", promise.id), ("state", "=", "open")]).unlink()
        with self.enter_registry_test_mode():
            self.env.ref("payment_plan_recovery.cron_promise_judge").method_direct_trigger()
        self.assertEqual(promise.state, "broken")

    @mute_logger("odoo.addons.payment_plan_recovery.models.common.ir_cron")
    def test_cron_goes_on_after_a_promise_that_cannot_be_judged(self):
        bad, good = self.promise(), self.promise(partner_id=self.make_debtor("Another").id)
        model = type(bad)
        real = model._close

        def close(promises, state, date):
            if bad in promises:
                raise ZeroDivisionError("by a rate of zero")
            return real(promises, state, date)

        time_left = lambda _cron, *_counts, **_more: 1  # noqa: E731
        for _day in range(2):
            with (
                patch.object(model, "_close", close),
                patch.object(type(self.env["ir.cron"]), "_commit_progress", time_left),
            ):
                self.env["recovery.promise"]._cron_judge()
        self.assertEqual((bad.state, good.state), ("open", "broken"))
        self.assertEqual(len(bad.activity_ids), 1, "asked once")
        self.assertIn("by a rate of zero", bad.activity_ids.note)
