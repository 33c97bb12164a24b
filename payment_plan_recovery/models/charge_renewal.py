"""Accrued charges brought up to a day, for a whole ledger or for some items."""

import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class RecoveryCharge(models.Model):
    _inherit = "recovery.charge"

    @api.model
    def _cron_renew(self):
        """Bring every company's accrued charges up to today, and ask for rates that are not known yet."""
        today = fields.Date.context_today(self)
        companies = self.env["res.company"].search([("active", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            self._renew(company, today)
            if not self.env["ir.cron"]._commit_progress(1):
                return
        self.env["recovery.interest.reference"]._ask_for_new_rates(today)

    @api.model
    def _renew(self, company, date, items=None):
        """Bring accrued charges of ``company`` up to ``date``: new ones, other amounts, those no longer owed.

        Looks at ``items``, or else at every open item, those settled since the company's "Charges since" day
        and those with charges. Returns {item id: problem} of items whose interest cannot be found.
        """
        scope = self._ledger_scope(company, date) if items is None else self._items_scope(company, items)
        engine = self.env["recovery.charge.engine"]
        self.flush_model()
        engine._store("recovery_charge_priced", engine._ledger(scope, date, engine._pricing(company)))
        problems = self._price_the_rest(date)
        self._write_accrued(company, date, scope)
        self.invalidate_model()
        for item_id, problem in problems.items():
            _logger.warning("Late charges of journal item %s: %s", item_id, problem)
        return problems

    def _items_scope(self, company, items) -> SQL:
        ids = items.filtered(lambda item: item.company_id == company).ids
        return SQL("SELECT unnest(%s::int[]) AS id", ids)

    def _ledger_scope(self, company, date) -> SQL:
        """Query of the items of a company's ledger whose charges may have changed."""
        accounts = self.env["recovery.charge.engine"]._pricing(company).account_ids
        return SQL(
            """
            SELECT line.id
              FROM account_move_line line
             WHERE line.company_id = %(company)s
               AND line.account_id IN %(accounts)s
               AND line.parent_state = 'posted'
               AND line.amount_currency > 0
               AND (line.date_maturity < %(date)s OR line.date_maturity IS NULL)
               AND (
                   line.reconciled IS NOT TRUE
                   OR line.id IN (
                       SELECT debit_move_id FROM account_partial_reconcile WHERE max_date >= %(since)s
                   )
                   OR line.id IN (SELECT move_line_id FROM recovery_charge WHERE company_id = %(company)s)
               )
            """,
            company=company.id,
            accounts=accounts or (0,),
            date=date,
            since=company.recovery_charge_since or fields.Date.to_date("1900-01-01"),
        )

    def _price_the_rest(self, date):
        """Let the kernel price what the statement left to it; return {item id: problem}."""
        left = self.env.execute_query(
            SQL("SELECT item_id FROM recovery_charge_priced WHERE interest IS NULL")
        )
        lines = self.env["account.move.line"].browse(item_id for [item_id] in left)
        charges = self.env["recovery.charge.engine"]._charges(lines, date)
        if charges:
            rows = SQL(", ").join(
                SQL("(%s, %s)", item_id, found.interest) for item_id, found in charges.items()
            )
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE recovery_charge_priced priced
                       SET interest = found.interest
                      FROM (VALUES %s) found (item_id, interest)
                     WHERE priced.item_id = found.item_id
                    """,
                    rows,
                )
            )
        return {item_id: found.problem for item_id, found in charges.items() if found.problem}

    def _write_accrued(self, company, date, scope):
        """Make the accrued charges of the priced items equal to what is neither booked nor waived."""
        self.env["recovery.charge.engine"]._store("recovery_charge_open", self._open(company, date))
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM recovery_charge charge
                 WHERE charge.company_id = %s
                   AND charge.state = 'accrued'
                   AND charge.move_line_id IN (%s)
                   AND NOT EXISTS (
                       SELECT FROM recovery_charge_open due
                        WHERE due.move_line_id = charge.move_line_id AND due.kind = charge.kind
                   )
                """,
                company.id,
                scope,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recovery_charge (
                    move_line_id, move_id, company_id, currency_id, partner_id, date_due, kind, state, amount,
                    amount_booked, date_from, date_until, rule_id, rate_extrapolated, is_waived,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT due.move_line_id, line.move_id, line.company_id, line.currency_id,
                       partner.commercial_partner_id, line.date_maturity, due.kind, 'accrued', due.amount, 0,
                       due.date_from, due.date_until,
                       due.rule_id, due.rate_extrapolated, FALSE, %(user)s, now() AT TIME ZONE 'UTC',
                       %(user)s, now() AT TIME ZONE 'UTC'
                  FROM recovery_charge_open due
                  JOIN account_move_line line ON line.id = due.move_line_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                ON CONFLICT (move_line_id, kind) WHERE state = 'accrued' DO UPDATE
                   SET amount = EXCLUDED.amount, date_from = EXCLUDED.date_from,
                       date_until = EXCLUDED.date_until,
                       rule_id = EXCLUDED.rule_id, rate_extrapolated = EXCLUDED.rate_extrapolated,
                       date_due = EXCLUDED.date_due, partner_id = EXCLUDED.partner_id,
                       write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                 WHERE (recovery_charge.amount, recovery_charge.date_until, recovery_charge.rule_id,
                        recovery_charge.rate_extrapolated, recovery_charge.date_due,
                        recovery_charge.partner_id)
                       IS DISTINCT FROM
                       (EXCLUDED.amount, EXCLUDED.date_until, EXCLUDED.rule_id,
                        EXCLUDED.rate_extrapolated, EXCLUDED.date_due, EXCLUDED.partner_id)
                """,
                user=self.env.uid,
            )
        )

    def _open(self, company, date) -> SQL:
        """Query of what is to book of the priced items, by kind: owed, less what was booked or waived."""
        return SQL(
            """
            SELECT priced.item_id AS move_line_id, owed.kind,
                   owed.amount - COALESCE(settled.amount, 0) AS amount, priced.date_from, owed.date_until,
                   priced.rule_id,
                   owed.kind = 'interest' AND priced.rate_extrapolated AS rate_extrapolated
              FROM recovery_charge_priced priced
              CROSS JOIN LATERAL (
                   VALUES ('interest', priced.interest, COALESCE(priced.until, %(date)s)),
                          ('fixed_sum', priced.fee, COALESCE(priced.date_from, %(date)s))
                   ) owed (kind, amount, date_until)
              LEFT JOIN (
                   SELECT move_line_id, kind,
                          SUM(CASE WHEN state = 'waived' THEN amount ELSE amount_booked END) AS amount
                     FROM recovery_charge
                    WHERE company_id = %(company)s AND state IN ('booked', 'waived')
                    GROUP BY move_line_id, kind
                   ) settled ON settled.move_line_id = priced.item_id AND settled.kind = owed.kind
             WHERE owed.amount > COALESCE(settled.amount, 0)
            """,
            company=company.id,
            date=date,
        )
