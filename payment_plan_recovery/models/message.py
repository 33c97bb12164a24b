from odoo import fields, models


class RecoveryMessage(models.Model):
    """The words of a level: subject, mail body, letter, in every language by translation."""

    _name = "recovery.message"
    _description = "Recovery Message"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    level_id = fields.Many2one("recovery.dunning.level", index=True, ondelete="cascade")
    debtor_domain = fields.Char(default="[]", required=True, help="Debtors these words are meant for.")
    tone = fields.Selection(
        [("courteous", "Courteous"), ("firm", "Firm"), ("formal", "Formal")], required=True, default="courteous"
    )
    subject = fields.Char(required=True, translate=True, help="Subject of the mail and heading of the letter.")
    body = fields.Html(translate=True, sanitize=True, help="Mail text; words in {braces} are replaced.")
    letter = fields.Html(translate=True, sanitize=True, help="Letter text above the table of claims.")
    closing = fields.Html(translate=True, sanitize=True, help="Text below the table of claims.")
