"""Fixed sums that a late payer owes for collection costs."""

from odoo import api, fields, models

from ...tools.collection_fee import FeeRule
from .errors import refused_by_name


class RecoveryCollectionFee(models.Model):
    """How the fixed sum for collection costs follows from the amount that is late, VAT included."""

    _name = "recovery.collection.fee"
    _description = "Fixed Sum"
    _inherit = ["recovery.declared"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("per_invoice", "The same for every invoice"),
            ("tiers", "By tiers of the amount"),
            ("percentage", "Percentages of the amount"),
        ],
        required=True,
        default="per_invoice",
        help="The same for every invoice: once per invoice, however small and however many due dates it has. "
        "By tiers: the sum of the tier the amount reaches. Percentages: each tier's percentage of what "
        "exceeds "
        "its threshold.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the sums below. A claim in another one is converted at the rate of the day it "
        "was due.",
    )
    amount = fields.Monetary(help="Sum owed for every invoice paid late.")
    tier_ids = fields.One2many("recovery.collection.fee.tier", "fee_id", string="Tiers", copy=True)
    minimum = fields.Monetary(help="Least that tiers and percentages give.")
    maximum = fields.Monetary(help="Most that tiers and percentages give; zero for no limit.")
    legal_source = fields.Char(translate=True, help="Article of law or of the contract.")
    checked_on = fields.Date(help="Day the sums were last compared with their source.")
    to_verify = fields.Boolean(
        string="To be verified",
        help="Not yet compared with their source: check the sums before relying on them.",
    )

    @api.constrains("kind", "amount", "tier_ids", "minimum", "maximum")
    def _check_kernel(self):
        for fee in self:
            fee._kernel()

    def _kernel(self):
        """Return the kernel's rule, nothing for an empty recordset. Raises ValidationError by name."""
        if not self:
            return FeeRule()
        self.ensure_one()
        with refused_by_name(self):
            return FeeRule(
                kind=self.kind,
                amount=self.amount,
                tiers=tuple(tier._kernel() for tier in self.tier_ids),
                minimum=self.minimum,
                maximum=self.maximum or None,
            )


class RecoveryCollectionFeeTier(models.Model):
    """One tier of a fixed sum."""

    _name = "recovery.collection.fee.tier"
    _description = "Fixed Sum Tier"
    _inherit = ["recovery.declared"]
    _order = "fee_id, threshold, id"

    fee_id = fields.Many2one("recovery.collection.fee", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="fee_id.currency_id")
    threshold = fields.Monetary(
        help="Amount from which the tier's sum applies, or above which its percentage does; the first is "
        "zero."
    )
    amount = fields.Monetary(
        string="Sum",
        help="By tiers: the sum owed. Percentages: the sum owed at the threshold; zero to go on from "
        "where the "
        "tier below ends.",
    )
    percent = fields.Float(
        string="Percentage",
        digits=(9, 4),
        help="Percent of what exceeds the threshold; only for percentages.",
    )

    @api.constrains("threshold", "amount", "percent")
    def _check_kernel(self):
        self.fee_id._check_kernel()

    def _kernel(self):
        """Return the tier as the kernel reads it."""
        self.ensure_one()
        if self.fee_id.kind == "tiers":
            return (self.threshold, self.amount)
        return (self.threshold, self.percent, self.amount or None)
