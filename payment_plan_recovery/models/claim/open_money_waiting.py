"""Money that was received and is not on the receivable account yet: a person is asked about it."""

from odoo import api, models
from odoo.tools import SQL

from .open_money_facts import BETWEEN_WORDS


class RecoveryOpenMoneyWaiting(models.AbstractModel):
    _name = "recovery.open.money.waiting"
    _description = "Open Money: Waiting"

    @api.model
    def _suspense_sql(self, company, date, debtors=None) -> SQL:
        """Query of (debtor_id, currency_id, amount): money received that is not on the receivable account yet.

        Bank lines that wait to be matched, what came from others and names what it owes, and payments that Odoo
        registers without an entry, until the ledger has them.
        """
        return SQL(
            """
            WITH line AS (
                SELECT line.id, line.partner_id, line.payment_ref, -line.amount_residual AS amount,
                       COALESCE(line.foreign_currency_id, line.currency_id) AS currency_id
                  FROM account_bank_statement_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.is_reconciled IS NOT TRUE AND line.amount > 0 AND line.amount_residual < 0
                   AND move.state = 'posted' AND move.date <= %(date)s AND line.company_id = ANY(%(companies)s)
            )
            SELECT debtor.commercial_partner_id AS debtor_id, waiting.currency_id,
                   SUM(waiting.amount) AS amount
              FROM (
                SELECT partner_id, currency_id, amount FROM line WHERE partner_id IS NOT NULL
                 UNION ALL
                SELECT partner_id, currency_id, amount FROM ((%(named)s) UNION ALL (%(declared)s)) told
                 UNION ALL
                SELECT payment.partner_id, payment.currency_id, payment.amount
                  FROM account_payment payment
                 WHERE payment.is_matched IS NOT TRUE AND payment.move_id IS NULL
                   AND payment.payment_type = 'inbound' AND payment.partner_type = 'customer'
                   AND payment.state = 'in_process' AND payment.date <= %(date)s
                   AND payment.company_id = ANY(%(companies)s)
              ) waiting
              JOIN res_partner debtor ON debtor.id = waiting.partner_id
             WHERE %(scope)s
             GROUP BY debtor.commercial_partner_id, waiting.currency_id
            """,
            date=date,
            companies=self._companies(company),
            scope=self._in_scope(debtors, SQL("debtor")),
            named=self._named(company, date, debtors),
            declared=self._declared_paid(company, date, debtors),
        )

    def _declared_paid(self, company, date, debtors) -> SQL:
        """Payments without an entry that somebody declared paid: the ledger has them on none of their invoices.

        Odoo calls such an invoice paid, though it is open. What arrived since is matched with one of them by the same
        amount: so Odoo itself tells. Looked up by what is open: payments that were booked long ago are many.
        """
        return SQL(
            """
            SELECT DISTINCT ON (payment.id, owed.debtor_id) owed.partner_id, payment.currency_id, payment.amount
              FROM (
                SELECT line.move_id, line.partner_id, contact.commercial_partner_id AS debtor_id
                  FROM res_partner contact
                  JOIN account_move_line line ON line.partner_id = contact.id
                 WHERE %(scope)s AND line.amount_residual_currency > 0 AND %(open)s
                OFFSET 0
              ) owed
              JOIN account_move__account_payment paid ON paid.invoice_id = owed.move_id
              JOIN account_payment payment ON payment.id = paid.payment_id
             WHERE payment.state = 'paid' AND payment.move_id IS NULL AND payment.payment_type = 'inbound'
               AND payment.date <= %(date)s
               AND NOT EXISTS (
                   SELECT FROM account_move__account_payment also
                     JOIN account_move_line item ON item.move_id = also.invoice_id
                     JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
                    WHERE also.payment_id = payment.id AND partial.debit_amount_currency = payment.amount
               )
             ORDER BY payment.id, owed.debtor_id, owed.partner_id
            """,
            date=date,
            scope=self._in_scope(debtors, SQL("contact")),
            open=self._is_open(company),
        )

    def _named(self, company, date, debtors) -> SQL:
        """What came from nobody known or from another debtor, and names an open entry by a word of its texts.

        Bank ``line``, and credits that are matched with nothing: a holding pays its subsidiary's invoice. Everybody
        whose entry is named is asked about the whole amount.
        """
        return SQL(
            """
            SELECT DISTINCT ON (told.is_credit, told.id, owed.debtor_id)
                   owed.partner_id, told.currency_id, told.amount
              FROM (
                SELECT FALSE AS is_credit, id, partner_id, currency_id, amount, payment_ref AS text FROM line
                 UNION ALL
                SELECT TRUE, line.id, line.partner_id, line.currency_id, -line.amount_residual_currency,
                       concat_ws(' ', line.ref, line.name)
                  FROM account_move_line line
                 WHERE line.amount_residual_currency < 0 AND line.date <= %(date)s AND %(open)s
              ) told
              LEFT JOIN res_partner payer ON payer.id = told.partner_id
             CROSS JOIN LATERAL regexp_split_to_table(told.text, %(between)s) word
              JOIN (
                SELECT line.id, line.partner_id, contact.commercial_partner_id AS debtor_id, called.name
                  FROM res_partner contact
                  JOIN account_move_line line ON line.partner_id = contact.id
                  JOIN account_move move ON move.id = line.move_id
                 CROSS JOIN LATERAL (VALUES (move.name), (move.payment_reference)) called (name)
                 WHERE %(scope)s AND line.amount_residual > 0 AND %(open)s
              ) owed ON owed.name = word
             WHERE payer.commercial_partner_id IS DISTINCT FROM owed.debtor_id AND word ~ '[0-9]'
             ORDER BY told.is_credit, told.id, owed.debtor_id, owed.id
            """,
            date=date,
            between=BETWEEN_WORDS,
            scope=self._in_scope(debtors, SQL("contact")),
            open=self._is_open(company),
        )

    def _may_wait_sql(self, company) -> SQL:
        """Whether :meth:`_suspense_sql` has to look: any bank line, credit or payment of the creditor's waits."""
        return SQL(
            """
            (EXISTS (SELECT FROM account_bank_statement_line
                      WHERE is_reconciled IS NOT TRUE AND company_id = ANY(%(ids)s))
             OR EXISTS (SELECT FROM account_move_line line WHERE line.amount_residual_currency < 0 AND %(open)s)
             OR EXISTS (SELECT FROM account_payment WHERE move_id IS NULL AND company_id = ANY(%(ids)s)
                         AND (state = 'paid' OR (state = 'in_process' AND is_matched IS NOT TRUE))))""",
            ids=self._companies(company),
            open=self._is_open(company),
        )
