"""One claim as it is printed, and what is added up over several."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from odoo.tools import groupby


@dataclass(frozen=True)
class ClaimContent:
    """One claim as it is printed; amounts in the claim's currency.

    ``disputed`` is owed by the ledger but not claimed: a part on hold. ``covered`` is the part of ``residual``
    that money received and matched with nothing yet lies over, ``let_go`` what of the rest nobody asks for any more: a
    small residue, a discount that was earned. ``branch`` names the company that is owed: see
    :meth:`Content.branch`, and what lists covered items names it only where there are several.
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
    let_go: float = 0.0
    receipts: tuple = ()
    charges: tuple = ()
    branch: str = ""

    @property
    def is_let_go(self):
        """Whether nobody asks for anything of it, though the ledger holds it open."""
        left = self.residual - self.covered - self.let_go
        return bool(self.let_go) and self.currency.compare_amounts(left, 0) <= 0

    def as_asked(self):
        """Return the claim as it is told: of what is let go nobody is late."""
        return replace(self, days_late=0) if self.is_let_go else self

    @property
    def owed(self):
        """What is left of the claim, with what its lateness costs."""
        return self.residual + sum(charge.amount for charge in self.charges)

    def charged(self, is_interest):
        """Return the interest, else the fixed sums and fees, None where they cannot be told yet."""
        lines = [charge for charge in self.charges if charge.is_interest == is_interest]
        return None if any(line.reserved for line in lines) else sum(line.amount for line in lines)


def charge_rows(charges):
    """Return the rows in which ``charges`` are printed, those of an invoice together: pairs of a line and a fixed sum.

    The fixed sum of an invoice stands in a column of its own, beside the last line of its interest; it is a line where
    there is none.
    """
    rows = []
    for _number, lines in groupby(charges, key=lambda charge: charge.number):
        interest = [line for line in lines if line.is_interest]
        beside = next((line for line in lines if line.is_fixed_sum), None) if interest else None
        told = [line for line in lines if line is not beside]
        rows.append([(line, beside if interest and line is interest[-1] else None) for line in told])
    return rows


def covered_by_currency(claims):
    """Return what unmatched money lies over of ``claims``, by currency."""
    return _by_currency((claim.currency, claim.covered) for claim in claims)


def let_go_by_currency(claims):
    """Return what nobody asks for of ``claims`` any more, by currency."""
    return _by_currency((claim.currency, claim.let_go) for claim in claims)


def _by_currency(amounts):
    sums = defaultdict(float)
    for currency, amount in amounts:
        if amount:
            sums[currency] += amount
    return {currency: currency.round(amount) for currency, amount in sums.items()}
