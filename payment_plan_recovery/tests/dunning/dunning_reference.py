"""What dunning means, in plain Python: a second opinion for the engine's statement.

Written from the design, one debtor at a time, without a thought for speed. Facts are plain values; the
day is an argument. :func:`judge` gives every claim of a debtor its verdict.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

from ...tools.open_money import Credit, Item, Owner, lay
from .dunning_facts import Claim, Creditor, Debtor, Level, Policy

#: A forecast older than this says nothing.
FRESH_DAYS = 7
LIVE_NOTICE_STATES = ("draft", "approved", "queued", "to_post", "sent")


class Verdict(NamedTuple):
    reason: str
    policy: Policy | None = None
    level: Level | None = None
    notice_level: Level | None = None
    channel: str | None = None
    amount: Decimal = Decimal(0)
    company_amount: Decimal = Decimal(0)


@dataclass
class _Candidate:
    """A claim that has reached a level."""

    claim: Claim
    policy: Policy
    level: Level
    rank: int
    amount: Decimal
    company_amount: Decimal
    reason: str | None = None


# The rules ----------------------------------------------------------------------


def judge(creditor: Creditor, debtor: Debtor, today: date) -> list[Verdict]:
    """The verdict on each of ``debtor.claims``, in their order."""
    verdicts: dict[int, Verdict] = {}
    candidates = []
    uncovered = uncovered_amounts(debtor, today)
    debtor.spare_instalments(uncovered)
    for index, claim in enumerate(debtor.claims):
        policy = policy_of(creditor, debtor, claim)
        amount, company_amount = chased_amounts(claim, uncovered[index])
        reason, level = reason_of_claim(creditor, debtor, claim, policy, today, uncovered[index])
        if reason:
            verdicts[index] = Verdict(reason, policy, level, None, None, amount, company_amount)
        else:
            rank = policy.levels.index(level) + 1
            candidates.append((index, _Candidate(claim, policy, level, rank, amount, company_amount)))
    weigh(debtor, uncovered, [candidate for _index, candidate in candidates])
    notices = group(creditor, debtor, [candidate for _index, candidate in candidates], today)
    for index, candidate in candidates:
        notice = notices.get(_group_key(candidate)) if candidate.reason is None else None
        verdicts[index] = Verdict(
            candidate.reason or notice.reason or "selected",
            candidate.policy,
            candidate.level,
            notice.level if notice else None,
            notice.channel if notice else None,
            candidate.amount,
            candidate.company_amount,
        )
    return [verdicts[index] for index in range(len(debtor.claims))]


def policy_of(creditor, debtor, claim):
    """Invoice's, else debtor's, else the first whose filter fits, else the company's; of ours only the first two."""
    kind = "instalment" if claim.instalment else "item"
    if claim.chosen_policy:
        return claim.chosen_policy
    own = debtor.own_policy
    if own and (own.kind == kind or own.do_not_chase):
        return own
    if debtor.is_ours:
        return None
    for policy in creditor.policies:
        # A filter that cannot be read may fit.
        if policy.kind == kind and (policy.broken or policy.only_tag in (None, debtor.tag)):
            return policy
    default = creditor.default_policy
    return default if default and (default.kind == kind or default.do_not_chase) else None


def uncovered_amounts(debtor, today):
    """What unmatched money leaves of each claim; what covers the items of a plan covers its instalments."""
    items = [
        Item(
            index,
            Owner("creditor", "debtor", claim.currency),
            claim.due,
            claim.due,
            claim.amount,
            disputed=claim.disputed,
            entry=index,
            names=frozenset({f"number {index}"}),
        )
        for index, claim in enumerate(debtor.claims)
        if not claim.instalment
    ]
    incoming = [
        Credit(
            number,
            Owner("creditor", "debtor", receipt.currency),
            receipt.day,
            receipt.amount,
            texts=frozenset(
                f"number {index}" for index, claim in enumerate(debtor.claims) if claim is receipt.names
            ),
        )
        for number, receipt in enumerate(debtor.receipts)
    ]
    laid = lay(items, incoming, today)
    uncovered = {item.key: laid.uncovered(item.key) for item in items}
    left = sum((laid.covered(item.key) for item in items if debtor.claims[item.key].in_plan), Decimal(0))
    instalments = [index for index, claim in enumerate(debtor.claims) if claim.instalment]
    for index in instalments:
        amount = debtor.claims[index].amount
        covered = min(left, amount)
        uncovered[index], left = amount - covered, left - covered
    return uncovered


