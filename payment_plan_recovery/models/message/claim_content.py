"""One claim as it is printed, and what is added up over several."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class ClaimContent:
    """One claim as it is printed; amounts in the claim's currency.

    ``disputed`` is owed by the ledger but not claimed: a part on hold. ``covered`` is the part of ``residual``
    that money received and matched with nothing yet lies over. ``branch`` names the company that is owed where the
    document tells of several.
    """

    number: str
    date: date
    date_due: date
    amount: float
    residual: float
    currency: Any
    days_late: int
    received: float
    disputed: float = 0.0
    covered: float = 0.0
    receipts: tuple = ()
    charges: tuple = ()
    branch: str = ""


def covered_by_currency(claims):
    """Return what unmatched money lies over of ``claims``, by currency."""
    covered = defaultdict(float)
    for claim in claims:
        if claim.covered:
            covered[claim.currency] += claim.covered
    return {currency: currency.round(amount) for currency, amount in covered.items()}
