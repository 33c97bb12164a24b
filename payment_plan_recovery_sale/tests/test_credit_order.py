"""Orders and limits: what counts as exposure, and what confirming an order meets."""

from odoo import Command
from odoo.addons.payment_plan_recovery.tests.solvency.solvency_common import TODAY, ago
from odoo.exceptions import UserError
from odoo.tests import tagged

from .order_common import OrderCommon


@tagged("post_install", "-at_install")
class TestCreditOrder(OrderCommon):
    # Exposure

    def test_confirmed_orders_count_until_they_are_invoiced(self):
        order = self.make_order(amount=50, quantity=4)
        self.assert_to_invoice(0)
        order.action_confirm()
        self.assert_to_invoice(200)
        invoice = order._create_invoices()
        self.assert_to_invoice(200)
        invoice.invoice_line_ids.quantity = 3
        invoice.action_post()
        self.assert_to_invoice(50)
        self.assertEqual(self.debtor.recovery_exposure, 200)
        refund = self.invoice(self.debtor, -50, post=False)
        refund.invoice_line_ids.sale_line_ids = order.order_line
        refund.action_post()
        self.assert_to_invoice(100)

    def test_delivered_quantities_by_the_products_policy(self):
        order = self.make_order(amount=50, quantity=4, product=self.delivered)
        order.action_confirm()
        self.assert_to_invoice(0)
        order.order_line.qty_delivered = 3
        self.assert_to_invoice(150)

    def test_taxes_are_owed_too(self):
        country = self.env.ref("base.fr")
        self.company.account_fiscal_country_id = country
        group = self.env["account.tax.group"].create({"name": "VAT", "country_id": country.id})
        tax = self.env["account.tax"].create(
            {
                "name": "20 %",
                "amount": 20,
                "type_tax_use": "sale",
                "tax_group_id": group.id,
                "country_id": country.id,
            }
        )
        order = self.make_order(amount=100)
        order.order_line.tax_ids = tax
        order.action_confirm()
        self.assert_to_invoice(120)

    def test_orders_in_another_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "company_id": self.company.id, "name": ago(10), "rate": 2.0}
        )
        pricelist = self.env["product.pricelist"].create({"name": "Dollars", "currency_id": dollar.id})
        order = self.make_order(amount=100, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, dollar)
        order.action_confirm()
        self.assert_to_invoice(50)

    def test_cancelled_orders_and_other_companies_do_not_count(self):
        order = self.make_order()
        order.action_confirm()
        order._action_cancel()
        self.assert_to_invoice(0)

    def test_a_deposit_is_part_of_its_order(self):
        """Invoiced, drafted, deducted from the final invoice: the debtor is good for the order, and for no more."""
        for drafts in (False, True):
            with self.subTest(drafts=drafts):
                self.company.recovery_exposure_drafts = drafts
                debtor = self.make_debtor(f"Deposit {drafts}", limit=1000, risk_class=self.class_c)
                self.make_rule()
                order = self.make_order(debtor, amount=900)
                order.action_confirm()

                def exposure(debtor=debtor):
                    debtor.invalidate_recordset()
                    return debtor.recovery_exposure

                wizard = self.env["sale.advance.payment.inv"].with_context(
                    active_model="sale.order", active_ids=order.ids
                )
                wizard.create({"advance_payment_method": "fixed", "fixed_amount": 300}).create_invoices()
                deposit = order.invoice_ids
                self.assertEqual((deposit.amount_total, exposure()), (300, 900))
                deposit.action_post()  # by who gives no more credit than the order had
                self.assertEqual((exposure(), debtor.recovery_exposure_to_invoice), (900, 600))
                self.pay(deposit, 300)
                self.assertEqual(exposure(), 600)
                final = order._create_invoices(final=True)
                self.assertEqual((final.amount_total, exposure()), (600, 600))
                final.action_post()
                self.assertEqual((exposure(), debtor.recovery_exposure_to_invoice), (600, 0))

    def test_a_deposit_is_owed_though_little_is_delivered(self):
        order = self.make_order(amount=100, quantity=10, product=self.delivered)
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        wizard.create({"advance_payment_method": "fixed", "fixed_amount": 300}).create_invoices()
        order.invoice_ids.action_post()
        for delivered, to_invoice in ((0, 0), (1, 0), (3, 0), (4, 100), (10, 700)):
            order.order_line.filtered(lambda line: not line.is_downpayment).qty_delivered = delivered
            self.debtor.invalidate_recordset()
            found = (self.debtor.recovery_exposure_to_invoice, self.debtor.recovery_exposure)
            self.assertEqual(found, (to_invoice, 300 + to_invoice), delivered)

    def test_over_limit_by_orders_alone(self):
        self.make_order(amount=1000.01).action_confirm()
        found = self.env["res.partner"].search([("recovery_over_limit", "=", True)])
        self.assertIn(self.debtor, found)

    # Enforcement

    def test_both_sides_of_the_limit(self):
        self.make_rule()
        self.invoice(self.debtor, 600)
        with self.assertRaises(UserError):
            self.make_order(amount=400.01).action_confirm()
        self.make_order(amount=400).action_confirm()

    def test_orders_add_up(self):
        self.make_rule()
        orders = self.make_order(amount=600) + self.make_order(amount=600)
        with self.assertRaises(UserError):
            orders.action_confirm()
        orders[0].action_confirm()
        with self.assertRaises(UserError):
            orders[1].action_confirm()

    def test_direct_write_create_and_copy(self):
        self.make_rule()
        order = self.make_order(amount=1500)
        with self.assertRaises(UserError):
            order.write({"state": "sale"})
        with self.assertRaises(UserError):
            self.make_order(amount=1500, state="sale")
        self.assertEqual(self.make_order(amount=600, state="sale").state, "sale")
        with self.assertRaises(UserError):
            self.make_order(amount=500).copy().action_confirm()

    def test_import(self):
        self.make_rule()
        result = self.env["sale.order"].load(
            [
                "partner_id/.id",
                "state",
                "order_line/product_id/.id",
                "order_line/price_unit",
                "order_line/name",
            ],
            [[str(self.debtor.id), "sale", str(self.ordered.id), "1500", "Work"]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("no more credit", result["messages"][0]["message"])

    def test_the_portal_is_told_no_figures(self):
        self.make_rule()
        portal = self.make_user("credit_portal", "base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            with self.assertRaises(UserError) as refused:
                self.make_order(amount=1500).with_user(user).sudo().action_confirm()
            self.assertIn("Our team", str(refused.exception))
            self.assertNotIn("Kepler", str(refused.exception))

    def test_what_the_customer_accepts_waits_for_the_team(self):
        self.make_rule()
        public = self.env.ref("base.public_user")
        order = self.make_order(amount=1500, user_id=self.seller.id)
        order.with_user(public).sudo()._validate_order()
        self.assertEqual((order.state, order.activity_ids.user_id), ("draft", self.seller))
        fitting = self.make_order(amount=1000)
        fitting.with_user(public).sudo()._validate_order()
        self.assertEqual(fitting.state, "sale")

    def test_a_part_payment_is_booked_though_the_order_waits(self):
        self.make_rule()
        order = self.make_order(amount=1500, require_payment=True, prepayment_percent=0.5, state="sent")
        method = self.env["payment.method"].search([("active", "in", (True, False))], limit=1)
        provider = self.env["payment.provider"].create({"name": "Test", "company_id": self.company.id})
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": 750,
                "currency_id": self.eur.id,
                "partner_id": self.debtor.id,
                "reference": "part of the order",
                "sale_order_ids": [Command.set(order.ids)],
                "state": "done",
            }
        )
        self.assertFalse(transaction._check_amount_and_confirm_order())
        self.assertEqual((order.state, len(order.activity_ids)), ("sent", 1))
        self.debtor.credit_limit = 1500
        self.assertEqual(transaction._check_amount_and_confirm_order(), order)

    def test_sellers_are_told_no_figures(self):
        self.make_rule("approve")
        order = self.make_order(amount=1500).with_user(self.seller)
        self.assertEqual(order.recovery_credit_action, "approve")
        with self.assertRaises(UserError) as refused:
            order.action_confirm()
        for message in (str(refused.exception), order.recovery_credit_note):
            self.assertIn("Kepler", message)
            self.assertNotIn("1,", message)
            self.assertNotIn("1000", message)

    def test_a_seller_asks_and_the_order_passes_once(self):
        self.make_rule("approve")
        order = self.make_order(amount=1500).with_user(self.seller)
        context = order.action_ask_credit_approval()["context"]
        override = (
            self.env["recovery.credit.override"]
            .with_user(self.seller)
            .create(
                {
                    "res_model": context["default_res_model"],
                    "res_id": context["default_res_id"],
                    "reason": "Deposit comes on Monday",
                }
            )
        )
        self.assertEqual((override.amount, override.sudo().partner_id), (1500, self.debtor))
        with self.assertRaises(Exception) as refused:
            override.read(["figures"])
        self.assertEqual(type(refused.exception).__name__, "AccessError")
        self.assertIn("1,500.00", override.sudo().figures)
        override.with_user(self.manager).action_approve()
        order.action_confirm()
        self.assertEqual((order.state, override.state), ("sale", "used"))
        order._action_cancel()
        order.action_draft()
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_others_do_not_see_the_request(self):
        order = self.make_order(amount=1500)
        overrides = self.env["recovery.credit.override"]
        override = overrides.create({"res_model": "sale.order", "res_id": order.id, "reason": "Please"})
        self.assertFalse(overrides.with_user(self.seller).search([("id", "=", override.id)]))

    def test_the_invoice_of_an_order_passes(self):
        self.make_rule()
        order = self.make_order(amount=1000)
        order.action_confirm()
        self.debtor.credit_limit = 500
        invoice = order._create_invoices()
        self.assertFalse(invoice.recovery_credit_action)
        invoice.action_post()
        self.assertEqual(self.debtor.recovery_exposure, 1000)
        invoice.copy()
        extra = self.invoice(self.debtor, 1, post=False)
        self.assertEqual(extra.recovery_credit_action, "block")
        with self.assertRaises(UserError):
            extra.action_post()

    def test_orders_paid_in_advance_give_no_credit(self):
        self.make_rule()
        order = self.make_order(amount=1500)
        self.patch(type(order), "amount_paid", property(lambda order: 1499.99))
        with self.assertRaises(UserError):
            order.action_confirm()
        self.patch(type(order), "amount_paid", property(lambda order: 1500.0))
        order.action_confirm()

    def test_rules_for_invoices_only(self):
        self.make_rule(on_order=False)
        self.make_order(amount=1500).action_confirm()

    def test_first_large_order(self):
        self.company.recovery_first_order_amount = 500
        newcomer = self.make_debtor("Newcomer")
        self.make_order(newcomer, amount=499.99).with_user(self.seller).action_confirm()
        self.assertFalse(newcomer.recovery_check_ids)
        self.make_order(newcomer, amount=500).with_user(self.seller).action_confirm()
        check = newcomer.recovery_check_ids
        self.assertEqual((check.origin, check.state, check.date), ("first_order", "review", TODAY))
        self.make_order(newcomer, amount=500).action_confirm()
        self.assertEqual(newcomer.recovery_check_ids, check)
