"""Fed to `odoo shell` after the notices' ledger: who asks, by what key, and by which link; told on one line."""

import json
from datetime import timedelta

debtor = env["res.partner"].search([("name", "=", "Debtor 0")])
program = env["res.users"].create(
    {
        "name": "Program",
        "login": "program",
        "password": "program",
        "group_ids": [(4, env.ref("payment_plan_recovery.group_recovery_user").id)],
    }
)
keys = env["res.users.apikeys"].with_user(program)
told = {
    "key": keys._generate("rpc", "Program", fields.Datetime.now() + timedelta(days=1)),
    "debtor": debtor.id,
    "run": run.id,
    "link": debtor._recovery_portal_link(env.company)._path(),
    "today": fields.Date.to_string(today),
}
env.cr.commit()
print("TOLD " + json.dumps(told))
