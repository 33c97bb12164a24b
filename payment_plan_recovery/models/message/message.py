from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What is written to debtors apart from dunning.
OCCASIONS = [
    ("plan_options", "Ways to pay"),
    ("plan_offer", "Offer of a plan"),
    ("plan_confirmation", "Plan agreed"),
    ("plan_statement", "Monthly statement of a plan"),
    ("plan_kept", "Plan kept to its end"),
    ("promise_confirmation", "Promise to pay"),
]


class RecoveryMessage(models.Model):
    """The words of a level: subject, mail body, letter, in every language by translation."""

    _name = "recovery.message"
    _description = "Recovery Message"
    _inherit = "recovery.wording"
    _order = "sequence, id"
    _worded_fields = ("subject", "body", "letter", "closing", "sms", "script")

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first message whose debtor filter fits is used.")
    active = fields.Boolean(default=True)
    level_id = fields.Many2one(
        "recovery.dunning.level", index=True, ondelete="cascade", help="Level whose notices use these words."
    )
    occasion = fields.Selection(
        OCCASIONS, help="What these words are for, when it is not a level of dunning."
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
    sms = fields.Text(string="SMS", translate=True, help="Text message; one of 160 characters costs least.")
    script = fields.Html(
        string="Call script", translate=True, sanitize=True, help="What the caller says and asks for."
    )

    _for_one_use = models.Constraint(
        "CHECK(level_id IS NULL OR occasion IS NULL)",
        "A message is for a level or for an occasion, not for both: clear one of them.",
    )

    def write(self, vals):
        """Refuse to archive or to take away the last message of a level in use."""
        levels = self.level_id
        result = super().write(vals)
        if {"active", "level_id", "occasion"} & vals.keys():
            self._check_levels_have_words(levels)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_words(self):
        self._check_levels_have_words(self.level_id, without=self)

    @api.model
    def _check_levels_have_words(self, levels, without=()):
        """Refuse a change that leaves a level of an active policy without any message."""
        kept = self.search([("level_id", "in", levels.ids)]) - self.browse(one.id for one in without)
        worded = kept.level_id
        silent = (levels - worded).filtered("policy_id.active")
        if silent:
            raise ValidationError(
                self.env._(
                    "%s would have no message left: nothing could be sent to its debtors. Write another one "
                    "first.",
                    ", ".join(silent.mapped("display_name")),
                )
            )

    @api.model
    def _for_occasion(self, occasion, debtor):
        """Return the message of an occasion that fits the debtor, if any."""
        messages = self.search([("occasion", "=", occasion)])
        return messages._for_debtors(debtor).get(debtor.id, self.browse())

    def _for_debtors(self, debtors):
        """Return the message that fits each debtor, the first in order: {debtor id: message}."""
        chosen = {}
        for message in self.sorted():
            for debtor in debtors.filtered_domain(literal_eval(message.debtor_domain)):
                chosen.setdefault(debtor.id, message)
        return chosen
