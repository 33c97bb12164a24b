"""What a company chases, who looks after it, and how often a debtor is contacted."""

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_dunning_policy_id = fields.Many2one(
        "recovery.dunning.policy",
        string="Dunning policy",
        domain=[("claim_kind", "=", "item")],
        help="Policy of an invoice that no other policy is chosen for.",
        of_creditor=True,
    )
    recovery_account_ids = fields.Many2many(
        "account.account",
        "recovery_company_account_rel",
        string="Accounts to chase",
        domain=[("account_type", "=", "asset_receivable")],
        help="Receivable accounts whose open items are chased; leave empty for all of them.",
        of_creditor=True,
    )
    recovery_daily_run = fields.Selection(
        [
            ("off", "No daily run"),
            ("propose", "Propose only"),
            ("confirm", "Propose, and make the notices that need no approval"),
        ],
        default="off",
        required=True,
        help="What the scheduled action does for this company every day.",
        of_creditor=True,
    )
    recovery_contact_max = fields.Integer(
        string="Contacts per debtor",
        default=2,
        help="Most times a debtor is contacted within the window, over all channels; 0 for no limit.",
        of_creditor=True,
    )
    recovery_contact_window_days = fields.Integer(
        string="Contact window (days)",
        default=7,
        help="Days over which the contacts of a debtor are counted.",
        of_creditor=True,
    )
    recovery_contact_gap_days = fields.Integer(
        string="Days between contacts",
        default=1,
        help="Least number of days between two contacts of a debtor; 1 for one a day, 0 for no limit.",
        of_creditor=True,
    )

    @api.constrains(lambda self: self._recovery_settings_of_creditor())
    def _judge_by_new_settings(self):
        """Have the claims judged by a creditor's new settings soon: lists are to find that. Nothing is refused."""
        self.env["recovery.judgement"]._ask_to_keep()
