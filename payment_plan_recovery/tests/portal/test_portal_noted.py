"""Whatever a debtor does online is an interaction on its file, and whoever follows it is asked where it has to act."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import html2plaintext

from .portal_sign_common import SignCommon


@tagged("post_install", "-at_install")
class TestPortalNoted(SignCommon):
    def setUp(self):
        super().setUp()
        self.root = self.link()._path()
        self.look()

    def look(self):
        """Know what was noted and asked for so far."""
        self.env.invalidate_all()
        self.contacts = self.env["recovery.contact"].search([("partner_id", "=", self.debtor.id)])
        self.activities = self.env["mail.activity"].search([])

    def act(self, path, words, asks=None, **data):
        """Send a form; expect one interaction with ``words``, and ``asks`` to be done where it needs somebody."""
        with self.subTest(path, words=words):
            self.post(self.root + path, **data)
            self.assert_noted(words, asks)

    def assert_noted(self, words, asks=None):
        contacts, activities = self.contacts, self.activities
        self.look()
        # besides what we write: that a plan is in force
        [contact] = (self.contacts - contacts).filtered("is_incoming")
        self.assertEqual(contact.channel, "portal")
        self.assertIn(words, contact.outcome)
        self.assertEqual((self.activities - activities).mapped("summary"), [asks] if asks else [])

    def one(self, model):
        return self.env[model].search([("partner_id", "=", self.debtor.id)], order="id desc", limit=1)

    def test_what_is_written_asked_and_disputed(self):
        bill, said = self.late_invoice(90), self.env["mail.message"].sudo().search([])
        self.env.user.sudo().notification_type = "inbox"
        self.company.recovery_dunning_user_id = self.env.user
        ask, answer = "A debtor asks on the portal: answer it", "The debtor wrote: answer it"
        self.act("/write", "Where is it?", ask, body="Where is it?")
        written = f"/requests/{self.one('recovery.request').id}"
        self.act(written, "And the other?", answer, body="And the other?")
        self.act(written, "Hello?", body="Hello?")
        self.act("/write", "Anybody?", body="Anybody?")
        self.act(f"{written}/withdraw", "Where is it?")
        self.act("/data", "Lyon", ask, new_city="Lyon")
        self.act("/ask", "Lost a customer", ask, description="Lost a customer")
        data = {"items": self.item(bill).id, "cause": "price"}
        self.act("/dispute", "Too dear", "Look into the dispute", description="Too dear", **data)
        dispute = self.one("recovery.dispute")
        self.act(f"/disputes/{dispute.id}", "Look again", answer, body="Look again")
        dispute.answer = "It is not"
        dispute.action_reject()
        self.look()
        about = f"/disputes/{dispute.id}"
        self.act(about, "Nobody looked", "A debtor is not content", rating="2", body="Nobody looked")
        self.assert_named(self.env["mail.message"].sudo().search([]) - said)

    def assert_named(self, written):
        """Nobody is called “Public user”: the debtor acts in histories, and the company mails who has to look."""
        visitor = self.env.ref("base.public_user").sudo()
        self.assertLessEqual({"notification", "user_notification"}, set(written.mapped("message_type")))
        self.assertNotIn(visitor.partner_id, written.author_id)
        self.assertNotIn(visitor.name, "".join(written.mapped("body")))
        for mailed in written.filtered(lambda one: one.message_type == "user_notification"):
            self.assertEqual(mailed.author_id, self.company.partner_id)
            self.assertIn(self.debtor.name, html2plaintext(mailed.body).partition("Document")[0])

    def test_who_came_by_a_link_is_told_in_the_language_of_the_company(self):
        self.company.partner_id.lang = "fr_FR"
        self.post(f"{self.root}/plans/{self.offer.id}/refuse", reason="Too much")
        self.assertIn("quiconque a le lien du débiteur a refusé", self.one("recovery.contact").outcome)

    def test_what_is_done_with_a_plan(self):
        draft = self.plan(self.late_invoice(900))
        draft.action_compare_options()
        draft.sudo().recovery_portal_choice = True
        self.act(f"/plans/{draft.id}/choose", "chose", option=draft._portal_options()[0].id)
        self.act(f"/plans/{draft.id}/refuse", "Too much", "Offer refused on the portal", reason="Too much")
        self.company.recovery_portal_signatory_id = self.env.user
        self.look()
        self.assertNotIn("error", self.signed())
        self.assert_noted("signed agreement")
        self.pay(self.bill, 300, self.today)
        self.offer.monitor(self.today + timedelta(days=1))
        self.look()
        self.act(f"/plans/{self.offer.id}/rate", "5 of 5", rating="5", body="Thank you")
