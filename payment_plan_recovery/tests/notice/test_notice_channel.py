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
        self.assertEqual((notice.channel, notice.state), ("letter", "to_post"))

    def test_channel_chosen_by_hand_stays(self):
        debtor = self.make_debtor(recovery_channel="email", **ADDRESS)
        run = self.proposal(debtor)
        run.line_ids.channel = "letter"
        run.action_confirm()
        notice = run.notice_ids
        self.assertTrue(notice.channel_by_hand)
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual((notice.channel, notice.state), ("letter", "to_post"))

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
        self.assertEqual((notice.channel, notice.state), ("letter", "to_post"))

    def own_channel(self, notice):
        return notice.level_id.channel_ids.filtered(lambda channel: channel.channel == notice.channel)

    def test_channel_taken_off_the_level_before_it_went(self):
        notice = self.notify(self.make_debtor(**ADDRESS))
        self.own_channel(notice).unlink()
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual((notice.channel, notice.state), ("letter", "to_post"))
        self.assertIn("does not go by it any more", notice.channel_reason)

    def test_channel_that_only_a_person_chooses_by_now(self):
        automatic, chosen = self.make_debtor("Of a run", **ADDRESS), self.make_debtor("Chosen", **ADDRESS)
        notices = self.notify(automatic, chosen).grouped("partner_id")
        notices[chosen].channel_by_hand = True
        self.own_channel(notices[chosen]).is_by_hand = True
        self.assertEqual(self.drain().addresses(), [chosen.email])
        self.assertEqual((notices[automatic].channel, notices[automatic].state), ("letter", "to_post"))
        self.assertEqual((notices[chosen].channel, notices[chosen].state), ("email", "sent"))

    def test_channel_taken_off_the_level_of_a_debtor_without_another(self):
        notice = self.notify(self.make_debtor())
        self.own_channel(notice).unlink()
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual(notice.state, "failed")
        self.assertIn("does not go by it any more", notice.failure_reason)
        self.assertIn("no complete postal address", notice.failure_reason)

    def test_reason_of_the_fallback_outlives_the_sending(self):
        notice = self.notify(self.make_debtor(email=False, **ADDRESS))
        self.drain()
        self.assertEqual(notice.state, "to_post")
        self.assertIn("no valid e-mail address", notice.channel_reason)

    # Channels as such ------------------------------------------------------------------------

    def test_a_run_and_a_notice_agree_on_whom_a_channel_reaches(self):
        self.env["mail.blacklist"]._add("black@example.com")
        cases = (
            {"email": "ok@example.com", "phone": "+33 4 72 00 00 00", **ADDRESS},
            {"email": False, "phone": False},
            {"email": "black@example.com", "street": "1 Street"},
            {"message_bounce": 1, "city": "Lyon"},
            {"recovery_no_email": True, "recovery_no_sms": True, "recovery_no_phone": True, "phone": "1"},
        )
        debtors = self.env["res.partner"].union(*(self.make_debtor(**values) for values in cases))
        reached = {}
        for code, channel in self.env["recovery.channel"]._things().items():
            unreached = self.env["recovery.dunning.reach"]._unreached(debtors, code)
            self.assertEqual(unreached, debtors.filtered(channel._why_not), code)
            reached[code] = [debtor not in unreached for debtor in debtors]
        self.assertEqual(
            reached,
            {
                "email": [True, False, False, False, False],
                "sms": [True, False, False, False, False],
                "letter": [True, False, False, False, False],
                "registered": [True, False, False, False, False],
                "phone": [True, True, True, True, False],
            },
        )

    def lose_addon_of(self, notice):
        """Leave the notice as it is once the addon of its channel was uninstalled: with a code nobody knows."""
        self.env.flush_all()
        for query in (
            "UPDATE recovery_notice SET channel = 'fax' WHERE id = %(notice)s",
            "UPDATE recovery_dunning_level_channel SET channel = 'fax' WHERE level_id = %(level)s AND sequence = 1",
            "UPDATE res_partner SET recovery_channel = 'fax' WHERE id = %(debtor)s",
        ):
            values = {"notice": notice.id, "level": notice.level_id.id, "debtor": notice.partner_id.id}
            self.env.cr.execute(query, values)
        self.env.invalidate_all()

    def test_notice_of_an_uninstalled_channel_takes_the_next_one(self):
        notice = self.notify(self.make_debtor(**ADDRESS))
        self.lose_addon_of(notice)
        self.drain()
        self.assertEqual((notice.channel, notice.state), ("letter", "queued"))
        self.assertEqual(notice.channel_reason, "fax: the addon of this channel is not installed")

    def test_notice_of_an_uninstalled_channel_without_another_fails_with_the_reason(self):
        notice = self.notify(self.make_debtor())
        self.lose_addon_of(notice)
        self.drain()
        self.assertEqual(notice.state, "failed")
        self.assertIn("fax: the addon of this channel is not installed", notice.failure_reason)
        withheld = self.env["recovery.withheld"].search([("notice_id", "=", notice.id)])
        self.assertIn("not_installed", withheld.mapped("kind"))

    def test_run_passes_over_an_uninstalled_channel(self):
        debtor = self.make_debtor(**ADDRESS)
        self.lose_addon_of(self.notify(debtor))
        other = self.notify(self.make_debtor("Other", recovery_channel=False, **ADDRESS), debtor, on=6)
        self.assertEqual(set(other.mapped("channel")), {"letter"})
