"""Fed to `odoo shell`: a person looks the doubtful notices up in the mail server's log, and decides."""

import json
import os

taken = set(json.loads(os.environ["TAKEN"]))
doubtful = env["recovery.notice"].search([("is_uncertain", "=", True)])
arrived = doubtful.filtered(lambda notice: notice.message_ref in taken)
if arrived:
    arrived.action_confirm_sent()
if doubtful - arrived:
    (doubtful - arrived).action_send()
env.cr.commit()
