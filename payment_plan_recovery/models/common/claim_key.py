"""The key of a claim: one number for a journal item or an instalment, in Python and in SQL."""

from odoo.tools import SQL


def claim_key(item_id=None, instalment_id=None):
    """Return the id of the claim that is journal item ``item_id`` or instalment ``instalment_id``."""
    return 2 * item_id if item_id else 2 * instalment_id + 1


def claim_key_sql(item: SQL, instalment: SQL | None = None) -> SQL:
    """Return the same as an expression over the columns ``item`` and ``instalment``, one of which is NULL."""
    if instalment is None:
        return SQL("2 * %s", item)
    return SQL("COALESCE(2 * %s, 2 * %s + 1)", item, instalment)


def instalment_key_sql(instalment: SQL) -> SQL:
    """Return the key of an instalment as an expression over its column."""
    return SQL("2 * %s + 1", instalment)


def item_of_key_sql(key: SQL) -> SQL:
    """Return the journal item of a claim as an expression over the column of its key; NULL of an instalment."""
    return SQL("CASE WHEN %(key)s %% 2 = 0 THEN %(key)s / 2 END", key=key)
