from odoo import fields, models


class RecoveryClaim(models.Model):
    """One amount owed at one date: an open receivable item, or an instalment in place of the items of its plan.

    ``id`` is twice the journal item's id, or twice the instalment's id plus one.
    """

    _name = "recovery.claim"
    _description = "Claim"
    _auto = False
    _order = "date_due, id"

    move_line_id = fields.Many2one("account.move.line", string="Journal item", readonly=True)
    instalment_id = fields.Many2one("recovery.plan.instalment", readonly=True)
    plan_id = fields.Many2one("recovery.plan", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True, help="Commercial entity that owes.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    date_due = fields.Date(readonly=True)
    amount_residual = fields.Monetary(readonly=True, help="Still owed, in the claim's currency.")
    amount_company = fields.Monetary(
        currency_field="company_currency_id", readonly=True, help="Still owed, in the company's currency."
    )
