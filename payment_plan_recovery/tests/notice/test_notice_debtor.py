"""Whom a notice goes to belongs to the debtor of all its claims, on the moment it goes."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .notice_common import NoticeCommon

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}


@tagged("post_install", "-at_install")
class TestNoticeDebtor(NoticeCommon):
    def queued(self, **firm):
        """A notice to the accountant of a company, who has left for another one; (notice, accountant, other)."""
        firm = self.make_debtor("Firm", is_company=True, email="firm@example.com", **firm)
        accountant = self.make_debtor(
            "Accountant", parent_id=firm.id, type="invoice", email="accountant@example.com", **ADDRESS
        )
        notice = self.notify(firm)
        self.assertEqual(notice.contact_id, accountant)
        return notice, accountant, self.make_debtor("Other", is_company=True)

    def test_contact_that_left_is_not_written_to(self):
        notice, accountant, other = self.queued()
        accountant.parent_id = other
        self.assertEqual(self.drain().addresses(), ["firm@example.com"])
        self.assertEqual((notice.state, notice.contact_id), ("sent", notice.partner_id))
        self.assertIn("Accountant", " ".join(notice.message_ids.mapped("body")))
        self.assertIn("does not belong to Firm", " ".join(notice.message_ids.mapped("body")))

    def test_a_debtor_who_was_archived_meanwhile_is_written_to_once_a_person_says_so(self):
        kept, archived = self.make_debtor("Kept"), self.make_debtor("Archived")
        notices = self.notify(kept, archived)
        archived.action_archive()
        waiting = notices.filtered(lambda notice: notice.partner_id == archived)
        self.drain()
        self.assertEqual(((notices - waiting).state, waiting.state), ("sent", "draft"))
        self.assertIn("archived", waiting.message_ids[0].body)
        waiting.action_approve()
        self.drain()
        self.assertEqual(waiting.state, "sent")

    def test_contact_that_was_archived_is_not_written_to(self):
        notice, accountant, _other = self.queued()
        accountant.active = False
        self.assertEqual(self.drain().addresses(), ["firm@example.com"])
        self.assertEqual(notice.contact_id, notice.partner_id)

    def test_who_represents_the_debtor_is_written_to_and_nobody_else(self):
        """A guardian, or the heirs: what waits already goes there too, by no text message."""
        ward = self.make_debtor("Ward", phone="+33600000000", **ADDRESS)
        notice = self.notify(ward)
        guardian = self.make_debtor(
            "Guardian", parent_id=ward.id, type="other", email="guardian@example.com", phone="+33600000001"
        )
        ward.recovery_representative_id = guardian
        self.assertEqual(self.drain().addresses(), ["guardian@example.com"])
        self.assertEqual((notice.state, notice.contact_id), ("sent", guardian))
        self.assertIn("Guardian represents Ward", " ".join(notice.message_ids.mapped("body")))
        self.send(notice, 5)
        guardian.active = False
        later = self.notify(ward, on=6)
        self.assertEqual(self.drain().addresses(), ["guardian@example.com"], "whoever else there is")
        self.send(later, 6)
        # letters reach the ward, the guardian has no address: nobody is written to
        self.only("letter")
        self.assert_reasons(self.invoice(ward), day7="no_address")
        self.only("sms")
        self.assert_reasons(self.invoice(ward), day7="no_address")
        for stranger in (self.make_debtor("Stranger"), ward):
            with self.assertRaisesRegex(ValidationError, "no contact of Ward"), self.env.cr.savepoint():
                ward.recovery_representative_id = stranger
        with self.assertRaisesRegex(ValidationError, "no contact of Ward"):
            guardian.parent_id = self.make_debtor("Other")

    def test_nobody_left_to_write_to(self):
        notice, accountant, other = self.queued()
        notice.partner_id.email = False
        accountant.parent_id = other
        self.assertEqual(self.drain().addresses(), [])
        self.assertEqual(notice.state, "failed")

    def test_letter_to_a_contact_that_left_is_printed_again(self):
        self.only("letter")
        notice, accountant, other = self.queued(**ADDRESS)
        self.drain_letters()
        accountant.parent_id = other
        notice.action_post()
        self.assertEqual((notice.state, notice.contact_id), ("to_post", notice.partner_id))
        notice.action_post()
        self.assertEqual(notice.state, "sent")

    def test_debtor_who_becomes_a_contact_is_written_to_for_the_company(self):
        person, firm = self.make_debtor("Person"), self.make_debtor("Firm", is_company=True)
        notice = self.notify(person)
        person.parent_id = firm
        self.assertEqual(self.drain().addresses(), ["debtor@example.com"])
        self.assertEqual((notice.state, notice.partner_id, notice.contact_id), ("sent", firm, person))

    def test_wish_of_a_person_who_became_a_contact_stands(self):
        person, firm = self.make_debtor("Person", recovery_no_email=True), self.make_debtor("Firm", **ADDRESS)
        firm.email = False
        person.parent_id = firm
        notice = self.notify(firm)
        self.assertEqual(notice.channel, "letter")
        self.assertEqual(self.env["recovery.dunning.reach"]._unreached(firm, "email"), firm)
