"""What every dialog that holds asks: why, and until when or until somebody looks at it again."""

from odoo import api, fields, models

from ...models.claim.given import OF_DEBTOR
from ...models.claim.hold import REST_DAYS


class RecoveryHoldAsked(models.AbstractModel):
    """Base of the dialogs by which claims are put on hold."""

    _name = "recovery.hold.asked"
    _description = "Hold Asked For"

    kind = fields.Selection(
        lambda self: self.env["recovery.hold"]._fields["kind"]._description_selection(self.env),
        string="Kind of hold",
        default="manual",
        help="Why the claims are not chased.",
    )
    date_until = fields.Date(
        string="Until",
        default=lambda self: fields.Date.add(self.env.company._recovery_today(), days=REST_DAYS),
        help="Last day without dunning; leave empty only with a review date.",
    )
    date_review = fields.Date(string="Review", help="Day on which an open-ended hold is looked at again.")

    @api.onchange("kind")
    def _onchange_kind(self):
        """Propose no end of what does not end by itself, but the day on which somebody looks at it again."""
        day = self.date_until or self.date_review
        self.date_review, self.date_until = (day, False) if self.kind in OF_DEBTOR else (False, day)

    def _hold_asked(self):
        """Return the values of a hold as asked for."""
        return {
            "kind": self.kind,
            "date_until": self.date_until,
            "date_review": not self.date_until and self.date_review,
            "reason": self.reason,
        }
