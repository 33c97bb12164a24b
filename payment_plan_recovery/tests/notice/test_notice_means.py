"""Calls, text messages, the post, and what comes back."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.sms.tools.sms_api import SmsApi
from odoo.tests import tagged

from .notice_common import NoticeCommon

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}

#: What a mail server sends back when nobody has the address.
BOUNCE = """\
Return-Path: <>
To: {to}
From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce@mx.example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

No such user
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; gone@example.com
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-Id: {message}
To: gone@example.com
Subject: Pay

text
--b--
"""


@tagged("post_install", "-at_install")
class TestNoticeMeans(NoticeCommon):
    # Phone ---------------------------------------------------------------------------------

    def test_call_counts_once_it_was_made(self):
        self.only("phone", script="<p>Ask for {total}</p>")
        notice = self.notify(self.make_debtor(phone="+33 4 72 00 00 00"))
        self.drain()
        self.assertEqual(notice.state, "queued")
        call = notice.activity_ids
        self.assertEqual(call.activity_type_id, self.env.ref("mail.mail_activity_data_call"))
        self.assertIn("Ask for 100.00", call.note)
        self.assertIn("+33 4 72 00 00 00", call.note)
        self.drain()  # one call, however often the outbox is looked at
        self.assertEqual(notice.activity_ids, call)
        call.action_feedback(feedback="Pays on Friday")
        self.assertEqual((notice.state, notice.call_outcome), ("sent", "Pays on Friday"))
        self.drain()
        self.assertIn("Pays on Friday", "".join(notice.message_ids.mapped("body")))
        self.assertNotIn("Pays on Friday", "".join(notice.partner_id.message_ids.mapped("body")))

    def test_calls_to_make_and_numbers_to_find_wait_on_the_worklist(self):
        self.only("phone")
        known, unknown = self.make_debtor(phone="+33 4 72 00 00 00"), self.make_debtor("Nobody", email=False)
        notices = self.notify(known, unknown)
        self.drain()
        call, lost = notices.sorted(lambda notice: notice.partner_id == unknown)
        self.assertEqual(self.waits("call_notice"), [call.id])
        self.assertEqual(self.waits("find_number"), [unknown.id])
        self.env["recovery.worklist"]._refresh(self.company, self.company._recovery_today())
        row = self.env["recovery.worklist"].search([("partner_id", "=", unknown.id)])
        self.assertEqual((row.action, row.action_open()["res_model"]), ("find_number", "res.partner"))
        unknown.phone = "+33 4 72 00 00 01"
        self.assertEqual((self.waits("find_number"), self.waits("call_notice")), ([], [call.id, lost.id]))
        hold = {"partner_id": unknown.id, "kind": "manual", "reason": "Moved", "date_until": "2100-01-01"}
        self.env["recovery.hold"].create(hold)
        call.activity_ids.action_feedback(feedback="Pays on Friday")
        self.assertEqual(self.waits("call_notice"), [], "one was made, the other is held")

    def waits(self, code):
        self.env.flush_all()
        rows = (
            self.env["recovery.next.action"]._thing(code)._rows(self.company, self.company._recovery_today())
        )
        return sorted(row[3] for row in self.env.execute_query(rows))

    def test_cancelled_call_is_not_asked_for(self):
        self.only("phone")
        notice = self.notify(self.make_debtor())
        self.drain()
        notice.action_cancel()
        self.assertFalse(notice.activity_ids)

    # SMS -----------------------------------------------------------------------------------

    def answer(self, state):
        """Run Odoo's SMS queue against a provider that answers ``state``; the texts it got."""
        texts = []

        def send(_api, messages, delivery_reports_url=False):
            texts.extend(message["content"] for message in messages)
            numbers = [number for message in messages for number in message["numbers"]]
            return [{"uuid": number["uuid"], "state": state} for number in numbers]

        with patch.object(SmsApi, "_send_sms_batch", send):
            self.env["sms.sms"].search([("state", "=", "outgoing")]).send()
        return texts

    def test_the_address_of_the_account_stands_once_in_a_text_or_not_at_all(self):
        self.only("sms", sms="{link}: please pay")
        debtor = self.make_debtor(phone="+33 6 12 34 56 78")
        self.notify(debtor)
        self.drain()
        url = debtor._recovery_portal_link(self.company)._url()
        self.assertEqual(self.answer("success"), [f"{url}: please pay"])
        self.only("sms", sms="Please pay")
        self.notify(self.make_debtor(phone="+33 6 12 34 56 79", recovery_no_portal=True))
        self.drain()
        self.assertEqual(self.answer("success"), ["Please pay"])

    def test_text_message(self):
        self.only("sms", sms="Please pay {total}")
        debtor = self.make_debtor(phone="+33 6 12 34 56 78")
        notice = self.notify(debtor)
        self.drain()
        self.assertEqual(notice.state, "queued")
        url = debtor._recovery_portal_link(self.company)._url()
        self.assertEqual(self.answer("success"), [f"Please pay 100.00 € {url}"])
        self.assertEqual(notice.state, "sent")
        tracker = self.env["sms.tracker"].search([("recovery_notice_id", "=", notice.id)])
        tracker._action_update_from_sms_state("sent")
        self.assertTrue(notice.date_delivered)
        tracker._action_update_from_provider_error("not_delivered")
        self.assertEqual(notice.state, "failed")

    def test_text_message_keeps_to_its_alphabet(self):
        """A character beyond it costs two parts of every message: sums and French are full of them."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.only("sms", sms="Merci de payer\u202f: {total}, c\u2019est tout")
        self.notify(
            self.make_debtor(phone="+33 6 12 34 56 78", recovery_no_portal=True, lang="fr_FR"), amount=1234.5
        )
        self.drain()
        self.assertEqual(self.answer("success"), ["Merci de payer : 1 234,50 €, c'est tout"])

    def test_text_message_refused(self):
        self.only("sms", sms="Please pay {total}")
        notice = self.notify(self.make_debtor(phone="+33 6 12 34 56 78"))
        for answer, state in (("server_error", "queued"), ("wrong_number_format", "failed")):
            notice.next_attempt = fields.Datetime.now()
            self.drain()
            self.answer(answer)
            self.assertEqual(notice.state, state)
            self.assertIn(answer, notice.failure_reason)

    def test_cancelled_text_message_does_not_go(self):
        self.only("sms", sms="Please pay {total}")
        notice = self.notify(self.make_debtor(phone="+33 6 12 34 56 78"))
        self.drain()
        notice.action_cancel()
        self.assertEqual(self.answer("success"), [])

    def test_a_text_that_waited_for_the_queue_is_looked_at_again(self):
        self.only("sms", sms="Please pay {total}")
        debtors = [self.make_debtor(name, phone=f"+33 6 12 34 56 7{name}") for name in "12345"]
        paid, part, yesterday, _same, fresh = notices = self.notify(*debtors).sorted("id")
        self.drain()
        texts = self.env["sms.sms"].search([("uuid", "in", (notices - fresh).mapped("sms_uuid"))])
        self.env.cr.execute(
            "UPDATE sms_sms SET create_date = create_date - interval '70 minutes' WHERE id = ANY(%s)",
            [texts.ids],
        )
        self.env.invalidate_all()
        self.pay(paid.line_ids.move_id, 100.0)
        self.pay(part.line_ids.move_id, 30.0)
        yesterday.date -= timedelta(days=1)
        self.assertEqual(len(self.answer("success")), 2)
        self.assertEqual(notices.mapped("state"), ["cancelled", "queued", "queued", "sent", "sent"])
        self.drain()
        self.assertEqual(sorted(text.split()[2] for text in self.answer("success")), ["100.00", "70.00"])
        self.assertEqual(notices.mapped("state"), ["cancelled", "sent", "sent", "sent", "sent"])

    def test_level_without_text(self):
        self.only("sms")
        notice = self.notify(self.make_debtor(phone="+33 6 12 34 56 78"))
        self.drain()
        self.assertEqual(notice.state, "failed")
        self.assertIn("SMS text", notice.failure_reason)

    # Bounces -------------------------------------------------------------------------------

    def test_bounce_comes_back_to_the_notice(self):
        notice = self.notify(self.make_debtor(email="gone@example.com"))
        self.drain()
        domain = self.env["mail.alias.domain"].search([], limit=1) or self.env["mail.alias.domain"].create(
            {"name": "creditor.example.com"}
        )
        bounce = BOUNCE.format(to=domain.bounce_email, message=notice.message_ref)
        self.env["mail.thread"].message_process(None, bounce)
        self.assertEqual(notice.state, "failed")
        self.assertTrue(notice.date_returned)
        self.assertIn("gone@example.com", notice.failure_reason)
        self.assertTrue(notice.activity_ids)
        self.assertTrue(notice.line_ids.is_live, "the claim does not escalate, and is not proposed twice")

    # The post ------------------------------------------------------------------------------

    def test_letters_of_a_day_are_one_mailing(self):
        self.only("registered")
        notices = self.notify(*(self.make_debtor(f"D{number}", **ADDRESS) for number in range(3)))
        self.drain_letters()
        mailing = notices.mailing_id
        self.assertEqual((len(mailing), mailing.channel, mailing.notice_count), (1, "registered", 3))
        mailing.date = "2026-01-31"
        self.assertEqual(mailing.name, "Registered letters 01/31/2026")
        mailing.date = fields.Date.context_today(mailing)
        mailing.action_post()
        self.assertEqual(set(notices.mapped("date_posted")), {fields.Date.context_today(mailing)})
        later = self.notify(self.make_debtor("Later", **ADDRESS))
        self.drain_letters()
        self.assertNotEqual(later.mailing_id, mailing)

    def test_unclaimed_letter_stays_valid(self):
        self.only("registered")
        notice = self.notify(self.make_debtor(**ADDRESS))
        self.drain_letters()
        notice.action_post()
        notice.action_note_delivery(return_kind="unclaimed")
        self.assertEqual((notice.state, notice.return_kind), ("sent", "unclaimed"))

    def test_letter_without_addressee_comes_back(self):
        self.only("registered")
        notice = self.notify(self.make_debtor(**ADDRESS))
        self.drain_letters()
        notice.action_post()
        notice.action_note_delivery(return_kind="unknown")
        self.assertEqual((notice.state, notice.return_kind), ("failed", "unknown"))
        notice.action_send()
        self.assertEqual((notice.state, notice.return_kind, notice.date_posted), ("queued", False, False))
