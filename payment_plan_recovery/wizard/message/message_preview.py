"""Preview of a message with a debtor's own facts."""

from odoo import api, fields, models


class RecoveryMessagePreview(models.TransientModel):
    """How a message reads for a real debtor, before it is used."""

    _name = "recovery.message.preview"
    _description = "Preview of a message"
    _inherit = "recovery.dialog"
    _about = "message_id"

    message_id = fields.Many2one("recovery.message", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        domain="[('parent_id', '=', False)]",
        help="Whose open claims fill the words in braces.",
    )
    fits = fields.Boolean(
        compute="_compute_texts", help="The debtor is among those the message is meant for."
    )
    subject = fields.Char(compute="_compute_texts")
    body = fields.Html(string="E-mail", compute="_compute_texts", sanitize=False)
    letter = fields.Html(compute="_compute_texts", sanitize=False)
    closing = fields.Html(string="Below the table", compute="_compute_texts", sanitize=False)
    sms = fields.Text(string="SMS", compute="_compute_texts")
    script = fields.Html(string="Call script", compute="_compute_texts", sanitize=False)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "partner_id" in fields_list and not values.get("partner_id"):
            claim = self.env["recovery.claim"].search([("company_id", "=", self.env.company.id)], limit=1)
            values["partner_id"] = claim.partner_id.id
        return values

    @api.depends("message_id", "partner_id")
    def _compute_texts(self):
        today = self.env.company._recovery_today()
        for preview in self:
            message, debtor = preview.message_id, preview.partner_id
            preview.fits = debtor.id in message._for_debtors(debtor)
            texts = dict.fromkeys(message._worded_fields, False)
            if debtor:
                content = debtor._recovery_content(
                    self.env.company, today, days=message.level_id.payment_days or 8
                )
                content.reference = content.reference or self.env._("(reference)")
                texts = {name: message._render(name, content) for name in message._worded_fields}
            preview.update(texts)
