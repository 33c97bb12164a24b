"""Sweep out of a database of tests what they took back: whoever counts the rows that a query looks at meets no others.

The server does not sweep it on its own (see dev/tested.py), for it would also note that the tables are empty. Here what
it had noted of them stays.
"""

from contextlib import closing

import psycopg2

NOTED = """
    CREATE TEMPORARY TABLE noted AS
    SELECT oid, reltuples, relpages, relallvisible FROM pg_class
     WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace
"""
LEFT_BEHIND = (
    "SELECT FORMAT('%I', relname) FROM pg_stat_user_tables WHERE n_dead_tup > 0 AND schemaname = 'public'"
)
NOTE_AGAIN = """
    UPDATE pg_class now
       SET reltuples = noted.reltuples, relpages = noted.relpages, relallvisible = noted.relallvisible
      FROM noted
     WHERE noted.oid = now.oid
"""


def sweep(name):
    """Sweep database ``name``, in which no transaction is open."""
    with closing(psycopg2.connect(dbname=name)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(NOTED)
            cursor.execute(LEFT_BEHIND)
            for (table,) in cursor.fetchall():
                cursor.execute(f"VACUUM {table}")
                # An index keeps the pages of what was taken back, and looking a row up by it seems the dearer for it.
                cursor.execute(f"REINDEX TABLE {table}")
            cursor.execute(NOTE_AGAIN)
