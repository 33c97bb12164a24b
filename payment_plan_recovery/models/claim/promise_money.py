"""The money that came for promises: what a bank or cash journal credits, less what it takes back.

Matched or not, it was received. A promise for items is kept by what is matched with them; what is matched with nothing
yet keeps it from being broken until somebody has said what it is for.
"""

from odoo import api, models
from odoo.tools import SQL, format_amount

from ..common.company_words import in_words_of_company
from ..common.planner import one_by_one
from .open_money_facts import MONEY_JOURNALS

#: What a person has to do before a promise is judged.
MATCH = "payment_plan_recovery.mail_activity_match_money"

#: Money that was counted for a debtor's promises closed on the day a ``promise`` was given, or later.
_COUNTED = """
    SELECT MIN(closed.date_given) AS since,
           SUM(LEAST(closed.amount_received, closed.amount)) AS counted
      FROM recovery_promise closed
     WHERE closed.partner_id = promise.partner_id
       AND closed.company_id = ANY(%s)
       AND closed.currency_id = promise.currency_id
       AND closed.state IN ('kept', 'partially_kept')
       AND closed.date_given <= promise.date_given
       AND closed.date_judged >= promise.date_given
"""

#: Money received from a ``contact``, or taken back, matched or not.
_OWN = """
    SELECT payment.date, payment.journal_id, payment.company_currency_id, payment.currency_id,
           -payment.balance AS balance, -payment.amount_currency AS amount
      FROM account_move_line payment
     WHERE payment.partner_id = contact.id AND payment.parent_state = 'posted' AND %s
       AND (payment.company_id = ANY(%s)) IS TRUE -- not by an index of companies: by the contact's few items
"""
#: Money of others that is matched with what the ``contact`` of a ``promise`` owes.
_OF_OTHERS = """
    SELECT payment.date, payment.journal_id, payment.company_currency_id, partial.debit_currency_id,
           partial.amount, partial.debit_amount_currency
      FROM account_move_line item
      JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
      JOIN account_move_line payment ON payment.id = partial.credit_move_id
      LEFT JOIN res_partner payer ON payer.id = payment.partner_id
     WHERE item.partner_id = contact.id AND %s AND (item.company_id = ANY(%s)) IS TRUE
       AND payer.commercial_partner_id IS DISTINCT FROM promise.partner_id
"""

#: Promises of which something was paid after their last day: of the items named, or of what the debtor owed by then.
_LATE = """
    SELECT DISTINCT promise.id
      FROM recovery_promise promise
      JOIN res_partner contact ON contact.commercial_partner_id = promise.partner_id
      JOIN account_move_line item ON item.partner_id = contact.id AND item.date <= promise.date_deadline
      JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
      JOIN account_move_line payment ON payment.id = partial.credit_move_id
      JOIN account_journal journal ON journal.id = payment.journal_id
      LEFT JOIN LATERAL (
           SELECT BOOL_OR(named.account_move_line_id = item.id) AS is_it
             FROM account_move_line_recovery_promise_rel named
            WHERE named.recovery_promise_id = promise.id
           ) named ON TRUE
     WHERE promise.id = ANY(%s) AND (item.company_id = ANY(%s)) IS TRUE
       AND named.is_it IS NOT FALSE
       AND journal.type IN %s
       AND payment.date > promise.date_deadline
"""


