"""Preview of the notice that a line of a proposal would go into."""

import base64

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


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _preview_values(self):
        """Words and, for a letter, document of the notice as it would go out."""
        self.ensure_one()
        if self.channel in ("letter", "registered"):
            pdf = self._print(REPORTS[self.level_id.letter_kind])[self]
            return {"document": base64.b64encode(pdf)}
        message = self._messages().get(self)
        if not message:
            return {"subject": self.env._("No message of level “%s” fits the debtor.", self.level_id.name)}
        kept, _outgoing = self._mail_values(message, self._contents()[self.id])
        return {"subject": kept["subject"], "body": kept["body"]}
