"""May this debtor be given more credit? The answer of declared rules to a debtor's standing.

Rules and standings are facts; :func:`verdict` is the decision. What follows from it
(a note, a refusal, a request for approval) is the caller's affair. Amounts of one
standing and of the rules it is judged by are in one currency.
"""

from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 (the rules' own argument is called date)
from decimal import Decimal

from .money import require_choice, to_decimal

# From the mildest to the strictest: the strictest of the rules that apply wins.
ACTIONS = (
    "inform",  # goes through, with a note
    "approve",  # waits until somebody with the right approves it; approval can be asked for
    "block",  # is refused; only the right to override helps
)

TRIGGERS = (
    "over_limit",  # the exposure passes the limit by more than the threshold, in percent of it
    "days_overdue",  # the oldest overdue claim is late by more days than the threshold
    "amount_overdue",  # more than the threshold is overdue
    "check_expired",  # the solvency check is out of date by more days than the threshold
)


@dataclass(frozen=True)
class Standing:
    """What is known of a debtor when more credit is asked for.

    ``limit`` is ``None`` for a debtor without limit, zero for one who gets no credit;
    ``check_until`` is the last day of the solvency check, ``None`` without one.
    """

    exposure: Decimal
    limit: Decimal | None = None
    days_overdue: int = 0
    amount_overdue: Decimal = Decimal(0)
    check_until: Date | None = None
    risk_class: object = None
    is_person: bool = False

    def __post_init__(self):
        for name in ("exposure", "limit", "amount_overdue"):
            figure = getattr(self, name)
            object.__setattr__(self, name, None if figure is None else to_decimal(figure))


@dataclass(frozen=True)
class Rule:
    """What happens to debtors of ``classes`` (all of them when empty) once ``trigger`` is passed.

    ``nearness`` is zero for a rule shared by all companies; of rules that a company or one it is
    a branch of has for itself, the nearest take the place of the others.
    """

    trigger: str
    action: str
    threshold: Decimal = Decimal(0)
    classes: frozenset = frozenset()
    nearness: int = 0
    key: object = None

    def __post_init__(self):
        require_choice("trigger", self.trigger, TRIGGERS)
        require_choice("action", self.action, ACTIONS)
        object.__setattr__(self, "threshold", to_decimal(self.threshold))
        object.__setattr__(self, "classes", frozenset(self.classes))

    @property
    def rank(self):
        """How specific the rule is: the nearest company's first, then one that names the class."""
        return (self.nearness, bool(self.classes))

    def concerns(self, risk_class):
        """Tell whether debtors of ``risk_class`` are judged by the rule."""
        return not self.classes or risk_class in self.classes


@dataclass(frozen=True)
class Verdict:
    """The ``action`` to take (``None``: go ahead) and the rules that ask for something."""

    action: str | None
    rules: tuple[Rule, ...] = ()


def rules_for(rules, risk_class):
    """Return the rules a debtor of ``risk_class`` is judged by: per trigger, the most specific ones."""
    kept = []
    for trigger in TRIGGERS:
        fitting = [rule for rule in rules if rule.trigger == trigger and rule.concerns(risk_class)]
        highest = max((rule.rank for rule in fitting), default=None)
        kept += [rule for rule in fitting if rule.rank == highest]
    return tuple(kept)


def verdict(rules, standing, date):
    """Judge ``standing`` on ``date``.

    A natural person is never refused by a rule alone (GDPR art. 22; CJEU C-634/21):
    where a rule says to block, a person decides.
    """
    passed = tuple(rule for rule in rules_for(rules, standing.risk_class) if _is_passed(rule, standing, date))
    if not passed:
        return Verdict(None)
    action = max((rule.action for rule in passed), key=ACTIONS.index)
    if action == "block" and standing.is_person:
        action = "approve"
    return Verdict(action, passed)


def _is_passed(rule, standing, date):
    if rule.trigger == "over_limit":
        return standing.limit is not None and standing.exposure > _stretched(standing.limit, rule.threshold)
    if rule.trigger == "days_overdue":
        return standing.days_overdue > rule.threshold
    if rule.trigger == "amount_overdue":
        return standing.amount_overdue > rule.threshold
    return standing.check_until is not None and (date - standing.check_until).days > rule.threshold


def _stretched(limit, percent):
    return limit * (100 + percent) / 100
