"""What is known of items before their lateness is priced, read from the ledger in SQL."""

from odoo import api, models
from odoo.tools import SQL

from .charge_pricing import RULE_COLUMNS

#: Fields the statements below read: model → names, for the ORM to write out first.
FACTS = {
    "account.move": [
        "invoice_payment_term_id",
        "is_recovery_charge",
        "move_type",
        "recovery_interest_rule_id",
        "recovery_notice_date",
        "reversed_entry_id",
    ],
    "account.move.line": [
        "account_id",
        "amount_currency",
        "company_id",
        "currency_id",
        "date",
        "date_maturity",
        "display_type",
        "move_id",
        "parent_state",
        "partner_id",
    ],
    "account.partial.reconcile": ["credit_move_id", "debit_amount_currency", "debit_move_id"],
    "account.payment.term": ["recovery_interest_rule_id"],
    "recovery.charge": [
        "amount",
        "amount_booked",
        "date_until",
        "invoice_id",
        "kind",
        "move_line_id",
        "state",
    ],
    "recovery.dunning.level": ["letter_kind"],
    "recovery.notice": ["channel", "date_sent", "state"],
    "recovery.notice.line": ["level_id", "move_line_id", "notice_id"],
    "res.partner": ["commercial_partner_id", "country_id", "is_company"],
}


