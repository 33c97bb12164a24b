"""The discount that the terms of an invoice grant for early payment (Odoo's payment terms), reckoned on what is owed.

A credit note on the invoice says that its part was never owed: it lowers the discount by the same share as what the
terms reckon it on, taxes included or not. One that reverses something else pays, as money does.
"""

from odoo.tools import SQL

#: Whether a ``source`` entry credits the invoice of an ``item``.
CREDITS_IT = SQL(
    "source.move_type = 'out_refund' AND COALESCE(source.reversed_entry_id, item.move_id) = item.move_id"
)
#: Which part of what the discount of an ``item`` is reckoned on an amount of the credit note ``source`` takes away.
#: Odoo reckons the discount of an invoice on its total, or on what it is without taxes.
SHARE = SQL(
    """
    CASE WHEN term.early_pay_discount_computation = 'included'
         THEN came.amount / item.amount_currency
         ELSE came.amount * source.amount_untaxed / NULLIF(source.amount_total * invoice.amount_untaxed, 0)
    END
    """
)
#: What was matched with an ``item``.
MATCHED = SQL(
    """
    SELECT partial.debit_amount_currency AS amount, credit.date, credit.move_id
      FROM (SELECT * FROM account_partial_reconcile WHERE debit_move_id = item.id OFFSET 0) partial
      JOIN LATERAL (SELECT * FROM account_move_line WHERE id = partial.credit_move_id OFFSET 0) credit ON TRUE
    """
)
#: What lies over it and is matched with nothing, of rows ``receipt`` (item_id, credit_id, date, amount).
LAID = SQL(
    """
    SELECT receipt.amount, receipt.date, credit.move_id
      FROM receipt
      JOIN LATERAL (SELECT * FROM account_move_line WHERE id = receipt.credit_id OFFSET 0) credit ON TRUE
     WHERE receipt.item_id = item.id
    """
)


#: What came in for an ``item``, matched or not.
CAME = SQL("%s UNION ALL %s", MATCHED, LAID)
#: The journal items that money matched with an ``item`` in time was matched with too, itself among them.
PAID_TOGETHER = """
    SELECT DISTINCT also.debit_move_id
      FROM (SELECT * FROM account_partial_reconcile WHERE debit_move_id = item.id OFFSET 0) own
      JOIN LATERAL (SELECT date FROM account_move_line WHERE id = own.credit_move_id OFFSET 0) credit
        ON credit.date <= %(until)s
      JOIN LATERAL (SELECT * FROM account_partial_reconcile WHERE credit_move_id = own.credit_move_id OFFSET 0) also
        ON also.max_date <= %(known)s
     WHERE own.max_date <= %(known)s
"""
#: The last day of all: whatever was matched is known.
ALWAYS = SQL("'infinity'")


def standing_sql(came: SQL, until: SQL) -> SQL:
    """Return a query, of an ``item``, of (credited, asked, received), amounts in its currency.

    What credit notes took off it, with how much money of the discount's days the rest is settled, and how much of
    that came. Where the discount of the rest is no whole coin, a coin less is asked rather than one too many. Without
    a discount all of it is asked, whenever it came.

    :param came: query of (amount, date, move_id): what came in for the item
    :param until: the last day of the discount
    """
    return SQL(
        """
        SELECT credited, received,
               FLOOR(ROUND((item.amount_currency - credited
                            - CASE WHEN item.discount_date IS NULL THEN 0
                                   ELSE (item.amount_currency - item.discount_amount_currency)
                                        * GREATEST(1 - share, 0) END)
                           / coin, 6)) * coin AS asked
          FROM (
            SELECT COALESCE(SUM(came.amount) FILTER (WHERE %(credits_it)s), 0) AS credited,
                   COALESCE(SUM(%(share)s) FILTER (WHERE %(credits_it)s), 0) AS share,
                   COALESCE(SUM(came.amount) FILTER (WHERE NOT (%(credits_it)s)
                       AND (item.discount_date IS NULL OR came.date <= %(until)s)), 0) AS received,
                   (SELECT rounding FROM res_currency WHERE id = item.currency_id) AS coin
              FROM (%(came)s) came
              JOIN LATERAL (SELECT * FROM account_move WHERE id = came.move_id OFFSET 0) source ON TRUE
              JOIN LATERAL (SELECT * FROM account_move WHERE id = item.move_id OFFSET 0) invoice ON TRUE
              LEFT JOIN account_payment_term term ON term.id = invoice.invoice_payment_term_id
          ) came
        """,
        came=came,
        credits_it=CREDITS_IT,
        share=SHARE,
        until=until,
    )


def matched_by_sql(known: SQL) -> SQL:
    """Return the query of what was matched with an ``item`` by the day ``known``."""
    return SQL("%s WHERE partial.max_date <= %s", MATCHED, known)


def earned_sql(until: SQL, came: SQL = CAME, known: SQL = ALWAYS) -> SQL:
    """Return the condition that all that was asked of an ``item`` by the last day of its discount came in by then.

    Or all that was asked of what one transfer paid together: Odoo matches the oldest with all of its amount, and what
    the discounts of all of them leave is left of the last.

    :param until: that day, as :func:`standing_sql` takes it
    :param came: what came in, as :func:`standing_sql` takes it; by default ``receipt`` is read, see :data:`LAID`
    :param known: the day by which transfers were matched with several items
    """
    return SQL(
        """
        CASE WHEN item.discount_date IS NOT NULL THEN
            (SELECT received >= asked FROM (%(standing)s) discount)
            OR (SELECT COUNT(*) > 1 AND SUM(received) >= SUM(asked)
                  FROM unnest(ARRAY(%(together)s)) paid (id)
                  JOIN LATERAL (SELECT * FROM account_move_line WHERE id = paid.id OFFSET 0) item ON TRUE
                 CROSS JOIN LATERAL (%(standing)s) discount)
        ELSE FALSE END
        """,
        standing=standing_sql(came, until),
        together=SQL(PAID_TOGETHER, until=until, known=known),
    )
