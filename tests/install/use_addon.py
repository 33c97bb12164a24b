# Fed to `odoo shell`: the addon in use, with a live plan over two of the three invoices and a
# dunning run over the other one.
from datetime import date

items = env["account.move.line"].search(
    [("account_type", "=", "asset_receivable"), ("parent_state", "=", "posted")],
    order="date_maturity",
    limit=2,
)
plan = env["recovery.plan"].create(
    {
        "partner_id": items.partner_id.id,
        "date_start": date(2026, 12, 31),
        "instalment_count": 3,
        "end_of_month": True,
        "item_ids": [(0, 0, {"move_line_id": item.id}) for item in items],
    }
)
plan.generate_instalments()
plan.action_propose()
plan.action_accept(signed_by="Jeanne Martin, gérante")
plan.action_activate()
run = env["recovery.dunning.run"].create({"date": date(2026, 6, 1)})
run.action_propose()
run.action_confirm()
env.cr.commit()
print(plan.state, items.mapped("no_followup"), len(run.notice_ids))
