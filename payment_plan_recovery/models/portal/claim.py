"""What is open on an account: summed by age however many claims there are, and page by page."""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, format_amount, format_date

from ...tools.text import one_line
from ..common.claim_key import claim_key
from ..common.planner import one_by_one
from ..message.claim_content import ClaimContent
from ..message.content import AGE_LIMITS
from .row import Row, Rows

#: Kinds of holds that a debtor reads at what they hold, in this order; why else it is left alone is ours.
TOLD_HOLDS = ("insolvency", "dispute", "promise", "negotiation")


#: What lies over a claim, and what is let go of it, of given claims.
LAID = "LEFT JOIN unnest(%s::bigint[], %s::numeric[], %s::numeric[]) laid (id, covered, let_go) ON laid.id = claim.id"
#: Whether somebody asks for anything of a claim, as :attr:`ClaimContent.is_let_go` says it.
ASKED = "laid.let_go IS NOT DISTINCT FROM 0 OR laid.id IS NULL OR laid.covered + laid.let_go < claim.amount_residual"
#: Columns of a claim that a page reads.
CLAIM = (
    "id",
    "move_line_id",
    "move_id",
    "plan_id",
    "instalment_id",
    "date_due",
    "amount_residual",
    "currency_id",
    "company_id",
)
#: Where the due date stands among them.
DUE = CLAIM.index("date_due")


class Found(NamedTuple):
    """A claim as a page of the account reads it; ids are None where it is about no such thing."""

    move_line_id: int | None
    move_id: int | None
    plan_id: int | None
    instalment_id: int | None
    date_due: date
    amount_residual: float
    currency_id: int
    company_id: int | None
    amount: float | None
    date: date | None
    number: str | None


class Opened(NamedTuple):
    """What is open on an account: ``claims``, one :class:`ClaimContent` for each age and currency, of how many.

    ``let_go`` is what nobody asks for of them, by their ids; ``unplanned`` is when the first claim falls due that is in
    no plan and asked for, None for none: only there the debtor may act. ``page`` are those :class:`Found` on the page
    that was asked for.
    """

    claims: list
    count: int
    unplanned: date | None
    page: list
    let_go: dict


