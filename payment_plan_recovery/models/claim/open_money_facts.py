"""What open money is laid from and over: the first steps of its queries."""

from odoo import api, models
from odoo.tools import SQL

from ..common.unwritten import is_all_written
from .early_discount import MATCHED, standing_sql

#: Kinds of journals whose entries are money that came in or went out.
MONEY_JOURNALS = ("bank", "cash", "credit")
#: What stands behind a plan's number in the reference of an online payment that was not the first.
TIME_PAID = "-[0-9]+$"
#: What stands between the words of a text that names several entries.
BETWEEN_WORDS = r"[\s,;&]+"

#: What of entries is read.
MOVE_FIELDS = (
    "amount_total",
    "amount_untaxed",
    "invoice_payment_term_id",
    "move_type",
    "name",
    "payment_reference",
    "reversed_entry_id",
    "state",
)


class RecoveryOpenMoneyFacts(models.AbstractModel):
    """What the ledger knows: open credits and what they are for, what their debtors owe, what of that is disputed."""

    _name = "recovery.open.money.facts"
    _description = "Open Money: Facts"

    @api.model
    def _flush(self):
        """Write out what the queries read."""
        if is_all_written(self.env):
            return
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(MOVE_FIELDS)
        self.env["account.journal"].flush_model(["type"])
        self.env["account.bank.statement.line"].flush_model()
        self.env["account.payment"].flush_model()
        self.env["account.partial.reconcile"].flush_model(["debit_move_id", "debit_amount_currency"])
        self.env["recovery.hold"].flush_model()
        self.env["recovery.plan.item"]._flush_plan()
        self.env["res.partner"].flush_model(["commercial_partner_id"])

    def _is_any_sql(self, company, date, debtors) -> SQL:
        """Return the condition that any of ``debtors`` has money to be laid; that of all there are has an index."""
        if debtors is not None:
            return SQL("EXISTS (%s)", self._step_credit(company, date, debtors))
        return SQL(
            "EXISTS (SELECT FROM account_move_line line"
            " WHERE line.amount_residual_currency < 0 AND line.date <= %s AND %s)",
            date,
            self._is_open(company),
        )

    def _step_credit(self, company, date, debtors) -> SQL:
        """What came in by ``date`` and is matched with nothing; its texts may name an entry.

        OFFSET 0: of given debtors, it is looked up one debtor after the other.
        """
        return SQL(
            """
            SELECT line.id, contact.commercial_partner_id AS debtor_id, line.currency_id, line.date,
                   -line.amount_residual_currency AS amount, move.reversed_entry_id, line.ref, line.name
              FROM res_partner contact
              JOIN LATERAL (%(lines)s) line ON TRUE
              JOIN LATERAL (SELECT * FROM account_move WHERE id = line.move_id OFFSET 0) move ON TRUE
             WHERE %(scope)s
            """,
            lines=self._lines_of_contact(
                company,
                SQL("line.amount_residual_currency < 0 AND line.date <= %s", date),
                looked_up=debtors is not None,
            ),
            scope=self._in_scope(debtors, SQL("contact")),
        )

    def _lines_of_contact(self, company, condition: SQL, looked_up) -> SQL:
        """Query of the open journal items of a ``contact`` that meet a ``condition``.

        :param looked_up: whether for one contact after the other
        """
        return SQL(
            "SELECT * FROM account_move_line line WHERE line.partner_id = contact.id AND %s AND %s%s",
            condition,
            self._is_open(company),
            SQL(" OFFSET 0") if looked_up else SQL(),
        )

    def _plan_of(self, item: SQL, _date) -> SQL:
        """Query of (plan_id, plan_names) of the plan that covers a journal item."""
        return self.env["recovery.plan.item"]._plan_sql(item)

    def _step_item(self, company, date) -> SQL:
        """Everything that the debtors of a credit owe in its currency, and what was paid out to them.

        OFFSET 0: debtors with credits are few, their items are looked up one debtor after the other.
        """
        return SQL(
            """
            SELECT line.id, debtor.debtor_id, debtor.currency_id, line.move_id AS entry_id, move.name,
                   move.payment_reference, line.date, COALESCE(line.date_maturity, line.date) AS date_due,
                   line.amount_residual_currency AS amount, journal.type IN %(money)s AS paid_out,
                   %(discounted)s AS discounted, %(until)s AS discount_until,
                   LEAST(line.amount_residual_currency, CASE WHEN debtor.disputes
                       THEN line.amount_residual_currency ELSE COALESCE(%(disputed)s, 0) END) AS disputed,
                   plan.plan_id, plan.plan_names
              FROM (
                SELECT debtor_id, currency_id, %(debtor_disputes)s AS disputes
                  FROM (SELECT DISTINCT debtor_id, currency_id FROM credit) credit
                OFFSET 0
              ) debtor
              JOIN LATERAL (SELECT id FROM res_partner WHERE commercial_partner_id = debtor.debtor_id OFFSET 0) contact
                ON TRUE
              JOIN LATERAL (%(lines)s) line ON TRUE
              JOIN LATERAL (SELECT * FROM account_move WHERE id = line.move_id OFFSET 0) move ON TRUE
              JOIN account_journal journal ON journal.id = line.journal_id
              LEFT JOIN LATERAL (%(plan)s) plan ON TRUE
            """,
            money=MONEY_JOURNALS,
            discounted=self._discounted(),
            until=company._recovery_last_day_sql(SQL("line.discount_date")),
            lines=self._lines_of_contact(
                company,
                SQL("line.currency_id = debtor.currency_id AND line.amount_residual_currency > 0"),
                looked_up=True,
            ),
            plan=self._plan_of(SQL("line.id"), date),
            disputed=self._disputed(company, date),
            debtor_disputes=self._debtor_disputes(company, date),
        )

    def _discounted(self) -> SQL:
        """With how much a journal item (``line``) is settled early, while nothing but credit notes took from it."""
        return SQL(
            """
            CASE WHEN line.amount_residual_currency = line.amount_currency THEN line.discount_amount_currency
                 WHEN line.discount_date IS NOT NULL THEN (
                    SELECT discount.asked
                      FROM (SELECT line.*) item
                     CROSS JOIN LATERAL (%s) discount
                     WHERE line.amount_residual_currency = line.amount_currency - discount.credited
                 )
            END
            """,
            standing_sql(MATCHED, SQL("NULL::date")),
        )

    def _disputed(self, company, date) -> SQL:
        """What is disputed of a journal item (``line``): all of it where a hold names no part."""
        return SQL(
            """
            (SELECT CASE WHEN BOOL_OR(COALESCE(hold.amount, 0) = 0) THEN line.amount_residual_currency
                         ELSE SUM(hold.amount)
                    END
               FROM account_move_line_recovery_hold_rel held
               JOIN recovery_hold hold ON hold.id = held.recovery_hold_id
              WHERE held.account_move_line_id = line.id AND %s)
            """,
            self._is_dispute(company, date),
        )

    def _debtor_disputes(self, company, date) -> SQL:
        """Whether a debtor (``credit.debtor_id``) disputes everything it owes."""
        return SQL(
            """
            EXISTS (
                SELECT FROM recovery_hold hold
                 WHERE hold.partner_id = credit.debtor_id AND %s
                   AND NOT EXISTS (
                       SELECT FROM account_move_line_recovery_hold_rel held
                        WHERE held.recovery_hold_id = hold.id
                   )
            )
            """,
            self._is_dispute(company, date),
        )

    def _is_dispute(self, company, date) -> SQL:
        return SQL(
            "hold.kind = 'dispute' AND hold.company_id = ANY(%(companies)s) AND hold.date_from <= %(date)s"
            " AND (hold.date_until IS NULL OR hold.date_until >= %(date)s) AND %(stands)s",
            companies=self._companies(company),
            date=date,
            stands=self.env["recovery.hold"]._stands_sql(date),
        )

    def _step_owed(self, date) -> SQL:
        """What is owed in the order in which money settles it, disputed parts apart."""
        return SQL(
            """
            SELECT item.*, part.amount AS part, ROW_NUMBER() OVER (
                       ORDER BY date_due > %s, part.is_disputed, date_due, id
                   ) AS place
              FROM item
             CROSS JOIN LATERAL (
                VALUES (FALSE, item.amount - item.disputed), (TRUE, item.disputed)
             ) part (is_disputed, amount)
             WHERE NOT item.paid_out AND part.amount > 0
            """,
            date,
        )

    def _step_called(self) -> SQL:
        """What entries and plans are called, and what credits call the one they are for.

        A reversal ranks first, then an entry's name, then a plan's; words of a text name several entries.
        """
        names = SQL(
            "(VALUES (0, entry_id::text, entry_id), (1, owed.name, entry_id), (1, payment_reference, entry_id),"
            " (3, owed.name, entry_id), (3, payment_reference, entry_id)"
            " UNION ALL SELECT 2, called, plan_id FROM unnest(plan_names) called)"
        )
        texts = SQL(
            "(VALUES (0, reversed_entry_id::text), (1, ref), (1, credit.name), (2, ref), (2, credit.name),"
            " (2, regexp_replace(ref, %(again)s, '')), (2, regexp_replace(credit.name, %(again)s, '')), (4, NULL)"
            " UNION ALL SELECT 3, word FROM regexp_split_to_table(concat_ws(' ', ref, credit.name), %(between)s) word)",
            again=TIME_PAID,
            between=BETWEEN_WORDS,
        )
        return SQL(
            """
            SELECT debtor_id, currency_id, rank, text, ARRAY[place, said.id] AS owed, NULL::int AS credit_id,
                   NULL::date AS date, NULL::numeric AS amount, NULL::int AS reverses
              FROM owed CROSS JOIN LATERAL %s said (rank, text, id)
             WHERE text <> ''
             UNION ALL
            SELECT debtor_id, currency_id, rank, text, NULL, credit.id, date, amount, reversed_entry_id
              FROM credit CROSS JOIN LATERAL %s said (rank, text)
             WHERE text <> '' OR rank = 4
            """,
            names,
            texts,
        )

    def _step_purse(self) -> SQL:
        """The credits in their order, each with the entry or the plan it is for: the first one called as it says.

        ``words`` are the entries that words of its texts name.
        """
        return SQL(
            """
            SELECT debtor_id, currency_id, id, date, amount, reverses, words,
                   ROW_NUMBER() OVER (ORDER BY date, id) AS place,
                   CASE WHEN meant[1] < 2 THEN meant[3] END AS entry_id,
                   CASE WHEN meant[1] = 2 THEN meant[3] END AS plan_id
              FROM (
                SELECT debtor_id, currency_id, credit_id AS id, date, amount, reverses,
                       MIN(rank::bigint || meant) FILTER (WHERE meant IS NOT NULL AND rank < 3) AS meant,
                       ARRAY_AGG(DISTINCT meant[2]) FILTER (WHERE meant IS NOT NULL AND rank = 3) AS words
                  FROM (
                    SELECT *, MIN(owed) OVER (PARTITION BY debtor_id, currency_id, rank, text) AS meant FROM called
                  ) called
                 WHERE credit_id IS NOT NULL
                 GROUP BY debtor_id, currency_id, credit_id, date, amount, reverses
              ) credit
            """
        )

    def _is_open(self, company) -> SQL:
        """Whether a journal item (``line``) is on a receivable account of the creditor and open."""
        return SQL(
            "%s AND line.company_id = ANY(%s)",
            self.env["account.move.line"]._recovery_open_sql("line"),
            self._companies(company),
        )

    def _companies(self, company) -> SQL:
        """The company with all its branches, as an array."""
        return SQL("%s::int[]", list(company._recovery_branch_ids()))

    def _in_scope(self, debtors, partner: SQL) -> SQL:
        if debtors is None:
            return SQL("TRUE")
        return SQL("%s.commercial_partner_id = ANY(%s::int[])", partner, list(debtors))
