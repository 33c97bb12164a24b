"""Statements that find what holds hold, and since when they ever did."""

#: Debtors that are held with everything they owe.
DEBTORS_HELD = """
    SELECT DISTINCT hold.partner_id
      FROM recovery_hold hold
     WHERE %s AND %s
       AND NOT EXISTS (
           SELECT FROM account_move_line_recovery_hold_rel rel WHERE rel.recovery_hold_id = hold.id
       )
"""

#: Items that holds name, and how much of each.
ITEMS_HELD = """
    SELECT %s rel.account_move_line_id AS move_line_id,
           BOOL_OR(COALESCE(hold.amount, 0) = 0) AS whole, SUM(hold.amount) AS amount
      FROM recovery_hold hold
      JOIN account_move_line_recovery_hold_rel rel ON rel.recovery_hold_id = hold.id
     WHERE %s AND %s AND %s
     GROUP BY %s rel.account_move_line_id
"""

#: Whether a hold is on an item, or on everything its debtor owes.
TOUCHES = """
    hold.partner_id = %(debtor)s AND %(company)s
       AND hold.date_from <= %(date)s
       AND COALESCE(hold.date_until, %(date)s) >= %(date)s
       AND (NOT EXISTS (SELECT FROM %(held)s held WHERE held.%(hold_id)s = hold.id)
            OR EXISTS (SELECT FROM %(held)s held
                        WHERE held.%(hold_id)s = hold.id AND held.%(item_id)s = %(item)s))
"""

#: Items that holds name.
NAMED_SINCE = """
    SELECT held.%(item_id)s AS move_line_id, MIN(hold.date_from) AS date
      FROM recovery_hold hold
      JOIN %(items)s held ON held.%(hold_id)s = hold.id
     WHERE hold.kind = %(kind)s AND hold.company_id = ANY(%(companies)s)
     GROUP BY held.%(item_id)s
"""

#: What arose by the first day of holds on everything a debtor owed.
#: OFFSET 0: such holds are few, their debtors' items are looked up one debtor after the other.
OLDER_SINCE = """
    SELECT item.id AS move_line_id, hold.date_from AS date
      FROM recovery_hold hold
      JOIN LATERAL (
        SELECT id FROM res_partner WHERE commercial_partner_id = hold.partner_id OFFSET 0
      ) contact ON TRUE
      JOIN LATERAL (
        SELECT id, company_id
          FROM account_move_line line
         WHERE line.partner_id = contact.id AND %(receivable)s
           AND COALESCE(line.invoice_date, line.date) <= hold.date_from
        OFFSET 0
      ) item ON %(together)s
     WHERE hold.kind = %(kind)s AND hold.company_id = ANY(%(companies)s)
       AND NOT EXISTS (
           SELECT FROM account_move_line_recovery_hold_rel held WHERE held.recovery_hold_id = hold.id
       )
"""
