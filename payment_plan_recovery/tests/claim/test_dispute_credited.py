"""A credit note for the disputed part of an invoice settles the dispute: the rest is asked for, and all of the rest."""

from freezegun import freeze_time
from odoo import Command
from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestDisputeCredited(DunningCommon):
    def setUp(self):
        super().setUp()
        self.make_policy({"trigger": "due_date", "delay_days": 5})
        self.debtor = self.make_debtor()
        self.move = self.invoice(self.debtor, 100)
        with freeze_time(day(1)):
            self.dispute = self.env["recovery.dispute"].create(
                {
                    "partner_id": self.debtor.id,
                    "company_id": self.company.id,
                    "move_line_ids": [Command.set(self.item(self.move).ids)],
                    "amount": 30,
                    "description": "Two boxes were broken",
                }
            )

    def credited(self, amount, due):
        """A credit note of ``amount`` matched with the invoice, dated 30 days before ``due``."""
        note = self.invoice(self.debtor, -amount, due=due)
        (self.item(self.move) + self.item(note)).reconcile()

    def asked(self):
        """What is asked for ten days after the due date, once the nightly job has looked."""
        with freeze_time(day(9)):
            self.env["recovery.dispute"]._settled()._close_settled()
        run = self.make_run(10)
        run.action_propose()
        return sum(run.line_ids.mapped("amount_residual"))

    def test_the_disputed_part_was_credited(self):
        self.credited(30, 32)
        self.assertEqual(self.asked(), 70)
        self.assertEqual((self.dispute.state, self.dispute.outcome), ("closed", "settled"))

    def test_nothing_was_credited(self):
        self.assertEqual((self.asked(), self.dispute.state), (70, "open"))

    def test_less_was_credited_it_stays_open(self):
        with freeze_time(day(4)):
            self.credited(20, 32)
        self.assertEqual(self.asked(), 70, "of the 80 left 10 are disputed still")
        self.assertEqual(self.dispute.state, "open")
        self.assertEqual((self.dispute.amount, self.dispute.hold_id.amount), (30, 10))

    def test_what_was_credited_before_is_not_what_is_disputed(self):
        self.credited(30, 25)
        self.assertEqual((self.asked(), self.dispute.state), (40, "open"))

    def test_what_was_paid_is_the_undisputed_part(self):
        self.pay(self.move, 70, on=2)
        self.assertEqual((self.asked(), self.dispute.state), (0, "open"))

    def holds(self):
        """(first day, last day, amount) of what was ever held for the dispute."""
        holds = self.env["recovery.hold"].search([("partner_id", "=", self.debtor.id)], order="id")
        return [(hold.date_from, hold.date_until, hold.amount) for hold in holds]

    def test_figures_keep_what_was_disputed_before(self):
        with freeze_time(day(4)):
            self.credited(12, 32)
            self.credited(8, 32)
        self.assertEqual(self.holds(), [(day(1), day(3), 30), (day(4), False, 10)])
        with freeze_time(day(5)):
            self.dispute.date_deadline = day(30)
        self.assertEqual(self.holds(), [(day(1), day(3), 30), (day(4), False, 10)])

    def test_a_credit_note_that_is_taken_off_again(self):
        with freeze_time(day(1)):
            self.credited(20, 32)
        self.assertEqual(self.holds(), [(day(1), False, 10)])
        with freeze_time(day(3)):
            self.item(self.move).remove_move_reconcile()
            self.assertEqual(self.dispute.hold_id.amount, 30)

    def test_the_rest_was_credited_too(self):
        for on, amount in ((3, 20), (5, 10)):
            with freeze_time(day(on)):
                self.credited(amount, 32)
        self.assertEqual(self.dispute.hold_id.amount, 10, "closed by night")
        self.assertEqual((self.asked(), self.dispute.state), (70, "closed"))
