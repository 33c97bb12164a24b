"""How often and at which hours a debtor is contacted."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tools.contact_time import Budget, first_day_in_budget, first_open_moment

MONDAY = date(2026, 3, 2)


def day(offset):
    return MONDAY + timedelta(days=offset)


def budget(today, *contacts, channel="email", maximum=2, window=7, gap=1):
    known = [(day(on), how) for on, how in contacts]
    found = first_day_in_budget(day(today), channel, known, Budget(maximum, window, gap))
    return (found - MONDAY).days


def test_free_without_contacts():
    assert budget(0) == 0


def test_one_a_day():
    assert budget(0, (0, "sms")) == 1
    assert budget(1, (0, "sms")) == 1


def test_same_day_and_channel_is_the_same_contact():
    assert budget(0, (0, "email")) == 0
    assert budget(0, (0, "email"), (0, "sms")) == 0


def test_gap_of_three_days():
    assert budget(2, (0, "email"), gap=3) == 3
    assert budget(3, (0, "email"), gap=3) == 3


def test_two_in_seven_days():
    assert budget(6, (0, "email"), (2, "sms")) == 7
    assert budget(7, (0, "email"), (2, "sms")) == 7
    assert budget(6, (0, "email"), (2, "sms"), maximum=3) == 6


def test_more_than_the_maximum_already():
    assert budget(4, (0, "email"), (1, "email"), (2, "email"), (3, "email")) == 9


def test_no_limits():
    assert budget(0, (0, "sms"), (0, "phone"), maximum=0, gap=0) == 0


contacts = st.lists(st.tuples(st.integers(-20, 0), st.sampled_from(["email", "sms"])), max_size=8)


@given(contacts, st.integers(1, 4), st.integers(1, 10), st.integers(0, 5))
def test_found_day_is_the_first_that_fits(known, maximum, window, gap):
    def fits(on):
        if (on, "phone") in known:
            return True
        days = [known_day for known_day, _channel in set(known) if known_day <= on]
        in_window = [known_day for known_day in days if on - known_day < window]
        return len(in_window) < maximum and not (gap and days and on - max(days) < gap)

    found = budget(0, *known, channel="phone", maximum=maximum, window=window, gap=gap)
    assert fits(found)
    assert not any(fits(on) for on in range(found))


def opened(text, closed=()):
    moment = datetime.fromisoformat(text)
    found = first_open_moment(moment, 8.0, 20.0, lambda on: on.weekday() >= 5 or on in closed)
    return found.isoformat(sep=" ", timespec="minutes")


def test_within_the_hours():
    assert opened("2026-03-02 08:00") == "2026-03-02 08:00"
    assert opened("2026-03-02 19:59") == "2026-03-02 19:59"


def test_outside_the_hours():
    assert opened("2026-03-02 07:59") == "2026-03-02 08:00"
    assert opened("2026-03-02 20:00") == "2026-03-03 08:00"


def test_weekend_and_holiday():
    assert opened("2026-03-06 20:00") == "2026-03-09 08:00"
    assert opened("2026-03-07 12:00", closed={date(2026, 3, 9)}) == "2026-03-10 08:00"


def test_half_hours():
    found = first_open_moment(datetime(2026, 3, 2, 8, 0), 8.5, 19.0, lambda _day: False)
    assert found == datetime(2026, 3, 2, 8, 30)


def test_always_closed_ends_some_day():
    for moment in (datetime(2026, 3, 2), datetime(2026, 3, 2, 9, 30)):
        assert first_open_moment(moment, 8.0, 20.0, lambda _day: True) == moment + timedelta(days=60)
