"""Two people at once: who acts on the same rows second waits, and begins anew with what the first one did.

Rows are kept in one order, so that nobody waits for who waits for him: debtors, then journal items, then plans; of
each the lowest id first.
"""

from odoo.tools import SQL


def keep(records):
    """Keep ``records`` to this transaction until it ends; other records may go on referring to them.

    Each row is written, to what it is: a transaction that only waited for a lock would go on with what it saw before
    (REPEATABLE READ). As it is, the database refuses it, Odoo tries it again, and its checks find what happened.
    """
    if not records.ids:
        return
    records.env.cr.execute(
        SQL(
            """
            UPDATE %(table)s kept
               SET id = kept.id
              FROM (SELECT id FROM %(table)s WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE) wanted
             WHERE kept.id = wanted.id
            """,
            table=SQL.identifier(records._table),
            ids=records.ids,
        )
    )
