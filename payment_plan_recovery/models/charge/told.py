"""Which notice charges wait for, which claims it told of together, and where claims stood before they were moved."""

import datetime
from collections import defaultdict
from collections.abc import Hashable
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from .rows import id_rows


class Told(NamedTuple):
    """A notice on its ``day``: what is paid up to the day ``until``, the last of its days to pay, bears nothing.

    Claims of the same ``key`` were told of by the same notice.
    """

    day: datetime.date
    until: datetime.date
    key: Hashable


class Moved(NamedTuple):
    """Where a claim stood before an entry moved it: the ``day`` it was, the ``due`` day, the items it goes on from."""

    day: datetime.date
    due: datetime.date
    item_ids: tuple


class RecoveryChargeTold(models.AbstractModel):
    _name = "recovery.charge.told"
    _description = "Notices that Late Charges Wait For"

    def _where_they_stood(self, rows):
        """Return ``rows`` with the facts of where claims stood that an entry moved, and {item id: Moved}.

        A debt that is booked as doubtful bears interest on until it is paid, under the same rule: what it gathered
        until it was moved lies on the first item, what it gathers since on the other.
        """
        before = self.env["recovery.carried"]._origins([row[0] for row in rows if not row[2]])
        if not before:
            return rows, {}
        told = self._told_of({row_id for item_id, stood in before.items() for row_id in (item_id, *stood)})
        moved, stood = {}, []
        for row in rows:
            if not (origins := before.get(row[0])):
                stood.append(row)
                continue
            first = min(origins, key=lambda item_id: (told[item_id][1], item_id))
            _day, due, notice, judgment, clause, term = told[first]
            moved[row[0]] = Moved(told[row[0]][0], due, tuple(origins))
            days = (due, *row[7:10], notice or row[10], judgment or row[11])
            stood.append((*row[:5], term, *days, *row[12:16], clause, term))
        return stood, moved

    def _told_of(self, item_ids):
        """Return {item id: (day, due day, notice by hand, judgment, clause, terms)} of journal items."""
        rows = self.env.execute_query(
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
        return {item_id: tuple(facts) for item_id, *facts in rows}

    def _read_notices(self, items, date, pricing):
        """Find the notice that charges of each item wait for; none while its days to pay run.

        :return: the claims told of together with ``items`` whose fixed sum follows from their total
        """
        waiting = [item for item in items if item.rule.waits_for_notice]
        if not waiting:
            return []
        self._find_notices(waiting, date, pricing)
        known = {item.id for item in items}
        others = [item for item in self._read_told_together(waiting, pricing) if item.id not in known]
        for item in others:
            item.is_asked = False
        if others:
            self._find_notices(others, date, pricing)
        return others

    def _find_notices(self, items, date, pricing):
        told, before = defaultdict(list), {item.id: item.moved.item_ids for item in items if item.moved}
        asked = [item.id for item in items] + [item_id for stood in before.values() for item_id in stood]
        for item_id, *notice in self.env.execute_query(
            self.env["recovery.notice.line"]._told_sql(id_rows(asked))
        ):
            told[item_id].append(notice)
        for item_id, stood in before.items():
            told[item_id] += [notice for origin_id in stood for notice in told.get(origin_id, ())]
        for item in items:
            if not (item.given_notice or item.id in told):
                continue
            notices = list(_notices(item, told[item.id], pricing.homes[item.company_id][2], date))
            formal = min((notice for notice, is_formal in notices if is_formal), default=None)
            found = {
                "formal_notice": formal,
                "first_notice": min((told for told, _ in notices), default=None),
            }
            item.notice = found.get(item.rule.start)
            item.fee_notice = found.get(item.rule.fee_start)

    def _read_told_together(self, items, pricing):
        """Items of the notices that fixed sums wait for which follow from all of their claims."""
        keys = {item.awaited.key for item in items if item.rule.sums_claims and item.awaited}
        sent = {key[0] for key in keys if len(key) == 1}
        given = [key for key in keys if len(key) > 1]
        found = {}
        if sent:
            told = self.env["recovery.notice.line"]._items_sql(SQL("SELECT %s", id_rows(sent)))
            found |= {item.id: item for item in self._read_items(SQL("line.id IN (%s)", told), pricing)}
        if given:
            condition = SQL(
                "line.partner_id IN (SELECT id FROM res_partner WHERE commercial_partner_id IN %s)"
                " AND move.recovery_notice_date IN %s",
                tuple({debtor_id for debtor_id, _ in given}),
                tuple({day for _, day in given}),
            )
            found |= {item.id: item for item in self._read_items(condition, pricing)}
        return found.values()


def _notices(item, notices, timezone, date):
    """Yield (Told, is formal) of the notices whose days to pay have passed on ``date``.

    One given elsewhere is known by its debtor and day.
    """
    rule = item.rule
    grace, by_post = (datetime.timedelta(days=days) for days in (rule.grace_days, rule.post_days))
    found = []
    if item.given_notice:
        key = (item.debtor_id, item.given_notice)
        found.append((Told(item.given_notice, item.given_notice + grace + by_post, key), True))
    for counted_at, is_posted, is_formal, notice_id in notices:
        day = counted_at.replace(tzinfo=datetime.UTC).astimezone(timezone).date()
        until = day + grace + (by_post if is_posted else datetime.timedelta())
        found.append((Told(day, until, (notice_id,)), is_formal))
    return [(told, is_formal) for told, is_formal in found if told.until < date]
