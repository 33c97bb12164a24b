from odoo import api, fields, models
from odoo.exceptions import UserError

from .plan import SIGNED_STATES


class AccountMove(models.Model):
    _inherit = "account.move"

    recovery_plan_ids = fields.Many2many(
        "recovery.plan",
        string="Instalment plans",
        compute="_compute_recovery_plan_ids",
        help="Plans that cover the invoice, past ones included.",
    )
    recovery_plan_count = fields.Integer(string="Plans", compute="_compute_recovery_plan_ids")

    @api.depends("line_ids.recovery_item_ids.plan_id")
    def _compute_recovery_plan_ids(self):
        for move in self:
            move.recovery_plan_ids = move.line_ids.recovery_item_ids.plan_id
            move.recovery_plan_count = len(move.recovery_plan_ids)

    def action_open_recovery_plans(self):
        """Open the plans that cover the invoices."""
        return self.recovery_plan_ids._form_action()

    def action_recovery_reissued(self):
        """Say which credited invoice of the same customer this one was issued in place of, by hand."""
        self.ensure_one()
        self.check_access("read")
        alike = self.env["recovery.reissued"]._alike(self).get(self, self.browse())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issued in place of"),
            "res_model": "recovery.reissue",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_move_id": self.id,
                "default_former_id": alike.id if len(alike) == 1 else False,
            },
        }

    def button_draft(self):
        self._check_not_in_plan()
        return super().button_draft()

    def button_cancel(self):
        self._check_not_in_plan()
        return super().button_cancel()

    def _check_not_in_plan(self):
        """Refuse to undo what a debtor agreed to pay by instalments."""
        items = self.env["recovery.plan.item"]
        if self.ids:
            # A user of Accounting who may not read plans still must not undo what they cover.
            items = items.sudo().search(
                [("move_line_id.move_id", "in", self.ids), ("plan_id.state", "in", SIGNED_STATES)]
            )
        if items:
            raise UserError(
                self.env._(
                    "%(invoices)s: the debtor pays by instalments (%(plans)s). "
                    "Cancel or renegotiate the plan first, or issue a credit note, "
                    "which the plan takes into account.",
                    invoices=", ".join(items.move_line_id.move_id.mapped("display_name")),
                    plans=", ".join(items.plan_id.mapped("display_name")),
                )
            )
