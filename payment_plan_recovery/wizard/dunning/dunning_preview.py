"""Preview of the notice that a line of a proposal would go into."""

from odoo import fields, models


class RecoveryDunningPreview(models.TransientModel):
    """What a debtor would receive if the proposal were confirmed now."""

    _name = "recovery.dunning.preview"
    _description = "Preview of a Notice"

    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True)
    level_id = fields.Many2one("recovery.dunning.level", readonly=True)
    channel = fields.Selection(
        lambda self: self.env["recovery.channel"]._selection(),
        readonly=True,
        help="How the notice would reach the debtor.",
    )
    subject = fields.Char(readonly=True)
    # Made by our own template, which escapes what the debtor's record holds.
    body = fields.Html(readonly=True, sanitize=False)
    document = fields.Binary(readonly=True, attachment=False)
