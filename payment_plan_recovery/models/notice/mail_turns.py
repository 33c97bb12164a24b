"""Which mails are handed over when: servers take turns, slow ones after all others.

A server that does not answer costs a whole time-out. It keeps the mails of no other server waiting: those that
were slow when last used come last, and each has a turn of seconds while others wait.
"""

import logging
import smtplib
import time
from collections import deque
from contextlib import suppress

import psycopg2
from odoo import api, models
from odoo.tools import SQL
from psycopg2.errors import LockNotAvailable

from ...tools.handover import Handover
from ..common.company_words import by_company
from ..common.ir_cron import PATIENCE

_logger = logging.getLogger(__name__)

#: Mails looked up at once; each is concluded and committed on its own.
MAILS_AT_ONCE = 200
#: Mails made at once for a server, at most: what they share is read once, and few of them wait in memory.
MADE_AT_ONCE = 10
#: Minutes for which a mail that was written says what is true still. One that waits longer is written anew.
GOOD_FOR = 60
#: Seconds that a server has before the others come.
TURN = 5


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    @api.model
    def _deliver_mails(self, among=None):
        """Hand the prepared mails to the mail servers; each mail is concluded and committed before the next.

        :param among: only those of these notices
        """
        if self.env["ir.mail_server"]._disable_send():
            return
        self._wait_for_others(PATIENCE)
        self._hand_mails_over(among)
        self._wait_for_others(0)

    @api.model
    def _wait_for_others(self, milliseconds):
        """Wait for what other transactions keep no longer than that, in each of the many that follow; 0: for ever."""
        # of the session, which forgets it when it is given back: each mail has transactions of its own
        self.env.cr.execute(SQL("SET lock_timeout = %s", milliseconds))
        self._checkpoint()

    @api.model
    def _hand_mails_over(self, among):
        self._conclude_interrupted()
        self._checkpoint(counted=True)
        turns = deque()
        last = 0
        while notices := self._mails_to_deliver(last, among):
            last = notices[-1].id
            for sender, mine in notices._written_lately()._by_sender().items():
                if any(sender == waiting for waiting, _left in turns) or self._is_slow(sender):
                    turns.append((sender, mine))
                elif not mine._have_turn(sender, turns):
                    return
        while turns:
            sender, mine = turns.popleft()
            if not mine._have_turn(sender, turns):
                return

    @api.model
    def _is_slow(self, sender):
        server_id, *_rest = sender
        return self.env["ir.mail_server"].browse(server_id)._recovery_is_slow()

    def _have_turn(self, sender, turns):
        """Hand mails over for the length of a turn, put what is left in line, and tell whether time is left."""
        left = self._deliver_from(*sender)
        if left:
            turns.append((sender, left))
        return left is not None

    @api.model
    def _mails_to_deliver(self, after, among=None):
        domain = [
            *([("id", "in", among.ids)] if among is not None else ()),
            ("id", ">", after),
            ("channel", "=", "email"),
            ("mail_id", "!=", False),
            ("attempt_started", "=", False),
        ]
        return self.search(self._due_domain() + domain, order="id", limit=MAILS_AT_ONCE)

    def _written_lately(self):
        """Return the notices whose mails may go as they are; those written long ago are written anew before.

        The server stood still, say, and what they ask for was paid or promised meanwhile, the day they name has
        passed, or it is night by now.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT notice.id
                  FROM recovery_notice notice
                  JOIN mail_mail mail ON mail.id = notice.mail_id
                 WHERE notice.id = ANY(%s) AND notice.state = 'queued' AND notice.attempt_started IS NULL
                   AND mail.create_date < now() AT TIME ZONE 'UTC' - make_interval(mins => %s)
                   FOR UPDATE OF notice SKIP LOCKED
                """,
                self.ids,
                GOOD_FOR,
            )
        )
        if not rows:
            return self
        stale = self.browse(notice_id for (notice_id,) in rows)
        self.env["ir.cron"]._recovery_split(stale, type(stale)._write_mail_anew)
        self._checkpoint()
        # sudo: outgoing mails are readable by administrators only
        return self.filtered(lambda notice: notice.state == "queued" and notice.sudo().mail_id)

    def _write_mail_anew(self):
        """Write mails anew that nobody is handing over."""
        waiting = self.filtered(lambda notice: notice.state == "queued" and not notice.attempt_started)
        waiting._take_back()
        waiting._send_due("email")

    def _by_sender(self):
        """Return {(mail server's id, alias domain's id, address): notices whose mails go in one SMTP session}."""
        # sudo: outgoing mails are readable by administrators only
        notice_of = {notice.sudo().mail_id.id: notice.id for notice in self}
        senders = {}
        for *sender, mail_ids in (
            self.env["mail.mail"].sudo().browse(notice_of)._split_by_mail_configuration()
        ):
            mine = self.browse(notice_of[mail_id] for mail_id in mail_ids)
            senders[tuple(sender)] = senders.get(tuple(sender), self.browse()) | mine
        return senders

    def _deliver_from(self, server_id, alias_domain_id, smtp_from):
        """Hand mails over until the server's turn ends; return those left, or None when the job's time is up.

        A server that cannot be reached has nothing left: its mails are tried again later.
        """
        server = self.env["ir.mail_server"].browse(server_id)
        started, handover, done, is_time_left = time.monotonic(), None, 0, True
        while is_time_left and done < len(self) and (not done or time.monotonic() - started < TURN):
            if not (handover and handover.is_usable):
                try:
                    handover = Handover(server._connect__(mail_server_id=server_id, smtp_from=smtp_from))
                except Exception as error:
                    self[done:]._postpone(error)
                    done = len(self)
                    break
            more = self[done : done + self._how_many(time.monotonic() - started, done)]
            with more._locked_for_sending() as mine:
                made = mine._try_to_make(handover, server_id, alias_domain_id)
                tried, is_well, is_time_left = more._hand_over_made(handover, made, started + TURN)
                done += tried
                self._forget_mails(made)
            handover = handover if is_well else None
        if handover:
            with suppress(smtplib.SMTPException, OSError):
                handover.quit()
        server._recovery_note_pace((time.monotonic() - started) / max(done, 1))
        return self[done:] if is_time_left else None

    def _hand_over_made(self, handover, made, until):
        """Hand over what was made, a mail after the other, until one fails or the turn ends.

        :return: how many were tried, those among them that another worker holds; whether the session may go on;
            whether the job has time left
        """
        tried, is_well, is_time_left = 0, True, True
        while is_time_left and is_well and tried < len(self) and (not tried or time.monotonic() < until):
            notice = self[tried]
            if mail := made.get(notice.id):
                is_well = notice._try_to_hand_over(handover, mail) and handover.is_usable
            is_time_left = self._checkpoint(1)
            tried += 1
        return tried, is_well, is_time_left

    @api.model
    def _how_many(self, seconds, done):
        """Return how many mails are made for what is left of a turn in which ``done`` took so many ``seconds``."""
        fitting = (TURN - seconds) * done / seconds if done and seconds else MADE_AT_ONCE
        return max(min(int(fitting), MADE_AT_ONCE), 1)

    def _try_to_make(self, session, server_id, alias_domain_id):
        """Make the notices' mails: {notice id: MadeMail, None of one that fails, which is asked about}."""
        if not self:
            return {}
        try:
            return self._make_mails(session, server_id, alias_domain_id)
        except Exception as error:
            self.env.cr.rollback()
            if len(self) == 1:
                self._leave_mail(error)
                return {self.id: None}
            made = {}
            for notice in self:
                made |= notice._try_to_make(session, server_id, alias_domain_id)
            return made

    def _try_to_hand_over(self, handover, made):
        """Hand one mail over and tell whether the session may go on; a notice that fails is asked about."""
        try:
            self._hand_over(handover, made)
        except Exception as error:
            self.env.cr.rollback()
            self._leave_mail(error)
            return False
        return True

    def _leave_mail(self, error):
        """Leave a mail to the next run, and have somebody look at it if it does not pass by itself."""
        if isinstance(error, psycopg2.OperationalError) and not isinstance(error, LockNotAvailable):
            _logger.warning("Another transaction was in the way of the mail of notice %s: %s", self.id, error)
            return
        _logger.exception("The mail of notice %s could not be handed over", self.id)
        self.env["ir.cron"]._recovery_ask_about(self, error)

    def _postpone(self, error):
        """Try notices again later when the mail server was out of reach, but not those another worker holds."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM recovery_notice WHERE id IN %s AND state = 'queued' "
                "AND attempt_started IS NULL FOR UPDATE SKIP LOCKED",
                tuple(self.ids),
            )
        )
        for _company, notices in by_company(self.browse(row[0] for row in rows)):
            notices._failed(notices.env._("The mail server cannot be reached: %s", error))
        self._checkpoint()
