"""What the dashboard shows, in one answer: figures, what they were in the months before, charts, people."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .kpi_snapshot import KEPT_BY

#: Periods offered, besides days of one's own.
PERIODS = ("last_week", "month", "last_month", "quarter", "year")
#: Figures told of each cause of lateness.
OF_CAUSES = ("overdue", "promises_kept")
#: Figures told of the debtors who owe most that is overdue, and how many they are.
OF_DEBTORS, MOST = ("overdue", "at_risk"), 10
#: Figures told of each person.
OF_PEOPLE = ("overdue", "recovery_rate", "time", "promises_kept", "at_risk")


class RecoveryDashboard(models.AbstractModel):
    """Asks for figures and words them for the client; nothing is computed here that a figure does not say."""

    _name = "recovery.dashboard"
    _description = "Dashboard"

    @api.model
    @api.readonly
    def data(self, asked=None):
        """Return everything the dashboard shows.

        :param asked: ``period`` (last_week, month, last_month, quarter, year, or own with ``date_from`` and
            ``date_to``), ``person`` (id of a user, 0 for nobody's, None for everybody's), ``company`` (id of a branch),
            ``segment`` (id of a risk class), ``country`` (its id)
        """
        kpi = self.env["recovery.kpi"]
        kpi._check_reader()
        asked = {"period": "quarter", "person": self._person_at_first(), **(asked or {})}
        first, last = self._period(asked)
        scope = kpi._scope(first, last, self._only(asked))
        figures = kpi._figures(scope).get(None, {})
        return {
            "asked": {**asked, "date_from": first, "date_to": last, "only": scope.only},
            "is_ahead": last > self.env.company._recovery_today(),
            "choices": self._choices(scope),
            "company_id": self.env.company.id,
            "currency_id": scope.creditor.currency_id.id,
            "figures": self._told(scope, figures),
            "ages": kpi._by_age(scope),
            "rolls": [figures[code].value for code in ("roll_0", "roll_30", "roll_60", "roll_90")],
            "reminders": self._reminders(scope, "level"),
            "words": self._reminders(scope, "words"),
            "causes": self._causes(scope),
            "people": self._people(scope),
            "debtors": self._debtors(scope),
            "cash": self._cash(scope),
            "waiting": self._waiting(scope),
            "warning": self._warning(scope),
        }

    # -- what is asked -------------------------------------------------------------------------

    @api.model
    def _person_at_first(self):
        """A collector looks at its own at first, a manager and a reader at everybody's."""
        groups = "payment_plan_recovery.group_recovery_user", "payment_plan_recovery.group_recovery_manager"
        is_user, is_manager = map(self.env.user.has_group, groups)
        return self.env.uid if is_user and not is_manager else None

    @api.model
    def _period(self, asked):
        """Return (first day, last day) by the company's clock."""
        today = self.env.company._recovery_today()
        period = asked["period"]
        if period == "own":
            return fields.Date.to_date(asked.get("date_from")), fields.Date.to_date(asked.get("date_to"))
        if period not in PERIODS:
            raise UserError(self.env._("Choose a period: %s.", ", ".join(PERIODS)))
        if period == "last_week":
            monday = today - timedelta(days=today.weekday())
            return monday - timedelta(days=7), monday - timedelta(days=1)
        month = today.replace(day=1)
        if period == "last_month":
            last = month - timedelta(days=1)
            return last.replace(day=1), last
        months = {"month": 0, "quarter": 3, "year": 12}[period]
        return (fields.Date.subtract(today, months=months) + timedelta(days=1) if months else month), today

    @api.model
    def _only(self, asked):
        only = {}
        if asked.get("person") is not None:
            only["person"] = asked["person"]
        return only | {by: asked[by] for by in ("company", "segment", "country") if asked.get(by)}

    @api.model
    def _choices(self, scope):
        """Whom and what may be looked at: people who collect, branches, risk classes, countries of customers."""
        # sudo: names of colleagues; what they collect is told to whoever may read figures
        people = self.env["recovery.portfolio"].sudo().search([("user_id", "!=", False)]).user_id
        people |= (
            self.env["recovery.worklist"].sudo().search([("user_id", "!=", False)]).user_id | self.env.user
        )
        # sudo: where customers of these companies are, none of them named
        customers = [("customer_rank", ">", 0), ("company_id", "in", [False, *scope.companies.ids])]
        by_country = self.env["res.partner"].sudo()._read_group(customers, ["country_id"])
        countries = self.env["res.country"].union(*(country for (country,) in by_country))
        classes = self.env["recovery.risk.class"].sudo().search([])  # pylint: disable=no-search-all
        choices = {
            "companies": scope.companies,
            "segments": classes,
            "countries": countries.sorted("name"),
        }
        return {
            "people": [(user.id, user.name) for user in people.sorted("name")],
            **{
                name: [(one.id, one.display_name) for one in found] if len(found) > 1 else []
                for name, found in choices.items()
            },
        }

    # -- what is told --------------------------------------------------------------------------

    @api.model
    def _told(self, scope, figures):
        """The figures in their order, each with its formula, and what was kept of the months before."""
        kept = self._kept(scope)
        return [
            {
                "code": code,
                "label": thing._label(),
                "formula": thing._formula(),
                "over": thing._over(),
                "under": thing._under(),
                "unit": thing._unit,
                "counts": thing._counts,
                "more_is_better": thing._more_is_better,
                **figures[code]._asdict(),
                "months": kept.get(code, []),
            }
            for code, thing in self.env["recovery.figure"]._things().items()
            if code in figures
        ]

    @api.model
    def _kept(self, scope):
        """{code: [(day, value)]} of the last twelve closed months before the day asked, of one person where asked.

        Months are kept of one thing at a time.
        """
        if len(scope.only) > 1 or not all(scope.only.values()):
            return {}
        [(by, key)] = scope.only.items() or [("all", None)]
        snapshots = self.env["recovery.kpi.snapshot"].search(
            [
                ("company_id", "=", scope.creditor.id),
                ("date", "<", scope.date_to),
                ("date", ">=", fields.Date.subtract(scope.date_to, months=13)),
                ("is_told", "=", True),
                ("kept_by", "=", by),
                *([(KEPT_BY[by], "=", key)] if key else []),
            ],
            order="date",
        )
        return {
            code: [(row.date, row.value) for row in rows][-12:]
            for code, rows in snapshots.grouped("kpi").items()
        }

    @api.model
    def _reminders(self, scope, by):
        """What reminders brought, by level or words: those that asked for most come first."""
        found = self.env["recovery.kpi"]._figures(scope, by, ["reminders"])
        names = self._names({"level": "recovery.dunning.level", "words": "recovery.message"}[by], found)
        return [
            {"key": key, "label": names.get(key, ""), **figures["reminders"]._asdict()}
            for key, figures in sorted(found.items(), key=lambda one: -one[1]["reminders"].denominator)
        ]

    @api.model
    def _causes(self, scope):
        """What is late, and the promises kept, by the cause of lateness noted last; the largest first."""
        found = self.env["recovery.kpi"]._figures(scope, "cause", OF_CAUSES)
        names = self._names("recovery.cause", found)
        rows = [
            {
                "key": key or 0,
                "label": names.get(key, self.env._("No cause noted")),
                "figures": {code: figure._asdict() for code, figure in figures.items()},
            }
            for key, figures in found.items()
            if any(figure.denominator or figure.numerator for figure in figures.values())
        ]
        rows.sort(key=lambda row: -row["figures"].get("overdue", {}).get("numerator", 0))
        return rows if any(row["key"] for row in rows) else []

    @api.model
    def _people(self, scope):
        """Each person's figures, where all people are looked at."""
        if "person" in scope.only:
            return []
        found = self.env["recovery.kpi"]._figures(scope, "person", OF_PEOPLE)
        names = self._names("res.users", found)
        rows = [
            {"key": key or 0, "label": names.get(key, self.env._("Nobody")), "figures": figures}
            for key, figures in found.items()
        ]
        rows.sort(key=lambda row: -row["figures"]["overdue"].numerator)
        return [
            {**row, "figures": {code: figure._asdict() for code, figure in row["figures"].items()}}
            for row in rows
        ]

    @api.model
    def _debtors(self, scope):
        """The debtors who owe most that is overdue on the last day; the first owes most."""
        found = self.env["recovery.kpi"]._figures(scope, "debtor", OF_DEBTORS)
        late = [key for key, figures in found.items() if figures["overdue"].numerator > 0]
        late.sort(key=lambda key: -found[key]["overdue"].numerator)
        names = self._names("res.partner", late[:MOST])
        return [
            {
                "key": key,
                "label": names[key],
                "figures": {code: figure._asdict() for code, figure in found[key].items()},
            }
            for key in late[:MOST]
        ]

    @api.model
    def _names(self, model, keys):
        # sudo: names alone, of what the reader's figures are told by
        records = self.env[model].sudo().browse(key for key in keys if key).exists()
        return {record.id: record.display_name for record in records}

    @api.model
    def _cash(self, scope):
        """The cash to come by week as kept last night, and how good such forecasts were; of everything alone."""
        weeks = self.env["recovery.forecast.week"]
        if not scope.only:
            weeks = weeks.search([("company_id", "=", scope.creditor.id)])
        score = self.env["recovery.forecast.score"]._last(scope.creditor)
        return {
            "weeks": weeks.read(
                ["date", "amount_due", "amount_expected", "amount_low", "amount_high", "amount_mean"]
            ),
            "missing": self._why_no_cash(scope, weeks),
            "verdict": score.verdict,
            "go_by_mean": score.is_enough and not score.is_better_cash,
        }

    @api.model
    def _why_no_cash(self, scope, weeks):
        """Say why no cash to come is shown, nothing where it is."""
        if weeks:
            return ""
        if scope.only:
            return self.env._(
                "Cash to come is foreseen for all claims together: take the choices above away to see it."
            )
        return self.env._("Cash to come is foreseen every night: from tomorrow on it stands here.")

    @api.model
    def _whose(self, scope):
        """The condition of what is looked at, over rows of the worklist and over claims."""
        paths = {
            "person": "user_id",
            "company": "company_id",
            "segment": "partner_id.recovery_class_in_force",
            "country": "partner_id.country_id",
        }
        return [(paths[by], "=", key or False) for by, key in sorted(scope.only.items())]

    @api.model
    def _waiting(self, scope):
        """What waits on the worklist, by action: how many debtors, what it is worth, and how to find them."""
        domain = [("company_id", "in", scope.companies.ids), ("state", "=", "open")]
        domain += self._whose(scope)
        worklist = self.env["recovery.worklist"]
        if not worklist.has_access("read"):
            return []
        rows = worklist._read_group(domain, ["action"], ["__count", "value:sum"])
        labels = dict(worklist._fields["action"]._description_selection(self.env))
        return [
            {
                "label": labels.get(action, action),
                "count": count,
                "value": value,
                "domain": [*domain, ("action", "=", action)],
            }
            for action, count, value in sorted(rows, key=lambda row: -row[2])
        ]

    @api.model
    def _warning(self, scope):
        """What falls due within two weeks of today and is more likely late than not: how much, and how to find it."""
        today = self.env.company._recovery_today()
        domain = [
            ("company_id", "in", scope.companies.ids),
            ("date_due", ">=", today),
            ("date_due", "<=", fields.Date.add(today, days=14)),
            ("chance_in_time", "<", 0.5),
        ]
        domain += self._whose(scope)
        claims = self.env["recovery.claim"]
        ((count, amount),) = claims._read_group(domain, [], ["__count", "amount_company:sum"])
        return {"count": count, "value": amount, "domain": domain}
