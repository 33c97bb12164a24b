"""Plans that ended without their debtor's paying them to the end."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    @api.model
    def _ended_otherwise(self, domain):
        """Return (given up, credited): the completed plans of ``domain`` whose end tells nothing good of the debtor.

        Of those given up, what neither money nor credit notes settled (written off, set off), discounts for early
        payment that were earned aside, is more than the small residue that their creditor lets go: they ended, and
        were not kept. Credit notes alone settled the others: of them nothing is told. Who counts plans kept asks here.
        """
        given_up = credited = self.browse()
        settled = self._settled_without_money(domain)
        earned = self.browse(
            plan_id for plan_id, (_paid, left) in settled.items() if left
        )._discounts_booked()
        for plan in self.browse(settled):
            paid, otherwise = settled[plan.id]
            otherwise = max(otherwise - earned.get(plan.id, 0), 0)
            if otherwise and not plan._is_residue(float(otherwise), plan.date_closed):
                given_up |= plan
            elif not paid:
                credited |= plan
        return given_up, credited

    def _settled_without_money(self, domain):
        """Return {id: (paid by money, settled by neither money nor credit notes)} of plans not settled by money alone.

        Amounts are in the plan's currency. Such plans are few: what settled them is laid over their instalments for
        them alone.
        """
        self.env.flush_all()
        items = self.env["account.move.line"]
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT covered.plan_id
                  FROM recovery_plan_item covered
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = covered.move_line_id
                  JOIN account_move_line receipt ON receipt.id = partial.credit_move_id
                 WHERE covered.plan_id IN %s AND partial.debit_amount_currency > 0 AND NOT %s
                """,
                self._search([*domain, ("state", "=", "completed")]).subselect(),
                items._recovery_money_sql("receipt"),
            )
        )
        if not found:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT settled.plan_id, COALESCE(SUM(settled.amount) FILTER (WHERE %(money)s), 0),
                       COALESCE(SUM(settled.amount) FILTER (WHERE NOT %(money)s
                                    AND receipt.display_type IS DISTINCT FROM 'payment_term'), 0)
                  FROM recovery_plan_allocation settled
                  JOIN account_move_line receipt ON receipt.id = settled.move_line_id
                 WHERE settled.plan_id = ANY(%(plans)s)
                 GROUP BY settled.plan_id
                """,
                money=items._recovery_money_sql("receipt"),
                plans=[plan_id for (plan_id,) in found],
            )
        )
        return {plan_id: (paid, otherwise) for plan_id, paid, otherwise in rows}
