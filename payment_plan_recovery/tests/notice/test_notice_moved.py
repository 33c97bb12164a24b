"""Where a letter goes: to the address that its debtor has when it leaves, which the notice keeps."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .notice_common import NoticeCommon, day

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}
#: The story's clock starts on a Monday at noon.
MONDAY = datetime(2026, 3, 2, 12, 0)


@tagged("post_install", "-at_install")
class TestNoticeMoved(NoticeCommon):
    def setUp(self):
        super().setUp()
        self.only("letter")

    def at(self, days):
        """The clock ``days`` after the story's Monday."""
        moment = MONDAY + timedelta(days=days)
        return patch.object(fields.Datetime, "now", staticmethod(lambda: moment))

    def printed(self, *debtors):
        """Letters to debtors, printed on the story's Monday."""
        with self.at(0):
            notices = self.notify(*debtors, on=(MONDAY.date() - day(0)).days)
            notices.next_attempt = MONDAY
            self.drain_letters()
        self.assertEqual(set(notices.mapped("state")), {"to_post"}, notices.mapped("failure_reason"))
        return notices

    def test_debtor_who_moved_before_posting_is_written_to_anew(self):
        moved, lang, stays = (self.make_debtor(name, **ADDRESS) for name in ("Moved", "Lang", "Stays"))
        notices = self.printed(moved, lang, stays)
        self.assertIn("2 Side Street", notices[0].posted_to)
        (moved | lang | stays).write({"comment": "Called", "phone": "+33 1 99 00 00 00"})
        moved.write({"street": "1 New Street", "city": "Nantes", "zip": "44000"})
        before = {notice.partner_id: notice.document_sha256 for notice in notices}
        with self.at(1):
            told = notices.with_context(lang="fr_FR").action_post()
        states = {notice.partner_id: notice.state for notice in notices}
        self.assertEqual(states, {moved: "to_post", lang: "sent", stays: "sent"})
        again = notices.filtered(lambda notice: notice.partner_id == moved)
        self.assertIn(again.display_name, told["params"]["message"])
        self.assertNotEqual(again.document_sha256, before[moved])
        self.assertIn("1 New Street", again.posted_to)
        with self.at(1):
            again.action_post()
        self.assertEqual(again.state, "sent")
        moved.street = "3 Later Street"
        self.assertIn("1 New Street", again.posted_to, "where it went")
        reports = self.env["ir.actions.report"]
        paper = reports._render_qweb_html("payment_plan_recovery.report_evidence", again.ids)[0].decode()
        self.assertIn("1 New Street", paper)
        self.assertNotIn("3 Later Street", paper)

    def test_a_collector_posts_the_only_letter_of_a_pile_that_is_printed_anew(self):
        """On another day than it was printed: it leaves the pile of that day, which is none any more."""
        collector = new_test_user(
            self.env,
            "post_room",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

        def represent(notice):
            guardian = {"name": "Guardian", "parent_id": notice.partner_id.id, "type": "other", **ADDRESS}
            notice.partner_id.recovery_representative_id = self.env["res.partner"].create(guardian)

        for change in (
            lambda notice: notice.partner_id.write({"street": "1 New Street"}),
            lambda notice: self.pay(notice.line_ids.move_id, 30.0),
            represent,
        ):
            with self.subTest(change):
                notice = self.printed(self.make_debtor(**ADDRESS))
                mailing, mine = notice.mailing_id, notice.with_user(collector)
                change(notice)
                with self.at(1):
                    self.assertIn(notice.display_name, mine.action_post()["params"]["message"])
                self.assertEqual((notice.state, mailing.exists()), ("to_post", mailing.browse()))
                with self.at(1):
                    mine.action_post()
                self.assertEqual(notice.state, "sent")
                self.assertEqual(
                    notice.contact_id,
                    notice.partner_id.recovery_representative_id or notice.partner_id,
                )

    def test_a_letter_that_nobody_could_deliver_any_more_goes_another_way(self):
        """Its addressee has no postal address by now: it leaves the pile, by mail if there is one."""
        self.channel("email", 2)

        def represent(notice):
            values = {"name": "Guardian", "email": "guardian@example.com", "parent_id": notice.partner_id.id}
            notice.partner_id.recovery_representative_id = self.env["res.partner"].create(values)

        for change, left in (
            (represent, ("sent", "email", "guardian@example.com")),
            (lambda notice: notice.partner_id.write({"street": False}), ("failed", "letter", False)),
        ):
            notice = self.printed(self.make_debtor(email=False, **ADDRESS))
            mailing = notice.mailing_id
            change(notice)
            with self.at(1):
                self.assertIn(notice.display_name, notice.action_post()["params"]["message"])
            self.assertEqual((notice.state, mailing.exists()), ("queued", mailing.browse()))
            self.drain()
            self.assertEqual((notice.state, notice.channel, notice.contact_id.email), left)

    def test_letter_printed_before_its_address_was_kept_is_posted(self):
        notice = self.printed(self.make_debtor(**ADDRESS))
        notice._bulk_write({"posted_to": False})
        with self.at(1):
            notice.action_post()
        self.assertEqual(notice.state, "sent")
