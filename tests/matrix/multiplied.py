"""Many records out of one of each kind: rows are copied in the database, each referring to copies of its own.

What a page costs shows only when its lines have debtors, invoices and documents of their own.
"""

import json

from odoo.tools import SQL

#: Tables whose rows are copied along with what refers to them; anything else is shared by the copies.
OF_ODOO = ("res_partner", "account_move", "account_move_line")


class Multiplied:
    """Copies rows of a test's database; constraints of references are not looked at meanwhile."""

    def __init__(self, env, company, count):
        self.env, self.company, self.count = env, company, count
        self.made, self.busy = {}, set()

    def of(self, table, like=None):
        """Copy a row of ``table`` (the one with id ``like``, if it is given) as often as needed; return the new ids."""
        if table in self.made or table in self.busy:
            return self.made.get(table, [])
        self.busy.add(table)
        source = like or self.one(table)
        targets = {
            column: self.of(target, self.value(table, source, column))
            for column, target in self.references(table).items()
            if source and self.value(table, source, column)
        }
        if source and "res_model" in self.shapes(table):
            about = self.env[self.value(table, source, "res_model")]._table
            targets["res_id"] = self.of(about, self.value(table, source, "res_id"))
        self.busy.discard(table)
        self.made[table] = self.copies(table, source, targets) if source else []
        return self.made[table]

    def copies(self, table, source, targets):
        unique, shapes, ids = self.unique(table), self.shapes(table), []
        for number in range(self.count):
            changed = {column: made[number] for column, made in targets.items() if made}
            for column in unique - changed.keys() - {"id", "company_id", "res_model"}:
                changed[column] = self.another(table, source, column, shapes[column], number)
            changed = {column: value for column, value in changed.items() if value is not None}
            [[new]] = self.env.execute_query(
                SQL(
                    "INSERT INTO %(table)s SELECT made.* FROM %(table)s copied_row, LATERAL jsonb_populate_record("
                    " copied_row, %(changed)s::jsonb || jsonb_build_object('id', nextval(%(sequence)s))) made"
                    " WHERE copied_row.id = %(source)s RETURNING id",
                    table=SQL.identifier(table),
                    changed=json.dumps(changed, default=str),
                    sequence=f"{table}_id_seq",
                    source=source,
                )
            )
            ids.append(new)
        self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        if table == "res_partner":
            self.env.cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [ids])
        return ids

    def another(self, table, source, column, shape, number):
        """A value that no other row of the table has, where it has one."""
        value = self.value(table, source, column)
        if value is None:
            return None
        if shape in ("character varying", "text"):
            return f"{value}-{number}"
        if shape == "date":
            [[moved]] = self.env.execute_query(SQL("SELECT (%s::date - %s)::text", value, number + 1))
            return moved
        return value + number + 1 if shape in ("integer", "bigint") else None

    def value(self, table, source, column):
        [[value]] = self.env.execute_query(
            SQL("SELECT %s FROM %s WHERE id = %s", SQL.identifier(column), SQL.identifier(table), source)
        )
        return value

    def one(self, table):
        """A row of the company, where rows have one; else the first there was."""
        if "company_id" not in self.shapes(table):
            return self.env.execute_query(SQL("SELECT MIN(id) FROM %s", SQL.identifier(table)))[0][0]
        own = SQL(
            "SELECT MAX(id) FROM %s WHERE COALESCE(company_id, %s) = %s",
            SQL.identifier(table),
            self.company.id,
            self.company.id,
        )
        return self.env.execute_query(own)[0][0]

    def references(self, table):
        """Columns that refer to rows of which each copy gets one of its own."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT attribute.attname, target.relname
                  FROM pg_constraint reference
                  JOIN pg_class source ON source.oid = reference.conrelid
                  JOIN pg_class target ON target.oid = reference.confrelid
                  JOIN pg_attribute attribute
                    ON attribute.attrelid = source.oid AND attribute.attnum = reference.conkey[1]
                 WHERE reference.contype = 'f' AND source.relname = %s AND target.relname <> %s
                """,
                table,
                table,
            )
        )
        return {
            column: target for column, target in rows if target.startswith("recovery_") or target in OF_ODOO
        }

    def unique(self, table):
        """Columns of unique indexes: copies differ in all of them."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT attribute.attname
                  FROM pg_index index
                  JOIN pg_attribute attribute ON attribute.attrelid = index.indrelid
                 WHERE index.indrelid = %s::regclass AND index.indisunique AND NOT index.indisprimary
                   AND attribute.attnum = ANY(index.indkey::int2[]) AND attribute.attnum > 0
                """,
                table,
            )
        )
        return {column for (column,) in rows}

    def shapes(self, table):
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s",
                    table,
                )
            )
        )
