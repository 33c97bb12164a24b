"""A mail server that does not answer keeps the mails of no other waiting, and what waited says what is true still."""

import queue
import socket
import threading
import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.base.models import ir_mail_server
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.notice import ir_mail_server as pace
from ...models.notice import mail_turns
from .notice_common import NoticeCommon


class Silence:
    """A server that takes connections and never says a word; remembers when it was called."""

    def __enter__(self):
        self._called, self._open = queue.SimpleQueue(), []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def _accept(self):
        while True:
            try:
                self._open.append(self._socket.accept())
            except OSError:
                return
            self._called.put(time.monotonic())

    def next_call(self):
        """Return when it was called next; on a busy machine that is noted a little later than it was."""
        return self._called.get(timeout=30)

    def __exit__(self, *_error):
        self._socket.close()


@tagged("post_install", "-at_install")
class TestMailTurns(NoticeCommon):
    @contextmanager
    def silent_server(self):
        """Besides the one that works; no answer for half a second is no answer, and slow."""
        with (
            self.mail_server() as postbox,
            Silence() as silence,
            patch.object(ir_mail_server, "SMTP_TIMEOUT", 0.5),
            patch.object(pace, "SLOW", 0.4),
            mute_logger("odoo.addons.base.models.ir_mail_server"),
        ):
            silent = self.env["ir.mail_server"].create(
                {
                    "name": "Silent",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": silence.port,
                    "smtp_encryption": "none",
                    "sequence": 99,
                }
            )
            yield postbox, silence, silent

    def prepared(self, server, *names):
        """Notices whose mails are ready; the first goes over ``server``."""
        notices = self.notify(*(self.make_debtor(name, email=f"{name}@example.com") for name in names))
        with (
            self.outbox() as outbox,
            patch.object(type(self.env["recovery.notice"]), "_deliver_mails", lambda _outbox: None),
        ):
            outbox._cron_send()
        bad = notices.filtered(lambda notice: notice.partner_id.name == names[0])
        bad.sudo().mail_id.mail_server_id = server
        return bad, notices - bad

    def test_silent_server_is_tried_last(self):
        with self.silent_server() as (postbox, silence, silent):
            silent.recovery_slow_since = "2026-01-01"
            bad, good = self.prepared(silent, "silent", "one", "two")
            self.assertLess(bad.id, good[0].id)
            with self.outbox() as outbox:
                outbox._cron_send()
            self.assertEqual(set(good.mapped("state")), {"sent"})
            self.assertEqual((bad.state, bad.attempt_count), ("queued", 1))
            self.assertEqual(len(postbox.envelopes), 2)
            self.assertLess(max(postbox.times), silence.next_call())

    def test_what_was_slow_is_remembered_and_forgotten(self):
        with self.silent_server() as (_postbox, _silence, silent):
            bad, _good = self.prepared(silent, "silent", "one")
            with self.outbox() as outbox:
                outbox._cron_send()
            self.assertTrue(silent.recovery_slow_since)
            working = self.env["ir.mail_server"].search([("name", "=", "Loopback")])
            self.assertFalse(working.recovery_slow_since)
            working.recovery_slow_since = "2026-01-01"
            bad.next_attempt = "2020-01-01"
            self.prepared(working, "three")
            with self.outbox() as outbox:
                outbox._cron_send()
            self.assertFalse(working.recovery_slow_since)

    def test_servers_take_turns(self):
        """One with many mails does not have its second turn before the other has its first."""
        with self.silent_server() as (postbox, _silence, _silent), patch.object(mail_turns, "TURN", 0):
            working = self.env["ir.mail_server"].search([("name", "=", "Loopback")])
            other = working.copy({"name": "Other"})
            first, rest = self.prepared(other, "first", "second", "third")
            second = rest.filtered(lambda notice: notice.partner_id.name == "second")
            second.sudo().mail_id.mail_server_id = other
            (rest - second).sudo().mail_id.mail_server_id = working
            with self.outbox() as outbox:
                outbox._cron_send()
            self.assertEqual(set((first + rest).mapped("state")), {"sent"})
            taken = [address.split("@")[0] for envelope in postbox.envelopes for address in envelope.rcpt_tos]
            self.assertEqual(taken, ["first", "third", "second"])

    def test_a_mail_that_waited_is_written_anew(self):
        """Prepared before a stop of days: the second look is that of the hour in which it goes."""
        fresh, others = self.prepared(False, "fresh", "paid", "part")
        paid, part = others.sorted("id")
        notices = fresh + paid + part
        for notice, amount in zip(notices, (30.0, 100.0, 30.0), strict=True):
            self.pay(notice.line_ids.move_id, amount)
        self.env.cr.execute(
            "UPDATE mail_mail SET create_date = create_date"
            " - make_interval(mins => CASE id WHEN %s THEN 50 ELSE 70 END) WHERE id = ANY(%s)",
            [fresh.mail_id.id, notices.mail_id.ids],
        )
        self.env.invalidate_all()
        postbox = self.drain()
        self.assertEqual(notices.mapped("state"), ["sent", "cancelled", "sent"])
        self.assertEqual(
            {envelope.rcpt_tos[0]: b"70.00" in envelope.content for envelope in postbox.envelopes},
            {"fresh@example.com": False, "part@example.com": True},
            "what was written just now goes as it is",
        )
        self.assertFalse(paid.message_ids.filtered("subject"), "nothing of it is told in the history")
        self.assertEqual(len(part.message_ids.filtered("subject")), 1)
