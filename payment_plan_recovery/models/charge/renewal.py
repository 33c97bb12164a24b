"""Accrued charges brought up to a day, for a whole ledger or for some items."""

import logging
from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL

from ..common.array_text import array_text
from .rows import by_ids, id_rows

_logger = logging.getLogger(__name__)

#: What is due becomes the accrued charges; those that are as before are not written.
ACCRUE = """
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
"""

#: What was booked beyond what is owed, on the latest bookings first.
EXCESS = """
    WITH settled AS (
        SELECT charge.id, charge.state, charge.amount_booked, charge.excess,
               SUM(charge.amount_booked) FILTER (WHERE charge.state = 'booked') OVER later AS later,
               SUM(CASE WHEN charge.state = 'booked' THEN charge.amount_booked ELSE charge.amount END)
                   OVER same
               - CASE charge.kind WHEN 'interest' THEN COALESCE(priced.interest, 0)
                                  ELSE COALESCE(priced.fee, 0)
                  END AS beyond
          FROM recovery_charge charge
          LEFT JOIN recovery_charge_priced priced ON priced.item_id = charge.move_line_id
         WHERE charge.company_id = %(company)s
           AND charge.state IN ('booked', 'waived')
           AND charge.date_until <= %(date)s
           AND charge.kind <> 'bank_fee'
           AND %(of_items)s
           AND (priced.item_id IS NULL OR priced.interest IS NOT NULL AND priced.fee IS NOT NULL)
        WINDOW same AS (PARTITION BY charge.move_line_id, charge.kind),
               later AS (
                   PARTITION BY charge.move_line_id, charge.kind ORDER BY charge.id DESC
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               )
    )
    UPDATE recovery_charge charge
       SET excess = found.excess
      FROM (
           SELECT id, LEAST(GREATEST(beyond - COALESCE(later, 0), 0), amount_booked) AS excess
             FROM settled
            WHERE state = 'booked'
           ) found
     WHERE charge.id = found.id AND COALESCE(charge.excess, 0) <> found.excess
"""


class RecoveryChargeRenewal(models.AbstractModel):
    _name = "recovery.charge.renewal"
    _description = "Renewal of Late Charges"

    @api.model
    def _cron_renew(self):
        """Bring every company's accrued charges up to today, and ask for rates that are not known yet."""
        companies = self.env["res.company"].search([("active", "=", True)])
        self.env["recovery.dispatch"]._dispatch_companies("recovery.charge", "_renew_today", companies)
        if companies:
            today = max(company._recovery_today() for company in companies)
            self.env["recovery.interest.reference"]._ask_for_new_rates(today)

    @api.model
    def _renew_today(self, company, date):
        """Bring the company's accrued charges up to ``date``, its own; ask about rules that price nothing."""
        told = self.with_context(lang=company._recovery_lang())
        unpriced = told._renew_bearings(company, date)
        told.env["recovery.interest.rule"]._ask_about_unpriced(company, date, unpriced)

    @api.model
    def _renew(self, company, date, items=None):
        """Bring accrued charges of ``company`` up to ``date``: new ones, other amounts, those no longer owed.

        Looks at ``items``, or else at every open item, those settled since the company's "Charges since" day
        and those with charges. Returns {item id: problem} of items whose interest or fixed sum cannot be found.
        """
        return {bearing.item_id: bearing.problem for bearing in self._renew_bearings(company, date, items)}

    def _renew_bearings(self, company, date, items=None):
        """Do the same; return what is known of the items whose interest or fixed sum cannot be found."""
        self.flush_model()
        engine = self.env["recovery.charge.engine"]
        condition = self._ledger_condition(company, date) if items is None else by_ids(items.ids)
        # sudo: whose money lies together is no secret of the debtor's card
        debtors = None if items is None else items.sudo().partner_id.commercial_partner_id.ids
        bearings = engine._ledger(condition, date, company, debtors)
        self._store_priced(bearings)
        self._write_accrued(company, date, items)
        self._write_excess(company, date, items)
        self.invalidate_model()
        unpriced = [bearing for bearing in bearings if bearing.problem]
        for problem, of_problem in Counter(bearing.problem for bearing in unpriced).items():
            _logger.warning("Late charges of %s journal items of %s: %s", of_problem, company.name, problem)
        return unpriced

    def _ledger_condition(self, company, date) -> SQL:
        """Condition on items named ``line`` of a company's ledger whose charges may have changed.

        Of an item without a due date somebody is asked for it while it is open, and for no longer.
        """
        return SQL(
            """
            (line.date_maturity < %(date)s OR line.date_maturity IS NULL AND line.reconciled IS NOT TRUE)
            AND (
                line.reconciled IS NOT TRUE
                OR line.id IN (SELECT debit_move_id FROM account_partial_reconcile WHERE max_date >= %(since)s)
                OR line.id IN (SELECT move_line_id FROM recovery_charge WHERE company_id = %(company)s)
            )
            """,
            company=company.id,
            date=date,
            since=company.recovery_charge_since or fields.Date.to_date("1900-01-01"),
        )

    def _store_priced(self, bearings):
        """Keep what items bear until the transaction ends, with statistics to plan the next statements by."""
        columns = [
            SQL("%s::%s[]", array_text(values), SQL(kind))
            for kind, values in zip(
                ("int", "int", "bigint", "bigint", "int", "date", "date", "boolean"),
                zip(*(bearing[:8] for bearing in bearings), strict=True) if bearings else [()] * 8,
                strict=True,
            )
        ]
        self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.recovery_charge_priced")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE recovery_charge_priced ON COMMIT DROP AS
                SELECT item_id, rule_id, ROUND(interest / 10::numeric ^ decimals, decimals) AS interest,
                       ROUND(fee / 10::numeric ^ decimals, decimals) AS fee, date_from, until, rate_extrapolated
                  FROM unnest(%s) priced (
                       item_id, rule_id, interest, fee, decimals, date_from, until, rate_extrapolated
                       )
                """,
                SQL(", ").join(columns),
            )
        )
        self.env.cr.execute("ANALYZE recovery_charge_priced")

    def _write_accrued(self, company, date, items):
        """Make the accrued charges of ``items``, or all, equal to what is neither booked nor waived."""
        self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.recovery_charge_open")
        self.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE recovery_charge_open ON COMMIT DROP AS %s", self._open(company, date))
        )
        self.env.cr.execute("ANALYZE recovery_charge_open")
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM recovery_charge charge
                 WHERE charge.company_id = %s
                   AND charge.state = 'accrued'
                   AND charge.kind <> 'bank_fee'
                   AND %s
                   AND NOT EXISTS (
                       SELECT FROM recovery_charge_open due
                        WHERE due.move_line_id = charge.move_line_id AND due.kind = charge.kind
                   )
                """,
                company.id,
                self._of_items(items),
            )
        )
        self.env.cr.execute(
            SQL(
                ACCRUE,
                user=self.env.uid,
            )
        )

    def _of_items(self, items) -> SQL:
        """Condition on charges named ``charge``: those of ``items``, or all."""
        return SQL("TRUE") if items is None else SQL("charge.move_line_id IN (SELECT %s)", id_rows(items.ids))

    def _write_excess(self, company, date, items):
        """Note what was booked beyond what is owed, on the latest bookings first.

        A payment was found to be older, say, or a credit note says that a part was never owed. What was booked up to
        a later day than ``date``, or has no interest that can be found, is left as it is.
        """
        self.env.cr.execute(
            SQL(
                EXCESS,
                company=company.id,
                date=date,
                of_items=self._of_items(items),
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
