from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    recovery_policy_id = fields.Many2one(
        "recovery.dunning.policy",
        string="Dunning policy",
        copy=False,
        tracking=True,
        index="btree_not_null",
        domain=[("claim_kind", "=", "item")],
        help="How this invoice is chased, when not as its debtor's other invoices are.",
    )
