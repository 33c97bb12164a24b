"""Work over many records goes through one place: done here and now, or handed to other workers where there are some."""

from odoo import api, models
from odoo.tools import split_every


class RecoveryDispatch(models.AbstractModel):
    """Does the work part by part in the scheduled job that asks for it, each part committed.

    ``payment_plan_recovery_queue_job`` makes a job of each part instead, for as many workers on as many machines as
    there are.
    """

    _name = "recovery.dispatch"
    _description = "Dispatch of Work"

    @api.model
    def _dispatch(self, model, method, portions, size=None, of=None):
        """Have ``method`` of ``model`` do the ``portions``, in parts of ``size`` records.

        Whoever is to do it may come to it later, and a second time: the method looks at its records again, and acts
        on those that still want it.

        :param portions: [(ids, {name: plain value})]: records, and what is told about them; the day above all
        :param size: records at a time; stops when the job's time is over, as what was done is not found again.
            None: one by one, to the end
        :param of: model of the records where ``method`` is told them, else they are its own
        """
        parts = self._parts(of or model, portions, size or 1)
        self.env["ir.cron"]._recovery_batches(parts, self._work(model, method, of), to_end=not size)

    @api.model
    def _dispatch_all(self, model, method, portions, size):
        """Have it done to the end when the job's time is over too: for lists in which what was done is found again.

        The next call would begin with it, and never come to the rest.
        """
        parts = self._parts(model, portions, size)
        self.env["ir.cron"]._recovery_batches(parts, self._work(model, method), to_end=True)

    @api.model
    def _parts(self, model, portions, size):
        return [
            (self.env[model].browse(part), told) for ids, told in portions for part in split_every(size, ids)
        ]

    @api.model
    def _work(self, model, method, of=None):
        """Return what does a part: a function of its records and what is told about them."""

        def work(records, told):
            if of:
                getattr(self.env[model], method)(records, **told)
            else:
                getattr(records, method)(**told)

        work.__name__ = f"{model}.{method}"  # what the log calls it
        return work

    @api.model
    def _dispatch_companies(self, model, method, companies):
        """Have ``method`` of ``model`` done for each of ``companies`` and its own day of today, one by one."""
        portions = [(company.ids, {"date": company._recovery_today()}) for company in companies]
        self._dispatch(model, method, portions, of="res.company")
