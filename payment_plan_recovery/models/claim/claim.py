"""Claims: what is owed at one date, read from the ledger and the plans by a view."""

import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.claim_key import claim_key_sql, instalment_key_sql
from .hold import SET_ASIDE

#: Orders in which the indexes of both sets of claims lie.
BY_DATE = re.compile(r"\s*date_due(\s+(asc|desc))?\s*(,\s*id(\s+(asc|desc))?\s*)?", re.IGNORECASE)


class RecoveryClaim(models.Model):
    """One amount owed at one date: an open receivable item, or an instalment for the items of its plan.

    ``id`` is twice the journal item's id, or twice the instalment's id plus one.
    """

    _name = "recovery.claim"
    _inherit = ["recovery.claim.judged", "recovery.claim.overdue"]
    _description = "Claim"
    _auto = False
    _order = "date_due, id"
    _rec_name = "display_name"
    _rec_names_search = ["move_id.display_name", "instalment_id.display_name"]
    # What the view reads, for the ORM to write out before a search or a read.
    _depends = {
        "account.account": ["account_type"],
        "account.move": ["recovery_policy_id"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "amount_residual_currency",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "move_id",
            "no_followup",
            "parent_state",
            "partner_id",
            "reconciled",
            "recovery_level_id",
        ],
        "res.partner": ["commercial_partner_id"],
    }

    move_line_id = fields.Many2one("account.move.line", string="Journal item", readonly=True)
    instalment_id = fields.Many2one("recovery.plan.instalment", readonly=True)
    plan_id = fields.Many2one("recovery.plan", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", readonly=True, help="Commercial entity that owes."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    date_due = fields.Date(string="Due date", readonly=True, help="Day from which the amount is late.")
    amount_residual = fields.Monetary(
        string="Owed", readonly=True, help="Still owed, in the claim's currency."
    )
    amount_company = fields.Monetary(
        string="Owed (company currency)",
        currency_field="company_currency_id",
        readonly=True,
        help="Still owed, in the company's currency.",
    )
    no_followup = fields.Boolean(
        string="No follow-up",
        readonly=True,
        help="The journal item is excluded from follow-up in Accounting.",
    )
    chosen_policy_id = fields.Many2one(
        "recovery.dunning.policy", readonly=True, help="Dunning policy set on the invoice by hand."
    )
    chosen_level_id = fields.Many2one(
        "recovery.dunning.level", readonly=True, help="Next dunning level set on the journal item by hand."
    )

    def init(self):
        # The view has no data of its own: it is made again at each installation and upgrade,
        # once the tables of plans, a room below that it asks for its part, are there too.
        self.env.registry.post_init(self._make_view)

    def _make_view(self):
        instalments = self.env["recovery.plan.instalment"]._claims_sql()
        self.env.cr.execute("DROP VIEW IF EXISTS recovery_claim")
        self.env.cr.execute(SQL("CREATE VIEW recovery_claim AS %s UNION ALL %s", self._items(), instalments))

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **access):
        """A page of claims by due date is the first of both sets: of each no more are read, in its index's order.

        The view itself would be sorted as a whole. Whoever asks of some debtors is given the view: read in the order of
        days, all claims might have to be looked at for one debtor's.
        """
        query = super()._search(domain, offset, limit, order, **access)
        if query.limit and order and BY_DATE.fullmatch(order) and self._is_broad(domain):
            query.limit, query.offset = limit + (offset or 0), None
            sets = (self._items(), self.env["recovery.plan.instalment"]._claims_sql())
            firsts = [self._first_of(query, claims) for claims in sets]
            read = SQL().join(SQL(to_flush=field) for field in self._table_sql.to_flush)
            query._tables[self._table] = SQL("((%s) UNION ALL (%s))%s", *firsts, read)
            query._where_clauses = []  # each set was asked already
            query.limit, query.offset = limit, offset
        return query

    def _is_broad(self, domain):
        """Whether a domain names no debtors, documents or claims: those are found by their own indexes."""
        names = {condition.field_expr.partition(".")[0] for condition in Domain(domain).iter_conditions()}
        fields_asked = [self._fields[name] for name in names]
        return not any(
            field.name in ("id", "display_name")
            or field.related
            or (field.store and field.comodel_name not in (None, "res.company", "res.currency"))
            for field in fields_asked
        )

    def _first_of(self, query, claims: SQL) -> SQL:
        """Return what the ``query`` over this model finds first of those ``claims``."""
        query._tables[self._table] = SQL("(%s)", claims)
        return query.select(SQL("%s.*", SQL.identifier(self._table)))

    def _compute_display_name(self):
        for claim in self:
            claim.display_name = claim.instalment_id.display_name or claim.move_id.display_name

    @api.model
    def _open_sql(self, company, debtor_ids=None) -> SQL:
        """Return a query of the claims of ``company`` with its branches, with every stored column.

        :param debtor_ids: those of these debtors only
        """
        return SQL(
            "SELECT claim.* FROM recovery_claim claim WHERE claim.company_id = ANY(%s) AND %s",
            list(company._recovery_branch_ids()),
            SQL("TRUE") if debtor_ids is None else SQL("claim.partner_id = ANY(%s::int[])", debtor_ids),
        )

    @api.model
    def _covered_sql(self, company, date, debtors=None, laid=None, earned=()) -> SQL:
        """Query of (id, covered): what unmatched money lies over, of the claims of ``company`` with its branches.

        :param debtors: ids of commercial entities, None for all of them
        :param laid: a step of the reader's own query that is ``recovery.open.money._covered_sql()`` already
        :param earned: ids of items in plans, see ``recovery.plan._earned_items``, or a query of them
        """
        return SQL(
            """
            WITH money AS MATERIALIZED (%(of_items)s)
            SELECT %(item)s AS id, covered FROM money
             UNION ALL
            SELECT %(instalment)s, covered FROM (%(of_instalments)s) instalment
            """,
            of_items=SQL("SELECT * FROM %s", laid)
            if laid
            else self.env["recovery.open.money"]._covered_sql(company, date, debtors),
            item=claim_key_sql(SQL("item_id")),
            instalment=instalment_key_sql(SQL("instalment_id")),
            of_instalments=self.env["recovery.plan.instalment"]._covered_sql(
                company, date, debtors, laid=SQL("money"), earned=earned
            ),
        )

    def _covered(self, date, *, by_money=False):
        """Return what unmatched money lies over each claim on ``date``, in its currency: {id: amount above 0}.

        :param by_money: see :meth:`_covered_by_key`
        """
        covered = {}
        for company, claims in self.grouped("company_id").items():
            covered |= self._covered_by_key(company, date, claims.partner_id, by_money=by_money)
        return covered

    def _uncovered(self, date):
        """Return what no money lies over of each claim on ``date``, in its currency: {id: amount, 0 included}."""
        covered = self._covered(date)
        return {
            claim.id: claim.currency_id.round(claim.amount_residual - covered.get(claim.id, 0.0))
            for claim in self
        }

    def _asked(self, date, set_aside=SET_ASIDE):
        """Return what is asked of each claim on ``date``, in its currency: {id: amount, 0 included}.

        What no money lies over, less what a hold names of it for which it is ``set_aside`` (kinds of holds), and what
        nobody asks for. Without kinds, nothing is left out: whoever chose the claims wants them.
        """
        asked, holds = self._uncovered(date), self.env["recovery.hold"]
        self.env.flush_all()
        for creditor, claims in self.grouped(lambda claim: claim.company_id._recovery_creditor()).items():
            items = SQL("SELECT unnest(%s::int[])", claims.move_line_id.ids)
            query = holds._items_held_sql(creditor, date, items, set_aside)
            held = {row[0]: row[1:] for row in self.env.execute_query(query)}
            for claim in claims.filtered(lambda claim, held=held: claim.move_line_id.id in held):
                whole, part = held[claim.move_line_id.id]
                left = 0.0 if whole else max(asked[claim.id] - float(part), 0.0)
                asked[claim.id] = claim.currency_id.round(left)
            for claim_id, part in (claims._spared(creditor, date, set_aside) if set_aside else {}).items():
                left = 0.0 if part is None else max(asked[claim_id] - part, 0.0)
                asked[claim_id] = self.browse(claim_id).currency_id.round(left)
        return asked

    @api.model
    def _covered_by_key(self, company, date, debtors, *, by_money=False):
        """Return the same of all claims of ``debtors`` (commercial entities) with ``company``.

        :param by_money: by money alone, and not by discounts that were earned on what plans cover
        """
        self.env["recovery.plan.instalment"]._flush_covered()
        earned = [] if by_money else self.env["recovery.plan"]._earned_items(company, date, debtors.ids)
        if not earned and not self.env["recovery.open.money"]._is_any(company, date, debtors.ids):
            return {}
        query = self._covered_sql(company, date, debtors.ids, earned=earned)
        rows = self.env.execute_query(SQL("SELECT id, covered FROM (%s) laid", query))
        return {claim_id: float(amount) for claim_id, amount in rows}

    def action_why_not(self):
        """Open why the claim is chased or not, with the records that decide."""
        self.ensure_one()
        return self._judging_run(self.company_id)._why_not(self)

    def _items_of_one_kind(self):
        """The claims' journal items; none where an instalment is among them, for then it is about the debtor."""
        return self.env["account.move.line"] if self.instalment_id else self.move_line_id

    def _items(self) -> SQL:
        """Open receivable items that no live plan covers, due on the entry's date when none was given."""
        return SQL(
            """
            SELECT %(key)s AS id, item.id AS move_line_id, NULL::int AS instalment_id,
                   NULL::int AS plan_id,
                   item.move_id, debtor.commercial_partner_id AS partner_id, item.company_id,
                   item.currency_id,
                   item.company_currency_id, item.account_id, COALESCE(item.date_maturity,
                   item.date) AS date_due,
                   item.amount_residual_currency AS amount_residual, item.amount_residual AS amount_company,
                   COALESCE(item.no_followup, FALSE) AS no_followup,
                   move.recovery_policy_id AS chosen_policy_id,
                   item.recovery_level_id AS chosen_level_id
              FROM account_move_line item
              LEFT JOIN account_move move ON move.id = item.move_id AND move.recovery_policy_id IS NOT NULL
              JOIN res_partner debtor ON debtor.id = item.partner_id
             -- As an array: joined to few accounts, the planner would expect few items.
             WHERE %(receivable)s
               AND item.parent_state = 'posted'
               AND item.reconciled IS NOT TRUE
               AND item.amount_residual_currency > 0
               AND NOT %(covered)s
            """,
            receivable=self.env["account.move.line"]._recovery_receivable_sql("item"),
            key=claim_key_sql(SQL("item.id")),
            covered=self.env["recovery.plan.item"]._covers_sql(SQL("item.id")),
        )

    @api.model
    def _uncovered_sql(self, companies, date, debtors=None, due_before=None, earned=()) -> SQL:
        """Return a query of (id, partner_id, company_id, date_due, amount): what no money lies over on ``date``.

        One row for each claim of ``companies``, which belong to one creditor, with what is still to be claimed of
        it in the company's currency. Call ``recovery.plan.instalment._flush_covered()`` before; ``execute_query``
        writes out what else is read.

        The full join keeps the database from comparing every claim with every credit, whatever it believes of
        how many there are; OFFSET 0 keeps it from taking another join instead.

        :param debtors: ids of commercial entities, None for all of them
        :param due_before: only claims that fall due before that day
        :param earned: see :meth:`_covered_sql`
        """
        asked = self._asked_sql(companies, debtors, due_before)
        covered = self._covered_sql(companies[:1], date, debtors, earned=earned)
        laid = self._laid_over_sql(companies, asked, covered)
        return SQL("SELECT * FROM (%s) claim WHERE amount > 0", laid)

    @api.model
    def _laid_over_sql(self, companies, asked: SQL, covered: SQL) -> SQL:
        """Return the query of :meth:`_uncovered_sql`, with what is covered wholly; some rows are no claim (no id).

        :param asked: condition on the claims
        :param covered: the query of :meth:`_covered_sql`
        """
        return SQL(
            """
            SELECT claim.id, claim.partner_id, claim.company_id, claim.date_due,
                   CASE WHEN laid.covered IS NULL THEN claim.amount_company
                        ELSE claim.amount_company - ROUND(
                            claim.amount_company * laid.covered / claim.amount_residual / %(unit)s::numeric
                        ) * %(unit)s::numeric
                   END AS amount
              FROM (
                SELECT * FROM %(claim)s WHERE %(asked)s
              ) claim
              FULL JOIN (%(laid)s) laid ON laid.id = claim.id
            OFFSET 0
            """,
            claim=self._table_sql,
            # sudo: the branches of a creditor have one currency, a user may be in one of them
            unit=str(companies[:1].sudo().currency_id.rounding),
            asked=asked,
            laid=covered,
        )

    @api.model
    def _asked_sql(self, companies, debtors, due_before) -> SQL:
        """Condition on claims: of which companies, of which debtors (None: all), due before which day (None: any)."""
        asked = [SQL("company_id = ANY(%s::int[])", companies.ids)]
        if debtors is not None:
            asked.append(SQL("partner_id = ANY(%s::int[])", list(debtors)))
        if due_before:
            asked.append(SQL("date_due < %s", due_before))
        return SQL(" AND ").join(asked)
