"""How a run makes notices of its ticked claims: one statement, no loop over claims."""

from odoo import api, models
from odoo.tools import SQL

from ..common.automation import automate_created
from ..common.claim_key import claim_key_sql
from ..common.company_words import in_words_of_company
from ..common.counted import counted
from ..common.planner import FEW, set_by_set
from .reason import SELECTED


class RecoveryDunningConfirmation(models.AbstractModel):
    """Judges the claims of a proposal again, and makes notices of those still to be chased."""

    _name = "recovery.dunning.confirmation"
    _description = "Making of Dunning Notices"

    @api.model
    def _make_notices(self, run, wanted, just_judged=False, debtors=None):
        """Make notices of the ticked lines of ``run`` for which ``wanted`` (SQL on ``line`` and ``level``) holds.

        The claims are judged again: what was paid, held or noticed since the proposal is left out, and amounts
        are those of now.

        :param just_judged: the proposal was made in this transaction, which has changed no claim since and
            does not see what others changed: what it judged still holds
        :param debtors: those of the wanted lines, when the caller knows them
        :return: the new notices
        """
        run.check_access("write")
        self.env["recovery.notice"].check_access("write")
        before = run.notice_ids.ids
        if just_judged:
            scope = run._scope()
        else:
            few = debtors or self._few_ticked(run)
            scope = run._scope(few, among=self._ticked_sql(run) if few is None else None)
            proposal = self.env["recovery.dunning.proposal"]
            proposal._put_judged_aside(scope, wanted=SQL("reason = %s", SELECTED))
        self.env["recovery.notice"]._retire_lines(run)
        lines = self._insert(run, scope, wanted)
        self.env["recovery.notice"].invalidate_model()
        self.env["recovery.notice.line"].invalidate_model()
        run.invalidate_recordset(["notice_ids"])
        notices = self.env["recovery.notice"].search([("run_id", "=", run.id), ("id", "not in", before)])
        if notices:
            automate_created(notices)
            notices._after_confirm()
        self._report(run, len(notices), lines)
        return notices

    def _ticked_sql(self, run) -> SQL:
        """Return a query of the debtors with a ticked line: what others owe decides nothing about their notices."""
        return SQL("SELECT partner_id FROM recovery_dunning_run_line WHERE run_id = %s AND selected", run.id)

    def _few_ticked(self, run):
        """Return the same debtors, None when they are too many to look up what they owe one by one."""
        self.env["recovery.dunning.run.line"].flush_model(["partner_id", "run_id", "selected"])
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT partner_id FROM (%s) ticked LIMIT %s", self._ticked_sql(run), FEW + 1)
        )
        if len(rows) > FEW:
            return None
        return self.env["res.partner"].browse(debtor_id for (debtor_id,) in rows)

    def _insert(self, run, scope, wanted) -> int:
        """Insert notices and their lines; return how many claims they are about.

        The planner takes a fresh proposal for a few lines and would try each of its claims against every
        other; it may not.
        """
        cr = self.env.cr
        with set_by_set(cr):
            cr.execute(self._statement(run, scope, wanted))
            (lines,) = cr.fetchone()
        cr.execute("DROP TABLE recovery_judged")
        return lines

    def _statement(self, run, scope, wanted) -> SQL:
        """Insert notices and their lines; return how many claims they are about."""
        return SQL(
            """
            WITH channel AS (%(channel)s),
            chosen AS MATERIALIZED (%(chosen)s),
            grouped AS (
                SELECT partner_id, notice_level_id AS level_id, channel, needs_approval,
                       SUM(amount_company) AS amount, BOOL_OR(by_hand) AS by_hand
                  FROM chosen
                 GROUP BY partner_id, notice_level_id, channel, needs_approval
            ),
            planned AS (%(planned)s),
            notice AS (%(notice)s),
            noticed AS (%(noticed)s)
            SELECT COUNT(*) FROM noticed
            """,
            channel=self.env["recovery.dunning.engine"]._step_channel(scope),
            chosen=self._chosen(run, scope, wanted),
            planned=self._planned(),
            notice=self.env["recovery.notice"]._inserted_sql(run),
            noticed=self.env["recovery.notice"]._lines_inserted_sql(),
        )

    def _chosen(self, run, scope, wanted) -> SQL:
        """The ticked lines still to be chased, with what is owed now.

        A claim that has moved on to another level since the proposal is left out. The level it was judged to
        reach is never one it had; one chosen by hand is looked up. What is inserted meanwhile, the unique
        index refuses.
        """
        return SQL(
            """
            SELECT line.partner_id, line.move_line_id, line.instalment_id, line.level_id,
                   line.notice_level_id, line.channel,
                   COALESCE(line.channel_by_hand, FALSE) AS by_hand,
                   COALESCE(level.needs_approval, FALSE) AS needs_approval,
                   judged.policy_id, judged.date_due, judged.amount_residual, judged.amount_company
              FROM recovery_dunning_run_line line
              JOIN recovery_dunning_level level ON level.id = line.notice_level_id
              JOIN recovery_judged judged
                ON judged.id = %(key)s
               AND judged.reason = %(selected)s
             WHERE line.run_id = %(run)s AND line.selected AND %(wanted)s
               AND (line.level_id = judged.level_id OR line.level_by_hand AND NOT %(had)s)
            """,
            key=claim_key_sql(SQL("line.move_line_id"), SQL("line.instalment_id")),
            had=self.env["recovery.notice"]._had_level_sql(scope.timezone),
            run=run.id,
            selected=SELECTED,
            wanted=wanted,
        )

    def _planned(self) -> SQL:
        """The notices with the contact they are addressed to."""
        return SQL(
            """
            SELECT grouped.*,
                   -- Whose channel is a second choice is addressed with the reason why; so is one whose
                   -- best channel is another by now: the debtor changed its wish or its addresses.
                   CASE WHEN grouped.by_hand OR reach.rank = 1 THEN reach.contact_id END AS contact_id
              FROM grouped
              LEFT JOIN (%(reach)s) reach USING (partner_id, level_id, channel)
             ORDER BY grouped.partner_id, grouped.level_id
            """,
            reach=self.env["recovery.dunning.engine"]._reach(
                "grouped", key=("partner_id", "level_id", "channel")
            ),
        )

    def _report(self, run, notices, lines):
        """Say in the run what came of it."""
        wished = self.env["recovery.dunning.run.line"].search_count(
            [("run_id", "=", run.id), ("selected", "=", True)]
        )
        words = in_words_of_company(run).env
        claims = counted(words, "claim", lines)
        body = words._("Notices made: %(notices)s, over %(claims)s.", notices=notices, claims=claims)
        run._message_log(body=body)
        if wished > lines:
            run._message_log(
                body=words._(
                    "Ticked claims left out, as something changed since the proposal: %s.",
                    wished - lines,
                )
            )
