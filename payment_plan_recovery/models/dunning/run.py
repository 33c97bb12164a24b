"""A run: the policies of a company applied to its claims at one date."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..common.empty import empty
from ..common.guarded_fields import as_action
from ..common.keep import keep
from ..common.planner import set_by_set, suiting

#: First key of the advisory locks of dunning; the second is the company.
LOCK_KEY = 0x64756E
PROPOSAL_ACTIVITY = "payment_plan_recovery.mail_activity_dunning_proposal"
#: Days after which the proposal of a finished run is dropped; its notices and counts stay.
PROPOSAL_KEPT_DAYS = 90


class RecoveryDunningRun(models.Model):
    """One evaluation of the policies of a company at one date: a proposal, then notices.

    How it judges, it asks ``recovery.dunning.engine``; its proposal is made by ``recovery.dunning.proposal``,
    its notices by ``recovery.dunning.confirmation``, and ``recovery.dunning.daily`` makes the day's runs.
    """

    _name = "recovery.dunning.run"
    _description = "Dunning Run"
    _inherit = ["recovery.guarded.fields", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name", search="_search_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company._recovery_creditor(),
        terms=True,
        help="Whose claims are judged, those of its branches included.",
    )
    date = fields.Date(
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        terms=True,
        help="Date at which the claims are judged.",
    )
    policy_ids = fields.Many2many(
        "recovery.dunning.policy",
        string="Policies",
        terms=True,
        help="Leave empty to apply every policy of the company.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Proposal"),
            ("confirmed", "Confirmed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        protected=True,
    )
    user_id = fields.Many2one("res.users", string="Responsible", default=lambda self: self.env.user)
    line_ids = fields.One2many("recovery.dunning.run.line", "run_id", string="Proposal", copy=False)
    reason_ids = fields.One2many(
        "recovery.dunning.run.reason", "run_id", string="Reasons", copy=False, readonly=True
    )
    notice_ids = fields.One2many("recovery.notice", "run_id", string="Notices", copy=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_count = fields.Integer(compute="_compute_totals", help="Claims ticked in the proposal.")
    debtor_count = fields.Integer(
        compute="_compute_totals", help="Debtors with a ticked claim in the proposal."
    )
    amount_total = fields.Monetary(
        compute="_compute_totals", help="Total of the ticked claims, in company currency."
    )
    notice_count = fields.Integer(compute="_compute_notice_count")
    automatic = fields.Boolean(readonly=True, copy=False, protected=True, help="Made by the daily job.")
    origin_id = fields.Many2one(
        "recovery.dunning.run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        protected=True,
        help="Daily run that left these claims for a person to confirm.",
    )

    # Two schedulers that meet make one daily run.
    _one_daily_run = models.UniqueIndex(
        "(company_id, date) WHERE automatic AND origin_id IS NULL AND state <> 'cancelled'",
        "The daily run of this company and date was made already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # A run asked for in a branch is one of the creditor: what its other branches know counts as well.
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            vals["company_id"] = company._recovery_creditor().id
        return super().create(vals_list)

    @api.depends("company_id")
    def _compute_date(self):
        """Today by the clock of the company, unless a day was given."""
        for run in self:
            run.date = run.date or (run.company_id or self.env.company)._recovery_today()

    @api.depends("company_id", "date", "origin_id")
    def _compute_name(self):
        for run in self:
            name = self.env._("Run of %s", format_date(self.env, run.date))
            run.name = self.env._("%s, to be approved", name) if run.origin_id else name

    def _search_name(self, operator, value):  # a few hundred a year, named in the reader's language
        runs = self.search_fetch([], ["date", "origin_id"])
        return [("id", "in", runs.filtered_domain([("name", operator, value)]).ids)]

    @api.depends("line_ids.selected", "line_ids.amount_company")
    def _compute_totals(self):
        totals = {
            run.id: values
            for run, *values in self.env["recovery.dunning.run.line"]._read_group(
                [("run_id", "in", self.ids), ("selected", "=", True)],
                ["run_id"],
                ["__count", "partner_id:count_distinct", "amount_company:sum"],
            )
        }
        for run in self:
            run.line_count, run.debtor_count, run.amount_total = totals.get(run.id, (0, 0, 0.0))

    @api.depends("notice_ids")
    def _compute_notice_count(self):
        counts = dict(
            self.env["recovery.notice"]._read_group([("run_id", "in", self.ids)], ["run_id"], ["__count"])
        )
        for run in self:
            run.notice_count = counts.get(run, 0)

    # -- public entry points -------------------------------------------------------------

    def action_propose(self):
        """Judge every open claim at the run's date and list those to chase; nothing is sent.

        A proposal that was made already is made again. Raises UserError when the run is finished, or
        while another run of the company is at work.
        """
        for run in self:
            run._open_terms()
            run._lock()
            self.env["recovery.dunning.proposal"]._make(run)
        return True

    def action_confirm(self):
        """Make notices of the ticked claims still to be chased; queue those that need no approval.

        Claims that were paid, held or noticed since the proposal are left out. Raises UserError when the
        run has no proposal or is of a coming day, or while another run of the company is at work.
        """
        self._open_terms()
        for run in self:
            if run.state == "draft":
                text = self.env._("Make the proposal of “%s” first: there is nothing to confirm.", run.name)
                raise UserError(text)
            run._check_come()
            run._lock()
            self.env["recovery.dunning.confirmation"]._make_notices(run, SQL("TRUE"))
            as_action(run).state = "confirmed"
            run.activity_feedback([PROPOSAL_ACTIVITY])
        self.env["recovery.judgement"]._ask_to_keep()
        return True

    def action_cancel(self):
        """Give up the proposal. Notices are not touched: they are cancelled one by one or from their list."""
        self._open_terms()
        as_action(self).state = "cancelled"
        self.activity_unlink([PROPOSAL_ACTIVITY])
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_confirmed(self):
        run = self.filtered(lambda run: run.state == "confirmed")[:1]
        if run:
            told = self.env._("“%s” made notices: it is part of the debtors' files and stays.", run.name)
            raise UserError(told)

    @api.readonly
    def reason_counts(self) -> dict[str, int]:
        """{reason: number of claims} at the run's date; ``selected`` counts those to be chased.

        Every open claim counts once. The items of live plans count as ``in_plan``, next to the instalments
        that stand for them. A finished or proposed run gives the counts of its proposal.
        """
        self.ensure_one()
        if self.state in ("proposed", "confirmed"):
            return {line.reason: line.claim_count for line in self.reason_ids}
        return {reason: count for reason, count, _amount in self._count_reasons()}

    def explain(self, claims) -> dict[int, str]:
        """{id of the claim: reason} at the run's date.

        :param claims: claims, journal items or instalments; an item or instalment that is no open claim
            of the run's company (paid, not posted, of another company) is left out
        """
        self.ensure_one()
        return {record_id: row["reason"] for record_id, row in self._judge(claims).items()}

    # -- screens -------------------------------------------------------------------------

    def action_open_proposal(self):
        """The claims that the run would chase, by debtor."""
        context = {"search_default_by_debtor": 1, "default_run_id": self.id}
        nobody = self.env._("Nobody is to be written to"), self.env._("The run says of all claims why not.")
        name = self.env._("Proposal: %s", self.name)
        return self._open(name, "recovery.dunning.run.line", context, *nobody)

    def action_open_notices(self):
        """The notices the run made."""
        none = self.env._("The run made no notice"), self.env._("They are made when it is confirmed.")
        return self._open(self.env._("Notices: %s", self.name), "recovery.notice", {}, *none)

    def _open(self, name, model, context, *nothing):
        """Window on the run's records of ``model``."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("run_id", "=", self.id)],
            "context": {**context, "create": False},
            "help": empty(*nothing),
        }

    def action_review(self):
        """Download the Excel review."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/recovery/run/{self.id}/review", "target": "download"}

    @api.private  # a path on the server is not a client's to name
    def write_review(self, file):
        """Write the Excel review to ``file``, a path or a binary file."""
        self.ensure_one()
        self.env["recovery.review.xlsx"]._write(self, file)

    # -- evaluation ----------------------------------------------------------------------

    def _statement(self, partners=None) -> SQL:
        """The engine's statement at the run's date, over all debtors or only ``partners``."""
        return self.env["recovery.dunning.engine"]._statement(self._scope(partners))

    def _scope(self, partners=None, among=None):
        self.env.flush_all()
        return self.env["recovery.dunning.scope"]._read(
            self.company_id, self.date, partners=partners, policies=self.policy_ids, among=among
        )

    def _count_reasons(self) -> list[tuple]:
        """(reason, claims, amount in company currency) of a dry run."""
        query = SQL(
            "SELECT reason, COUNT(*), SUM(amount_company) FROM (%s) judged GROUP BY reason", self._statement()
        )
        with set_by_set(self.env.cr):
            return self.env.execute_query(query)

    def _judge(self, claims) -> dict[int, dict]:
        """{id in ``claims``: row of the engine's statement}, looking at the debtors of the claims only."""
        key = {
            "recovery.claim": "id",
            "account.move.line": "move_line_id",
            "recovery.plan.instalment": "instalment_id",
        }[claims._name]
        claims.partner_id.fetch(["commercial_partner_id"])  # what else is known of them the statement reads
        debtors = claims.partner_id.commercial_partner_id
        with suiting(self.env.cr, debtors):  # for what the statement asks before, too
            query = SQL(
                "SELECT * FROM (%s) judged WHERE %s = ANY(%s)",
                self._statement(debtors),
                SQL.identifier(key),
                claims.ids,
            )
            return {row[key]: row for row in self.env.execute_query_dict(query)}

    def _why_not(self, claims):
        """Window that says of each of ``claims`` why it is chased or not at the run's date."""
        judged = self._judge(claims)
        if judged:
            return self.env["recovery.claim.why"]._open(self, judged.values())
        raise UserError(self.env._("Nothing is owed: there is nothing to chase."))

    def _lock(self):
        """One run at a time per company, and each once; the lock ends with the transaction."""
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_KEY, self.company_id.id])
        if not self.env.cr.fetchone()[0]:
            raise UserError(
                self.env._(
                    "Another dunning run of %s is at work. Wait until it has finished, then try again.",
                    self.company_id.name,
                )
            )
        keep(self)

    def _open_terms(self, action=None):
        """A finished run stays as it is, and so does what it was made for."""
        for run in self:
            if run.state not in ("draft", "proposed"):
                told = self.env._("“%s” is finished and stays as it is. Start a new run instead.", run.name)
                raise UserError(told)

    def _check_come(self):
        """Nobody is told today that he is late on a day to come."""
        if self.date > self.company_id._recovery_today():
            raise UserError(
                self.env._(
                    "“%(run)s” is a forecast. Make its notices on %(day)s or later.",
                    run=self.name,
                    day=format_date(self.env, self.date),
                )
            )

    # -- housekeeping --------------------------------------------------------------------

    @api.autovacuum
    def _drop_old_proposals(self):
        """Proposals of finished runs are large and of no more use after a while; notices and counts stay."""
        limit = fields.Date.today() - timedelta(days=PROPOSAL_KEPT_DAYS)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM recovery_dunning_run_line line
                 USING recovery_dunning_run run
                 WHERE run.id = line.run_id AND run.state IN ('confirmed', 'cancelled') AND run.date < %s
                """,
                limit,
            )
        )

    @api.model
    def _cron_daily(self):
        """Make the daily runs of the companies that want one."""
        self.env["recovery.dunning.daily"]._run_companies()
