"""How likely a plan is kept to its end, counted from plans that ended."""

from odoo import api, fields, models

from ...tools.forecast import chance_kept
from .forecast import PLAN_PRIOR


class RecoveryPlanOption(models.Model):
    _inherit = "recovery.plan.option"

    chance_kept = fields.Float(
        string="Chance to be kept (%)",
        compute="_compute_chance_kept",
        help="Share of plans kept to their end among those from half to twice as long, then the debtor's own; where "
        "few have ended yet, three in four are believed to be kept.",
    )

    @api.depends("instalment_count", "plan_id.partner_id")
    def _compute_chance_kept(self):
        for company, options in self.grouped("company_id").items():
            ended = self._ended(company)
            share = chance_kept(*_kept(ended, lambda _debtor, _count: True), *PLAN_PRIOR)
            for option in options:
                option.chance_kept = 100 * option._chance(ended, share)

    def _chance(self, ended, share):
        debtor, length, worth = self.plan_id.partner_id, self.instalment_count, PLAN_PRIOR[1]
        alike = _kept(ended, lambda _debtor, count: length <= 2 * count and count <= 2 * length)
        own = _kept(ended, lambda one, _count: one == debtor)
        return chance_kept(*own, chance_kept(*alike, share, worth), worth)

    @api.model
    def _ended(self, company):
        """Rows (debtor, state, instalments, how many) of the plans of the creditor ``company`` that ended."""
        domain = [
            ("company_id", "in", company._recovery_branch_ids()),
            ("state", "in", ("completed", "broken")),
        ]
        return self.env["recovery.plan"]._read_group(
            domain, ["partner_id", "state", "instalment_count"], ["__count"]
        )


def _kept(ended, is_meant):
    """(kept, ended) of the plans that are meant."""
    meant = [(state, number) for debtor, state, count, number in ended if is_meant(debtor, count)]
    return (
        sum(number for state, number in meant if state == "completed"),
        sum(number for _state, number in meant),
    )
