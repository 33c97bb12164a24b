"""Limitation told as dates, on both sides of each boundary, and the properties that hold whatever happens."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from refusals import refuses
from tools.limitation import KINDS, Event, LimitationRule, Step, Suspension, limitation

FR_INTERRUPTS = frozenset({"acknowledgment", "part_payment", "suit", "enforcement", "declaration"})
FR = LimitationRule(
    60,
    long_stop_years=20,
    title_years=10,
    interrupts=FR_INTERRUPTS,
    suspends={"mediation": Suspension(months_left=6), "small_claims": Suspension(months_left=6)},
)
FR_CONSUMER = LimitationRule(24, long_stop_years=20, title_years=10, interrupts=FR_INTERRUPTS)
DE = LimitationRule(
    36,
    from_year_end=True,
    interrupts=frozenset({"acknowledgment", "part_payment", "enforcement"}),
    suspends={"suit": Suspension(months_after=6), "negotiation": Suspension(months_left=3)},
)
NL = LimitationRule(60, interrupts=frozenset({"acknowledgment", "suit", "formal_notice"}))

DUE = date(2021, 3, 31)
LATER = date(2060, 1, 1)


def expiry(rule, *events, due=DUE, on=LATER, arose=None):
    return limitation(rule, due, on, arose, events).expires_on


def codes(rule, *events, on=LATER):
    return [step.code for step in limitation(rule, DUE, on, None, events).steps]


class TestPeriod:
    @pytest.mark.parametrize(
        ("rule", "due", "last"),
        [
            (FR, date(2021, 3, 31), date(2026, 3, 31)),
            (FR, date(2020, 2, 29), date(2025, 2, 28)),
            (FR_CONSUMER, date(2024, 1, 15), date(2026, 1, 15)),
            (DE, date(2023, 1, 1), date(2026, 12, 31)),
            (DE, date(2023, 12, 31), date(2026, 12, 31)),
            (DE, date(2024, 1, 1), date(2027, 12, 31)),
        ],
    )
    def test_last_day(self, rule, due, last):
        found = limitation(rule, due, LATER)
        assert found.expires_on == last
        assert not found.is_barred(last)
        assert not found.is_barred(due)
        assert found.is_barred(last + timedelta(days=1))

    @pytest.mark.parametrize("rule", [FR, DE])
    def test_due_never_it_is_barred_never(self, rule):
        never = date(9999, 12, 31)
        assert expiry(rule, due=never) == never
        day = date(9998, 6, 1)
        events = [Event(kind, day, day + timedelta(days=40)) for kind in ("suit", "negotiation", "mediation")]
        assert expiry(rule, *events, due=day, on=never) == never

    def test_a_base_is_needed(self):
        refuses("limitation_date_missing", limitation, FR, None, LATER)

    def test_a_period_is_needed(self):
        refuses("limitation_period_missing", LimitationRule, 0)
        assert expiry(LimitationRule(1)) == DUE + relativedelta(months=1)

    def test_nothing_ends_before_it_starts(self):
        event = Event("suit", date(2024, 1, 2), date(2024, 1, 1))
        refuses("limitation_event_reversed", limitation, FR, DUE, LATER, events=[event])

    def test_unknown_events_are_refused(self):
        refuses("unknown_choice", limitation, FR, DUE, LATER, events=[Event("gift", DUE)])
        refuses("unknown_choice", LimitationRule, 60, interrupts={"suit", "gift"})
        refuses("unknown_choice", LimitationRule, 60, suspends={"gift": Suspension(months_left=6)})


class TestInterruption:
    @pytest.mark.parametrize("kind", ["acknowledgment", "part_payment", "enforcement"])
    def test_begins_anew(self, kind):
        assert expiry(FR, Event(kind, date(2024, 6, 1))) == date(2029, 6, 1)

    def test_on_the_last_day_and_the_day_after(self):
        in_time = Event("acknowledgment", date(2026, 3, 31))
        late = Event("acknowledgment", date(2026, 4, 1))
        assert expiry(FR, in_time) == date(2031, 3, 31)
        assert expiry(FR, late) == date(2026, 3, 31)
        assert codes(FR, late) == ["base", "too_late"]

    def test_formal_notice_only_where_the_law_says_so(self):
        notice = Event("formal_notice", date(2024, 6, 1))
        assert expiry(FR, notice) == date(2026, 3, 31)
        assert codes(FR, notice) == ["base", "no_effect"]
        assert expiry(NL, notice) == date(2029, 6, 1)

    def test_german_period_that_begins_anew_does_not_wait_for_the_year(self):
        assert expiry(DE, Event("acknowledgment", date(2022, 5, 10))) == date(2025, 5, 10)

    def test_suit_stops_the_clock_until_it_ends(self):
        suit = Event("suit", date(2025, 1, 10), date(2026, 9, 1))
        assert expiry(FR, suit, on=date(2026, 8, 31)) is None
        assert expiry(FR, suit, on=date(2026, 9, 1)) == date(2031, 9, 1)
        found = limitation(FR, DUE, LATER, events=[suit]).steps[-1]
        assert found == Step("interrupted", suit.day, "suit", suit.until, date(2031, 9, 1))

    def test_while_a_suit_goes_on_only_its_judgment_begins_anew(self):
        suit, on = Event("suit", date(2025, 1, 10)), date(2026, 9, 1)
        assert expiry(FR, suit, Event("acknowledgment", date(2025, 2, 1)), on=on) is None
        assert expiry(FR, suit, Event("title", on), on=on) == date(2036, 9, 1)
        # one of two goes on
        assert expiry(FR, suit, suit._replace(until=date(2025, 5, 1)), on=on) is None

    def test_dismissed_suit_never_was(self):
        suit = Event("suit", date(2025, 1, 10), date(2026, 9, 1), dismissed=True)
        assert expiry(FR, suit) == date(2026, 3, 31)
        assert codes(FR, suit) == ["base", "dismissed"]

    def test_title_has_its_own_period(self):
        suit = Event("suit", date(2025, 1, 10), date(2026, 9, 1))
        title = Event("title", date(2026, 9, 1))
        assert expiry(FR, suit, title) == date(2036, 9, 1)
        assert expiry(FR, title) == date(2036, 9, 1), "of a suit that nobody told"
        seizure = Event("enforcement", date(2030, 1, 1))
        assert expiry(FR, suit, title, seizure) == date(2040, 1, 1)

    def test_nothing_of_a_later_day_is_known(self):
        later = Event("acknowledgment", date(2024, 6, 1))
        assert expiry(FR, later, on=date(2024, 5, 31)) == date(2026, 3, 31)
        assert expiry(FR, later, on=date(2024, 6, 1)) == date(2029, 6, 1)


class TestSuspension:
    def test_its_days_are_left_out(self):
        mediation = Event("mediation", date(2023, 1, 1), date(2023, 1, 31))
        assert expiry(FR, mediation) == date(2026, 4, 30)

    @pytest.mark.parametrize(
        ("began", "ended", "last"),
        [
            # 186 days left: more than six months after its end
            (date(2025, 9, 26), date(2025, 9, 30), date(2026, 4, 4)),
            # 5 days left: six months after its end
            (date(2026, 3, 26), date(2026, 4, 30), date(2026, 10, 30)),
        ],
    )
    def test_six_months_are_left_after_mediation(self, began, ended, last):
        assert expiry(FR, Event("mediation", began, ended)) == last

    def test_while_it_lasts_nothing_runs(self):
        mediation = Event("mediation", date(2026, 3, 1))
        assert expiry(DE, mediation._replace(kind="negotiation"), due=date(2024, 1, 1)) is None
        # but twenty years after the debt arose it is over, mediation or not
        assert expiry(FR, mediation, on=date(2030, 1, 1)) == date(2041, 3, 31)

    def test_overlapping_ones_count_once(self):
        first = Event("mediation", date(2023, 1, 1), date(2023, 1, 31))
        inside = Event("small_claims", date(2023, 1, 11), date(2023, 1, 21))
        assert expiry(FR, first, inside) == expiry(FR, first)

    def test_german_suit_goes_on_for_six_months(self):
        suit = Event("suit", date(2024, 7, 1), date(2024, 9, 30))
        # 1 July 2024 to 30 March 2025 are left out: 272 days after 31 December 2024
        assert expiry(DE, suit) == date(2025, 9, 29)
        # the days that were left are all that is left, however few: 21 to 31 December 2026, from 1 January 2028 on
        late = Event("suit", date(2026, 12, 21), date(2027, 7, 1))
        assert expiry(DE, late, due=date(2023, 6, 1)) == date(2028, 1, 11)

    def test_acknowledged_while_suspended_begins_with_its_end(self):
        mediation = Event("mediation", date(2023, 1, 1), date(2023, 3, 1))
        word = Event("acknowledgment", date(2023, 2, 1))
        assert expiry(FR, mediation, word) == date(2028, 3, 1)


class TestLongStop:
    def words(self, last_year):
        return [Event("acknowledgment", date(year, 3, 1)) for year in range(2024, last_year, 4)]

    def test_twenty_years_from_its_birth(self):
        found = limitation(FR, DUE, LATER, date(2021, 3, 1), self.words(2041))
        assert found.expires_on == date(2041, 3, 1)
        assert found.steps[-1].code == "long_stop"
        # what ends by itself on that day is not ended by it
        assert codes(replace(FR, long_stop_years=5)) == ["base"]
        assert codes(replace(FR, long_stop_years=4)) == ["base", "long_stop"]

    def test_not_after_a_suit(self):
        suit = Event("suit", date(2040, 6, 1), date(2040, 12, 1))
        assert expiry(FR, *self.words(2041), suit) == date(2045, 12, 1)


DAYS = st.dates(date(2015, 1, 1), date(2045, 12, 31))
RULES = st.sampled_from([FR, FR_CONSUMER, DE, NL])


@st.composite
def happenings(draw):
    first = draw(DAYS)
    until = draw(st.none() | st.integers(0, 900).map(lambda days: first + timedelta(days=days)))
    return Event(draw(st.sampled_from(KINDS)), first, until, draw(st.booleans()))


@given(RULES, DAYS, DAYS, st.lists(happenings(), max_size=6), st.randoms())
def test_order_of_events_does_not_matter(rule, due, on, events, random):
    mixed = random.sample(events, len(events))
    assert limitation(rule, due, on, None, events) == limitation(rule, due, on, None, mixed)


@given(RULES, DAYS, DAYS, st.lists(happenings(), max_size=6))
def test_what_is_dismissed_or_later_changes_nothing(rule, due, on, events):
    kept = [event for event in events if not event.dismissed and event.day <= on]
    assert (
        limitation(rule, due, on, None, events).expires_on == limitation(rule, due, on, None, kept).expires_on
    )


@given(RULES, DAYS, DAYS, st.lists(happenings(), max_size=6))
def test_never_before_the_bare_period_unless_capped(rule, due, on, events):
    found = limitation(rule, due, on, None, events).expires_on
    anew = min([due, *(event.day for event in events)]) + relativedelta(months=rule.months)
    assert found is None or found >= min(anew, limitation(rule, due, on).expires_on)


@given(RULES, DAYS, DAYS, st.lists(happenings(), max_size=6))
def test_long_stop_holds_unless_lifted(rule, due, on, events):
    found = limitation(rule, due, on, None, events)
    acts = {step.kind for step in found.steps if step.code in ("interrupted", "title")}
    if rule.long_stop_years and not acts & {"suit", "enforcement", "title"}:
        assert found.expires_on <= due + relativedelta(years=rule.long_stop_years)


@given(DAYS, st.integers(0, 1000), st.integers(0, 1500))
def test_suspension_adds_its_days_and_leaves_six_months(due, after, length):
    began = due + timedelta(days=after)
    ended = began + timedelta(days=length)
    found = expiry(FR, Event("mediation", began, ended), due=due)
    added = due + relativedelta(months=60) + timedelta(days=length)
    assert found == max(added, ended + relativedelta(months=6))


@given(RULES, DAYS, DAYS, st.lists(happenings(), max_size=6))
def test_the_last_step_says_the_result(rule, due, on, events):
    found = limitation(rule, due, on, None, events)
    assert found.steps[-1].expires_on == found.expires_on
