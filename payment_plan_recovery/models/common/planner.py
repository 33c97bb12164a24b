"""How PostgreSQL is told to carry out statements over a whole ledger."""

from contextlib import contextmanager


@contextmanager
def set_by_set(cr):
    """Let no statement try the rows of one set against every row of another.

    That is quick for few rows and takes for ever for many, and the planner knows only what it was last told: after
    an import, or within a run that has just written its proposal, it may take a hundred thousand rows for ten.
    Statements over a whole ledger sort or hash instead, whatever it believes. What looks rows up one by one on
    purpose (LATERAL) still does. An error rolls the transaction, or its savepoint, back, and this setting with it.
    """
    cr.execute("SET LOCAL enable_nestloop = off")
    yield
    cr.execute("SET LOCAL enable_nestloop = on")


@contextmanager
def one_by_one(cr):
    """Let a statement about some debtors look its rows up by their indexes, never by reading a whole table.

    Read once, a table that the planner takes for a small one is soon read again for each row of another.
    """
    cr.execute("SET LOCAL enable_seqscan = off")
    yield
    cr.execute("SET LOCAL enable_seqscan = on")


def suiting(cr, debtors):
    """Return the one of the above that suits a statement about ``debtors``; None stands for all of them."""
    return set_by_set(cr) if debtors is None else one_by_one(cr)
