"""What is owed on journal items: which of them are open, and how one is chased."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.text import one_line
from .open_money_facts import MONEY_JOURNALS


class Receipt(NamedTuple):
    """Something received on a claim: a payment, or a credit note set against it."""

    date: date
    amount: float
    label: str


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "recovery.guarded.additions"]

    recovery_level_id = fields.Many2one(
        "recovery.dunning.level",
        string="Next dunning level",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Level at which the item is chased next, whatever its delay, in place of the one that follows.",
    )

    # Open credits are few: what came in and is matched with nothing is found without looking at anything else.
    _recovery_open_credit_idx = models.Index(
        "(account_id, partner_id) WHERE parent_state = 'posted' AND reconciled IS NOT TRUE "
        "AND amount_residual_currency < 0"
    )

    # Whether a discount for early payment may have been earned on anything: mostly nothing was granted one.
    _recovery_discount_idx = models.Index(
        "(company_id) WHERE discount_date IS NOT NULL AND parent_state = 'posted' AND reconciled IS NOT TRUE"
    )

    # What is owed by its due date: the first pages of claims read no others.
    _recovery_due_idx = models.Index(
        "((COALESCE(date_maturity, date))) WHERE parent_state = 'posted' AND reconciled IS NOT TRUE "
        "AND amount_residual_currency > 0"
    )

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        more = items.move_id.filtered("posted_before").line_ids & items
        more = more.filtered(
            lambda item: item.account_type == "asset_receivable" and item.display_type == "payment_term"
        )
        if more:  # another due date of an invoice that was corrected
            self.env["recovery.named.items"]._name_too(more)
        return items

    @api.ondelete(at_uninstall=False)
    def _unlink_judged(self):
        """What an entry that was posted once did to its debtor's claims nothing tells any more."""
        gone = self.filtered(
            lambda item: item.move_id.posted_before and item.account_type == "asset_receivable"
        )
        if gone:
            self.env["recovery.judgement"]._drop(gone.company_id)

    @api.ondelete(at_uninstall=False)
    def _unlink_named(self):
        items = self.filtered(lambda item: item.account_type == "asset_receivable")
        if items:
            self.env["recovery.named.items"]._let_go_of(items)

    @api.model
    def _recovery_open_domain(self) -> Domain:
        """Return the domain of open receivable items, credits among them: posted and not reconciled yet."""
        return (
            Domain("account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
        )

    @api.model
    def _recovery_open_sql(self, item: str) -> SQL:
        """Return the same as a condition on ``item``, the alias of account_move_line in a query."""
        return SQL(
            "%(receivable)s AND %(state)s = 'posted' AND %(reconciled)s IS NOT TRUE",
            receivable=self._recovery_receivable_sql(item),
            state=SQL.identifier(item, "parent_state"),
            reconciled=SQL.identifier(item, "reconciled"),
        )

    @api.model
    def _recovery_receivable_sql(self, item: str) -> SQL:
        """Return the condition that ``item``, an alias of account_move_line, lies on a receivable account.

        As an array: joined to few accounts, the planner would expect few items.
        """
        return SQL(
            "%s = ANY(ARRAY(SELECT id FROM account_account WHERE account_type = 'asset_receivable'))",
            SQL.identifier(item, "account_id"),
        )

    @api.model
    def _recovery_money_sql(self, item: str) -> SQL:
        """Return the condition that ``item``, an alias of account_move_line, is money that came in or went out.

        By its journal: credit notes, what is written off or set off and differences of currency take off a claim
        without being money. Whoever asks whether a debtor paid asks here; how much of it came, where the entry books a
        part as lost, says :meth:`_recovery_lost_sql`.
        """
        return SQL(
            "%s = ANY(ARRAY(SELECT id FROM account_journal WHERE type = ANY(%s)))",
            SQL.identifier(item, "journal_id"),
            list(MONEY_JOURNALS),
        )

    @api.model
    def _recovery_lost_sql(self, companies) -> SQL:
        """Return a query of (move_id, share): entries of money that book a part of what they settle as lost.

        A fee that a bank kept, a discount, a rest that was given up in the bank's own entry: that share of what the
        entry takes off a claim never came. Expenses, less income, and their taxes are held against what the entry takes
        off receivable accounts; what a debtor paid too much is income, and loses nothing.

        :param companies: ids of the companies whose entries are asked about
        """
        return SQL(
            """
            SELECT lost.move_id, LEAST(lost.amount / owed.amount, 1) AS share
              FROM (
                   SELECT line.move_id, SUM(line.balance) AS amount
                     FROM account_move_line line
                    WHERE %(money)s AND line.parent_state = 'posted' AND line.company_id = ANY(%(companies)s)
                      AND (line.tax_line_id IS NOT NULL OR line.account_id = ANY(ARRAY(
                           SELECT id FROM account_account
                            WHERE split_part(account_type, '_', 1) IN ('expense', 'income'))))
                    GROUP BY line.move_id
                   HAVING SUM(line.balance) > 0
                   ) lost
              JOIN LATERAL (
                   SELECT -SUM(line.balance) AS amount
                     FROM account_move_line line
                    WHERE line.move_id = lost.move_id AND line.balance < 0 AND %(receivable)s
                   ) owed ON owed.amount > 0
            """,
            money=self._recovery_money_sql("line"),
            receivable=self._recovery_receivable_sql("line"),
            companies=list(companies),
        )

    @api.model
    def _recovery_otherwise_sql(self, item: str, partial: str) -> SQL:
        """Return the condition that ``item`` took off a claim what neither money nor a credit note did.

        :param partial: alias of its row of account_partial_reconcile; differences of currency take nothing off what
            is owed
        """
        return SQL(
            "(NOT %(money)s AND %(kind)s IS DISTINCT FROM 'payment_term' AND %(taken)s > 0)",
            money=self._recovery_money_sql(item),
            kind=SQL.identifier(item, "display_type"),
            taken=SQL.identifier(partial, "debit_amount_currency"),
        )

    def _recovery_require_seen(self):
        """Refuse items that whoever chooses them may not read: of a branch that he does not work in.

        Before anything else: why an item does not fit tells of it.

        :raise UserError: there are some
        """
        unseen = self - self._filtered_access("read")
        if unseen:
            raise UserError(
                self.env._(
                    "%s is in the books of a company that you do not work in, or that you have not chosen among your "
                    "companies. Choose that company too, or have somebody who works there add it.",
                    # sudo: the company's name, without which nobody knows whom to ask
                    ", ".join(sorted({item.company_id.name for item in unseen.sudo()})),
                )
            )

    def _recovery_number(self):
        """Return what the debtor knows the item by: the invoice's number."""
        return one_line(self.move_id.name or self.name)

    def _recovery_receipts(self):
        """Return what was received on each item, in its currency: {item id: [Receipt]}, oldest first."""
        partials = self.env["account.partial.reconcile"].search(
            [("debit_move_id", "in", self.ids), ("debit_amount_currency", ">", 0)]
        )
        receipts = defaultdict(list)
        for partial in partials:
            credit = partial.credit_move_id
            receipts[partial.debit_move_id.id].append(
                Receipt(credit.date, partial.debit_amount_currency, one_line(credit.move_id.name))
            )
        return {item: sorted(received) for item, received in receipts.items()}
