from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .plan import SIGNED_STATES


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    recovery_item_ids = fields.One2many(
        "recovery.plan.item", "move_line_id", string="Plans", readonly=True, help="Plans that cover the item."
    )

    recovery_plan_id = fields.Many2one(
        "recovery.plan",
        string="Instalment plan",
        compute="_compute_recovery_plan_id",
        search="_search_recovery_plan_id",
        help="The accepted plan by which the item is paid.",
    )

    @api.depends("recovery_item_ids.plan_id.state")
    def _compute_recovery_plan_id(self):
        for line in self:
            signed = line.recovery_item_ids.plan_id.filtered(lambda plan: plan.state in SIGNED_STATES)
            # While a revision waits to be activated, the plan it renegotiates is the one in force.
            line.recovery_plan_id = (signed - signed.revision_ids)[:1]

    def _search_recovery_plan_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        signed = Domain("plan_id.state", "in", SIGNED_STATES)
        ids = [plan_id for plan_id in value if plan_id]
        chosen = Domain("recovery_item_ids", "any", signed & Domain("plan_id", "in", ids))
        if len(ids) < len(value):
            return chosen | ~Domain("recovery_item_ids", "any", signed)
        return chosen

    def _recovery_set_no_followup(self, excluded):
        """Write ``no_followup`` on exactly these lines, in one statement.

        The field's own inverse would spread it to the other lines of each invoice,
        covered or not, and go through the synchronisation of every invoice.
        """
        if not self:
            return
        self.flush_recordset(["no_followup"])
        self.env.execute_query(
            SQL(
                "UPDATE account_move_line SET no_followup = %s WHERE id IN %s RETURNING id",
                excluded,
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["no_followup"], flush=False)
        self.modified(["no_followup"])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_plan(self):
        """Let go of items in plans nobody agreed to; refuse to lose those of an agreement."""
        # A user of Accounting who may not read plans still must not delete what they cover.
        items = self.env["recovery.plan.item"].sudo().search([("move_line_id", "in", self.ids)])
        agreed = items.filtered(lambda item: item.plan_id.date_accepted)
        if agreed:
            raise UserError(
                self.env._(
                    "%(items)s cannot be deleted: the debtor accepted to pay by instalments (%(plans)s). "
                    "Issue a credit note instead.",
                    items=", ".join(agreed.move_line_id.mapped("display_name")),
                    plans=", ".join(agreed.plan_id.mapped("display_name")),
                )
            )
        items.unlink()
