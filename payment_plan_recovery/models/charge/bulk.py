"""Charges of a whole ledger in one pass: the kernel's figures to the cent, without its working.

The facts are read in a few plain statements whatever the ledger's size, and priced rule by rule: what a unit of
debt gathers by each day is the same for every item under a rule (:mod:`..tools.interest_bulk`). What cannot be
priced that way, for want of a rate or a due date or after a judgment, is left to the kernel, which says why.
"""

import datetime
import gc
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...tools.errors import KernelError
from ...tools.interest_bulk import Span, bulk_interest, calendar_of
from ...tools.rates import ONE_DAY
from ..common.planner import suiting
from .facts import ONE
from .pricing import Found, PricedRule
from .terms import bears_fee, end_of_interest, fee_of_unpaid, invoice_fees, start_of_interest


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


class Plain(NamedTuple):
    """What items bear of which due date and amount alone decide, under one rule and due on one day."""

    rule: PricedRule
    span: Span
    until: datetime.date
    currency_id: int
    decimals: int
    #: The fixed sum; None where it follows from the amount.
    fee: int | None

    def bearing(self, item_id, amount):
        """Return what an item of this amount bears, None if nothing."""
        rule, span, until, currency_id, decimals, fee = self
        if fee is None:
            fee = fee_of_unpaid(rule, amount, ONE, decimals)
        interest = span.interest(amount)
        if not (interest or fee):
            return None
        first, extrapolated = span.first_day, span.is_extrapolated
        # as Bearing(…) does, without its way through names and defaults: there are as many as items
        figures = (item_id, rule.id, interest, fee, decimals, first, until, extrapolated, currency_id, "")
        return tuple.__new__(Bearing, figures)


#: Of what is not late yet.
NO_TIME = Span(None, 0, 1, is_extrapolated=False)


class RecoveryChargeBulk(models.AbstractModel):
    _name = "recovery.charge.bulk"
    _description = "Late Charges of a Ledger"

    @api.model
    def _ledger(self, condition: SQL, date, companies, debtors=None, *, is_money_open=True) -> list[Bearing]:
        """Price at ``date`` the items of ``companies`` that ``condition`` asks for; those that bear any charge.

        :param condition: on a journal item named ``line``
        :param debtors: ids of the commercial entities that the items are of, None for all there are
        :param is_money_open: whether they may have money that is matched with nothing
        """
        with uncollected():
            pricing = replace(self._pricing(companies), is_of_concern=True, is_money_open=is_money_open)
            return self._price_ledger(condition, date, pricing, debtors)

    def _price_ledger(self, condition, date, pricing, debtors):
        def calendar(rule_id):
            rule = pricing.rules[rule_id,]
            return calendar_of(rule.interest, rule.table, date)

        calendars = Found(calendar)
        self._flush_facts()
        with suiting(self.env.cr, debtors):
            rows = self._read_rows(condition, pricing)
        beside = self._read_beside(rows, date, pricing, debtors)
        bearings, rest = self._price_plain(rows, beside.item_ids, calendars, date, pricing)
        if rest:
            items = self._facts_of(rest, beside, date, pricing, debtors)
            bearings += self._price_items(items, calendars, date, pricing.coined)
        return bearings

    def _price_plain(self, rows, changed, calendars, date, pricing):
        """Return what those rows bear of which due date and amount alone decide, most of them; and the other rows.

        :param changed: ids of the items that something beside their rows is known of
        """
        several = {move_id for move_id, count in Counter([row[1] for row in rows]).items() if count > 1}
        bearings, rest, terms = [], [], {}
        for row in rows:
            item_id, move_id, _, currency_id, due, amount, is_matched, _, judgment_day = row[:9]
            if is_matched or judgment_day or not amount or move_id in several or item_id in changed:
                rest.append(row)
                continue
            # row[10:]: company, country and kind of debtor, what else its rule is found from
            key = (currency_id, due, row[10:])
            try:
                plain = terms[key]
            except KeyError:
                plain = terms[key] = self._plain_terms(row, calendars, date, pricing)
            if plain is None:
                rest.append(row)
            elif plain and (bearing := plain.bearing(item_id, amount)):
                bearings.append(bearing)
        return bearings, rest

    def _plain_terms(self, row, calendars, date, pricing):
        """Return what holds of a row and of those that differ in their amount only.

        None where more decides, False where no rule says anything.
        """
        items = self._items([row], {}, pricing)
        if not items:
            return False
        [item] = items
        rule, start = item.rule, item.date_due
        is_plain = start and rule.is_plain and item.term_id not in pricing.instalment_terms
        is_coined = item.currency_id in pricing.coined
        if not is_plain or is_coined or rule.fee_currency_id not in (False, item.currency_id):
            return None
        span = NO_TIME if start >= date else calendars[rule.id,].simple_span(start, date)
        fee = 0
        if bears_fee(item, date):
            fee = fee_of_unpaid(rule, item.amount, ONE, item.decimals) if rule.flat_fee else None
        return span and Plain(rule, span, date, item.currency_id, item.decimals, fee)

    def _price_items(self, items, calendars, date, coined):
        """Return what items bear of which more is known, those that bear any charge.

        :param coined: currencies of which the kernel alone rounds to coins
        """
        fees = invoice_fees(items, date, self._coin_units)
        bearings = []
        for item in items:
            if not item.is_asked:
                continue
            fee, start = fees.get(item.id, 0), start_of_interest(item)
            if item.exchange is None or item.currency_id in coined:
                bearing = self._by_the_kernel(item, start, fee, date)
            elif fee or start or not item.date_due:
                bearing = self._bearing(item, calendars[item.rule.id,], start, fee, date)
            else:
                continue
            if bearing:
                bearings.append(bearing)
        return bearings

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
            until = end_of_interest(item, date)
            for receipt in received if start else ():
                if receipt[0] <= start:
                    base -= receipt[1]
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
            None if charges.fee_problem else int(charges.fee.scaleb(item.decimals)),
            item.decimals,
            start and start + ONE_DAY,
            charges.until,
            charges.rate_extrapolated,
            item.currency_id,
            charges.problems,
        )
