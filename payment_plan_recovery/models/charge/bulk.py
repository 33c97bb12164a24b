"""Charges of a whole ledger in one pass: the kernel's figures to the cent, without its working.

The facts are read in a few plain statements whatever the ledger's size, and priced rule by rule: what a unit of
debt gathers by each day is the same for every item under a rule (:mod:`..tools.interest_bulk`). What cannot be
priced that way, for want of a rate or a due date or after a judgment, is left to the kernel, which says why.
"""

import datetime
import gc
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...tools.errors import KernelError
from ...tools.interest_bulk import Calendar, bulk_interest
from ...tools.rates import ONE_DAY
from .pricing import Found
from .terms import end_of_interest, invoice_fees, start_of_interest


@contextmanager
def uncollected():
    """Put the search for cyclic garbage off: so many plain rows make none, and make it look often.

    Odoo's own ``disabling_gc`` is not used: when an error ends its block, it stays off for good.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Bearing(NamedTuple):
    """What an item bears since its due date, as counts of its currency's smallest unit.

    ``date_from`` is the first day of interest, ``until`` its last one. ``problem`` says why interest or the fixed sum
    could not be found: ``interest`` or ``fee`` is None then.
    """

    item_id: int
    rule_id: int
    interest: int | None
    fee: int | None
    decimals: int
    date_from: datetime.date | None
    until: datetime.date
    rate_extrapolated: bool
    currency_id: int
    problem: str = ""


class RecoveryChargeBulk(models.AbstractModel):
    _name = "recovery.charge.bulk"
    _description = "Late Charges of a Ledger"

    @api.model
    def _ledger(self, condition: SQL, date, companies, debtors=None) -> list[Bearing]:
        """Price at ``date`` the items of ``companies`` that ``condition`` asks for; those that bear any charge.

        :param condition: on a journal item named ``line``
        :param debtors: ids of the commercial entities that the items are of, None for all there are
        """
        with uncollected():
            pricing = replace(self._pricing(companies), is_of_concern=True)
            return self._price_ledger(condition, date, pricing, debtors)

    def _price_ledger(self, condition, date, pricing, debtors):
        items = self._read_facts(condition, date, pricing, debtors)
        fees = invoice_fees(items, date)

        def calendar_of(rule_id):
            rule = pricing.rules[rule_id,]
            return Calendar(rule.interest, rule.table, date)

        calendars = Found(calendar_of)
        simple = Found(lambda rule_id, start: calendars[rule_id,].simple_span(start, date))
        bearings = []
        for item in items:
            if not item.is_asked:
                continue
            fee, start = fees.get(item.id, 0), start_of_interest(item)
            is_plain = start and start < date and item.amount and not item.received and item.is_ordinary
            span = is_plain and simple[item.rule.id, start]
            if item.exchange is None:
                bearing = self._by_the_kernel(item, start, fee, date)
            elif span:
                bearing = self._simple_bearing(item, span, fee, date)
            elif fee or start or not item.date_due:
                bearing = self._bearing(item, calendars[item.rule.id,], start, fee, date)
            else:
                continue
            if bearing:
                bearings.append(bearing)
        return bearings

    def _simple_bearing(self, item, span, fee, date):
        """Return what a plain item bears that nothing changed within ``span``, None if nothing."""
        interest = span.interest(item.amount)
        if not (interest or fee):
            return None
        return Bearing(
            item.id,
            item.rule.id,
            interest,
            fee,
            item.decimals,
            span.first_day,
            date,
            span.is_extrapolated,
            item.currency_id,
        )

    def _bearing(self, item, calendar, start, fee, date):
        """Return what one item bears, None if nothing."""
        if (
            not item.date_due
            or item.rule.broken
            or (item.judgment_day and item.rule.interest.judgment_points)
        ):
            return self._by_the_kernel(item, start, fee, date)
        base, until, received = item.amount, date, item.received
        if received or item.stopped:
            for day, amount, _on_item in received:
                if start and day <= start:
                    base -= amount
            until = end_of_interest(item, date)
        interest, extrapolated = 0, False
        if start and base > 0 and start < until:
            costs = fee if item.rule.fee_comes_with_interest else 0
            try:
                interest, extrapolated = bulk_interest(calendar, base, start, until, received, costs)
            except KernelError:
                return self._by_the_kernel(item, start, fee, date)
        if not (interest or fee):
            return None
        first = start and start + ONE_DAY
        figures = (interest, fee, item.decimals, first, until, extrapolated, item.currency_id)
        return Bearing(item.id, item.rule.id, *figures)

    def _by_the_kernel(self, item, start, fee, date):
        charges = self._price_item(item, date, fee)
        if not (charges.total or charges.problems):
            return None
        return Bearing(
            item.id,
            item.rule.id,
            None if charges.problem else int(charges.interest.scaleb(item.decimals)),
            None if charges.fee_problem else fee,
            item.decimals,
            start and start + ONE_DAY,
            charges.until,
            charges.rate_extrapolated,
            item.currency_id,
            charges.problems,
        )
