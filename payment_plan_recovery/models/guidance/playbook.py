"""The playbook: what is said on the telephone at each stage, and what is answered to each cause of lateness."""

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What is said of words for no stage in particular.
EVERY_STAGE = _lt("Every stage")
#: How far a debtor has come, which decides how a call begins.
STAGES = [
    ("before", "Nothing is late"),
    ("reminder", "Reminder"),
    ("firm", "Firm reminder"),
    ("formal", "Formal notice"),
    ("after", "Last level done"),
    ("plan", "Plan late"),
]


class RecoveryPlaybook(models.Model):
    """A call script of a stage, or the answer to an objection. Shown where the call is noted."""

    _name = "recovery.playbook"
    _description = "Playbook"
    _order = "kind desc, sequence, id"

    name = fields.Char(
        required=True, translate=True, help="When it is used: the stage of a script, or what the debtor says."
    )
    kind = fields.Selection(
        [("script", "Call script"), ("answer", "Answer to an objection")],
        required=True,
        default="answer",
        help="A script opens the call; answers stand below it, those of the cause that was chosen first.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    stage = fields.Selection(
        STAGES,
        falsy_value_label=EVERY_STAGE,
        help="How far the debtor has come; leave empty for every stage.",
    )
    cause_ids = fields.Many2many(
        "recovery.cause",
        string="Causes of lateness",
        help="Causes to which it answers; leave empty for what may be said whatever the cause.",
    )
    text = fields.Html(
        required=True,
        translate=True,
        sanitize=True,
        help="What to say, to ask and to do, in short paragraphs.",
    )

    @api.model
    def _for_call(self, stage, cause):
        """Return (scripts, answers) for a call: of the stage, and of the cause, or of all causes while none is known.

        What answers to no cause in particular comes last.
        """
        fitting = self.search([("stage", "in", (stage, False))])
        scripts = fitting.filtered(lambda play: play.kind == "script")
        answers = fitting.filtered(
            lambda play: (
                play.kind == "answer" and (not cause or not play.cause_ids or cause in play.cause_ids)
            )
        )
        general = answers.filtered(lambda play: not play.cause_ids)
        return scripts.filtered("stage") or scripts, (answers - general) + general
