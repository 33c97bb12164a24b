"""What Odoo keeps beside histories and lets every employee read: who was notified, and who follows what."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from odoo.tests import tagged
from ways import Ways

SUBJECT = "Last reminder before court"
#: Who reads a debtor's file, and who does not.
READERS, OTHERS = ("collector", "manager"), ("employee",)


@tagged("post_install", "-at_install")
class TestBesideHistories(Ways):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.written = [cls.notice, cls.plan, cls.promise]
        messages = cls.env["mail.message"]
        for record in cls.written:
            messages |= record.sudo().message_post(
                body="You owe it",
                subject=SUBJECT,
                partner_ids=cls.person.ids,
                subtype_xmlid="mail.mt_comment",
            )
            record.sudo().message_subscribe(cls.person.ids)
        cls.notified = messages.notification_ids
        cls.mails = cls.env["mail.mail"].search([("mail_message_id", "in", messages.ids)])
        cls.env.flush_all()

    def test_the_words_of_a_mail_are_told_to_its_readers_alone(self):
        self.assertEqual(len(self.notified), 3)
        self.assertTrue(self.mails)
        for role in (*READERS, *OTHERS):
            notified = self.env_of(role)["mail.notification"].search([("id", "in", self.notified.ids)])
            told = [
                *notified.read(["mail_message_id", "mail_mail_id"]),
                *notified.web_read({"mail_message_id": {"fields": {"display_name": {}}}}),
            ]
            self.env.invalidate_all()
            with self.case(role):
                self.assertEqual(SUBJECT in repr(told), role in READERS)
            groups = notified.formatted_read_group(
                [("id", "in", self.notified.ids)], ["mail_message_id"], ["__count"]
            )
            self.env.invalidate_all()
            with self.case(role, "groups"):
                self.assertEqual(SUBJECT in repr(groups), role in READERS)

    def test_nor_are_they_found_out_by_searching(self):
        for role, found in (("collector", 3), ("employee", 0)):
            for path in ("mail_message_id.subject", "mail_message_id", "mail_message_id.display_name"):
                domain = [("id", "in", self.notified.ids), (path, "ilike", "before court")]
                with self.case(role, path):
                    self.assertEqual(len(self.env_of(role)["mail.notification"].search(domain)), found)
        domain = [("mail_mail_id.subject", "ilike", "before court")]
        self.assertNotEqual(self.ask("employee", "mail.notification", "search", domain)[0], "done")

    def test_who_follows_a_debtor_s_file_is_told_to_its_readers_alone(self):
        domain = [("res_model", "=like", "recovery.%"), ("partner_id", "=", self.person.id)]
        for role in (*READERS, *OTHERS):
            with self.case(role):
                found = self.env_of(role)["mail.followers"].search(domain)
                self.assertEqual(len(found), 3 if role in READERS else 0)
        for record in self.written:
            with self.case(record):
                followers = record.with_env(self.env_of("collector")).message_follower_ids
                self.assertIn(self.person, followers.sudo().partner_id)
        own = self.users["employee"].partner_id
        own.message_subscribe(own.ids)
        self.assertTrue(self.env_of("employee")["mail.followers"].search([("partner_id", "=", own.id)]))
