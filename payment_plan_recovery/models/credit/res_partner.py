"""The debtor's exposure against its limit, to read, to search and to sort by."""

import operator as compare
from itertools import repeat

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..solvency.res_partner import IN_FORCE, READERS
from .exposure import PARTS, TOTAL

#: Fields that are columns of the exposure's statement, for searching and sorting.
EXPOSURE_COLUMNS = {"recovery_exposure": "total"} | {f"recovery_exposure_{part}": part for part in PARTS}


COMPARE = {
    "=": compare.eq,
    "!=": compare.ne,
    "<": compare.lt,
    "<=": compare.le,
    ">": compare.gt,
    ">=": compare.ge,
}


class ResPartner(models.Model):
    """The debtor's credit: exposure against limit. Always that of the commercial entity."""

    _name = "res.partner"
    _inherit = ["res.partner", "recovery.exposure"]

    recovery_incentive_id = fields.Many2one(
        "recovery.incentive.grant",
        string="Reward",
        compute="_compute_recovery_incentive_id",
        groups=READERS,
        help="What the debtor earned by paying in time: proposed, or granted and not taken back.",
    )
    recovery_exposure = fields.Monetary(
        string="Exposure",
        compute="_compute_recovery_exposure",
        search=lambda self, operator, value: self._search_exposure("recovery_exposure", operator, value),
        groups=READERS,
        help="What the company would lose if the debtor never paid: open receivables less credits, plus "
        "sales to be "
        "invoiced, plus drafts where they count, less guarantees; in the company's currency.",
    )
    recovery_exposure_receivable = fields.Monetary(
        string="Open receivables",
        compute="_compute_recovery_exposure_parts",
        search=lambda self, operator, value: self._search_exposure(
            "recovery_exposure_receivable", operator, value
        ),
        groups=READERS,
        help="Posted and not paid.",
    )
    recovery_exposure_credit = fields.Monetary(
        string="Credits",
        compute="_compute_recovery_exposure_parts",
        search=lambda self, operator, value: self._search_exposure(
            "recovery_exposure_credit", operator, value
        ),
        groups=READERS,
        help="Credit notes and payments not reconciled yet, as a negative amount.",
    )
    recovery_exposure_to_invoice = fields.Monetary(
        string="To be invoiced",
        compute="_compute_recovery_exposure_parts",
        search=lambda self, operator, value: self._search_exposure(
            "recovery_exposure_to_invoice", operator, value
        ),
        groups=READERS,
        help="Confirmed sales not invoiced yet, taxes included.",
    )
    recovery_exposure_draft = fields.Monetary(
        string="Draft invoices",
        compute="_compute_recovery_exposure_parts",
        search=lambda self, operator, value: self._search_exposure(
            "recovery_exposure_draft", operator, value
        ),
        groups=READERS,
        help="Drafts of invoices and credit notes, where the company counts them.",
    )
    recovery_exposure_guarantee = fields.Monetary(
        string="Guarantees",
        compute="_compute_recovery_exposure_parts",
        search=lambda self, operator, value: self._search_exposure(
            "recovery_exposure_guarantee", operator, value
        ),
        groups=READERS,
        help="Guarantees that hold today, as a negative amount. Credit insurance is a figure of the limit "
        "instead.",
    )
    recovery_has_limit = fields.Boolean(
        string="Has a limit",
        compute="_compute_recovery_limit",
        groups=READERS,
        help="A credit limit is set, or a risk class is: with a class, a limit of 0 means no credit.",
    )
    recovery_limit = fields.Monetary(
        string="Limit in force",
        compute="_compute_recovery_limit",
        groups=READERS,
        help="Credit limit with the company; where it gives none, that of the nearest company it is a branch of.",
    )
    recovery_credit_available = fields.Monetary(
        string="Credit left",
        compute="_compute_recovery_limit",
        search=lambda self, operator, value: self._search_exposure(
            "recovery_credit_available", operator, value
        ),
        groups=READERS,
        help="Limit less exposure; negative when the limit is passed.",
    )
    recovery_limit_usage = fields.Float(
        string="Limit used (%)",
        compute="_compute_recovery_limit",
        groups=READERS,
        help="Exposure in percent of the limit.",
    )
    recovery_over_limit = fields.Boolean(
        string="Over limit",
        compute="_compute_recovery_limit",
        search="_search_recovery_over_limit",
        groups=READERS,
        help="The exposure passes the credit limit.",
    )

    @api.depends_context("company")
    def _compute_recovery_incentive_id(self):
        grants = self.env["recovery.incentive.grant"]._open_of(self.commercial_partner_id)
        for partner in self:
            partner.recovery_incentive_id = grants.get(partner.commercial_partner_id)

    @api.depends_context("company")
    def _compute_recovery_exposure(self):
        self._fill_exposures(("recovery_exposure",))

    @api.depends_context("company")
    def _compute_recovery_exposure_parts(self):
        self._fill_exposures([name for name in EXPOSURE_COLUMNS if name != "recovery_exposure"])

    def _fill_exposures(self, names):
        """Read these fields of all the records in one statement, and only what they need."""
        date = self.env.company._recovery_today()
        debtors = self.commercial_partner_id
        columns = [EXPOSURE_COLUMNS[name] for name in names]
        rows = self._exposure_rows(self.env.company, date, debtors.ids, columns)
        debtor_ids = self._ids
        if debtors != self:
            debtor_ids = [partner.commercial_partner_id.id for partner in self]
        for index, name in enumerate(names, 1):
            found = {row[0]: row[index] for row in rows if row[index]}
            amounts = [found.get(debtor_id, 0.0) for debtor_id in debtor_ids] if found else repeat(0.0)
            # Set in one go: thousands of assignments would take longer than the statement.
            self._fields[name]._insert_cache(self, amounts)

    @api.depends_context("company")
    @api.depends("credit_limit", "recovery_risk_class")
    def _compute_recovery_limit(self):
        for partner in self:
            terms = partner.commercial_partner_id._recovery_credit_terms(self.env.company)
            exposure = partner.recovery_exposure
            left = terms.limit - exposure if terms.has_limit else 0.0
            partner.recovery_has_limit = terms.has_limit
            partner.recovery_limit = terms.limit
            partner.recovery_credit_available = left
            partner.recovery_over_limit = self.env.company.currency_id.compare_amounts(left, 0.0) < 0
            partner.recovery_limit_usage = 100 * exposure / terms.limit if terms.limit > 0 else 0.0

    # Searching and sorting. The figures of everybody are read first, and the query is given what was found: it can
    # neither work them out once for each contact nor once for each line of a page, whatever the planner believes.

    @api.model
    def _search_exposure(self, name, operator, value):
        if operator in ("in", "not in"):
            condition = Domain.OR(self._search_exposure(name, "=", amount) for amount in value)
            return ~condition if operator == "not in" else condition
        if operator not in COMPARE:
            return NotImplemented
        amount = float(value or 0.0)
        # Who has no limit has no credit left either, but who is not told of has an exposure of zero.
        is_among = name == "recovery_credit_available" or not COMPARE[operator](0.0, amount)
        found = self._exposure_found(name, operator, amount, fits=is_among)

        def to_sql(partners, alias, query):
            debtor = partners._field_to_sql(alias, "commercial_partner_id", query)
            return SQL("%s = ANY(%s::int[])" if is_among else "%s <> ALL(%s::int[])", debtor, found)

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _exposure_found(self, name, operator, amount, *, fits):
        """Return the debtors whose figure compares so with ``amount``, or (``fits`` false) does not.

        The text of an array: so many ids take longer to come here and go back than to be found.
        """
        unit = str(self.env.company.currency_id.rounding)
        query = SQL(
            """
            SELECT COALESCE(ARRAY_AGG(debtor_id), '{}')::text
              FROM (%(told)s) told
             WHERE (ROUND(figure / %(unit)s::numeric) * %(unit)s::numeric %(compares)s %(amount)s::numeric) = %(fits)s
            """,
            told=self._exposure_told_sql(name),
            unit=unit,
            compares=SQL("<>" if operator == "!=" else operator),
            amount=str(amount),
            fits=fits,
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _search_recovery_over_limit(self, operator, value):
        if operator != "in":
            return NotImplemented
        over = self._search_exposure("recovery_credit_available", "<", 0.0)
        if set(value) == {True}:
            return over
        return ~over if set(value) == {False} else Domain.TRUE

    @api.model
    def _exposure_told(self, name):
        """Return pairs of debtor id and figure: of who has an exposure, or a limit where it is credit left."""
        unit = self.env.company.currency_id
        rows = self.env.execute_query(self._exposure_told_sql(name))
        return [(debtor_id, unit.round(float(figure))) for debtor_id, figure in rows]

    @api.model
    def _exposure_told_sql(self, name) -> SQL:
        """Query of the same, figures not rounded yet. What it reads is written out."""
        self._check_field_access(self._fields[name], "read")
        company = self.env.company
        date = company._recovery_today()
        self._flush_exposure()
        if name not in EXPOSURE_COLUMNS:
            return self._credit_left_sql(company, date)
        column = EXPOSURE_COLUMNS[name]
        query = self._exposure_sql(company, date, columns=(column,))
        return SQL(
            "SELECT debtor_id, COALESCE(%s, 0) AS figure FROM (%s) told", SQL.identifier(column), query
        )

    @api.model
    def _credit_left_sql(self, company, date) -> SQL:
        """Query of (debtor_id, figure): the credit left of the debtors who have a limit.

        A limit is worked out once (OFFSET 0). A full join, kept from becoming another one: sets are joined as sets.
        """
        return SQL(
            """
            SELECT debtor_id, credit_limit - COALESCE(total, 0) AS figure
              FROM (
                SELECT limited.id AS debtor_id, limited.credit_limit, exposure.total
                  FROM (
                    SELECT debtor.id, %(limit)s AS credit_limit
                      FROM res_partner debtor
                     WHERE debtor.commercial_partner_id = debtor.id
                    OFFSET 0
                  ) limited
                  FULL JOIN (%(exposure)s) exposure ON exposure.debtor_id = limited.id
                OFFSET 0
              ) debtor
             WHERE credit_limit IS NOT NULL
            """,
            limit=self._limit_sql("debtor", company),
            exposure=self._exposure_sql(company, date, columns=(TOTAL,)),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if query is not None and field_expr in IN_FORCE:
            self._check_field_access(self._fields[field_expr], "read")
            debtor = query.left_join(
                alias, "commercial_partner_id", self._table, "id", "commercial_partner_id"
            )
            return getattr(self, IN_FORCE[field_expr])(debtor, self.env.company)
        if query is None or (
            field_expr not in EXPOSURE_COLUMNS and field_expr != "recovery_credit_available"
        ):
            return super()._field_to_sql(alias, field_expr, query)
        figure = SQL.identifier(self._join_exposure(alias, field_expr, query), "figure")
        # Who has no limit has no credit left either, but who has no exposure has one of zero.
        return figure if field_expr == "recovery_credit_available" else SQL("COALESCE(%s, 0)", figure)

    def _join_exposure(self, alias, name, query):
        told = query.make_alias(alias, name)
        if told not in query._joins:
            figures = self._exposure_told(name)
            query.add_join(
                "LEFT JOIN",
                told,
                SQL(
                    "(SELECT * FROM UNNEST(%s, %s::numeric[]) told (debtor_id, figure))",
                    self._id_array(debtor_id for debtor_id, _figure in figures),
                    f"{{{','.join(str(figure) for _debtor_id, figure in figures)}}}",
                ),
                SQL(
                    "%s = %s",
                    SQL.identifier(told, "debtor_id"),
                    SQL.identifier(alias, "commercial_partner_id"),
                ),
            )
        return told
