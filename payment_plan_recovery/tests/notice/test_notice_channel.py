"""Which channel a notice takes: the debtor's wish, the level's order, and what reaches the debtor."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .notice_common import NoticeCommon

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}


@tagged("post_install", "-at_install")
class TestNoticeChannel(NoticeCommon):
    def test_level_order(self):
        notice = self.notify(self.make_debtor(**ADDRESS))
        self.assertEqual((notice.channel, notice.channel_reason), ("email", False))

    def test_debtor_preference(self):
        notice = self.notify(self.make_debtor(recovery_channel="letter", **ADDRESS))
        self.assertEqual(notice.channel, "letter")

    def test_preference_the_level_does_not_offer(self):
        notice = self.notify(self.make_debtor(recovery_channel="phone", **ADDRESS))
        self.assertEqual(notice.channel, "email")

    def test_reasons_of_the_fallback(self):
        self.env["mail.blacklist"]._add("black@example.com")
        for values, reason in (
            ({"email": False}, "no valid e-mail address"),
            ({"email": "not an address"}, "no valid e-mail address"),
            ({"recovery_no_email": True}, "asked for no e-mail"),
            ({"email": "black@example.com"}, "on the blacklist"),
            ({"message_bounce": 1}, "came back"),
        ):
            with self.subTest(values):
                notice = self.notify(self.make_debtor(**ADDRESS, **values))
                self.assertEqual(notice.channel, "letter")
                self.assertIn(reason, notice.channel_reason)

    def test_contact_for_invoices_is_addressed(self):
        debtor = self.make_debtor(is_company=True)
        accounting = self.make_debtor(
            "Accounting", parent_id=debtor.id, type="invoice", email="accounting@example.com"
        )
        notice = self.notify(debtor)
        self.assertEqual(notice.contact_id, accounting)
        self.assertEqual(self.drain().addresses(), ["accounting@example.com"])

    def test_first_of_several_addresses_is_written_to(self):
        debtor = self.make_debtor(email="compta@example.com; dir@example.com", **ADDRESS)
        notice = self.notify(debtor)
        self.assertEqual(notice.channel, "email")
        self.assertEqual(self.drain().addresses(), ["compta@example.com"])
        self.assertEqual((notice.channel, notice.state), ("email", "sent"))

    def test_another_contact_when_the_first_is_not_reached(self):
        debtor = self.make_debtor(is_company=True)
        self.make_debtor("Accounting", parent_id=debtor.id, type="invoice", email=False)
        self.assertEqual(self.notify(debtor).contact_id, debtor)

    def test_address_lost_before_sending(self):
        debtor = self.make_debtor()
        notice = self.notify(debtor)
        debtor.email = False
        self.drain()
        self.assertEqual(notice.state, "failed")
        self.assertIn("no valid e-mail address", notice.failure_reason)
        self.assertIn("no complete postal address", notice.failure_reason)

    def test_switch_by_hand(self):
        notice = self.notify(self.make_debtor(**ADDRESS))
        notice.action_switch_channel()
        self.assertEqual((notice.channel, notice.state), ("letter", "queued"))

    def test_switch_without_another_channel(self):
        notice = self.notify(self.make_debtor())
        with self.assertRaisesRegex(UserError, "no complete postal address"):
            notice.action_switch_channel()

    def test_switch_of_several_tells_what_was_passed_over(self):
        self.channel("phone", 3)
        notices = self.notify(self.make_debtor("Called"), self.make_debtor("Called too"))
        notices.action_switch_channel()
        self.assertEqual(set(notices.mapped("channel")), {"phone"})
        withheld = self.env["recovery.withheld"].search([("notice_id", "in", notices.ids)])
        self.assertEqual(withheld.notice_id, notices)
        self.assertEqual(withheld.mapped(lambda row: (row.channel, row.kind)), [("letter", "no_address")] * 2)

    # A wish recorded on the way -------------------------------------------------------------

    def proposal(self, debtor):
        self.invoice(debtor, 100.0)
        run = self.make_run(5)
        run.action_propose()
        return run

    def test_wish_recorded_after_the_proposal(self):
        debtor = self.make_debtor(**ADDRESS)
        run = self.proposal(debtor)
        self.assertEqual(run.line_ids.channel, "email")
        debtor.recovery_channel = "letter"
        run.action_confirm()
        self.assertEqual((run.notice_ids.channel, run.notice_ids.contact_id), ("letter", debtor))

    def test_wish_recorded_after_the_confirmation(self):
        debtor = self.make_debtor(**ADDRESS)
        notice = self.notify(debtor)
        self.assertEqual((notice.channel, notice.contact_id), ("email", debtor))
        debtor.recovery_channel = "letter"
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual((notice.channel, notice.state), ("letter", "sent"))

    def test_channel_chosen_by_hand_stays(self):
        debtor = self.make_debtor(recovery_channel="email", **ADDRESS)
        run = self.proposal(debtor)
        run.line_ids.channel = "letter"
        run.action_confirm()
        notice = run.notice_ids
        self.assertTrue(notice.channel_by_hand)
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual((notice.channel, notice.state), ("letter", "sent"))

    def test_channel_chosen_by_hand_that_reaches_nobody(self):
        debtor = self.make_debtor(recovery_channel="email", **ADDRESS)
        run = self.proposal(debtor)
        run.line_ids.channel = "letter"
        debtor.street = False
        run.action_confirm()
        notice = run.notice_ids
        self.assertEqual((notice.channel, notice.channel_by_hand), ("email", False))
        self.assertEqual(notice.channel_reason, "Letter: no complete postal address")
        withheld = self.env["recovery.withheld"].search([("notice_id", "=", notice.id)])
        self.assertEqual((withheld.channel, withheld.kind), ("letter", "no_address"))

    def test_channel_switched_by_hand_that_reaches_nobody_any_more(self):
        notice = self.notify(self.make_debtor(**ADDRESS))
        notice.action_switch_channel()
        notice.partner_id.street = False
        self.drain()  # finds that the letter would not arrive, once the e-mails were looked at
        self.assertEqual(self.drain().addresses(), ["debtor@example.com"])
        self.assertEqual((notice.channel, notice.channel_by_hand), ("email", False))

    def test_channel_switched_by_hand_stays(self):
        notice = self.notify(self.make_debtor(recovery_channel="email", **ADDRESS))
        notice.action_switch_channel()
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual((notice.channel, notice.state), ("letter", "sent"))

    def test_reason_of_the_fallback_outlives_the_sending(self):
        notice = self.notify(self.make_debtor(email=False, **ADDRESS))
        self.drain()
        self.assertEqual(notice.state, "sent")
        self.assertIn("no valid e-mail address", notice.channel_reason)
