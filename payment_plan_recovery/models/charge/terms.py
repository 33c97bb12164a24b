"""What an item bears: from which day, until which, and which fixed sum its invoice takes."""

from collections import defaultdict
from decimal import Decimal

from ...tools.collection_fee import collection_fee
from ...tools.interest import interest
from ...tools.money import round_money, round_to_unit, settle
from .facts import ONE

ZERO = Decimal(0)


def in_currency_units(amount, decimals):
    """Return a count of the smallest unit as an amount of the currency."""
    return Decimal(amount).scaleb(-decimals)


def end_of_interest(item, until):
    """Return the day interest stops: the one asked for, of an insolvency, or on which the books settle the item."""
    if item.stopped and item.stopped < until:
        until = item.stopped
    paid, last = 0, None
    for day, amount, on_item in item.received:
        if on_item and day <= until:
            paid += amount
            last = day if last is None or day > last else last
    return until if paid < item.amount else last


def start_of_interest(item):
    """Return the day after which interest runs, None while the notice it waits for is awaited."""
    if item.rule.start == "day_after_due":
        return item.date_due
    return item.notice and item.date_due and max(item.notice.day, item.date_due)


def invoice_fees(items, date, coin_of):
    """Return {item id: fixed sum} as counts of the smallest unit; the first late item of an invoice takes it.

    :param coin_of: how many smallest units the smallest coin of an item's currency is
    """
    fees, charged, together = {}, {}, defaultdict(list)
    flat = {}  # of ordinary items, by what theirs follows from
    for item in items:
        rule = item.rule
        if rule.sums_claims:
            if item.awaited:
                together[item.awaited.key, rule.id, item.currency_id].append(item)
            continue
        fee = _fee_found(item, date, flat)
        if not fee:
            continue
        if rule.flat_fee:
            first = charged.setdefault(item.invoice_key, item)
            if first is not item:
                if (first.date_due, first.id) < (item.date_due, item.id):
                    continue
                del fees[first.id]
                charged[item.invoice_key] = item
        fees[item.id] = fee
    for told in together.values():
        fees |= _shared_fee(told, date, coin_of(told[0]))
    return fees


def _fee_found(item, date, flat):
    """Return the same as :func:`_fee`; ``flat`` remembers it of ordinary items that nothing was paid of in time."""
    rule, due = item.rule, item.date_due
    if not (rule.flat_fee and item.exchange is ONE and item.amount and item.is_ordinary):
        return _fee(item, date)
    for receipt in item.received:
        if due and receipt.day <= due:
            return _fee(item, date)
    key = (rule.id, due, item.is_company, item.decimals)
    fee = flat.get(key)
    if fee is None:
        fee = flat[key] = _fee(item, date)
    return fee


def _shared_fee(items, date, coin):
    """Return {item id: its share of the fixed sum for all that is unpaid of ``items``}, told of by one notice.

    In whole coins: shares rounded to coins one by one would not add up to the sum.
    """
    items = sorted(items, key=lambda item: item.id)
    unpaid = {item.id: amount for item in items if (amount := _unpaid(item, date)) > 0}
    if not unpaid:
        return {}
    first, whole = items[0], sum(unpaid.values())
    fee = _known_fee(first.rule, whole, first.exchange, first.decimals)
    if not fee:
        return {}
    fee = int(round_to_unit(Decimal(fee), coin))
    shares = settle([Decimal(fee * amount) / whole for amount in unpaid.values()], fee, coin, "spread")
    return {item_id: int(share) for item_id, share in zip(unpaid, shares, strict=True)}


def interest_of(item, date, fee):
    """Return the kernel's Interest of one item."""
    rule = item.rule
    return interest(
        rule.interest,
        rule.table,
        in_currency_units(item.amount, item.decimals),
        item.date_due,
        end_of_interest(item, date),
        payments=[
            (receipt.day, in_currency_units(receipt.amount, item.decimals)) for receipt in item.received
        ],
        notice_date=item.notice and item.notice.day,
        decimals=item.decimals,
        is_company=item.is_company,
        costs=fee if rule.fee_comes_with_interest else ZERO,
        raised_after=rule.raised_after(item.judgment_day),
    )


def _fee(item, date):
    """Return the fixed sum as a count of the item's smallest unit: on what was unpaid when it became due."""
    unpaid = _unpaid(item, date)
    if unpaid <= 0:
        return 0
    return fee_of_unpaid(item.rule, unpaid, item.exchange, item.decimals)


def fee_of_unpaid(rule, unpaid, exchange, decimals):
    """Return the fixed sum that a rule asks for what is ``unpaid``, both counts of the smallest unit."""
    if exchange is ONE and decimals == rule.fee_decimals:
        unpaid = rule.fee_step(unpaid)
    return _known_fee(rule, unpaid, exchange, decimals)


def bears_fee(item, date):
    """Return whether something was unpaid of an item when its fixed sum became due."""
    return _unpaid(item, date) > 0


def is_fee_unknown(item, date):
    """Return whether the item bears a fixed sum on ``date``, and no exchange rate says how much."""
    return item.exchange is None and bears_fee(item, date)


def _unpaid(item, date):
    """Return what bears a fixed sum: what was not paid when it became due, 0 while it is not due on ``date``."""
    rule = item.rule
    concerns = rule.fee_id and item.may_bear_fee and item.is_company in rule.concerned
    if not concerns or _before_the_law(item):
        return 0
    start_day = start_of_interest(item) if rule.fee_comes_with_interest else _start_of_fee(item)
    if not start_day or start_day >= date or (item.stopped and start_day >= item.stopped):
        return 0
    if not item.received:
        return item.amount
    # what is paid within a notice's days to pay is in time
    last_day = max(start_day, item.awaited.until) if item.awaited else start_day
    paid = sum(amount for day, amount, on_item in item.received if on_item and day <= last_day)
    return 0 if _is_trifle(item, paid) else item.amount - paid


def _is_trifle(item, paid):
    """Return whether what was ``paid`` in time left too little of the item for a fixed sum."""
    if paid <= 0:
        return False
    rest = in_currency_units(item.amount - paid, item.decimals)
    return rest < item.rule.fee_rest_min * (item.exchange or ONE)


def _before_the_law(item):
    """Return whether the item was due before its rule's fixed sum was law."""
    return bool(item.rule.fee_since and item.date_due and item.date_due < item.rule.fee_since)


def _known_fee(rule, *key):
    """Return the fixed sum for ``key`` (unpaid, exchange, decimals), found once."""
    if key not in rule.known_fees:
        rule.known_fees[key] = _fee_of(rule, *key)
    return rule.known_fees[key]


def _fee_of(rule, unpaid, exchange, decimals):
    """Return the fixed sum for ``unpaid``; sums of another currency are converted there and back.

    0 while no exchange rate is known: see :func:`is_fee_unknown`.
    """
    if exchange is None:
        return 0
    unpaid = in_currency_units(unpaid, decimals)
    if exchange == 1 and decimals == rule.fee_decimals:
        return int(collection_fee(rule.fee, unpaid, decimals=decimals).scaleb(decimals))
    owed = round_money(unpaid / exchange, rule.fee_decimals)
    fee = collection_fee(rule.fee, owed, decimals=rule.fee_decimals)
    return int(round_money(fee * exchange, decimals).scaleb(decimals))


def _start_of_fee(item):
    """Return the day after which a fixed sum with a notice of its own is owed, None while it is awaited."""
    return item.fee_notice and item.date_due and max(item.fee_notice.day, item.date_due)
