"""A registered formal notice comes back: what counts from it, who is asked, and what the file keeps of each try."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .letter_common import ADDRESS, LetterCommon, day_of


@tagged("post_install", "-at_install")
class TestLetterReturned(LetterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.registered_counts_from = "delivery"

    def posted(self, number="1A 111"):
        notice = self.printed(self.make_debtor("Kepler", **ADDRESS), registered=True)
        with self.at(0), self.fake_printer():
            notice._note_numbers({notice: number})
        with self.at(1):
            notice.action_post()
        return notice

    def history(self, notice):
        return " ".join(str(body) for body in notice.message_ids.sorted("id").mapped("body"))

    def test_refused_or_unclaimed_was_presented(self):
        for kind in ("refused", "unclaimed"):
            notice = self.posted()
            with self.at(20):
                notice.action_note_delivery(day_of(3), kind)
            self.assertEqual((notice.state, notice.date_deadline), ("sent", day_of(11)), kind)
            self.assertEqual(self.told(notice), [(day_of(3), False)], kind)
            self.assertFalse(notice.activity_ids, "nobody has to do anything")

    def test_unclaimed_did_not_arrive_where_the_law_says_so(self):
        """DE BGB 130: the creditor's country decides, whatever the debtor's."""
        for creditor, debtor, state in (("de", "fr", "failed"), ("fr", "de", "sent")):
            self.company.country_id = self.env.ref(f"base.{creditor}")
            for kind, expected in (("refused", "sent"), ("unclaimed", state)):
                notice = self.posted()
                notice.partner_id.country_id = self.env.ref(f"base.{debtor}")
                with self.at(20):
                    notice.action_note_delivery(day_of(3), kind)
                self.assertEqual((notice.state, notice.return_kind), (expected, kind), creditor)
                arrived = expected == "sent"
                self.assertEqual(bool(notice.date_deadline), arrived)
                self.assertEqual(self.told(notice), [(day_of(3), False)] if arrived else [])
                self.assertEqual(bool(notice.activity_ids), not arrived, "another way is looked for")

    def test_no_addressee_is_no_notice(self):
        notice = self.posted()
        self.second_level(10)
        with self.at(6):
            notice.action_note_delivery(day_of(4), "unknown")
        self.assertEqual((notice.state, notice.return_kind), ("failed", "unknown"))
        self.assertEqual(self.told(notice), [], "no charge counts from it")
        self.assertEqual(self.reason_on(notice, 60), "previous_not_sent")
        self.assertFalse(notice.date_deadline, "nothing runs")
        self.assertEqual(self.rows("failed_notice", 6), {notice.id})
        self.assertEqual((self.rows("decide", 90), self.rows("note_delivery", 90)), (set(), set()))
        self.assertEqual(notice.activity_ids.user_id, notice.user_id or self.env.user)
        with self.at(6), self.assertRaises(UserError):
            notice.action_note_delivery(day_of(5))

    def test_received_is_corrected_to_no_addressee(self):
        notice = self.posted()
        with self.at(6):
            notice.action_note_delivery(day_of(4))
            self.assertEqual(notice.date_deadline, day_of(14))
            notice.action_note_delivery(day_of(5), "unknown")
        self.assertEqual(self.told(notice), [])
        self.assertEqual(
            (notice.date_received, notice.date_delivered, notice.date_deadline), (False, False, False)
        )

    def test_from_posting_no_addressee_stops_the_days_too(self):
        self.level.registered_counts_from = "posting"
        notice = self.posted()
        self.assertTrue(notice.date_deadline)
        with self.at(6):
            notice.action_note_delivery(day_of(4), "unknown")
        self.assertEqual((notice.date_deadline, self.told(notice)), (False, []))

    def test_a_second_try_keeps_what_is_known_of_the_first(self):
        notice = self.posted("1A 111")
        first = notice.attachment_id
        with self.at(6):
            notice.action_note_delivery(day_of(5), "unknown")
        notice.partner_id.write({"street": "9 New Street"})
        with self.at(7):
            notice.action_send()
            notice.action_send()  # pressed twice
            self.drain_letters()
        self.assertEqual(
            (notice.state, notice.tracking_number, notice.return_kind), ("to_post", False, False)
        )
        self.assertIn("9 New Street", notice.posted_to)
        self.assertTrue(first.exists(), "the first letter went, and came back")
        self.assertNotEqual(notice.attachment_id, first)
        with self.at(7), self.fake_printer():
            notice._note_numbers({notice: "1A 222"})
        self.assertTrue(first.exists())
        with self.at(8):
            notice.action_post()
        with self.at(12):
            notice.action_note_delivery(day_of(10))
        self.assertEqual(self.told(notice), [(day_of(10), False)])
        self.assertEqual(notice.date_deadline, day_of(18))
        told = self.history(notice)
        for word in ("1A 111", "1A 222", "Not known at this address", "2 Side Street"):
            self.assertIn(word, told)
        self.assertFalse(notice.activity_ids, "another way was found")
