"""Fed to `odoo shell`: two debtors at a level that goes by fax, then by letter; one of them has a fax."""

from datetime import timedelta

from odoo import Command, fields

today = fields.Date.today()
company = env.company
company.country_id = env.ref("base.fr")
if not company.chart_template:
    env["account.chart.template"].try_loading("fr", company)
level = env.ref("payment_plan_recovery.level_standard_reminder")
level.channel_ids = [
    Command.clear(),
    Command.create({"sequence": 1, "channel": "fax"}),
    Command.create({"sequence": 2, "channel": "letter"}),
]
address = {"street": "2 rue du Four", "zip": "69001", "city": "Lyon", "is_company": True}
debtors = env["res.partner"].create(
    [{"name": "with", "fax": "+33 4 72 00 00 00", **address}, {"name": "without", **address}]
)
env["account.move"].create(
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
).action_post()
run = env["recovery.dunning.run"].create({"date": today, "company_id": company.id})
run.action_propose()
run.action_confirm()
notices = run.notice_ids.sorted("id")
notices.filtered(lambda notice: notice.channel != "fax").next_attempt = today + timedelta(days=1)
env["recovery.notice"]._cron_send()
for notice in notices:
    told = (notice.channel, notice.state, notice.server_reply, notice.channel_reason)
    print(f"{notice.partner_id.name}:", *told)
    print(f"{notice.partner_id.name}:", notice.channel_reason)
withheld = env["recovery.withheld"].search([("notice_id", "in", notices.ids)])
print("withheld:", withheld.channel, withheld.kind)
