"""Of a part that is disputed, what credit notes took off is settled: holds of open disputes say the rest."""

from odoo import SUPERUSER_ID, api
from odoo.addons.payment_plan_recovery.models.claim.dispute_settled import hold_what_is_left


def migrate(cr, version):
    """Narrow the holds of disputes of which a credit note took less than the part."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    hold_what_is_left(env["recovery.dispute"].search([("state", "=", "open"), ("amount", ">", 0)]))
