# Fed to `odoo shell`: a small ledger that is there before the addon comes.
from datetime import date

company = env.company
journal = env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", company.id)], limit=1)
debtor = env["res.partner"].create(
    {"name": "Hôtel des Voyageurs", "is_company": True, "email": "h@v.example"}
)
invoices = env["account.move"].create(
    [
        {
            "move_type": "out_invoice",
            "journal_id": journal.id,
            "partner_id": debtor.id,
            "invoice_date": date(2026, month, 5),
            "invoice_date_due": date(2026, month, 25),
            "invoice_line_ids": [(0, 0, {"name": "Nuitées", "price_unit": 100.0 * month, "tax_ids": []})],
        }
        for month in (1, 2, 3)
    ]
)
invoices.action_post()
env.cr.commit()
