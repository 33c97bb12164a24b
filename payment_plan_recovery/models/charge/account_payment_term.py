from odoo import fields, models


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    recovery_interest_rule_id = fields.Many2one(
        "recovery.interest.rule",
        string="Late payment clause",
        domain=[("is_contract", "=", True)],
        check_company=True,
        help="Contract clause on late payment that these terms contain; leave empty to apply the law.",
    )
