"""Excel review of a dunning run."""

from odoo import api, models
from odoo.tools import SQL

from ...models.common.claim_key import claim_key_sql
from ...models.common.planner import set_by_set
from ...models.dunning.reason import SELECTED
from ..workbook import Column, ReviewWorkbook, label_sql

#: Rows fetched from the database at a time.
FETCH_SIZE = 2000


class RecoveryReviewXlsx(models.AbstractModel):
    """Excel review of a run: what it chases, what it leaves and why, the aged balance and the plans.

    Rows go from a database cursor to the file one by one: memory does not grow with the ledger.
    """

    _name = "recovery.review.xlsx"
    _description = "Recovery Review (Excel)"

    @api.model
    def _write(self, run, file):
        """Write the review of ``run`` to ``file``, a path or a binary file.

        A draft run is judged as it would be now; afterwards the review shows what the run proposed.
        """
        run.check_access("read")
        env = self.env
        self._put_claims_aside(run)
        workbook = ReviewWorkbook(file, run.currency_id.decimal_places, env._("Total"))
        self._write_summary(workbook, run)
        workbook.add_table(env._("Claims by debtor"), self._claim_columns(run), self._rows(self._chased(run)))
        workbook.add_table(
            env._("Held and excluded"), self._excluded_columns(run), self._rows(self._excluded(run))
        )
        for title, page in (
            (env._("Aged balance"), env["recovery.review.aged"]),
            (env._("Plans"), env["recovery.review.plans"]),
        ):
            workbook.add_table(
                title, page._columns(run.company_id), self._rows(page._rows_sql(run.company_id, run.date))
            )
        workbook.close()

    def _put_claims_aside(self, run):
        """Each claim once in ``recovery_reviewed``, a table of this transaction; ``reason`` says who is not
        chased.

        A run made a moment ago the planner takes for a few lines, and would look through it once for each
        claim; it may not. What is put aside is counted for it.
        """
        cr = self.env.cr
        cr.execute("SET LOCAL cursor_tuple_fraction = 1")  # all rows are wanted, not the first ones soon
        self.env["recovery.dunning.proposal"]._put_judged_aside(run._scope())
        cr.execute("DROP TABLE IF EXISTS recovery_reviewed")
        with set_by_set(cr):
            cr.execute(
                SQL(
                    "CREATE TEMP TABLE recovery_reviewed ON COMMIT DROP AS %s UNION ALL %s",
                    self._chased_claims(run),
                    self._excluded_claims(run),
                )
            )
        cr.execute("DROP TABLE recovery_judged")
        cr.execute("ANALYZE recovery_reviewed")

    def _chased_claims(self, run) -> SQL:
        """The claims a draft run would chase now, else the ticked ones of its proposal, as they were then."""
        if run.state == "draft":
            return SQL(
                """
                SELECT id, move_line_id, instalment_id, partner_id, level_id, notice_level_id, channel,
                       day_reached, date_due, amount_residual, amount_company, NULL AS reason
                  FROM recovery_judged
                 WHERE reason = %s
                """,
                SELECTED,
            )
        return SQL(
            """
            SELECT %s AS id, move_line_id, instalment_id,
                   partner_id, level_id, notice_level_id, channel, NULL::date AS day_reached, date_due,
                   amount_residual, amount_company, NULL AS reason
              FROM recovery_dunning_run_line
             WHERE run_id = %s AND selected
            """,
            claim_key_sql(SQL("move_line_id"), SQL("instalment_id")),
            run.id,
        )

    def _excluded_claims(self, run) -> SQL:
        """Every claim the run does not chase; one that it noticed is not judged again."""
        return SQL(
            """
            SELECT judged.id, judged.move_line_id, judged.instalment_id, judged.partner_id, judged.level_id,
                   judged.notice_level_id, judged.channel, judged.day_reached, judged.date_due,
                   judged.amount_residual, judged.amount_company,
                   CASE WHEN line.id IS NOT NULL THEN 'unticked'
                        WHEN judged.reason = %(selected)s THEN 'not_proposed'
                        ELSE judged.reason
                   END AS reason
              FROM recovery_judged judged
              LEFT JOIN recovery_dunning_run_line line
                ON line.run_id = %(run)s
               AND %(key)s = judged.id
             WHERE (line.id IS NULL OR NOT line.selected) AND %(excluded)s
            """,
            key=claim_key_sql(SQL("line.move_line_id"), SQL("line.instalment_id")),
            run=run.id,
            selected=SELECTED,
            excluded=SQL("judged.reason <> %s", SELECTED) if run.state == "draft" else SQL("TRUE"),
        )

    def _rows(self, query: SQL):
        """Rows of ``query`` fetched in batches through a cursor of the database."""
        self.env.cr.execute(SQL("DECLARE recovery_review NO SCROLL CURSOR FOR %s", query))
        try:
            while rows := self._fetch():
                yield from rows
        finally:
            self.env.cr.execute("CLOSE recovery_review")

    def _fetch(self):
        self.env.cr.execute("FETCH %s FROM recovery_review", [FETCH_SIZE])
        return self.env.cr.fetchall()

    # ---------------------------------------------------------------------
    # Summary
    # ---------------------------------------------------------------------

    def _write_summary(self, workbook, run):
        states = dict(run._fields["state"]._description_selection(self.env))
        cursor = workbook.add_facts(
            self.env._("Summary"),
            self.env._("Dunning review"),
            [
                (self.env._("Company"), run.company_id.name),
                (self.env._("Date"), run.date),
                (self.env._("Ledger as of"), run.company_id._recovery_today()),
                (self.env._("Run"), states[run.state]),
                (self.env._("Currency"), run.currency_id.name),
            ],
        )
        workbook.append(
            cursor,
            [
                Column(self.env._("Level"), "text", 28),
                Column(self.env._("Policy"), "text", 28),
                Column(self.env._("Channel"), "text", 18),
                Column(self.env._("Debtors"), "integer", 12),
                Column(self.env._("Claims"), "integer", 12, total=True),
                Column(self.env._("Amount"), "money", 16, total=True),
            ],
            self._rows(self._by_level()),
        )
        workbook.append(
            cursor,
            [
                Column(self.env._("Reason"), "text", 28),
                Column("", "text", 28),
                Column("", "text", 18),
                Column(self.env._("Debtors"), "integer", 12),
                Column(self.env._("Claims"), "integer", 12, total=True),
                Column(self.env._("Amount"), "money", 16, total=True),
            ],
            self._rows(self._by_reason()),
        )

    def _by_level(self) -> SQL:
        return SQL(
            """
            SELECT %(level)s, %(policy)s, %(channel)s, COUNT(DISTINCT chased.partner_id), COUNT(*),
                   SUM(chased.amount_company)
              FROM recovery_reviewed chased
              JOIN recovery_dunning_level level ON level.id = chased.level_id
              JOIN recovery_dunning_policy policy ON policy.id = level.policy_id
             WHERE chased.reason IS NULL
             GROUP BY policy.id, level.id, chased.channel
             ORDER BY policy.sequence, policy.id, level.sequence, level.id, chased.channel
            """,
            level=self._translated("recovery.dunning.level", "level"),
            policy=self._translated("recovery.dunning.policy", "policy"),
            channel=self._labelled("recovery.dunning.run.line", "channel", SQL("chased.channel")),
        )

    def _by_reason(self) -> SQL:
        return SQL(
            """
            SELECT %s, NULL, NULL, COUNT(DISTINCT left_out.partner_id), COUNT(*), SUM(left_out.amount_company)
              FROM recovery_reviewed left_out
             WHERE left_out.reason IS NOT NULL
             GROUP BY left_out.reason
             ORDER BY COUNT(*) DESC, 1
            """,
            self._reason_label(SQL("left_out.reason")),
        )

    # ---------------------------------------------------------------------
    # Claims
    # ---------------------------------------------------------------------

    def _claim_columns(self, run):
        return [
            Column(self.env._("Debtor"), "text", 34),
            Column(self.env._("Reference"), "text", 14),
            Column(self.env._("Claim"), "text", 20),
            Column(self.env._("Level"), "text", 20),
            Column(self.env._("Notice"), "text", 20),
            Column(self.env._("Channel"), "text", 16),
            Column(self.env._("Due date"), "date", 12),
            Column(self.env._("Days late"), "integer", 10),
            Column(self.env._("Currency"), "text", 9),
            Column(self.env._("Owed"), "money", 14),
            Column(self.env._("Owed (%s)", run.currency_id.name), "money", 16, total=True),
        ]

    def _chased(self, run) -> SQL:
        return SQL(
            """
            SELECT debtor.complete_name, debtor.ref, %(claim)s, %(level)s, %(notice_level)s, %(channel)s,
                   chased.date_due, %(date)s::date - chased.date_due, currency.name, chased.amount_residual,
                   chased.amount_company
              FROM recovery_reviewed chased
              JOIN res_partner debtor ON debtor.id = chased.partner_id
              JOIN recovery_dunning_level level ON level.id = chased.level_id
              JOIN recovery_dunning_level notice_level ON notice_level.id = chased.notice_level_id
              %(claim_joins)s
             WHERE chased.reason IS NULL
             ORDER BY debtor.complete_name, debtor.id, chased.date_due, chased.id
            """,
            claim=self._claim_name(),
            claim_joins=self._claim_joins(SQL("chased")),
            level=self._translated("recovery.dunning.level", "level"),
            notice_level=self._translated("recovery.dunning.level", "notice_level"),
            channel=self._labelled("recovery.dunning.run.line", "channel", SQL("chased.channel")),
            date=run.date,
        )

    def _excluded_columns(self, run):
        return [
            Column(self.env._("Debtor"), "text", 34),
            Column(self.env._("Reference"), "text", 14),
            Column(self.env._("Claim"), "text", 20),
            Column(self.env._("Reason"), "text", 28),
            Column(self.env._("Next level"), "text", 20),
            Column(self.env._("Level reached on"), "date", 14),
            Column(self.env._("Due date"), "date", 12),
            Column(self.env._("Days late"), "integer", 10),
            Column(self.env._("Currency"), "text", 9),
            Column(self.env._("Owed"), "money", 14),
            Column(self.env._("Owed (%s)", run.currency_id.name), "money", 16, total=True),
        ]

    def _excluded(self, run) -> SQL:
        return SQL(
            """
            SELECT debtor.complete_name, debtor.ref, %(claim)s, %(reason)s, %(level)s, left_out.day_reached,
                   left_out.date_due, %(date)s::date - left_out.date_due, currency.name,
                   left_out.amount_residual,
                   left_out.amount_company
              FROM recovery_reviewed left_out
              JOIN res_partner debtor ON debtor.id = left_out.partner_id
              LEFT JOIN recovery_dunning_level level ON level.id = left_out.level_id
              %(claim_joins)s
             WHERE left_out.reason IS NOT NULL
             ORDER BY left_out.reason, debtor.complete_name, debtor.id, left_out.date_due, left_out.id
            """,
            claim=self._claim_name(),
            claim_joins=self._claim_joins(SQL("left_out")),
            reason=self._reason_label(SQL("left_out.reason")),
            level=self._translated("recovery.dunning.level", "level"),
            date=run.date,
        )

    def _claim_name(self) -> SQL:
        return SQL("COALESCE(move.name, instalment.name)")

    def _claim_joins(self, claim: SQL) -> SQL:
        return SQL(
            "LEFT JOIN account_move_line item ON item.id = %(claim)s.move_line_id"
            " LEFT JOIN account_move move ON move.id = item.move_id"
            " LEFT JOIN (%(instalments)s) instalment ON instalment.id = %(claim)s.instalment_id"
            " JOIN res_currency currency ON currency.id = COALESCE(item.currency_id, instalment.currency_id)",
            claim=claim,
            instalments=self.env["recovery.plan.instalment"]._named_sql(),
        )

    # ---------------------------------------------------------------------
    # Words
    # ---------------------------------------------------------------------

    def _translated(self, model, alias) -> SQL:
        """The name of a declared record in the user's language."""
        return self.env[model]._field_to_sql(alias, "name")

    def _labelled(self, model, field, column: SQL) -> SQL:
        """A selection's label in the user's language in place of its value."""
        return label_sql(self.env[model]._fields[field]._description_selection(self.env), column)

    def _reason_label(self, column: SQL) -> SQL:
        reasons = self.env["recovery.dunning.reason"]._selection()
        unticked = self.env._("Left out by hand")
        later = self.env._("Not in the proposal")
        return label_sql([*reasons, ("unticked", unticked), ("not_proposed", later)], column)
