"""Charges of a whole ledger in one pass: the kernel's figures to the cent, without its working.

The facts are read in a few plain statements whatever the ledger's size, and priced rule by rule: what a unit of
debt gathers by each day is the same for every item under a rule (:mod:`..tools.interest_bulk`). What cannot be
priced that way, for want of a rate or a due date or after a judgment, is left to the kernel, which says why.
"""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools.errors import KernelError
from ..tools.interest_bulk import Calendar, bulk_interest
from ..tools.rates import ONE_DAY
from .charge_engine import end_of_interest, in_currency_units, invoice_fees, start_of_interest


class Bearing(NamedTuple):
    """What an item bears since its due date: amounts are Decimals in its currency.

    ``date_from`` is the first day of interest, ``until`` its last one. ``problem`` says why interest could not be
    found.
    """

    item_id: int
    rule_id: int
    interest: object
    fee: object
    date_from: object
    until: object
    rate_extrapolated: bool
    problem: str = ""


class RecoveryChargeEngine(models.AbstractModel):
    _inherit = "recovery.charge.engine"

    @api.model
    def _ledger(self, condition: SQL, date, companies) -> list[Bearing]:
        """Price at ``date`` the items of ``companies`` that ``condition`` asks for; those that bear any charge.

        :param condition: on a journal item named ``line``
        """
        items = self._read_facts(condition, date, self._pricing(companies))
        fees = invoice_fees(items, date)
        calendars = {}
        found = []
        for item in items:
            if not item.is_asked or item.is_company not in item.rule.concerned:
                continue
            rule, fee = item.rule, fees.get(item.id, 0)
            if rule.id not in calendars:
                calendars[rule.id] = Calendar(rule.interest, rule.table, date)
            bearing = self._bearing(item, calendars[rule.id], fee, date)
            if bearing:
                found.append(bearing)
        return found

    def _bearing(self, item, calendar, fee, date):
        """Return what one item bears, None if nothing."""
        start = start_of_interest(item)
        if not item.date_due or (start and item.judgment_day and item.rule.interest.judgment_points):
            return self._by_the_kernel(item, fee, date)
        if not start:
            return self._worded(item, 0, fee, None, date) if fee else None
        base, until = item.amount, date
        if item.received:
            base -= sum(receipt.amount for receipt in item.received if receipt.day <= start)
            until = end_of_interest(item, date)
        if base <= 0 or start >= until:
            return self._worded(item, 0, fee, start, until) if fee else None
        costs = fee if fee and item.rule.fee_comes_with_interest else 0
        received = [receipt[:2] for receipt in item.received] if item.received else ()
        try:
            interest = bulk_interest(calendar, base, start, until, received, costs)
            extrapolated = calendar.is_extrapolated(start, until)
        except KernelError:
            return self._by_the_kernel(item, fee, date)
        return self._worded(item, interest, fee, start, until, extrapolated)

    def _worded(self, item, interest, fee, start, until, extrapolated=False):  # noqa: PLR0913, PLR0917
        return Bearing(
            item.id,
            item.rule.id,
            in_currency_units(interest, item.decimals),
            in_currency_units(fee, item.decimals),
            start and start + ONE_DAY,
            until,
            extrapolated,
        )

    def _by_the_kernel(self, item, fee, date):
        charges = self._price_item(item, date, fee)
        start = start_of_interest(item)
        if not (charges.total or charges.problem):
            return None
        return Bearing(
            item.id,
            charges.rule.id,
            charges.interest,
            charges.fee,
            start and start + ONE_DAY,
            charges.until,
            charges.rate_extrapolated,
            charges.problem,
        )
