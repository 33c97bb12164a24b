import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...models.dunning.level import all_channels
from ...models.notice.letter import REPORTS


class RecoveryDunningPreview(models.TransientModel):
    """What a debtor would receive if the proposal were confirmed now."""

    _name = "recovery.dunning.preview"
    _description = "Preview of a Notice"

    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True)
    level_id = fields.Many2one("recovery.dunning.level", readonly=True)
    channel = fields.Selection(
        all_channels,
        readonly=True,
        help="How the notice would reach the debtor.",
    )
    subject = fields.Char(readonly=True)
    # Made by our own template, which escapes what the debtor's record holds.
    body = fields.Html(readonly=True, sanitize=False)
    document = fields.Binary(readonly=True, attachment=False)


class RecoveryDunningRunLine(models.Model):
    _inherit = "recovery.dunning.run.line"

    def action_preview(self):
        """Show the notice that carries the first of the claims, made for real and then undone."""
        line = self[:1]
        line._check_open()
        preview = self.env["recovery.dunning.preview"].create(line._preview_values())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": preview._name,
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }

    def _preview_values(self):
        """Values of the preview of the line's notice. Raises UserError when there would be none."""
        wanted = SQL(
            "line.partner_id = %s AND line.notice_level_id = %s", self.partner_id.id, self.notice_level_id.id
        )
        with self.env.cr.savepoint() as savepoint:
            notice = self.run_id._confirm(wanted, debtors=self.partner_id)
            values = notice and notice._preview_values()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        if not values:
            raise UserError(
                self.env._("The claim is no longer to be chased: propose again to see what has changed.")
            )
        return {
            "partner_id": self.partner_id.id,
            "level_id": self.notice_level_id.id,
            "channel": self.channel,
            **values,
        }


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
