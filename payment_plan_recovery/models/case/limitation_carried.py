"""Claims that an entry moved to another account: a debt that is doubtful by now is as old as it was."""

import datetime
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class Origin(NamedTuple):
    """A journal item on which a claim stood before: when it was due and arose, judgment, notice by hand."""

    item_id: int
    due: datetime.date
    arose: datetime.date
    judged: datetime.date | None
    noticed: datetime.date | None


class RecoveryLimitationCarried(models.AbstractModel):
    """What limitation asks of claims where they stood before they were moved. Holds no data."""

    _name = "recovery.limitation.carried"
    _description = "Limitation of Moved Claims"

    @api.model
    def _origins(self, item_ids):
        """Return the journal items that open ``item_ids`` go on from: {item id: [Origin]}; the earliest day counts."""
        before = self.env["recovery.carried"]._origins(item_ids)
        if not before:
            return {}
        told = self.env.execute_query(
            SQL(
                """
                SELECT line.id, COALESCE(line.date_maturity, line.date), COALESCE(move.invoice_date, line.date),
                       move.recovery_judgment_date, move.recovery_notice_date
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.id = ANY(%s)
                """,
                sorted({origin_id for stood in before.values() for origin_id in stood}),
            )
        )
        origins = {row[0]: Origin(*row) for row in told}
        return {item_id: [origins[origin_id] for origin_id in stood] for item_id, stood in before.items()}
