from odoo import fields, models

from .dunning_level import CHANNELS


class RecoveryDunningRunLine(models.Model):
    """One claim a run proposes to chase, at one level over one channel."""

    _name = "recovery.dunning.run.line"
    _description = "Dunning Proposal"
    _order = "run_id, partner_id, date_due, id"

    run_id = fields.Many2one("recovery.dunning.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, index=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Journal item", index="btree_not_null", ondelete="cascade"
    )
    instalment_id = fields.Many2one("recovery.plan.instalment", index="btree_not_null", ondelete="cascade")
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    level_id = fields.Many2one(
        "recovery.dunning.level", required=True, ondelete="cascade", help="Level the claim has reached."
    )
    notice_level_id = fields.Many2one(
        "recovery.dunning.level",
        required=True,
        ondelete="cascade",
        help="Level of the notice with the claim: the debtor's highest if the policy groups by debtor.",
    )
    channel = fields.Selection(
        CHANNELS, required=True, help="First channel of the level the debtor can be reached by."
    )
    currency_id = fields.Many2one("res.currency", required=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    amount_residual = fields.Monetary(string="Owed", help="Owed at the run's date, in the claim's currency.")
    amount_company = fields.Monetary(
        string="Owed (company currency)",
        currency_field="company_currency_id",
        help="Owed at the run's date, in company currency.",
    )
    date_due = fields.Date(string="Due date", help="Day from which the claim is late.")
    selected = fields.Boolean(default=True, help="Untick to leave the claim out of this run.")
