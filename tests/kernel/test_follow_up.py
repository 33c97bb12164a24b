"""Where a plan in force stands: both sides of every boundary."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.follow_up import LIVE, Facts, Terms, Unpaid, next_state

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
TERMS = Terms(tolerance_days=3, grace_days=5)


def facts(*unpaid, state="active", residual=300, **more):
    return Facts(
        state, Decimal(residual), tuple(Unpaid(day, Decimal(amount)) for day, amount in unpaid), **more
    )


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 1, 31), "active"),
        (date(2026, 2, 1), "active"),
        (date(2026, 2, 3), "active"),  # three days late: tolerated
        (date(2026, 2, 4), "late"),
        (date(2026, 2, 8), "late"),  # and five of grace
        (date(2026, 2, 9), "in_default"),
    ],
)
def test_days(day, state):
    assert next_state(facts((JAN, 100)), TERMS, day) == state


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2027, 1, 4), "active"),  # the Monday after the days off: tolerated
        (date(2027, 1, 5), "late"),
        (date(2027, 1, 9), "late"),  # and five of grace from there
        (date(2027, 1, 10), "in_default"),
    ],
)
def test_grace_is_counted_from_the_last_day_that_is_tolerated(day, state):
    off = [date(2026, 12, 24) + timedelta(days=count) for count in range(11)]
    terms = Terms(tolerance_days=3, grace_days=5, closed=(off, (5, 6)))
    case = facts((date(2026, 12, 23), 100), (date(2027, 1, 31), 100))
    assert next_state(case, terms, day) == state


def test_nothing_unpaid():
    assert next_state(facts(state="late"), TERMS, MAR) == "active"
    assert next_state(facts(state="late", residual=0), TERMS, MAR) == "completed"


def test_tolerance_amount_is_on_what_is_overdue_in_all():
    terms = Terms(tolerance_amount=Decimal("0.50"))
    assert next_state(facts((JAN, "0.50")), terms, FEB) == "active"
    assert next_state(facts((JAN, "0.51")), terms, FEB) != "active"
    assert next_state(facts((JAN, "0.30"), (FEB, "0.21")), terms, FEB) == "active"
    assert next_state(facts((JAN, "0.30"), (FEB, "0.21")), terms, MAR) != "active"


def test_forgiven_instalments():
    terms = Terms(grace_instalments=1)
    assert next_state(facts((JAN, 100)), terms, MAR) == "late"
    assert next_state(facts((JAN, 100), (FEB, 100)), terms, FEB) == "late"
    assert next_state(facts((JAN, 100), (FEB, 100)), terms, FEB + timedelta(days=1)) == "in_default"


def in_default(*unpaid, deadline=date(2026, 2, 17), sent=True):
    return facts(
        *unpaid, state="in_default", default_date=date(2026, 2, 9), cure_deadline=deadline, notice_sent=sent
    )


@pytest.mark.parametrize(
    ("case", "day", "state"),
    [
        (in_default((JAN, 100)), date(2026, 2, 17), "in_default"),
        (in_default((JAN, 100)), date(2026, 2, 18), "broken"),
        (in_default((JAN, 100), sent=False), date(2026, 12, 31), "in_default"),
        (in_default((JAN, "0.01")), date(2026, 2, 18), "broken"),
        (in_default(), date(2026, 2, 18), "active"),
        # cured, and late again: another default takes another notice
        (in_default((FEB, 100)), date(2026, 3, 31), "late"),
        (in_default((FEB, 100)), date(2026, 3, 2), "active"),
    ],
)
def test_cure(case, day, state):
    assert next_state(case, TERMS, day) == state


def test_a_cent_that_remains_is_no_completion():
    assert next_state(facts(residual="0.01"), TERMS, MAR) == "active"
    assert next_state(facts(residual="-0.01"), TERMS, MAR) == "completed"


def test_a_notice_of_which_nothing_is_known_breaks_no_plan():
    case = Facts(
        *("in_default", Decimal(300), (Unpaid(JAN, Decimal(100)),)),
        default_date=date(2026, 2, 9),
        cure_deadline=date(2026, 2, 17),
    )
    assert next_state(case, TERMS, date(2026, 12, 31)) == "in_default"


@pytest.mark.parametrize(("left", "state"), [("0.49", "active"), ("0.50", "active"), ("0.51", "broken")])
def test_a_default_is_cured_within_the_tolerated_amount(left, state):
    terms = Terms(tolerance_amount=Decimal("0.50"))
    assert next_state(in_default((JAN, left)), terms, date(2026, 2, 18)) == state


@given(
    state=st.sampled_from(LIVE),
    unpaid=st.lists(st.tuples(st.dates(JAN, MAR), st.integers(1, 1000)), max_size=4),
    day=st.dates(JAN, date(2026, 12, 31)),
    days=st.integers(0, 10),
    grace=st.integers(0, 10),
)
def test_a_plan_settles(state, unpaid, day, days, grace):
    """Judged again on the same day, a plan that moved moves no further but into default, and stays there."""
    terms = Terms(tolerance_days=days, grace_days=grace)
    known = {"default_date": day, "cure_deadline": day + timedelta(days=8), "notice_sent": True}
    case = facts(*((due, amount) for due, amount in unpaid if due < day), state=state, **known)
    once = next_state(case, terms, day)
    again = next_state(Facts(once, case.residual, case.unpaid, **known), terms, day)
    assert again == once or (once, again) == ("late", "in_default")
    assert next_state(Facts(again, case.residual, case.unpaid, **known), terms, day) == again


def test_tolerance_ends_on_a_working_day():
    """Due on a Friday with three days: the Monday counts still, unless that is a day off too."""
    friday = date(2026, 2, 27)
    facts = Facts("active", Decimal(100), (Unpaid(friday, Decimal(100)),))
    for closed, last in (
        (((), ()), friday + timedelta(days=2)),
        (((), (5, 6)), friday + timedelta(days=3)),
        (((date(2026, 3, 2),), (5, 6)), friday + timedelta(days=4)),
    ):
        terms = Terms(tolerance_days=2, grace_days=9, closed=closed)
        assert next_state(facts, terms, last) == "active"
        assert next_state(facts, terms, last + timedelta(days=1)) == "late"
