from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from .dunning_reason import SELECTED

#: First key of the advisory locks of dunning; the second is the company.
LOCK_KEY = 0x64756E
#: Days after which the proposal of a finished run is dropped; its notices and counts stay.
PROPOSAL_KEPT_DAYS = 90


class RecoveryDunningRun(models.Model):
    """One evaluation of the policies of a company at one date: a proposal, then notices."""

    _name = "recovery.dunning.run"
    _description = "Dunning Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        required=True, default=fields.Date.context_today, help="Date at which the claims are judged."
    )
    policy_ids = fields.Many2many(
        "recovery.dunning.policy", string="Policies", help="Leave empty to apply every policy of the company."
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

    @api.depends("company_id", "date")
    def _compute_name(self):
        for run in self:
            run.name = self.env._("Run of %s", format_date(self.env, run.date))

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

    # ---------------------------------------------------------------------
    # Public entry points
    # ---------------------------------------------------------------------

    def action_propose(self):
        """Judge every open claim at the run's date and list those to chase: nothing is sent, nothing is noticed.

        A proposal that was made already is made again. Raises UserError when the run is finished, or
        while another run of the company is at work.
        """
        for run in self:
            run._check_open()
            run._lock()
            run._propose()
        return True

    def action_confirm(self):
        """Make the notices of the ticked claims that are still to be chased; queue those that need no approval.

        Claims that were paid, held or noticed since the proposal are left out. Raises UserError when the
        run has no proposal, or while another run of the company is at work.
        """
        for run in self:
            if run.state != "proposed":
                raise UserError(
                    self.env._("Make the proposal of “%s” first: there is nothing to confirm.", run.name)
                )
            run._lock()
            run._confirm(SQL("TRUE"))
            run.state = "confirmed"
        return True

    def action_cancel(self):
        """Give up the proposal. Notices are not touched: they are cancelled one by one or from their list."""
        self._check_open()
        self.state = "cancelled"
        return True

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

    # ---------------------------------------------------------------------
    # Screens
    # ---------------------------------------------------------------------

    def action_open_proposal(self):
        """The proposal, grouped by debtor."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proposal: %s", self.name),
            "res_model": "recovery.dunning.run.line",
            "view_mode": "list,form",
            "domain": [("run_id", "=", self.id)],
            "context": {"search_default_by_debtor": 1, "default_run_id": self.id, "create": False},
        }

    def action_open_notices(self):
        """The notices the run made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Notices: %s", self.name),
            "res_model": "recovery.notice",
            "view_mode": "list,form",
            "domain": [("run_id", "=", self.id)],
            "context": {"create": False},
        }

    def action_review(self):
        """Download the Excel review."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/recovery/run/{self.id}/review", "target": "download"}

    def write_review(self, file):
        """Write the Excel review to ``file``, a path or a binary file."""
        self.ensure_one()
        self.env["recovery.review.xlsx"]._write(self, file)

    # ---------------------------------------------------------------------
    # Evaluation
    # ---------------------------------------------------------------------

    def _statement(self, partners=None) -> SQL:
        """The engine's statement at the run's date, over all debtors or only ``partners``."""
        return self.env["recovery.dunning.engine"]._statement(self._scope(partners))

    def _scope(self, partners=None):
        self.env.flush_all()
        # A statement of this size gains nothing from being compiled by the server.
        self.env.cr.execute("SET LOCAL jit = off")
        return self.env["recovery.dunning.scope"]._read(
            self.company_id, self.date, partners=partners, policies=self.policy_ids
        )

    def _count_reasons(self) -> list[tuple]:
        """(reason, claims, amount in company currency) of a dry run."""
        return self.env.execute_query(
            SQL(
                "SELECT reason, COUNT(*), SUM(amount_company) FROM (%s) judged GROUP BY reason",
                self._statement(),
            )
        )

    def _judge(self, claims) -> dict[int, dict]:
        """{id in ``claims``: row of the engine's statement}, looking at the debtors of the claims only."""
        key = {
            "recovery.claim": "id",
            "account.move.line": "move_line_id",
            "recovery.plan.instalment": "instalment_id",
        }[claims._name]
        debtors = claims.partner_id.commercial_partner_id
        self.env.cr.execute(
            SQL(
                "SELECT * FROM (%s) judged WHERE %s = ANY(%s)",
                self._statement(debtors),
                SQL.identifier(key),
                claims.ids,
            )
        )
        return {row[key]: row for row in self.env.cr.dictfetchall()}

    def _why_not(self, claims):
        """Notification that says of each of ``claims`` why it is chased or not at the run's date."""
        reasons = self.env["recovery.dunning.reason"]
        names = {claim.id: claim.display_name for claim in claims}
        sentences = [
            self.env._("%(claim)s: %(reason)s", claim=names[claim_id], reason=reasons._explanation(row))
            for claim_id, row in self._judge(claims).items()
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Dunning on %s", format_date(self.env, self.date)),
                "message": "; ".join(sentences) or self.env._("Nothing is owed."),
                "sticky": True,
            },
        }

    def _lock(self):
        """One run at a time per company; the lock ends with the transaction."""
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_KEY, self.company_id.id])
        if not self.env.cr.fetchone()[0]:
            raise UserError(
                self.env._(
                    "Another dunning run of %s is at work. Wait until it has finished, then try again.",
                    self.company_id.name,
                )
            )

    def _check_open(self):
        for run in self:
            if run.state not in ("draft", "proposed"):
                raise UserError(
                    self.env._("“%s” is finished and stays as it is. Start a new run instead.", run.name)
                )

    # ---------------------------------------------------------------------
    # Proposal
    # ---------------------------------------------------------------------

    def _propose(self):
        self.ensure_one()
        self.check_access("write")
        scope = self._scope()
        self.env.cr.execute("DELETE FROM recovery_dunning_run_line WHERE run_id = %s", [self.id])
        self.env.cr.execute("DELETE FROM recovery_dunning_run_reason WHERE run_id = %s", [self.id])
        self.env.cr.execute(self._proposal_statement(scope))
        self.env["recovery.dunning.run.line"].invalidate_model()
        self.env["recovery.dunning.run.reason"].invalidate_model()
        self.invalidate_recordset(["line_ids", "reason_ids"])
        self.state = "proposed"
        self._report_problems(scope)

    def _proposal_statement(self, scope) -> SQL:
        """Insert the proposal and the counts by reason from one evaluation."""
        return SQL(
            """
            WITH claim AS MATERIALIZED (%(statement)s),
            proposal AS (
                INSERT INTO recovery_dunning_run_line (
                    run_id, company_id, partner_id, move_line_id, instalment_id, level_id, notice_level_id, channel,
                    currency_id, amount_residual, amount_company, date_due, selected,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(run)s, %(company)s, partner_id, move_line_id, instalment_id, level_id, notice_level_id, channel,
                       currency_id, amount_residual, amount_company, date_due, TRUE,
                       %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
                  FROM claim
                 WHERE reason = %(selected)s
                 ORDER BY partner_id, date_due, id
            )
            INSERT INTO recovery_dunning_run_reason (
                run_id, company_id, reason, claim_count, amount_company, create_uid, create_date, write_uid, write_date
            )
            SELECT %(run)s, %(company)s, reason, COUNT(*), SUM(amount_company),
                   %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
              FROM claim
             GROUP BY reason
            """,
            statement=self.env["recovery.dunning.engine"]._statement(scope),
            run=self.id,
            company=self.company_id.id,
            user=self.env.uid,
            selected=SELECTED,
        )

    def _report_problems(self, scope):
        """Say in the run which policies and levels could not be applied."""
        for record, problem in scope.problems.items():
            self.message_post(
                body=self.env._(
                    "%(name)s was not applied: %(problem)s", name=record.display_name, problem=problem
                )
            )

    # ---------------------------------------------------------------------
    # Confirmation
    # ---------------------------------------------------------------------

    def _confirm(self, wanted):
        """Make notices of the ticked lines for which ``wanted`` (SQL on ``line`` and ``level``) holds.

        Returns the new notices. The claims are judged again: what was paid, held or noticed since the
        proposal is left out, and amounts are those of now.
        """
        self.ensure_one()
        self.check_access("write")
        self.env["recovery.notice"].check_access("create")
        before = self.notice_ids.ids
        self.env.cr.execute(self._notices_statement(self._scope(), wanted))
        lines, skipped = self.env.cr.fetchone()
        if skipped:
            self._drop_empty_notices(before)
        self.env["recovery.notice"].invalidate_model()
        self.env["recovery.notice.line"].invalidate_model()
        self.invalidate_recordset(["notice_ids"])
        notices = self.env["recovery.notice"].search([("run_id", "=", self.id), ("id", "not in", before)])
        if notices and hasattr(notices, "_after_confirm"):
            notices._after_confirm()
        self._report_confirmation(len(notices), lines)
        return notices

    def _notices_statement(self, scope, wanted) -> SQL:
        """Insert notices and their lines; the unique index silently refuses a claim that has the level already."""
        return SQL(
            """
            WITH still_selected AS MATERIALIZED (
                SELECT id, amount_residual, amount_company FROM (%(statement)s) judged WHERE reason = %(selected)s
            ),
            chosen AS MATERIALIZED (
                SELECT line.partner_id, line.move_line_id, line.instalment_id, line.level_id, line.notice_level_id,
                       line.channel, line.currency_id, line.date_due, claim.amount_residual, claim.amount_company
                  FROM recovery_dunning_run_line line
                  JOIN recovery_dunning_level level ON level.id = line.notice_level_id
                  JOIN still_selected claim
                    ON claim.id = COALESCE(2 * line.move_line_id, 2 * line.instalment_id + 1)
                 WHERE line.run_id = %(run)s AND line.selected AND %(wanted)s
            ),
            notice AS (
                INSERT INTO recovery_notice (
                    run_id, company_id, partner_id, level_id, date, channel, state, user_id, amount_total,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(run)s, %(company)s, chosen.partner_id, chosen.notice_level_id, %(date)s, chosen.channel,
                       CASE WHEN level.needs_approval THEN 'draft' ELSE 'approved' END,
                       %(responsible)s, SUM(chosen.amount_company),
                       %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
                  FROM chosen
                  JOIN recovery_dunning_level level ON level.id = chosen.notice_level_id
                 GROUP BY chosen.partner_id, chosen.notice_level_id, chosen.channel, level.needs_approval
                 ORDER BY chosen.partner_id, chosen.notice_level_id
                RETURNING id, partner_id, level_id, channel
            ),
            noticed AS (
                INSERT INTO recovery_notice_line (
                    notice_id, company_id, partner_id, level_id, move_line_id, instalment_id, currency_id,
                    amount_residual, date_due, is_live, create_uid, create_date, write_uid, write_date
                )
                SELECT notice.id, %(company)s, chosen.partner_id, chosen.level_id, chosen.move_line_id,
                       chosen.instalment_id, chosen.currency_id, chosen.amount_residual, chosen.date_due, TRUE,
                       %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
                  FROM chosen
                  JOIN notice
                    ON notice.partner_id = chosen.partner_id
                   AND notice.level_id = chosen.notice_level_id
                   AND notice.channel = chosen.channel
                ON CONFLICT DO NOTHING
                RETURNING 1
            )
            SELECT made.lines, wished.lines - made.lines
              FROM (SELECT COUNT(*) AS lines FROM noticed) made,
                   (SELECT COUNT(*) AS lines FROM chosen) wished
            """,
            statement=self.env["recovery.dunning.engine"]._statement(scope),
            selected=SELECTED,
            wanted=wanted,
            run=self.id,
            company=self.company_id.id,
            date=self.date,
            responsible=self.user_id.id or None,
            user=self.env.uid,
        )

    def _drop_empty_notices(self, before):
        """After refused lines: drop the notices left without any, and add up the others again."""
        made = SQL("notice.run_id = %s AND notice.id <> ALL(%s::int[])", self.id, before)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM recovery_notice notice
                 WHERE %s AND NOT EXISTS (SELECT FROM recovery_notice_line line WHERE line.notice_id = notice.id)
                """,
                made,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE recovery_notice notice
                   SET amount_total = total.amount
                  FROM (
                    SELECT line.notice_id, SUM(proposal.amount_company) AS amount
                      FROM recovery_notice_line line
                      JOIN recovery_dunning_run_line proposal
                        ON proposal.run_id = %s
                       AND (proposal.move_line_id = line.move_line_id OR proposal.instalment_id = line.instalment_id)
                     GROUP BY line.notice_id
                  ) total
                 WHERE total.notice_id = notice.id AND %s
                """,
                self.id,
                made,
            )
        )

    def _report_confirmation(self, notices, lines):
        """Say in the run what came of it."""
        wished = self.line_count
        body = self.env._(
            "%(notices)s notices were made over %(lines)s claims.", notices=notices, lines=lines
        )
        self.message_post(body=body)
        if wished > lines:
            self.message_post(
                body=self.env._(
                    "%s ticked claims were left out: they were paid, held or noticed since the proposal.",
                    wished - lines,
                )
            )

    # ---------------------------------------------------------------------
    # Housekeeping
    # ---------------------------------------------------------------------

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