class RecoveryChargeEngine(models.AbstractModel):
    _inherit = "recovery.charge.engine"

    def _flush_facts(self):
        for model, names in FACTS.items():
            self.env[model].flush_model(names)

    @api.model
    def _facts(self, scope: SQL, date, pricing) -> SQL:
        """Common table expressions: ``item``, the chargeable items of ``scope``, and their ``settlement``.

        :param scope: query of ids of journal items
        :param date: day up to which charges are asked for; a notice with days to pay beyond does not count
        """
        return SQL(
            "%s, asked (id) AS (%s), scope (id, is_asked) AS (%s), item AS (%s), settlement AS (%s)",
            self._declared(pricing),
            scope,
            self._with_siblings(),
            self._items(date, pricing),
            self._settlements(),
        )

    def _declared(self, pricing) -> SQL:
        """Common table expressions of the declared rules: ``choice``, ``home`` and ``rule``."""
        return SQL(
            """
            choice (company_id, country_id, is_company, rule_id) AS (VALUES %(choice)s),
            home (company_id, country_id, root_id, timezone) AS (VALUES %(home)s),
            rule (%(rule_columns)s) AS (VALUES %(rules)s)
            """,
            choice=pricing.choice_rows,
            home=pricing.home_rows,
            rules=pricing.rule_rows,
            rule_columns=SQL(", ").join(SQL.identifier(name) for name in RULE_COLUMNS),
        )

    def _settlements(self) -> SQL:
        """What settled items and their charges, by day: (item_id, day, amount, on_item)."""
        return SQL("%s UNION ALL %s", self._receipts(), self._charge_receipts())

    def _with_siblings(self) -> SQL:
        """The items asked for and the others of their invoices: the first late one takes the fixed sum."""
        return SQL(
            """
            SELECT id, TRUE FROM asked
            UNION ALL
            SELECT sibling.id, FALSE
              FROM asked
              JOIN account_move_line line ON line.id = asked.id
              JOIN account_move move ON move.id = line.move_id
              JOIN account_move_line sibling ON sibling.move_id = move.id
                    AND sibling.display_type = 'payment_term'
             WHERE move.invoice_payment_term_id IN (
                       SELECT payment_id
                         FROM account_payment_term_line
                        GROUP BY payment_id
                       HAVING COUNT(*) > 1
                   )
               AND NOT EXISTS (SELECT FROM asked other WHERE other.id = sibling.id)
            """
        )

    def _items(self, date, pricing) -> SQL:
        """Chargeable items: posted, receivable, owed by the debtor, no charges themselves, under a rule."""
        return SQL(
            """
            SELECT line.id, scope.is_asked, line.move_id, line.date_maturity AS date_due,
                   CASE WHEN line.display_type = 'payment_term' THEN line.move_id
                        ELSE -line.id
                    END AS invoice_key,
                   COALESCE(debtor.is_company, FALSE) AS is_company, currency.decimal_places AS decimals,
                   rule.id AS rule_id, rule.interest_first,
                   ROUND(line.amount_currency, currency.decimal_places) AS amount,
                   %(notice_day)s AS notice_day, %(fee_notice_day)s AS fee_notice_day,
                   CASE WHEN rule.fee_currency_id IN (0, line.currency_id) THEN 1
                        ELSE %(item_rate)s / %(fee_rate)s
                    END AS exchange
              FROM scope
              JOIN account_move_line line ON line.id = scope.id
              JOIN account_move move ON move.id = line.move_id
              JOIN res_currency currency ON currency.id = line.currency_id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN res_partner debtor ON debtor.id = partner.commercial_partner_id
              JOIN home ON home.company_id = line.company_id
              LEFT JOIN account_payment_term term ON term.id = move.invoice_payment_term_id
              LEFT JOIN choice own ON own.company_id = line.company_id
                    AND own.country_id = COALESCE(debtor.country_id, home.country_id)
                    AND own.is_company = COALESCE(debtor.is_company, FALSE)
              LEFT JOIN choice other ON other.company_id = line.company_id
                    AND other.country_id = 0
                    AND other.is_company = COALESCE(debtor.is_company, FALSE)
              JOIN rule ON rule.id = COALESCE(
                       move.recovery_interest_rule_id, term.recovery_interest_rule_id, own.rule_id,
                       other.rule_id
                   )
             WHERE line.parent_state = 'posted'
               AND line.amount_currency > 0
               AND line.account_id IN %(accounts)s
               AND move.is_recovery_charge IS NOT TRUE
            """,
            accounts=pricing.account_ids or (0,),
            notice_day=self._notice_day(SQL("rule.start"), date),
            fee_notice_day=self._notice_day(SQL("rule.fee_start"), date),
            item_rate=self._exchange_rate(SQL("line.currency_id")),
            fee_rate=self._exchange_rate(SQL("rule.fee_currency_id")),
        )

    def _notice_day(self, start: SQL, date) -> SQL:
        """Day of the notice that charges wait for, NULL while there is none or its days to pay run."""
        given = SQL(
            """
            CASE WHEN move.recovery_notice_date + rule.grace_days + rule.post_days < %s
                 THEN move.recovery_notice_date
             END
            """,
            date,
        )
        sent = SQL(
            """
            SELECT MIN(posted.day)
              FROM recovery_notice_line told
              JOIN recovery_notice notice ON notice.id = told.notice_id
              JOIN recovery_dunning_level level ON level.id = told.level_id
              JOIN LATERAL (
                   SELECT (notice.date_sent AT TIME ZONE 'UTC' AT TIME ZONE home.timezone)::date AS day
                   ) posted ON TRUE
             WHERE told.move_line_id = line.id
               AND notice.state = 'sent'
               AND (%(start)s = 'first_notice' OR level.letter_kind = 'formal_notice')
               AND posted.day + rule.grace_days
                   + CASE WHEN notice.channel IN ('letter', 'registered') THEN rule.post_days ELSE 0 END
                   < %(date)s
            """,
            start=start,
            date=date,
        )
        return SQL(
            "CASE WHEN %s IN ('formal_notice', 'first_notice') THEN LEAST(%s, (%s)) END", start, given, sent
        )

    def _exchange_rate(self, currency: SQL) -> SQL:
        """Rate of ``currency`` on the due date, found as Odoo's currencies find it."""
        rate = SQL(
            """
            SELECT found.rate
              FROM res_currency_rate found
             WHERE found.currency_id = %s
               AND (found.company_id IS NULL OR found.company_id = home.root_id)
            """,
            currency,
        )
        return SQL(
            """
            COALESCE(
                (%(rate)s AND found.name <= line.date_maturity
                 ORDER BY found.company_id, found.name DESC LIMIT 1),
                (%(rate)s ORDER BY found.company_id, found.name LIMIT 1),
                1
            )
            """,
            rate=rate,
        )

    def _receipts(self) -> SQL:
        """What was set against each item, by day.

        A credit note says that its part was never owed: it counts from the due date on. So does the
        reversal of an entry.
        """
        return SQL(
            """
            SELECT item.id AS item_id,
                   CASE WHEN source.move_type = 'out_refund' OR source.reversed_entry_id = item.move_id
                        THEN LEAST(credit.date, item.date_due)
                        ELSE credit.date
                    END AS day,
                   SUM(ROUND(partial.debit_amount_currency, item.decimals)) AS amount,
                   TRUE AS on_item
              FROM item
              JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
              JOIN account_move source ON source.id = credit.move_id
             WHERE partial.debit_amount_currency > 0
             GROUP BY 1, 2
            """
        )

    def _charge_receipts(self) -> SQL:
        """What settled charges apart from the item: payments of their invoices, in proportion, and waivers.

        They only matter where payments settle interest first: what they settled takes no payment any more.
        """
        return SQL(
            """
            SELECT charge.move_line_id, receipt.day,
                   ROUND(charge.amount_booked * receipt.received_by / receipt.payable, item.decimals)
                   - ROUND(charge.amount_booked * receipt.received_before / receipt.payable, item.decimals),
                   FALSE
              FROM item
              JOIN recovery_charge charge ON charge.move_line_id = item.id AND charge.state = 'booked'
              JOIN LATERAL (
                   SELECT credit.date AS day,
                          SUM(SUM(partial.debit_amount_currency) FILTER (WHERE NOT source.is_credit))
                              OVER (ORDER BY credit.date) AS received_by,
                          COALESCE(
                              SUM(SUM(partial.debit_amount_currency) FILTER (WHERE NOT source.is_credit))
                              OVER (ORDER BY credit.date ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                              0
                          ) AS received_before,
                          MAX(owed.amount)
                              - COALESCE(
                                    SUM(SUM(partial.debit_amount_currency)
                                        FILTER (WHERE source.is_credit)) OVER (),
                                    0
                                ) AS payable
                     FROM (
                          SELECT SUM(receivable.amount_currency) AS amount
                            FROM account_move_line receivable
                           WHERE receivable.move_id = charge.invoice_id
                             AND receivable.display_type = 'payment_term'
                             AND receivable.parent_state = 'posted'
                          ) owed,
                          account_move_line receivable
                     JOIN account_partial_reconcile partial ON partial.debit_move_id = receivable.id
                     JOIN account_move_line credit ON credit.id = partial.credit_move_id
                     JOIN LATERAL (
                          SELECT move.move_type = 'out_refund' AS is_credit
                            FROM account_move move
                           WHERE move.id = credit.move_id
                          ) source ON TRUE
                    WHERE receivable.move_id = charge.invoice_id
                      AND receivable.display_type = 'payment_term'
                      AND partial.debit_amount_currency > 0
                    GROUP BY credit.date
                   ) receipt ON receipt.received_by > 0 AND receipt.payable > 0
             WHERE item.interest_first
            UNION ALL
            SELECT waiver.move_line_id, waiver.date_until, waiver.amount, FALSE
              FROM item
              JOIN recovery_charge waiver ON waiver.move_line_id = item.id AND waiver.state = 'waived'
             WHERE item.interest_first
            """
        )
