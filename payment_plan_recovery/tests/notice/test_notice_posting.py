"""Letters between the printer and the post: sent the day they are posted, looked at a last time before."""

from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .letter_common import ADDRESS, LetterCommon, day_of
from .notice_common import day


@tagged("post_install", "-at_install")
class TestNoticePosting(LetterCommon):
    # Sent when posted ----------------------------------------------------------------------

    def test_printed_letter_is_not_sent(self):
        notice = self.printed()
        self.assertTrue(notice.attachment_id and notice.document_sha256)
        self.assertFalse(notice.date_sent)
        self.assertEqual(notice.mailing_id.state, "printed")
        self.assertFalse(notice.logged, "nobody is told of what has not left")
        self.second_level(0)
        self.assertEqual(self.reason_on(notice, 30), "previous_not_sent")

    def test_next_level_counts_from_posting(self):
        notice = self.printed()
        self.second_level(10)
        with self.at(4):
            notice.action_post("2026-03-05")
        self.assertEqual((notice.state, notice.date, notice.date_posted), ("sent", *[day_of(3)] * 2))
        self.assertEqual(notice.date_sent, datetime(2026, 3, 5, 11, 0), "noon in Paris")
        self.assertEqual(notice.mailing_id.state, "posted")
        self.assertEqual(
            [self.reason_on(notice, days) for days in (12, 13)], ["waiting_interval", "selected"]
        )

    def test_deadline_counts_from_posting_and_is_a_working_day(self):
        printed, late = self.printed(self.make_debtor("A", **ADDRESS), self.make_debtor("B", **ADDRESS))
        self.assertEqual(printed.date_deadline, day_of(8))
        with self.at(4):
            printed.action_post(day_of(0))
            late.action_post(day_of(4))
        self.assertEqual(printed.date_deadline, day_of(8))
        self.assertEqual(
            late.date_deadline, day_of(14), "the eighth day is a Saturday, then comes Monday 16th"
        )

    def test_last_contact_is_the_posting(self):
        notice = self.printed()
        with self.at(3):
            notice.action_post()
        contacts = self.env.execute_query(
            self.env["recovery.notice"]._contacts_sql(self.company, "Europe/Paris", notice.partner_id.ids)
        )
        self.assertEqual(contacts, [(notice.partner_id.id, "letter", day_of(3))])

    def test_day_of_posting_lies_between_printing_and_today(self):
        notice = self.printed()
        with self.at(2):
            for wrong in (-1, 3):
                with self.assertRaisesRegex(UserError, "posted on the day it was printed or later"):
                    notice.action_post(day_of(wrong))
            for right in (0, 2):
                notice._require_posted_by_then(day_of(right), day_of(2))
            notice.action_post()
            with self.assertRaisesRegex(UserError, "To post"):
                notice.action_post()

    def test_whole_mailing_posted_at_once(self):
        notices = self.printed(*(self.make_debtor(f"D{number}", **ADDRESS) for number in range(3)))
        mailing = notices.mailing_id
        notices[0].action_cancel()
        self.assertEqual((mailing.notice_ids, notices[0].attachment_id.id), (notices[1:], False))
        with self.at(1):
            mailing.action_post()
        self.assertEqual(notices.mapped("state"), ["cancelled", "sent", "sent"])
        self.assertEqual((mailing.state, mailing.date_posted), ("posted", day_of(1)))

    def test_pile_without_letters_is_none(self):
        notice = self.printed()
        mailing = notice.mailing_id
        notice.action_ignore()
        self.assertFalse(mailing.exists())

    # The last look -------------------------------------------------------------------------

    def test_paid_before_posting(self):
        notice = self.printed()
        self.pay(notice.line_ids.move_id, 100.0)
        with self.at(1):
            answer = notice.action_post()
        self.assertEqual((notice.state, notice.date_sent), ("cancelled", False))
        self.assertIn("Settled", notice.failure_reason)
        self.assertIn(notice.display_name, answer["params"]["message"])
        self.assertFalse(notice.mailing_id)

    def test_paid_after_posting_that_is_noted_late(self):
        notice = self.printed()
        item = notice.line_ids.move_line_id
        received = self.credit(item.partner_id, 100.0, on=(day_of(2) - day(0)).days)
        (item + received).reconcile()
        with self.at(3):
            notice.action_post(day_of(1))
        self.assertEqual(notice.state, "sent", "it had left when the money came")

    def test_what_left_has_left_whatever_was_agreed_since(self):
        """Posted on the first day, noted on the third: a hold set on the second takes nothing back from the post."""
        notice = self.printed()
        self.env["recovery.hold"].create(
            {
                "partner_id": notice.partner_id.id,
                "kind": "manual",
                "date_from": day_of(1),
                "date_until": day_of(30),
                "reason": "Negotiating",
            }
        )
        with self.at(3):
            notice.action_post(day_of(1))
        self.assertEqual((notice.state, notice.date_posted), ("sent", day_of(1)))

    def test_money_that_waits_at_the_bank_by_now_is_looked_at_before_posting(self):
        """It came after the letter was printed, and lies over no claim."""
        bank = self.env["account.journal"].create({"name": "Bank", "code": "BNK", "type": "bank"})
        bank.suspense_account_id = self.env["account.account"].create(
            {"name": "Suspense", "code": "471000", "account_type": "asset_current"}
        )
        paid, owed = self.printed(self.make_debtor("Paid", **ADDRESS), self.make_debtor("Owes", **ADDRESS))
        mailing = owed.mailing_id
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": bank.id,
                "date": day_of(1),
                "partner_id": paid.partner_id.id,
                "amount": 100.0,
                "payment_ref": "x",
            }
        )
        with self.at(2):
            answer = mailing.action_post()
        self.assertEqual(
            [(one.state, bool(one.attachment_id)) for one in (paid, owed)], [("draft", 0), ("sent", 1)]
        )
        self.assertIn("100.00", paid.waiting_money)
        self.assertIn(paid.display_name, answer["params"]["message"])
        self.assertEqual((paid.mailing_id.ids, mailing.state), ([], "posted"))
        with self.at(2), self.fake_printer():
            paid.action_approve()
            self.drain()
            self.assertEqual(paid.state, "to_post", "somebody looked at it")
            paid.action_post()
        self.assertEqual(paid.state, "sent")

    def test_who_was_archived_after_printing_is_looked_at_before_posting(self):
        notice = self.printed()
        notice.partner_id.action_archive()
        with self.at(1):
            notice.action_post()
        self.assertEqual((notice.state, notice.mailing_id.ids), ("draft", []))
        self.assertIn("archived", notice.message_ids[0].body)

    def test_paid_in_part_before_posting_is_printed_again(self):
        notice = self.printed()
        before = notice.document_sha256
        self.pay(notice.line_ids.move_id, 30.0)
        with self.at(1), self.fake_printer():
            notice.action_post()
        self.assertEqual((notice.state, notice.line_ids.amount_residual), ("to_post", 70.0))
        self.assertNotEqual(notice.document_sha256, before)
        self.assertEqual((notice.date, notice.mailing_id.date), (day_of(1), day_of(1)))
        with self.at(1):
            notice.action_post()
        self.assertEqual(notice.state, "sent")

    def test_paid_before_the_pile_is_printed(self):
        paid, owed = self.printed(self.make_debtor("Paid", **ADDRESS), self.make_debtor("Owes", **ADDRESS))
        mailing = owed.mailing_id
        self.pay(paid.line_ids.move_id, 100.0)
        with self.at(0):
            mailing.action_print()
        self.assertEqual((paid.state, owed.state, mailing.notice_ids), ("cancelled", "to_post", owed))

    def test_whose_last_day_to_pay_has_come_before_it_left_is_printed_again(self):
        notice = self.printed()
        with self.at(8), self.fake_printer():
            self.assertIn("printed again", notice.action_post()["params"]["message"])
        self.assertEqual((notice.state, notice.date_deadline), ("to_post", day_of(16)))

    # Registered letters --------------------------------------------------------------------

    def test_registered_letter_counts_from_delivery_where_its_level_says_so(self):
        self.level.registered_counts_from = "delivery"
        notice = self.printed(registered=True)
        self.second_level(10)
        content = notice._contents()[notice.id]
        self.assertIn("8 days that follow your receipt", content.deadline_text())
        with self.at(1):
            notice.action_post()
        self.assertEqual((notice.state, notice.date_deadline), ("sent", False))
        self.assertEqual(self.reason_on(notice, 60), "previous_not_sent", "nobody knows when it arrived")
        with self.at(6):
            notice.action_note_delivery(day_of(4))
        self.assertEqual(notice.date_deadline, day_of(14), "Saturday the 14th goes to Monday")
        self.assertEqual(
            [self.reason_on(notice, days) for days in (13, 14)], ["waiting_interval", "selected"]
        )

    def test_level_that_counts_from_posting_waits_for_no_delivery(self):
        notice = self.printed(registered=True)
        self.second_level(10)
        with self.at(1):
            notice.action_post()
        with self.at(6):
            notice.action_note_delivery(day_of(4))
        self.assertEqual(notice.date_deadline, day_of(9) if day_of(9).weekday() < 5 else day_of(11))
        self.assertEqual(
            [self.reason_on(notice, days) for days in (10, 11)], ["waiting_interval", "selected"]
        )

    def test_unclaimed_letter_was_presented(self):
        self.level.registered_counts_from = "delivery"
        notice = self.printed(registered=True)
        with self.at(20):
            notice.action_post(day_of(1))
            notice.action_note_delivery(day_of(3), "unclaimed")
        self.assertEqual((notice.state, notice.date_received), ("sent", day_of(3)))
        self.assertEqual(notice.date_deadline, day_of(11))

    def test_number_noted_before_posting_is_printed(self):
        notice = self.printed(registered=True)
        with self.at(1), self.fake_printer():
            posting = self.env["recovery.notice.posting"].create({"notice_ids": notice.ids})
            with self.assertRaisesRegex(UserError, "number"):
                posting.action_print()
            posting.line_ids.tracking_number = "1A 234 567 8901 2"
            self.assertEqual(posting.action_print()["type"], "ir.actions.act_url")
            self.assertEqual((notice.state, notice.tracking_number), ("to_post", "1A 234 567 8901 2"))
            posting.date_posted = day_of(1)
            posting.action_post()
        self.assertEqual((notice.state, notice.date_posted), ("sent", day_of(1)))
        self.assertIn("1A 234 567 8901 2", notice.message_ids[0].body)

    def test_formal_notice_and_cure_notice_go_registered(self):
        for name in ("level_standard_formal", "level_five_formal", "level_cure"):
            level = self.env.ref(f"payment_plan_recovery.{name}")
            self.assertEqual(level._channels_by_preference("email"), ["registered"], "whatever is preferred")
            self.assertIn("email", level._channels())

    def test_channel_by_hand_is_taken_by_a_person_only(self):
        self.only("registered")
        self.level.channel_ids = [(0, 0, {"channel": "email", "sequence": 9, "is_by_hand": True})]
        reached = self.make_debtor("A", recovery_channel="email", **ADDRESS)
        unreached = self.make_debtor("B")
        self.invoice(reached, 100.0)
        without_address = self.invoice(unreached, 100.0)
        run = self.make_run(5)
        run.action_propose()
        self.assertEqual(run.line_ids.mapped("channel"), ["registered"])
        self.assertEqual(self.reason(without_address, 5), "no_address")
        run.action_confirm()
        notice = run.notice_ids
        notice.action_switch_channel()
        self.assertEqual((notice.channel, notice.channel_by_hand), ("email", True))
        self.drain()
        self.assertEqual((notice.channel, notice.state), ("email", "sent"))

    # Who does it, and what charges wait for ----------------------------------------------------

    def test_collector_posts_and_notes_the_delivery(self):
        notice, other = self.printed(
            self.make_debtor("A", **ADDRESS), self.make_debtor("B", **ADDRESS), registered=True
        )
        collector = new_test_user(
            self.env,
            "post_room",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        mine = (notice + other).with_user(collector)
        with self.at(1), self.fake_printer():
            opened = mine.action_open_posting()
            posting = self.env[opened["res_model"]].with_user(collector).with_context(**opened["context"])
            posting = posting.create({})
            posting.line_ids[0].tracking_number = "1A 234 567 8901 2"
            posting.line_ids[1].tracking_number = "1A 234 567 8901 3"
            posting.action_print()
            posting.write({"date_posted": day_of(1)})
            posting.action_post()
            opened = mine.action_open_delivery()
            delivery = self.env[opened["res_model"]].with_user(collector).with_context(**opened["context"])
            delivery.create({"date": day_of(1)}).action_note()
        self.assertEqual(set(mine.mapped("state")), {"sent"})
        self.assertEqual(set(mine.mapped("date_received")), {day_of(1)})
        self.assertEqual(len(set(mine.mapped("tracking_number"))), 2)

    def test_charges_wait_for_posting(self):
        notice = self.printed()
        self.assertEqual(self.told(notice), [])
        with self.at(3):
            notice.action_post(day_of(2))
        self.assertEqual(self.told(notice), [(day_of(2), True)])

    def test_charges_wait_for_delivery_where_the_level_says_so(self):
        self.level.registered_counts_from = "delivery"
        notice = self.printed(registered=True)
        with self.at(5):
            notice.action_post(day_of(2))
            self.assertEqual(self.told(notice), [])
            notice.action_note_delivery(day_of(4))
        self.assertEqual(self.told(notice), [(day_of(4), False)], "no further days for the post")

    # The worklist --------------------------------------------------------------------------

    def test_letters_to_post_wait_on_the_worklist(self):
        notice = self.printed()
        self.assertEqual(self.rows("post_letter", 0), {notice.id})
        with self.at(0):
            notice.action_post()
        self.assertEqual(self.rows("post_letter", 0), set())

    def test_delivery_not_noted_waits_on_the_worklist(self):
        self.level.registered_counts_from = "delivery"
        notice = self.printed(registered=True)
        with self.at(0):
            notice.action_post()
        self.assertEqual([self.rows("note_delivery", days) for days in (19, 20)], [set(), {notice.id}])
        self.assertEqual(self.rows("decide", 90), set(), "its deadline does not run")
        with self.at(20):
            notice.action_note_delivery(day_of(4))
        self.assertEqual(self.rows("note_delivery", 20), set())
        self.assertEqual([self.rows("decide", days) for days in (14, 15)], [set(), {notice.id}])
