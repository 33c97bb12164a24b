"""Dunning policies: the escalation declared for the debtors a filter fits."""

from itertools import combinations, pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RecoveryDunningPolicy(models.Model):
    """Declared escalation: an ordered list of levels for the debtors its domain fits."""

    _name = "recovery.dunning.policy"
    _description = "Dunning Policy"
    _inherit = ["recovery.dunning.rule", "recovery.filter"]
    _order = "sequence, id"
    # a branch is chased by its company's policies
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first policy whose debtor filter fits is taken.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to offer the policy to every company.")
    claim_kind = fields.Selection(
        [("item", "Invoices"), ("instalment", "Instalments of plans")],
        required=True,
        default="item",
        help="What the policy chases.",
    )
    do_not_chase = fields.Boolean(help="Claims under this policy are never chased.")
    debtor_domain = fields.Char(
        default="[]",
        required=True,
        filters="res.partner",
        help="Debtors the policy is meant for, unless one is set on them or on the invoice.",
    )
    escalation = fields.Selection(
        [("stepwise", "Step by step"), ("catch_up", "Catch up")],
        required=True,
        default="stepwise",
        help="Step by step: a level needs the one before to have been sent. "
        "Catch up: the highest level whose delay has passed.",
    )
    grouping = fields.Selection(
        [("level", "One notice per level"), ("debtor", "One notice at the highest level")],
        required=True,
        default="debtor",
        help="How the claims of a debtor that are chased together are put into notices.",
    )
    min_interval_days = fields.Integer(
        string="Days between notices", default=7, help="Least number of days between two notices to a debtor."
    )
    level_ids = fields.One2many("recovery.dunning.level", "policy_id", string="Levels", copy=True)
    all_level_ids = fields.One2many(
        "recovery.dunning.level",
        "policy_id",
        string="Levels, archived ones too",
        context={"active_test": False},
        copy=False,
        help="Archived levels are reached no more; they can be taken into use again.",
    )
    level_count = fields.Integer(compute="_compute_level_count")

    _interval_positive = models.Constraint(
        "CHECK(min_interval_days >= 0)", "The days between two notices cannot be negative."
    )

    @api.depends("level_ids")
    def _compute_level_count(self):
        for policy in self:
            policy.level_count = len(policy.level_ids)

    @api.constrains("level_ids")
    def _check_levels(self):
        """The first level waits for no notice, and no level comes before the one it follows."""
        for policy in self:
            levels = policy.level_ids.filtered("active").sorted()
            if levels[:1]._trigger()._waits_for_notice:
                raise ValidationError(
                    self.env._(
                        "“%s” is the first level: there is no previous notice to wait for. "
                        "Let its delay count from the due date.",
                        levels[0].name,
                    )
                )
            for earlier, later in combinations(levels, 2):
                if later._is_before(earlier):
                    raise ValidationError(
                        self.env._(
                            "“%(later)s” comes after “%(earlier)s” but would be reached before it. "
                            "Put the levels in order, or give it a longer delay.",
                            later=later.name,
                            earlier=earlier.name,
                        )
                    )

    def _overdue_from(self) -> int:
        """Rank of the first level that suits an overdue claim: those before only remind of the due date.

        One that the next level waits for is not passed over: nothing would follow.
        """
        self.ensure_one()
        rank = 1
        for level, following in pairwise(self.level_ids.sorted(lambda level: (level.sequence, level.id))):
            preventive = level._trigger()._is_preventive(level.delay_days)
            if not preventive or following._trigger()._waits_for_notice:
                break
            rank += 1
        return rank
