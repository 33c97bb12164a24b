"""Time zones: the first of some that there is, and that of a country, where there is no choice."""

from datetime import datetime
from functools import cache

import pytz

#: Clocks of a country are compared on the first day of every month of these years.
YEARS = range(2000, 2038)


def first_zone(*names):
    """Return the first of ``names`` (or None) that is a time zone; "" for none.

    One that was once chosen may be gone: the tz database forgets zones (US/Pacific-New in 2020).
    """
    return next((name for name in names if name in pytz.all_timezones_set), "")


@cache
def zone_of_country(code):
    """Return the name of the time zone of the country ``code`` (ISO 3166, two letters); "" where it has several.

    Zones whose clocks have shown the same hour since 2000 are one: Germany's enclave Büsingen is no choice. The zones
    are those of the tz database (zone.tab), as pytz carries it.
    """
    first, *others = pytz.country_timezones.get((code or "").upper()) or [""]
    return first if all(_clock(first) == _clock(other) for other in others) else ""


@cache
def _clock(name):
    zone = pytz.timezone(name)
    instants = (datetime(year, month, 1, tzinfo=pytz.utc) for year in YEARS for month in range(1, 13))
    return tuple(instant.astimezone(zone).utcoffset() for instant in instants)