def is_held(debtor, claim, uncovered):
    by_plan = claim.instalment and any(item.held for item in debtor.claims if item.in_plan)
    return debtor.held or claim.held or by_plan or 0 < uncovered <= claim.disputed


def is_let_go(creditor, claim, uncovered):
    """Payments left less of the item, or of the instalment, than the creditor asks for."""
    in_company = claim.company_amount * uncovered / claim.amount
    return uncovered < claim.amount + claim.received and in_company < creditor.residue


def chased_amounts(claim, uncovered):
    """Amounts without covered and disputed parts; what is on hold by itself or all disputed is all of it."""
    chased = uncovered
    if claim.disputed and not claim.held and claim.disputed < uncovered:
        chased = uncovered - claim.disputed
    return chased, in_company_currency(claim, chased)


def in_company_currency(claim, part):
    return (claim.company_amount * part / claim.amount).quantize(Decimal("0.01"), ROUND_HALF_UP)


def reason_of_claim(creditor, debtor, claim, policy, today, uncovered):
    """(reason, next level) of the claim taken alone; reason None when it has reached the level."""
    level = next_level(debtor, claim, policy, today) if policy else None
    reasons = _reasons_of_claim(creditor, debtor, claim, policy, level, today, uncovered)
    return next((reason for reason, holds in reasons if holds), None), level


def _reasons_of_claim(creditor, debtor, claim, policy, level, today, uncovered):
    """Reasons in the order in which they are tried, with whether they hold; lazily, the first one counts."""
    yield "in_plan", claim.in_plan
    yield "do_not_chase", claim.no_followup or left_out(creditor, claim)
    yield "do_not_chase", policy and policy.do_not_chase
    yield "own_company", not policy and debtor.is_ours
    yield "no_policy", not policy
    yield "on_hold", is_held(debtor, claim, uncovered)
    yield "policy_error", policy.broken or not policy.levels
    yield "in_cure", any(notice.live and notice.policy.kind == "cure" for notice in claim.notices)
    yield "previous_not_sent", any(notice.live and notice.state != "sent" for notice in claim.notices)
    yield "last_level_done", not level
    yield "policy_error", level.broken
    day = day_reached(claim, level, today)
    yield "previous_not_sent", day is None
    yield "waiting_interval", day > today and level.trigger == "previous_notice"
    yield "not_due", day > today
    yield "offset_by_credit", not uncovered
    yield "let_go", is_let_go(creditor, claim, uncovered)


def left_out(creditor, claim):
    """Items on accounts that are not chased; an agreed instalment is followed whatever its items' account."""
    return creditor.only_main_account and not claim.main_account and not claim.instalment


def levels_left(debtor, claim, policy, today):
    """Levels above those done that are meant for the claim; what is overdue is not reminded of its due date."""
    done = [notice.level for notice in claim.notices if notice.live and notice.policy is policy]
    highest = max((policy.how_far(level) for level in done), default=0)
    first = max(highest, reminders(policy) if claim.due < today else 0)
    return [level for level in policy.levels[first:] if is_meant_for(level, debtor, claim)]


def reminders(policy):
    """How many levels at the start only remind of the due date; one that is waited for is no such level."""
    count = 0
    for level, following in pairwise(policy.levels):
        if level.trigger != "due_date" or level.delay >= 0 or following.trigger == "previous_notice":
            break
        count += 1
    return count


def is_meant_for(level, debtor, claim):
    # A debtor filter that can no longer be read leaves nobody out.
    if not level.broken and level.only_tag not in (None, debtor.tag):
        return False
    return claim.instalment or claim.main_account or not level.only_main_account


def next_level(debtor, claim, policy, today):
    """Stepwise the next one; catching up the highest whose day has come, not jumping to a later notice."""
    chosen = claim.chosen_level
    done = [notice.level for notice in claim.notices if notice.live]
    if chosen in policy.levels and chosen not in done and is_meant_for(chosen, debtor, claim):
        return chosen
    left = levels_left(debtor, claim, policy, today)
    if not left:
        return None
    if policy.catch_up:
        for level in reversed(left):
            day = day_reached(claim, level, today)
            jumped = level.trigger == "previous_notice" and level is not left[0]
            if day and day <= today and not jumped:
                return level
    return left[0]


