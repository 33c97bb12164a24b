"""Days that are not today: what the company did in the weeks before the ledger's date."""

import datetime
from contextlib import contextmanager

from freezegun import freeze_time

OFFICE_HOURS = datetime.time(9, 30)


@contextmanager
def at(day):
    """Let Odoo live through ``day``: notices sent in the block bear that day. Today needs no help."""
    if day == datetime.date.today():
        yield
    else:
        with freeze_time(datetime.datetime.combine(day, OFFICE_HOURS), tick=True):
            yield
