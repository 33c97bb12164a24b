"""What has to be done in a procedure, by whom and until when."""

from odoo import fields, models

from .limitation_rule import EVENTS

ACTORS = [
    ("creditor", "We"),
    ("debtor", "Debtor"),
    ("mediator", "Mediator"),
    ("lawyer", "Lawyer"),
    ("bailiff", "Bailiff"),
    ("agency", "Collection agency"),
    ("court", "Court"),
]


class RecoveryProcedureStep(models.Model):
    """One step of a procedure, with its deadline counted from another step or from the beginning."""

    _name = "recovery.procedure.step"
    _description = "Step of a Procedure"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one("recovery.procedure", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    actor = fields.Selection(ACTORS, required=True, default="creditor", help="Who acts.")
    after_id = fields.Many2one(
        "recovery.procedure.step",
        string="Counted from",
        domain="[('procedure_id', '=', procedure_id), ('id', '!=', id)]",
        help="Step whose day the deadline counts from; empty for the day the procedure is begun.",
    )
    delay = fields.Integer(help="How long after that day; 0 for no deadline.")
    unit = fields.Selection(
        [("days", "Calendar days"), ("working_days", "Working days"), ("months", "Months")],
        required=True,
        default="days",
        help="Working days are those of the company's calendar.",
    )
    bound = fields.Selection(
        [("latest", "At the latest"), ("earliest", "Not before")],
        required=True,
        default="latest",
        help="At the latest: the right is lost or weakened afterwards. Not before: it cannot be done earlier.",
    )
    is_moved = fields.Boolean(
        string="Moves to a working day",
        default=True,
        help="A deadline that ends on a closed day ends on the next open one.",
    )
    date_from = fields.Date(
        string="In force from", help="The step applies when the day it counts from is this one or later."
    )
    date_until = fields.Date(
        string="In force until", help="The step applies when the day it counts from is this one or earlier."
    )
    limitation_event = fields.Selection(
        EVENTS, string="Effect on limitation", help="What the step is for the limitation of the claims."
    )
    limitation_ends = fields.Boolean(
        string="Ends the effect",
        help="What lasts (a suit, a mediation) ends with this step, instead of starting.",
    )
    note = fields.Text(translate=True, help="What to know about the step.")
    legal_source = fields.Char(translate=True, help="Article of law.")

    def _applies(self, day):
        """Tell whether the step is in force when what it counts from happens on ``day``."""
        self.ensure_one()
        return (not self.date_from or day >= self.date_from) and (
            not self.date_until or day <= self.date_until
        )
