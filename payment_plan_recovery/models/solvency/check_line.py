from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import formatLang

from .measure import AMOUNTS


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
        [("ledger", "Ledger"), ("statement", "Statements"), ("rating", "Rating"), ("question", "Question")],
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
        check, criterion = self.check_id, self.criterion_id
        debtor_id = check.partner_id.id
        if criterion.source == "question":
            return self.answer or None
        if criterion.source == "rating":
            rating = facts["ratings"][criterion.provider_id].get(debtor_id)
            return rating.rating if rating else None
        if criterion.source == "statement":
            statements = facts["statements"].get(debtor_id, self.env["recovery.financial.statement"])
            return statements.filtered(check._is_recent)._average(criterion.ratio, criterion.statement_years)
        value = facts["measures"][debtor_id][criterion.measure]
        if value is None:
            return None
        value = check._to_card(value) if criterion.measure in AMOUNTS else value
        # What is shown is what is judged.
        return round(float(value), 2)

    def _show(self, judged):
        self.write(
            {
                **self.criterion_id._copied(),
                "value_text": "" if judged.value is None else self._shown(judged.value),
                "points": 0.0 if judged.points is None else float(judged.points),
                "share": float(judged.share) * 100,
                "weighted_points": float(judged.weighted_points),
                "reason": self._reason(judged),
            }
        )

    def _shown(self, value):
        if self.source == "question":
            return dict(self._fields["answer"]._description_selection(self.env)).get(value, value)
        if self.source not in ("ledger", "statement"):
            return str(value)
        return formatLang(self.env, float(value), digits=0 if value == int(value) else 2)

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
                self.env._("Any value") if band.upper is None else self.env._("Below %s", _plain(band.upper))
            )
        if band.upper is None:
            return self.env._("%s or more", _plain(band.lower))
        return self.env._(
            "From %(lower)s to below %(upper)s", lower=_plain(band.lower), upper=_plain(band.upper)
        )


def _plain(bound):
    return f"{bound.normalize():f}"


class RecoverySolvencyCheckLimit(models.Model):
    """What one part of the formula allowed on one check, in the card's currency."""

    _name = "recovery.solvency.check.limit"
    _description = "Part of a Computed Limit"
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
