"""The outbox: queued notices leave in committed batches that several workers share.

A batch is locked with ``FOR UPDATE SKIP LOCKED``, looked at again, and given to its channel in
one transaction: whatever is killed on the way, its notices are still queued or wholly done.
What leaves the database (a mail) does so afterwards, one by one: see ``notice_email``.
"""

import logging
from datetime import timedelta

import psycopg2
from odoo import api, fields, models
from odoo.tools import SQL

from ..claim.withheld import Obstacle
from ..plan.plan import LIVE_STATES

_logger = logging.getLogger(__name__)

#: Waits before a failed notice is tried again; after the last one it has failed for good.
RETRY_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440))
#: Notices sent in one transaction: where a batch costs little of itself, and where it is printed at once.
BATCH_SIZE = 50
BATCH_SIZES = {"email": 200, "sms": 200}


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    logged = fields.Boolean(
        readonly=True, copy=False, help="The debtor's and the invoices' history tell of it."
    )

    def _senders(self):
        """Return the method that sends a batch, by channel. A new channel adds its own.

        It either calls ``_sent()`` and ``_failed(reason)`` itself, within the batch's
        transaction, or leaves the notices queued for a later step.
        """
        return {
            "email": type(self)._prepare_mails,
            "letter": type(self)._print_letters,
            "registered": type(self)._print_letters,
            "sms": type(self)._send_sms,
            "phone": type(self)._schedule_calls,
        }

    def _queue_for_sending(self, at=None):
        """Put notices in the outbox, to go at ``at`` or as soon as possible."""
        if self:
            self._bulk_write({**self._queue_values(), "next_attempt": at or fields.Datetime.now()})
            self._trigger_sending(at)

    @api.model
    def _queue_values(self):
        """Return what a notice is like before its first attempt."""
        return {"state": "queued", "attempt_count": 0, "failure_reason": False, "is_uncertain": False}

    @api.model
    def _trigger_sending(self, at=None):
        # sudo: whoever may queue a notice may have the outbox looked at
        self.env.ref("payment_plan_recovery.ir_cron_send_notices").sudo()._trigger(at)

    @api.model
    def _cron_send(self, batch_size=None):
        """Drain the outbox. Every batch is committed; stops when the cron's time is up."""
        today = fields.Date.context_today(self)
        for channel in self._senders():
            size = batch_size or BATCH_SIZES.get(channel, BATCH_SIZE)
            while notices := self._lock_batch(channel, size):
                notices._send_batch(channel, today)
                if not self._checkpoint(len(notices)):
                    return
        self._deliver_mails()
        self._log_all_sent()

    @api.model
    def _checkpoint(self, processed=0):
        """Commit a batch and tell the cron's progress. Returns the seconds left, 0 when time is up."""
        remaining = self.search_count(self._due_domain()) if processed else None
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)

    @api.model
    def _due_domain(self):
        return [("state", "=", "queued"), ("next_attempt", "<=", fields.Datetime.now())]

    @api.model
    def _lock_batch(self, channel, size):
        """Lock the next queued notices of a channel that no other worker holds."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM recovery_notice
                 WHERE state = 'queued' AND next_attempt <= %(now)s AND channel = %(channel)s
                   AND mail_id IS NULL AND attempt_started IS NULL
                 ORDER BY next_attempt, id
                 LIMIT %(size)s
                   FOR UPDATE SKIP LOCKED
                """,
                now=fields.Datetime.now(),
                channel=channel,
                size=size,
            )
        )
        return self.browse(row[0] for row in rows)

    def _send_batch(self, channel, today):
        """Send locked notices of one channel, in the present transaction.

        A batch that fails as a whole is tried again one notice at a time, so that one bad
        notice does not stop the others.
        """
        try:
            with self.env.cr.savepoint():
                self._drop_settled_claims(today)
                self.filtered(lambda notice: notice.state == "queued")._send_over(channel, today)
        except psycopg2.OperationalError:  # a conflict with another transaction: the whole is tried again
            raise
        except Exception as error:
            self.env.invalidate_all()
            if len(self) > 1:
                for notice in self:
                    notice._send_batch(channel, today)
            else:
                _logger.exception("Notice %s could not be sent", self.id)
                self._failed(self.env._("The notice could not be made: %s", error), retry=False)

    def _send_over(self, channel, today):
        if not self:
            return
        for date, notices in self.grouped("date").items():
            if date < today:  # what was approved late is dated, and its deadline counted, from today
                notices._bulk_write({"date": today})
        reachable = self._keep_or_change_channels()
        unreachable = reachable.filtered(
            lambda notice: not notice.contact_id or notice._channel_checks()[channel](notice.contact_id)
        )
        for notice in unreachable:
            notice._failed(notice.channel_reason, retry=False)
        going = reachable - unreachable
        if going:
            going = going._in_budget(channel)._in_hours(channel)
        if going:
            self._senders()[channel](going)

    # Looking again ------------------------------------------------------------------------

    def _drop_settled_claims(self, today):
        """Leave out what is no longer to be chased on ``today``; cancel a notice that is left empty.

        Claims paid, taken into a plan, put on hold or excluded since the notice was made are
        dropped; an amount paid in part since is brought up to date.
        """
        self.env.flush_all()
        dropped, changed = {}, {}
        for line_id, reason, residual in self.env.execute_query(self._line_changes_query(today)):
            if reason:
                dropped.setdefault(reason, []).append(line_id)
            else:
                changed[line_id] = residual
        lines = self.env["recovery.notice.line"]
        for reason, ids in dropped.items():
            lines.browse(ids).write({"is_live": False, "drop_reason": reason})
        for line_id, residual in changed.items():
            lines.browse(line_id).amount_residual = residual
        empty = self.filtered(lambda notice: not any(notice.line_ids.mapped("is_live")))
        empty._log_held()
        for notice in empty:
            labels = dict(lines._fields["drop_reason"]._description_selection(self.env))
            reasons = {labels[line.drop_reason] for line in notice.line_ids if line.drop_reason}
            notice._bulk_write(
                {
                    "state": "cancelled",
                    "next_attempt": False,
                    "failure_reason": self.env._(
                        "Nothing was left to ask for: %s", ", ".join(sorted(reasons)) or "-"
                    ),
                }
            )

    def _log_held(self):
        """Write down whom a hold keeps from being contacted."""
        obstacle = Obstacle("hold", self.env._("A hold was set before the notice went."))
        held = self.filtered(lambda notice: "on_hold" in notice.line_ids.mapped("drop_reason"))
        self._log_withheld([(notice, notice.channel, obstacle) for notice in held])

    def _line_changes_query(self, today):
        """Return the live lines whose claim changed: (line, why it is dropped or NULL, what is claimed now).

        A hold on the debtor or on the whole item drops the claim, one on a part takes the part off.
        """
        held_items = self.env["recovery.hold"]._fields["move_line_ids"]
        return SQL(
            """
            SELECT line.id, claim.reason, claim.residual
              FROM recovery_notice_line line
              JOIN recovery_notice notice ON notice.id = line.notice_id
              LEFT JOIN account_move_line item ON item.id = line.move_line_id
              LEFT JOIN recovery_plan_instalment instalment ON instalment.id = line.instalment_id
             CROSS JOIN LATERAL (
                    SELECT COALESCE(instalment.amount_residual, item.amount_residual_currency) AS owed
                   ) ledger
             CROSS JOIN LATERAL (
                    SELECT COALESCE(BOOL_OR(COALESCE(hold.amount, 0) = 0), FALSE) AS whole,
                           COALESCE(SUM(hold.amount), 0) AS part
                      FROM recovery_hold hold
                     WHERE hold.company_id = notice.company_id AND hold.partner_id = notice.partner_id
                       AND hold.date_from <= %(today)s
                       AND COALESCE(hold.date_until, %(today)s) >= %(today)s
                       AND (NOT EXISTS (SELECT FROM %(held)s held WHERE held.%(hold_id)s = hold.id)
                            OR EXISTS (SELECT FROM %(held)s held
                                        WHERE held.%(hold_id)s = hold.id AND held.%(item_id)s = item.id))
                   ) held
             CROSS JOIN LATERAL (
                    SELECT ledger.owed - CASE WHEN held.whole THEN 0 ELSE held.part END AS residual,
                           CASE WHEN ledger.owed <= 0 OR item.parent_state <> 'posted'
                                  OR instalment.plan_state NOT IN %(live)s
                                THEN 'settled'
                                WHEN EXISTS (SELECT FROM recovery_plan_item covered
                                              WHERE covered.move_line_id = item.id AND covered.is_live)
                                THEN 'in_plan'
                                WHEN held.whole OR held.part >= ledger.owed THEN 'on_hold'
                                WHEN item.no_followup THEN 'excluded'
                           END AS reason
                   ) claim
             WHERE line.notice_id IN %(notices)s AND line.is_live
               AND (claim.reason IS NOT NULL OR claim.residual <> line.amount_residual)
            """,
            live=LIVE_STATES,
            today=today,
            held=SQL.identifier(held_items.relation),
            hold_id=SQL.identifier(held_items.column1),
            item_id=SQL.identifier(held_items.column2),
            notices=tuple(self.ids),
        )

    # Outcome -------------------------------------------------------------------------------

    def _sent(self, **values):
        """Conclude notices that went out, with what is known about it."""
        self._bulk_write(
            {
                "state": "sent",
                "date_sent": fields.Datetime.now(),
                "next_attempt": False,
                "attempt_started": False,
                "failure_reason": False,
                "is_uncertain": False,
                **values,
            }
        )

    def _failed(self, reason, retry=True):
        """Conclude notices that did not go out: try again later, or mark them failed with their reason."""
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
                notices._message_log_batch(
                    bodies=dict.fromkeys(notices.ids, self.env._("Not sent: %s", reason))
                )

    def _bulk_write(self, values):
        """Write on many notices without one history entry each: sending writes its own."""
        self.with_context(tracking_disable=True).write(values)

    # History -------------------------------------------------------------------------------

    @api.model
    def _log_all_sent(self, size=500):
        """Tell the debtors' and the invoices' history of what was sent, in committed batches."""
        last = 0
        while notices := self._lock_unlogged(size, last):
            last = notices[-1].id  # what cannot be told now is left for the next time
            notices._log_batch()
            if not self._checkpoint():
                return

    @api.model
    def _lock_unlogged(self, size, after):
        self.flush_model(["state", "logged"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM recovery_notice WHERE state = 'sent' AND logged IS NOT TRUE AND id > %s
                 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                after,
                size,
            )
        )
        return self.browse(row[0] for row in rows)

    def _log_batch(self):
        """Tell of the notices, and do what follows; of a batch that fails as a whole, all but those that fail alone.

        Those stay untold, so that the next drain tries them again.
        """
        try:
            with self.env.cr.savepoint():
                self._log_sent()
                self._after_sent()
                self._bulk_write({"logged": True})
        except psycopg2.OperationalError:  # a conflict with another transaction: the whole is tried again
            raise
        except Exception:
            self.env.invalidate_all()
            if len(self) > 1:
                for notice in self:
                    notice._log_batch()
            else:
                _logger.exception("The history could not be told of notice %s", self.id)

    def _log_sent(self):
        """Write a line into the history of the debtors and of the invoices."""
        by_debtor, by_invoice = {}, {}
        for notice in self:
            text = notice._log_text()
            by_debtor.setdefault(notice.partner_id, []).append(text)
            for invoice in notice.line_ids.filtered("is_live").move_line_id.move_id:
                by_invoice.setdefault(invoice, []).append(text)
        for texts in (by_debtor, by_invoice):
            if texts:
                records = next(iter(texts)).browse(record.id for record in texts)
                bodies = {
                    record.id: self.env["ir.qweb"]._render(
                        "payment_plan_recovery.log_notice", {"texts": text}
                    )
                    for record, text in texts.items()
                }
                records._message_log_batch(bodies=bodies)

    def _after_sent(self):
        """Hook: what follows once notices have been sent, in their own transaction."""

    def _log_text(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return self.env._(
            "%(level)s %(reference)s sent (%(channel)s)",
            level=self.level_id.name,
            reference=self.name or "",
            channel=channels[self.channel],
        )
