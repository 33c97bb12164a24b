# Fed to `odoo shell` of the addon as it was: something of everything that it keeps.
from datetime import timedelta

from odoo import Command, fields

today = fields.Date.today()
company = env.company
company.country_id = env.ref("base.fr")
user = env.user


def day(number):
    return today + timedelta(days=number)


def debtor(name):
    address = {"street": "2 rue du Four", "zip": "69001", "city": "Lyon", "country_id": company.country_id.id}
    reached = {"email": f"{name}@example.com", "phone": "+33472000000"}
    return env["res.partner"].create({"name": name, "is_company": True, **address, **reached})


def items(partner, *amounts, due=-45):
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": day(due - 30),
                "invoice_date_due": day(due),
                "invoice_line_ids": [Command.create({"name": "Work", "price_unit": amount, "tax_ids": []})],
            }
            for amount in amounts
        ]
    )
    moves.action_post()
    return moves.line_ids.filtered(lambda line: line.account_type == "asset_receivable")


def plan(partner, state):
    made = env["recovery.plan"].create(
        {
            "partner_id": partner.id,
            "policy_id": policy.id,
            "date_start": day(20),
            "instalment_count": 3,
            "item_ids": [Command.create({"move_line_id": item.id}) for item in items(partner, 900, 300)],
        }
    )
    made.generate_instalments()
    if state == "draft":
        made.action_compare_options()
        return made
    made.action_propose()
    if state != "proposed":
        made.action_accept(signed_by="Jeanne Martin")
    if state in ("active", "cancelled"):
        made.action_activate()
    if state == "cancelled":
        made.action_cancel()
    return made


# Settings and policies
policy = env["recovery.plan.policy"].create({"name": "Ours", "company_id": company.id, "grace_days": 5})
own = env.ref("payment_plan_recovery.policy_standard").copy({"name": "Own steps"})
company.write(
    {
        "recovery_plan_policy_id": policy.id,
        "recovery_dunning_policy_id": own.id,
        "recovery_daily_run": "propose",
        "recovery_dunning_user_id": user.id,
        "recovery_contact_max": 5,
        "recovery_confirm_promises": False,
    }
)
own.level_ids[:1].write({"delay_days": 7, "needs_approval": False})
# Plans
for state in ("draft", "proposed", "accepted", "active", "cancelled"):
    plan(debtor(state), state)
# A discount that was given: its credit note is what matters here, not how the plan came to it.
given = env["recovery.plan"].search([("state", "=", "cancelled")])
given.sudo().discount_move_id = given.item_ids[:1].move_line_id.move_id
# Holds, promises, interactions, assessments, guarantees, checks
for kind in ("dispute", "manual", "negotiation", "mediation", "litigation"):
    held = debtor(kind)
    [item] = items(held, 400)
    about = {"partner_id": held.id, "kind": kind, "reason": f"{kind} said", "date_review": day(30)}
    env["recovery.hold"].create({**about, "move_line_ids": item.ids if kind == "dispute" else False})
for amount, promised in ((100, 10), (50, 20)):
    word = debtor(f"promise{amount}")
    env["recovery.promise"].create(
        {
            "partner_id": word.id,
            "amount": amount,
            "date_promised": day(promised),
            "move_line_ids": items(word, amount).ids,
        }
    )
    env["recovery.contact"].create({"partner_id": word.id, "channel": "phone", "outcome": "will pay"})
    env["recovery.capacity"].create({"partner_id": word.id, "resources": 1000, "commitments": 200})
    env["recovery.guarantee"].create({"partner_id": word.id, "kind": "deposit", "amount": 10})
    env["recovery.solvency.check"].create({"partner_id": word.id, "date": today})
# Charges
[late] = items(debtor("charged"), 1000, due=-90)
charged = late._recovery_accrue(today)
charged[-1:].action_waive("goodwill")
[booked] = items(debtor("booked"), 2000, due=-90)
booked.move_id.action_book_charges(today)
# Notices: of a first run sent or waiting; of a second one proposed
items(debtor("chased"), 500, 700)
run = env["recovery.dunning.run"].create({"date": today, "company_id": company.id})
run.action_propose()
run.action_confirm()
env["recovery.notice"].search([], order="id", limit=1).write({"channel": "phone"})
items(debtor("chased later"), 800)
env["recovery.dunning.run"].create({"date": today, "company_id": company.id}).action_propose()
env.cr.commit()
print("filled", len(run.notice_ids))
