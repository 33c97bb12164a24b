"""What became of posted letters, as the post tells."""

from odoo import fields, models


class RecoveryNoticeDelivery(models.TransientModel):
    """Asks when letters were delivered or presented, or why they came back."""

    _name = "recovery.notice.delivery"
    _description = "Delivery of Letters"

    notice_ids = fields.Many2many("recovery.notice", string="Letters", required=True)
    date = fields.Date(
        string="On",
        required=True,
        default=lambda self: self.env.company._recovery_today(),
        help="Day the debtor signed for it, or it was presented.",
    )
    outcome = fields.Selection(
        [
            ("received", "Received"),
            ("unclaimed", "Unclaimed"),
            ("refused", "Refused"),
            ("unknown", "Not known at this address"),
        ],
        required=True,
        default="received",
        help="Unclaimed or refused, it was presented and counts as delivered; unclaimed, not where the law of your "
        "country wants it collected (DE). Not known at this address, it did not arrive: find another address and send "
        "it again.",
    )

    def action_note(self):
        """Note it on the letters."""
        self.ensure_one()
        kind = False if self.outcome == "received" else self.outcome
        self.notice_ids.action_note_delivery(self.date, kind)
        return {"type": "ir.actions.act_window_close"}
