from odoo import api, models
from odoo.tools import SQL

from ...models.common.debtor_mixin import DEBTORS
from ...models.credit.exposure import PARTS
from ..workbook import Column, ReviewWorkbook

#: Rows fetched from the database at a time.
FETCH_SIZE = 2000


class RecoveryCreditReviewXlsx(models.AbstractModel):
    """Excel review of credit: every debtor's exposure by its parts against limit, class and last check.

    Rows go from a database cursor to the file one by one: memory does not grow with the ledger.
    """

    _name = "recovery.credit.review.xlsx"
    _description = "Credit Review (Excel)"

    @api.model
    def _write(self, company, date, file):
        """Write the review of ``company`` on ``date`` to ``file``, a path or a binary file."""
        partners = self.env["res.partner"].with_company(company)
        # Whoever may not read the figures on a debtor may not read them here.
        partners.check_access("read")
        partners._check_field_access(partners._fields["recovery_exposure"], "read")
        partners._flush_exposure()
        partners.flush_model()
        self.env["recovery.solvency.check"].flush_model()
        self.env["recovery.risk.class"].flush_model()
        workbook = ReviewWorkbook(file, company.currency_id.decimal_places, self.env._("Total"))
        cursor = workbook.add_facts(
            self.env._("Summary"),
            self.env._("Credit review"),
            [
                (self.env._("Company"), company.name),
                (self.env._("Date"), date),
                (self.env._("Currency"), company.currency_id.name),
            ],
        )
        debtors = self._debtors(partners, company, date)
        workbook.append(cursor, self._class_columns(), self._rows(self._by_class(debtors)))
        columns = self._columns()
        workbook.add_table(self.env._("Debtors"), columns, self._rows(self._listed(debtors, SQL("TRUE"))))
        over = SQL("has_limit AND exposure > credit_limit")
        workbook.add_table(self.env._("Over limit"), columns, self._rows(self._listed(debtors, over)))
        workbook.close()

    def _columns(self):
        labels = {
            "receivable": self.env._("Open receivables"),
            "credit": self.env._("Credits"),
            "to_invoice": self.env._("To be invoiced"),
            "draft": self.env._("Draft invoices"),
            "guarantee": self.env._("Guarantees"),
        }
        return [
            Column(self.env._("Debtor"), "text", 36),
            Column(self.env._("Reference"), "text", 14),
            Column(self.env._("Class"), "text", 8),
            Column(self.env._("Exposure"), "money", 16, total=True),
            *(Column(labels[part], "money", 16, total=True) for part in PARTS),
            Column(self.env._("Credit limit"), "money", 16),
            Column(self.env._("Credit left"), "money", 16),
            Column(self.env._("Score"), "money", 10),
            Column(self.env._("Last check"), "date", 12),
            Column(self.env._("Next review"), "date", 12),
        ]

    def _class_columns(self):
        return [
            Column(self.env._("Class"), "text", 14),
            Column(self.env._("Debtors"), "integer", 14, total=True),
            Column(self.env._("Over limit"), "integer", 14, total=True),
            Column(self.env._("Exposure"), "money", 18, total=True),
            Column(self.env._("Credit limit"), "money", 18, total=True),
        ]

    def _debtors(self, partners, company, date) -> SQL:
        """Everybody with an exposure or a class: one row each."""
        limit = SQL("%s::numeric", partners._limit_sql("debtor", company))
        # A record rule on contacts holds for the file as it does for the screen.
        readable = partners._search(DEBTORS, active_test=False)
        return SQL(
            """
            SELECT debtor.id, debtor.complete_name AS name, debtor.ref, class.code AS class,
                   COALESCE(exposure.total, 0) AS exposure, %(parts)s,
                   COALESCE(%(limit)s, 0) AS credit_limit, %(limit)s IS NOT NULL AS has_limit,
                   checked.score, checked.date AS date_checked, %(until)s AS date_until
              FROM res_partner debtor
              LEFT JOIN (%(exposure)s) AS exposure ON exposure.debtor_id = debtor.id
              LEFT JOIN (%(classes)s) class ON class.id = %(risk_class)s
              LEFT JOIN (%(checks)s) checked ON checked.partner_id = debtor.id
             WHERE (exposure.debtor_id IS NOT NULL OR class.id IS NOT NULL)
               AND debtor.id IN %(readable)s
            """,
            parts=SQL(", ").join(SQL.identifier("exposure", part) for part in PARTS),
            limit=limit,
            until=partners._check_until_sql("debtor", company),
            exposure=partners._exposure_sql(company, date),
            risk_class=partners._class_sql("debtor", company),
            classes=self.env["recovery.risk.class"]._codes_sql(),
            checks=self.env["recovery.solvency.check"]._approved_sql(company),
            readable=readable.subselect(),
        )

    def _listed(self, debtors, condition) -> SQL:
        return SQL(
            """
            SELECT name, ref, class, exposure, %(parts)s, CASE WHEN has_limit THEN credit_limit END,
                   CASE WHEN has_limit THEN credit_limit - exposure END, score, date_checked, date_until
              FROM (%(debtors)s) AS debtors
             WHERE %(condition)s
             ORDER BY exposure DESC, id
            """,
            parts=SQL(", ").join(map(SQL.identifier, PARTS)),
            debtors=debtors,
            condition=condition,
        )

    def _by_class(self, debtors) -> SQL:
        return SQL(
            """
            SELECT COALESCE(class, %s), COUNT(*),
                   COUNT(*) FILTER (WHERE has_limit AND exposure > credit_limit),
                   SUM(exposure), SUM(credit_limit)
              FROM (%s) AS debtors
             GROUP BY class
             ORDER BY class NULLS LAST
            """,
            self.env._("No class"),
            debtors,
        )

    def _rows(self, query: SQL):
        """Rows of ``query`` fetched in batches through a cursor of the database."""
        cr = self.env.cr
        cr.execute(SQL("DECLARE credit_review NO SCROLL CURSOR FOR %s", query))
        try:
            while rows := self._fetch():
                yield from rows
        finally:
            cr.execute("CLOSE credit_review")

    def _fetch(self):
        self.env.cr.execute("FETCH %s FROM credit_review", [FETCH_SIZE])
        return self.env.cr.fetchall()

    @api.model
    def _download_action(self):
        """Action that downloads the review of the company the user works in."""
        return {
            "type": "ir.actions.act_url",
            "url": f"/recovery/credit/review?company_id={self.env.company.id}",
            "target": "download",
        }

    @api.model
    def _write_today(self, file):
        self._write(self.env.company, self.env.company._recovery_today(), file)
