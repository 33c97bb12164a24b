"""What PostgreSQL's planner believes of tables, planted: right plans must not rest on it."""

from odoo.tools import SQL


def tell_planner(env, believed):
    """Let the planner believe that each table holds so many rows; None: that nothing is known of it.

    :param believed: {table: rows}
    """
    env.cr.execute("DELETE FROM pg_statistic WHERE starelid = ANY(%s::regclass[])", [list(believed)])
    for table, rows in believed.items():
        env.cr.execute(
            SQL(
                "UPDATE pg_class SET reltuples = %s, relpages = %s WHERE oid = %s::regclass",
                -1 if rows is None else rows,
                SQL("0") if rows is None else SQL("pg_relation_size(oid) / 8192"),
                table,
            )
        )
