"""What is disputed in part of what a plan covers: its last instalments are not asked for by as much."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    @api.model
    def _spared(self, company, date, debtors=None):
        """Return what nobody asks for of instalments on ``date``: {id of an instalment: amount}.

        What is disputed of a covered item is owed last: the instalments before it are due all the same.

        :param company: the creditor, with all the branches it belongs to
        :param debtors: ids of commercial entities, None for all of them
        """
        money = self.env["recovery.open.money"]
        money._flush()
        disputed = self.env.execute_query(self._disputed_in_part_sql(company, date, debtors))
        if not disputed:
            return {}
        # sudo: what is asked for does not depend on who asks
        plans = self.sudo().browse({plan_id for plan_id, _item_id, _amount in disputed})
        laid = money._covered_sql(company, date, plans.partner_id.commercial_partner_id.ids)
        covered = {item_id: amount for item_id, amount, _rest in self.env.execute_query(laid)}
        items = plans.env["account.move.line"].browse({item_id for _plan_id, item_id, _amount in disputed})
        owed = {item.id: item.amount_residual_currency - float(covered.get(item.id, 0)) for item in items}
        apart = defaultdict(float)
        for plan_id, item_id, amount in disputed:
            apart[plan_id] += min(float(amount), owed[item_id])
        poured = plans.instalment_ids._covered(date)
        spared = {}
        for plan in plans:
            left = plan.currency_id.round(apart[plan.id])
            rows = plan.instalment_ids._uncovered(poured)
            for row in sorted(rows, key=lambda row: row.number, reverse=True):
                part = min(left, rows[row])
                if part > 0:
                    spared[row.id] = part
                    left = plan.currency_id.round(left - part)
        return spared

    @api.model
    def _disputed_in_part_sql(self, company, date, debtors) -> SQL:
        """Return a query of (plan id, journal item id, amount): parts that are disputed of what live plans cover."""
        return SQL(
            """
            SELECT covered.plan_id, covered.move_line_id, held.amount
              FROM (%s) held
              JOIN recovery_plan_item covered ON covered.move_line_id = held.move_line_id AND covered.is_live
              JOIN recovery_plan plan ON plan.id = covered.plan_id
             WHERE NOT held.whole AND %s
            """,
            self.env["recovery.hold"]._items_held_sql(
                company, date, self.env["recovery.plan.item"]._live_sql()
            ),
            SQL("TRUE") if debtors is None else SQL("plan.partner_id = ANY(%s)", list(debtors)),
        )
