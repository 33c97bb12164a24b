"""The plans of a company: a page of the Excel review."""

from odoo import models
from odoo.tools import SQL

from ...models.plan.plan import LIVE_STATES
from ..workbook import Column, label_sql


class RecoveryReviewPlans(models.AbstractModel):
    """Plans with what was paid, what is late and what comes."""

    _name = "recovery.review.plans"
    _description = "Plans (Excel)"

    def _columns(self, company):
        # Plans in several currencies are listed, not added up.
        currencies = self.env["recovery.plan"]._read_group([("company_id", "=", company.id)], ["currency_id"])
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

    def _rows_sql(self, company, date) -> SQL:
        """Every plan, with what is late at ``date``."""
        states = self.env["recovery.plan"]._fields["state"]._description_selection(self.env)
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
            state=label_sql(states, SQL("plan.state")),
            date=date,
            live=LIVE_STATES,
            company=company.id,
        )
