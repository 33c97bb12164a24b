"""What tests make of plain invoices is what Odoo makes of them."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from . import invoices
from .ready_company import ReadyCompany

OWN = {
    "id",
    "name",
    "move_id",
    "move_name",
    "sequence_number",
    "payment_reference",
    "create_date",
    "write_date",
}


@tagged("post_install", "-at_install")
class TestInvoices(ReadyCompany):
    def values(self, **values):
        line = Command.create({"name": "Work", "price_unit": 123.45, "tax_ids": []})
        return {
            "move_type": "out_invoice",
            "partner_id": self.debtor.id,
            "invoice_date": "2025-10-01",
            "invoice_date_due": "2025-10-31",
            "invoice_line_ids": [line],
            **values,
        }

    def told(self, records):
        names = [name for name, field in self.env[records._name]._fields.items() if field.store]
        return [
            {
                name: record[name]
                for name in names
                if name not in OWN and record._fields[name].type != "one2many"
            }
            for record in records
        ]

    def test_written_out_as_derived(self):
        parent = self.env["res.partner"].create({"name": "Debtor", "property_payment_term_id": False})
        self.debtor = self.env["res.partner"].create({"name": "Buyer", "parent_id": parent.id})
        for values in (self.values(), self.values(move_type="out_refund", ref="R", date="2025-10-02")):
            assert invoices.is_plain(self.env, values)
            written = invoices.make_invoices(self.env, [values])
            with patch.object(invoices, "is_plain", return_value=False):
                derived = invoices.make_invoices(self.env, [values])
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(self.told(written), self.told(derived))
            both = [move.line_ids.sorted("display_type") for move in (written, derived)]
            self.assertEqual(*map(self.told, both))

    def test_what_is_not_plain(self):
        self.debtor = self.partner_a
        self.partner_a.property_payment_term_id = False
        line = {"name": "Work", "price_unit": 100.0, "tax_ids": []}
        foreign = self.env["res.currency"].search([("id", "!=", self.env.company.currency_id.id)], limit=1)
        for more in (
            {"currency_id": foreign.id},
            {"invoice_payment_term_id": self.env.ref("account.account_payment_term_30days").id},
            {"invoice_line_ids": [Command.create(line)] * 2},
            {"invoice_line_ids": [Command.create({**line, "quantity": 2})]},
            {"invoice_line_ids": [Command.create({**line, "price_unit": 1.005})]},
            {"invoice_line_ids": [Command.create({"name": "Taxed", "price_unit": 1.0})]},
        ):
            with self.subTest(more):
                assert not invoices.is_plain(self.env, self.values(**more))
