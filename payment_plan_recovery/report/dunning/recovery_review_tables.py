"""The pages of the Excel review that do not depend on what a run chased, and the words of all of them."""

from odoo import models
from odoo.tools import SQL

from ...models.plan.plan import LIVE_STATES
from ..workbook import Column


class RecoveryReviewTables(models.AbstractModel):
    """The aged balance and the plans."""

    _name = "recovery.review.tables"
    _description = "Aged Balance and Plans (Excel)"

    # ---------------------------------------------------------------------
    # Aged balance and plans
    # ---------------------------------------------------------------------

    def _aged_columns(self, run):
        return [
            Column(self.env._("Debtor"), "text", 34),
            Column(self.env._("Reference"), "text", 14),
            Column(self.env._("Not due"), "money", 14, total=True),
            Column(self.env._("1 to 30 days"), "money", 14, total=True),
            Column(self.env._("31 to 60 days"), "money", 14, total=True),
            Column(self.env._("61 to 90 days"), "money", 14, total=True),
            Column(self.env._("Over 90 days"), "money", 14, total=True),
            Column(self.env._("Owed (%s)", run.currency_id.name), "money", 16, total=True),
            Column(self.env._("Claims"), "integer", 10, total=True),
        ]

    def _aged(self, run) -> SQL:
        """What each debtor owes by days late at the run's date, instalments for the items of live plans."""
        late = SQL("%s::date - claim.date_due", run.date)
        return SQL(
            """
            SELECT debtor.complete_name, debtor.ref,
                   SUM(claim.amount_company) FILTER (WHERE %(late)s <= 0),
                   SUM(claim.amount_company) FILTER (WHERE %(late)s BETWEEN 1 AND 30),
                   SUM(claim.amount_company) FILTER (WHERE %(late)s BETWEEN 31 AND 60),
                   SUM(claim.amount_company) FILTER (WHERE %(late)s BETWEEN 61 AND 90),
                   SUM(claim.amount_company) FILTER (WHERE %(late)s > 90),
                   SUM(claim.amount_company), COUNT(*)
              FROM recovery_claim claim
              JOIN res_partner debtor ON debtor.id = claim.partner_id
             WHERE claim.company_id = %(company)s
             GROUP BY debtor.id
             ORDER BY debtor.complete_name, debtor.id
            """,
            late=late,
            company=run.company_id.id,
        )

    def _plan_columns(self, run):
        # Plans in several currencies are listed, not added up.
        currencies = self.env["recovery.plan"]._read_group(
            [("company_id", "=", run.company_id.id)], ["currency_id"]
        )
        total = len(currencies) <= 1
        return [
            Column(self.env._("Plan"), "text", 16),
            Column(self.env._("Debtor"), "text", 34),
            Column(self.env._("State"), "text", 14),
            Column(self.env._("Currency"), "text", 9),
            Column(self.env._("Covered"), "money", 14, total=total),
            Column(self.env._("Paid"), "money", 14, total=total),
            Column(self.env._("Remaining"), "money", 14, total=total),
            Column(self.env._("Next due"), "date", 12),
            Column(self.env._("Late"), "money", 14, total=total),
            Column(self.env._("Last instalment"), "date", 14),
        ]

    def _plans(self, run) -> SQL:
        return SQL(
            """
            SELECT plan.name, debtor.complete_name, %(state)s, currency.name, plan.amount_total,
                   plan.amount_paid,
                   plan.amount_residual, instalments.next_due, instalments.late, instalments.last
              FROM recovery_plan plan
              JOIN res_partner debtor ON debtor.id = plan.partner_id
              JOIN res_currency currency ON currency.id = plan.currency_id
              LEFT JOIN LATERAL (
                SELECT MIN(date_due) FILTER (WHERE amount_residual > 0) AS next_due,
                       SUM(amount_residual) FILTER (WHERE date_due < %(date)s
                           AND plan.state IN %(live)s) AS late,
                       MAX(date_due) AS last
                  FROM recovery_plan_instalment
                 WHERE plan_id = plan.id
              ) instalments ON TRUE
             WHERE plan.company_id = %(company)s
             ORDER BY plan.id
            """,
            state=self._labelled("recovery.plan", "state", SQL("plan.state")),
            date=run.date,
            live=LIVE_STATES,
            company=run.company_id.id,
        )

    # ---------------------------------------------------------------------
    # Words
    # ---------------------------------------------------------------------

    def _translated(self, model, alias) -> SQL:
        """The name of a declared record in the user's language."""
        return self.env[model]._field_to_sql(alias, "name")

    def _labelled(self, model, field, column: SQL) -> SQL:
        """A selection's label in the user's language in place of its value."""
        return self._label_case(self.env[model]._fields[field]._description_selection(self.env), column)

    def _label_case(self, labels, column: SQL) -> SQL:
        branches = SQL(" ").join(SQL("WHEN %s THEN %s", value, label) for value, label in labels)
        return SQL("CASE %s %s ELSE %s END", column, branches, column)
