from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from .reason import SELECTED

#: First key of the advisory locks of dunning; the second is the company.
LOCK_KEY = 0x64756E
#: Debtors up to which a confirmation judges those of the proposal only, not everyone.
FEW_DEBTORS = 5_000


class RecoveryDunningRun(models.Model):
    """How a run judges claims, lists its proposal and makes notices: set-based, no loop over claims."""

    _inherit = "recovery.dunning.run"

    # ---------------------------------------------------------------------
    # Evaluation
    # ---------------------------------------------------------------------

    def _statement(self, partners=None) -> SQL:
        """The engine's statement at the run's date, over all debtors or only ``partners``."""
        return self.env["recovery.dunning.engine"]._statement(self._scope(partners))

    def _scope(self, partners=None):
        self.env.flush_all()
        # A statement of this size gains nothing from being compiled by the server.
        self.env.cr.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
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

    # ---------------------------------------------------------------------
    # Proposal
    # ---------------------------------------------------------------------

    def _propose(self):
        self.ensure_one()
        self.check_access("write")
        scope = self._scope()
        for table in ("recovery_dunning_run_line", "recovery_dunning_run_reason", "recovery_withheld"):
            self.env.cr.execute(SQL("DELETE FROM %s WHERE run_id = %s", SQL.identifier(table), self.id))
        self._put_judged_aside(scope)
        self.env.cr.execute(self._proposal_statement())
        self.env["recovery.dunning.run.line"].invalidate_model()
        self.env["recovery.dunning.run.reason"].invalidate_model()
        self.invalidate_recordset(["line_ids", "reason_ids"])
        self.state = "proposed"
        self._report_problems(scope)

    def _put_judged_aside(self, scope, wanted=None):
        """Judge every claim into ``recovery_judged``, a table of this transaction; keep those ``wanted`` (SQL).

        No plan that suits the judgement suits the inserts that read it: they are planned for what it holds,
        and a statement that writes may not use several processes.
        """
        self.env.cr.execute("DROP TABLE IF EXISTS recovery_judged")
        self.env.cr.execute(
            SQL(
                "CREATE TEMP TABLE recovery_judged ON COMMIT DROP AS SELECT * FROM (%s) judged WHERE %s",
                self.env["recovery.dunning.engine"]._statement(scope),
                wanted or SQL("TRUE"),
            )
        )

    def _proposal_statement(self) -> SQL:
        """Insert the proposal, the counts by reason and whom the run leaves out, of what was judged."""
        return SQL(
            """
            WITH proposal AS (
                INSERT INTO recovery_dunning_run_line (
                    run_id, partner_id, move_line_id, instalment_id, level_id, notice_level_id, channel,
                    amount_residual, amount_company, date_due, selected
                )
                SELECT %(run)s, partner_id, move_line_id, instalment_id, level_id, notice_level_id, channel,
                       amount_residual, amount_company, date_due, TRUE
                  FROM recovery_judged
                 WHERE reason = %(selected)s
                 ORDER BY partner_id, date_due, id
            ),
            withheld AS (%(withheld)s)
            INSERT INTO recovery_dunning_run_reason (
                run_id, company_id, reason, claim_count, amount_company, create_uid, create_date,
                write_uid, write_date
            )
            SELECT %(run)s, %(company)s, reason, COUNT(*), SUM(amount_company),
                   %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
              FROM recovery_judged
             GROUP BY reason
            """,
            run=self.id,
            company=self.company_id.id,
            user=self.env.uid,
            selected=SELECTED,
            withheld=self.env["recovery.withheld"]._of_run(self),
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

    def _confirm(self, wanted, just_judged=False, debtors=None):
        """Make notices of the ticked lines for which ``wanted`` (SQL on ``line`` and ``level``) holds.

        Returns the new notices. The claims are judged again: what was paid, held or noticed since the
        proposal is left out, and amounts are those of now.

        :param just_judged: the proposal was made in this transaction, which has changed no claim since and
            does not see what others changed: what it judged still holds
        :param debtors: those of the wanted lines, when the caller knows them
        """
        self.ensure_one()
        self.check_access("write")
        self.env["recovery.notice"].check_access("create")
        before = self.notice_ids.ids
        scope = self._scope(None if just_judged else debtors or self._ticked_debtors())
        if not just_judged:
            self._put_judged_aside(scope, wanted=SQL("reason = %s", SELECTED))
        lines = self._insert_notices(scope, wanted)
        self.env["recovery.notice"].invalidate_model()
        self.env["recovery.notice.line"].invalidate_model()
        self.invalidate_recordset(["notice_ids"])
        notices = self.env["recovery.notice"].search([("run_id", "=", self.id), ("id", "not in", before)])
        if notices:
            notices._after_confirm()
        self._report_confirmation(len(notices), lines)
        return notices

    def _ticked_debtors(self):
        """Debtors with a ticked line, None when they are many: judging everyone costs no more then.

        What others owe decides nothing about their notices.
        """
        self.env["recovery.dunning.run.line"].flush_model(["partner_id", "run_id", "selected"])
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT partner_id FROM recovery_dunning_run_line WHERE run_id = %s AND selected",
                self.id,
            )
        )
        if len(rows) > FEW_DEBTORS:
            return None
        return self.env["res.partner"].browse(debtor_id for (debtor_id,) in rows)

    def _insert_notices(self, scope, wanted) -> int:
        """Insert notices and their lines; return how many claims they are about.

        The planner takes a fresh proposal for a few lines and would try each of its claims against every
        other; it may not.
        """
        cr = self.env.cr
        cr.execute("SET LOCAL enable_nestloop = off")
        cr.execute(self._notices_statement(scope, wanted))
        (lines,) = cr.fetchone()
        cr.execute("SET LOCAL enable_nestloop = on")
        cr.execute("DROP TABLE recovery_judged")
        return lines

    def _notices_statement(self, scope, wanted) -> SQL:
        """Insert notices and their lines.

        A claim that has moved on to another level since the proposal is left out. The level it was judged to
        reach is never one it had; one chosen by hand is looked up. What is inserted meanwhile, the unique
        index refuses.
        """
        engine = self.env["recovery.dunning.engine"]
        columns = self.env["recovery.notice"]._columns_of_run(self.company_id)
        return SQL(
            """
            WITH channel AS (%(channel)s),
            chosen AS MATERIALIZED (
                SELECT line.partner_id, line.move_line_id, line.instalment_id, line.level_id,
                       line.notice_level_id, line.channel,
                       COALESCE(line.channel_by_hand, FALSE) AS by_hand,
                       COALESCE(level.needs_approval, FALSE) AS needs_approval,
                       judged.date_due, judged.amount_residual, judged.amount_company
                  FROM recovery_dunning_run_line line
                  JOIN recovery_dunning_level level ON level.id = line.notice_level_id
                  JOIN recovery_judged judged
                    ON judged.id = COALESCE(2 * line.move_line_id, 2 * line.instalment_id + 1)
                   AND judged.reason = %(selected)s
                 WHERE line.run_id = %(run)s AND line.selected AND %(wanted)s
                   AND (line.level_id = judged.level_id OR line.level_by_hand AND NOT EXISTS (
                       SELECT FROM recovery_notice_line had
                        WHERE had.is_live AND had.level_id = line.level_id
                          AND (had.move_line_id = line.move_line_id OR had.instalment_id = line.instalment_id)
                   ))
            ),
            grouped AS (
                SELECT partner_id, notice_level_id AS level_id, channel, needs_approval,
                       SUM(amount_company) AS amount, BOOL_OR(by_hand) AS by_hand
                  FROM chosen
                 GROUP BY partner_id, notice_level_id, channel, needs_approval
            ),
            planned AS (
                SELECT grouped.*,
                       -- Whose channel is a second choice is addressed with the reason why; so is one whose
                       -- best channel is another by now: the debtor changed its wish or its addresses.
                       CASE WHEN grouped.by_hand OR reach.rank = 1 THEN reach.contact_id END AS contact_id
                  FROM grouped
                  LEFT JOIN (%(reach)s) reach USING (partner_id, level_id, channel)
                 ORDER BY grouped.partner_id, grouped.level_id
            ),
            notice AS (
                INSERT INTO recovery_notice (
                    run_id, company_id, partner_id, level_id, date, channel, user_id, amount_total,
                    create_uid, create_date, write_uid, write_date, %(columns)s
                )
                SELECT %(run)s, %(company)s, planned.partner_id, planned.level_id, %(date)s, planned.channel,
                       %(responsible)s, planned.amount,
                       %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC', %(values)s
                  FROM planned
                RETURNING id, partner_id, level_id, channel
            ),
            noticed AS (
                INSERT INTO recovery_notice_line (
                    notice_id, level_id, move_line_id, instalment_id, amount_residual, date_due, is_live
                )
                SELECT notice.id, chosen.level_id, chosen.move_line_id, chosen.instalment_id,
                       chosen.amount_residual, chosen.date_due, TRUE
                  FROM chosen
                  JOIN notice
                    ON notice.partner_id = chosen.partner_id
                   AND notice.level_id = chosen.notice_level_id
                   AND notice.channel = chosen.channel
                RETURNING 1
            )
            SELECT COUNT(*) FROM noticed
            """,
            channel=engine._step_channel(scope),
            selected=SELECTED,
            wanted=wanted,
            reach=engine._reach("grouped", key=("partner_id", "level_id", "channel")),
            columns=SQL(", ").join(SQL.identifier(column) for column in columns),
            values=SQL(", ").join(columns.values()),
            run=self.id,
            company=self.company_id.id,
            date=self.date,
            responsible=self.user_id.id or None,
            user=self.env.uid,
        )

    def _report_confirmation(self, notices, lines):
        """Say in the run what came of it."""
        wished = self.line_count
        body = self.env._("Notices made: %(notices)s, over %(lines)s claims.", notices=notices, lines=lines)
        self._message_log(body=body)
        if wished > lines:
            self._message_log(
                body=self.env._(
                    "Ticked claims left out, as something changed since the proposal: %s.",
                    wished - lines,
                )
            )
