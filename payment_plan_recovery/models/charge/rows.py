"""Ids and values as constants of statements: the database knows their number when it plans."""

from odoo.tools import SQL

from ..common.array_text import array_text


def id_rows(ids) -> SQL:
    """Rows of ids, given as one constant so that the database knows their number when it plans."""
    return SQL("unnest(%s::int[])", array_text(ids))


def by_ids(ids) -> SQL:
    """Condition on journal items named ``line``."""
    return SQL("line.id IN (SELECT %s)", id_rows(ids))
