"""What the policies say of claims: as was judged of all of them last, or by the run they are looked at from."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_time

from ..common.id_map import IdList

#: Where a transaction notes the snapshot in which claims were found, or grouped, by their reason.
FOUND_BY = "recovery.claim.reason"


class Judged(fields.Selection):
    """What the policies say of a claim. Asked whether it can group, it does not judge every claim to find out."""

    def _description_groupable(self, _env):
        return True

    def _description_sortable(self, _env):
        return False


class RecoveryClaimJudged(models.AbstractModel):
    """The reason of a claim, as a column that filters and groups.

    ``recovery.judgement`` keeps what was judged of all claims, and knows where it still holds; what does not is judged
    as it is asked.
    """

    _name = "recovery.claim.judged"
    _description = "Claim, as Judged"

    reason = Judged(
        lambda self: self.env["recovery.dunning.reason"]._selection(),
        string="Chased?",
        compute="_compute_reason",
        search="_search_reason",
        help="Why the claim is chased or not, today or at the date of the run it is looked at from.",
    )

    reason_as_of = fields.Char(
        string="Judged",
        compute="_compute_reason",
        help="The run whose judgement the reason is, or today's; at an hour: nothing was written of the debtor since.",
    )

    @api.depends_context("recovery_run_id", "allowed_company_ids")
    def _compute_reason(self):
        for company, claims in self.grouped("company_id").items():
            run = self._judging_run(company)
            told = claims._kept_reasons(run)
            of_run = (
                self.env._("Run of %s", format_date(self.env, run.date)) if run.id else self.env._("Today")
            )
            anew = self.browse(claim.id for claim in claims if claim.id not in told)
            if anew:
                told |= {claim_id: (reason, of_run) for claim_id, reason in run.explain(anew).items()}
            for claim in claims:
                claim.reason, claim.reason_as_of = told.get(claim.id, (False, of_run))

    def _kept_reasons(self, run):
        """Return {id: (reason, when it was judged)} of the claims whose judgement is kept and holds.

        Only where the claims were found by the reason, to say of them what the filter said; a page that was not is
        judged as it is shown.
        """
        kept = self._kept(run) if self.env.cr.cache.get(FOUND_BY) == self._state()[0] else []
        if not kept:
            return {}
        found = SQL(" UNION ALL ").join(
            SQL(
                "SELECT id, %s FROM unnest(%s::int[]) claim(id) WHERE %s",
                verdict.reason,
                self.ids,
                verdict.claims.holds_sql(SQL("id")),
            )
            for verdict in kept
        )
        anew = set(kept[0].but_of)
        at = self.env._("Today, %s", format_time(self.env, kept[0].at, time_format="short"))
        return {
            claim_id: (reason, at)
            for claim_id, reason in self.env.execute_query(found)
            if self.browse(claim_id).partner_id.id not in anew
        }

    def _search_reason(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL("%s IS NOT NULL", model._reason_sql(alias, value))
        )

    def _reason_sql(self, alias, among=None) -> SQL:
        """Return an expression: the reason of the claim ``alias``, where it is ``among`` those asked for."""
        self.env.cr.cache[FOUND_BY] = self._state()[0]
        branches = [
            SQL(
                "WHEN %s AND %s THEN %s",
                verdict.claims.holds_sql(SQL.identifier(alias, "id")),
                self._but_of_sql(alias, verdict.but_of),
                verdict.reason,
            )
            for run in map(self._judging_run, self._judged_companies())
            for verdict in self._verdicts(run)
            if among is None or verdict.reason in among
        ]
        return SQL("CASE %s END", SQL(" ").join(branches)) if branches else SQL("NULL::varchar")

    def _but_of_sql(self, alias, debtors) -> SQL:
        if not debtors:
            return SQL("TRUE")
        return SQL("NOT (%s)", IdList(debtors).holds_sql(SQL.identifier(alias, "partner_id")))

    def _verdicts(self, run):
        """Return what ``run`` says of every claim there is."""
        judgement = self.env["recovery.judgement"]
        return self._once("all", run, lambda: judgement._verdicts(run, self._kept(run)))

    def _kept(self, run):
        """Return what is kept of that, and holds."""
        return self._once("kept", run, lambda: self.env["recovery.judgement"]._kept(run))

    def _once(self, what, run, ask):
        """Return what ``ask()`` tells of a run, asked once by a transaction that has written nothing.

        It sees one state of the ledger, told by its snapshot, however many queries a page takes.
        """
        snapshot, unwritten = self._state()
        if not unwritten:
            return ask()
        known = self.env.cr.cache
        key = (
            "recovery.judgement",
            what,
            snapshot,
            self.env.uid,
            run.company_id.id,
            run.date,
            run._origin.id,
        )
        if key not in known:
            known[key] = ask()
        return known[key]

    def _state(self):
        """Return the transaction's snapshot, and whether it has written nothing yet."""
        self.env.flush_all()
        state = "SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NULL"
        return self.env.execute_query(SQL(state))[0]

    def _judged_companies(self):
        """The creditor of the run the claims are looked at from, else every creditor looked at."""
        return self._run_looked_at_from().company_id or self.env.companies._recovery_creditor()

    def _run_looked_at_from(self):
        return self.env["recovery.dunning.run"].browse(self.env.context.get("recovery_run_id")).exists()

    def _judging_run(self, company):
        """The run the claims are looked at from, else one of today that is not kept."""
        run = self._run_looked_at_from()
        if run.company_id in (company, company._recovery_creditor()):
            return run
        return run.new({"company_id": company.id, "date": company._recovery_today()})
