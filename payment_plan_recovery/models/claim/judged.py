"""What the policies say of claims: judged today, or by the run they are looked at from."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..common.array_text import array_text


class Judged(fields.Selection):
    """What the policies say of a claim. Asked whether it can group, it does not judge every claim to find out."""

    def _description_groupable(self, _env):
        return True

    def _description_sortable(self, _env):
        return False


class RecoveryClaimJudged(models.AbstractModel):
    """The reason of a claim, as a column that filters and groups: judged for it, never kept, so never stale."""

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
        string="Judged", compute="_compute_reason", help="The run whose judgement the reason is, or today's."
    )

    @api.depends_context("recovery_run_id", "allowed_company_ids")
    def _compute_reason(self):
        for company, claims in self.grouped("company_id").items():
            run = self._judging_run(company)
            reasons = run.explain(claims)
            told = self.env._("Run of %s", format_date(self.env, run.date)) if run.id else self.env._("Today")
            for claim in claims:
                claim.reason = reasons.get(claim.id)
                claim.reason_as_of = told

    def _search_reason(self, operator, value):
        if operator != "in":
            return NotImplemented
        judged = [claim_id for reason, found in self._judged() if reason in value for claim_id in found]
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s = ANY(%s::int[])", SQL.identifier(alias, "id"), array_text(judged)
            )
        )

    def _reason_sql(self, alias) -> SQL:
        """Return an expression: the reason of the claim ``alias``; every claim is judged for it, once."""
        # A subquery is hashed wherever it stands, an array is gone through for each row of a group.
        branches = [
            SQL(
                "WHEN %s IN (SELECT unnest(%s::int[])) THEN %s",
                SQL.identifier(alias, "id"),
                array_text(found),
                reason,
            )
            for reason, found in self._judged()
        ]
        return SQL("CASE %s END", SQL(" ").join(branches)) if branches else SQL("NULL::varchar")

    def _judged(self):
        """Return [(reason, ids of claims)] of all claims: judged once by a transaction that has written nothing.

        It sees one state of the ledger, told by its snapshot, however many queries a page takes.
        """
        self.env.flush_all()
        state = "SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NULL"
        [[snapshot, unwritten]] = self.env.execute_query(SQL(state))
        runs = [self._judging_run(company) for company in self._judged_companies()]
        asked = ((run.company_id.id, run.date, run._origin.id) for run in runs)
        key = ("recovery.judged", snapshot, self.env.uid, *asked)
        judged = self.env.cr.cache.get(key) if unwritten else None
        if judged is None:
            judged = [found for run in runs for found in run._judged_by_reason().items()]
        if unwritten:
            self.env.cr.cache[key] = judged
        return judged

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