class RecoveryClaim(models.Model):
    _inherit = "recovery.claim"

    @api.model
    def _portal_open_with(self, debtor, creditors):
        """Return {creditor: [(currency, open amount)]}: what a debtor owes each, of all its branches."""
        found = {creditor: defaultdict(float) for creditor in creditors}
        branches = [company_id for creditor in creditors for company_id in creditor._recovery_branch_ids()]
        domain = [("partner_id", "=", debtor.id), ("company_id", "in", branches)]
        groups = self._read_group(domain, ["company_id", "currency_id"], ["amount_residual:sum"])
        for company, currency, amount in groups:
            found[company._recovery_creditor()][currency] += amount
        return {creditor: list(amounts.items()) for creditor, amounts in found.items()}

    @api.model
    def _portal_opened(self, debtor, content, page, *, is_money_open=True):
        """Return what ``debtor`` owes the creditor and on the day of ``content``, :class:`Opened` at a page.

        It is read in one statement. What is summed up falls due when the oldest of it does.

        :param page: (offset, limit)
        :param is_money_open: whether there is money that is matched with nothing: without, none is laid
        """
        company, date = content.company, content.date
        self._portal_flush()
        self.env["recovery.plan.instalment"]._flush_covered()
        covered = self._covered_by_key(company, date, debtor, by_money=True) if is_money_open else {}
        let_go = self._let_go_by_key(company, date, debtor)
        claims = SQL(
            "SELECT %s FROM %s WHERE partner_id = %s AND company_id = ANY(%s)",
            SQL(", ").join(map(SQL.identifier, CLAIM)),
            self._table_sql,
            debtor.id,
            list(company._recovery_branch_ids()),
        )
        page = SQL("SELECT * FROM claim ORDER BY date_due, id OFFSET %s LIMIT %s", *page)
        query = SQL(
            """
            WITH claim AS MATERIALIZED (%s)
            SELECT page.*, NULL AS count, NULL AS unplanned, NULL AS covered, NULL AS let_go FROM (%s) page
             UNION ALL
            %s
            """,
            claims,
            self._portal_page_sql(page),
            self._portal_sums_sql(date, covered, let_go),
        )
        with one_by_one(self.env.cr):
            rows = self.env.execute_query(query)
        return self._portal_sorted(date, rows, let_go)

    def _portal_sorted(self, date, rows, let_go):
        """Return what :meth:`_portal_opened` has read as :class:`Opened`: sums have no id."""
        found = [row for row in rows if row[0]]
        sums = sorted([row for row in rows if not row[0]], key=lambda row: row[DUE])
        return Opened(
            [self._portal_sum(date, Found(*row[1:-4]), *row[-2:]) for row in sums],
            sum(row[-4] for row in sums),
            min((row[-3] for row in sums if row[-3]), default=None),
            [Found(*row[1:-4]) for row in sorted(found, key=lambda row: (row[DUE], row[0]))],
            let_go,
        )

    def _portal_sums_sql(self, date, covered, let_go) -> SQL:
        """Query of sums of ``claim`` by age and currency, with the columns of :meth:`_portal_page_sql` and four more.

        :param covered: {key of a claim: what money matched with nothing lies over it}
        :param let_go: {key of a claim: what nobody asks for of it besides}
        """
        keys = list(covered | let_go)
        return SQL(
            """
            SELECT NULL, NULL, NULL, NULL, NULL, COALESCE(MIN(claim.date_due) FILTER (WHERE %(asked)s),
                   MIN(claim.date_due)), SUM(claim.amount_residual), claim.currency_id, NULL, NULL, NULL, NULL,
                   COUNT(*), MIN(claim.date_due) FILTER (WHERE claim.instalment_id IS NULL AND (%(asked)s)),
                   SUM(%(covered)s), SUM(%(let_go)s)
              FROM claim %(laid)s
             GROUP BY claim.currency_id, %(age)s
            """,
            covered=SQL("COALESCE(laid.covered, 0)") if keys else SQL("0"),
            let_go=SQL("COALESCE(laid.let_go, 0)") if keys else SQL("0"),
            asked=SQL(ASKED) if keys else SQL("TRUE"),
            laid=SQL(LAID, keys, *([laid.get(key, 0) for key in keys] for laid in (covered, let_go)))
            if keys
            else SQL(),
            # several times as fast as width_bucket() over an array
            age=SQL(" + ").join(
                SQL("(claim.date_due < %s)::int", date - timedelta(days=limit)) for limit in AGE_LIMITS
            ),
        )

    @api.model
    def _portal_found(self, domain, offset, limit):
        """Return a page of the claims of ``domain``, as :class:`Found`, oldest due first."""
        self._portal_flush()
        query = self._search(domain, offset=offset, limit=limit, order=self._order)
        claims = query.select(*(SQL.identifier(self._table, name) for name in CLAIM))
        page = self._portal_page_sql(claims)
        with one_by_one(self.env.cr):
            rows = self.env.execute_query(SQL("SELECT * FROM (%s) page ORDER BY date_due, id", page))
        return [Found(*row[1:]) for row in rows]

    def _portal_flush(self):
        """Write out what a page reads besides claims."""
        self.env["account.move.line"].flush_model(["amount_currency", "date", "name"])
        self.env["account.move"].flush_model(["invoice_date", "name"])

    @api.model
    def _portal_page_sql(self, claims: SQL) -> SQL:
        """Query of the id of each of ``claims`` (query of the columns CLAIM) and of what :class:`Found` holds of it."""
        return SQL(
            """
            SELECT claim.*, item.amount_currency, COALESCE(move.invoice_date, item.date) AS date,
                   COALESCE(NULLIF(move.name, ''), item.name) AS number
              FROM (%s) claim
              LEFT JOIN account_move_line item ON item.id = claim.move_line_id
              LEFT JOIN account_move move ON move.id = item.move_id
            """,
            claims,
        )

    @api.model
    def _portal_page(self, company, date, rows, let_go):
        """Return the :class:`Row` of each claim of a page, of those :class:`Found`.

        :param let_go: {id of a claim: what nobody asks for of it}
        """
        currencies = self.env["res.currency"]
        owed_in = {row.move_line_id: currencies.browse(row.currency_id) for row in rows if row.move_line_id}
        said = self._portal_told(company, date, owed_in)
        # of a page few are instalments: they are read as records, together
        instalments = self.env["recovery.plan.instalment"].browse(
            row.instalment_id for row in rows if row.instalment_id
        )
        by_id = {instalment.id: instalment for instalment in instalments}
        branches = self._portal_branches(company, rows)
        return Rows(
            Row(
                *row[:3],
                self._portal_content(
                    date,
                    row,
                    by_id.get(row.instalment_id),
                    branches.get(row.company_id, ""),
                    let_go.get(claim_key(row.move_line_id, row.instalment_id), 0.0),
                ),
                said.get(row.move_line_id, []),
            )
            for row in rows
        )

    @api.model
    def _portal_branches(self, company, rows):
        """Return {id: name} of the companies that the ``rows`` are owed to; nothing while that is ``company`` alone."""
        owed = {row.company_id for row in rows} - {None}
        if owed <= {company.id}:
            return {}
        # sudo: whom a debtor owes it may know
        return {branch.id: branch.name for branch in self.env["res.company"].sudo().browse(owed)}

    def _portal_content(self, date, row, instalment, branch, let_go):
        """Return a claim that was :class:`Found` as it is printed; of an ``instalment`` where it is one."""
        currency = self.env["res.currency"].browse(row.currency_id)
        amount = instalment.amount if instalment else row.amount
        return ClaimContent(
            number=instalment._recovery_number() if instalment else one_line(row.number),
            date=instalment.plan_id.date_accepted if instalment else row.date,
            date_due=row.date_due,
            amount=amount,
            received=currency.round(amount - row.amount_residual) if amount != row.amount_residual else 0.0,
            residual=row.amount_residual,
            let_go=let_go,
            currency=currency,
            days_late=max((date - row.date_due).days, 0),
            branch=branch,
        ).as_asked()

    @api.model
    def _portal_told(self, company, date, owed_in):
        """Return what the debtor reads of items besides their amounts, in its language: {id of a journal item: texts}.

        What it disputes, promised, pays already or would pay by instalments: it need not guess whether we know.

        :param owed_in: {id of a journal item: its currency}
        """
        told, items = defaultdict(list), list(owed_in)
        offered = self._portal_offered(items)
        for item, plan_name in offered.items():
            told[item].append(self.env._("In plan %s, not in force yet", plan_name))
        held = self._portal_held(company, date, items)
        promised = self._portal_promised(items) if any(kind == "promise" for kind, *_row in held) else {}
        for kind, item, whole, amount in held:
            if kind != "negotiation" or item not in offered:
                part = "" if whole or not amount else format_amount(self.env, amount, owed_in[item])
                told[item].append(self._portal_hold_told(kind, part, promised.get(item)))
        return told

    def _portal_held(self, company, date, items):
        """Return what holds name of ``items`` on ``date``: rows of (kind, journal item, whole or not, amount)."""
        holds = self.env["recovery.hold"]
        holds.flush_model()
        asked = SQL("SELECT unnest(%s::int[])", items)
        held = holds._items_held_sql(company, date, asked, TOLD_HOLDS, by_kind=True)
        rows = self.env.execute_query(held)
        return sorted(rows, key=lambda row: TOLD_HOLDS.index(row[0]))

    def _portal_offered(self, items):
        """Return {id of a journal item: the name of the plan} that is offered, or signed, and not in force yet."""
        asked = SQL("SELECT unnest(%s::int[])", items)
        return dict(self.env.execute_query(self.env["recovery.plan"]._offered_items_sql(asked)))

    def _portal_promised(self, items):
        """Return {id of a journal item: the day by which it is promised}."""
        promises = self.env["recovery.promise"].search(
            [("move_line_ids", "in", items), ("state", "=", "open")]
        )
        return {item.id: promise.date_promised for promise in promises for item in promise.move_line_ids}

    def _portal_hold_told(self, kind, part, date_promised):
        """Return what a hold means to the debtor: of ``kind``, of a ``part`` of the item, where it names one.

        :param date_promised: the day by which it promised to pay; None for a payment that it announced
        """
        if kind == "dispute" and part:
            return self.env._("In dispute: %s", part)
        if kind == "promise" and date_promised:
            return self.env._("Promised by %s", format_date(self.env, date_promised))
        return {
            "insolvency": self.env._("Declared in insolvency"),
            "dispute": self.env._("In dispute"),
            "promise": self.env._("Payment announced"),
            "negotiation": self.env._("Plan asked for"),
        }[kind]

    def _portal_sum(self, date, found, covered, let_go):
        """Return a sum of claims, :class:`Found`, as a claim; ``covered``: what money lies over of them."""
        currency = self.env["res.currency"].browse(found.currency_id)
        residual = currency.round(float(found.amount_residual))
        return ClaimContent(
            number="",
            date=found.date_due,
            date_due=found.date_due,
            amount=residual,
            residual=residual,
            covered=currency.round(float(covered)),
            let_go=currency.round(float(let_go)),
            received=0.0,
            currency=currency,
            days_late=max((date - found.date_due).days, 0),
        ).as_asked()
