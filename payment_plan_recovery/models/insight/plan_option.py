"""How likely a plan is kept to its end, counted from plans that ended."""

from odoo import api, fields, models

from ...tools.forecast import chance_kept
from ..common.counted import counted
from .forecast import PLAN_PRIOR
from .forecast_situation import LITTLE


class RecoveryPlanOption(models.Model):
    _inherit = "recovery.plan.option"

    chance_kept = fields.Float(
        string="Chance to be kept (%)",
        compute="_compute_chance_kept",
        help="Share of plans kept to their end among those from half to twice as long, then the debtor's own; where "
        "few have ended yet, three in four are believed to be kept.",
    )

    chance_basis = fields.Char(
        string="Counted from",
        compute="_compute_chance_kept",
        help="Plans of about this length that ended, and how many of them were kept.",
    )

    @api.depends("instalment_count", "plan_id.partner_id")
    @api.depends_context("lang")
    def _compute_chance_kept(self):
        for company, options in self.grouped("company_id").items():
            ended = self._ended(company)
            share = chance_kept(*_kept(ended, lambda _debtor, _count: True), *PLAN_PRIOR)
            for option in options:
                alike = _kept(ended, option._is_alike)
                option.chance_kept = 100 * option._chance(ended, alike, share)
                option.chance_basis = option._basis(*alike)

    def _is_alike(self, _debtor, count):
        """Whether a plan of ``count`` instalments is from half to twice as long."""
        return self.instalment_count <= 2 * count and count <= 2 * self.instalment_count

    def _chance(self, ended, alike, share):
        worth = PLAN_PRIOR[1]
        own = _kept(ended, lambda debtor, _count: debtor == self.plan_id.partner_id)
        return chance_kept(*own, chance_kept(*alike, share, worth), worth)

    def _basis(self, kept, ended):
        if ended < LITTLE:
            return self.env._("too little history: %s like it ended", counted(self.env, "plan", ended))
        return self.env._("plans like it that were kept: %(kept)s of %(ended)s", kept=kept, ended=ended)

    @api.model
    def _ended(self, company):
        """Rows (debtor, state, instalments, how many) of the plans of the creditor ``company`` that ended."""
        plans, ours = self.env["recovery.plan"], [("company_id", "in", company._recovery_branch_ids())]
        given_up, credited = plans._ended_otherwise(ours)
        ended = [
            *ours,
            ("state", "in", ("completed", "broken")),
            ("id", "not in", [*given_up.ids, *credited.ids]),
        ]
        rows = plans._read_group(ended, ["partner_id", "state", "instalment_count"], ["__count"])
        return rows + [(plan.partner_id, "broken", plan.instalment_count, 1) for plan in given_up]


def _kept(ended, is_meant):
    """(kept, ended) of the plans that are meant."""
    meant = [(state, number) for debtor, state, count, number in ended if is_meant(debtor, count)]
    return (
        sum(number for state, number in meant if state == "completed"),
        sum(number for _state, number in meant),
    )
