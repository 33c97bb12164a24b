# Fed to `odoo shell`: every claim with its amount and why it is chased or not, as one line of JSON.
import json

claims = env["recovery.claim"].search([])
told = {
    f"{claim.move_line_id.id}/{claim.instalment_id.id}": [
        claim.amount_residual,
        str(claim.date_due),
        claim.reason,
    ]
    for claim in claims
}
print("claims:", json.dumps(told, sort_keys=True))
