"""In the peer's database: invoices of two debtors, one written to by the peer itself; limits; then ours comes in."""

from odoo import Command, fields

env["ir.config_parameter"].set_param("coming", "1")
env = env(context={**env.context, "tracking_disable": True})
company = env.company
policy = env.ref("account_credit_control.credit_control_3_time")
receivables = env["account.account"].search([("account_type", "=", "asset_receivable")])
policy.account_ids = [Command.set(receivables.ids)]
today = fields.Date.today()
names = ("Written to", "Not yet")
debtors = env["res.partner"].create(
    [
        {"name": name, "email": "x@example.invalid", "credit_policy_id": policy.id, "credit_limit": 5000}
        for name in names
    ]
)
debtors[1].risk_invoice_unpaid_limit = 100


def bill(debtor, days):
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": debtor.id,
            "invoice_date": fields.Date.subtract(today, days=days + 30),
            "invoice_date_due": fields.Date.subtract(today, days=days),
            "invoice_line_ids": [Command.create({"name": "Flour", "price_unit": 100, "tax_ids": []})],
        }
    )
    move.action_post()
    return move


late, later = bill(debtors[0], 20), bill(debtors[1], 5)
run = env["credit.control.run"].create({"date": today, "policy_ids": [Command.set(policy.ids)]})
run.with_context(lang=None).generate_credit_lines()
lines = env["credit.control.line"].search([("invoice_id", "=", late.id)])
assert lines.level == 1, lines
lines.write({"state": "sent", "date_sent": today})


def look_and_bring(source):
    wizard = env["recovery.coming.wizard"].create({"source": source, "company_id": company.id})
    wizard.action_look()
    looked = [(line.name, line.comes) for line in wizard.line_ids]
    assert (
        not env["recovery.notice"].search([("partner_id", "in", debtors.ids)]) or source != "credit_control"
    )
    wizard.action_bring()
    assert [(line.name, line.comes) for line in wizard.line_ids] == looked
    for line in wizard.line_ids:
        print("COMING", source, line.comes, line.name, "|", (line.reason or "").splitlines()[0])


look_and_bring("credit_control")
look_and_bring("financial_risk")
ours = debtors[0].recovery_policy_id
notice = env["recovery.notice"].search([("partner_id", "=", debtors[0].id)])
print("POLICY", ours.name, ours.level_ids.mapped(lambda level: (level.trigger, level.delay_days)))
print("NOTICE", notice.state, notice.level_id.name, notice.date == today)
run = env["recovery.dunning.run"].create({"date": fields.Date.add(today, days=1), "company_id": company.id})
claims = env["recovery.claim"].search([("move_id", "in", (late + later).ids)])
print("REASONS", [run.explain(claims)[claim.id] for claim in claims.sorted("date_due")])
print("LEFT", env["credit.control.line"].search_count([]), "peer's lines untouched")
env.cr.commit()
