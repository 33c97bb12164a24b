"""Sending beside a transaction that keeps one of the notices and does not end: the others go."""

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common.kept_rows import kept_rows
from .notice_common import NoticeCommon

ADDON = "odoo.addons.payment_plan_recovery"


@tagged("post_install", "-at_install")
class TestNoticeKept(NoticeCommon):
    def setUp(self):
        super().setUp()
        self.notices = self.notify(
            *(self.make_debtor(name, email=f"{name}@example.com") for name in ("first", "kept", "last"))
        ).sorted("id")
        self.one = self.notices.filtered(lambda notice: notice.partner_id.name == "kept")

    def drain_beside(self, condition):
        """Send while another transaction keeps what ``condition`` says of the one notice; who got a mail."""
        kept = SQL("NEW.id = %s AND %s", self.one.id, condition)
        with (
            kept_rows(self.env, "recovery_notice", kept),
            mute_logger("odoo.sql_db", ADDON, f"{ADDON}.models.notice.mail_turns"),
        ):
            return self.drain().addresses()

    def asked(self):
        return self.one.activity_ids.filtered(lambda one: "Another transaction kept" in one.note)

    def prepare(self):
        with self.outbox() as outbox:
            outbox._cron_send()
        self.assertTrue(all(self.notices.mapped("mail_id")))

    def test_a_notice_that_is_kept_before_it_is_written_stops_no_other(self):
        self.assertEqual(self.drain_beside(SQL("TRUE")), ["first@example.com", "last@example.com"])
        self.assertEqual(self.notices.mapped("state"), ["sent", "queued", "sent"])
        self.assertEqual(len(self.asked()), 1)
        self.assertEqual(self.drain().addresses(), ["kept@example.com"])

    def test_a_mail_that_is_kept_before_it_goes_stops_no_other(self):
        self.prepare()
        self.assertEqual(self.drain_beside(SQL("TRUE")), ["first@example.com", "last@example.com"])
        self.assertEqual(self.notices.mapped("state"), ["sent", "queued", "sent"])
        self.assertEqual(len(self.asked()), 1)
        self.assertEqual(self.drain().addresses(), ["kept@example.com"])
        self.assertEqual(self.one.state, "sent")

    def test_a_mail_whose_end_cannot_be_written_down_goes_once_and_stops_no_other(self):
        self.prepare()
        self.assertEqual(
            self.drain_beside(SQL("NEW.state <> 'queued'")),
            ["first@example.com", "kept@example.com", "last@example.com"],
        )
        self.assertEqual(self.notices.mapped("state"), ["sent", "queued", "sent"])
        # a second run comes upon it while it is kept still
        self.assertEqual(self.drain_beside(SQL("NEW.state <> 'queued'")), [])
        self.assertEqual(self.drain().addresses(), [])
        self.assertTrue(self.one.is_uncertain)

    def test_a_notice_whose_history_cannot_be_told_stops_no_other(self):
        self.drain_beside(SQL("NEW.logged"))
        self.assertEqual(self.notices.mapped("state"), ["sent"] * 3)
        self.assertEqual(self.notices.mapped("logged"), [True, False, True])
        self.drain()
        for notice in self.notices:
            told = "".join(notice.line_ids.move_id.message_ids.mapped("body"))
            self.assertEqual(told.count(notice.name), 1, "told once")