class RecoveryPromiseMoney(models.AbstractModel):
    """What was received for promises to pay, matched or not, and what a person has to say first."""

    _name = "recovery.promise.money"
    _description = "Promise to Pay: Money"

    def _received(self, date) -> dict[int, float]:
        """{promise id: money received for it until ``date``, in its currency}, in two queries for each creditor.

        Money is what a bank or cash journal credits on the debtor's receivable account, less what it debits:
        payments that bounced. For items, it is matched with them.
        """
        self.env.flush_all()
        received = {}
        named = self._named_items()
        with one_by_one(self.env.cr):
            for companies, promises in self._by_creditor():
                for_items = promises.filtered(named.get)
                received |= dict(_received_on_items(for_items, date))
                received |= dict(_received_from_debtors(promises - for_items, companies, date))
        return received

    def _waiting(self, date) -> dict[int, float]:
        """{promise id: money received until ``date`` that may be for its items, but is matched with nothing}."""
        self.env.flush_all()
        waiting = {}
        for companies, promises in self.filtered(self._named_items().get)._by_creditor():
            waiting |= dict(_waiting_for_items(promises, companies, date))
        return waiting

    def _paid_late(self):
        """Return the promises of whose items, or whose debtor's debts of then, some were paid after their last day."""
        if not self:
            return self
        self.env.flush_all()
        late = set()
        with one_by_one(self.env.cr):
            for companies, promises in self._by_creditor():
                rows = self.env.execute_query(SQL(_LATE, promises.ids, companies, MONEY_JOURNALS))
                late |= {promise_id for (promise_id,) in rows}
        return self.filtered(lambda promise: promise.id in late)

    def _money_apart(self, date):
        """Return {promise: amounts as text} of money that may be for promises and that nobody can count yet.

        It came by ``date`` and their last day, and waits in the bank's books or came in another currency.
        """
        apart, named = {}, self._named_items()
        for (last, _root), promises in self.grouped(
            lambda promise: (min(date, promise.date_deadline), promise._creditor())
        ).items():
            found = self.env["recovery.open.money"].of_debtors(
                promises.partner_id, promises[0].company_id, last
            )
            for promise in promises:
                money = found.get(promise.partner_id)
                sums = promise._not_counted(money, for_items=bool(named[promise])) if money else {}
                if sums:
                    apart[promise] = " + ".join(
                        format_amount(self.env, amount, currency) for currency, amount in sums.items()
                    )
        return apart

    def _not_counted(self, money, for_items):
        """Return what of a debtor's open money (``OpenMoney``) the promise does not count: [(currency, amount)]."""
        sums = dict(money.suspense)
        # Without items, every payment counts for a promise in the company's currency.
        if for_items or self.currency_id != self.company_id.currency_id:
            for currency, amount in money.elsewhere(self.currency_id).items():
                sums[currency] = sums.get(currency, 0) + amount
        return sums

    def _ask_to_match(self, apart=None):
        """Have the responsible person match what was received, once while it waits.

        :param apart: amounts as text that nobody can count yet, instead of those that lie over the items
        """
        if self.env.ref(MATCH) in self.activity_ids.activity_type_id:
            return
        env = in_words_of_company(self).env
        if apart:
            note = env._(
                "%s of the debtor waits in the bank's books, or came in another currency. Say what it is for: until "
                "then the promise is not judged.",
                apart,
            )
        else:
            note = env._(
                "%s arrived and is matched with nothing. Match it: with the items of the promise it keeps the promise.",
                format_amount(env, self.amount_waiting, self.currency_id),
            )
        self.activity_schedule(MATCH, note=note, user_id=self.env["ir.cron"]._recovery_person(self).id)

    def _creditor(self):
        # sudo: only which companies belong together, a user may be in one branch
        return self.company_id.sudo().root_id

    def _by_creditor(self):
        """Yield (ids of the companies that are one creditor, the promises given to it)."""
        for promises in self.grouped(lambda promise: promise._creditor()).values():
            yield list(promises[0].company_id._recovery_branch_ids()), promises

    @api.model
    def _broken_sql(self, company, since, date) -> SQL:
        """Statement of (debtor_id, date): promises broken after ``since`` and by ``date``, one row each.

        One that was kept in part is not held against the debtor here.
        """
        return SQL(
            """
            SELECT debtor.commercial_partner_id AS debtor_id, promise.date_judged AS date
              FROM recovery_promise promise
              JOIN res_partner debtor ON debtor.id = promise.partner_id
             WHERE promise.company_id = ANY(%s)
               AND promise.state = 'broken'
               AND promise.date_judged > %s
               AND promise.date_judged <= %s
            """,
            list(company._recovery_branch_ids()),
            since,
            date,
        )


def _received_on_items(promises, date):
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
               AND journal.type IN %s
               AND payment.date BETWEEN promise.date_given AND LEAST(promise.date_deadline, %s)
             GROUP BY promise.id
            """,
            promises.ids,
            MONEY_JOURNALS,
            date,
        )
    )


def _received_from_debtors(promises, companies, date):
    """Return (promise id, money received from its debtor, or by others for it, until ``date``) of ``promises``.

    What others pay counts where it is matched with what the debtor owes. A promise closed on the day another was
    given, or later, has had its money; what bounced never came.
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
              JOIN res_partner contact ON contact.commercial_partner_id = promise.partner_id
             CROSS JOIN LATERAL (%(own)s UNION ALL %(of_others)s) payment
              JOIN account_journal journal ON journal.id = payment.journal_id
             CROSS JOIN LATERAL (
                   SELECT CASE promise.currency_id WHEN payment.company_currency_id THEN payment.balance
                               WHEN payment.currency_id THEN payment.amount ELSE 0 END AS amount
                   ) money
              LEFT JOIN LATERAL (%(counted)s) earlier ON TRUE
             WHERE promise.id = ANY(%(promises)s)
               AND journal.type IN %(money)s
               AND payment.date >= COALESCE(earlier.since, promise.date_given)
               AND payment.date <= LEAST(promise.date_deadline, %(date)s)
             GROUP BY promise.id, earlier.counted
            """,
            counted=SQL(_COUNTED, companies),
            own=SQL(_OWN, promises.env["account.move.line"]._recovery_receivable_sql("payment"), companies),
            of_others=SQL(
                _OF_OTHERS, promises.env["account.move.line"]._recovery_receivable_sql("item"), companies
            ),
            promises=promises.ids,
            money=MONEY_JOURNALS,
            date=date,
        )
    )


def _waiting_for_items(promises, companies, date):
    """Return (promise id, money of its debtor matched with nothing until ``date``) of ``promises`` for items.

    Whatever open money would lie over first, the debtor may have meant the promise: whoever matches it will say.
    """
    return promises.env.execute_query(
        SQL(
            """
            SELECT promise.id,
                   GREATEST(0, SUM(
                       CASE WHEN promise.currency_id = payment.currency_id THEN -payment.amount_residual_currency
                            WHEN promise.currency_id = payment.company_currency_id THEN -payment.amount_residual
                            ELSE 0
                       END
                   ))
              FROM recovery_promise promise
              JOIN res_partner contact ON contact.commercial_partner_id = promise.partner_id
              JOIN account_move_line payment ON payment.partner_id = contact.id
              JOIN account_journal journal ON journal.id = payment.journal_id
             WHERE promise.id = ANY(%(promises)s)
               AND payment.company_id = ANY(%(companies)s)
               AND %(open)s
               AND journal.type IN %(money)s
               AND payment.date BETWEEN promise.date_given AND LEAST(promise.date_deadline, %(date)s)
             GROUP BY promise.id
            """,
            promises=promises.ids,
            companies=companies,
            open=promises.env["account.move.line"]._recovery_open_sql("payment"),
            money=MONEY_JOURNALS,
            date=date,
        )
    )
