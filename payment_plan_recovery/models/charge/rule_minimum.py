"""The least that a contract must grant by the law it departs from."""

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ...tools.errors import KernelError
from ..common.number_told import number_told
from .reference_rate import RATE_DIGITS


class RecoveryInterestRuleMinimum(models.AbstractModel):
    """A chapter of the rule: its rate against the legal minimum. A warning, the contract's rate stays."""

    _name = "recovery.interest.rule.minimum"
    _description = "Legal Minimum of a Late Payment Rule"

    minimum_reference_id = fields.Many2one(
        "recovery.interest.reference",
        string="Legal minimum follows",
        ondelete="restrict",
        help="Reference rate a contract's rate is compared with.",
    )
    minimum_multiple = fields.Float(
        digits=RATE_DIGITS,
        default=3.0,
        help="A contract's rate should be this many times the reference rate or more.",
    )
    legal_rule_id = fields.Many2one(
        "recovery.interest.rule",
        string="Departs from",
        domain=[("is_contract", "=", False)],
        ondelete="restrict",
        check_company=True,
        help="The statutory rule whose legal minimum the contract's rate is checked against.",
    )
    minimum_warning = fields.Char(compute="_compute_minimum_warning")

    @api.depends(
        "is_contract", "legal_rule_id", "rate_mode", "fixed_rate", "reference_id", "margin", "multiplier"
    )
    def _compute_minimum_warning(self):
        today = self.env.company._recovery_today()
        for rule in self:
            rule.minimum_warning = rule._minimum_warning(today)

    def _minimum_warning(self, date):
        """Say why the contract's rate is too low on ``date``, or return False.

        FR C. com. L441-10: three times the legal rate at least. The contract's rate is not changed.
        """
        self.ensure_one()
        law = self.legal_rule_id
        if not (self.is_contract and law.minimum_reference_id):
            return False
        try:
            rate = self._rate_on(date)
        except KernelError:
            return False
        if not law.minimum_reference_id._is_below(rate, law.minimum_multiple, date):
            return False
        return self.env._(
            "The rate of %(rate)s %% is below %(multiple)s times the %(reference)s, the least that "
            "%(law)s allows.",
            rate=formatLang(self.env, float(rate), digits=2),
            multiple=number_told(self.env, law.minimum_multiple),
            reference=law.minimum_reference_id.name,
            law=law.legal_source or law.name,
        )
