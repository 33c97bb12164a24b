"""Which notice charges wait for, and which claims it told of together."""

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


class RecoveryChargeTold(models.AbstractModel):
    _name = "recovery.charge.told"
    _description = "Notices that Late Charges Wait For"

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
            if not (item.given_notice or item.judgment_day or item.id in told):
                continue
            notices = list(_notices(item, told[item.id], pricing.homes[item.company_id][2], date))
            formal = min((notice for notice, is_formal in notices if is_formal), default=None)
            found = {
                "formal_notice": formal,
                "first_notice": min((told for told, _ in notices), default=None),
            }
            if item.judgment_day and item.judgment_day < date:
                found["formal_notice"] = min(filter(None, (formal, _judgment(item))))
            item.notice = found.get(item.rule.start)
            found["formal_notice"] = formal
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


def _judgment(item):
    """Return the notice that a judgment is at the latest: who was sued was asked for it (FR C. civ. 1231-6, 1231-7).

    Interest waits for no other; what a letter to a consumer has to say of fixed sums, a court has not said.
    """
    return Told(item.judgment_day, item.judgment_day, (item.debtor_id, item.judgment_day))


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
