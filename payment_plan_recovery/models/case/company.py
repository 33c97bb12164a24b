"""What a company declares about cases."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_waiting_rate = fields.Float(
        string="Cost of waiting (%)",
        digits=(5, 2),
        help="What money costs the company, in percent a year: waiting for the outcome of a procedure is "
        "weighed with it.",
        of_creditor=True,
    )
    recovery_limitation_law = fields.Selection(
        [("creditor", "The creditor's country"), ("debtor", "The debtor's country")],
        string="Law of limitation",
        default="creditor",
        required=True,
        help="Whose country's law limits debts of companies where no contract says otherwise; individuals are "
        "always under that of their own.",
        of_creditor=True,
    )
    recovery_limitation_days = fields.Integer(
        string="Limitation warned of (days before)",
        default=90,
        help="Days before a claim is time-barred on which the person responsible is asked to act.",
        of_creditor=True,
    )
    recovery_write_off_account_id = fields.Many2one(
        "account.account",
        string="Account for write-offs",
        check_company=True,
        domain=[("internal_group", "=", "expense")],
        help="Bears what is given up of claims.",
    )
    recovery_write_off_ceiling = fields.Monetary(
        string="Write-offs approved by another above",
        ceiling="most",
        of_creditor=True,
        help="Above this sum of a debtor's claims given up within a year, somebody else than who asked approves a "
        "write-off.",
    )
