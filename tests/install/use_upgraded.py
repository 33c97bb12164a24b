# Fed to `odoo shell` after the upgrade: what was kept is still understood, and the work goes on.
unknown = [
    (name, field.name, value)
    for name, model in env.registry.items()
    if name.startswith("recovery.") and model._auto and not model._abstract
    for field in model._fields.values()
    if field.type == "selection" and field.store and field.column_type
    for (value,) in env[name].with_context(active_test=False)._read_group([], [field.name])
    if value and value not in field.get_values(env)
]
print("unknown values:", unknown)
given = env["recovery.plan"].search([("discount_move_id", "!=", False)])
print("discounts:", [(plan.state, plan.discount_move_ids == plan.discount_move_id) for plan in given])
run = env["recovery.dunning.run"].search([("state", "=", "proposed")])
run.action_confirm()
print("confirmed:", run.state, len(run.notice_ids))
later = env["recovery.dunning.run"].create({"date": run.date, "company_id": run.company_id.id})
later.action_propose()
print("judged:", dict(sorted(later.reason_counts().items())))
print("cases:", sorted(env["recovery.case"].search([]).hold_id.mapped("kind")))
