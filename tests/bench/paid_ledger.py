"""A ledger of paid invoices: what measures of payment behaviour read."""

import dunning_ledger
from odoo.tools import SQL

#: Days by which paid invoices lie in the past, and times as many on each of their debtors.
SETTLED = dunning_ledger.Settled(earlier=150, gathered=5)

RECEIPTS = """
    INSERT INTO account_move (
        id, name, journal_id, company_id, currency_id, state, move_type, auto_post, date, partner_id,
        commercial_partner_id, create_date, write_date
    )
    SELECT %(first)s + ROW_NUMBER() OVER (ORDER BY id), 'RECEIPT/' || id, %(bank)s, company_id, currency_id,
           'posted', 'entry', 'no', LEAST(invoice_date_due + (id %% 47)::int - 15, %(today)s), partner_id,
           partner_id, NOW(), NOW()
      FROM account_move
     WHERE move_type = 'out_invoice' AND company_id = %(company)s AND id %% %(every)s = 0;
    ANALYZE account_move;
    INSERT INTO account_move_line (
        move_id, parent_state, journal_id, company_id, company_currency_id, currency_id, account_id,
        partner_id, date, display_type, name, balance, amount_currency, debit, credit, amount_residual,
        amount_residual_currency, reconciled, create_date, write_date
    )
    SELECT receipt.id, 'posted', receipt.journal_id, receipt.company_id, receipt.currency_id,
           receipt.currency_id, item.account_id, item.partner_id, receipt.date, 'product', 'Received',
           -item.balance, -item.balance, 0, item.balance, 0, 0, TRUE, NOW(), NOW()
      FROM account_move receipt
      JOIN account_move_line item ON item.move_id = SUBSTRING(receipt.name FROM 9)::int
     WHERE receipt.id > %(first)s AND item.display_type = 'payment_term';
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, amount, debit_amount_currency, credit_amount_currency, max_date,
        company_id, debit_currency_id, credit_currency_id, create_date, write_date
    )
    SELECT item.id, line.id, item.balance, item.balance, item.balance, receipt.date, receipt.company_id,
           receipt.currency_id, receipt.currency_id, NOW(), NOW()
      FROM account_move receipt
      JOIN account_move_line line ON line.move_id = receipt.id
      JOIN account_move_line item ON item.move_id = SUBSTRING(receipt.name FROM 9)::int
     WHERE receipt.id > %(first)s AND item.display_type = 'payment_term';
    SELECT setval('account_move_id_seq', (SELECT MAX(id) FROM account_move));
"""

MATCHED = """
    UPDATE account_move_line
       SET reconciled = TRUE, amount_residual = 0, amount_residual_currency = 0
     WHERE company_id = %(company)s AND display_type = 'payment_term'
       AND id IN (SELECT debit_move_id FROM account_partial_reconcile)
"""


def fill(env, company, count, today):
    """Write ``count`` paid invoices gathered on a fifth of the debtors, and a receipt of each by ``today``."""
    with dunning_ledger.indexes_afterwards(env, *dunning_ledger.LEDGER, "account_partial_reconcile"):
        dunning_ledger.fill(env, company, count, SETTLED)
        env.cr.execute("SET LOCAL session_replication_role = replica")
        _receive(env, company, today)
        env.cr.execute("SET LOCAL session_replication_role = origin")
    cr = env.cr
    cr.commit()
    for table in ("account_move", "account_move_line", "account_partial_reconcile", "res_partner"):
        cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    cr.commit()
    env.invalidate_all()


def pay(env, company, today, every=1):
    """Write a receipt of one invoice in ``every``, which came by ``today``, and reconcile them."""
    _receive(env, company, today, every)
    env.cr.execute(MATCHED, {"company": company.id})


def _receive(env, company, today, every=1):
    """Write the receipts, each with what it was matched with; nothing of what they pay is touched."""
    env.cr.execute("SELECT MAX(id) FROM account_move")
    [first] = env.cr.fetchone()
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
    facts = {"first": first, "company": company.id, "today": today, "every": every, "bank": bank.id}
    env.cr.execute(RECEIPTS, facts)
