"""What changes between the page, the click and the money: paid once, never wrong, and nothing is lost."""

import re
import sys
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from odoo.tests import tagged
from providers_common import ProvidersCommon


@tagged("post_install", "-at_install")
class TestPaymentRaces(ProvidersCommon):
    def test_what_changes_while_a_plan_is_being_paid(self):
        """From the same beginning each time: a page that offers 100 of 300."""
        for change in (
            self.bank_pays_a_part_before_the_click,
            self.bank_pays_all_while_a_payment_is_under_way,
            self.plan_is_cancelled_while_a_payment_is_under_way,
            self.payment_is_given_up_and_another_amount_paid,
            self.another_tab_pays_what_this_one_announced,
            self.another_tab_pays_the_instalment_that_this_one_offers,
            self.another_tab_pays_as_large_a_part_of_the_invoice,
        ):
            with self.subTest(change.__name__), closing(self.env.cr.savepoint()):
                change()

    def bank_pays_a_part_before_the_click(self):
        self.pay(self.running.item_ids.move_id, 60, self.today)
        for choice, amount in (("next", 100.0), ("all", 300.0), ("part", 241.0)):
            path = f"/plans/{self.running.id}/transaction/{choice}"
            self.assertRegex(self.refused_to_begin(path, amount), "has changed|between")
        self.paid("next", 40.0)
        self.assertEqual(self.running.amount_paid, 100)

    def bank_pays_all_while_a_payment_is_under_way(self):
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "pending")
        self.pay(self.running.item_ids.move_id, 300, self.today)
        self.running.sudo().monitor(self.today)
        self.assertEqual(self.running.state, "completed")
        self.simulate(payment, "done")
        self.assertEqual(
            (payment.state, self.running.state, self.running.amount_paid), ("done", "completed", 300)
        )
        self.assertEqual(payment.payment_id.move_id.line_ids.filtered("credit").amount_residual, -100)
        self.assertIn("not yet set against", self.page(), "it is the debtor's, and it reads so")

    def plan_is_cancelled_while_a_payment_is_under_way(self):
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "pending")
        self.running.sudo().action_cancel()
        self.refused_to_begin(f"/plans/{self.running.id}/transaction/next", 100.0)
        self.simulate(payment, "done")
        self.assertEqual(self.left(self.running.item_ids.move_id), [200], "it pays what it was begun for")
        self.assertIn("200.00", self.page(f"/plans/{self.running.id}"))

    def payment_is_given_up_and_another_amount_paid(self):
        payment = self.plan_payment(self.demo)
        self.simulate(payment, "pending")
        payment.action_demo_set_canceled()
        self.paid("part", 250.0)
        self.assertEqual(
            [row.amount_paid for row in self.running.instalment_ids.sorted("number")], [100, 100, 50]
        )
        self.comes_after_all(payment)
        self.assertEqual(
            (payment.state, self.running.amount_paid), ("done", 300), "money that came after all is booked"
        )

    def another_tab_pays_what_this_one_announced(self):
        first = self.plan_payment(self.demo)
        self.simulate(first, "pending")
        for choice, amount in (("all", 300.0), ("part", 200.5)):
            path = f"/plans/{self.running.id}/transaction/{choice}"
            self.assertRegex(self.refused_to_begin(path, amount), "has changed|between")
        self.paid("all", 200.0)
        self.comes_after_all(first)
        self.assertEqual((self.running.amount_paid, self.left(self.running.item_ids.move_id)), (300, [0]))

    def route_of(self, path):
        """Where the form of a page begins its payment."""
        return (
            re.search(r'data-transaction-route="([^"]+)"', self.page(path)).group(1).removeprefix(self.root)
        )

    def another_tab_pays_the_instalment_that_this_one_offers(self):
        """The next instalment is as large: by its amount alone it would be paid as well."""
        route = self.route_of(f"/plans/{self.running.id}?choice=next")
        self.paid("next", 100.0)
        self.assertIn("has changed", self.refused_to_begin(route, 100.0))
        self.assertEqual(self.running.amount_paid, 100)

    def another_tab_pays_as_large_a_part_of_the_invoice(self):
        route = self.route_of(f"/pay?items={self.item(self.bill).id}&amount=30")
        self.simulate(self.begin(route, 30.0, self.demo), "done")
        self.assertIn("has changed", self.refused_to_begin(route, 30.0))
        self.assertEqual(self.left(self.bill), [50])

    def comes_after_all(self, payment):
        """The browser waits for a later payment: this one is booked by Odoo's job."""
        self.simulate(payment, "done")
        payment._post_process()
        self.env.invalidate_all()
