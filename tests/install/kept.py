"""What a database keeps of the addon, read so that two of its days can be compared."""

from contextlib import closing

import psycopg2
from psycopg2 import sql
from psycopg2.extras import RealDictCursor

ADDON = "payment_plan_recovery"
#: Odoo's bookkeeping of who wrote last; an upgrade may show there.
CLOCKS = {"write_date", "write_uid", "create_uid", "create_date"}


class Kept:
    """Rows of our tables and columns, external ids, and Odoo's records of our models and fields."""

    def __init__(self, name):
        with closing(psycopg2.connect(dbname=name)) as connection:
            self._cursor = connection.cursor(cursor_factory=RealDictCursor)
            self.shipped = self._shipped()
            self.rows = {table: self._rows(table, columns) for table, columns in self._columns().items()}
            self.hold_reviews = self._pairs(
                "SELECT id AS key, res_id AS value FROM mail_activity WHERE res_model = 'recovery.hold'"
            )
            self.external_ids = self._pairs(
                "SELECT name AS key, ARRAY[model, res_id::text] AS value FROM ir_model_data WHERE module = %s",
                ADDON,
            )
            self.models = self._pairs("SELECT model AS key, id AS value FROM ir_model")
            self.fields = self._pairs("SELECT model || '.' || name AS key, id AS value FROM ir_model_fields")

    def _query(self, statement, *values):
        self._cursor.execute(statement, values or None)
        return self._cursor.fetchall()

    def _pairs(self, statement, *values):
        return {row["key"]: row["value"] for row in self._query(statement, *values)}

    def _columns(self):
        """Return {table: columns to read}: all of our tables, ours of Odoo's tables."""
        found = self._query(
            """SELECT held.table_name, held.column_name
                 FROM information_schema.columns held
                 JOIN information_schema.tables known USING (table_schema, table_name)
                 LEFT JOIN ir_model_fields field
                   ON REPLACE(field.model, '.', '_') = held.table_name AND field.name = held.column_name
                  AND EXISTS (SELECT FROM ir_model_data
                               WHERE model = 'ir.model.fields' AND module = %s AND res_id = field.id)
                WHERE held.table_schema = 'public' AND known.table_type = 'BASE TABLE'
                  AND (starts_with(held.table_name, 'recovery') OR field.id IS NOT NULL
                       OR held.table_name IN (
                           SELECT ir_model_relation.name FROM ir_model_relation
                             JOIN ir_module_module module ON module.id = ir_model_relation.module
                            WHERE module.name = %s))
                ORDER BY 1, 2""",
            *[ADDON] * 2,
        )
        columns = {}
        for row in found:
            if row["column_name"] not in CLOCKS:
                columns.setdefault(row["table_name"], []).append(row["column_name"])
        return columns

    def _rows(self, table, columns):
        """Return {id: row}, or {row: row} where a relation has no id."""
        has_id = bool(
            self._query(
                """SELECT FROM information_schema.columns
                    WHERE table_schema = 'public' AND table_name = %s AND column_name = 'id'""",
                table,
            )
        )
        names = sorted({*columns, "id"} if has_id else columns)
        listed = sql.SQL(", ").join(
            sql.SQL("{0}::text AS {0}").format(sql.Identifier(name)) for name in names
        )
        rows = self._query(sql.SQL("SELECT {} FROM {}").format(listed, sql.Identifier(table)))
        return {int(row["id"]) if has_id else tuple(row.values()): dict(row) for row in rows}

    def _shipped(self):
        """Return (table, id) of what our data files write anew at every upgrade."""
        found = self._query(
            "SELECT model, res_id FROM ir_model_data WHERE module = %s AND noupdate IS NOT TRUE", ADDON
        )
        return {(row["model"].replace(".", "_"), row["res_id"]) for row in found}
