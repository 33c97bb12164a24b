from odoo import api, models
from odoo.addons.queue_job.exception import RetryableJobError


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _recovery_give_way(self, conflict):
        """A job does not begin anew by itself: its lock would go with the transaction. The queue has it done again."""
        if self.env["recovery.dispatch"]._is_job():
            raise RetryableJobError(str(conflict)) from conflict
        super()._recovery_give_way(conflict)

    @api.model
    def _recovery_keep_done(self):
        """A job is one transaction, which the queue ends: done anew, it looks at all of its records again."""
        if not self.env["recovery.dispatch"]._is_job():
            super()._recovery_keep_done()
