"""In the peer's database: invoices of debtors, some written to by the peer itself; limits; then ours comes in.

A Recovery manager without further rights brings it in, in French, twice.
"""

from odoo import Command, fields

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


# one debtor is under the company's policy, not under one of its own
company.credit_policy_id = policy
anyone = env["res.partner"].create({"name": "Anyone", "email": "x@example.invalid"})
late, later, anyones = bill(debtors[0], 20), bill(debtors[1], 5), bill(anyone, 20)
run = env["credit.control.run"].create({"date": today, "policy_ids": [Command.set(policy.ids)]})
run.with_context(lang=None).generate_credit_lines()
lines = env["credit.control.line"].search([("invoice_id", "in", (late + anyones).ids)])
assert lines.mapped("level") == [1, 1], lines
lines.write({"state": "sent", "date_sent": today})


# a policy that cannot be here, as its first level waits for a notice before it, and a line of it
backwards = policy.copy({"name": "Backwards"})
first = backwards.level_ids.sorted("level")[0]
env.flush_all()
env.cr.execute(
    "UPDATE credit_control_policy_level SET computation_mode = 'previous_date' WHERE id = %s", [first.id]
)
lines.filtered(lambda line: line.invoice_id == anyones).copy({"state": "sent", "policy_level_id": first.id})

env["res.lang"]._activate_lang("fr_FR")
manager = env["res.users"].create(
    {
        "name": "Manager",
        "login": "manager",
        "lang": "fr_FR",
        "group_ids": [Command.link(env.ref("payment_plan_recovery.group_recovery_manager").id)],
    }
)
theirs = env(user=manager, context={**env.context, "lang": "fr_FR"})


def look_and_bring(source, env, told):
    wizard = env["recovery.coming.wizard"].create({"source": source, "company_id": company.id})
    before = [env[name].sudo().search_count([]) for name in ("recovery.notice", "recovery.dunning.policy")]
    wizard.action_look()
    looked = [(line.name, line.comes) for line in wizard.line_ids]
    assert before == [
        env[name].sudo().search_count([]) for name in ("recovery.notice", "recovery.dunning.policy")
    ]
    wizard.action_bring()
    assert [(line.name, line.comes) for line in wizard.line_ids] == looked
    for line in wizard.line_ids:
        print(told, source, line.comes, line.name, "|", (line.reason or "").splitlines()[0])


for source in ("credit_control", "financial_risk"):
    with env.cr.savepoint() as savepoint:
        look_and_bring(source, theirs, "FRENCH")
        savepoint.rollback()
    env.invalidate_all()
    english = theirs(context={**env.context, "lang": "en_US"})
    look_and_bring(source, english, "COMING")
    look_and_bring(source, english, "AGAIN")

ours = debtors[0].recovery_policy_id
notice = env["recovery.notice"].search([("partner_id", "=", debtors[0].id)])
print("POLICY", ours.name, ours.level_ids.mapped(lambda level: (level.trigger, level.delay_days)))
print("NOTICE", notice.state, notice.level_id.name, notice.date == today)
run = env["recovery.dunning.run"].create({"date": fields.Date.add(today, days=1), "company_id": company.id})
claims = env["recovery.claim"].search([("move_id", "in", (late + later + anyones).ids)])
print("REASONS", sorted(run.explain(claims).values()))
print("ANYONE", anyones.recovery_policy_id.name, anyone.recovery_policy_id.name)
print("LEFT", env["credit.control.line"].search_count([]), "peer's lines untouched")
env.cr.commit()
