"""How a run lists what it would chase: set-based, no loop over claims."""

from odoo import api, models
from odoo.tools import SQL

from ..common.company_words import in_words_of_company
from ..common.guarded_fields import as_action
from ..common.planner import suiting
from .reason import SELECTED


class RecoveryDunningProposal(models.AbstractModel):
    """Judges the claims of a run, and writes its proposal and its counts by reason."""

    _name = "recovery.dunning.proposal"
    _description = "Making of a Dunning Proposal"

    @api.model
    def _make(self, run):
        """Judge every claim, and list in ``run`` those to be chased and the counts of the others."""
        run.check_access("write")
        scope = run._scope()
        for table in ("recovery_dunning_run_line", "recovery_dunning_run_reason", "recovery_withheld"):
            self.env.cr.execute(SQL("DELETE FROM %s WHERE run_id = %s", SQL.identifier(table), run.id))
        self._put_judged_aside(scope)
        self.env.cr.execute(self._statement(run))
        self.env["recovery.dunning.run.line"].invalidate_model()
        self.env["recovery.dunning.run.reason"].invalidate_model()
        run.invalidate_recordset(["line_ids", "reason_ids"])
        as_action(run).state = "proposed"
        self._report_problems(run, scope)

    @api.model
    def _put_judged_aside(self, scope, wanted=None):
        """Judge every claim into ``recovery_judged``, a table of this transaction; keep those ``wanted`` (SQL).

        No plan that suits the judgement suits the inserts that read it: they are planned for what it holds,
        and a statement that writes may not use several processes.
        """
        cr = self.env.cr
        cr.execute("DROP TABLE IF EXISTS recovery_judged")
        with suiting(cr, scope.partner_ids):
            cr.execute(
                SQL(
                    "CREATE TEMP TABLE recovery_judged ON COMMIT DROP AS SELECT * FROM (%s) judged WHERE %s",
                    self.env["recovery.dunning.engine"]._statement(scope),
                    wanted or SQL("TRUE"),
                )
            )

    def _statement(self, run) -> SQL:
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
            run=run.id,
            company=run.company_id.id,
            user=self.env.uid,
            selected=SELECTED,
            withheld=self.env["recovery.withheld"]._of_run(
                run, SQL("recovery_judged"), self.env["recovery.dunning.reason"]._withheld_kinds()
            ),
        )

    def _report_problems(self, run, scope):
        """Say in the run which policies and levels could not be applied, and have broken filters mended."""
        words = in_words_of_company(run).env
        for record, problem in scope.problems.items():
            run.message_post(
                body=words._(
                    "%(name)s was not applied: %(problem)s",
                    name=record.with_context(lang=words.lang).display_name,
                    problem=problem,
                )
            )
        for record in scope.broken_filters:
            record._ask_to_mend_stale()
