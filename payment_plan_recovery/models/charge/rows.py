"""Ids and values as constants of statements: the database knows their number when it plans."""

from odoo.tools import SQL


def array_text(values):
    """Return values as the text of one array constant, which the database reads faster than a list."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def id_rows(ids) -> SQL:
    """Rows of ids, given as one constant so that the database knows their number when it plans."""
    return SQL("unnest(%s::int[])", array_text(ids))


def by_ids(ids) -> SQL:
    """Condition on journal items named ``line``."""
    return SQL("line.id IN (SELECT %s)", id_rows(ids))
