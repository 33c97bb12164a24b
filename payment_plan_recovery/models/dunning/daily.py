"""The scheduled run of each day."""

import logging
from datetime import date, timedelta

import psycopg2
from markupsafe import Markup
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..common.company_words import in_words_of_company, words_of
from ..common.counted import counted
from ..common.guarded_fields import as_action
from .reason import SELECTED
from .run import PROPOSAL_ACTIVITY

_logger = logging.getLogger(__name__)


class RecoveryDunningDaily(models.AbstractModel):
    """The daily run: each company that wants one gets it, whatever happens to the others."""

    _name = "recovery.dunning.daily"
    _description = "Daily Dunning Run"

    @api.model
    def _run_companies(self):
        """Judge the claims of each company at its own date of today, one transaction for each.

        Days without service are not made up for one by one: a claim moves on by one level at most.
        """
        companies = self.env["res.company"].search(
            [("recovery_daily_run", "!=", "off"), ("parent_id", "=", False)]
        )
        last = self._last_runs(companies)
        days = {company: company._recovery_today() for company in companies}
        portions = [
            (company.ids, {"date": day}) for company, day in days.items() if last.get(company, date.min) < day
        ]
        # Stopped half-way, the companies left are found by the next call: no run is made twice.
        self.env["recovery.dispatch"]._dispatch(
            self._name, "_run_company", portions, size=1, of="res.company"
        )

    @api.model
    def _last_runs(self, companies):
        """Return {company: day of its last daily run}, but for those that had none."""
        made = [("company_id", "in", companies.ids), ("automatic", "=", True), ("state", "!=", "cancelled")]
        return dict(self.env["recovery.dunning.run"]._read_group(made, ["company_id"], ["date:max"]))

    @api.model
    def _run_company(self, company, date):
        """Make the run of ``company`` at ``date``; one that cannot be made is put off, or told to a person."""
        try:
            with self.env.cr.savepoint():
                self.with_company(company)._run(company, date)
        except UserError as error:
            # A person's run is at work, or the settings do not fit: tomorrow's run looks again.
            _logger.warning("Daily dunning run of %s put off: %s", company.name, error)
            self.env["ir.cron"]._recovery_ask_about(
                company, error, self.env._("The daily dunning run was put off")
            )
        except psycopg2.OperationalError:  # a conflict with another transaction: the whole is tried again
            raise
        except Exception as error:
            _logger.exception("Daily dunning run of %s failed", company.name)
            # What fails here as well is the job's to ask about: it undoes whatever this transaction did.
            self._tell_failure(company, error)

    @api.model
    def _run(self, company, date):
        """Propose the run of ``company`` at ``date``; make notices that need no approval if it wants that.

        What needs approval is left as a proposal of its own, with an activity for the responsible person.

        :return: the runs made, none when the day's run was made before
        """
        runs = as_action(self.env["recovery.dunning.run"])
        earlier = runs.search(
            [("company_id", "=", company.id), ("automatic", "=", True), ("state", "!=", "cancelled")]
        )
        if earlier.filtered(lambda run: run.date >= date):
            return runs
        responsible = company._recovery_responsible()
        # What a run tells, it tells the one who reads it.
        run = runs.with_context(lang=responsible.lang or company.partner_id.lang).create(
            {"company_id": company.id, "date": date, "automatic": True, "user_id": responsible.id}
        )
        self._tell_missed_days(run, earlier)
        self._supersede(earlier.filtered(lambda run: run.state == "proposed"), run)
        run.action_propose()
        if company.recovery_daily_run == "propose":
            self._ask_responsible(run)
            return run
        waiting = self._split_off_approvals(run)
        self.env["recovery.dunning.confirmation"]._make_notices(run, SQL("TRUE"), just_judged=True)
        self.env["recovery.judgement"]._ask_to_keep()
        run.state = "confirmed"
        self._tell_waiting(run, waiting)
        self._ask_responsible(waiting)
        return run + waiting

    def _tell_failure(self, company, error):
        """Leave a run that is not proposed yet to the person responsible, with what went wrong."""
        run = self.env["recovery.dunning.run"].create(
            {
                "company_id": company.id,
                "date": company._recovery_today(),
                "user_id": company._recovery_responsible().id,
            }
        )
        words = words_of(company)
        run.activity_schedule(
            PROPOSAL_ACTIVITY,
            summary=words._("The daily run failed"),
            note=words._("Correct what went wrong, then make the proposal: %s", error),
            user_id=run.user_id.id or self.env.uid,
        )

    def _tell_waiting(self, run, waiting):
        """Note which claims were left for a person to confirm, and where."""
        if waiting:
            words = in_words_of_company(run).env
            told = words._(
                "Left to be approved: %(claims)s of %(debtors)s.",
                claims=counted(words, "claim", waiting.line_count),
                debtors=counted(words, "debtor", waiting.debtor_count),
            )
            run.message_post(body=Markup("%s %s") % (told, waiting._get_html_link()))

    def _tell_missed_days(self, run, earlier):
        """Note a gap in the daily runs."""
        last = max(earlier.mapped("date"), default=None)
        if last and last < run.date - timedelta(days=1):
            words = in_words_of_company(run).env
            run.message_post(
                body=words._(
                    "There was no daily run since %s. Each claim moves on by one level at most.",
                    format_date(words, last),
                )
            )

    def _supersede(self, proposals, run):
        """Give up open proposals of earlier days: ``run`` judges their claims anew."""
        for proposal in proposals:
            proposal.action_cancel()
            words = in_words_of_company(proposal).env
            proposal.message_post(
                body=words._("Nobody confirmed this proposal; “%s” judges its claims anew.", run.name)
            )

    def _split_off_approvals(self, run):
        """Move the lines whose notices need approval to a proposal of their own, none when there are none."""
        self.env.cr.execute(
            """
            SELECT COUNT(*), SUM(line.amount_company)
              FROM recovery_dunning_run_line line
              JOIN recovery_dunning_level level ON level.id = line.notice_level_id
             WHERE line.run_id = %s AND level.needs_approval
            """,
            [run.id],
        )
        count, amount = self.env.cr.fetchone()
        if not count:
            return run.browse()
        waiting = run.copy({"automatic": True, "origin_id": run.id, "state": "proposed"})
        self.env.cr.execute(
            SQL(
                """
                UPDATE recovery_dunning_run_line line
                   SET run_id = %s
                  FROM recovery_dunning_level level
                 WHERE line.run_id = %s AND level.id = line.notice_level_id AND level.needs_approval
                """,
                waiting.id,
                run.id,
            )
        )
        self.env["recovery.dunning.run.line"].invalidate_model()
        run.invalidate_recordset(["line_ids"])
        self._move_count(run, waiting, count, amount)
        return waiting

    def _move_count(self, run, waiting, count, amount):
        """The lines moved to ``waiting`` are counted there."""
        selected = run.reason_ids.filtered(lambda line: line.reason == SELECTED)
        selected.copy({"run_id": waiting.id, "claim_count": count, "amount_company": amount})
        selected.write(
            {
                "claim_count": selected.claim_count - count,
                "amount_company": selected.amount_company - amount,
            }
        )

    def _ask_responsible(self, proposals):
        """An activity for the responsible person on each proposal with claims."""
        for run in proposals.filtered("line_count"):
            words = in_words_of_company(run).env
            run.activity_schedule(
                PROPOSAL_ACTIVITY,
                note=words._(
                    "To be chased: %(claims)s of %(debtors)s. Look at the list, then make the notices.",
                    claims=counted(words, "claim", run.line_count),
                    debtors=counted(words, "debtor", run.debtor_count),
                ),
                user_id=run.user_id.id or self.env.uid,
            )
