"""The invented ledger: documents to book, and the proof that Odoo holds the same sums."""

from decimal import Decimal

from . import accounts
from .agreements import AGREEMENTS
from .books import Bill, Transfer
from .ledger import generate
from .source import Dispute, Source

CURRENCY = "EUR"
FIGURES = ("invoiced", "credited", "received", "open", "overdue", "on_account")


class Generated(Source):
    """Eighteen months of an invented company, the same for the same seed and date."""

    agreements = AGREEMENTS

    def __init__(self, seed, date):
        self.identity = f"the invented ledger of seed {seed}"
        self.seed = seed
        self.date = date
        self.ledger = generate(seed, date)
        self.debtors = self.ledger.debtors
        self.invoices = [_bill(invoice, invoice.due_date) for invoice in self.ledger.invoices]
        self.credit_notes = [_bill(note, note.date, note.invoice_number) for note in self.ledger.credit_notes]
        self.transfers = [_transfer(receipt) for receipt in self.ledger.receipts]
        self.disputes = [
            Dispute(invoice.number, invoice.disputed_amount, invoice.dispute_reason, invoice.disputed_on)
            for invoice in self.ledger.open_invoices
            if invoice.disputed_amount
        ]
        self.plan_candidates = self.ledger.plan_candidates
        numbers = {name: number for number, name, _rating in accounts.RATINGS}
        self.registrations = {
            debtor.ref: numbers[debtor.name] for debtor in self.debtors if debtor.name in numbers
        }
        # Every other firm files its annual accounts.
        self.accounts = {debtor.ref: debtor.habit for debtor in self.debtors[::2] if debtor.is_company}

    def differences(self, env):
        booked = _booked_totals(env, self.date)
        return [
            f"{ref}: {figure} {getattr(totals, figure)} in the ledger, {booked[ref][figure]} in Odoo"
            for ref, totals in self.ledger.totals.items()
            for figure in FIGURES
            if getattr(totals, figure) != Decimal(booked[ref][figure])
        ]


def _bill(document, due_date, credits_number=""):
    lines = tuple((line.label, line.quantity, line.unit_price, line.vat_rate) for line in document.lines)
    return Bill(
        document.number, document.debtor_ref, document.date, due_date, CURRENCY, lines, credits_number
    )


def _transfer(receipt):
    about = (receipt.number, receipt.debtor_ref, receipt.date, CURRENCY)
    return Transfer(*about, receipt.amount, receipt.applies, receipt.memo)


def _booked_totals(env, date):
    """{debtor's reference: {figure: amount as text}} by the receivable items."""
    env.flush_all()
    env.cr.execute(
        """
        WITH item AS (
            SELECT item.balance, item.amount_residual, item.date_maturity, item.partner_id, move.move_type
              FROM account_move_line item
              JOIN account_move move ON move.id = item.move_id
              JOIN account_account account ON account.id = item.account_id
             WHERE item.parent_state = 'posted' AND account.account_type = 'asset_receivable'
        )
        SELECT partner.ref,
               COALESCE(SUM(balance) FILTER (WHERE move_type = 'out_invoice'), 0)::text AS invoiced,
               COALESCE(-SUM(balance) FILTER (WHERE move_type = 'out_refund'), 0)::text AS credited,
               COALESCE(-SUM(balance) FILTER (WHERE move_type = 'entry'), 0)::text AS received,
               COALESCE(SUM(amount_residual) FILTER (WHERE move_type = 'out_invoice'), 0)::text AS open,
               COALESCE(SUM(amount_residual) FILTER (
                   WHERE move_type = 'out_invoice' AND date_maturity < %s), 0)::text AS overdue,
               COALESCE(-SUM(amount_residual) FILTER (WHERE move_type = 'entry'), 0)::text AS on_account
          FROM res_partner partner
          LEFT JOIN item ON item.partner_id = partner.id
         WHERE partner.ref IS NOT NULL
         GROUP BY partner.ref
        """,
        [date],
    )
    return {row.pop("ref"): row for row in env.cr.dictfetchall()}
