"""What an entry moved to another account, a doubtful debt say, bears what it bore; what is declared bears no more."""

import datetime
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL


class Moved(NamedTuple):
    """Where a claim stood before an entry moved it on ``day``; of several claims, the one that was due first."""

    day: datetime.date
    #: The journal items that it goes on from.
    item_ids: tuple
    date_due: datetime.date
    given_notice: datetime.date | None
    judgment_day: datetime.date | None
    #: The rule and the payment terms of the invoice.
    clause_id: int | None
    term_id: int | None

    @property
    def is_late(self):
        """Whether it was late by then."""
        return self.day > self.date_due

    def put_into(self, row):
        """Return the ``row`` of the item's first fields with what is known of where it stood."""
        notice, judgment = self.given_notice or row[7], self.judgment_day or row[8]
        return (
            *row[:4],
            self.date_due,
            *row[5:7],
            notice,
            judgment,
            *row[9:13],
            self.clause_id,
            self.term_id,
        )


class RecoveryChargeMoved(models.AbstractModel):
    _name = "recovery.charge.moved"
    _description = "Late Charges of Claims that Were Moved"

    def _read_stopped(self, pricing) -> list[tuple]:
        """Rows of (item id, day): what an insolvency ever took in, and what that goes on from.

        An item may come several times.
        """
        if not pricing.is_any_insolvent:
            return []
        taken = self.env.execute_query(self.env["recovery.hold"]._declared_since_sql(pricing.companies))
        before = self.env["recovery.carried"]._origins([item_id for item_id, _day in taken])
        return [(each, day) for item_id, day in taken for each in (item_id, *before.get(item_id, ()))]

    def _read_moved(self, rows) -> dict[int, Moved]:
        """Return {item id: Moved} of those ``rows`` whose claims an entry moved.

        A debt that is booked as doubtful bears interest on until it is paid, under the same rule: what it gathered
        until it was moved lies on the first item, what it gathers since on the other.
        """
        before = self.env["recovery.carried"]._origins([row[0] for row in rows if not row[2]])
        if not before:
            return {}
        facts = self._read_where_they_stood(
            {*before, *(origin for stood in before.values() for origin in stood)}
        )
        moved = {}
        for item_id, origins in before.items():
            first = min(origins, key=lambda origin: (facts[origin][1], origin))
            moved[item_id] = Moved(facts[item_id][0], tuple(origins), *facts[first][1:])
        return moved

    def _read_where_they_stood(self, item_ids):
        """Return {item id: (its day, its due day and what its entry says of charges)}."""
        return {
            item_id: facts
            for item_id, *facts in self.env.execute_query(
                SQL(
                    """
                    SELECT line.id, line.date, COALESCE(line.date_maturity, line.date), move.recovery_notice_date,
                           move.recovery_judgment_date, move.recovery_interest_rule_id, move.invoice_payment_term_id
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
                     WHERE line.id = ANY(%s)
                    """,
                    sorted(item_ids),
                )
            )
        }
