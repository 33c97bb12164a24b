"""Money that is taken in parts, goes back or never comes: the books follow, and nobody is asked for it twice."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from providers_common import ProvidersCommon


@tagged("post_install", "-at_install")
class TestMoneyBack(ProvidersCommon):
    def give_back(self, payment, amount):
        """Pay back by the provider, as the button of the payment does."""
        refund = payment._refund(amount)
        refund._post_process()
        self.env.invalidate_all()
        return refund

    def on_another_account(self, *moves):
        account = self.company_data["default_account_receivable"].copy()
        for move in moves:
            move.button_draft()
            self.item(move).account_id = account
            move.action_post()
        return account

    # -- money that is captured by hand ------------------------------------------------------

    def authorised(self):
        self.demo[0].capture_manually = True
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "done")
        self.assertEqual((payment.state, self.running.amount_paid), ("authorized", 0))
        self.assertEqual(self.holds(), payment.recovery_hold_id)
        return payment

    def process(self, payment):
        """What the scheduled job does with the parts of a payment."""
        (payment.child_transaction_ids | payment)._post_process()
        self.env.invalidate_all()

    def test_what_was_authorised_is_booked_when_it_is_captured(self):
        payment = self.authorised()
        self.assertIn("Announced", self.page(f"/plans/{self.running.id}"))
        payment._capture()
        self.process(payment)
        self.assertEqual((payment.state, self.running.amount_paid), ("done", 100))
        self.assertEqual(payment.child_transaction_ids.payment_id.partner_id, self.debtor)
        self.assertFalse(self.holds())
        self.assertNotIn("Announced", self.page(f"/plans/{self.running.id}"))
        self.assertEqual(self.running._portal_amounts()["next"], 100, "of the second one")

    def test_what_is_captured_in_part_is_booked_and_the_rest_announced_until_it_is_given_up(self):
        payment = self.authorised()
        payment._capture(60)
        self.process(payment)
        self.assertEqual(self.running.amount_paid, 60)
        self.assertEqual(self.running._portal_amounts(), {"next": 100, "late": 0, "all": 200})
        self.assertTrue(self.holds())
        payment._void(40)
        self.process(payment)
        self.assertEqual(self.running._portal_amounts()["next"], 40)
        self.assertFalse(self.holds())

    def test_an_authorisation_that_is_given_up_is_asked_for_again(self):
        payment = self.authorised()
        payment._void()
        self.process(payment)
        self.assertEqual((payment.state, self.running.amount_paid), ("cancel", 0))
        self.assertFalse(self.holds())
        self.assertEqual(self.running._portal_amounts()["next"], 100)

    def test_what_was_captured_is_owed_again_when_it_is_given_back(self):
        payment = self.authorised()
        part = payment._capture()
        self.process(payment)
        self.demo[0].capture_manually = False  # the simulated provider would only authorise a refund
        self.give_back(part, 30)
        self.assertEqual(self.running.amount_paid, 70)

    # -- money that goes back ----------------------------------------------------------------

    def test_what_is_paid_back_of_another_account_is_owed_again(self):
        self.on_another_account(self.bill)
        payment = self.begin("/pay/overdue/transaction", 80.0, self.demo)
        self.simulate(payment, "done")
        self.assertEqual(self.left(self.bill), [0])
        self.give_back(payment, 30)
        self.assertEqual(self.left(self.bill), [30])
        self.give_back(payment, 50)
        self.assertEqual(self.left(self.bill), [80])

    def test_more_than_was_paid_is_owed_again_once(self):
        payment = self.paid()
        self.give_back(payment, 100)
        self.give_back(payment, 100)
        self.assertEqual((self.running.amount_paid, self.left(self.running.item_ids.move_id)), (0, [300]))
        self.assertEqual(self.running._portal_amounts()["all"], 300)

    def test_a_plan_that_was_paid_in_full_goes_on_when_its_money_goes_back(self):
        self.company.recovery_thank_for_plans = True
        payment = self.paid("all", 300.0)
        self.running.sudo().monitor(self.today)
        self.assertEqual(self.running.state, "completed")
        self.give_back(payment, 120)
        self.running.sudo().monitor(self.today + timedelta(days=20))
        self.assertIn(self.running.state, ("active", "late"))
        self.assertEqual((self.running.amount_paid, self.running._portal_amounts()["all"]), (180, 120))
        self.paid("all", 120.0)
        self.running.sudo().monitor(self.today + timedelta(days=21))
        self.assertEqual(self.running.state, "completed")

    def charged_back(self, payment):
        """What a provider says weeks later of a direct debit that its bank sent back."""
        payment._set_canceled(extra_allowed_states=("done",))
        payment._post_process()
        self.env.invalidate_all()

    def test_a_direct_debit_that_is_sent_back_is_owed_again_and_told(self):
        payment = self.paid("all", 300.0)
        self.running.sudo().monitor(self.today)
        self.charged_back(payment)
        self.assertIn("went back", self.running.activity_ids.mapped("summary")[0])
        self.running.sudo().monitor(self.today)
        self.assertEqual((self.running.state, self.running.amount_paid), ("active", 0))
        self.simulate(payment, "done")
        self.assertEqual(
            (payment.state, self.running.amount_paid), ("cancel", 0), "it was paid once, and went back"
        )
        self.paid()
        self.assertEqual(self.running.amount_paid, 100)

    # -- money that never comes --------------------------------------------------------------

    def test_a_payment_of_which_nothing_is_heard_does_not_keep_the_debtor_from_paying(self):
        bill = self.begin("/pay/overdue/transaction", 80.0, self.demo)
        plan = self.plan_payment(self.demo)
        for payment in (bill, plan):
            self.simulate_later(payment, "pending")
        self.refused_to_begin()
        for days, is_free in ((14, False), (15, True)):
            (bill | plan).last_state_change = self.today - timedelta(days=days)
            self.assertEqual(self.running._portal_amounts()["all"], 300 if is_free else 200)
            self.assertEqual(bool(self.bill._has_to_be_paid()), is_free)
        self.simulate(self.begin("/pay/overdue/transaction", 80.0, self.demo), "done")
        self.assertEqual(self.left(self.bill), [0])
        self.simulate_later(bill, "done")
        bill._post_process()
        self.assertEqual(bill.payment_id.amount, 80, "what comes after all is the debtor's")

    def simulate_later(self, payment, state):
        """What a provider says by itself, long after the page was closed."""
        data = {"reference": payment.reference, "payment_details": "4242", "simulated_state": state}
        self.make_jsonrpc_request("/payment/demo/simulate_payment", data)
        self.env.invalidate_all()

    # -- what changes meanwhile --------------------------------------------------------------

    def test_a_plan_that_is_renegotiated_knows_what_was_announced_before(self):
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "pending")
        revision = self.env["recovery.plan"].browse(self.running.action_renegotiate("Smaller")["res_id"])
        revision.instalment_count = 6
        revision.action_propose()
        revision.action_accept(signed_by="Anne Martin", date=self.today)
        revision.action_activate()
        self.assertEqual(self.running.state, "superseded")
        self.assertEqual(revision._portal_amounts()["all"], 200)
        self.assertIn(payment.reference, self.page(f"/plans/{revision.id}"))
        self.simulate(payment, "done")
        self.assertEqual((revision.amount_paid, revision._portal_amounts()["all"]), (100, 200))

    def test_a_plan_over_what_is_being_paid_knows_it(self):
        payment = self.begin("/pay/overdue/transaction", 80.0, self.demo)
        self.simulate(payment, "pending")
        plan = self.active_plan(self.bill, date_start=self.today)
        self.assertEqual(plan._portal_amounts()["all"], 0)
        self.simulate(payment, "done")
        self.assertEqual(plan.amount_paid, 80)

    def test_a_provider_that_was_closed_meanwhile_begins_nothing_and_books_what_it_took(self):
        payment = self.plan_payment(self.demo)
        self.demo[0].state = "disabled"
        self.refused_to_begin()
        self.simulate(payment, "done")
        self.assertEqual((payment.state, self.running.amount_paid), ("done", 100))

    def test_whose_access_ended_meanwhile_has_paid_all_the_same(self):
        payment = self.plan_payment(self.demo)
        self.debtor.recovery_portal_link_ids.sudo()._revoke()
        self.debtor.recovery_no_portal = True
        self.refused_to_begin()
        self.simulate(payment, "done")
        self.assertEqual(self.running.amount_paid, 100)
        self.assertEqual(self.url_open(self.root).status_code, 404)

    def test_a_debtor_that_became_another_s_contact_paid_its_own_debt(self):
        payment = self.plan_payment(self.demo)
        self.debtor.parent_id = self.env["res.partner"].create({"name": "Group", "is_company": True})
        self.simulate(payment, "done")
        self.assertEqual(self.running.amount_paid, 100)
        self.give_back(payment, 100)
        self.assertEqual(self.running.amount_paid, 0)

    # -- who pays, and in what ---------------------------------------------------------------

    def test_a_contact_abroad_pays_its_firm_s_debt_and_gets_no_credit_of_its_own(self):
        account = self.company_data["default_account_receivable"].copy()
        contact = self.contact("abroad", self.debtor, country_id=self.env.ref("base.jp").id)
        contact.property_account_receivable_id = account
        self.login(self.portal_user("pays_abroad", contact))
        self.root = f"/my/creditor/{self.company.id}"
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "done")
        self.assertEqual(payment.partner_id, contact)
        self.assertEqual((payment.payment_id.partner_id, self.running.amount_paid), (self.debtor, 100))
        self.give_back(payment, 40)
        self.assertEqual(self.running.amount_paid, 60)
        lines = self.env["account.move.line"].search([("account_id", "=", account.id)])
        self.assertFalse(lines)

    def test_what_is_owed_in_another_currency_is_paid_and_given_back_in_it(self):
        currency = self.setup_other_currency("GBP", rates=[("1900-01-01", 2.0)])
        bill = self.late_invoice(200, 25, currency_id=currency.id)
        path = f"/pay/{self.item(bill).id}/transaction"
        self.assertIn("changed", self.refused_to_begin(path, 200.5))
        payment = self.begin(path, 150.0, self.demo)
        self.assertEqual(payment.currency_id, currency)
        self.simulate(payment, "done")
        self.assertEqual(self.item(bill).amount_residual_currency, 50)
        self.give_back(payment, 70)
        self.assertEqual(self.item(bill).amount_residual_currency, 120)
        self.assertEqual(self.left(self.bill), [80])

    # -- what is not paid here ---------------------------------------------------------------

    def test_nothing_is_paid_while_an_insolvency_takes_in_all(self):
        hold = self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "kind": "insolvency",
                "reason": "Opened",
                "date_until": "2100-01-01",
            }
        )
        plan = f"/plans/{self.running.id}"
        self.assertIn("insolvency", self.refused_to_begin())
        self.assertIn("insolvency", self.refused_to_begin(f"{plan}/transaction/next", 100.0))
        self.assertIn("insolvency", self.bill._get_online_payment_error())
        self.assertFalse(self.bill._has_to_be_paid())
        for path in ("", plan, f"{plan}?choice=next", "/pay"):
            page = self.page(path)
            self.assertIn("insolvency runs", page)
            for button in ("Pay all that is overdue", "Everything:", "o_payment_form"):
                self.assertNotIn(button, page)
        hold.unlink()
        self.assertTrue(self.bill._has_to_be_paid())
        self.assertEqual(self.paid().state, "done")

    def test_an_insolvency_that_names_what_a_plan_covers_takes_its_plan_in(self):
        hold = {"partner_id": self.debtor.id, "kind": "insolvency", "reason": "x", "date_until": "2100-01-01"}
        self.env["recovery.hold"].create({**hold, "move_line_ids": self.running.item_ids.move_line_id.ids})
        with self.assertRaisesRegex(ValidationError, "insolvency"):
            self.running._portal_step("next")
        self.simulate(self.begin("/pay/overdue/transaction", 80.0, self.demo), "done")
        self.assertEqual(self.left(self.bill), [0])

    # -- what nobody may say -----------------------------------------------------------------

    def test_what_is_said_of_a_payment_by_whoever_did_not_begin_it_changes_nothing(self):
        payment = self.begin("/pay/overdue/transaction", 80.0, self.wire)
        self.login()
        for words in (
            {"reference": "x"},
            {"reference": payment.reference + "1"},
            {"reference": ""},
            {},
            {"reference": payment.reference, "amount": "1", "currency": "USD", "simulated_state": "done"},
        ):
            with mute_logger("odoo.addons.payment.models.payment_transaction"):
                answer = self.url_open("/payment/custom/process", data=words)
            self.assertLess(answer.status_code, 500, words)
        self.env.invalidate_all()
        self.assertEqual((payment.state, payment.amount, self.left(self.bill)), ("pending", 80, [80]))
        with mute_logger("odoo.addons.payment.models.payment_transaction"):
            self.simulate_later(payment, "done")  # the other provider's word for it
        self.assertEqual(payment.state, "pending")

    def test_the_payment_of_another_is_neither_shown_nor_finished(self):
        stranger = self.env["res.partner"].create({"name": "Stranger", "email": "stranger@example.com"})
        self.invoice(70, self.today - timedelta(days=9), partner_id=stranger.id)
        mine, root = self.plan_payment(self.demo), self.root
        self.root = self.link(stranger)._path()
        theirs = self.begin("/pay/overdue/transaction", 70.0, self.demo)
        self.simulate(theirs, "pending")
        self.assertNotIn(mine.reference, self.page())
        self.assertNotIn(theirs.reference, self.url_open(root).text)
        self.refused_to_begin(f"/plans/{self.running.id}/transaction/next", 100.0)
        self.refused_to_begin(f"/pay/{self.item(self.bill).id}/transaction", 80.0)
        self.assertEqual((mine.state, self.running.amount_paid), ("draft", 0))
