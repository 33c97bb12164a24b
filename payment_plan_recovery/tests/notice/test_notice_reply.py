"""Replies and bounces by the mails that really went: through an SMTP server out, and the mail gateway in."""

from email import message_from_bytes, policy
from email.message import Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import parseaddr

from odoo import fields
from odoo.tests import new_test_user, tagged

from .notice_common import NoticeCommon, day


@tagged("post_install", "-at_install")
class TestNoticeReply(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.catch_replies()
        cls.debtor = cls.make_debtor("Debtor", email="debtor@example.com")

    def sent(self, debtor=None):
        """A notice that went, its mail as the server took it, and the address it came from."""
        notice = self.notify(debtor or self.debtor)
        [envelope] = self.drain().envelopes
        self.assertEqual(notice.state, "sent", notice.failure_reason)
        return notice, message_from_bytes(envelope.content, policy=policy.SMTP), envelope.mail_from

    def bounce(self, mail, to):
        """What a mail server sends back, with the mail that it could not deliver."""
        report = MIMEMultipart("report")
        report["From"] = "MAILER-DAEMON@mx.example.com"
        report["To"] = to
        report["Subject"] = "Undelivered Mail Returned to Sender"
        report["Message-Id"] = "<undelivered@mx.example.com>"
        report.attach(MIMEText("550 5.1.1 No such user"))
        status = Message()
        status["Final-Recipient"] = "rfc822; debtor@example.com"
        status["Action"], status["Status"] = "failed", "5.1.1"
        report.attach(_delivery_status(status))
        report.attach(MIMEMessage(mail))
        self.env["mail.thread"].message_process(None, report.as_bytes())

    # Where it is replied to ------------------------------------------------------------------

    def test_replies_come_back_to_the_house(self):
        notice, mail, _sender = self.sent()
        self.assertEqual(parseaddr(str(mail["Reply-To"]))[1], "answer@creditor.example.com")
        self.assertEqual(str(mail["Message-Id"]), notice.message_ref)

    def test_without_an_address_that_catches_replies_the_collector_is_replied_to(self):
        self.company.alias_domain_id = False
        notice, mail, _sender = self.sent()
        self.assertEqual(parseaddr(str(mail["Reply-To"]))[1], notice.user_id.email_normalized)

    # What a reply does -----------------------------------------------------------------------

    def test_reply_holds_what_it_is_about_until_it_is_read(self):
        notice, mail, _sender = self.sent()
        other = self.invoice(self.debtor, 70.0)
        self.reply(mail)
        self.assertTrue(notice.has_unread_reply and notice.answered_at)
        self.assertIn("We pay on Friday", notice.message_ids[0].body)
        self.assertEqual(notice.message_ids[0].author_id, self.debtor)
        hold = notice.reply_hold_id
        self.assertEqual((hold.kind, hold.move_line_ids), ("reply", notice.line_ids.move_line_id))
        on = (self.company._recovery_today() - day(0)).days
        self.assertEqual(self.reason(notice.line_ids.move_line_id, on), "on_hold")
        self.assertEqual(self.reason(other, on), "selected", "the reply is not about it")
        notice.action_read_reply()
        self.assertFalse(notice.has_unread_reply)
        self.assertEqual(self.reason(notice.line_ids.move_line_id, on), "on_hold", "still today")
        self.assertNotEqual(self.reason(notice.line_ids.move_line_id, on + 1), "on_hold")
        self.assertFalse(notice.activity_ids)

    def test_next_notice_waits_for_the_reply_to_be_read(self):
        notice, mail, _sender = self.sent()
        second = self.level.copy({"sequence": 99, "trigger": "previous_notice", "delay_days": 0})
        self.message.copy({"level_id": second.id})
        run = self.make_run((self.company._recovery_today() - day(0)).days)
        run.action_propose()
        run.action_confirm()
        self.reply(mail)
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual(run.notice_ids.state, "cancelled")
        self.assertIn("On hold", run.notice_ids.failure_reason)
        self.assertTrue(notice.has_unread_reply)

    def test_somebody_is_asked_to_read_it_once(self):
        notice, mail, _sender = self.sent()
        self.reply(mail)
        self.reply(mail, "And another thing: the goods were late.")
        self.assertEqual(len(notice.activity_ids), 1)
        self.assertEqual(notice.activity_ids.user_id, self.env["ir.cron"]._recovery_person(notice))
        self.assertEqual(len(self.env["recovery.hold"].search([("kind", "=", "reply")])), 1)

    def test_worklist_says_read_the_reply(self):
        notice, mail, _sender = self.sent()
        self.reply(mail)
        self.env.flush_all()
        thing = self.env["recovery.next.action"]._thing("notice_reply")
        rows = self.env.execute_query(thing._rows(self.company, self.company._recovery_today()))
        self.assertEqual([(row[0], row[3]) for row in rows], [(self.debtor.id, notice.id)])
        notice.action_read_reply()
        self.env.flush_all()
        self.assertFalse(self.env.execute_query(thing._rows(self.company, self.company._recovery_today())))

    def test_answering_is_reading(self):
        notice, mail, _sender = self.sent()
        self.reply(mail)
        collector = new_test_user(
            self.env,
            "answers",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        thanks = "Thank you."
        notice.with_user(collector).message_post(
            body=thanks, message_type="comment", subtype_xmlid="mail.mt_note"
        )
        self.assertTrue(notice.has_unread_reply, "a note among us answers nothing")
        notice.with_user(collector).message_post(
            body=thanks, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertFalse(notice.has_unread_reply)

    def test_stranger_who_replies_is_read_too(self):
        notice, mail, _sender = self.sent()
        self.reply(mail, sender="accountant@elsewhere.example")
        self.assertTrue(notice.has_unread_reply)

    def test_absence_note_holds_nothing(self):
        notice, mail, _sender = self.sent()
        self.reply(mail, "I am away until Monday.", Auto_Submitted="auto-replied")
        self.assertIn("away until Monday", notice.message_ids[0].body)
        self.assertFalse(notice.has_unread_reply or notice.reply_hold_id)

    def test_our_own_mail_is_no_reply(self):
        notice, mail, _sender = self.sent()
        colleague = new_test_user(
            self.env, "colleague", groups="base.group_user", email="colleague@creditor.example.com"
        )
        self.reply(mail, sender=colleague.email)
        self.assertFalse(notice.has_unread_reply)

    def test_reply_about_what_was_paid_holds_nothing(self):
        notice, mail, _sender = self.sent()
        self.pay(notice.line_ids.move_id, 100.0)
        self.reply(mail, "Paid it.")
        self.assertTrue(notice.has_unread_reply)
        self.assertFalse(notice.reply_hold_id)
        notice.action_read_reply()
        self.assertFalse(notice.has_unread_reply)

    def test_reply_to_the_confirmation_of_a_promise(self):
        move = self.invoice(self.debtor, 100.0)
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "amount": 100.0,
                "date_promised": fields.Date.add(self.company._recovery_today(), days=5),
                "move_line_ids": [(6, 0, self.item(move).ids)],
            }
        )
        with self.mail_server() as postbox:
            self.env["mail.mail"].search(
                [("model", "=", "recovery.promise"), ("res_id", "=", promise.id)]
            ).send()
        mail = message_from_bytes(postbox.envelopes[-1].content, policy=policy.SMTP)
        self.assertEqual(parseaddr(str(mail["Reply-To"]))[1], "answer@creditor.example.com")
        self.reply(mail)
        self.assertTrue(promise.has_unread_reply)
        self.assertEqual(promise.reply_hold_id.move_line_ids, self.item(move))

    # What comes back -------------------------------------------------------------------------

    def test_mail_that_cannot_be_delivered_comes_back_to_its_notice(self):
        notice, mail, sender = self.sent()
        self.assertEqual(sender, "return@creditor.example.com")
        self.bounce(mail, sender)
        self.assertEqual(notice.state, "failed")
        self.assertIn("debtor@example.com", notice.failure_reason)
        self.assertFalse(notice.has_unread_reply, "a machine wrote it")
        self.assertTrue(notice.line_ids.is_live)


def _delivery_status(fields_of_it):
    part = Message()
    part["Content-Type"] = "message/delivery-status"
    server = Message()
    server["Reporting-MTA"] = "dns; mx.example.com"
    part.set_payload([server, fields_of_it])
    return part
