"""Time zones that there are, and a country's, where it has one only."""

from datetime import date, datetime, timedelta

import pytest
import pytz
from tools.zones import first_zone, midnight, zone_of_country


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("FR", "Europe/Paris"),
        ("RE", "Indian/Reunion"),
        ("BE", "Europe/Brussels"),
        ("CH", "Europe/Zurich"),
        ("AT", "Europe/Vienna"),
        ("GB", "Europe/London"),
        ("fr", "Europe/Paris"),
    ],
)
def test_one_zone(country, zone):
    assert zone_of_country(country) == zone


def test_zones_that_keep_the_same_hours_are_one():
    assert pytz.country_timezones["DE"] == ["Europe/Berlin", "Europe/Busingen"]
    assert zone_of_country("DE") == "Europe/Berlin"


@pytest.mark.parametrize("country", ["US", "CA", "ES", "PT", "AU", "BR"])
def test_several_zones_are_a_choice(country):
    assert zone_of_country(country) == ""


@pytest.mark.parametrize("country", ["", None, False, "XX", "ZZZ"])
def test_no_country_has_no_zone(country):
    assert zone_of_country(country) == ""


def test_every_zone_is_one_of_its_country():
    for country, zones in pytz.country_timezones.items():
        assert zone_of_country(country) in {"", zones[0]}
        assert zone_of_country(country) or len(zones) > 1


@pytest.mark.parametrize(
    ("names", "zone"),
    [
        (("Europe/Paris", "Europe/Rome"), "Europe/Paris"),
        (("US/Pacific-New", None, False, "", "Europe/Rome"), "Europe/Rome"),
        (("Mars/Phobos",), ""),
        ((), ""),
    ],
)
def test_a_zone_that_is_gone_is_none(names, zone):
    assert first_zone(*names) == zone


def _day(zone, instant):
    return pytz.utc.localize(instant).astimezone(zone).date()


@pytest.mark.parametrize("name", pytz.common_timezones)
def test_a_day_begins_where_the_day_before_ends(name):
    """Whenever clocks were put, at midnight or over it too: Azores, Havana, Amman, Cairo, Santiago."""
    zone, second = pytz.timezone(name), timedelta(seconds=1)
    for change in getattr(zone, "_utc_transition_times", []):
        if 2000 <= change.year < 2038:
            for day in {_day(zone, change + timedelta(hours=hours)) for hours in (-24, -1, 0, 1, 24)}:
                begins = midnight(zone, day)
                assert (_day(zone, begins), day > _day(zone, begins - second)) == (day, True), (name, day)


@pytest.mark.parametrize(
    ("name", "day", "begins"),
    [
        ("Europe/Paris", date(2026, 10, 25), datetime(2026, 10, 24, 22)),
        ("Atlantic/Azores", date(2026, 10, 25), datetime(2026, 10, 25, 0)),  # midnight strikes twice
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22)),  # midnight is left out
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10)),  # the whole day is
    ],
)
def test_the_instant_at_which_a_day_begins(name, day, begins):
    assert midnight(pytz.timezone(name), day) == begins
