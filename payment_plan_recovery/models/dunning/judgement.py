"""What the policies say of all claims of a creditor today, kept for lists that filter and group by it.

To judge a whole ledger takes a second per 200,000 claims, too long for a page. What is kept holds for the debtors
about whom nothing was written since (``recovery.written``); the others are judged anew. It is dropped by another day
and by other rules: what is declared stands in the statement itself.
"""

from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.id_map import IdList, IdMap, among, mapped
from ..common.planner import suiting

#: How long before a day begins its judgement is kept: lists have it in the first minute.
AHEAD = timedelta(hours=2)


class Verdict(NamedTuple):
    """The claims that get a reason, less those of some debtors; since when that is known."""

    reason: str
    claims: IdList | IdMap
    but_of: list[int]
    at: datetime | None


class RecoveryJudgement(models.Model):
    """The claims of a creditor that got one reason when all of them were judged last."""

    _name = "recovery.judgement"
    _description = "Judgement of the Day"
    _order = "company_id, reason"

    #: Debtors written about since up to which they are judged anew one by one; beyond, all claims are.
    _most_anew = 1000

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    date = fields.Date(required=True, help="Day as of which the claims were judged.")
    at = fields.Datetime("Judged at", required=True, help="When they were judged.")
    reason = fields.Char(required=True, help="Code of the reason that the claims got.")
    first_id = fields.Integer(
        string="First bit", required=True, help="Id of the claim that the first bit stands for."
    )
    last_id = fields.Integer(
        string="Last bit", required=True, help="Id of the claim that the last bit stands for."
    )
    bits = fields.Binary(
        string="Claims",
        required=True,
        attachment=False,
        prefetch=False,
        help="A bit for each claim from the first on: whether it got the reason.",
    )
    rules = fields.Char(
        required=True, help="Fingerprint of everything declared: other rules, another judgement."
    )
    since = fields.Char(
        required=True, help="The oldest transaction that was at work: what later ones wrote was not judged."
    )
    server = fields.Char(required=True, help="Which database server counts the transactions.")

    # -- keeping it --------------------------------------------------------------------------

    @api.model
    def _cron_keep(self):
        """Keep today's judgement of every creditor; one that fails is named, and the others go on.

        It comes again every hour, and as soon as a creditor's day begins. Late in the evening it keeps the next day's
        too: yesterday's holds no more at midnight, and whoever works then is not to wait.
        """
        creditors = self.env["res.company"].search([("parent_id", "=", False)])
        tomorrow = {one._recovery_midnight(one._recovery_today() + timedelta(days=1)) for one in creditors}
        self._ask_to_keep(tomorrow)
        self.env["recovery.dispatch"]._dispatch_companies(self._name, "_keep_ahead", creditors)

    @api.model
    def _keep_ahead(self, company, date):
        """Keep the judgement of ``date``, and that of the day after where it is about to begin."""
        self._keep(company, date)
        following = date + timedelta(days=1)
        if company._recovery_midnight(following) - fields.Datetime.now() <= AHEAD:
            self._keep(company, following)

    @api.model
    def _keep(self, company, date):
        """Judge the claims of a creditor on ``date``, in place of what was kept of that day and of those before."""
        run = self.env["recovery.dunning.run"].new({"company_id": company.id, "date": date})
        judged = self._judge_all(run)
        state = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text, system_identifier::text FROM pg_control_system()"
        [[since, server]] = self.env.execute_query(SQL(state))
        known = {
            "company_id": company.id,
            "date": date,
            "at": fields.Datetime.now(),
            "rules": self._rules(run),
            "since": since,
            "server": server,
        }
        over = Domain("date", "=", date) | Domain("date", "<", company._recovery_today())
        self.search(over & Domain("company_id", "=", company.id)).unlink()
        kept = {reason: mapped(found) for reason, found in judged.items()}
        self.create(
            [
                {**known, "reason": reason, "bits": b64encode(bits), "first_id": first, "last_id": last}
                for reason, (bits, first, last) in kept.items()
            ]
        )

    @api.model
    def _drop(self, companies=None):
        """Forget what was kept, of ``companies`` or of all: what happened left no trace that could be followed."""
        # sudo: nobody reads it but the lists; what is dropped is judged again
        creditors = companies and companies.sudo().root_id
        self.sudo().search([("company_id", "in", creditors.ids)] if creditors else []).unlink()

    @api.model
    def _ask_to_keep(self, instants=None):
        """Have it kept soon, when so much was written that little of it holds; or at some ``instants`` (UTC), once."""
        # sudo: whoever confirms a run need not read the scheduled jobs; a job may have been deleted
        job = self.env.ref("payment_plan_recovery.cron_judgement", raise_if_not_found=False)
        if job and instants:
            asked = (
                self.env["ir.cron.trigger"]
                .sudo()
                .search([("cron_id", "=", job.id), ("call_at", "in", list(instants))])
            )
            job.sudo()._trigger(instants - set(asked.mapped("call_at")))
        elif job:
            job.sudo()._trigger()

    # -- reading it --------------------------------------------------------------------------

    @api.model
    def _verdicts(self, run, kept) -> list[Verdict]:
        """Return what ``run`` says of every claim there is: from what is ``kept`` where that holds, else judged now."""
        if not kept:
            return self._anew(run, None)
        return [*(self._anew(run, kept[0].but_of) if kept[0].but_of else []), *kept]

    def _anew(self, run, debtors):
        return [
            Verdict(reason, among(found), [], None) for reason, found in self._judge_all(run, debtors).items()
        ]

    def _judge_all(self, run, debtors=None) -> dict[str, list[int]]:
        """Return {reason: ids of the claims that get it}, of every claim there is.

        :param debtors: of these only
        """
        about = None if debtors is None else self.env["res.partner"].browse(debtors)
        query = SQL("SELECT reason, ARRAY_AGG(id) FROM (%s) judged GROUP BY reason", run._statement(about))
        with suiting(self.env.cr, debtors):
            return dict(self.env.execute_query(query))

    @api.model
    def _kept(self, run) -> list[Verdict]:
        """Return what is kept of the day of ``run``, one of no more than asking; none where it does not hold."""
        creditor = run.company_id.sudo().root_id  # sudo: a user may be in one branch only
        # sudo: as in _drop; which claims a user may see, the lists' own rules say
        rows = self.sudo().search([("company_id", "=", creditor.id), ("date", "=", run.date)])
        if run._origin or not rows or rows[0].rules != self._rules(run) or not rows[0]._is_of_this_server():
            return []
        written = self.env["recovery.written"]._debtors_since(rows[0].since, self._most_anew)
        if len(written) > self._most_anew:
            return []
        # what was kept before the day began says from then on what holds
        at = max(rows[0].at, creditor._recovery_midnight(run.date))
        return [Verdict(row.reason, row._among(), written, at) for row in rows]

    def _among(self):
        """Return what tells in a query whether a claim got the reason."""
        # Decoded once for a query, not for each claim that is asked for.
        bits = SQL(
            "(SELECT decode(convert_from(bits, 'UTF8'), 'base64') FROM recovery_judgement WHERE id = %s)",
            self.id,
        )
        return IdMap(bits, self.first_id, self.last_id)

    def _is_of_this_server(self):
        """Whether its transactions are this server's: of a copy elsewhere, others are counted."""
        state = SQL("SELECT system_identifier::text FROM pg_control_system()")
        return self.env.execute_query(state)[0][0] == self.server

    def _rules(self, run):
        """Return a fingerprint of what is declared: the statement about nobody, and which residues are let go."""
        declared = [
            run._statement(self.env["res.partner"]),
            *self.env["recovery.residue"]._conditions(run.company_id).values(),
        ]
        return sha256(b" ".join(self.env.cr.mogrify(query) for query in declared)).hexdigest()
