"""Invoices that are deleted, or get other due dates, while a hold, a promise or a dispute names them."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestItemsGone(DunningCommon):
    """What named one invoice is about that invoice, and never about everything the debtor owes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_policy({"trigger": "due_date", "delay_days": 0})
        cls.debtor = cls.make_debtor()
        cls.other = cls.invoice(cls.debtor, 500)
        cls.about = {"partner_id": cls.debtor.id, "company_id": cls.company.id}

    def named(self, move):
        return {**self.about, "move_line_ids": [Command.set(self.item(move).ids)]}

    def delete(self, move):
        move.button_draft()
        move.with_context(force_delete=True).unlink()

    def test_a_hold_ends_with_its_invoice(self):
        move = self.invoice(self.debtor, 100)
        hold = self.env["recovery.hold"].create(
            {**self.named(move), "reason": "Wrong price", "date_from": day(-5), "date_until": "2100-01-01"}
        )
        self.delete(move)
        today = self.company._recovery_today()
        self.assertEqual(self.reason(self.other, (today - day(0)).days), "selected")
        self.assertEqual(hold.date_until, today - timedelta(days=1))

    def test_one_of_several_leaves_the_hold_on_the_others(self):
        gone, stays = self.invoice(self.debtor, 100), self.invoice(self.debtor, 200)
        hold = self.env["recovery.hold"].create(
            {
                **self.named(gone + stays),
                "reason": "Wrong price",
                "date_from": day(-5),
                "date_until": "2100-01-01",
            }
        )
        self.delete(gone)
        self.assertEqual(hold.move_line_ids, self.item(stays))
        self.assertEqual(str(hold.date_until), "2100-01-01")
        self.assert_reasons(stays, day1="on_hold")

    def test_a_promise_for_an_invoice_is_not_for_everything(self):
        move = self.invoice(self.debtor, 100)
        promise = self.env["recovery.promise"].create(
            {**self.named(move), "amount": 100, "date_given": day(0), "date_promised": day(10)}
        )
        self.delete(move)
        self.assertEqual(promise.state, "cancelled")
        promise._judge(day(20))
        self.assertEqual(promise.state, "cancelled")
        self.assertEqual(promise.hold_id.move_line_ids, self.env["account.move.line"])
        today = self.company._recovery_today()
        self.assertEqual(self.reason(self.other, (today - day(0)).days), "selected")

    def test_a_dispute_is_over_with_its_invoice(self):
        move = self.invoice(self.debtor, 100)
        dispute = self.env["recovery.dispute"].create({**self.named(move), "description": "Never ordered"})
        self.delete(move)
        today = self.company._recovery_today()
        self.assertEqual(self.reason(self.other, (today - day(0)).days + 1), "selected")
        self.assertIn(dispute, dispute._settled(), "closed by the next day's job")

    def halves(self):
        return self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 30)
                ],
            }
        )

    def second_half_disputed(self):
        """Return an invoice that is due by halves, its second item, and a dispute about that one."""
        move = self.invoice(
            self.debtor,
            100,
            invoice_payment_term_id=self.halves().id,
            invoice_date=day(-30),
            invoice_date_due=False,
        )
        _first, second = self.item(move).sorted("date_maturity")
        dispute = self.env["recovery.dispute"].create(
            {**self.about, "move_line_ids": [Command.set(second.ids)], "description": "Half was broken"}
        )
        return move, second, dispute

    def halve(self, move):
        """Correct a posted invoice: it is due by halves."""
        move.button_draft()
        move.write({"invoice_payment_term_id": self.halves().id, "invoice_date_due": False})
        move.action_post()
        self.assertEqual(len(self.item(move)), 2)

    def test_what_named_an_invoice_names_the_due_dates_that_it_gets(self):
        move, partly = self.invoice(self.debtor, 100), self.invoice(self.debtor, 300)
        since = {"date_from": day(-5), "date_until": "2100-01-01"}
        hold = self.env["recovery.hold"].create(
            {**self.named(move + partly), "reason": "Wrong price", **since}
        )
        over = self.env["recovery.hold"].create(
            {**self.named(move), "reason": "Old", "date_from": day(-5), "date_until": day(-1)}
        )
        promise = self.env["recovery.promise"].create(
            {**self.named(move), "amount": 100, "date_given": day(0), "date_promised": day(10)}
        )
        dispute = self.env["recovery.dispute"].create({**self.named(move), "description": "Never ordered"})
        first = self.item(move)
        self.halve(move)
        both = self.item(move)
        self.assertEqual(hold.move_line_ids, both + self.item(partly))
        self.assertEqual((promise.move_line_ids, dispute.move_line_ids), (both, both))
        self.assertEqual(dispute.hold_id.move_line_ids, both)
        self.assertEqual(over.move_line_ids, first, "what is over stays as it was")
        for item in both:
            self.assertEqual(self.reason(item, 40), "on_hold")

    def test_what_named_a_part_of_an_invoice_names_no_more_of_it(self):
        move, second, dispute = self.second_half_disputed()
        thirds = self.halves()
        thirds.line_ids[0].value_amount = 20
        thirds.line_ids = [Command.create({"value": "percent", "value_amount": 30, "nb_days": 60})]
        move.button_draft()
        move.invoice_payment_term_id = thirds
        move.action_post()
        self.assertEqual(len(self.item(move)), 3)
        self.assertEqual(dispute.move_line_ids, second)

    def test_a_dispute_about_a_due_date_that_is_no_more_is_about_the_invoice(self):
        move, _second, dispute = self.second_half_disputed()
        move.button_draft()
        move.write({"invoice_payment_term_id": False, "invoice_date_due": day(-30)})
        move.action_post()
        only = self.item(move)
        self.assertEqual(len(only), 1)
        self.assertEqual(dispute.move_line_ids, only)
        self.assertEqual(dispute.hold_id.move_line_ids, only)
        self.assertEqual(dispute.state, "open")
