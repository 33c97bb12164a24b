from datetime import date as Date  # noqa: N812 (the methods' own argument is called date)

from odoo import api, models
from odoo.tools import SQL

#: Parts of the exposure, in the order in which they are shown. Credits and guarantees are negative.
PARTS = ("receivable", "credit", "to_invoice", "draft", "guarantee")
#: The sum of the parts.
TOTAL = "total"
#: Since when the debtor may be late: the day the oldest open item is due, long ago if one is in a live plan.
LATE_SINCE = "late_since"
LONG_AGO = Date.min


class RecoveryExposure(models.AbstractModel):
    """How much a company would lose if a debtor never paid again: its statements, for all debtors at once."""

    _name = "recovery.exposure"
    _description = "Exposure of Debtors"

    @api.model
    def _exposure_sql(self, company, date, debtor_ids=None, columns=(TOTAL, *PARTS), without=()) -> SQL:
        """Statement of ``debtor_id`` and these columns, for debtors anything is known of.

        Amounts are in the currency of ``company``; its branches count together, as they do
        in Odoo's own total receivable. Call :meth:`_flush_exposure` before running it.

        :param debtor_ids: commercial entities, or ``None`` for all of them
        :param columns: ``TOTAL``, some of ``PARTS``, ``LATE_SINCE``
        :param without: parts that are not looked up, nor in the total
        """
        sources = [
            SQL(
                "SELECT debtor_id, %s FROM (%s) AS source",
                SQL(", ".join(self._exposure_column(column, known) for column in columns)),
                source,
            )
            for known, source in self._exposure_sources(company, date, debtor_ids)
            if not set(known) <= set(without)
        ]
        added = (f"{'MIN' if column == LATE_SINCE else 'SUM'}({column}) AS {column}" for column in columns)
        return SQL(
            "SELECT debtor_id, %s FROM (%s) AS sources GROUP BY debtor_id",
            SQL(", ".join(added)),
            SQL(" UNION ALL ").join(sources),
        )

    @api.model
    def _exposure_column(self, column, known):
        """A column of a source that has the ``known`` ones; it is empty where the source does not have it."""
        if column in known:
            return column
        if column == TOTAL:
            # Of its only part. Else a column of its own: the database adds up what is asked for only.
            [part] = known
            return f"COALESCE({part}, 0) AS {column}"
        return f"NULL::{'date' if column == LATE_SINCE else 'numeric'} AS {column}"

    @api.model
    def _exposure_sources(self, company, date, debtor_ids=None):
        """What is added up: pairs of the columns that a statement has beside ``debtor_id``, and the statement.

        The columns are one of ``PARTS``, or several and their total. A hook for documents of other addons.
        """
        sources = [
            ((TOTAL, "receivable", "credit", LATE_SINCE), self._exposure_ledger(company, debtor_ids)),
            (("guarantee",), self._exposure_guarantees(company, date, debtor_ids)),
        ]
        if company.recovery_exposure_drafts:
            sources.append((("draft",), self._exposure_drafts(company, debtor_ids)))
        return sources

    @api.model
    def _exposure_rows(self, company, date, debtor_ids, columns, without=()):
        """Tuples of debtor id and these columns of :meth:`_exposure_sql`; none for who is not known."""
        if not debtor_ids:
            return []
        self._flush_exposure()
        return self.env.execute_query(self._exposure_sql(company, date, debtor_ids, columns, without))

    @api.model
    def _flush_exposure(self):
        """Write out what the statements read."""
        self.env["account.move.line"].flush_model(
            ["account_id", "amount_residual", "company_id", "parent_state", "partner_id"]
        )
        self.env["account.move"].flush_model(
            ["amount_total_signed", "commercial_partner_id", "company_id", "move_type", "state"]
        )
        self.env["recovery.guarantee"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])

    def _exposure_ledger(self, company, debtor_ids) -> SQL:
        """Open receivable items; credit notes and unreconciled payments lower them.

        The items are added up by contact before they meet their debtors, in one pass over the index
        for all of them or for those asked for. Items in a live plan have no due date of their own.
        """
        contacts = SQL("SELECT id, commercial_partner_id AS debtor_id FROM res_partner")
        asked = SQL()
        if debtor_ids is not None:
            contacts = SQL("%s WHERE commercial_partner_id = ANY(%s)", contacts, self._id_array(debtor_ids))
            asked = SQL("AND partner_id = ANY(ARRAY(SELECT id FROM contact))")
        return SQL(
            """
            WITH contact AS (%(contacts)s)
            SELECT contact.debtor_id, item.total, item.receivable, item.credit, item.late_since
              FROM contact
              JOIN (
                   SELECT partner_id, SUM(amount_residual) AS total,
                          SUM(GREATEST(amount_residual, 0)) AS receivable,
                          SUM(LEAST(amount_residual, 0)) AS credit,
                          MIN(CASE WHEN %(planned)s THEN %(long_ago)s ELSE COALESCE(date_maturity, date) END)
                              FILTER (WHERE amount_residual > 0) AS late_since
                     FROM account_move_line
                    WHERE amount_residual <> 0
                      AND parent_state = 'posted'
                      AND %(receivable)s
                      AND company_id = ANY(%(companies)s)
                      %(asked)s
                    GROUP BY partner_id
              ) AS item ON item.partner_id = contact.id
            """,
            receivable=self.env["account.move.line"]._recovery_receivable_sql("account_move_line"),
            contacts=contacts,
            companies=self._exposure_companies(company),
            asked=asked,
            planned=self.env["recovery.plan.item"]._covers_sql(SQL("account_move_line.id")),
            long_ago=LONG_AGO,
        )

    def _exposure_drafts(self, company, debtor_ids) -> SQL:
        """Invoices that are not posted yet. A credit note makes no room before it is posted."""
        return SQL(
            """
            SELECT commercial_partner_id AS debtor_id, SUM(amount_total_signed) AS draft
              FROM account_move
             WHERE state = 'draft'
               AND move_type IN ('out_invoice', 'out_receipt')
               AND company_id = ANY(%s)
               AND commercial_partner_id IS NOT NULL
               %s
             GROUP BY 1
            """,
            self._exposure_companies(company),
            self._exposure_only(SQL("commercial_partner_id"), debtor_ids),
        )

    def _exposure_guarantees(self, company, date, debtor_ids) -> SQL:
        """Guarantees that hold on ``date``. Credit insurance is a figure of the limit instead."""
        return SQL(
            "SELECT debtor_id, -amount AS guarantee FROM (%s) held",
            self.env["recovery.guarantee"]._by_debtor_sql(
                self._exposure_companies(company), date, self._exposure_only(SQL("partner_id"), debtor_ids)
            ),
        )

    @api.model
    def _exposure_companies(self, company) -> SQL:
        """The company with all its branches, as an array."""
        return self._id_array(company._recovery_branch_ids())

    @api.model
    def _exposure_only(self, column, debtor_ids) -> SQL:
        return SQL() if debtor_ids is None else SQL("AND %s = ANY(%s)", column, self._id_array(debtor_ids))

    @api.model
    def _id_array(self, ids) -> SQL:
        """The ids as one value: thousands of constants would take longer to parse than to look up."""
        return SQL("%s::int[]", f"{{{','.join(map(str, ids))}}}")
