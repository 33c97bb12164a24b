"""Which debtors something was written about since a moment, as the database's own rows tell it.

Every row of PostgreSQL bears the transaction that wrote it last (``xmin``). Whatever wrote it, an action, an import,
another addon or SQL, is told by that, and nobody has to be told when something is written.
"""

from odoo import models
from odoo.tools import SQL


class RecoveryWritten(models.AbstractModel):
    """Kind of the facts that decide whether a claim is chased. A thing of it is one subject, with all of its tables.

    What is gone altogether leaves no row behind: who relies on this looks at everything again before long.
    """

    _name = "recovery.written"
    _inherit = "recovery.kind"
    _description = "Facts Written"

    def _partners(self, newer) -> SQL:
        """Return a query of (partner_id): the contacts that rows are about which were written.

        :param newer: function of a table's name in the query; returns the condition that its row was written since
        """
        raise NotImplementedError(self._name)

    def _debtors_since(self, transaction, most):
        """Return the ids of debtors that something was written about since ``transaction`` was the oldest at work.

        What is to be counted must have been written out.

        :param transaction: ``pg_snapshot_xmin()`` as text
        :param most: one more than that many are enough to know that they are too many
        """

        def newer(table):
            return SQL("age(%s) <= (SELECT age(%s::xid8::xid))", SQL.identifier(table, "xmin"), transaction)

        written = SQL(" UNION ALL ").join(thing._partners(newer) for thing in self._things().values())
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT commercial_partner_id FROM res_partner WHERE id IN (%s)"
                " AND commercial_partner_id IS NOT NULL LIMIT %s",
                written,
                most + 1,
            )
        )
        return [debtor_id for (debtor_id,) in rows]
