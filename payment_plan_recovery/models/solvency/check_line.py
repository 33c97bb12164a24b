from odoo import fields, models
from odoo.exceptions import AccessError

from ..common.number_told import number_told


class RecoverySolvencyCheckLine(models.Model):
    """What one criterion brought on one check, kept as it was judged even when the card changes later."""

    _name = "recovery.solvency.check.line"
    _description = "Criterion of a Check"
    _order = "check_id, sequence, id"
    _rec_name = "name"

    check_id = fields.Many2one("recovery.solvency.check", required=True, index=True, ondelete="cascade")
    check_state = fields.Selection(related="check_id.state", string="State of the check")
    criterion_id = fields.Many2one(
        "recovery.scorecard.criterion", string="Declared as", ondelete="set null", index="btree_not_null"
    )
    sequence = fields.Integer(readonly=True)
    name = fields.Char(string="Criterion", readonly=True)
    source = fields.Selection(
        lambda self: self.env["recovery.scorecard.source"]._selection(),
        readonly=True,
        help="Where the value comes from.",
    )
    answer = fields.Selection(
        [("yes", "Yes"), ("no", "No")], help="Answer to a question; the other values are read."
    )
    value_text = fields.Char(string="Value", readonly=True, help="What was found; empty when nothing was.")
    points = fields.Float(digits=(16, 2), readonly=True, help="Points the value earned.")
    weight = fields.Float(digits=(16, 4), readonly=True, help="How much the criterion counts.")
    share = fields.Float(
        string="Share (%)", digits=(16, 1), readonly=True, help="Its part of the weights that count."
    )
    weighted_points = fields.Float(
        string="Counts for",
        digits=(16, 2),
        readonly=True,
        help="Points times the share; they add up to the score.",
    )
    reason = fields.Char(readonly=True, help="Why the value earned its points.")

    def write(self, vals):
        if not self.env.su and (
            vals.keys() - {"answer"} or any(line.check_state != "draft" for line in self)
        ):
            raise AccessError(self.env._("Only the answers of a draft check can be written."))
        return super().write(vals)

    def _value(self, facts):
        """The criterion's value of the debtor as the kernel takes it; ``None`` when it is not known."""
        source = self.criterion_id.source
        return self.env["recovery.scorecard.source"]._of(source)._value(self, facts[source])

    def _show(self, judged):
        """Write down how the value was judged, in the language of the company: it is kept as it was told."""
        line = self.with_context(lang=self.check_id.company_id._recovery_lang())
        line._tell(judged)

    def _tell(self, judged):
        source = self.env["recovery.scorecard.source"]._of(self.criterion_id.source)
        self.write(
            {
                **self.criterion_id._copied(),
                "value_text": "" if judged.value is None else source._shown(judged.value, self.criterion_id),
                "points": 0.0 if judged.points is None else float(judged.points),
                "share": float(judged.share) * 100,
                "weighted_points": float(judged.weighted_points),
                "reason": self._reason(judged),
            }
        )

    def _reason(self, judged):
        if judged.reason == "missing_points":
            return self.env._("Not known: points of a missing value")
        if judged.reason == "missing_ignored":
            return self.env._("Not known: its weight is left to the others")
        return (
            self.env._("Points of this answer")
            if judged.reason == "answer"
            else self._band_reason(judged.band)
        )

    def _band_reason(self, band):
        if band.lower is None:
            return (
                self.env._("Any value")
                if band.upper is None
                else self.env._("Below %s", number_told(self.env, band.upper))
            )
        if band.upper is None:
            return self.env._("%s or more", number_told(self.env, band.lower))
        return self.env._(
            "From %(lower)s to below %(upper)s",
            lower=number_told(self.env, band.lower),
            upper=number_told(self.env, band.upper),
        )


class RecoverySolvencyCheckLimit(models.Model):
    """What one part of the formula allowed on one check, in the card's currency."""

    _name = "recovery.solvency.check.limit"
    _description = "Part of a Computed Limit"
    _inherit = "recovery.named"
    _order = "check_id, amount, id"
    _rec_name = "kind"

    check_id = fields.Many2one("recovery.solvency.check", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="check_id.card_currency_id")
    kind = fields.Selection(
        selection=lambda self: (
            self.env["recovery.scorecard.limit.part"]._fields["kind"]._description_selection(self.env)
        ),
        string="Part",
        readonly=True,
    )
    figure = fields.Monetary(readonly=True, help="The figure, in the card's currency.")
    factor = fields.Float(digits=(16, 4), readonly=True, help="Times the figure.")
    amount = fields.Monetary(string="Allows", readonly=True, help="Most credit by this part.")
