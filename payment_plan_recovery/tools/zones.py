"""Time zones: the first of some that there is, that of a country, where there is no choice, and when days begin."""

from datetime import datetime, time
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


def midnight(zone, day):
    """Return the instant, in UTC as fields hold it, at which ``day`` begins in ``zone`` (of pytz).

    Where clocks go back over midnight it strikes twice, and the day begins with the first; where they go forward over
    it, with the hour that follows. A day that was left out altogether begins with the next.
    """
    local = datetime.combine(day, time.min)
    either = [zone.localize(local, is_dst=is_summer).astimezone(pytz.utc) for is_summer in (True, False)]
    begun = [instant for instant in either if instant.astimezone(zone).date() >= day]
    return min(begun, default=max(either)).replace(tzinfo=None)


@cache
def _clock(name):
    zone = pytz.timezone(name)
    instants = (datetime(year, month, 1, tzinfo=pytz.utc) for year in YEARS for month in range(1, 13))
    return tuple(instant.astimezone(zone).utcoffset() for instant in instants)
