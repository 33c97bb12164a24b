"""The counts of a run: how many claims were chased, or not for which reason."""

from odoo import fields, models

from ..common.empty import empty
from .reason import IN_PLAN, SELECTED


class RecoveryDunningRunReason(models.Model):
    """How many claims a run chased, or did not chase for one reason."""

    _name = "recovery.dunning.run.reason"
    _description = "Dunning Run Reason"
    _inherit = ["recovery.guarded.fields"]
    _by_actions = True
    _order = "run_id, claim_count desc, id"

    run_id = fields.Many2one("recovery.dunning.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    reason = fields.Selection(
        lambda self: self.env["recovery.dunning.reason"]._selection(),
        required=True,
        readonly=True,
        help="Why these claims are chased or not.",
    )
    claim_count = fields.Integer(string="Claims", readonly=True)
    amount_company = fields.Monetary(
        string="Owed", currency_field="company_currency_id", readonly=True, help="Total in company currency."
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")

    _once_per_run = models.Constraint("UNIQUE(run_id, reason)", "A run counts each reason once.")

    def action_open_claims(self):
        """The claims behind the count: the proposal, or the claims left alone for this reason."""
        self.ensure_one()
        if self.reason == SELECTED:
            return self.run_id.action_open_proposal()
        label = dict(self._fields["reason"]._description_selection(self.env)).get(self.reason, self.reason)
        if self.run_id.state in ("confirmed", "cancelled"):
            # The run keeps its counts; the claims behind them went their ways.
            label = self.env._("%s: claims as of now", label)
        action = {
            "type": "ir.actions.act_window",
            "name": label,
            "view_mode": "list",
            "context": {"recovery_run_id": self.run_id.id},
            "help": empty(
                self.env._("None of them any more"),
                self.env._("A run keeps its counts; the claims behind them went their ways."),
            ),
        }
        if self.reason == IN_PLAN:
            return {**action, "res_model": "recovery.plan.item", "domain": self._items_in_plan()}
        domain = [("reason", "=", self.reason), ("company_id", "=", self.company_id.id)]
        return {**action, "res_model": "recovery.claim", "domain": domain}

    def _items_in_plan(self):
        return [
            ("is_live", "=", True),
            ("company_id", "=", self.company_id.id),
            ("move_line_id.reconciled", "=", False),
        ]
