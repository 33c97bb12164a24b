"""What a debtor asked for until it is answered: taken back, answered by a plan, written about with files."""

from odoo.tests import tagged

from .portal_common import PortalCommon
from .test_portal_acts import PDF


@tagged("post_install", "-at_install")
class TestPortalAsked(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.late_invoice(600)

    def setUp(self):
        super().setUp()
        self.login()
        self.root = self.link()._path()

    def one(self, model):
        return self.env[model].search([("partner_id", "=", self.debtor.id)], order="id desc", limit=1)

    def test_what_was_asked_is_taken_back_until_it_is_answered(self):
        self.post(f"{self.root}/ask", description="Lost a customer", amount="200")
        asked = self.one("recovery.request")
        url = f"{self.root}/requests/{asked.id}"
        page = self.url_open(url).text
        for words in ("Lost a customer", "200.00", "Change it", f"{url}/withdraw"):
            self.assertIn(words, page)
        asked.plan_id.action_propose()
        self.assertNotIn("Change it", self.url_open(url).text)
        for refused in (self.post(f"{url}/withdraw"), self.post(f"{self.root}/ask", description="Less")):
            self.assertIn("made you an offer", refused.text)
        self.assertIn(f"/plans/{asked.plan_id.id}", self.url_open(f"{self.root}/ask").text)
        self.assertEqual((asked.state, asked.plan_id.state), ("open", "proposed"))
        asked.plan_id.action_draft()
        for _click in range(2):
            self.post(f"{url}/withdraw")
        self.assertEqual(
            (asked.state, asked.is_withdrawn, asked.plan_id.state), ("closed", True, "cancelled")
        )
        self.assertEqual(asked.hold_id.date_until, self.today, "nobody rests for what was taken back")
        told = self.env["recovery.contact"].search([("outcome", "ilike", "withdrew")])
        self.assertEqual(len(told), 1)
        self.assertIn("Lost a customer", told.outcome)

    def test_the_mail_that_tells_of_a_visitor_s_act_has_a_sender(self):
        """Without one it is not sent, where no address of the database's own is declared."""
        self.company.email = "creditor@example.com"
        known = self.env["mail.mail"].sudo().search([])
        self.post(f"{self.root}/ask", description="Lost a customer")
        told = self.env["mail.mail"].sudo().search([]) - known
        self.assertTrue(told, "the person responsible is told")
        for mail in told:
            self.assertIn("creditor@example.com", mail.email_from or "")

    def test_a_plan_in_force_answers_whoever_asked_for_it(self):
        self.post(f"{self.root}/ask", description="Lost a customer")
        asked = self.one("recovery.request")
        asked.plan_id.action_propose()
        self.assertEqual(asked.state, "open", "the debtor rests while it reads the offer")
        asked.plan_id.action_accept()
        asked.plan_id.action_activate()
        self.assertEqual((asked.state, asked.is_withdrawn), ("closed", False))
        later = self.late_invoice(500)
        self.post(f"{self.root}/ask", description="Another one")
        again = self.one("recovery.request")
        self.assertEqual(
            again.plan_id.item_ids.move_line_id, self.item(later), "nothing keeps it from asking"
        )
        self.post(f"{self.root}/requests/{again.id}", body="And in May?")
        again.plan_id.action_propose()
        again.plan_id.action_accept()
        again.plan_id.action_activate()
        self.assertEqual(again.state, "open", "a question of the debtor waits there")

    def test_files_of_an_exchange_are_shown_and_opened_by_those_who_have_it(self):
        """Odoo drops the files that somebody posts who is no employee, unless they wait as its composer's do."""
        data = {"items": self.item(self.bill).id, "cause": "goods", "description": "See the picture"}
        self.post(f"{self.root}/dispute", files=[("files", ("delivery.pdf", PDF))], **data)
        dispute = self.one("recovery.dispute")
        self.post(f"{self.root}/write", files=[("files", ("letter.pdf", PDF))], body="Read this")
        asked = self.one("recovery.request")
        self.login(self.portal_user("acts_files", self.contact("files", self.debtor)))
        mine = f"/my/creditor/{self.company.id}"
        self.post(f"{mine}/requests/{asked.id}", files=[("files", ("second.pdf", PDF))], body="And this")
        proof = {"name": "proof.html", "raw": b"<script>alert(1)</script>", "mimetype": "text/html"}
        for subtype in ("comment", "note"):
            dispute.message_post(
                body=proof["name"],
                message_type="comment",
                subtype_xmlid=f"mail.mt_{subtype}",
                attachment_ids=self.env["ir.attachment"].create(proof | {"name": f"{subtype}.html"}).ids,
            )
        self.login()
        other = self.link(self.env["res.partner"].create({"name": "Stranger"}))._path()
        for page, record, names in (
            ("disputes", dispute, ["delivery.pdf", "comment.html"]),
            ("requests", asked, ["letter.pdf", "second.pdf"]),
        ):
            files = record._exchanged().attachment_ids.sorted("id")
            self.assertEqual(files.mapped("name"), names)
            self.assertEqual(set(files.mapped("res_model")), {record._name})
            text = self.url_open(f"{self.root}/{page}/{record.id}").text
            for file in files:
                with self.subTest(file.name):
                    path = f"/{page}/{record.id}/files/{file.id}"
                    self.assertIn(f"{self.root}{path}", text)
                    answer = self.url_open(self.root + path)
                    self.assertEqual(answer.content, file.raw)
                    self.assertIn("attachment", answer.headers["Content-Disposition"])
                    self.assertEqual(self.url_open(other + path).status_code, 404)
        noted = dispute.message_ids.attachment_ids.filtered(lambda file: file.name == "note.html")
        self.assertEqual(
            self.url_open(f"{self.root}/disputes/{dispute.id}/files/{noted.id}").status_code, 404
        )
