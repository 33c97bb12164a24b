from odoo import api, models
from odoo.tools import split_every

#: Mails of one job: so many are handed over by one worker.
MAILS = 50
PAPER = ("letter", "registered")


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    @api.model
    def _cron_send(self, batch_size=None):
        """Make jobs of the outbox: notices are written by channel, mails that wait handed over, what left told."""
        dispatch, channels = self.env["recovery.dispatch"], self.env["recovery.channel"]
        waiting = self.search(
            [*self._due_domain(), ("attempt_started", "=", False)], order="next_attempt, id"
        )
        prepared = waiting.filtered(lambda notice: notice.sudo().mail_id)
        for code, notices in (waiting - prepared).grouped("channel").items():
            queue = "letters" if code in PAPER else "sending"
            work = {"model": self._name, "method": "_send_due"}
            for part in split_every(batch_size or channels._thing(code)._batch_size, notices.ids, list):
                dispatch._enqueue(queue, f"{self._name}: {code}")._perform(work, part, {"channel": code})
        # what a person posted, or whose worker was stopped before it told of it
        untold = self.search([("state", "=", "sent"), ("logged", "=", False)])
        (prepared | untold)._hand_over_by_jobs()

    def _send_due(self, channel):
        """What was written is handed over, and logged, by a job that is made with it or not at all."""
        left = super()._send_due(channel)
        self.filtered(lambda notice: notice.state in ("queued", "sent"))._hand_over_by_jobs()
        return left

    def _hand_over_by_jobs(self):
        for part in split_every(MAILS, self.ids, list):
            self.env["recovery.dispatch"]._enqueue("sending", f"{self._name}: mail")._hand_over(part)
