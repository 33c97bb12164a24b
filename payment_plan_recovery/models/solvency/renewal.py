from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.company_words import words_of
from .measure import MEMORY_MONTHS
from .scoring import OPEN_STATES

#: Days after a check during which events do not ask for another.
QUIET_DAYS = 90
#: Broken promises since the last check that ask for a new one.
PROMISES = 2
BATCH = 200


class RecoverySolvencyRenewal(models.AbstractModel):
    """Checks nobody had to ask for: renewals, and events that put a debtor in question."""

    _name = "recovery.solvency.renewal"
    _description = "Renewal of Solvency Checks"

    @api.model
    def _cron_prepare(self):
        """Prepare the checks that are due, in every company by its own day; one that fails stops no other."""
        companies = self.env["res.company"].search([("active", "=", True)])
        cron, found = self.env["ir.cron"], {}

        def look(company):
            found[company] = self.with_company(company)._due(company, company._recovery_today())

        # Every company's first: stopped half-way, the job still knows that there is something left.
        for company in companies:
            cron._recovery_split(company, look)
        portions = []
        for company, due in found.items():
            told = {"company_id": company.id, "date": company._recovery_today()}
            for origin in dict.fromkeys(origin for _debtor_id, origin in due):
                ids = [debtor_id for debtor_id, why in due if why == origin]
                portions.append((ids, {**told, "origin": origin}))
        self.env["recovery.dispatch"]._dispatch(
            self._name, "_prepare_still_due", portions, BATCH, of="res.partner"
        )

    @api.model
    def _prepare_still_due(self, debtors, company_id, date, origin):
        """Prepare the checks of ``debtors`` for ``origin``, but for those who had one meanwhile."""
        company = self.env["res.company"].browse(company_id)
        checks = self.with_company(company)
        due = dict.fromkeys(debtors.ids, origin)
        if origin != "renewal":
            due = checks._without_recent(company, date, due)
        checks._prepare_due(company, date, list(checks._without_open(company, date, due).items()))

    @api.model
    def _due(self, company, date):
        """Pairs of debtor id and origin: whom a check is due for, each once."""
        events = {}
        for origin, debtor_ids in (
            ("broken_promises", self._due_for_promises(company, date)),
            ("limit_near", self._due_for_limit(company, date)),
        ):
            for debtor_id in debtor_ids:
                events.setdefault(debtor_id, origin)
        renewals = dict.fromkeys(self._due_for_renewal(company, date), "renewal")
        due = renewals | self._without_recent(company, date, events)
        return list(self._without_open(company, date, due).items())

    @api.model
    def _without_recent(self, company, date, due):
        """Return ``due`` ({debtor id: origin}) without those who were checked within the quiet days."""
        since = fields.Date.subtract(date, days=QUIET_DAYS)
        recent = self._checked(company, due, Domain("date", ">", since) & Domain("state", "!=", "cancelled"))
        return {debtor_id: origin for debtor_id, origin in due.items() if debtor_id not in recent}

    @api.model
    def _without_open(self, company, date, due):
        """Return ``due`` ({debtor id: origin}) without those whose check waits for somebody, or is of ``date``."""
        of_the_day = Domain("date", ">=", date) & Domain("state", "!=", "cancelled")
        busy = self._checked(company, due, Domain("state", "in", OPEN_STATES) | of_the_day)
        return {debtor_id: origin for debtor_id, origin in due.items() if debtor_id not in busy}

    @api.model
    def _checked(self, company, debtor_ids, domain):
        """Those of the debtors who have a check like ``domain``."""
        domain &= Domain("company_id", "in", company._recovery_lineage_ids())
        domain &= Domain("partner_id", "in", list(debtor_ids))
        return {debtor.id for (debtor,) in self._read_group(domain, ["partner_id"])}

    @api.model
    def _due_for_renewal(self, company, date):
        """Debtors whose approved check ends within its card's notice.

        One that was made within that time, of an insurance that ends soon, is made anew once it is over.
        """
        self.flush_model(["company_id", "date_until", "partner_id", "scorecard_id", "state"])
        self.env["recovery.scorecard"].flush_model(["renewal_days"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT checked.partner_id
                  FROM recovery_solvency_check checked
                  JOIN recovery_scorecard card ON card.id = checked.scorecard_id
                 WHERE checked.state = 'approved'
                   AND checked.company_id = %s
                   AND checked.date_until <= %s::date + card.renewal_days
                   AND (checked.date < checked.date_until - card.renewal_days OR checked.date_until < %s)
                 ORDER BY checked.date_until
                """,
                company.id,
                date,
                date,
            )
        )
        return [debtor_id for (debtor_id,) in rows]

    @api.model
    def _due_for_limit(self, company, date):
        """Debtors whose exposure has come near the limit that ``company`` gave them."""
        alert = company.recovery_limit_alert
        if not alert:
            return []
        partners = self.env["res.partner"].with_company(company)
        partners._flush_exposure()
        limit = SQL("COALESCE(%s, 0)", partners._own_limit_sql("debtor", company))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debtor.id
                  FROM (%(exposure)s) AS exposure
                  JOIN res_partner debtor ON debtor.id = exposure.debtor_id
                 WHERE %(limit)s > 0 AND exposure.total >= %(limit)s * %(alert)s / 100
                """,
                exposure=partners._exposure_sql(company, date),
                limit=limit,
                alert=alert,
            )
        )
        return [debtor_id for (debtor_id,) in rows]

    @api.model
    def _due_for_promises(self, company, date):
        """Debtors who broke several promises since their last check; a branch's are those it gives credit itself."""
        self.flush_model(["company_id", "date", "partner_id", "state"])
        self.env["recovery.promise"].flush_model(["company_id", "date_judged", "partner_id", "state"])
        since = fields.Date.subtract(date, months=MEMORY_MONTHS)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT broken.debtor_id
                  FROM (%(broken)s) AS broken
                  LEFT JOIN (
                       SELECT partner_id, MAX(date) AS date
                         FROM recovery_solvency_check
                        WHERE company_id = %(company)s AND state <> 'cancelled'
                        GROUP BY partner_id
                       ) AS last ON last.partner_id = broken.debtor_id
                  JOIN res_partner debtor ON debtor.id = broken.debtor_id
                 WHERE broken.date > COALESCE(last.date, '-infinity') AND %(own)s
                 GROUP BY broken.debtor_id
                HAVING COUNT(*) >= %(promises)s
                """,
                broken=self.env["recovery.promise"]._broken_sql(company, since, date),
                company=company.id,
                promises=PROMISES,
                own=self.env["res.partner"]._gives_credit_sql("debtor", company)
                if company.parent_id
                else SQL("TRUE"),
            )
        )
        return [debtor_id for (debtor_id,) in rows]

    @api.model
    def _prepare_due(self, company, date, due):
        """Create, compute and assign checks of (debtor id, origin); one that cannot be computed says why."""
        responsible = company._recovery_nearest("recovery_credit_user_id")
        responsible = responsible.sudo(False) or self._other_manager(self.env.user, company)
        # Values and reasons are kept in words: those of the language of who reads them.
        checks = self.with_context(lang=responsible.lang or self.env.lang).create(
            [
                {
                    "partner_id": debtor_id,
                    "company_id": company.id,
                    "date": date,
                    "origin": origin,
                    "user_id": responsible.id,
                }
                for debtor_id, origin in due
            ]
        )
        checks._compute_outcomes(keep_going=True)
        checks._schedule_review(words_of(company)._("Review a solvency check"))
        return checks

    @api.model
    def _prepare_first(self, company, debtors):
        """Prepare the check of those of ``debtors`` who never had one: they buy for a large sum."""
        creditor = Domain("company_id", "in", company._recovery_branch_ids())
        known = self.search(creditor & Domain("partner_id", "in", debtors.ids)).partner_id
        date = company._recovery_today()
        return self._prepare_due(company, date, [(debtor.id, "first_order") for debtor in debtors - known])
