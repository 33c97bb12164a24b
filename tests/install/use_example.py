# Fed to `odoo shell`: each thing of the example at work. FOLDER is where notices are laid.
import os
from datetime import date
from pathlib import Path

from odoo import Command

folder = os.environ["FOLDER"]
company = env.company
company.country_id = env.ref("base.fr")
address = {"street": "2 rue du Four", "zip": "69001", "city": "Lyon", "is_company": True}
chased, judged, plain = env["res.partner"].create(
    [
        {"name": "Chased", "recovery_folder": folder, **address},
        {"name": "Judged", "recovery_court": "Lyon", **address},
        {"name": "Plain", **address},
    ]
)
env["account.move"].create(
    [
        {
            "move_type": "out_invoice",
            "partner_id": debtor.id,
            "invoice_date": date(2026, 1, 2),
            "invoice_date_due": date(2026, 1, 20),
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 100.0, "tax_ids": []})],
        }
        for debtor in (chased, judged, plain)
    ]
).action_post()
policy = env["recovery.dunning.policy"].create(
    {
        "name": "Example",
        "company_id": company.id,
        "sequence": -1,
        "level_ids": [
            Command.create(
                {
                    "name": "Only",
                    "trigger": "delay_month_end",
                    "delay_days": 20,
                    "letter_kind": "slip",
                    "channel_ids": [
                        Command.create({"sequence": 1, "channel": "folder"}),
                        Command.create({"sequence": 2, "channel": "letter"}),
                    ],
                    "message_ids": [
                        Command.create({"name": "Words", "subject": "Due", "body": "<p>See {folder}.</p>"})
                    ],
                }
            )
        ],
    }
)
for day in (date(2026, 2, 27), date(2026, 2, 28)):
    run = env["recovery.dunning.run"].create({"date": day, "company_id": company.id})
    run.action_propose()
    print("run:", day, dict(sorted(run.reason_counts().items())))
claim = env["recovery.claim"].with_context(recovery_run_id=run.id).search([("reason", "=", "before_court")])
print("before a court:", claim.partner_id.name)
run.action_confirm()
notice = run.notice_ids.filtered(lambda notice: notice.partner_id == chased)
other = run.notice_ids - notice
other.next_attempt = "2100-01-01"
env["recovery.notice"]._cron_send()
print("notice:", notice.channel, notice.state, notice.server_reply, notice.failure_reason)
print("other:", other.channel, other.channel_reason)
for path in sorted(Path(folder).iterdir()):
    print("file:", path.suffix, path.read_bytes()[:40])
env["recovery.worklist"]._refresh(company, date(2026, 3, 1))
row = env["recovery.worklist"].search([("partner_id", "=", judged.id)])
print("worklist:", row.action, row.advice, row.since)
reference = env.ref("payment_plan_recovery.reference_ecb_mro")
rule = env["recovery.interest.rule"].create(
    {
        "name": "Frozen",
        "is_contract": True,
        "rate_mode": "frozen",
        "reference_id": reference.id,
        "margin": 8,
        "checked_on": date(2025, 3, 1),
    }
)
env["account.move"].search([("partner_id", "=", plain.id)]).recovery_interest_rule_id = rule
priced = env["account.move"].search([("partner_id", "=", plain.id)]).recovery_charges(date(2026, 3, 1))
print("rate:", {str(part["rate"]) for item in priced["items"] for part in item["segments"]})
card = env.ref("payment_plan_recovery.scorecard_company").copy({"name": "Example", "company_id": company.id})
card.criterion_ids[1:].unlink()
card.criterion_ids.write({"source": "visits", "name": "Visits", "missing": "refuse"})
env["recovery.contact"].create({"partner_id": plain.id, "date": "2026-02-01", "outcome": "Seen"})
check = env["recovery.solvency.check"].create(
    {"partner_id": plain.id, "scorecard_id": card.id, "date": date(2026, 3, 1)}
)
check.action_compute()
print("source:", [(line.name, line.value_text) for line in check.line_ids])
env.cr.commit()
