# Fed to `odoo shell` once the example is gone: what used its things says what is missing.
from datetime import date

from odoo.exceptions import UserError

policy = env["recovery.dunning.policy"].search([("name", "=", "Example")])
level = policy.level_ids
run = env["recovery.dunning.run"].create({"date": date(2026, 4, 30), "company_id": env.company.id})
run.action_propose()
print("run:", dict(sorted(run.reason_counts().items())))
print("said:", *run.message_ids.mapped("body"))
for name in ("recovery.dunning.policy", "recovery.dunning.level", "recovery.dunning.run.reason"):
    env[name].search([]).read()
level.write({"trigger": "due_date"})
again = env["recovery.dunning.run"].create({"date": date(2026, 4, 30), "company_id": env.company.id})
again.action_propose()
print("again:", dict(sorted(again.reason_counts().items())))
print("channels:", again.line_ids.mapped("channel"))
kept = env["recovery.notice"].search([("level_id", "=", level.id), ("state", "=", "sent")])
print("kept:", kept.channel, kept.state, kept.display_name)
for what, ask in {
    "document": kept._document,
    "placeholder": lambda: kept._messages()[kept]._render("body", kept._contents()[kept.id]),
}.items():
    try:
        ask()
    except UserError as error:
        print(f"{what}:", error)
env["recovery.worklist"]._refresh(env.company, date(2026, 3, 1))
print("worklist:", env["recovery.worklist"].search([("action", "=", "court")]))
rule = env["recovery.interest.rule"].search([("name", "=", "Frozen")])
try:
    rule._kernel()
except UserError as error:
    print("rate:", error)
check = env["recovery.solvency.check"].search([("scorecard_id.name", "=", "Example")])
again = check.copy()
again._compute_outcomes(keep_going=True)
print("source:", again.problem)
