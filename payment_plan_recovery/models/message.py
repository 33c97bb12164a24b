from ast import literal_eval

from odoo import fields, models


class RecoveryMessage(models.Model):
    """The words of a level: subject, mail body, letter, in every language by translation."""

    _name = "recovery.message"
    _description = "Recovery Message"
    _inherit = "recovery.wording"
    _order = "sequence, id"
    _worded_fields = ("subject", "body", "letter", "closing")

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first message whose debtor filter fits is used.")
    active = fields.Boolean(default=True)
    level_id = fields.Many2one(
        "recovery.dunning.level", index=True, ondelete="cascade", help="Level whose notices use these words."
    )
    debtor_domain = fields.Char(default="[]", required=True, help="Debtors these words are meant for.")
    tone = fields.Selection(
        [("courteous", "Courteous"), ("firm", "Firm"), ("formal", "Formal")],
        required=True,
        default="courteous",
        help="How the words sound; for those who choose among them.",
    )
    subject = fields.Char(
        required=True, translate=True, help="Subject of the mail and heading of the letter."
    )
    body = fields.Html(translate=True, sanitize=True, help="Mail text; words in {braces} are replaced.")
    letter = fields.Html(translate=True, sanitize=True, help="Letter text above the table of claims.")
    closing = fields.Html(translate=True, sanitize=True, help="Letter text below the table of claims.")

    def _for_debtors(self, debtors):
        """Return the message that fits each debtor, the first in order: {debtor id: message}."""
        chosen = {}
        for message in self.sorted():
            for debtor in debtors.filtered_domain(literal_eval(message.debtor_domain)):
                chosen.setdefault(debtor.id, message)
        return chosen
