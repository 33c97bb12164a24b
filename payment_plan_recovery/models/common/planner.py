"""How PostgreSQL is told to carry out large statements."""

from contextlib import contextmanager

from odoo.tools import SQL

#: Debtors of whom all that they owe is looked up one by one; of more, whole tables are read once, set by set.
FEW = 500


@contextmanager
def _without(cr, *ways):
    """Let statements do without some ``ways`` of carrying them out.

    They gain nothing from being compiled by the server, and sort and hash in memory; that stays so until the
    transaction ends. A block within another changes nothing. An error rolls the transaction, or its savepoint, back,
    and these settings with it.
    """
    within = ("recovery.planner", *ways)
    if within in cr.cache:
        yield
        return
    off = [SQL("SET LOCAL %s = off", SQL.identifier(way)) for way in ways]
    cr.execute(SQL("; ").join([SQL("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'"), *off]))
    cr.cache[within] = True
    try:
        yield
    finally:
        del cr.cache[within]
    cr.execute(SQL("; ").join(SQL("SET LOCAL %s TO DEFAULT", SQL.identifier(way)) for way in ways))


def set_by_set(cr):
    """Let no statement try the rows of one set against every row of another.

    That is quick for few rows and takes for ever for many, and the planner knows only what it was last told: after
    an import, or within a run that has just written its proposal, it may take a hundred thousand rows for ten.
    Statements over a whole ledger sort or hash instead, whatever it believes. What looks rows up one by one on
    purpose (LATERAL) still does.
    """
    return _without(cr, "enable_nestloop")


def one_by_one(cr):
    """Let a statement about some debtors look its rows up by their indexes, never by reading a whole table.

    Read once, and kept at hand, a table that the planner takes for a small one is soon read again for each row of
    another.
    """
    return _without(cr, "enable_seqscan", "enable_material")


def are_few(debtors):
    """Return whether what ``debtors`` owe is looked up one by one; None stands for all of them."""
    return debtors is not None and len(debtors) <= FEW


def suiting(cr, debtors):
    """Return the one of the above that suits a statement about ``debtors``; None stands for all of them."""
    return one_by_one(cr) if are_few(debtors) else set_by_set(cr)
