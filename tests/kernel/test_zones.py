"""Time zones that there are, and a country's, where it has one only."""

import pytest
import pytz
from tools.zones import first_zone, zone_of_country


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
