"""What is open on an account, summed by age: what its page says however many claims there are."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL, format_amount, format_date

from ..common.planner import suiting
from ..message.claim_content import ClaimContent
from ..message.content import AGE_LIMITS

#: What a row of the account says of its claim, of the journal item and of the invoice.
CLAIM_FIELDS = (
    "amount_residual",
    "currency_id",
    "date_due",
    "instalment_id",
    "move_id",
    "move_line_id",
    "plan_id",
)
ITEM_FIELDS = ("amount_currency", "date", "move_id", "name")
MOVE_FIELDS = ("invoice_date", "name")
#: Kinds of holds that a debtor reads at what they hold, in this order; why else it is left alone is ours.
TOLD_HOLDS = ("insolvency", "dispute", "promise", "negotiation")


class RecoveryClaim(models.Model):
    _inherit = "recovery.claim"

    @api.model
    def _portal_sums(self, debtor, company, date, is_money_open=True):
        """Return what ``debtor`` owes the creditor ``company``: one :class:`ClaimContent` for each age and currency.

        Each has the oldest due date of those it sums up.

        :param is_money_open: whether there is money that is matched with nothing: without, none is laid
        """
        self.env["recovery.plan.instalment"]._flush_covered()
        covered = self._covered_by_key(company, date, debtor) if is_money_open else {}
        query = SQL(
            """
            SELECT claim.currency_id, MIN(claim.date_due) AS date_due, SUM(claim.amount_residual),
                   SUM(COALESCE(laid.covered, 0))
              FROM %(claim)s claim
              LEFT JOIN unnest(%(covered_ids)s::bigint[], %(covered)s::numeric[]) laid (id, covered)
                     ON laid.id = claim.id
             WHERE claim.partner_id = %(debtor)s AND claim.company_id = ANY(%(companies)s)
             GROUP BY claim.currency_id, width_bucket(%(date)s - claim.date_due, %(ages)s::int[])
             ORDER BY date_due
            """,
            claim=self._table_sql,
            covered_ids=list(covered),
            covered=list(covered.values()),
            debtor=debtor.id,
            companies=list(company._recovery_branch_ids()),
            date=date,
            ages=[limit + 1 for limit in AGE_LIMITS],
        )
        with suiting(self.env.cr, debtor.ids):
            rows = self.env.execute_query(query)
        return [self._portal_sum(date, *row) for row in rows]

    @api.model
    def _portal_page(self, domain, offset, limit):
        """Return a page of claims, oldest due first, with what a row says of them read and nothing else.

        The view is read once, for ids and values together.
        """
        claims = self.search_fetch(domain, CLAIM_FIELDS, offset=offset, limit=limit)
        claims.move_line_id.fetch(ITEM_FIELDS)
        claims.move_id.fetch(MOVE_FIELDS)
        return claims

    def _portal_told(self, debtor, company, date):
        """Return what the debtor reads of claims besides their amounts, in its language: {id of a claim: texts}.

        What it disputes, promised, pays already or would pay by instalments: it need not guess whether we know.
        """
        told = defaultdict(list)
        by_item = {claim.move_line_id.id: claim for claim in self if claim.move_line_id}
        offered = self._portal_offered()
        for item, plan in offered.items():
            told[by_item[item].id].append(self.env._("In plan %s, not in force yet", plan.name))
        held = self._portal_held(debtor, company, date)
        promised = self._portal_promised() if any(kind == "promise" for kind, *_row in held) else {}
        for kind, item, whole, amount in held:
            if kind != "negotiation" or item not in offered:
                part = 0.0 if whole else float(amount or 0.0)
                told[by_item[item].id].append(by_item[item]._portal_hold_told(kind, part, promised.get(item)))
        return told

    def _portal_held(self, debtor, company, date):
        """Return what holds name of the claims on ``date``: rows of (kind, journal item, whole or not, amount)."""
        holds = self.env["recovery.hold"]
        holds.flush_model()
        items = SQL("SELECT unnest(%s::int[])", self.move_line_id.ids)
        rows = [
            SQL(
                "SELECT %s AS kind, move_line_id, whole, amount FROM (%s) held",
                kind,
                holds._items_held_sql(company, date, items, (kind,)),
            )
            for kind in TOLD_HOLDS
        ]
        with suiting(self.env.cr, debtor.ids):
            return self.env.execute_query(SQL(" UNION ALL ").join(rows))

    def _portal_offered(self):
        """Return {id of a journal item: the plan} that is offered, or signed, and not in force yet."""
        covered = self.env["recovery.plan.item"].search(
            [
                ("move_line_id", "in", self.move_line_id.ids),
                ("plan_id.state", "in", ("proposed", "accepted")),
            ]
        )
        return {item.move_line_id.id: item.plan_id for item in covered}

    def _portal_promised(self):
        """Return {id of a journal item: the day by which it is promised}."""
        promises = self.env["recovery.promise"].search(
            [("move_line_ids", "in", self.move_line_id.ids), ("state", "=", "open")]
        )
        return {item.id: promise.date_promised for promise in promises for item in promise.move_line_ids}

    def _portal_hold_told(self, kind, part, date_promised):
        """Return what a hold means to the debtor: of ``kind``, of a ``part`` of the item only where that is not 0.

        :param date_promised: the day by which it promised to pay; None for a payment that it announced
        """
        if kind == "dispute" and part:
            return self.env._("In dispute: %s", format_amount(self.env, part, self.currency_id))
        if kind == "promise" and date_promised:
            return self.env._("Promised by %s", format_date(self.env, date_promised))
        return {
            "insolvency": self.env._("Declared in insolvency"),
            "dispute": self.env._("In dispute"),
            "promise": self.env._("Payment announced"),
            "negotiation": self.env._("Plan asked for"),
        }[kind]

    def _portal_sum(self, date, currency_id, date_due, residual, covered):
        currency = self.env["res.currency"].browse(currency_id)
        residual = currency.round(float(residual))
        return ClaimContent(
            number="",
            date=date_due,
            date_due=date_due,
            amount=residual,
            residual=residual,
            covered=currency.round(float(covered)),
            received=0.0,
            currency=currency,
            days_late=max((date - date_due).days, 0),
        )
