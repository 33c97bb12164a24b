"""Orders under a limit of 1,000 that blocks, in the mixes in which they come: each counted once, each judged."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .order_common import OrderCommon


@tagged("post_install", "-at_install")
class TestCreditOrderMixes(OrderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_rule()
        cls.ordered.list_price = 100.0  # what a line costs again when its quantity changes
        cls.delivered.list_price = 100.0

    def confirmed(self, amount=100.0, **values):
        order = self.make_order(amount=amount, **values)
        order.action_confirm()
        return order

    def exposure(self, debtor=None):
        debtor = debtor or self.debtor
        debtor.invalidate_recordset()
        return debtor.recovery_exposure

    def assert_held_up(self, act):
        with self.assertRaises(UserError), self.cr.savepoint():
            act()
        self.env.invalidate_all()

    def deposit(self, order, amount):
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        wizard.create({"advance_payment_method": "fixed", "fixed_amount": amount}).create_invoices()
        return order.invoice_ids.sorted("id")[-1]

    def reversed(self, invoice, *, anew=False):
        """Return the credit note of ``invoice``; with ``anew``, the draft that takes its place."""
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": invoice.ids, "journal_id": invoice.journal_id.id, "reason": "Wrong address"}
        )
        done = wizard.modify_moves() if anew else wizard.reverse_moves()
        return self.env["account.move"].browse(done["res_id"])

    # -- changed, cancelled, confirmed anew --------------------------------------------------

    def test_lowered_and_raised_again(self):
        order = self.confirmed(amount=100, quantity=9)
        order.order_line.product_uom_qty = 3
        other = self.confirmed(amount=700)
        self.assert_held_up(lambda: order.order_line.write({"product_uom_qty": 4}))
        other._action_cancel()
        order.order_line.write({"product_uom_qty": 10})
        self.assertEqual(self.exposure(), 1000)

    def test_cancelled_and_confirmed_anew(self):
        order = self.confirmed(amount=600)
        order._action_cancel()
        other = self.confirmed(amount=600)
        order.action_draft()
        self.assert_held_up(order.action_confirm)
        other._action_cancel()
        order.action_confirm()
        self.assertEqual(self.exposure(), 600)

    def test_a_cancelled_order_is_not_written_back_past_the_gate(self):
        order = self.confirmed(amount=600)
        order._action_cancel()
        self.confirmed(amount=600)
        self.assert_held_up(lambda: order.write({"state": "sale"}))
        self.assertEqual(order.state, "cancel")

    def test_cancelled_when_a_part_is_invoiced(self):
        order = self.confirmed(amount=100, quantity=9)
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 4
        invoice.action_post()
        self.assertEqual(self.exposure(), 900)
        order._action_cancel()
        self.assertEqual(self.exposure(), 400)
        self.assert_held_up(lambda: self.confirmed(amount=600.01))
        self.confirmed(amount=600)

    def test_one_paid_in_advance_is_judged_when_it_grows_past_what_was_paid(self):
        order = self.make_order(amount=1500)
        self.patch(type(order), "amount_paid", property(lambda order: 1500.0))
        order.action_confirm()
        order.order_line.price_unit = 1400
        order.order_line.price_unit = 1500
        self.assert_held_up(lambda: order.order_line.write({"price_unit": 1500.01}))
        self.assertEqual(order.amount_total, 1500)

    def test_who_owes_by_the_customer_that_is_changed(self):
        rich = self.make_debtor("Rich", limit=5000, risk_class=self.class_a)
        order = self.confirmed(debtor=rich, amount=1000.01)
        self.assert_held_up(lambda: order.write({"partner_id": self.debtor.id}))
        order.order_line.price_unit = 1000
        order.write({"partner_id": self.debtor.id})
        self.assertEqual((self.exposure(), self.exposure(rich)), (1000, 0))

    def test_together_over_the_limit(self):
        both = self.make_order(amount=600) | self.make_order(amount=600)
        self.assert_held_up(both.action_confirm)
        self.assertEqual(set(both.mapped("state")), {"draft"})
        both[0].action_confirm()
        self.assert_held_up(both[1].action_confirm)

    # -- delivered and invoiced in part --------------------------------------------------------

    def test_what_others_promise_by_delivery_counts_for_the_next_order(self):
        first = self.confirmed(amount=300, quantity=2, product=self.delivered)
        self.assertEqual(self.exposure(), 0, "nothing is delivered")
        self.assert_held_up(lambda: self.confirmed(amount=400.01, product=self.delivered))
        self.assert_held_up(lambda: self.confirmed(amount=400.01))
        first.order_line.qty_delivered = 1
        self.assert_held_up(lambda: self.confirmed(amount=400.01))
        first._create_invoices().action_post()
        self.assert_held_up(lambda: self.confirmed(amount=400.01))
        self.confirmed(amount=400)
        self.pay(first.invoice_ids, 300)
        self.assert_held_up(lambda: self.confirmed(amount=300.01, product=self.delivered))
        self.confirmed(amount=300, product=self.delivered)

    def test_what_is_promised_is_foreseen_on_the_quotation(self):
        self.confirmed(amount=300, quantity=2, product=self.delivered)
        refused = self.make_order(amount=400.01)
        self.assertEqual(refused.recovery_credit_action, "block")
        for words in ("1,000.01", "In it, ordered and not delivered yet:", "600.00"):
            self.assertIn(words, refused.recovery_credit_note, "the debtor's page shows an exposure of 0")
        self.assertFalse(self.make_order(amount=400).recovery_credit_action)

    def test_what_is_promised_in_a_branch_and_in_another_currency(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        dollar = self.setup_dollar(2.0)
        self.confirmed(amount=600, quantity=2, product=self.delivered, pricelist_id=dollar.id)
        theirs = self.make_order(amount=400.01, company_id=branch.id)
        self.assert_held_up(theirs.action_confirm)
        theirs.order_line.price_unit = 400
        theirs.action_confirm()
        self.assertEqual(self.exposure(), 400)
        self.assert_held_up(lambda: self.confirmed(amount=0.01, product=self.delivered))

    def test_what_was_cancelled_or_lowered_to_what_was_delivered_promises_nothing(self):
        order = self.confirmed(amount=300, quantity=3, product=self.delivered)
        order.order_line.qty_delivered = 1
        self.assert_held_up(lambda: self.confirmed(amount=100.01))
        order.order_line.write({"product_uom_qty": 1, "price_unit": 300})
        other = self.confirmed(amount=700, product=self.delivered)
        self.assert_held_up(lambda: self.confirmed(amount=0.01))
        other._action_cancel()
        self.confirmed(amount=700)

    def test_an_order_with_a_promise_is_changed(self):
        """What is promised by the order itself counts once while it changes."""
        order = self.confirmed(amount=450, quantity=2, product=self.delivered)
        order.order_line.write({"price_unit": 500})
        self.assert_held_up(lambda: order.order_line.write({"price_unit": 500.01}))
        order.order_line.qty_delivered = 1
        order.order_line.write({"product_uom_qty": 1})
        self.confirmed(amount=500, product=self.delivered)

    def test_invoiced_in_part_and_paid_in_part(self):
        order = self.confirmed(amount=100, quantity=10)
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 4
        invoice.action_post()
        self.assertEqual(self.exposure(), 1000)
        self.pay(invoice, 250)
        self.assertEqual(self.exposure(), 750)
        self.assert_held_up(lambda: self.confirmed(amount=250.01))
        rest = order._create_invoices()
        self.assertFalse(rest.recovery_credit_action)
        rest.action_post()
        self.assertEqual(self.exposure(), 750)

    def test_a_deposit_of_an_order_delivered_in_part_and_deducted(self):
        order = self.confirmed(amount=100, quantity=10, product=self.delivered)
        deposit = self.deposit(order, 400)
        deposit.action_post()
        self.assertEqual(self.exposure(), 400)
        goods = order.order_line.filtered(lambda line: not line.is_downpayment and line.product_id)
        goods.qty_delivered = 6
        self.assertEqual(self.exposure(), 600, "what is delivered, the deposit in it")
        final = order._create_invoices(final=True)
        self.assertEqual((final.amount_total, self.exposure()), (200, 600))
        final.action_post()
        self.assertEqual(self.exposure(), 600)
        goods.qty_delivered = 10
        self.assertEqual(self.exposure(), 1000)
        order._create_invoices().action_post()
        self.assertEqual(self.exposure(), 1000)

    def test_a_deposit_that_is_credited_gives_its_room_back_to_the_order(self):
        order = self.confirmed(amount=1000)
        deposit = self.deposit(order, 300)
        deposit.action_post()
        self.assertEqual(self.exposure(), 1000)
        self.reversed(deposit).action_post()
        self.assertEqual(self.exposure(), 1000)
        final = order._create_invoices(final=True)
        final.action_post()
        self.assertEqual((final.amount_total, self.exposure()), (1000, 1000))

    # -- issued anew -----------------------------------------------------------------------------

    def test_an_invoice_of_an_order_is_credited_and_issued_anew(self):
        for drafts in (False, True):
            with self.subTest(drafts=drafts), self.env.cr.savepoint() as savepoint:
                self.company.recovery_exposure_drafts = drafts
                order = self.confirmed(amount=1000)
                invoice = order._create_invoices()
                invoice.action_post()
                anew = self.reversed(invoice, anew=True)
                self.assertEqual((anew.state, self.exposure()), ("draft", 1000))
                self.assertFalse(anew.recovery_credit_action)
                anew.action_post()
                self.assertEqual(self.exposure(), 1000)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_an_invoice_without_order_is_credited_and_issued_anew(self):
        for drafts in (False, True):
            with self.subTest(drafts=drafts), self.env.cr.savepoint() as savepoint:
                self.company.recovery_exposure_drafts = drafts
                invoice = self.invoice(self.debtor, 1000)
                anew = self.reversed(invoice, anew=True)
                self.assertEqual(self.exposure(), 1000 if drafts else 0)
                anew.action_post()
                self.assertEqual(self.exposure(), 1000)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_credit_note_that_is_no_more_than_a_draft_makes_no_room(self):
        self.company.recovery_exposure_drafts = True
        invoice = self.invoice(self.debtor, 1000)
        credit_note = self.reversed(invoice)
        self.assertEqual((credit_note.state, self.exposure()), ("draft", 1000))
        self.assert_held_up(lambda: self.confirmed(amount=1))
        credit_note.action_post()
        self.assertEqual(self.exposure(), 0)
        self.confirmed(amount=1000)

    def test_a_credit_note_of_an_order_that_is_no_more_than_a_draft(self):
        self.company.recovery_exposure_drafts = True
        order = self.confirmed(amount=1000)
        invoice = order._create_invoices()
        invoice.action_post()
        credit_note = self.reversed(invoice)
        self.assertEqual((credit_note.state, self.exposure()), ("draft", 1000))
        credit_note.action_post()
        self.assertEqual(self.exposure(), 1000, "the order is to be invoiced again")
        order.order_line.product_uom_qty = 0
        self.assertEqual(self.exposure(), 0)

    # -- whoever orders, wherever, in whatever currency --------------------------------------------

    def test_of_a_contact_of_the_debtor(self):
        contact = self.env["res.partner"].create(
            {"name": "Anne", "parent_id": self.debtor.id, "type": "contact"}
        )
        self.confirmed(debtor=contact, amount=600)
        self.assertEqual(self.exposure(), 600)
        self.assert_held_up(lambda: self.confirmed(debtor=contact, amount=400.01))
        self.assert_held_up(lambda: self.confirmed(amount=400.01))
        self.confirmed(amount=400)

    def test_in_a_branch(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        self.confirmed(amount=600)
        theirs = self.make_order(amount=400.01, company_id=branch.id)
        self.assert_held_up(theirs.action_confirm)
        theirs.order_line.price_unit = 400
        theirs.action_confirm()
        self.assertEqual(self.exposure(), 1000)
        self.assert_held_up(lambda: self.confirmed(amount=0.01))

    def test_in_another_currency_that_moves(self):
        dollar = self.setup_dollar(2.0)
        order = self.confirmed(amount=2000, pricelist_id=dollar.id)
        self.assertEqual(self.exposure(), 1000)
        self.assert_held_up(lambda: self.confirmed(amount=0.02, pricelist_id=dollar.id))
        order.order_line.price_unit = 1000
        self.assert_held_up(lambda: order.order_line.write({"price_unit": 2000.02}))
        self.confirmed(amount=500)
        self.assert_held_up(lambda: order.order_line.write({"price_unit": 1000.02}))
        deposit = self.deposit(order, 400)
        self.assertEqual(deposit.currency_id, dollar.currency_id)
        deposit.action_post()
        self.assertEqual(self.exposure(), 1000)
        order._create_invoices(final=True).action_post()
        self.assertEqual(self.exposure(), 1000)

    def setup_dollar(self, rate):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "company_id": self.company.id, "name": "2020-01-01", "rate": rate}
        )
        return self.env["product.pricelist"].create({"name": "Dollars", "currency_id": dollar.id})

    def test_a_line_added_in_place_of_another(self):
        order = self.confirmed(amount=900)
        self.assert_held_up(
            lambda: order.write(
                {
                    "order_line": [
                        Command.update(order.order_line.id, {"product_uom_qty": 0}),
                        Command.create(
                            {"product_id": self.delivered.id, "price_unit": 1000.01, "tax_ids": False}
                        ),
                    ]
                }
            )
        )
        self.assertEqual(self.exposure(), 900)
