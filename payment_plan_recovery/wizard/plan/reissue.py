"""An invoice that was credited by hand and issued anew: a person says which one it stands in place of."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.common.guarded_fields import as_action
from ..dunning.dunning_change import ALONE
from .reversal import agree_again, plans_of


class RecoveryReissue(models.TransientModel):
    """Asks which invoice another one was issued in place of, without Odoo's dialog."""

    _name = "recovery.reissue"
    _description = "Issued in Place Of"
    _inherit = ["recovery.names.seen"]

    move_id = fields.Many2one("account.move", string="Invoice", required=True, ondelete="cascade")
    former_id = fields.Many2one(
        "account.move",
        string="Issued in place of",
        required=True,
        ondelete="cascade",
        help="Invoice of the same customer that was credited in full. What was noted about it goes on with this one: "
        "policy, promises and holds; the level too, where this one is due no later.",
    )
    candidate_ids = fields.Many2many("account.move", compute="_compute_candidate_ids")

    @api.depends("move_id")
    def _compute_candidate_ids(self):
        """Offer what was credited of the customer's, which the user may read."""
        for dialog in self:
            found = self.env["recovery.reissued"]._credited(dialog.move_id)
            dialog.candidate_ids = found.with_env(self.env)._filtered_access("read")

    def action_confirm(self):
        """Note which invoice this one stands in place of, and let what was noted about that one go on.

        :raise UserError: this one stands in place of one already, or that one was not credited in full, or another
            invoice stands in its place
        """
        self.ensure_one()
        self.move_id.check_access("read")
        # sudo: collectors may not write invoices, but say how they are chased; nothing else is written
        anew, former = as_action(self.move_id.sudo().with_context(**ALONE)), self.former_id.sudo()
        if anew.recovery_replaces_id:
            raise UserError(
                self.env._(
                    "%(invoice)s stands in place of %(former)s already. Reload the page.",
                    invoice=anew.name,
                    former=anew.recovery_replaces_id.name,
                )
            )
        if former not in self.env["recovery.reissued"]._credited(anew):
            raise UserError(
                self.env._(
                    "%s is no invoice of this customer that was credited in full, or another invoice stands in its "
                    "place. Choose another one.",
                    former.name,
                )
            )
        plan = plans_of(former).get(former)
        anew.recovery_replaces_id = former
        self.env["recovery.reissued"]._said_by_hand(anew, former)
        if plan:
            agree_again(as_action(plan), anew)
