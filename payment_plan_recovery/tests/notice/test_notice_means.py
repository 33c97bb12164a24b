"""Calls, text messages, the post, and what comes back."""

from datetime import datetime
from unittest.mock import patch

import psycopg2
from odoo import Command, fields
from odoo.addons.sms.tools.sms_api import SmsApi
from odoo.tests import tagged

from .notice_common import NoticeCommon, day

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}


@tagged("post_install", "-at_install")
class TestNoticeMeans(NoticeCommon):
    def only(self, channel, **message):
        self.level.channel_ids = [Command.clear(), Command.create({"channel": channel})]
        self.message.write(message)

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
        self.assertIn("Pays on Friday", notice.partner_id.message_ids[0].body)

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

    def test_text_message(self):
        self.only("sms", sms="Please pay {total}")
        notice = self.notify(self.make_debtor(phone="+33 6 12 34 56 78"))
        self.drain()
        self.assertEqual(notice.state, "queued")
        self.assertEqual(self.answer("success"), ["Please pay 100.00\xa0€"])
        self.assertEqual(notice.state, "sent")
        tracker = self.env["sms.tracker"].search([("recovery_notice_id", "=", notice.id)])
        tracker._action_update_from_sms_state("sent")
        self.assertTrue(notice.date_delivered)
        tracker._action_update_from_provider_error("not_delivered")
        self.assertEqual(notice.state, "failed")

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
        bounce = f"""\
Return-Path: <>
To: {domain.bounce_email}
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

Message-Id: {notice.message_ref}
To: gone@example.com
Subject: Pay

text
--b--
"""
        self.env["mail.thread"].message_process(None, bounce)
        self.assertEqual(notice.state, "failed")
        self.assertTrue(notice.date_returned)
        self.assertIn("gone@example.com", notice.failure_reason)
        self.assertTrue(notice.activity_ids)
        self.assertTrue(notice.line_ids.is_live, "the claim does not escalate, and is not proposed twice")

    # The post ------------------------------------------------------------------------------

    def print_letters(self):
        """Drain letters with a printer that writes what it was asked for instead of calling wkhtmltopdf."""

        def pdf(notices, _report):
            return {notice: f"%PDF {notice.name}".encode() for notice in notices}

        with patch.object(type(self.env["recovery.notice"]), "_print", pdf), self.outbox() as outbox:
            outbox._cron_send()

    def test_letters_of_a_day_are_one_mailing(self):
        self.only("registered")
        notices = self.notify(*(self.make_debtor(f"D{number}", **ADDRESS) for number in range(3)))
        self.print_letters()
        mailing = notices.mailing_id
        self.assertEqual((len(mailing), mailing.channel, mailing.notice_count), (1, "registered", 3))
        mailing.date = "2026-01-31"
        self.assertEqual(mailing.name, "Registered letters 01/31/2026")
        mailing.date = fields.Date.context_today(mailing)
        mailing.action_post()
        self.assertEqual(set(notices.mapped("date_posted")), {fields.Date.context_today(mailing)})
        later = self.notify(self.make_debtor("Later", **ADDRESS))
        self.print_letters()
        self.assertNotEqual(later.mailing_id, mailing)

    def test_unclaimed_letter_stays_valid(self):
        self.only("registered")
        notice = self.notify(self.make_debtor(**ADDRESS))
        self.print_letters()
        notice.write({"tracking_number": "1A 234 567 8901 2", "return_kind": "unclaimed"})
        self.assertEqual(notice.state, "sent")

    def test_letter_without_addressee_comes_back(self):
        self.only("registered")
        notice = self.notify(self.make_debtor(**ADDRESS))
        self.print_letters()
        notice.return_kind = "unknown"
        self.assertEqual(notice.state, "failed")

    # Budget and quiet hours ------------------------------------------------------------------

    def test_contact_by_hand_counts(self):
        self.company.write({"recovery_contact_max": 1, "recovery_contact_window_days": 7})
        debtor = self.make_debtor()
        notice = self.notify(debtor)
        contact = self.env["recovery.contact"].create(
            {"partner_id": debtor.id, "company_id": self.company.id, "outcome": "Will look into it"}
        )
        self.assertIn("Will look into it", debtor.message_ids[0].body)
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual(notice.state, "queued")
        self.assertIn("Contact budget", notice.failure_reason)
        self.assertEqual(notice.next_attempt.date(), fields.Date.add(contact.date, days=7))
        contact.date = fields.Date.add(contact.date, days=-7)
        notice.action_send()
        self.assertEqual(self.drain().addresses(), ["debtor@example.com"])

    def test_one_contact_a_day(self):
        debtor = self.make_debtor(**ADDRESS)
        self.notify(debtor)
        self.drain()
        today = (fields.Date.context_today(debtor) - day(0)).days
        second = self.notify(debtor, on=today)
        self.company.recovery_contact_gap_days = 1
        self.drain()
        self.assertEqual(second.state, "sent", "one more mail on the same day is the same contact")
        third = self.late_notice(debtor, today)
        third.action_switch_channel()
        self.print_letters()
        self.assertEqual((third.channel, third.state), ("letter", "queued"))
        tomorrow = fields.Date.add(fields.Date.context_today(third), days=1)
        self.assertEqual(third.next_attempt.date(), tomorrow)

    def late_notice(self, debtor, on):
        """A notice of a run that was made before the budget was there."""
        self.company.recovery_contact_gap_days = 0
        notice = self.notify(debtor, on=on)
        self.company.recovery_contact_gap_days = 1
        return notice

    def test_no_text_message_at_night(self):
        self.only("sms", sms="Please pay {total}")
        notice = self.notify(self.make_debtor(phone="+33 6 12 34 56 78", tz="America/Montreal"))
        night = datetime(2026, 3, 2, 8, 0)  # Monday 8:00 in London, 3:00 in Montreal
        self.company.recovery_quiet_channels = "spoken"
        with patch.object(fields.Datetime, "now", staticmethod(lambda: night)):
            notice.next_attempt = night
            with self.outbox() as outbox:
                outbox._cron_send()
        self.assertEqual((notice.state, notice.next_attempt), ("queued", datetime(2026, 3, 2, 13, 0)))
        self.assertIn("Quiet hours", notice.failure_reason)

    def notices_over(self, debtor, *channels):
        """A notice to the debtor over each channel, of runs that knew no budget: from now on, one contact a day."""
        self.company.recovery_contact_gap_days = 0
        notices = []
        for channel in channels:
            self.only(channel, sms="Please pay {total}")
            notices.append(self.notify(debtor))
        self.company.recovery_contact_gap_days = 1
        return notices

    def assert_waits_for_the_budget(self, notice):
        self.assertEqual(notice.state, "queued")
        self.assertIn("Contact budget", notice.failure_reason or "")

    def test_prepared_mail_is_a_contact_for_the_letter_of_the_same_drain(self):
        mail, letter = self.notices_over(self.make_debtor(**ADDRESS), "email", "letter")
        self.print_letters()
        self.assertTrue(mail.mail_id)
        self.assert_waits_for_the_budget(letter)
        self.assertEqual(self.drain().addresses(), ["debtor@example.com"], "it is not in its own way")

    def test_text_that_waits_for_the_provider_is_a_contact(self):
        text, call = self.notices_over(self.make_debtor(phone="+33 6 12 34 56 78"), "sms", "phone")
        self.drain()
        self.assertEqual((text.state, text.next_attempt), ("queued", False))
        self.assert_waits_for_the_budget(call)

    def test_call_asked_for_is_a_contact(self):
        _call, letter = self.notices_over(self.make_debtor(**ADDRESS), "phone", "letter")
        letter.next_attempt = fields.Date.add(fields.Datetime.now(), days=1)
        self.print_letters()
        letter.action_send()
        self.print_letters()
        self.assert_waits_for_the_budget(letter)

    def test_contact_is_of_the_day_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Auckland"  # 13 hours before UTC in summer
        sent, letter = self.notices_over(self.make_debtor(**ADDRESS), "email", "letter")
        sent.write({"state": "sent", "date_sent": datetime(2026, 2, 2, 10, 0)})
        for moment, state in (
            (datetime(2026, 2, 2, 10, 30), "queued"),
            (datetime(2026, 2, 2, 11, 0), "sent"),
        ):
            letter.next_attempt = min(letter.next_attempt, moment)
            with patch.object(fields.Datetime, "now", staticmethod(lambda now=moment: now)):
                self.print_letters()
            self.assertEqual(letter.state, state)
            if state == "queued":
                self.assertEqual(letter.next_attempt, datetime(2026, 2, 2, 11, 0), "midnight in Auckland")

    # What follows ------------------------------------------------------------------------------

    def test_actions_of_the_level(self):
        salesperson = self.env.user
        debtor = self.make_debtor(user_id=salesperson.id)
        names = ("ask_for_call", "warn_salesperson", "hold_debtors", "stop_deliveries", "propose_plans")
        for name in names:
            self.level.action_ids |= self.env.ref(f"payment_plan_recovery.action_{name}")
        notice = self.notify(debtor)
        self.drain()
        self.assertTrue(notice.activity_ids)
        self.assertIn(notice.name, debtor.activity_ids.summary)
        self.assertTrue(debtor.recovery_stop_deliveries)
        hold = self.env["recovery.hold"].search([("partner_id", "=", debtor.id)])
        self.assertEqual((hold.date_from, hold.kind), (notice.date, "negotiation"))
        plan = self.env["recovery.plan"].search([("partner_id", "=", debtor.id)])
        self.assertEqual(plan.item_ids.move_line_id, notice.line_ids.move_line_id)
        self.assertEqual(sum(plan.instalment_ids.mapped("amount")), 100.0)

    def test_failing_action_stops_nothing(self):
        bad = self.env["ir.actions.server"].create(
            {
                "name": "Bad",
                "model_id": self.env["ir.model"]._get_id("recovery.notice"),
                "state": "code",
                "code": "records.no_such_method()",
            }
        )
        self.level.action_ids = bad + self.env.ref("payment_plan_recovery.action_stop_deliveries")
        notice = self.notify(self.make_debtor())
        with self.assertLogs("odoo", "ERROR"):
            self.drain()
        self.assertEqual(notice.state, "sent")
        self.assertTrue(notice.partner_id.recovery_stop_deliveries)
        self.assertIn("“Bad” failed", "".join(notice.message_ids.mapped("body")))

    def test_conflict_in_an_action_is_no_failure_of_the_action(self):
        self.level.action_ids = self.env.ref("payment_plan_recovery.action_stop_deliveries")
        notice = self.notify(self.make_debtor())

        def conflicting(_notices):
            raise psycopg2.errors.SerializationFailure

        with (
            patch.object(type(notice), "_stop_deliveries", conflicting),
            self.assertRaises(psycopg2.errors.SerializationFailure),
        ):
            self.drain()
        self.assertFalse(notice.logged, "the whole is tried again")

    # Attachments -----------------------------------------------------------------------------

    def test_invoices_are_attached_up_to_the_limit(self):
        self.level.attach_invoices = True
        for limit, attached in ((5, True), (0, False)):
            with self.subTest(limit=limit):
                self.company.recovery_attachment_max = limit
                notice = self.notify(self.make_debtor(f"Limit {limit}"))
                invoice = notice.line_ids.move_id
                self.env["ir.attachment"].create(
                    {
                        "name": "invoice.pdf",
                        "raw": b"%PDF invoice",
                        "res_model": "account.move",
                        "res_id": invoice.id,
                        "res_field": "invoice_pdf_report_file",
                    }
                )
                postbox = self.drain()
                self.assertEqual(notice.state, "sent", notice.failure_reason)
                content = postbox.envelopes[0].content
                self.assertEqual(b"invoice.pdf" in content, attached)
                self.assertEqual(b"/my/invoices/" in content, not attached)

    # Hostile text ------------------------------------------------------------------------------

    def test_hostile_names_in_mails(self):
        names = (
            "<script>alert(1)</script>",
            "=cmd|' /C calc'!A0",
            "\u202eevil\r\nBcc: victim@example.com",
            "🙂" * 5000,
            '"><img src=x onerror=alert(1)>',
        )
        debtors = [
            self.make_debtor(name, email=f"d{number}@example.com") for number, name in enumerate(names)
        ]
        self.message.subject = "For {debtor}"
        notices = self.notify(*debtors)
        postbox = self.drain()
        self.assertEqual(set(notices.mapped("state")), {"sent"})
        self.assertEqual(postbox.addresses(), [f"d{number}@example.com" for number in range(len(names))])
        for envelope in postbox.envelopes:
            head, _blank, _body = envelope.content.partition(b"\r\n\r\n")
            self.assertNotIn(b"\nBcc:", head)
        for notice in notices:
            body = notice.message_ids.filtered("subject").body
            self.assertNotIn("<script", body)
            self.assertNotIn("<img", body)
