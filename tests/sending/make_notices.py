"""Fed to `odoo shell`: 500 debtors (else COUNT) who owe an invoice each, and their notices in the outbox."""

import os
from datetime import timedelta

from odoo import Command, fields

COUNT = int(os.environ.get("COUNT") or 500)
today = fields.Date.today()
words = [fault for fault, count in eval(os.environ["FAULTS"]).items() for _time in range(count)]  # noqa: S307
words += ["fine"] * (COUNT - len(words))

company = env.company
company.partner_id.email = "creditor@example.com"
company.country_id = env.ref("base.fr")
if not company.chart_template:
    env["account.chart.template"].try_loading("fr", company)
env["ir.mail_server"].search([]).unlink()
env["ir.mail_server"].create(
    {
        "name": "Loopback",
        "smtp_host": "127.0.0.1",
        "smtp_port": int(os.environ["SMTP_PORT"]),
        "smtp_encryption": "none",
    }
)
debtors = env["res.partner"].create(
    [
        {"name": f"Debtor {number}", "email": f"{word}.{number}@example.com"}
        for number, word in enumerate(words)
    ]
)
moves = env["account.move"].create(
    [
        {
            "move_type": "out_invoice",
            "partner_id": debtor.id,
            "invoice_date": today - timedelta(days=40),
            "invoice_date_due": today - timedelta(days=10),
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 100.0, "tax_ids": []})],
        }
        for debtor in debtors
    ]
)
moves.action_post()
env["recovery.dunning.level"].search(
    []
).attach_invoices = False  # none was ever sent: each mail would print its own
run = env["recovery.dunning.run"].create({"date": today, "company_id": company.id})
run.action_propose()
run.action_confirm()
assert len(run.notice_ids) == COUNT, len(run.notice_ids)
assert set(run.notice_ids.mapped("state")) == {"queued"}
env.cr.commit()
