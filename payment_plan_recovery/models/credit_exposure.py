from odoo import api, models
from odoo.tools import SQL

#: Parts of the exposure, in the order in which they are shown. Credits and guarantees are negative.
PARTS = ("receivable", "credit", "to_invoice", "draft", "guarantee")


class ResPartner(models.Model):
    """How much a company would lose if a debtor never paid again: its statements, for all debtors at once."""

    _inherit = "res.partner"

    @api.model
    def _exposure_sql(self, company, date, debtor_ids=None) -> SQL:
        """Statement of ``debtor_id``, ``total`` and a column per part, for debtors anything is known of.

        Amounts are in the currency of ``company``; its branches count together, as they do
        in Odoo's own total receivable. Call :meth:`_flush_exposure` before running it.

        :param debtor_ids: commercial entities, or ``None`` for all of them
        """
        parts = SQL(", ").join(
            SQL("SUM(amount) FILTER (WHERE part = %s) AS %s", part, SQL.identifier(part)) for part in PARTS
        )
        sources = SQL(" UNION ALL ").join(self._exposure_sources(company, date, debtor_ids))
        return SQL(
            "SELECT debtor_id, SUM(amount) AS total, %s FROM (%s) AS sources GROUP BY debtor_id",
            parts,
            sources,
        )

    @api.model
    def _exposure_sources(self, company, date, debtor_ids=None):
        """Statements of (debtor_id, part, amount): what is added up. A hook for documents of other addons."""
        sources = [
            self._exposure_ledger(company, debtor_ids),
            self._exposure_guarantees(company, date, debtor_ids),
        ]
        if company.recovery_exposure_drafts:
            sources.append(self._exposure_drafts(company, debtor_ids))
        return sources

    @api.model
    def _exposures(self, company, date, debtor_ids):
        """Rows of :meth:`_exposure_sql` by debtor id; none for a debtor nothing is known of."""
        if not debtor_ids:
            return {}
        self._flush_exposure()
        rows = self.env.execute_query_dict(self._exposure_sql(company, date, list(debtor_ids)))
        return {row["debtor_id"]: row for row in rows}

    @api.model
    def _flush_exposure(self):
        """Write out what the statements read."""
        self.env["account.move.line"].flush_model(
            ["account_id", "amount_residual", "company_id", "parent_state", "partner_id", "reconciled"]
        )
        self.env["account.move"].flush_model(
            ["amount_total_signed", "commercial_partner_id", "company_id", "move_type", "state"]
        )
        self.env["recovery.guarantee"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])

    def _exposure_ledger(self, company, debtor_ids) -> SQL:
        """Open receivable items; credit notes and unreconciled payments lower them."""
        return SQL(
            """
            SELECT debtor.commercial_partner_id AS debtor_id,
                   CASE WHEN item.amount_residual > 0 THEN 'receivable' ELSE 'credit' END AS part,
                   SUM(item.amount_residual) AS amount
              FROM account_move_line item
              JOIN account_account account ON account.id = item.account_id
              JOIN res_partner debtor ON debtor.id = item.partner_id
             WHERE account.account_type = 'asset_receivable'
               AND item.parent_state = 'posted'
               AND item.reconciled IS NOT TRUE
               AND item.company_id IN (%s)
               %s
             GROUP BY 1, 2
            """,
            self._exposure_companies(company),
            self._exposure_only(SQL("debtor.commercial_partner_id"), debtor_ids),
        )

    def _exposure_drafts(self, company, debtor_ids) -> SQL:
        """Invoices and credit notes that are not posted yet."""
        return SQL(
            """
            SELECT commercial_partner_id AS debtor_id, 'draft' AS part, SUM(amount_total_signed) AS amount
              FROM account_move
             WHERE state = 'draft'
               AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND company_id IN (%s)
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
            """
            SELECT partner_id AS debtor_id, 'guarantee' AS part, -SUM(amount) AS amount
              FROM recovery_guarantee
             WHERE kind <> 'insurance'
               AND date_from <= %(date)s
               AND (date_until IS NULL OR date_until >= %(date)s)
               AND company_id IN (%(companies)s)
               %(only)s
             GROUP BY 1
            """,
            date=date,
            companies=self._exposure_companies(company),
            only=self._exposure_only(SQL("partner_id"), debtor_ids),
        )

    @api.model
    def _exposure_companies(self, company) -> SQL:
        """The company with all its branches."""
        root = (
            company.sudo().root_id
        )  # sudo: only which companies belong together, a user may be in one branch
        return SQL("SELECT id FROM res_company WHERE parent_path LIKE %s", f"{root.parent_path}%")

    @api.model
    def _exposure_only(self, column, debtor_ids) -> SQL:
        return SQL() if debtor_ids is None else SQL("AND %s = ANY(%s)", column, debtor_ids)
