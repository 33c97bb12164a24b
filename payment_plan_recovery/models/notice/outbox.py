"""The outbox: queued notices leave in committed batches that several workers share.

A batch is locked with ``FOR UPDATE SKIP LOCKED``, looked at again, and given to its channel in
one transaction: whatever is killed on the way, its notices are still queued or wholly done.
What leaves the database (a mail) does so afterwards, one by one: see ``mail_handover``.
"""

import logging
from datetime import timedelta

import psycopg2
from odoo import api, fields, models
from odoo.tools import SQL

from ..common.company_words import by_company, in_words_of_company
from ..common.guarded_fields import as_action

_logger = logging.getLogger(__name__)

#: Waits before a failed notice is tried again; after the last one it has failed for good.
RETRY_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440))


#: What is known of a letter that went; another one begins without.
POSTAL_FACTS = (
    "counts_from_delivery",
    "date_delivered",
    "date_posted",
    "date_received",
    "return_kind",
    "tracking_number",
)


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _queue_for_sending(self, at=None):
        """Put notices in the outbox, to go at ``at`` or as soon as possible.

        What is queued anew is written anew, perhaps over another channel.

        :raise UserError: one of them is being handed over just now
        """
        self._require_no_open_attempt()
        self._take_back()
        self._keep_earlier_try()
        if self:
            self._bulk_write(
                {
                    "state": "queued",
                    "attempt_count": 0,
                    "failure_reason": False,
                    "is_uncertain": False,
                    "words_id": False,
                    "date_returned": False,
                    **dict.fromkeys(POSTAL_FACTS, False),
                    "next_attempt": at or fields.Datetime.now(),
                }
            )
            self._trigger_sending(at)

    def _take_back(self):
        """Undo what was prepared for the notices and has not left, over whatever channel."""
        for channel in self.env["recovery.channel"]._things().values():
            channel._take_back(self)

    @api.model
    def _trigger_sending(self, at=None):
        # sudo: whoever may queue a notice may have the outbox looked at
        self.env.ref("payment_plan_recovery.ir_cron_send_notices").sudo()._trigger(at)

    @api.model
    def _cron_send(self, batch_size=None):
        """Drain the outbox. Every batch is committed; stops when the cron's time is up."""
        channels = self.env["recovery.channel"]
        queued = [code for (code,) in self._read_group(self._due_domain(), ["channel"])]
        stuck = self.browse()
        for code in dict.fromkeys([*channels._things(), *queued]):  # those of uninstalled addons come last
            size = batch_size or channels._thing(code)._batch_size
            while notices := self._lock_batch(code, size, stuck):
                stuck |= notices._send_patiently(code)
                if not self._checkpoint(len(notices - stuck), counted=True):
                    return
        self._deliver_mails()
        self._log_all_sent()

    @api.model
    def _checkpoint(self, processed=0, counted=False):
        """Commit a batch and tell the cron's progress. Returns the seconds left, 0 when time is up.

        :param counted: what is left is counted, and not only less by what was ``processed``: not for each mail
        """
        is_told = counted and self.env.context.get("ir_cron_progress_id")
        remaining = self.search_count(self._due_domain()) if is_told else None
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)

    @api.model
    def _due_domain(self):
        return [("state", "=", "queued"), ("next_attempt", "<=", fields.Datetime.now())]

    @api.model
    def _lock_batch(self, channel, size, without, among=None):
        """Lock the next queued notices of a channel that no other worker holds and that are not ``without``.

        :param among: only some of these
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM recovery_notice
                 WHERE state = 'queued' AND next_attempt <= %(now)s AND channel = %(channel)s
                   AND mail_id IS NULL AND attempt_started IS NULL AND id <> ALL(%(without)s) AND %(among)s
                 ORDER BY next_attempt, id
                 LIMIT %(size)s
                   FOR UPDATE SKIP LOCKED
                """,
                now=fields.Datetime.now(),
                channel=channel,
                size=size,
                without=without.ids,
                among=SQL("TRUE") if among is None else SQL("id = ANY(%s)", among.ids),
            )
        )
        return self.browse(row[0] for row in rows)

    def _send_patiently(self, channel):
        """Send locked notices, and those apart that another transaction is in the way of; return those that are left.

        Who gives way to it gives the locks up: the notices are locked again, if nobody else took them.
        """
        left = []

        def send(notices):
            left.append(notices._send_due(channel))

        failed = self.env["ir.cron"]._recovery_split(self, send)
        return failed.union(*left)

    def _send_due(self, channel):
        """Send over ``channel`` those of the notices that wait still, in the present transaction.

        Return those that are left as they were.
        """
        return self._lock_batch(channel, len(self), self.browse(), among=self)._send_batch(channel)

    def _send_batch(self, channel):
        """Send locked notices of one channel, in the present transaction; return those that are left as they were.

        A batch that fails as a whole is tried again one notice at a time, so that one bad notice does not stop
        the others. Such a one has failed for good and is asked about; one that cannot even be marked so is left.
        """
        try:
            with self.env.cr.savepoint():
                for company, notices in by_company(self):
                    today = company._recovery_today()
                    notices._drop_settled_claims(today)
                    notices.filtered(lambda notice: notice.state == "queued")._send_over(channel, today)
        except psycopg2.OperationalError:  # a conflict with another transaction: the whole is tried again
            raise
        except Exception as error:
            self.env.invalidate_all()
            if len(self) > 1:
                return self.browse().union(*(notice._send_batch(channel) for notice in self))
            _logger.exception("Notice %s could not be sent", self.id)
            return self._give_up(error)
        return self.browse()

    def _give_up(self, error):
        """Conclude a notice that could not be made, have somebody look at it, and return it if even that fails.

        :raise OperationalError: another transaction is in the way: who began gives all up and begins anew
        """
        cron = self.env["ir.cron"]
        env = in_words_of_company(self).env
        try:
            with self.env.cr.savepoint():
                self._failed(env._("The notice could not be made: %s", error), retry=False)
                cron._recovery_ask_about(self, error)
        except psycopg2.OperationalError:
            raise
        except Exception as further:
            self.env.invalidate_all()
            _logger.exception("Notice %s could not be given up", self.id)
            cron._recovery_ask_about(self, further)
            return self
        return self.browse()

    def _send_over(self, channel, today):
        """Send what may go now over ``channel``; ``today`` is the day of the notices' company."""
        if not self:
            return
        for date, notices in self.grouped("date").items():
            if date < today:  # what was approved late is dated, and its deadline counted, from today
                notices._bulk_write({"date": today})
        self._address_anew()
        reachable = self._keep_or_change_channels()
        way = self.env["recovery.channel"]._thing(channel)
        unreachable = reachable.filtered(
            lambda notice: (
                not notice.contact_id or notice._not_offered(channel) or way._why_not(notice.contact_id)
            )
        )
        for notice in unreachable:
            notice._failed(notice.channel_reason, retry=False)
        going = reachable - unreachable
        if going:
            going = going._in_budget(channel)._in_hours(channel)
        if going:
            going._give_deadlines()
            way._send(going)

    # Outcome -------------------------------------------------------------------------------

    def _sent(self, **values):
        """Conclude notices that went out, with what is known about it, and keep in which words.

        Mails know their words since they were written: to choose them reads what is known of a debtor, his habits too.
        """
        messages = self.filtered(lambda notice: not notice.words_id)._messages()
        for words, notices in self.grouped(lambda notice: messages.get(notice, notice.words_id)).items():
            notices._bulk_write(
                {
                    "state": "sent",
                    "date_sent": fields.Datetime.now(),
                    "words_id": words.id,
                    "next_attempt": False,
                    "attempt_started": False,
                    "failure_reason": False,
                    "is_uncertain": False,
                    **values,
                }
            )

    def _failed(self, reason, retry=True):
        """Conclude notices that did not go out: try again later, or mark them failed with their reason.

        What did not go is written anew for the next attempt: this one leaves no trace.
        """
        for channel, notices in self.grouped("channel").items():
            self.env["recovery.channel"]._thing(channel)._take_back(notices)
        now = fields.Datetime.now()
        for count, notices in self.grouped("attempt_count").items():
            again = retry and count < len(RETRY_DELAYS)
            notices._bulk_write(
                {
                    "state": "queued" if again else "failed",
                    "attempt_count": count + 1,
                    "next_attempt": now + RETRY_DELAYS[count] if again else False,
                    "attempt_started": False,
                    "failure_reason": reason,
                }
            )
            if again:
                self._trigger_sending(now + RETRY_DELAYS[count])
            else:
                for _company, of_company in by_company(notices):
                    text = of_company.env._("Not sent: %s", reason)
                    of_company._message_log_batch(bodies=dict.fromkeys(of_company.ids, text))

    def _bulk_write(self, values):
        """Write on many notices without one history entry each: sending writes its own."""
        as_action(self).with_context(tracking_disable=True).write(values)
