"""Why debtors pay late: declared, noted where they say so, and counted."""

from odoo import api, fields, models
from odoo.tools import SQL

from .dispute_words import CAUSES

#: Days for which a cause that was noted explains what is late.
KNOWN_DAYS = 180


class RecoveryCause(models.Model):
    """A cause of lateness, with what is answered to it. Noted on the records of ``recovery.cause.noted``."""

    _name = "recovery.cause"
    _description = "Cause of Lateness"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, help="Why the debtor does not pay, in a few words.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    dispute_cause = fields.Selection(
        CAUSES,
        string="Disputes about",
        help="Disputes that give this reason count under the cause; leave empty where nothing is disputed.",
    )
    advice = fields.Text(translate=True, help="What to answer and what to do next; shown where it is noted.")

    @api.model
    def _of_dispute(self, reasons):
        """Return the cause under which disputes that give each of ``reasons`` count: {reason: cause}."""
        # sudo: under which cause a dispute counts does not depend on who notes it, a debtor online too
        declared = self.sudo().search([("dispute_cause", "in", list(reasons))])
        return {reason: causes[:1] for reason, causes in declared.grouped("dispute_cause").items()}

    @api.model
    def _noting(self):
        """Return (model, field of the day) of the records that note causes; of one day, the first says most."""
        names = self.pool.descendants(["recovery.cause.noted"], "_inherit")
        ranked = sorted((*self.env[name]._cause_told, name) for name in names if self.env[name]._cause_told)
        return [(name, day) for _rank, day, name in ranked]

    @api.model
    def _of_debtor_sql(self, company: SQL, debtor: SQL, date: SQL, item: SQL | None = None) -> SQL:
        """Return an expression: the cause noted last, on ``date`` or within half a year before, or NULL.

        :param company: column of the company, as ``debtor``; any branch of its creditor may have noted the cause
        :param item: column of a journal item: disputes of others are not counted then
        """
        together = self.env["res.company"]._recovery_together_sql(SQL("noted.company_id"), company)
        noted = SQL(" UNION ALL ").join(
            SQL(
                "SELECT noted.cause_id, noted.%(day)s AS day, %(rank)s AS rank, noted.id FROM %(table)s noted"
                " WHERE noted.partner_id = %(debtor)s AND %(company)s"
                " AND noted.cause_id IS NOT NULL AND noted.%(day)s <= %(date)s"
                " AND noted.%(day)s > %(date)s - %(days)s AND %(about)s",
                day=SQL.identifier(day),
                rank=rank,
                table=SQL.identifier(self.env[model]._table),
                debtor=debtor,
                company=together,
                date=date,
                days=KNOWN_DAYS,
                about=self._about_item(model, item),
            )
            for rank, (model, day) in enumerate(self._noting())
        )
        return SQL(
            "(SELECT told.cause_id FROM (%s) told ORDER BY told.day DESC, told.rank, told.id DESC LIMIT 1)",
            noted,
        )

    def _about_item(self, model, item) -> SQL:
        if item is None or model != "recovery.dispute":
            return SQL("TRUE")
        items = self.env[model]._fields["move_line_ids"]
        return SQL(
            "EXISTS (SELECT FROM %(table)s about WHERE about.%(one)s = noted.id AND about.%(item)s = %(wanted)s)",
            table=SQL.identifier(items.relation),
            one=SQL.identifier(items.column1),
            item=SQL.identifier(items.column2),
            wanted=item,
        )
