"""The statement that finds what holds on everything a debtor owed ever held: what arose by their first day."""

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
