"""Where a plan in force stands at a date: on time, late, in default, broken or completed.

Days are counted from the instalments' own dates; amounts are in the plan's currency.
Today is nobody's business here: the date is an argument.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .deadline import deadline

NEVER_CLOSED = ((), ())
LIVE = ("active", "late", "in_default")


class Unpaid(NamedTuple):
    """``residual`` (currency) not received on an instalment due on ``date``."""

    date: datetime.date
    residual: Decimal


@dataclass(frozen=True)
class Terms:
    """What a plan forgives before it is in default.

    ``tolerance_days`` after an instalment's date and ``tolerance_amount`` in all before
    the plan is late; ``grace_days`` more, and ``grace_instalments`` late at once, before
    the cure notice. Tolerance ends on a day on which the creditor works, of ``closed`` (holidays, weekdays):
    what is sent on a Friday comes on the Monday after. Grace is counted from there.
    """

    tolerance_days: int = 0
    tolerance_amount: Decimal = Decimal(0)
    grace_days: int = 0
    grace_instalments: int = 0
    closed: tuple = NEVER_CLOSED


@dataclass(frozen=True)
class Facts:
    """What is known of a plan: its state, what remains, what is unpaid, and its cure notice if in default."""

    state: str
    residual: Decimal
    unpaid: tuple[Unpaid, ...] = ()
    default_date: datetime.date | None = None
    cure_deadline: datetime.date | None = None
    notice_sent: bool = False


def next_state(facts, terms, date):
    """Return the state that follows from ``facts`` at ``date``, possibly the same.

    A plan in default stays so until what the cure notice asked for is paid; it is
    broken from the day after the deadline, if the notice did go out. Once cured it
    is late at most: another default takes another notice. A completed plan whose
    money went back is in force again.
    """
    if facts.residual <= 0:
        return "completed"
    if facts.state == "in_default" and not _cured(facts, terms):
        expired = facts.notice_sent and facts.cure_deadline is not None and facts.cure_deadline < date
        return "broken" if expired else "in_default"
    overdue = [part for part in facts.unpaid if date > _tolerated_until(part, terms)]
    if _sum(overdue) <= terms.tolerance_amount:
        return "active"
    oldest = min(_tolerated_until(part, terms) for part in overdue)
    grace_ends = oldest + datetime.timedelta(days=terms.grace_days)
    forgiven = len(overdue) <= terms.grace_instalments or date <= grace_ends
    return "late" if forgiven or facts.state == "in_default" else "in_default"


def _cured(facts, terms):
    """Tell whether what was late when the cure notice was made has been paid since."""
    named = [part for part in facts.unpaid if part.date < facts.default_date]
    return _sum(named) <= terms.tolerance_amount


def _tolerated_until(part, terms):
    return deadline(part.date, terms.tolerance_days, closed=terms.closed)


def _sum(parts):
    return sum((part.residual for part in parts), Decimal(0))
