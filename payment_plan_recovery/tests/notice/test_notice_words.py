"""What the system writes for the company's people is in the company's language, whoever pressed the button."""

from odoo.tests import tagged

from .notice_common import NoticeCommon

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}


@tagged("post_install", "-at_install")
class TestNoticeWords(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.partner_id.lang = "fr_FR"

    def test_the_user_speaks_another_language(self):
        self.assertEqual(self.env.user.lang, "en_US")
        self.assertEqual(self.company._recovery_lang(), "fr_FR")

    def test_why_not_another_channel(self):
        notice = self.notify(self.make_debtor(email=False, **ADDRESS))
        self.assertIn("pas d'adresse e-mail valide", notice.channel_reason)
        withheld = self.env["recovery.withheld"].search([("notice_id", "=", notice.id)])
        self.assertIn("pas d'adresse e-mail valide", withheld.reason)

    def test_failures_and_what_is_asked_about_them(self):
        notice = self.notify(self.make_debtor(email="refused@example.com"))
        self.drain()
        self.assertIn("Non envoyé", " ".join(notice.message_ids.mapped("body")))
        notice._came_back("gone")
        self.assertIn("Retourné à l'expéditeur", notice.failure_reason)

    def test_settled_meanwhile(self):
        notice = self.notify(self.make_debtor())
        self.pay(notice.line_ids.move_id, 100.0)
        self.drain()
        self.assertNotIn("Nothing was left", notice.failure_reason)

    def test_deleted_meanwhile(self):
        notice = self.notify(self.make_debtor())
        move = notice.line_ids.move_id
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self.drain()
        self.assertEqual(notice.state, "cancelled")
        said = notice.failure_reason
        self.assertTrue(said.rstrip(".").strip()[-1].isalpha(), said)

    def test_history_of_the_invoice(self):
        notice = self.notify(self.make_debtor())
        self.drain()
        self.assertIn("Envoi", notice.line_ids.move_id.message_ids[0].body)

    def test_hold_to_review(self):
        hold = self.env["recovery.hold"].create(
            {
                "partner_id": self.make_debtor().id,
                "company_id": self.company.id,
                "date_review": "2030-01-01",
                "reason": "waits",
            }
        )
        self.assertNotEqual(hold.activity_ids.summary, "Still on hold?")
