"""The fixed sum a late payer owes for the creditor's collection costs.

Amounts are in the claim's currency; the sum bears no VAT. Codes of refusals are
declared with those of interest, in :mod:`.rates`.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from .errors import KernelError
from .money import require_choice, round_money
from .rates import SCOPES, in_scope, require_not_negative

KINDS = ("none", "per_invoice", "tiers", "percentage")


class FlatTier(NamedTuple):
    """``amount`` for claims of ``start`` and more (UK Late Payment Act s. 5A)."""

    start: Decimal
    amount: Decimal


class PercentTier(NamedTuple):
    """For claims over ``over``: ``base`` and ``percent`` of what exceeds it.

    Without a ``base`` the tier goes on from where the one below ends (NL BIK); with
    one it starts there, be it a leap (BE Book XIX, CEL art. XIX.4).
    """

    over: Decimal
    percent: Decimal
    base: Decimal | None = None


@dataclass(frozen=True)
class FeeRule:
    """How the fixed sum follows from the claim's amount, VAT included.

    - ``none``: nothing (CH, FR consumers);
    - ``per_invoice``: ``amount``, however small the claim (FR D441-5, directive 2011/7 art. 6);
    - ``tiers``: the :class:`FlatTier` the claim reaches;
    - ``percentage``: the :class:`PercentTier` the claim exceeds.

    ``minimum`` and ``maximum`` bound what tiers and percentages give. ``scope`` names
    the debtors who owe it: companies (``b2b``), consumers (``b2c``) or both.
    """

    kind: str = "none"
    amount: Decimal = Decimal(0)
    tiers: tuple = ()
    minimum: Decimal = Decimal(0)
    maximum: Decimal | None = None
    scope: str = "all"

    def __post_init__(self):
        require_choice("kind", self.kind, KINDS)
        require_choice("scope", self.scope, SCOPES)
        for name in ("amount", "minimum"):
            object.__setattr__(self, name, require_not_negative(name, getattr(self, name)))
        if self.maximum is not None:
            object.__setattr__(self, "maximum", require_not_negative("maximum", self.maximum))
            if self.minimum > self.maximum:
                raise KernelError("minimum_above_maximum", minimum=self.minimum, maximum=self.maximum)
        if self.kind in ("tiers", "percentage"):
            object.__setattr__(self, "tiers", _complete(self.kind, self.tiers))


def collection_fee(rule, amount, is_company=True, decimals=2):
    """Return the fixed sum for one claim of ``amount``, rounded half up; zero for a claim of zero."""
    amount = require_not_negative("amount", amount)
    if rule.kind == "none" or not amount or not in_scope(rule.scope, is_company):
        return round_money(0, decimals)
    if rule.kind == "per_invoice":
        return round_money(rule.amount, decimals)
    fee = _flat(rule.tiers, amount) if rule.kind == "tiers" else _percentage(rule.tiers, amount)
    fee = max(fee, rule.minimum)
    if rule.maximum is not None:
        fee = min(fee, rule.maximum)
    return round_money(fee, decimals)


def _flat(tiers, amount):
    return next(tier.amount for tier in reversed(tiers) if tier.start <= amount)


def _percentage(tiers, amount):
    return _reached(next(tier for tier in reversed(tiers) if tier.over < amount), amount)


def _reached(tier, amount):
    return tier.base + (amount - tier.over) * tier.percent / 100


def _complete(kind, tiers):
    """Return the tiers by rising amount, from zero on, each with its base."""
    read = _flat_tier if kind == "tiers" else _percent_tier
    tiers = sorted((read(*tier) for tier in tiers), key=lambda tier: tier[0])
    if not tiers:
        raise KernelError("tiers_missing")
    if tiers[0][0] != 0:
        raise KernelError("tier_gap", start=tiers[0][0])
    for tier, following in pairwise(tiers):
        if tier[0] == following[0]:
            raise KernelError("tier_duplicate", start=tier[0])
    return tuple(tiers if kind == "tiers" else _with_bases(tiers))


def _flat_tier(start, amount):
    return FlatTier(require_not_negative("start", start), require_not_negative("amount", amount))


def _percent_tier(over, percent, base=None):
    return PercentTier(
        require_not_negative("over", over),
        require_not_negative("percent", percent),
        None if base is None else require_not_negative("base", base),
    )


def _with_bases(tiers):
    below = None
    for tier in tiers:
        ends = _reached(below, tier.over) if below else Decimal(0)
        below = tier if tier.base is not None else tier._replace(base=ends)
        yield below
