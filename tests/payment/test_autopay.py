"""Instalments taken by themselves: announced, stopped by whatever speaks against it, tried twice, told to both."""

import sys
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent))

from autopay_common import AutopayCommon
from odoo.exceptions import UserError
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure


@tagged("post_install", "-at_install")
class TestAutopay(AutopayCommon):
    def test_an_instalment_is_announced_and_taken_on_its_day(self):
        self.assertIn("automatically", self.url_open(self.url).text)
        self.authorise()
        self.assertEqual(self.running.autopay_token_id, self.token)
        self.day(self.before - timedelta(days=1))
        self.assertFalse(self.running.autopay_ids)
        self.day(self.before)
        self.day(self.before + timedelta(days=1))
        told = self.mails("will be taken"), self.url_open(self.url).text.count("to be taken on")
        self.assertEqual((self.running.amount_paid, *told), (100, 1, 1))
        self.day(self.second.date_due)
        self.assertEqual(self.running.amount_paid, 200)
        self.day(self.second.date_due)
        self.assertEqual(self.running.amount_paid, 200, "once")

    def test_what_was_not_announced_is_not_taken(self):
        self.authorise()
        self.day(self.second.date_due)
        self.assertEqual(self.running.amount_paid, 100)

    def test_what_fell_due_while_the_job_stood_still_is_announced_and_taken_later(self):
        self.authorise()
        late = self.second.date_due + timedelta(days=20)
        self.day(late)
        self.assertEqual((self.running.amount_paid, self.mails("will be taken")), (100, 1))
        debit = self.running.autopay_ids
        self.assertEqual(debit.date_debit, late + timedelta(days=5))
        self.running.sudo().monitor(late)
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": late})
        self.assertEqual(set(run.explain(self.second).values()), {"on_hold"})
        self.assertEqual(self.running.state, "active", "the debtor relies on it")
        self.running.sudo().monitor(late + timedelta(days=7))
        self.assertNotEqual(self.running.state, "active", "for no longer than it is announced for")
        self.day(late + timedelta(days=5))
        self.assertEqual(self.running.amount_paid, 200)
        self.assertEqual(debit.hold_id.date_until, max(debit.hold_id.date_from, self.today))

    def test_what_was_late_when_it_was_authorised_is_not_taken(self):
        self.second.sudo()._write({"date_due": self.today - timedelta(days=1)})
        self.authorise()
        self.day(self.today)
        self.assertFalse(self.running.autopay_ids)

    def test_a_hold_stops_it_and_so_does_money_that_is_coming(self):
        self.authorise()
        self.day(self.before)
        hold = self.env["recovery.hold"].create(
            {"partner_id": self.debtor.id, "kind": "dispute", "date_until": "2100-01-01", "reason": "Broken"}
        )
        self.day(self.second.date_due)
        self.assertEqual(self.running.amount_paid, 100)
        hold.unlink()
        self.plan_payment(self.demo)._set_pending()
        self.day(self.second.date_due)
        self.assertEqual(self.running.amount_paid, 100)

    def test_a_transfer_that_nobody_has_matched_yet_pays_the_instalment(self):
        self.authorise()
        self.day(self.before)
        self.receive_unmatched(100, self.item(self.bill).account_id)
        self.day(self.second.date_due)
        self.assertEqual(len(self.running.sudo().transaction_ids), 1, "neither it nor the one after is taken")

    def test_a_transfer_of_a_part_leaves_the_rest_to_be_taken(self):
        self.authorise()
        self.day(self.before)
        self.receive_unmatched(40, self.item(self.bill).account_id)
        self.day(self.second.date_due)
        self.assertEqual(self.running.sudo().transaction_ids.sorted("id")[-1].amount, 60)

    def test_money_in_the_bank_s_books_is_looked_at_first(self):
        self.authorise()
        self.day(self.before)
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.today,
                "payment_ref": "Transfer",
                "partner_id": self.debtor.id,
                "amount": 100,
            }
        )
        self.day(self.second.date_due)
        self.assertEqual(len(self.running.sudo().transaction_ids), 1)

    def test_what_was_stopped_on_its_day_is_announced_again(self):
        self.authorise()
        self.day(self.before)
        until = self.second.date_due + timedelta(days=9)
        self.env["recovery.hold"].create(
            {"partner_id": self.debtor.id, "kind": "dispute", "date_until": until, "reason": "Broken"}
        )
        self.day(self.second.date_due)
        free = until + timedelta(days=1)
        self.day(free)
        self.assertEqual((self.running.amount_paid, self.mails("will be taken")), (100, 2))
        self.day(free + timedelta(days=4))
        self.assertEqual(self.running.amount_paid, 100)
        self.day(free + timedelta(days=5))
        self.assertEqual(self.running.amount_paid, 200)

    def test_a_failure_is_told_to_both_tried_once_more_and_given_up(self):
        self.authorise()
        self.token.sudo().demo_simulated_state = "error"
        self.day(self.before)
        self.day(self.second.date_due)
        shown = self.url_open(self.url).text.count("tried in vain on"), bool(self.running.activity_ids)
        told = self.running.autopay_ids.tries, self.mails("could not be taken")
        self.assertEqual((*told, *shown), (1, 1, 1, True))
        self.day(self.second.date_due + timedelta(days=1))
        self.assertEqual(self.running.autopay_ids.tries, 1, "not before three days")
        self.day(self.second.date_due + timedelta(days=3))
        self.assertEqual(self.running.autopay_ids.tries, 2)
        self.assertFalse(self.running.autopay_token_id)
        self.assertEqual(self.running.amount_paid, 100)

    def across_branches(self):
        """A running plan over two branches, an instalment of which both are owed, paid with the same means."""
        north, south = self.setup_branch("North"), self.setup_branch("South")
        self.running.action_cancel()
        self.running = self.active_plan(
            self.late_invoice(150, 90, company_id=north.id),
            self.late_invoice(150, 80, company_id=south.id),
            date_start=self.today,
        )
        self.url = f"{self.root}/plans/{self.running.id}"
        payment = self.plan_payment(self.demo, tokenization_requested=True)
        self.simulate(payment, "done")
        self.token = payment.token_id
        self.second = self.running.instalment_ids.sorted("number")[1]
        self.before = self.second.date_due - timedelta(days=5)
        return north, south

    def test_what_two_branches_are_owed_is_taken_for_each(self):
        north, south = self.across_branches()
        self.authorise()
        self.day(self.before)
        self.day(self.second.date_due)
        self.day(self.second.date_due)
        self.assertEqual(self.running.amount_paid, 200)
        paid = self.running.sudo().transaction_ids.sorted("id")
        self.assertEqual(
            [(one.amount, one.recovery_company_id) for one in paid], [(100, north), (50, north), (50, south)]
        )

    def test_one_night_takes_it_all(self):
        self.across_branches()
        self.authorise()
        self.second.sudo()._write({"date_due": self.today})
        self.env["recovery.autopay"].sudo().create(
            {
                "instalment_id": self.second.id,
                "date_announced": self.today,
                "date_debit": self.today,
                "amount": 100,
            }
        )
        with self.enter_registry_test_mode():
            self.env.ref("payment_plan_recovery.cron_autopay").sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.running.amount_paid, 200)

    def test_what_was_taken_and_could_not_be_booked_is_not_taken_again(self):
        """By a refusal, or by what another transaction wrote meanwhile: the money is with the provider all the same."""
        self.authorise()
        self.day(self.before)
        self.second.sudo()._write({"date_due": self.today})
        self.running.sudo().autopay_ids.date_debit = self.today
        self.env.flush_all()
        transactions = type(self.env["payment.transaction"])
        for error in (UserError("The journal is closed"), SerializationFailure("Another was faster")):
            with (
                patch.object(transactions, "_post_process", side_effect=error),
                patch.object(
                    transactions,
                    "_charge_with_token",
                    autospec=True,
                    side_effect=transactions._charge_with_token,
                ) as charged,
                self.enter_registry_test_mode(),
                mute_logger("odoo.addons.payment_plan_recovery.models.portal.autopay_taking"),
            ):
                for _night in range(2):
                    self.env.ref("payment_plan_recovery.cron_autopay").sudo().method_direct_trigger()
            self.env.invalidate_all()
            taken = self.running.sudo().transaction_ids.sorted("id")[1:]
            self.assertEqual((charged.call_count, taken.mapped("state")), (1, ["done"]))
            self.assertIn(str(error), "".join(self.running.activity_ids.mapped("note")))
            taken.unlink()
            self.running.sudo().autopay_ids.amount_taken = 0
            self.running.activity_ids.unlink()
        self.day(self.today)
        self.assertEqual(self.running.amount_paid, 200)

    def test_a_means_of_payment_of_one_branch_is_not_authorised_for_two(self):
        north, _south = self.across_branches()
        self.demo[0].company_id = north
        self.assertFalse(self.running.sudo()._autopay_tokens())
        with self.assertRaisesRegex(UserError, "serves them all"):
            self.running.sudo()._portal_authorise(str(self.token.id), "Martin")
        self.running.sudo().write({"autopay_token_id": self.token.id})
        self.day(self.before)
        self.day(self.second.date_due)
        self.assertEqual((self.running.amount_paid, self.running.autopay_token_id.ids), (100, []))
        self.assertIn("all branches", self.running.message_ids[0].body)

    def test_both_may_stop_it(self):
        self.authorise()
        self.post(f"{self.url}/autopay")
        self.env.invalidate_all()
        self.assertFalse(self.running.autopay_token_id)
        self.authorise()
        self.day(self.before)
        self.post(f"{self.url}/autopay")
        self.assertEqual(self.mails("will not be taken"), 0, "it said so itself")
        self.authorise()
        self.running.action_stop_autopay()
        self.assertFalse(self.running.autopay_token_id)
        self.assertEqual(self.mails("will not be taken"), 1)

    def test_what_was_stopped_while_the_job_ran_is_not_announced(self):
        """The job lists its plans first: by the time it comes to one, much may have changed."""
        self.authorise()
        self.running.action_stop_autopay()
        self.day(self.before)
        self.assertFalse(self.running.autopay_ids)
        self.assertEqual(self.mails("will be taken"), 0)

    def test_a_plan_that_ended_while_the_job_ran_is_not_announced(self):
        self.authorise()
        self.running.action_cancel()
        self.day(self.before)
        self.assertFalse(self.running.autopay_ids)
        self.assertEqual(self.mails("will be taken"), 0)

    def test_a_means_of_payment_that_was_put_away_takes_nothing(self):
        self.authorise()
        self.day(self.before)
        self.token.sudo().active = False  # as its owner does on Odoo's page, and a provider that is closed
        self.env.invalidate_all()
        self.assertFalse(self.running.autopay_token_id)
        self.assertIn("put away", self.running.message_ids[0].body)
        self.assertIn("put away", self.running.activity_ids[:1].summary)
        self.assertEqual(self.mails("will not be taken"), 1, "the debtor was told to do nothing")
        self.day(self.second.date_due)
        self.assertEqual(self.running.amount_paid, 100)

    def test_what_was_taken_and_went_back_is_not_taken_again(self):
        for how in ("refund", "cancel"):
            with self.subTest(how):
                self.authorise()
                self.day(self.second.date_due - timedelta(days=5))
                self.day(self.second.date_due)
                self.assertEqual(self.running.amount_paid, 200)
                taken = self.running.sudo().transaction_ids.sorted("id")[-1]
                if how == "refund":
                    taken.provider_id.capture_manually = False
                    taken.action_refund(100)
                    refunds = self.env["payment.transaction"].sudo()
                    refunds.search([("source_transaction_id", "=", taken.id)])._post_process()
                else:
                    taken._set_canceled(extra_allowed_states=("done",))
                    taken._post_process()
                self.env.invalidate_all()
                self.assertEqual((self.running.amount_paid, self.running.autopay_token_id.id), (100, False))
                self.assertIn("ask the debtor first", self.running.activity_ids.mapped("summary")[-1])
                self.post(f"{self.url}/autopay")
                self.env.invalidate_all()
                said = " ".join(self.running.message_ids.mapped("body"))
                self.assertNotIn("was stopped by", said, "nothing is stopped twice")
                self.running.autopay_ids.sudo().hold_id.unlink()  # of days to come, where these tests look ahead
                self.running.autopay_ids.sudo().unlink()

    def test_somebody_else_s_means_of_payment_is_not_authorised(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        other = self.token.sudo().copy({"partner_id": stranger.id})
        self.post(f"{self.url}/autopay", token=other.id)
        self.env.invalidate_all()
        self.assertFalse(self.running.autopay_token_id)

    def test_a_link_does_not_use_a_saved_means_of_payment(self):
        page = self.url_open(f"{self.url}?choice=next").text
        self.assertNotIn(self.token.display_name, page.split("autopay")[0])
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.plan_payment(self.demo, token_id=self.token.id, flow="token")
