"""What leaves the house, once; what does not, and why."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ...models.notice.outbox import RETRY_DELAYS
from .notice_common import NoticeCommon, day


@tagged("post_install", "-at_install")
class TestNoticeSending(NoticeCommon):
    def test_confirmed_notice_is_numbered_and_queued(self):
        notices = self.notify(self.make_debtor("A"), self.make_debtor("B"))
        self.assertEqual(set(notices.mapped("state")), {"queued"})
        self.assertEqual(len(set(notices.mapped("name"))), 2, "every notice has a number of its own")
        self.assertTrue(all(name.startswith("NOT/") for name in notices.mapped("name")))

    def test_sent_when_the_server_took_it(self):
        notice = self.notify(self.make_debtor(email="debtor@example.com"))
        postbox = self.drain()
        self.assertEqual(postbox.addresses(), ["debtor@example.com"])
        self.assertEqual(notice.state, "sent")
        self.assertTrue(notice.date_sent)
        self.assertEqual(notice.words_id, notice.level_id.message_ids[:1])
        self.assertEqual(notice.server_reply, "250 2.0.0 Ok: queued")
        self.assertIn(notice.message_ref.encode(), postbox.envelopes[0].content)
        self.assertEqual(self.drain().addresses(), [])

    def test_sending_is_in_the_invoices_history_and_not_in_the_contact_s(self):
        debtor = self.make_debtor()
        notice = self.notify(debtor)
        self.drain()
        self.assertIn(notice.name, notice.line_ids.move_id.message_ids[0].body)
        self.assertNotIn(notice.name, "".join(debtor.message_ids.mapped("body")))
        self.assertIn("Dear", notice.message_ids.filtered("subject").body)

    def test_refused_mail_fails_with_the_servers_words(self):
        notice = self.notify(self.make_debtor(email="refused@example.com"))
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual(notice.state, "failed")
        self.assertIn("550 5.1.1 No such mailbox", notice.failure_reason)
        self.assertFalse(notice.date_sent)
        self.assertTrue(notice.line_ids.is_live)

    def test_temporary_refusal_is_tried_again_later_and_later(self):
        notice = self.notify(self.make_debtor(email="later@example.com"))
        for count, delay in enumerate(RETRY_DELAYS, 1):
            before = fields.Datetime.now()
            self.drain()
            self.assertEqual((notice.state, notice.attempt_count), ("queued", count))
            self.assertIn("451", notice.failure_reason)
            self.assertFalse(notice.words_id)  # it is worded anew
            self.assertAlmostEqual(notice.next_attempt, before + delay, delta=timedelta(minutes=1))
            self.assertEqual(self.drain().addresses(), [])  # not before its time
            notice.next_attempt = before
        self.drain()
        self.assertEqual(notice.state, "failed")

    def test_answer_lost_after_the_text_is_left_to_a_person(self):
        notice = self.notify(self.make_debtor(email="dropped@example.com"))
        self.assertEqual(self.drain().addresses(), ["dropped@example.com"])
        self.assertEqual((notice.state, notice.is_uncertain), ("failed", True))
        self.assertEqual(self.drain().addresses(), [])
        notice.action_confirm_sent()
        self.assertEqual((notice.state, notice.is_uncertain), ("sent", False))

    def test_worker_that_died_leaves_its_notice_to_a_person(self):
        notice = self.notify(self.make_debtor())
        with self.outbox() as outbox:
            outbox._cron_send()  # prepares: nothing is handed over without a mail server
        notice.attempt_started = fields.Datetime.now()
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual((notice.state, notice.is_uncertain), ("failed", True))

    def test_server_out_of_reach_is_tried_again(self):
        notice = self.notify(self.make_debtor())
        with self.mail_server() as postbox, self.outbox() as outbox:
            outbox.env["ir.mail_server"].search([]).smtp_port = 1
            outbox._cron_send()
        self.assertEqual((postbox.addresses(), notice.state, notice.attempt_count), ([], "queued", 1))

    def test_failed_notice_is_sent_again_in_one_click(self):
        debtor = self.make_debtor(email="refused@example.com")
        notice = self.notify(debtor)
        self.drain()
        debtor.email = "debtor@example.com"
        notice.action_send()
        self.assertEqual(self.drain().addresses(), ["debtor@example.com"])
        self.assertEqual(notice.state, "sent")

    def test_paid_meanwhile(self):
        debtor = self.make_debtor()
        paid, open_claim = self.invoice(debtor, 100.0), self.invoice(debtor, 50.0)
        notice = self.notify(debtor)
        self.assertEqual(notice.amount_total, 250)
        self.pay(paid, 100.0)
        self.drain()
        self.assertEqual(notice.amount_total, 150, "what it asked for, as its file says")
        lines = notice.line_ids.grouped("move_id")
        self.assertEqual((lines[paid].is_live, lines[paid].drop_reason), (False, "settled"))
        self.assertTrue(lines[open_claim].is_live)
        self.assertEqual(notice.state, "sent")

    def test_paid_in_part_meanwhile(self):
        notice = self.notify(self.make_debtor(), amount=100.0)
        self.pay(notice.line_ids.move_id, 30.0)
        postbox = self.drain()
        self.assertEqual((notice.line_ids.amount_residual, notice.amount_total), (70.0, 70.0))
        self.assertIn(b"70.00", postbox.envelopes[0].content)

    def test_all_paid_meanwhile(self):
        notice = self.notify(self.make_debtor())
        self.pay(notice.line_ids.move_id, 100.0)
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual((notice.state, notice.line_ids.is_live), ("cancelled", False))
        self.assertIn("Settled", notice.failure_reason)

    def assert_withdrawn(self, notice, why):
        """Nothing goes, and the notice says why."""
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual((notice.state, notice.line_ids.is_live), ("cancelled", False))
        self.assertIn(why, notice.failure_reason)

    def test_debtor_not_to_be_chased_any_more(self):
        debtor = self.make_debtor()
        notice = self.notify(debtor)
        debtor.recovery_policy_id = self.make_policy(do_not_chase=True)
        self.assert_withdrawn(notice, "Excluded")

    def test_invoice_not_to_be_chased_any_more(self):
        notice = self.notify(self.make_debtor())
        notice.line_ids.move_id.recovery_policy_id = self.make_policy(do_not_chase=True)
        self.assert_withdrawn(notice, "Excluded")

    def test_debtor_under_another_policy_meanwhile(self):
        debtor = self.make_debtor()
        notice = self.notify(debtor)
        debtor.recovery_policy_id = self.make_policy({"trigger": "due_date", "delay_days": 5})
        self.assert_withdrawn(notice, "Chased by other rules")

    def test_level_archived_meanwhile(self):
        notice = self.notify(self.make_debtor())
        self.level.active = False
        self.assert_withdrawn(notice, "Chased by other rules")

    def test_account_not_chased_any_more(self):
        notice = self.notify(self.make_debtor())
        doubtful = self.env["account.account"].search(
            [("code", "=", "416000"), ("company_ids", "in", self.company.ids)]
        )
        self.company.recovery_account_ids = doubtful
        self.assert_withdrawn(notice, "Excluded")

    def test_due_date_moved_meanwhile(self):
        notice = self.notify(self.make_debtor())
        notice.line_ids.move_line_id.date_maturity = day(340)
        self.assert_withdrawn(notice, "Due on another day")

    def test_invoice_of_another_customer_meanwhile(self):
        notice = self.notify(self.make_debtor())
        move = notice.line_ids.move_id
        move.button_draft()
        move.partner_id = self.make_debtor("Successor", email="successor@example.com")
        move.action_post()
        self.assert_withdrawn(notice, "another debtor")

    def test_hold_begun_meanwhile(self):
        debtor, other = self.make_debtor("Held"), self.make_debtor("Other", email="other@example.com")
        notices = self.notify(debtor, other)
        today = fields.Date.today()
        self.env["recovery.hold"].create(
            {"partner_id": debtor.id, "date_from": today, "date_until": today, "reason": "disputes it"}
        )
        self.assertEqual(self.drain().addresses(), ["other@example.com"])
        self.assertEqual(notices.filtered(lambda notice: notice.partner_id == debtor).state, "cancelled")

    def test_hold_over_yesterday_holds_nothing(self):
        debtor = self.make_debtor()
        self.notify(debtor)
        yesterday = fields.Date.today() - timedelta(days=1)
        self.env["recovery.hold"].create(
            {"partner_id": debtor.id, "date_from": day(0), "date_until": yesterday, "reason": "disputes it"}
        )
        self.assertEqual(self.drain().addresses(), ["debtor@example.com"])

    def test_disputed_part_is_not_claimed(self):
        notice = self.notify(self.make_debtor(), amount=100.0)
        today = fields.Date.today()
        self.env["recovery.hold"].create(
            {
                "partner_id": notice.partner_id.id,
                "move_line_ids": notice.line_ids.move_line_id.ids,
                "amount": 40.0,
                "date_from": today,
                "date_until": today,
                "reason": "one box missing",
            }
        )
        self.drain()
        self.assertEqual(notice.line_ids.amount_residual, 60.0)
        [claim] = notice._contents()[notice.id].claims
        self.assertEqual((claim.received, claim.disputed, claim.residual), (0.0, 40.0, 60.0))
        table = notice._contents()[notice.id].claims_table()
        self.assertRegex(table, r"disputed and not claimed here:\s+40.00", "else its row does not add up")

    def test_late_notice_is_dated_the_day_it_goes(self):
        notice = self.notify(self.make_debtor())
        self.assertEqual(notice.date, day(5))
        self.drain()
        self.assertEqual(notice.date, fields.Date.today())

    def test_approval(self):
        self.level.needs_approval = True
        notice = self.notify(self.make_debtor())
        self.assertEqual((notice.state, self.drain().addresses()), ("draft", []))
        notice.action_approve()
        self.assertEqual(self.drain().addresses(), ["debtor@example.com"])
        with self.assertRaisesRegex(UserError, notice.name):
            notice.action_approve()

    def test_ignored_and_cancelled_do_not_go(self):
        ignored, cancelled = self.notify(self.make_debtor("A"), self.make_debtor("B"))
        ignored.action_ignore()
        cancelled.action_cancel()
        self.assertEqual(self.drain().addresses(), [])
        self.assertFalse(any((ignored + cancelled).line_ids.mapped("is_live")))

    def test_sent_notice_cannot_be_withdrawn(self):
        notice = self.notify(self.make_debtor())
        self.drain()
        for action in (notice.action_ignore, notice.action_cancel, notice.action_send):
            with self.assertRaises(UserError):
                action()

    def test_one_bad_notice_does_not_stop_the_others(self):
        good, bad = self.make_debtor("Good", email="good@example.com"), self.make_debtor("Bad")
        notices = self.notify(good, bad)
        original = type(notices)._mail_values

        def failing(notice, *args):
            if notice.partner_id.name == "Bad":
                raise ValueError("cannot be worded")
            return original(notice, *args)

        with patch.object(type(notices), "_mail_values", failing), self.assertLogs("odoo", "ERROR"):
            postbox = self.drain()
        self.assertEqual(postbox.addresses(), ["good@example.com"])
        failed = notices.filtered(lambda notice: notice.partner_id == bad)
        self.assertEqual(failed.state, "failed")
        self.assertIn("cannot be worded", failed.failure_reason)

    def test_an_empty_mail_goes_to_nobody(self):
        for emptied in ({"body": "<p><br></p>"}, {"body": False}, {"subject": "  "}):
            with self.subTest(emptied), self.env.cr.savepoint() as savepoint:
                notice = self.notify(self.make_debtor())
                self.message.write(emptied)
                self.assertEqual(self.drain().addresses(), [])
                self.assertEqual(notice.state, "failed")
                self.assertIn("has no text for mails", notice.failure_reason)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_language_that_is_not_installed_is_replaced_by_the_creditor_s(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        self.message.with_context(lang="fr_FR").subject = "Payez {total}"
        notice = self.notify(self.make_debtor())
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET lang = 'xx_YY' WHERE id = %s", [notice.partner_id.id])
        self.env.invalidate_all()
        postbox = self.drain()
        self.assertEqual(notice.state, "sent", notice.failure_reason)
        self.assertIn("Payez", notice.mail_id.subject or str(postbox.envelopes[0].content))

    def test_odoos_own_mail_queue_leaves_notices_alone(self):
        self.notify(self.make_debtor())
        with self.outbox() as outbox:
            outbox._cron_send()
        with self.mail_server() as postbox:
            self.env["mail.mail"].search([("model", "=", "recovery.notice")]).send()
        self.assertEqual(postbox.addresses(), [])

    # Prepared, and taken back ------------------------------------------------------------------

    def prepared(self, *debtors):
        """Notices whose mail is written and not handed over: there was no mail server."""
        notices = self.notify(*debtors)
        with self.outbox() as outbox:
            outbox._cron_send()
        self.assertTrue(all(notices.mapped("mail_id")))
        return notices

    def test_prepared_mail_of_a_notice_switched_to_a_letter_does_not_go(self):
        address = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}
        notice = self.prepared(self.make_debtor(**address))
        notice.action_switch_channel()
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual((notice.channel, notice.state), ("letter", "to_post"))
        self.assertTrue(notice.attachment_id, "the letter was printed")

    def test_prepared_mail_of_a_withdrawn_notice_leaves_no_trace(self):
        self.level.letter_kind = "formal_notice"
        ignored, cancelled = notices = self.prepared(self.make_debtor("A"), self.make_debtor("B"))
        mails, documents = notices.mail_id, notices.attachment_id
        self.assertEqual(len(documents), 2)
        collector = new_test_user(
            self.env,
            "collector",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        ignored.with_user(collector).action_ignore()
        cancelled.with_user(collector).action_cancel()
        self.assertFalse(mails.exists() or documents.exists())
        self.assertFalse(notices.message_ids.filtered("subject"), "nothing of it is told in the history")
        self.assertFalse(any(notices.mapped("message_ref")))

    def test_mail_being_handed_over_is_not_taken_back(self):
        notice = self.prepared(self.make_debtor())
        notice.attempt_started = fields.Datetime.now()
        for action in (notice.action_send, notice.action_cancel, notice.action_switch_channel):
            with self.assertRaisesRegex(UserError, "sent right now"):
                action()
        self.assertTrue(notice.mail_id)

    # Told ----------------------------------------------------------------------------------------

    def test_one_history_that_cannot_be_written_does_not_stop_the_others(self):
        notices = self.notify(self.make_debtor("Bad"), self.make_debtor("Good"))
        bad, good = notices.sorted("partner_id")
        original = type(bad)._log_text

        def failing(notice):
            if notice.partner_id.name == "Bad":
                raise ValueError("cannot be told")
            return original(notice)

        with patch.object(type(bad), "_log_text", failing), self.assertLogs("odoo", "ERROR"):
            self.drain()
        self.assertEqual((bad + good).mapped("logged"), [False, True])
        self.assertIn(good.name, good.line_ids.move_id.message_ids[0].body)
        self.drain()
        self.assertTrue(bad.logged, "it is tried again")
