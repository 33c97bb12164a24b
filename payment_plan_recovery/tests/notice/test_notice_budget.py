"""The contact budget and quiet hours: what is left for later when it is about to go."""

from datetime import datetime
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from .notice_common import NoticeCommon, day

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}


@tagged("post_install", "-at_install")
class TestNoticeBudget(NoticeCommon):
    def test_contact_by_hand_counts(self):
        self.company.write({"recovery_contact_max": 1, "recovery_contact_window_days": 7})
        debtor = self.make_debtor()
        notice = self.notify(debtor)
        contact = self.env["recovery.contact"].create(
            {"partner_id": debtor.id, "company_id": self.company.id, "outcome": "Will look into it"}
        )
        self.assertNotIn("Will look into it", "".join(debtor.message_ids.mapped("body")))
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
        self.drain_letters()
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
        self.level.channel_ids = [Command.create({"channel": channel}) for channel in channels[:-1]]
        self.company.recovery_contact_gap_days = 1
        return notices

    def assert_waits_for_the_budget(self, notice):
        self.assertEqual(notice.state, "queued")
        self.assertIn("Contact budget", notice.failure_reason or "")

    def test_prepared_mail_is_a_contact_for_the_letter_of_the_same_drain(self):
        mail, letter = self.notices_over(self.make_debtor(**ADDRESS), "email", "letter")
        self.drain_letters()
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
        self.drain_letters()
        letter.action_send()
        self.drain_letters()
        self.assert_waits_for_the_budget(letter)

    def test_contact_is_of_the_day_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Auckland"  # 13 hours before UTC in summer
        sent, letter = self.notices_over(self.make_debtor(**ADDRESS), "email", "letter")
        sent.write({"state": "sent", "date_sent": datetime(2026, 2, 2, 10, 0)})
        for moment, state in (
            (datetime(2026, 2, 2, 10, 30), "queued"),
            (datetime(2026, 2, 2, 11, 0), "to_post"),
        ):
            letter.next_attempt = min(letter.next_attempt, moment)
            with patch.object(fields.Datetime, "now", staticmethod(lambda now=moment: now)):
                self.drain_letters()
            self.assertEqual(letter.state, state)
            if state == "queued":
                self.assertEqual(letter.next_attempt, datetime(2026, 2, 2, 11, 0), "midnight in Auckland")
