"""Discounts for early payment that were earned on what plans cover: of a plan nobody asks for them.

They lie over the instalments as money does that waits to be matched, behind it, as they will once they are booked: the
plan is not late by them, and a person books them. Only that makes the plan complete.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ..claim.early_discount import MATCHED, standing_sql
from .plan import LIVE_STATES


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    amount_early_discount = fields.Monetary(
        string="Discount earned, to book",
        compute="_compute_amount_early_discount",
        help="Discount for early payment, by the payment terms of the covered invoices, that what was received in time "
        "earned: nobody asks for it. The plan is complete once it is booked, by a credit note or by Odoo's payment "
        "dialog.",
    )

    @api.depends("amount_residual", "state", "company_id")
    def _compute_amount_early_discount(self):
        live = self.filtered(lambda plan: plan.ids and plan.state in LIVE_STATES and plan.amount_residual)
        earned = {}
        for today, plans in live.grouped(lambda plan: plan.company_id._recovery_today()).items():
            earned |= plans._earned_amounts(today)
        for plan in self:
            plan.amount_early_discount = earned.get(plan, 0)

    @api.model
    def _is_any_discount_sql(self, company, debtors=None) -> SQL:
        """Condition that live plans cover open items of ``debtors`` whose terms grant a discount for early payment."""
        return SQL("EXISTS (%s)", self._discounted_sql(company, debtors))

    @api.model
    def _discounted_sql(self, company, debtors) -> SQL:
        """Query of (item_id, debtor_id): those items, which are looked up one by one."""
        return SQL(
            """
            SELECT item.id AS item_id, plan.partner_id AS debtor_id
              FROM recovery_plan plan
              JOIN LATERAL (
                SELECT move_line_id FROM recovery_plan_item WHERE plan_id = plan.id AND is_live OFFSET 0
              ) covered ON TRUE
              JOIN LATERAL (SELECT * FROM account_move_line WHERE id = covered.move_line_id OFFSET 0) item
                ON item.discount_date IS NOT NULL AND item.amount_residual_currency > 0
             WHERE plan.state IN %s AND plan.company_id = ANY(%s::int[]) AND %s
            """,
            LIVE_STATES,
            list(company._recovery_branch_ids()),
            SQL("TRUE") if debtors is None else SQL("plan.partner_id = ANY(%s::int[])", list(debtors)),
        )

    @api.model
    def _earned_items(self, company, date, debtors=None):
        """Return the ids of the journal items that live plans cover and of which a discount is all that is left.

        :param company: the creditor, with all the branches it belongs to
        :param debtors: ids of commercial entities, None for all of them
        """
        self.env["recovery.plan.instalment"]._flush_covered()
        found = dict(self.env.execute_query(self._discounted_sql(company, debtors)))
        if not found:
            return []
        earned = self.env["recovery.residue"]._earned(company, date, set(found.values()))
        return [item_id for item_id in earned if item_id in found]

    @api.model
    def _with_earned_sql(self, laid: SQL, earned) -> SQL:
        """Return what to select (item_id, uncovered) from: ``laid``, and the items whose discount was ``earned``.

        :param earned: their ids, or a query of them
        """
        if not earned:
            return laid
        return SQL(
            """
            (SELECT item_id, uncovered FROM %(laid)s laid WHERE item_id NOT IN (%(earned)s)
              UNION ALL SELECT id, 0 FROM (%(earned)s) earned (id))
            """,
            laid=laid,
            earned=earned if isinstance(earned, SQL) else SQL("SELECT unnest(%s::int[])", list(earned)),
        )

    @api.model
    def _earned_over(self, company, date, debtors):
        """Return {instalment: what those discounts lie over of it, beside money}, in the plan's currency.

        The parameters are those of :meth:`_earned_items`.
        """
        earned = self._earned_items(company, date, debtors)
        if not earned:
            return {}
        rows = self.env["recovery.plan.instalment"]
        query = SQL(
            """
            SELECT id, SUM(amount)::float
              FROM (SELECT instalment_id AS id, covered AS amount FROM (%s) laid
                     UNION ALL
                    SELECT instalment_id, -covered FROM (%s) money) laid
             GROUP BY id
            HAVING SUM(amount) > 0
            """,
            rows._covered_sql(company, date, debtors, earned=earned),
            rows._covered_sql(company, date, debtors),
        )
        return {rows.browse(row_id): amount for row_id, amount in self.env.execute_query(query)}

    def _earned_amounts(self, date):
        """Return {plan: the discounts for early payment earned on what it covers and not booked}, in its currency."""
        amounts = {}
        # sudo: only which companies belong together, a user may be in one branch
        for creditor, plans in self.grouped(lambda plan: plan.company_id.sudo().root_id).items():
            earned = set(self._earned_items(creditor, date, plans.partner_id.ids))
            if earned:
                owed = plans.env["account.move.line"].sudo().browse(earned)  # sudo: the plan's own figure
                left = {item.id: item.amount_residual_currency for item in owed}
                for item_id, covered in self.env["recovery.open.money"].covered(owed, date).items():
                    left[item_id] -= float(covered)
                for plan in plans:
                    amount = sum(left.get(item.move_line_id.id, 0) for item in plan.item_ids)
                    if plan.currency_id.round(amount) > 0:
                        amounts[plan] = plan.currency_id.round(amount)
        return amounts

    def _discounts_booked(self):
        """Return {id of a plan: the discounts for early payment that what is matched with its items in time earned}."""
        earned = {}
        # sudo: the calendar of the creditor, whoever asks
        for company, plans in self.grouped(lambda plan: plan.company_id.sudo()).items():
            until = company._recovery_last_day_sql(SQL("item.discount_date"))
            query = SQL(
                """
                SELECT covered.plan_id, SUM(item.amount_currency - discount.credited - discount.asked)
                  FROM recovery_plan_item covered
                  JOIN account_move_line item ON item.id = covered.move_line_id AND item.discount_date IS NOT NULL
                 CROSS JOIN LATERAL (%s) discount
                 WHERE covered.plan_id = ANY(%s) AND discount.received >= discount.asked
                 GROUP BY covered.plan_id
                """,
                standing_sql(MATCHED, until),
                plans.ids,
            )
            earned |= dict(self.env.execute_query(query))
        return earned
