"""What is kept of an item's forecast, as it is written."""

import json
from datetime import timedelta

from odoo.tools import SQL

from .forecast import HORIZONS

#: Weeks to come for which the cash is kept: a quarter.
WEEKS = 13
#: What is kept of each item, as PostgreSQL's types.
ROW = {
    **dict.fromkeys(("move_line_id", "partner_id"), "int"),
    **dict.fromkeys(("date_expected", "date_early", "date_late", "date_mean"), "date"),
    **{f"chance_{days}": "float" for days in HORIZONS},
    **dict.fromkeys(("chance_in_time", "share_late"), "float"),
    "amount_then": "numeric",
    "by_week": "jsonb",
    "facts": "text",
}
#: What the forecast rests on, as it is kept.
TOLD_AS = json.JSONEncoder(default=str)


def row(date, known, forecast, is_late_by_mean, by_week):
    """What is kept of an item, in the order of ``ROW``.

    :param by_week: what it is expected to bring week by week
    """
    return (
        *(known.item_id, known.debtor_id),
        *(forecast.date_expected, forecast.date_early, forecast.date_late, _by_mean(date, known)),
        *(forecast.chances[days] for days in HORIZONS),
        *(_in_time(date, known, is_late_by_mean), known.share_late),
        known.amount,
        json.dumps(by_week),
        TOLD_AS.encode(forecast.reasons),
    )


def rows_sql(rows) -> SQL:
    """Return a query of the ``rows``, with the columns of ``ROW``."""
    columns = zip(*rows, strict=True) if rows else [()] * len(ROW)
    return SQL(
        "SELECT * FROM unnest(%s) AS told(%s)",
        SQL(", ").join(
            SQL("%s::%s[]", list(column), SQL(kind))
            for column, kind in zip(columns, ROW.values(), strict=True)
        ),
        SQL(", ").join(map(SQL.identifier, ROW)),
    )


def _by_mean(date, known):
    """The day on which an item would be paid if its debtor always took its mean, from tomorrow on."""
    return max(known.day_by_mean(), date + timedelta(days=1))


def _in_time(date, known, is_late_by_mean):
    """The chance that an item is paid by its due date, from what is known on ``date``."""
    days = (known.date_due - date).days
    if days < 0:
        return 0.0
    return 1 - known.share_late if is_late_by_mean else known.outlook.chance(days)
