"""The monthly review as a workbook: what the dashboard shows, with charts, and the debtors behind it."""

from itertools import chain

from odoo import api, models
from odoo.tools import SQL

from ...models.common.planner import set_by_set
from ..workbook import Column, ReviewWorkbook

#: Rows fetched from the database at a time.
FETCH_SIZE = 2000


class RecoveryMonthlyReviewXlsx(models.AbstractModel):
    """Written from the dashboard's own answer, so that its numbers are the screen's; debtors come row by row."""

    _name = "recovery.monthly.review.xlsx"
    _description = "Monthly Review (Excel)"

    @api.model
    def _write(self, asked, file):
        """Write the review to ``file``, a path or a binary file.

        :param asked: what the dashboard is asked, see ``recovery.dashboard.data``
        """
        data = self.env["recovery.dashboard"].data(asked)
        currency = self.env["res.currency"].browse(data["currency_id"])
        workbook = ReviewWorkbook(file, currency.decimal_places, self.env._("Total"))
        self._add_figures(workbook, data, currency)
        self._add_months(workbook, data)
        self._add_ages(workbook, data)
        self._add_cash(workbook, data)
        self._add_reminders(workbook, data)
        self._add_causes(workbook, data)
        self._add_people(workbook, data)
        workbook.add_table(self.env._("Debtors"), self._debtor_columns(), self._debtors(data["asked"]))
        workbook.close()

    def _add_figures(self, workbook, data, currency):
        asked = data["asked"]
        cursor = workbook.add_facts(
            self.env._("Figures"),
            self.env._("Review of recovery"),
            [
                (self.env._("Company"), self.env.company.name),
                (self.env._("From"), asked["date_from"]),
                (self.env._("Until"), asked["date_to"]),
                (self.env._("Collector"), self._person(data)),
                *self._about(data),
                (self.env._("Currency"), currency.name),
            ],
        )
        columns = [
            Column(self.env._("Figure"), "text", 34),
            Column(self.env._("Value"), "told", 14),
            Column(self.env._("Numerator"), "told", 18),
            Column(self.env._("Denominator"), "told", 18),
            Column(self.env._("Formula"), "text", 110),
        ]
        rows = (
            (
                figure["label"],
                (figure["unit"], figure["value"]),
                (_kind(figure["counts"][0]), figure["numerator"]),
                (_kind(figure["counts"][1]), figure["denominator"]),
                figure["formula"],
            )
            for figure in data["figures"]
        )
        workbook.append(cursor, columns, rows)

    def _person(self, data):
        person = data["asked"]["person"]
        if person is None:
            return self.env._("Everybody's")
        return dict(data["choices"]["people"]).get(person, self.env._("Nobody's"))

    def _about(self, data):
        """What else was chosen: the branch, risk class and country, each by its name."""
        labels = {
            "company": (self.env._("Branch"), "companies"),
            "segment": (self.env._("Risk class"), "segments"),
            "country": (self.env._("Country"), "countries"),
        }
        chosen = (
            (label, dict(data["choices"][name]).get(data["asked"].get(by)))
            for by, (label, name) in labels.items()
        )
        return [(label, name) for label, name in chosen if name]

    def _add_months(self, workbook, data):
        """The figures of the closed months before, a line each, and the course of three of them."""
        told = [figure for figure in data["figures"] if figure["months"]]
        if not told:
            return
        days = sorted(set(chain.from_iterable((day for day, _value in figure["months"]) for figure in told)))
        columns = [Column(self.env._("Closed on"), "date", 12)]
        columns += [Column(figure["label"], figure["unit"], 14) for figure in told]
        values = [dict(figure["months"]) for figure in told]
        cursor = workbook.add_facts(self.env._("By month"), self.env._("Closed months"), [])
        first = cursor.row + 1
        workbook.append(cursor, columns, ((day, *(value.get(day) for value in values)) for day in days))
        spread = (first, first + len(days) - 1)
        codes = {figure["code"]: number for number, figure in enumerate(told, 1)}
        drawn = [codes[code] for code in ("recovery_rate", "cei", "overdue") if code in codes]
        series = [(columns[number].header, spread, 0, number) for number in drawn]
        workbook.add_chart(cursor, "line", self.env._("Closed months"), (cursor.row, 0), series)

    def _add_ages(self, workbook, data):
        labels = [
            self.env._("Not late"),
            self.env._("1 to 30 days"),
            self.env._("31 to 60 days"),
            self.env._("61 to 90 days"),
            self.env._("Over 90 days"),
        ]
        columns = [
            Column(self.env._("Age"), "text", 30),
            Column(self.env._("Owed"), "money", 16, total=True),
        ]
        cursor = workbook.add_facts(self.env._("Ages"), self.env._("Owed by age"), [])
        self._charted(workbook, cursor, columns, list(zip(labels, data["ages"], strict=True)))
        rolls = [figure for figure in data["figures"] if figure["code"].startswith("roll_")]
        columns = [
            Column(self.env._("Roll rate"), "text", 30),
            Column(self.env._("Grown older within a month"), "share", 16),
        ]
        self._charted(workbook, cursor, columns, [(figure["label"], figure["value"]) for figure in rolls], 24)

    def _charted(self, workbook, cursor, columns, rows, below=4):
        """A table, and a chart of its second column beside it."""
        first = cursor.row + 1
        workbook.append(cursor, columns, rows)
        if rows:
            series = [(columns[1].header, (first, first + len(rows) - 1), 0, 1)]
            workbook.add_chart(cursor, "column", columns[1].header, (below, len(columns) + 1), series)

    def _add_cash(self, workbook, data):
        cash = data["cash"]
        if not cash["weeks"]:
            return
        columns = [
            Column(self.env._("Week from"), "date", 12),
            Column(self.env._("Falls due"), "money", 16, total=True),
            Column(self.env._("Expected"), "money", 16, total=True),
            Column(self.env._("By the mean"), "money", 16, total=True),
        ]
        cursor = workbook.add_facts(
            self.env._("Cash to come"),
            self.env._("Cash to come by week"),
            [(self.env._("How good it was"), cash["verdict"] or "")],
        )
        first = cursor.row + 1
        names = ("date", "amount_due", "amount_expected", "amount_mean")
        workbook.append(cursor, columns, (tuple(week[name] for name in names) for week in cash["weeks"]))
        spread = (first, first + len(cash["weeks"]) - 1)
        series = [(columns[number].header, spread, 0, number) for number in (2, 1, 3)]
        workbook.add_chart(cursor, "column", self.env._("Cash to come by week"), (2, 6), series)

    def _add_reminders(self, workbook, data):
        cursor = workbook.add_facts(self.env._("Reminders"), self.env._("Received within 7 days"), [])
        for header, rows in ((self.env._("Level"), data["reminders"]), (self.env._("Words"), data["words"])):
            columns = [
                Column(header, "text", 40),
                Column(self.env._("Received within 7 days"), "share", 16),
                Column(self.env._("Received"), "money", 16),
                Column(self.env._("Asked for"), "money", 16),
            ]
            told = ((row["label"], row["value"], row["numerator"], row["denominator"]) for row in rows)
            workbook.append(cursor, columns, told)

    def _add_causes(self, workbook, data):
        if not data["causes"]:
            return
        columns = [
            Column(self.env._("Cause"), "text", 40),
            Column(self.env._("Overdue"), "money", 16, total=True),
            Column(self.env._("Promises kept"), "share", 16),
        ]
        rows = (
            (
                row["label"],
                row["figures"].get("overdue", {}).get("numerator"),
                row["figures"].get("promises_kept", {}).get("value"),
            )
            for row in data["causes"]
        )
        cursor = workbook.add_facts(self.env._("Causes"), self.env._("By cause of lateness"), [])
        workbook.append(cursor, columns, rows)

    def _add_people(self, workbook, data):
        if not data["people"]:
            return
        figures = data["people"][0]["figures"]
        shown = [figure for figure in data["figures"] if figure["code"] in figures]
        columns = [Column(self.env._("Collector"), "text", 30)]
        columns += [Column(figure["label"], figure["unit"], 18) for figure in shown]
        columns.append(Column(self.env._("Overdue, amount"), "money", 18, total=True))
        rows = (
            (
                row["label"],
                *(row["figures"].get(figure["code"], {}).get("value") for figure in shown),
                row["figures"]["overdue"]["numerator"],
            )
            for row in data["people"]
        )
        cursor = workbook.add_facts(self.env._("Collectors"), self.env._("By collector"), [])
        workbook.append(cursor, columns, rows)

    # -- debtors ---------------------------------------------------------------------------------

    def _debtor_columns(self):
        return [
            Column(self.env._("Debtor"), "text", 36),
            Column(self.env._("Reference"), "text", 14),
            Column(self.env._("Owed, uncovered"), "money", 16, total=True),
            Column(self.env._("Overdue"), "money", 16, total=True),
            Column(self.env._("Oldest due date"), "date", 14),
            Column(self.env._("Received of what was overdue"), "money", 18, total=True),
        ]

    def _debtors(self, asked):
        """Rows of the debtors that owe something on the last day, or paid late in the period; the latest first."""
        kpi = self.env["recovery.kpi"]
        scope = kpi._scope(asked["date_from"], asked["date_to"], asked["only"])
        query = SQL(
            """
            SELECT debtor.complete_name, debtor.ref, counted.owed, counted.overdue, counted.oldest, counted.received
              FROM (
                   SELECT debtor_id, company_id, SUM(closing) AS owed,
                          SUM(closing) FILTER (WHERE days_late > 0) AS overdue,
                          MIN(date) FILTER (WHERE closing > 0 AND days_late > 0) AS oldest,
                          SUM(received) AS received
                     FROM (%s) claim
                    GROUP BY debtor_id, company_id
                   ) counted
              JOIN res_partner debtor ON debtor.id = counted.debtor_id
             WHERE (counted.owed > 0 OR counted.received > 0) AND %s
             ORDER BY counted.overdue DESC NULLS LAST, debtor.complete_name, debtor.id
            """,
            kpi._rows(scope, "claim"),
            kpi._only_sql(scope),
        )
        self.env.flush_all()
        cr = self.env.cr
        with set_by_set(cr):  # a cursor's plan is made when it is declared
            cr.execute(SQL("DECLARE monthly_review NO SCROLL CURSOR FOR %s", query))
        try:
            while rows := self._fetch():
                yield from rows
        finally:
            cr.execute("CLOSE monthly_review")

    def _fetch(self):
        self.env.cr.execute("FETCH %s FROM monthly_review", [FETCH_SIZE])
        return self.env.cr.fetchall()


def _kind(counted):
    """What a sum is written as."""
    return "integer" if counted == "count" else counted
