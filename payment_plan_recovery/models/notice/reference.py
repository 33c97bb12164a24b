"""References of notices whose sequence allows no gap, or starts again with each period."""

from odoo import models
from odoo.tools import SQL


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _give_unbroken_references(self, company):
        """Number those that PostgreSQL alone could not, all at once."""
        notices = self.search([("id", "in", self.ids), ("name", "=", False)], order="id")
        if not notices:
            return
        names = self._sequence(company)._recovery_draw(len(notices), company._recovery_today())
        self.env.cr.execute(
            SQL(
                """
                UPDATE recovery_notice notice
                   SET name = drawn.name
                  FROM UNNEST(%s::int[], %s::varchar[]) AS drawn (id, name)
                 WHERE notice.id = drawn.id
                """,
                notices.ids,
                names,
            )
        )
        notices.invalidate_recordset(["name"])