def day_reached(claim, level, today):
    """Day on which the level is reached; None while it waits for a notice that was never sent."""
    if level is claim.chosen_level:
        return today
    if level.trigger == "due_date":
        base = claim.due
    elif level.trigger == "month_end":
        base = claim.due.replace(day=calendar.monthrange(claim.due.year, claim.due.month)[1])
    else:
        sent = [notice.day for notice in claim.notices if notice.live and notice.state == "sent"]
        base = max(sent, default=None)
    return moved(claim, level, base + timedelta(days=level.delay), today) if base else None


def moved(claim, level, day, today):
    """The day of a level that a forecast moves: the day after a payment that may be waited for, else the earliest."""
    known = claim.expected and timedelta(0) <= today - claim.foreseen_on <= timedelta(days=FRESH_DAYS)
    if level.pace is None or not known or not (claim.of_company or level.pace_people):
        return day
    early, late = level.pace
    if claim.expected < day:
        return day
    if claim.expected < day + timedelta(days=late):
        return claim.expected + timedelta(days=1)
    return day - timedelta(days=early)


def weigh(debtor, uncovered, candidates):
    """Each level's total against its minimum, and against all that is owed."""
    open_total = sum(
        in_company_currency(claim, uncovered[index])
        for index, claim in enumerate(debtor.claims)
        if not claim.in_plan
    )
    for candidate in candidates:
        total = sum(other.company_amount for other in candidates if other.level is candidate.level)
        if total < candidate.level.amount_min or total * 100 < candidate.level.share_min * open_total:
            candidate.reason = "below_minimum"


# Notices -------------------------------------------------------------------------


@dataclass
class _Planned:
    policy: Policy
    level: Level
    rank: int
    channel: str | None = None
    reason: str | None = None


def _group_key(candidate):
    policy = candidate.policy
    return (policy.name, None if policy.by_debtor else candidate.level.name)


def group(creditor, debtor, candidates, today):
    """{group: notice} with the channel of each and the reason why it is not made, if so."""
    notices = {}
    for candidate in candidates:
        if candidate.reason is None:
            planned = notices.setdefault(
                _group_key(candidate), _Planned(candidate.policy, candidate.level, candidate.rank)
            )
            if candidate.rank > planned.rank:
                planned.level, planned.rank = candidate.level, candidate.rank
    contacts = [notice for notice in debtor.notices() if notice.state in LIVE_NOTICE_STATES]
    for planned in notices.values():
        planned.channel = first_channel(debtor, planned.level)
        if any((today - notice.day).days < planned.policy.interval for notice in contacts):
            planned.reason = "waiting_interval"
        elif planned.channel is None:
            planned.reason = "no_address"
    spend_budget(creditor, contacts, [n for n in notices.values() if n.reason is None], today)
    return notices


def first_channel(debtor, level):
    """The debtor's own preference when the level allows it, else the level's first that reaches somebody."""
    reach = {
        "email": (debtor.email or debtor.contact_email) and not debtor.no_email,
        "sms": debtor.phone and not debtor.no_sms and not debtor.represented,
        "letter": debtor.postal and not debtor.represented,
        "registered": debtor.postal and not debtor.represented,
        "phone": not debtor.no_phone,
    }
    channels = sorted(level.channels, key=lambda channel: channel != debtor.prefers)
    return next((channel for channel in channels if reach[channel]), None)


def spend_budget(creditor, contacts, notices, today):
    """Highest level first; a day and a channel make one contact."""
    left = None
    if creditor.contact_max:
        start = today - timedelta(days=creditor.contact_window)
        used = {(notice.day, notice.channel) for notice in contacts if notice.day > start}
        left = creditor.contact_max - len(used)
    if creditor.contact_gap > 0:
        too_soon = any((today - notice.day).days < creditor.contact_gap for notice in contacts)
        left = 0 if too_soon else min(1, 1 if left is None else left)
    if left is None:
        return
    order = sorted(
        notices,
        key=lambda notice: (-notice.rank, creditor.policies.index(notice.policy), notice.level.name),
    )
    channels = []
    for notice in order:
        if notice.channel not in channels:
            channels.append(notice.channel)
        if channels.index(notice.channel) >= left:
            notice.reason = "contact_budget"
