"""Payments as Odoo's own providers make them, over HTTP: the simulated one, and the wire transfer."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger
from providers_common import ProvidersCommon


@tagged("post_install", "-at_install")
class TestProviders(ProvidersCommon):
    # -- the simulated provider --------------------------------------------------------------

    def test_an_instalment_is_paid_booked_and_shown(self):
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "done")
        self.assertEqual((payment.state, payment.payment_id.partner_id), ("done", self.debtor))
        self.assertEqual(self.running.amount_paid, 100)
        page = self.url_open(f"{self.root}/plans/{self.running.id}").text
        self.assertIn("Paid", page)

    def test_what_the_history_tells_is_in_the_company_s_language(self):
        """Whatever its visitor speaks, and Odoo with it."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        known = self.running.message_ids
        self.simulate(self.plan_payment(self.demo), "done")
        told = " ".join((self.running.message_ids - known).mapped("body"))
        for words in ("initiée", "confirmé", "validé"):
            self.assertIn(words, told)
        self.assertNotIn("has been", told)

    def test_an_invoice_is_paid(self):
        payment = self.begin("/pay/overdue/transaction", 80.0, self.demo)
        self.simulate(payment, "done")
        self.assertEqual(self.item(self.bill).amount_residual, 0)

    def test_pending_is_announced_and_held_until_it_is_given_up(self):
        for end in ("cancel", "error"):
            with self.subTest(end):
                payment = self.plan_payment(self.demo)
                self.simulate(payment, "pending")
                self.assertEqual(self.holds(), payment.recovery_hold_id)
                self.assertEqual(self.holds().move_line_ids, self.running.item_ids.move_line_id)
                self.assertIn("Announced", self.url_open(f"{self.root}/plans/{self.running.id}").text)
                {"cancel": payment.action_demo_set_canceled, "error": payment.action_demo_set_error}[end]()
                self.env.invalidate_all()
                self.assertFalse(self.holds())
                self.assertEqual(self.running.amount_paid, 0)
                self.assertNotIn("Announced", self.url_open(f"{self.root}/plans/{self.running.id}").text)

    def test_the_same_answer_twice_is_booked_once(self):
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "done")
        self.simulate(payment, "done")
        self.assertEqual(self.running.amount_paid, 100)
        self.assertEqual(
            self.env["account.payment"].search_count([("payment_transaction_id", "=", payment.id)]), 1
        )

    def test_a_refund_by_the_provider_undoes_it(self):
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "done")
        payment.provider_id.sudo().capture_manually = False
        payment.action_refund(100)
        self.env["payment.transaction"].sudo().search(
            [("source_transaction_id", "=", payment.id)]
        )._post_process()
        self.env.invalidate_all()
        self.assertEqual(self.running.amount_paid, 0)

    def odoo_s_own(self, amount=80.0):
        """Begin the payment of the bill on Odoo's page of the invoice; return the transaction."""
        access_token = self.bill._portal_ensure_token()
        provider, method = self.demo
        found = self.make_jsonrpc_request(
            f"/invoice/transaction/{self.bill.id}",
            {
                "access_token": access_token,
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "token_id": None,
                "amount": amount,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/",
            },
        )
        return self.env["payment.transaction"].sudo().search([("reference", "=", found["reference"])])

    def test_what_is_being_paid_here_is_not_paid_on_odoo_s_page_as_well(self):
        self.simulate(self.begin("/pay/overdue/transaction", 80.0, self.demo), "pending")
        self.assertFalse(self.bill._has_to_be_paid())
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.odoo_s_own()

    def test_what_is_being_paid_on_odoo_s_page_is_announced_and_not_paid_here_as_well(self):
        payment = self.odoo_s_own()
        payment._set_pending()
        self.assertEqual(self.holds().move_line_ids, self.item(self.bill))
        self.assertIn(payment.reference, self.url_open(self.root).text)
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.begin("/pay/overdue/transaction", 80.0, self.demo)
        payment._set_done()
        payment._post_process()
        self.env.invalidate_all()
        self.assertFalse(self.holds())
        self.assertEqual(self.item(self.bill).amount_residual, 0)

    # -- wire transfers --------------------------------------------------------------------

    def test_a_wire_transfer_is_announced_and_held_and_comes_by_the_bank(self):
        self.wire[0].pending_msg = "<p>Our account: BE71 0961 2345 6769</p>"
        payment = self.begin("/pay/overdue/transaction", 80.0, self.wire)
        self.assertEqual(payment.reference, self.bill.name)
        self.url_open("/payment/custom/process", data={"reference": payment.reference})
        self.env.invalidate_all()
        self.assertEqual(payment.state, "pending")
        self.assertEqual(self.holds().move_line_ids, self.item(self.bill))
        self.assertEqual(
            self.item(self.bill).amount_residual, 80, "nothing is booked before the bank says so"
        )
        page = self.url_open(self.root).text
        self.assertIn("Announced", page)
        self.assertRegex(page, f"BE71 0961 2345 6769(?s:.)*Communication: (?s:.)*{payment.reference}")
        for offered in ("Pay all that is overdue", "Pay by instalments", "You will pay what is late"):
            self.assertNotIn(offered, page, "all that is late is announced")
        self.assertIn("Pay the invoices ticked", page)
        other = self.plan_payment(self.wire)
        other._set_pending()
        self.assertIn("BE71 0961 2345 6769", self.url_open(f"{self.root}/plans/{self.running.id}").text)
        self.pay(self.bill, 80, self.today)
        (payment | other)._set_canceled()
        self.assertFalse(self.holds())

    def test_a_transfer_that_never_comes_does_not_keep_the_debtor_from_paying(self):
        wire = self.begin("/pay/overdue/transaction", 80.0, self.wire)
        plan = self.plan_payment(self.wire)
        (wire | plan)._set_pending()
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.begin("/pay/overdue/transaction", 80.0, self.demo)
        before, yesterday = self.today - timedelta(days=6), self.today - timedelta(days=1)
        (wire | plan).last_state_change = before
        (wire | plan).recovery_hold_id.write({"date_from": before, "date_until": yesterday})
        again = self.plan_payment(self.wire)
        again._set_pending()
        self.assertFalse(again.recovery_hold_id, "nobody rests for ever by announcing")
        again._set_canceled()
        self.simulate(self.begin("/pay/overdue/transaction", 80.0, self.demo), "done")
        self.assertEqual(self.item(self.bill).amount_residual, 0)
        self.simulate(self.plan_payment(self.demo), "done")
        self.assertEqual(self.running.amount_paid, 100)
