"""A write of journal items that tracks none of their fields describes none; whoever else asks has them all."""

from contextlib import contextmanager

from odoo import fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestDescribingNothing(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))  # as a user pays
        cls.invoice = cls.init_invoice("out_invoice", amounts=[100], post=True)
        cls.item = cls.invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    @contextmanager
    def described(self):
        """Yield the names of the journal items' fields that are described in the block."""
        names, label = set(), fields.Field._description_string

        def noted(field, env):
            if field.model_name == "account.move.line":
                names.add(field.name)
            return label(field, env)

        self.patch(fields.Field, "_description_string", noted)
        yield names

    def test_a_payment_describes_what_is_tracked(self):
        with self.described() as names:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=self.invoice.ids
            ).create({})._create_payments()
            self.env.flush_all()
        self.assertTrue(self.item.reconciled)
        # what the payment's own entry tracks when it is posted, and no more
        self.assertLessEqual(
            names, {name for name, field in self.item._fields.items() if getattr(field, "tracking", False)}
        )

    def test_what_is_tracked_is_described(self):
        revenue = self.invoice.invoice_line_ids
        self.assertTrue(revenue._fields["name"].tracking)
        self.invoice.button_draft()
        with self.described() as names:
            revenue.write({"name": "Other words"})
        self.assertIn("name", names)

    def test_whoever_asks_for_no_name_has_them_all(self):
        everything = self.env["account.move.line"].fields_get(attributes=["type"])
        self.assertGreater(len(everything), 100)
        self.assertEqual(self.env["account.move.line"].fields_get([], ["type"]), everything)
        self.item.write({"name": "Second instalment"})
        self.assertEqual(self.env["account.move.line"].fields_get([], ["type"]), everything)
