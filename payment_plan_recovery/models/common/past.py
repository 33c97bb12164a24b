"""States that a record had and left again: figures of past days are told by them."""

from odoo import api, fields, models
from odoo.tools import SQL

from .guarded_fields import as_action


class RecoveryPast(models.AbstractModel):
    """Records that may go on after they ended: paid and bounced, closed and opened again, in default and cured."""

    _name = "recovery.past"
    _description = "Past States"
    _inherit = ["recovery.guarded.fields"]

    past = fields.Json(
        readonly=True,
        copy=False,
        protected=True,
        help="States that were left again: [state, first day, day on which it was left, what belonged to it], "
        "oldest first.",
    )

    def _note_past(self, state, since, until, res_id=None):
        """Keep that the record was in ``state`` from the day ``since``, if any, and left it on ``until``.

        :param res_id: of what belonged to it then and is no longer named by it
        """
        self.ensure_one()
        if since:
            # sudo: whoever may move the record has it noted
            as_action(self.sudo()).past = [*(self.past or []), [state, str(since), str(until), res_id]]

    @api.model
    def _past_sql(self, record: SQL) -> SQL:
        """Return a query of (state, since, until, res_id) over the column ``past`` of the alias ``record``."""
        return SQL(
            "SELECT was ->> 0 AS state, (was ->> 1)::date AS since, (was ->> 2)::date AS until,"
            " (was ->> 3)::int AS res_id"
            " FROM jsonb_array_elements(%s.past) was",
            record,
        )
