"""The money that came for promises: what a bank or cash journal credits, less what it takes back."""

from odoo.tools import SQL

#: Money that was counted for a debtor's promises closed on the day a ``promise`` was given, or later.
_COUNTED = SQL(
    """
    SELECT MIN(closed.date_given) AS since,
           SUM(LEAST(closed.amount_received, closed.amount)) AS counted
      FROM recovery_promise closed
     WHERE closed.partner_id = promise.partner_id
       AND closed.company_id = promise.company_id
       AND closed.currency_id = promise.currency_id
       AND closed.state IN ('kept', 'partially_kept')
       AND closed.date_given <= promise.date_given
       AND closed.date_judged >= promise.date_given
    """
)


def received_on_items(promises, date):
    """Return (promise id, money reconciled with its items until ``date``) of ``promises``."""
    return promises.env.execute_query(
        SQL(
            """
            SELECT promise.id,
                   SUM(CASE WHEN promise.currency_id = company.currency_id THEN partial.amount
                            WHEN promise.currency_id = partial.debit_currency_id
                            THEN partial.debit_amount_currency
                            ELSE 0
                       END)
              FROM recovery_promise promise
              JOIN res_company company ON company.id = promise.company_id
              JOIN account_move_line_recovery_promise_rel rel ON rel.recovery_promise_id = promise.id
              JOIN account_partial_reconcile partial ON partial.debit_move_id = rel.account_move_line_id
              JOIN account_move_line payment ON payment.id = partial.credit_move_id
              JOIN account_journal journal ON journal.id = payment.journal_id
             WHERE promise.id = ANY(%s)
               AND journal.type IN ('bank', 'cash', 'credit')
               AND payment.date BETWEEN promise.date_given AND LEAST(promise.date_deadline, %s)
             GROUP BY promise.id
            """,
            promises.ids,
            date,
        )
    )


def received_from_debtors(promises, date):
    """Return (promise id, money received from its debtor until ``date``) of ``promises``.

    A promise closed on the day another was given, or later, has had its money; what bounced never came.
    """
    return promises.env.execute_query(
        SQL(
            """
            SELECT promise.id,
                   GREATEST(0, LEAST(
                       COALESCE(SUM(money.amount) FILTER (WHERE payment.date >= promise.date_given), 0),
                       SUM(money.amount) - COALESCE(earlier.counted, 0)
                   ))
              FROM recovery_promise promise
              JOIN res_company company ON company.id = promise.company_id
              JOIN res_partner contact ON contact.commercial_partner_id = promise.partner_id
              JOIN account_move_line payment
                ON payment.partner_id = contact.id AND payment.company_id = promise.company_id
              JOIN account_journal journal ON journal.id = payment.journal_id
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN promise.currency_id = company.currency_id THEN -payment.balance
                               WHEN promise.currency_id = payment.currency_id THEN -payment.amount_currency
                               ELSE 0
                          END AS amount
                   ) money
              LEFT JOIN LATERAL (%(counted)s) earlier ON TRUE
             WHERE promise.id = ANY(%(promises)s)
               AND %(receivable)s
               AND payment.parent_state = 'posted'
               AND journal.type IN ('bank', 'cash', 'credit')
               AND payment.date >= COALESCE(earlier.since, promise.date_given)
               AND payment.date <= LEAST(promise.date_deadline, %(date)s)
             GROUP BY promise.id, earlier.counted
            """,
            counted=_COUNTED,
            promises=promises.ids,
            receivable=promises.env["account.move.line"]._recovery_receivable_sql("payment"),
            date=date,
        )
    )
