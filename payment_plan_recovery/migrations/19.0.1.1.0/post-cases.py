"""Holds for mediation and litigation become cases."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Open a case for each hold for mediation or litigation that runs in its company."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company in env["res.company"].search([("active", "=", True)]):
        today = company._recovery_today()
        running = env["recovery.hold"].search(
            [
                ("company_id", "=", company.id),
                ("kind", "in", ("mediation", "litigation")),
                ("date_from", "<=", today),
                "|",
                ("date_until", "=", False),
                ("date_until", ">", today),
            ]
        )
        cases = env["recovery.case"].search([("hold_id", "in", running.ids)])
        (running - cases.hold_id)._become_cases()
