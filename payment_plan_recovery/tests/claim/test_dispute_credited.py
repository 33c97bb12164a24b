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
        self.credited(20, 32)
        self.asked()
        self.assertEqual(self.dispute.state, "open")

    def test_what_was_credited_before_is_not_what_is_disputed(self):
        self.credited(30, 25)
        self.assertEqual((self.asked(), self.dispute.state), (40, "open"))

    def test_what_was_paid_is_the_undisputed_part(self):
        self.pay(self.move, 70, on=2)
        self.assertEqual((self.asked(), self.dispute.state), (0, "open"))
