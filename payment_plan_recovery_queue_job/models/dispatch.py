"""Work becomes jobs, which as many workers share as there are."""

from odoo import api, models
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import identity_exact
from odoo.tools import SQL, split_every

#: First key of the advisory locks that jobs hold; the second is a hash of what they do.
JOB_LOCK = 190502
#: Seconds until a job is tried again whose work is being done just now.
BUSY = 10
#: Tries of a job that other transactions are in the way of, over some hours.
MOST_TRIES = 30
#: Records of a job whose work is done one by one.
ONE_BY_ONE = 50
#: Channels by model, others' work goes to the one above; an operator says how many workers each gets.
CHANNELS = {
    "recovery.case": "cases",
    "recovery.charge": "charges",
    "recovery.dispute": "plans",
    "recovery.dossier": "cases",
    "recovery.dunning.daily": "runs",
    "recovery.forecast.line": "insight",
    "recovery.incentive": "credit",
    "recovery.judgement": "runs",
    "recovery.kpi.snapshot": "insight",
    "recovery.limitation": "cases",
    "recovery.notice": "sending",
    "recovery.plan": "plans",
    "recovery.promise": "plans",
    "recovery.sales.digest": "insight",
    "recovery.segment": "credit",
    "recovery.solvency.check": "credit",
    "recovery.worklist": "insight",
}


class RecoveryDispatch(models.AbstractModel):
    _inherit = "recovery.dispatch"

    @api.model
    def _dispatch(self, model, method, portions, size=None, of=None):
        """Make a job of each part; a part that waits in a job already is not put in line again."""
        for ids, told in portions:
            # each company is work enough for a job
            for part in split_every(size or (1 if of == "res.company" else ONE_BY_ONE), ids, list):
                work = {"model": model, "method": method, "of": of, "each": (size or 1) == 1}
                self._enqueue(CHANNELS.get(model), f"{model}.{method}")._perform(work, part, told)

    @api.model
    def _dispatch_all(self, model, method, portions, size):
        """Jobs come to the end by themselves."""
        self._dispatch(model, method, portions, size)

    @api.model
    def _enqueue(self, channel, description):
        """Return what makes a job of the method called next, in a channel of ours."""
        return self.with_delay(
            channel=f"root.recovery.{channel}" if channel else "root.recovery",
            description=description,
            identity_key=identity_exact,
            max_retries=MOST_TRIES,
        )

    @api.model
    def _is_job(self):
        """Tell whether a job is at work."""
        return bool(self.env.context.get("job_uuid"))

    @api.model
    def _perform(self, work, ids, told):
        """A job: do a part, in one transaction. Records that fail are rolled back alone, and asked about.

        :param work: ``model``, ``method`` and ``of`` as :meth:`_dispatch` was told them; ``each``: one record at a time
        :raise RetryableJobError: another job does the same just now, or another transaction was in its way
        """
        self._hold([work, ids, told])
        model, method, of = work["model"], work["method"], work.get("of")
        records = self.env[of or model].browse(ids).exists()
        for part in split_every(1 if work.get("each") else len(ids), records.ids, records.browse):
            self.env["ir.cron"]._recovery_split(part, self._work(model, method, of), told)

    @api.model
    def _hand_over(self, ids):
        """A job: hand the prepared mails of these notices over, each framed by commits of its own; log it.

        Of these only: workers that all tell of everybody's get into each other's way.
        """
        notices = self.env["recovery.notice"].browse(ids)
        notices._deliver_mails(notices)
        notices._log_all_sent(among=notices)

    @api.model
    def _hold(self, what):
        """Keep others from doing the same until the end of the transaction."""
        query = SQL("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", JOB_LOCK, repr(what))
        [(held,)] = self.env.execute_query(query)
        if not held:
            raise RetryableJobError("The same is being done just now.", seconds=BUSY, ignore_retry=True)
