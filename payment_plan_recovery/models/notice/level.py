"""What a level adds to its notices' words: papers that mails carry, how letters count, and actions afterwards."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RecoveryDunningLevel(models.Model):
    _inherit = "recovery.dunning.level"

    action_ids = fields.Many2many(
        "ir.actions.server",
        string="Actions",
        domain=[("model_name", "=", "recovery.notice")],
        help="Run on the notices of this level once they have been sent.",
    )
    attach_invoices = fields.Boolean(
        string="Attach the unpaid invoices",
        default=True,
        help="Mails carry the invoices' PDFs, or links to them on the portal when they are too large.",
    )
    attach_statement = fields.Boolean(
        string="Attach the statement of account", help="Mails carry everything the debtor owes, by age."
    )
    registered_counts_from = fields.Selection(
        [("posting", "Posting"), ("delivery", "Delivery")],
        string="Registered letters count from",
        required=True,
        default="posting",
        help="From which day the days to pay, the delay of the next level and late charges count when the notice "
        "goes by registered letter. Delivery: the day the debtor signed for it, or it was presented, once noted.",
    )

    @api.constrains("action_ids")
    def _check_actions(self):
        """The outbox runs them with all rights: no job or action of other records is set going by a level."""
        # sudo: which records an action is for, whoever chooses it
        others = self.sudo().action_ids.filtered(lambda action: action.model_name != "recovery.notice")
        if others:
            raise ValidationError(
                self.env._(
                    "“%s” is no action on notices: choose one, or have an administrator make it.",
                    others[0].display_name,
                )
            )
