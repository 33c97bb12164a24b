"""What courts and officers ask for a procedure."""

from odoo import api, fields, models

from ...tools.collection_fee import FeeRule
from ...tools.litigation import Fee
from ..charge.errors import refused_by_name


class RecoveryProcedureFee(models.Model):
    """One fee of a procedure: a fixed sum, or a scale over the sum in dispute."""

    _name = "recovery.procedure.fee"
    _description = "Fee of a Procedure"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one("recovery.procedure", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    currency_id = fields.Many2one(related="procedure_id.currency_id")
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("fixed", "Fixed sum"), ("scale", "Scale over the sum in dispute")],
        required=True,
        default="fixed",
        help="Scale: each tier's sum at its threshold, and its percentage of what exceeds the threshold.",
    )
    amount = fields.Monetary(help="The fixed sum.")
    tier_ids = fields.One2many("recovery.procedure.fee.tier", "fee_id", string="Tiers", copy=True)
    minimum = fields.Monetary(help="Least that the scale gives.")
    maximum = fields.Monetary(help="Most that the scale gives; zero for no limit.")
    is_given_back = fields.Boolean(
        string="Claimed back", help="Where we win, the debtor has to bear the fee and it is claimed back."
    )
    legal_source = fields.Char(translate=True, help="Tariff or article of law.")
    to_verify = fields.Boolean(
        help="Not yet compared with an official source: verify it before relying on it."
    )

    @api.constrains("kind", "amount", "tier_ids", "minimum", "maximum")
    def _check_kernel(self):
        for fee in self:
            fee._kernel()

    def _kernel(self):
        """Return the kernel's fee.

        :raise ValidationError: it makes no sense, by name
        """
        self.ensure_one()
        with refused_by_name(self):
            if self.kind == "fixed":
                return Fee(FeeRule("per_invoice", amount=self.amount), self.is_given_back)
            scale = FeeRule(
                "percentage",
                tiers=tuple(tier._kernel() for tier in self.tier_ids),
                minimum=self.minimum,
                maximum=self.maximum or None,
            )
            return Fee(scale, self.is_given_back)


class RecoveryProcedureFeeTier(models.Model):
    """One tier of a fee's scale."""

    _name = "recovery.procedure.fee.tier"
    _description = "Tier of a Fee"
    _order = "fee_id, threshold, id"

    fee_id = fields.Many2one("recovery.procedure.fee", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="fee_id.currency_id")
    threshold = fields.Monetary(help="Amount above which the tier applies; the first is zero.")
    amount = fields.Monetary(
        string="Sum",
        help="Owed at the threshold; zero to go on from where the tier below ends.",
    )
    percent = fields.Float(string="Percentage", digits=(9, 4), help="Percent of what exceeds the threshold.")

    @api.constrains("threshold", "amount", "percent")
    def _check_kernel(self):
        self.fee_id._check_kernel()

    def _kernel(self):
        """Return the tier as the kernel reads it."""
        self.ensure_one()
        return (self.threshold, self.percent, self.amount or None)
