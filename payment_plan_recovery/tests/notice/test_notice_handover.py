"""Mails are made several at once, and each is handed over and concluded for itself."""

from contextlib import closing
from email import message_from_bytes, policy
from unittest.mock import patch

import psycopg2
from odoo import Command
from odoo.sql_db import db_connect
from odoo.tests import tagged

from ...models.notice.mail_handover import SENDING_LOCK
from .notice_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestNoticeHandover(NoticeCommon):
    def prepared(self, *names):
        """Notices whose mail is written and not handed over: there was no mail server."""
        notices = self.notify(*(self.make_debtor(name, email=f"{name}@example.com") for name in names))
        with self.outbox() as outbox:
            outbox._cron_send()
        self.assertTrue(all(notices.mapped("mail_id")))
        return notices.sorted("id")

    def test_a_mail_without_an_address_is_not_sent_by_the_one_before(self):
        notices = self.prepared("first", "second", "third")
        first, second, third = notices
        second.sudo().mail_id.write({"email_to": False, "recipient_ids": [Command.clear()]})
        taken = self.drain().addresses()
        self.assertEqual([notice.state for notice in (first, second, third)], ["sent", "failed", "sent"])
        self.assertEqual(taken, sorted(one.partner_id.email for one in (first, third)))
        self.assertFalse(second.date_sent)
        self.assertTrue(second.failure_reason)

    def test_a_mail_that_cannot_be_made_stops_no_other(self):
        notices = self.prepared("bad", "good")
        bad = notices.filtered(lambda notice: notice.partner_id.name == "bad")
        original = type(self.env["mail.mail"])._prepare_outgoing_body

        def failing(mail):
            if mail == bad.sudo().mail_id:
                raise psycopg2.DataError("cannot be read")
            return original(mail)

        with (
            patch.object(type(self.env["mail.mail"]), "_prepare_outgoing_body", failing),
            self.assertLogs("odoo", "ERROR"),
        ):
            taken = self.drain().addresses()
        self.assertEqual(taken, ["good@example.com"])
        self.assertEqual((bad.state, (notices - bad).state), ("queued", "sent"))
        self.assertIn("cannot be read", str(bad.activity_ids.mapped("note")))

    def test_what_another_worker_holds_is_neither_made_nor_handed_over(self):
        notices = self.prepared("held", "free")
        held = notices.filtered(lambda notice: notice.partner_id.name == "held")
        made, original = [], type(self.env["mail.mail"])._prepare_outgoing_body

        def making(mail):
            made.extend(mail.ids)
            return original(mail)

        with (
            closing(db_connect(self.env.cr.dbname).cursor()) as another,
            patch.object(type(self.env["mail.mail"]), "_prepare_outgoing_body", making),
        ):
            another.execute("SELECT pg_advisory_lock(%s, %s)", (SENDING_LOCK, held.id))
            self.assertEqual(self.drain().addresses(), ["free@example.com"])
            self.assertNotIn(held.sudo().mail_id.id, made)
            self.assertEqual((held.state, (notices - held).state), ("queued", "sent"))
            another.execute("SELECT pg_advisory_unlock(%s, %s)", (SENDING_LOCK, held.id))
        self.assertEqual(self.drain().addresses(), ["held@example.com"])

    def test_what_was_taken_is_not_kept_as_an_outgoing_mail(self):
        notices = self.prepared(*"abc")
        mails = notices.sudo().mail_id
        self.drain()
        self.assertEqual(set(notices.mapped("state")), {"sent"})
        self.assertFalse(mails.exists())
        self.assertTrue(all(notice._words_sent() for notice in notices), "its words stay in the history")

    def test_what_a_stopped_worker_left_is_deleted_the_day_after(self):
        notices = self.prepared("left", "fresh", "waiting")
        left, fresh, waiting = notices.sudo().mail_id
        with patch.object(type(self.env["recovery.notice"]), "_forget_mails"):
            self.drain()
        self.assertEqual(notices.sudo().mail_id, self.env["mail.mail"], "none is sent again")
        waiting.state = "outgoing"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_mail SET write_date = write_date - INTERVAL '25 hours' WHERE id IN %s",
            [(left.id, waiting.id)],
        )
        self.env.invalidate_all()
        notices._gc_taken_mails()
        self.assertEqual((left | fresh | waiting).exists(), fresh | waiting)
        self.assertTrue(all(notice._words_sent() for notice in notices), "their words stay in the history")

    def test_the_history_keeps_the_mail_letter_by_letter(self):
        notice = self.notify(self.make_debtor(email="debtor@example.com"))
        [envelope] = self.drain().envelopes
        mail = message_from_bytes(envelope.content, policy=policy.default)
        words = "".join(notice.message_ids.filtered("subject").body.split())
        self.assertIn(words, "".join(mail.get_body(["html"]).get_content().split()))
