"""A scorecard source: how often somebody was in touch with the debtor."""

from odoo import models


class RecoveryScorecardSourceVisits(models.AbstractModel):
    _name = "recovery.scorecard.source.visits"
    _inherit = "recovery.scorecard.source"
    _description = "Scorecard Source: Visits"

    _code = "visits"
    _sequence = 50

    def _label(self):
        return self.env._("Visits made")

    def _facts(self, checks, company, date):
        made = self.env["recovery.contact"]._read_group(
            [
                ("partner_id", "in", checks.partner_id.ids),
                ("company_id", "=", company.id),
                ("date", "<=", date),
            ],
            ["partner_id"],
            ["__count"],
        )
        return {debtor.id: count for debtor, count in made}

    def _value(self, line, facts):
        return facts.get(line.check_id.partner_id.id, 0)
