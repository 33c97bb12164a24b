"""Checks keep the ceiling they were asked under: those that wait, the one their card has now."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Write it down on computed checks that nobody decided yet."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for check in env["recovery.solvency.check"].search([("state", "in", ("review", "to_approve"))]):
        check.approval_ceiling = check._from_card(check.scorecard_id.approval_ceiling)
