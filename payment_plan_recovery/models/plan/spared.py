"""What is disputed in part of what a plan covers: its last instalments are not asked for by as much."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..common.planner import suiting
from ..common.unwritten import is_all_written


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
    def _residues_sql(self, company, date, debtors=None, earned=()) -> SQL:
        """Return a query of (instalment_id): those past their day of which payments left less than is asked for.

        :param earned: the items whose discount lies over instalments as payments do, see :meth:`_with_earned_sql`
        """
        rows = self.env["recovery.plan.instalment"]
        return SQL(
            """
            SELECT claim.instalment_id
              FROM (
                SELECT claim.*, claim.amount_residual - COALESCE(laid.covered, 0) AS uncovered
                  FROM (%s) claim
                  LEFT JOIN (%s) laid ON laid.instalment_id = claim.instalment_id
                 WHERE claim.company_id = ANY(%s) AND claim.date_due < %s AND %s
              ) claim
             WHERE %s
            """,
            rows._claims_sql(),
            rows._covered_sql(company, date, debtors, earned=earned),
            list(company._recovery_branch_ids()),
            date,
            SQL("TRUE") if debtors is None else SQL("claim.partner_id = ANY(%s)", list(debtors)),
            self._residue_sql(company),
        )

    @api.model
    def _set_aside(self, company, date, debtors, kinds):
        """Return what holds of ``kinds`` are on of instalments: {id: amount in the plan's currency, None for all}.

        Of what they are on in part that part is owed last, see :meth:`_spared`.
        """
        live = self.env["recovery.plan.item"]._live_sql()
        held = self.env["recovery.hold"]._items_held_sql(company, date, live, kinds)
        whole = self.env.execute_query(self._instalments_on_hold_sql(SQL("(%s)", held)))
        return self._spared(company, date, debtors) | {row_id: None for (row_id,) in whole}

    @api.model
    def _set_aside_sql(self, held, company) -> SQL:
        """Return a query of (instalment id, amount) of what is ``held``, as :meth:`_set_aside` tells it.

        In the currency of ``company``.
        """
        return SQL(
            """
            SELECT held.id, ROUND(held.amount * claim.amount_company / claim.amount_residual / %(unit)s::numeric)
                   * %(unit)s::numeric
              FROM unnest(%(ids)s::int[], %(amounts)s::numeric[]) held (id, amount)
             CROSS JOIN LATERAL (SELECT * FROM (%(claims)s) claim WHERE instalment_id = held.id OFFSET 0) claim
            """,
            # sudo: the branches of a creditor have one currency, a user may be in one of them
            unit=str(company.sudo().currency_id.rounding),
            ids=list(held),
            amounts=[amount if amount is None else str(amount) for amount in held.values()],
            claims=self.env["recovery.plan.instalment"]._claims_sql(),
        )

    @api.model
    def _residues(self, company, date, debtors=None):
        """Return the ids of instalments of :meth:`_residues_sql`."""
        if not self.env["recovery.residue"]._threshold(company):
            return []
        if not is_all_written(self.env):
            self.env.flush_all()
        earned = self._earned_items(company, date, debtors)
        with suiting(self.env.cr, debtors):
            rows = self.env.execute_query(self._residues_sql(company, date, debtors, earned))
        return [instalment_id for (instalment_id,) in rows]

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
