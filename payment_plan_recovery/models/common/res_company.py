"""The creditor: a company with its branches, its clock and its working days."""

from datetime import date, datetime, time, timedelta

import pytz
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, ormcache

from ...tools.deadline import deadline
from ...tools.zones import first_zone, midnight, zone_of_country
from .company_words import spoken

#: From when on the holidays of a calendar are read for days that lie in the past.
FIRST_DAY = date(1990, 1, 1)
#: Days in a row of which one at least is open.
CLOSED_AT_MOST = 31
#: Marks an environment in which settings go to the branches. An object: no client can send it.
_SPREADING = object()


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "recovery.ceilings"]
    _chosen = False

    recovery_dunning_user_id = fields.Many2one(
        "res.users",
        string="Responsible for dunning",
        help="Who is asked to look at the proposals of the daily run; a Recovery manager of the company when "
        "left empty.",
        of_creditor=True,
    )

    recovery_retention = fields.Boolean(
        string="Forget personal data",
        help="Every night, what is kept about people longer than the retention rules say is erased or anonymised.",
        of_creditor=True,
    )

    recovery_tz = fields.Selection(
        related="partner_id.tz",
        readonly=False,
        string="Company's time zone",
        help="By whose clock the company's days begin and end: what falls due, arrives or goes out around midnight "
        "is counted by it. When left empty, that of the company's country where that has one only, else UTC.",
    )

    def _valid_field_parameter(self, field, name):
        # of_creditor=True: a setting of the creditor, the same in all its branches
        return name == "of_creditor" or super()._valid_field_parameter(field, name)

    @api.model
    def _get_company_root_delegated_field_names(self):
        """Odoo copies these to the branches and shows them read-only there."""
        return super()._get_company_root_delegated_field_names() + self._recovery_settings_of_creditor()

    @api.model
    def _recovery_settings_of_creditor(self):
        """Return the names of the settings that are the same in all branches of a creditor."""
        return [name for name, field in self._fields.items() if getattr(field, "of_creditor", False)]

    def write(self, vals):
        """Give branches their creditor's settings one after the other, and compare them when all are there.

        Odoo compares all of them after the first one, and would refuse two that change together.
        """
        if self.env.context.get("recovery_spreading") is _SPREADING:
            return super().write(vals)
        result = super(ResCompany, self.with_context(recovery_spreading=_SPREADING)).write(vals)
        if set(vals) & {"parent_id", *self._get_company_root_delegated_field_names()}:
            # sudo: a company is the same as its creditor whoever writes it
            branches = self.sudo().search([("id", "child_of", self.ids)])
            (self.sudo() | branches).with_context(recovery_spreading=False)._check_root_delegated_fields()
        return result

    @api.constrains(lambda self: [*self._get_company_root_delegated_field_names(), "parent_id"])
    def _check_root_delegated_fields(self):
        if self.env.context.get("recovery_spreading") is not _SPREADING:
            self._check_settings_of_creditor()
            super()._check_root_delegated_fields()

    def _check_settings_of_creditor(self):
        """Say where a setting of the creditor is changed; Odoo only says that it is the same everywhere."""
        ours = self._recovery_settings_of_creditor()
        for branch in self.sudo().filtered("parent_id"):  # sudo: a branch's people need not read its creditor
            for name in ours:
                if branch[name] != branch.parent_id[name]:
                    raise ValidationError(
                        self.env._(
                            "“%(setting)s” is the same in a company and in its branches: change it in "
                            "%(company)s.",
                            setting=self._fields[name]._description_string(self.env),
                            company=branch.root_id.name,
                        )
                    )

    def _with_ceilings(self):
        """Branches have those of their creditor."""
        return self.filtered(lambda company: not company.parent_id)

    def _ceiling_company(self):
        return self

    def _ceiling_owner(self):
        return ""

    def _recovery_creditor(self):
        """Return the creditor that the companies belong to: a branch's root, else the company itself."""
        # sudo: only which companies belong together, a user may be in one branch
        return self.sudo().root_id.with_env(self.env)

    @api.model
    def _recovery_together_sql(self, company: SQL, other: SQL) -> SQL:
        """Return the condition that two companies (columns of their ids) are one creditor."""
        root = SQL("(SELECT split_part(parent_path, '/', 1) FROM res_company WHERE id = %s)", company)
        other_root = SQL("(SELECT split_part(parent_path, '/', 1) FROM res_company WHERE id = %s)", other)
        return SQL("(%s = %s OR %s = %s)", company, other, root, other_root)

    @ormcache("self.id")
    def _recovery_branch_ids(self):
        """Ids of the company's root and of all its branches: what they are owed counts together.

        A hierarchy never changes, and Odoo forgets what it remembers when a company comes or goes.
        """
        # sudo: only which companies belong together, a user may be in one branch
        root = self.sudo().with_context(active_test=False).root_id
        return tuple(root.search([("id", "child_of", root.id)]).ids)

    def _recovery_where_kept(self):
        """Return where something about what the companies, of one creditor, are owed is agreed and kept.

        There, if it is one; else with the creditor, or where the user is, as far as he works there.
        """
        if len(self) == 1:
            return self
        here = self.env.company & self.browse(self[:1]._recovery_branch_ids())
        wanted = [*self._recovery_creditor(), *here, *self]
        return next(company for company in wanted if company in self.env.companies | self)

    def _recovery_branches_seen(self):
        """Return the company and its branches, as far as the user may work in them."""
        branches = self.browse(self._recovery_branch_ids())
        return branches if self.env.su else branches & self.env.user.company_ids

    def _recovery_lineage(self):
        """Return the company and those that it is a branch of, nearest first: whose terms hold for it."""
        return self.browse(self._recovery_lineage_ids())

    @ormcache("self.id")
    def _recovery_lineage_ids(self):
        # sudo: only which companies belong together, a user may be in one branch
        # what an archived branch is owed stays owed, by the terms of those it is a branch of
        return tuple(reversed(self.sudo().with_context(active_test=False).parent_ids.ids))

    def _recovery_nearest(self, name):
        """Return the setting ``name`` of the company, else of the nearest company it is a branch of that has one."""
        # sudo: a setting of the creditor, whoever asks from a branch of it
        lineage = self._recovery_lineage().sudo()
        return next((company[name] for company in lineage if company[name]), self.sudo()[name])

    def _recovery_country(self):
        """Return the country where the company is: of a branch without an address, its creditor's.

        Whose law that is says ``res.country``.
        """
        return self._recovery_nearest("country_id") or self.sudo().account_fiscal_country_id

    def _recovery_responsible(self):
        """Return who is asked when a person has to look.

        The company's responsible, else a Recovery manager who works in it, else one of another, else an administrator.
        """
        self.ensure_one()
        # sudo: only whom to ask
        collectors, managers, administrators = (
            self.env.ref(group)
            .sudo()
            .all_user_ids.filtered(lambda user: user.active and not user.share and user.id != SUPERUSER_ID)
            .sorted("id")
            for group in (
                "payment_plan_recovery.group_recovery_user",
                "payment_plan_recovery.group_recovery_manager",
                "base.group_system",
            )
        )
        here = managers.filtered(lambda user: self in user.company_ids)
        responsible = (self.recovery_dunning_user_id & collectors).filtered(
            lambda user: self in user.company_ids
        )
        return responsible or here[:1] or managers[:1] or administrators[:1]

    def _recovery_timezone(self):
        """Return the name of the time zone by which the company's days begin; UTC as long as nobody said which."""
        return self._recovery_known_timezone() or "UTC"

    def _recovery_known_timezone(self):
        """Return the name of the company's time zone, "" while it has to be asked for.

        Its contact's, else that of its country where that has one only; of a branch without either, its creditor's.
        """
        self.ensure_one()
        # sudo: a setting of the company, whoever asks
        lineage = self._recovery_lineage().sudo()
        known = (first_zone(one.recovery_tz) or zone_of_country(one.country_id.code) for one in lineage)
        return next(filter(None, known), "") or zone_of_country(self.sudo().account_fiscal_country_id.code)

    def _recovery_lang(self):
        """Return the code of the language that the company's people write in."""
        self.ensure_one()
        ours = self.sudo().partner_id.lang  # a setting of the company, whoever asks
        return spoken(self.env, ours, self.env.context.get("lang"), "en_US")

    def _recovery_today(self):
        """Return the day it is where the company is."""
        return self._recovery_day(fields.Datetime.now())

    def _recovery_day(self, instant):
        """Return the day of ``instant`` (in UTC, as fields hold it) where the company is."""
        zone = pytz.timezone(self._recovery_timezone())
        return pytz.utc.localize(instant).astimezone(zone).date()

    def _recovery_day_sql(self, instant: SQL, company: SQL) -> SQL:
        """Return an expression: the day of the column ``instant`` where the company in the column ``company`` is.

        Of one of these companies.
        """
        zones = [SQL("WHEN %s THEN %s", one.id, one._recovery_timezone()) for one in self]
        zone = SQL("CASE %s %s ELSE 'UTC' END", company, SQL(" ").join(zones)) if zones else SQL("'UTC'")
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", instant, zone)

    def _recovery_midnight(self, day):
        """Return the instant, in UTC, at which ``day`` begins where the company is."""
        zone = pytz.timezone(self._recovery_timezone())
        return midnight(zone, day)

    def _recovery_noon(self, day):
        """Return the instant, in UTC, at which it is noon of ``day`` where the company is."""
        zone = pytz.timezone(self._recovery_timezone())
        noon = zone.localize(datetime.combine(day, time(12)))
        return noon.astimezone(pytz.utc).replace(tzinfo=None)

    def _recovery_closed_days(self, start):
        """Return (holidays, weekend): the dates closed from ``start`` on, and the weekdays (0 is Monday).

        A holiday is a leave of the company's working calendar that concerns no one in particular; a branch is closed
        when the company it is of is.
        """
        self.ensure_one()
        calendar = self.resource_calendar_id
        if not calendar:
            return frozenset(), frozenset({5, 6})
        # A calendar without any hours says nothing about the week.
        open_days = {int(day) for day in calendar.attendance_ids.mapped("dayofweek")} or set(range(5))
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "=", False),
                ("calendar_id", "in", (calendar.id, False)),
                ("company_id", "in", (*self._recovery_lineage_ids(), False)),
                ("date_to", ">=", datetime.combine(start, time.min)),
            ]
        )
        zone = pytz.timezone(first_zone(calendar.tz) or "UTC")
        holidays = {day for leave in leaves for day in _days_off(leave, zone)}
        return frozenset(holidays), frozenset(range(7)) - open_days

    def _recovery_day_in(self, days):
        """Return the day so many ``days`` from today, or the next on which the company works."""
        today = self._recovery_today()
        return deadline(today, days, closed=self._recovery_closed_days(today))

    def _recovery_moves_last_days(self):
        """Whether by the law of the company's country a last day that is a day off is the next working day."""
        return self._recovery_country()._recovery_law().recovery_next_working_day

    def _recovery_last_day_sql(self, day: SQL) -> SQL:
        """Return an expression: up to when what the company grants until the column ``day`` is done in time.

        That day, or where its country moves it the next one on which it works.
        """
        if not self._recovery_moves_last_days():
            return day
        holidays, weekend = self._recovery_closed_days(FIRST_DAY)
        return SQL(
            """
            CASE WHEN %(day)s IS NOT NULL THEN COALESCE(
                (SELECT MIN(%(day)s + later) FROM GENERATE_SERIES(0, %(most)s) later
                  WHERE EXTRACT(ISODOW FROM %(day)s + later)::int <> ALL(%(weekend)s)
                    AND %(day)s + later <> ALL(%(holidays)s::date[])),
                %(day)s
            ) END
            """,
            day=day,
            most=CLOSED_AT_MOST,
            weekend=[weekday + 1 for weekday in sorted(weekend)] or [0],
            holidays=sorted(holidays),
        )


def _days_off(leave, zone):
    """Yield the dates of which a leave covers noon: an afternoon off does not close the office."""
    first, last = (
        pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)
        for moment in (leave.date_from, leave.date_to)
    )
    day = first.date()
    while day <= last.date():
        if first <= datetime.combine(day, time(12)) <= last:
            yield day
        day += timedelta(days=1)
