"""The figures by which collecting is judged, told for a period, by whom and of whom.

A figure (``figure.py``) adds up something over something else, record by record of its source (``kpi_ledger``,
``kpi_acts``). All figures of a source are added up in one query; what a figure is made of is shown by the same
expressions.
"""

from math import fsum
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common.planner import set_by_set
from .kpi_ledger import Scope

#: What figures may be told by, or be about.
DIMENSIONS = ("company", "person", "segment", "country", "cause", "debtor", "level", "channel", "words")
#: Those that reminders alone have, and the columns that tell them.
OWN_COLUMNS = {"level": "level_id", "channel": "channel", "words": "words_id"}
#: Dimensions that are a column of what is counted.
COLUMNS = {"company": "company_id", "debtor": "debtor_id", **OWN_COLUMNS}


class Figure(NamedTuple):
    """A figure: its ``value`` (None when there is nothing to tell), what was added up, and over what."""

    value: float | None
    numerator: float
    denominator: float


class RecoveryKpi(models.AbstractModel):
    """The entry points: :meth:`figures` and :meth:`action_proof`."""

    _name = "recovery.kpi"
    _description = "Figures"
    _inherit = "recovery.kpi.acts"

    # -- entry points --------------------------------------------------------------------------

    @api.model
    @api.readonly
    def figures(self, date_from, date_to, by=None, codes=None, only=None):
        """Return {key: {code: :class:`Figure`}} of a period whose last day is the day asked.

        :param by: company, person, segment, country, cause, debtor, or for reminders level, channel, words; None for
            one key, None
        :param codes: of the figures wanted, all when left out
        :param only: {dimension: id}: what it is about, all when left out; a company and whom it concerns
        """
        self._check_reader()
        return self._figures(self._scope(date_from, date_to, only), by, codes)

    @api.model
    def action_proof(self, code, date_from, date_to, only=None, age=None):
        """Open what a figure is made of, record by record: the columns add up to it.

        :param age: claims of this age alone, as a bar of *Owed by age* tells them (0 not late, … 4 over 90 days)
        """
        self._check_reader()
        thing, scope = self.env["recovery.figure"]._thing(code), self._scope(date_from, date_to, only)
        if not self._is_known_by(thing, set(scope.only)):
            raise UserError(self.env._("“%s” is not told by level, channel or words.", thing._label()))
        if age is not None and thing._source != "claim":
            raise UserError(self.env._("“%s” is not told by age.", thing._label()))
        return self.env["recovery.kpi.proof"]._open(thing, scope, age)

    @api.model
    def _by_age(self, scope):
        """Return what is owed and uncovered on the last day by age: not late, up to 30, 60, 90 days, over 90."""
        overdue = self.env["recovery.figure.overdue"]
        [(_things, counted)] = self._read_sources(scope, {("claim", "age"): [overdue]}, (None,))
        amounts = {age: float(owed) for age, _late, owed in counted[None, None]}
        return [scope.creditor.currency_id.round(amounts.get(age, 0.0)) for age in range(5)]

    # -- how -----------------------------------------------------------------------------------

    @api.model
    def _figures(self, scope, by=None, codes=None):
        """The figures of ``scope``, as :meth:`figures` returns them: every one of every key that any knows."""
        return self._figures_by(scope, (by,), codes)[by]

    @api.model
    def _figures_by(self, scope, dimensions, codes=None):
        """Return {dimension: its figures}, of dimensions that know the same ones: each source is read once for all."""
        self.env.flush_all()
        read = list(self._read_sources(scope, self._by_source(scope, codes, dimensions), dimensions))
        found = {by: {} for by in dimensions}
        for by, key in dict.fromkeys(told for _things, counted in read for told in counted):
            found[by][key] = {
                thing._code: self._figure(thing, counted.get((by, key), []), place, scope)
                for things, counted in read
                for place, thing in enumerate(things)
            }
        return found

    @api.model
    def _check_reader(self):
        """Refuse whoever may not read figures: the statements go round the ORM's rights.

        :raise AccessError: no right to read the figures
        """
        self.env["recovery.kpi.snapshot"].check_access("read")

    @api.model
    def _scope(self, date_from, date_to, only=None):
        """Return the scope: the current creditor, as far as the user may see its branches.

        :raise UserError: the period ends before it begins
        """
        first, last = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        if not first or not last or first > last:
            raise UserError(self.env._("Choose a first day that is not after the last one."))
        companies = self.env["recovery.forecast"]._creditor()
        # sudo: which companies belong together; a user may be in one branch
        return Scope(self.env.company.sudo().root_id, companies, first, last, only or {}, {})

    @api.model
    def _by_source(self, scope, codes, dimensions):
        """The figures wanted, those together that one query adds up: {(source, apart): figures}.

        Where one of a source is told apart by something, the others are added up over it.
        """
        found = {}
        asked = {*dimensions, *scope.only} - {None}
        for code, thing in self.env["recovery.figure"]._things().items():
            if (codes is None or code in codes) and self._is_known_by(thing, asked):
                found.setdefault(thing._source, []).append(thing)
        return {
            (source, next((thing._apart for thing in things if thing._apart), None)): things
            for source, things in found.items()
        }

    @api.model
    def _is_known_by(self, thing, asked):
        """Whether a figure can be told by, or about, the dimensions ``asked``.

        :raise UserError: there is no such dimension
        """
        unknown = asked - set(DIMENSIONS)
        if unknown:
            raise UserError(
                self.env._(
                    "Figures are not told by %(unknown)s: choose among %(known)s.",
                    unknown=", ".join(sorted(unknown)),
                    known=", ".join(DIMENSIONS),
                )
            )
        return thing._source == "reminder" or not asked & OWN_COLUMNS.keys()

    def _read_sources(self, scope, by_source, dimensions):
        """Yield (figures, {(dimension, key): [(value of apart, n, d, n, d, …)]}) of each source: one query for all."""
        staged = scope._replace(stages={})
        sources = [
            self._query(staged, source, apart, things, dimensions)
            for (source, apart), things in by_source.items()
        ]
        with set_by_set(self.env.cr):
            counted = self.env.execute_query(self._at_once(sources, staged.stages))
        rows_of = {}
        for source, *row in counted:
            rows_of.setdefault(source, []).append(row)
        for source, things in enumerate(by_source.values()):
            found = {(None, None): []} if None in dimensions else {}
            for dimension, key, apart, sums in rows_of.get(source, []):
                found.setdefault((dimensions[dimension], key), []).append((apart, *sums))
            yield things, found

    def _at_once(self, sources, stages) -> SQL:
        """One statement of all ``sources``, each row behind the place of its source.

        What several of them read is found once, by the name of its stage.
        """
        named = [SQL("%s AS (%s)", SQL.identifier(name), query) for name, query in stages.items()]
        return SQL(
            "%s %s ORDER BY 1, 2, 3, 4",
            SQL("WITH %s", SQL(", ").join(named)) if named else SQL(),
            SQL(" UNION ALL ").join(
                SQL("SELECT %s, told.* FROM (%s) told", place, source) for place, source in enumerate(sources)
            ),
        )

    def _query(self, scope, source, apart, things, dimensions) -> SQL:
        """Added up by debtor first: who is responsible for it, and the like, is asked once for each.

        Its columns: the place of the dimension, the key, the value of ``apart``, and the sums.
        """
        sums = [expression for thing in things for expression in (thing._numerator, thing._denominator)]
        names = [SQL.identifier(f"sum_{number}") for number in range(len(sums))]
        keys = [SQL.identifier(f"key_{place}") for place in range(len(dimensions))]
        place = SQL(" ").join(SQL("WHEN GROUPING(%s) = 0 THEN %s", key, at) for at, key in enumerate(keys))
        return SQL(
            """
            SELECT CASE %(place)s END, COALESCE(%(keys)s), apart, ARRAY[%(outer)s]::numeric[]
              FROM (
                   SELECT %(told)s, counted.*
                     FROM (
                          SELECT %(columns)s, %(apart)s AS apart, %(inner)s
                            FROM (%(rows)s) row
                           GROUP BY %(columns)s, %(apart)s
                          ) counted
                     JOIN res_partner debtor ON debtor.id = counted.debtor_id
                    WHERE %(only)s
                   ) told
             GROUP BY GROUPING SETS (%(sets)s)
            """,
            place=place,
            keys=SQL(", ").join(keys),
            told=SQL(", ").join(
                SQL("%s AS %s", self._key_sql(scope, by), key)
                for by, key in zip(dimensions, keys, strict=True)
            ),
            sets=SQL(", ").join(SQL("(%s, apart)", key) for key in keys),
            columns=SQL(", ").join(SQL("row.%s", SQL.identifier(column)) for column in self._columns(source)),
            apart=SQL("row.%s", SQL.identifier(apart)) if apart else SQL("NULL::int"),
            outer=SQL(", ").join(SQL("COALESCE(SUM(%s), 0)", name) for name in names),
            inner=SQL(", ").join(
                SQL("SUM(%s) AS %s", expression, name) for expression, name in zip(sums, names, strict=True)
            ),
            rows=self._rows(scope, source),
            only=self._only_sql(scope),
        )

    @api.model
    def _rows(self, scope, source) -> SQL:
        return getattr(self, f"_{source}_rows")(scope)

    def _columns(self, source):
        """The columns by which rows of a source are told apart."""
        return ("debtor_id", "company_id", *(OWN_COLUMNS.values() if source == "reminder" else ()))

    def _key_sql(self, scope, by) -> SQL:
        """The key of a dimension, over ``counted`` and its ``debtor``."""
        if by == "person":
            return self.env["recovery.worklist"]._collector_sql(
                scope.creditor, SQL("counted.debtor_id"), SQL("counted.company_id")
            )
        if by == "segment":
            # sudo: the class of a debtor, of whom only sums are shown
            return self.env["res.partner"].sudo()._class_sql("debtor", self.env.company)
        if by == "country":
            return SQL("debtor.country_id")
        if by == "cause":
            return self.env["recovery.cause"]._of_debtor_sql(
                SQL("counted.company_id"), SQL("counted.debtor_id"), SQL("%s::date", scope.date_to)
            )
        return SQL("counted.%s", SQL.identifier(COLUMNS[by])) if by else SQL("NULL::int")

    def _only_sql(self, scope) -> SQL:
        """The condition of what it is about."""
        return SQL(" AND ").join(
            [SQL("TRUE")]
            + [
                SQL("%s IS NOT DISTINCT FROM %s", self._key_sql(scope, by), key or None)
                for by, key in sorted(scope.only.items())
            ]
        )

    @api.model
    def _figure(self, thing, parts, place, scope):
        """The figure that stands at ``place`` among the sums."""
        own = [(part[0], float(part[1 + 2 * place]), float(part[2 + 2 * place])) for part in parts]
        numerator, denominator = (fsum(part[column] for part in own) for column in (1, 2))
        value = thing._value(own, scope)
        currency = scope.creditor.currency_id
        if thing._counts[0] == "money":
            numerator = currency.round(numerator)
        if thing._counts[1] == "money":
            denominator = currency.round(denominator)
        if value is not None and thing._unit == "money":
            value = currency.round(value)
        return Figure(value, numerator, denominator)
