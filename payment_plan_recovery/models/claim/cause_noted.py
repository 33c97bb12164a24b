"""Where it is noted why a debtor pays late."""

from odoo import fields, models


class RecoveryCauseNoted(models.AbstractModel):
    """Records, each of a debtor and a company, on which is noted why the debtor pays late."""

    _name = "recovery.cause.noted"
    _description = "What Notes a Cause of Lateness"

    #: (rank, field of the day): of two records of one day, the one of the lower rank says more.
    _cause_told = None

    cause_id = fields.Many2one(
        "recovery.cause",
        string="Cause of lateness",
        index="btree_not_null",
        ondelete="restrict",
        help="Why the debtor did not pay in time, as it says.",
    )
    cause_advice = fields.Text(related="cause_id.advice", string="What to answer")
