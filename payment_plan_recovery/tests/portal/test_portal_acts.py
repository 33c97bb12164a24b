"""What a debtor does online: each act is on its file, told to who is responsible, and holds what it is about."""

import io
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import html2plaintext
from PIL import Image

from .portal_common import PortalCommon

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def picture(width, height):
    """A picture in one colour: a small file, however many dots it has."""
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestPortalActs(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill, cls.other = cls.late_invoice(600), cls.late_invoice(90)

    def setUp(self):
        super().setUp()
        self.login()
        self.root = self.link()._path()

    def one(self, model):
        return self.env[model].search([("partner_id", "=", self.debtor.id)], order="id desc", limit=1)

    def say(self, record, words, subtype="mt_comment"):
        """Write ``words`` in the history of ``record``, as the office does."""
        record.message_post(body=words, message_type="comment", subtype_xmlid=f"mail.{subtype}")

    def held(self, *moves):
        """{journal item: (whole, part)} on hold today."""
        query = self.env["recovery.hold"]._items_held_sql(self.company, self.today)
        self.env.flush_all()
        found = {row[0]: row[1:] for row in self.env.execute_query(query)}
        return [found.get(self.item(move).id) for move in moves]

    def next_actions(self):
        self.env.flush_all()
        self.env["recovery.worklist"]._refresh(self.company, self.today)
        return self.one("recovery.worklist").action

    # -- who is told -----------------------------------------------------------------------

    def test_each_act_asks_one_thing_in_the_words_of_the_company(self):
        """The debtor reads English here, the office French: it is asked in French, and once for each act."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        self.debtor.lang = "en_US"
        known = self.env["mail.activity"].search([])
        self.post(
            f"{self.root}/dispute", items=[self.item(self.bill).id], cause="price", description="Too dear"
        )
        self.post(f"{self.root}/ask", description="Lost a customer")
        self.post(f"{self.root}/write", body="Where are you?")
        self.post(f"{self.root}/data", new_email="new@example.com")
        self.post(f"{self.root}/promise", date=str(self.today + timedelta(days=3)))
        asked = self.env["mail.activity"].search([]) - known
        french = self.env(context={"lang": "fr_FR"})
        with self.subTest("once for each"):
            self.assertEqual(len(asked), 5, asked.mapped(lambda one: (one.res_model, one.summary)))
        for one in asked:
            with self.subTest(one.summary):
                self.assertIn(
                    one.summary,
                    [
                        french._("Look into the dispute"),
                        french._("A debtor asks on the portal: answer it"),
                        french._("Promise made on the portal"),
                    ],
                )
        told = self.env["recovery.contact"].search(
            [("partner_id", "=", self.debtor.id), ("channel", "=", "portal")]
        )
        self.assertFalse(told.filtered(lambda one: "disputes" in one.outcome or "promised" in one.outcome))
        for one in told:
            with self.subTest("nobody is named twice"):
                self.assertLessEqual(one.outcome.count(self.debtor.name), 1, one.outcome)

    # -- a plan ----------------------------------------------------------------------------

    def test_a_plan_is_asked_for_and_the_debtor_rests(self):
        self.assertEqual(self.url_open(f"{self.root}/ask").status_code, 200)
        self.post(f"{self.root}/ask", description="Lost a customer", amount="200", date=str(self.today))
        asked = self.one("recovery.request")
        self.assertEqual((asked.kind, asked.amount, asked.state), ("plan", 200, "open"))
        self.assertEqual(asked.plan_id.amount_total, 690)
        self.assertEqual(asked.hold_id.kind, "negotiation")
        self.assertTrue(all(self.held(self.bill, self.other)))
        self.assertTrue(asked.activity_ids)
        self.assertEqual(self.next_actions(), "answer_request")
        self.change_what_was_asked(asked)
        asked = self.one("recovery.request")
        asked.action_close()
        self.assertFalse(asked.hold_id.date_until > self.today)
        asked.plan_id.action_cancel()
        self.post(f"{self.root}/ask", description="Once more")
        self.assertFalse(self.one("recovery.request").hold_id, "it rests once in a while only")

    def change_what_was_asked(self, asked):
        """Who asks again asks for that instead, and rests no longer for it."""
        self.assertIn(
            "Lost a customer", self.url_open(f"{self.root}/ask").text, "it begins with what it said"
        )
        rest = asked.hold_id
        self.assertIn("in a few words", self.post(f"{self.root}/ask", description=" ", amount="9").text)
        self.assertEqual((asked.state, asked.hold_id), ("open", rest), "what is refused takes nothing back")
        self.post(f"{self.root}/ask", description="Rather less", amount="100")
        changed = self.one("recovery.request")
        self.assertEqual(
            (asked.state, asked.is_withdrawn, asked.plan_id.state), ("closed", True, "cancelled")
        )
        self.assertFalse(asked.activity_ids)
        self.assertEqual((changed.amount, changed.plan_id.amount_max), (100, 100))
        self.assertEqual((changed.hold_id, rest.date_until > self.today), (rest, True))
        self.assertIn("Withdrawn", self.url_open(f"{self.root}/requests/{asked.id}").text)

    def test_a_plan_within_policy_is_chosen_at_once(self):
        self.company.recovery_portal_plans = True
        page = self.post(f"{self.root}/ask", description="Lost a customer")
        plan = self.one("recovery.request").plan_id
        self.assertIn("Choose how to pay", page.text)
        self.assertIn(f"/plans/{plan.id}", page.url)

    def test_a_draft_that_is_not_offered_is_not_shown(self):
        self.post(f"{self.root}/ask", description="Lost a customer")
        plan = self.one("recovery.request").plan_id
        self.assertEqual(self.url_open(f"{self.root}/plans/{plan.id}").status_code, 404)

    # -- disputes --------------------------------------------------------------------------

    def dispute(self, *moves, **words):
        data = {
            "items": [self.item(move).id for move in moves],
            "cause": "goods",
            "description": "Stale flour",
        }
        return self.post(f"{self.root}/dispute", **data | words)

    def test_a_part_is_disputed_answered_and_closed(self):
        self.assertIn(self.bill.name, self.url_open(f"{self.root}/dispute").text)
        page = self.dispute(self.bill, amount="150")
        dispute = self.one("recovery.dispute")
        self.assertEqual((dispute.amount, dispute.cause, dispute.is_waiting), (150, "goods", True))
        self.assertEqual(self.held(self.bill, self.other), [(False, 150), None])
        self.assertIn("Stale flour", page.text)
        self.assertEqual(self.next_actions(), "answer_dispute")
        self.say(dispute, "Which bags?")
        self.assertFalse(dispute.is_waiting)
        self.say(dispute, "Secret note", "mt_note")
        url = f"{self.root}/disputes/{dispute.id}"
        page = self.url_open(url).text
        self.assertIn("Which bags?", page)
        self.assertNotIn("Secret note", page)
        self.post(url, body="The <b>blue</b> ones")
        self.env.invalidate_all()
        self.assertTrue(dispute.is_waiting)
        self.assertIn("&lt;b&gt;blue", self.url_open(url).text, "what is typed is text")
        with self.refused("write the answer first"):
            dispute.action_accept_partly()
        dispute.answer = "You get 100 back."
        dispute.action_accept_partly()
        self.assertEqual((dispute.state, dispute.outcome, dispute.is_waiting), ("closed", "partly", False))
        self.assertEqual(dispute.hold_id.date_until, self.today)
        self.assertIn("You get 100 back.", self.url_open(url).text)
        page = self.post(url, body="What I wrote while you closed it").text
        self.assertIn("closed meanwhile", page)
        self.assertFalse(dispute.debtor_rating)
        self.assertRegex(
            page, r'name="rating"[^>]*>\s*<option value="">', "nothing is said for who does not choose"
        )
        self.assertIn("Choose one of the five", self.post(url, rating="").text)
        self.assertIn("Thank you for telling us", self.post(url, rating="4", body="Quick").text)
        self.post(url, rating="1")
        self.env.invalidate_all()
        self.assertEqual((dispute.debtor_rating, dispute.debtor_rating_comment), ("4", "Quick"))

    def test_what_was_answered_is_not_disputed_again_at_once(self):
        self.dispute(self.bill)
        dispute = self.one("recovery.dispute")
        dispute.answer = "The flour was fresh."
        dispute.action_reject()
        self.assertIn("our answer about", self.dispute(self.bill).text)
        self.assertIn("our answer about", self.dispute(self.bill, self.other).text)
        self.assertEqual(self.one("recovery.dispute"), dispute)
        dispute.sudo().date_closed = self.today - timedelta(days=60)
        self.dispute(self.bill)
        self.assertEqual(self.one("recovery.dispute").state, "open")

    def test_a_dispute_that_is_credited_closes_itself(self):
        self.dispute(self.other)
        dispute = self.one("recovery.dispute")
        self.pay(self.other, 90, self.today)
        self.env["recovery.dispute"]._settled()._close("settled")
        self.assertEqual((dispute.state, dispute.outcome), ("closed", "settled"))

    def test_what_is_not_its_own_or_not_open_is_not_disputed(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        theirs = self.invoice(70, partner_id=stranger.id)
        for moves in ((theirs,), (self.bill, theirs), ()):
            self.assertIn("Choose invoices", self.dispute(*moves).text)
        self.assertIn("amounts to", self.dispute(self.other, amount="91").text)
        self.assertIn("in figures", self.dispute(self.other, amount="0.004").text, "nothing is not the whole")
        self.assertFalse(self.one("recovery.dispute"))
        self.dispute(self.bill)
        self.assertIn("disputed already", self.dispute(self.bill).text)

    def test_files_are_papers_and_pictures_of_a_bearable_size(self):
        for name, content in (
            ("evil.pdf", b"<script>alert(1)</script>"),
            ("page.png", b"<html></html>"),
            ("large.pdf", PDF + b"0" * (8 * 1024 * 1024)),
            ("bomb.png", picture(8_000, 8_000)),
            ("broken.png", picture(9, 9)[:30]),
        ):
            with self.subTest(name):
                self.assertIn("send PDF files", self.send_file(name, content).text)
        self.assertFalse(self.one("recovery.dispute"))
        self.send_file("../../délivrance\u202efdp.exe", PDF)
        [file] = self.env["ir.attachment"].search(
            [("res_model", "=", "recovery.dispute"), ("res_id", "=", self.one("recovery.dispute").id)]
        )
        self.assertEqual((file.name, file.mimetype), ("..-..-délivrancefdp.pdf", "application/pdf"))

    def send_file(self, name, content):
        data = {"items": self.item(self.bill).id, "cause": "goods", "description": "See the picture"}
        return self.post(f"{self.root}/dispute", files=[("files", (name, content))], **data)

    # -- contact data, messages --------------------------------------------------------------

    def test_contact_data_is_proposed_and_checked_by_a_person(self):
        self.assertIn("martin@example.com", self.url_open(f"{self.root}/data").text)
        self.post(
            f"{self.root}/data", new_email="new@example.com", new_city="Lyon", name="Forged", credit_limit="9"
        )
        asked = self.one("recovery.request")
        self.assertEqual(
            (asked.new_email, asked.new_city, asked.new_phone), ("new@example.com", "Lyon", False)
        )
        self.assertEqual(self.debtor.email, "martin@example.com", "nothing is used before somebody looked")
        self.assertIn(
            "new@example.com", self.url_open(f"{self.root}/data").text, "it begins with what it said"
        )
        self.post(f"{self.root}/data", new_email="newer@example.com", new_city="Lyon")
        self.assertEqual((asked.state, asked.is_withdrawn), ("closed", True))
        asked = self.one("recovery.request")
        asked.action_apply()
        self.assertEqual(
            (self.debtor.email, self.debtor.city, asked.state), ("newer@example.com", "Lyon", "closed")
        )
        self.assertEqual(self.debtor.name, "Boulangerie Martin")
        for none in ("nobody", "a@example.com b@example.com", "a@example.com Bcc: b@example.com"):
            refused = self.post(f"{self.root}/data", new_email=none)
            self.assertIn("Write one e-mail address", refused.text, none)

    def test_a_debtor_writes_and_is_answered(self):
        said = "Good day.\r\nWhere is my invoice?\r\n\r\nAnne <M>"
        for _click in range(2):
            self.post(f"{self.root}/write", body=said)
        asked = self.one("recovery.request")
        lines = asked._exchanged().body.replace("</p>", "").split("<br>")
        self.assertEqual([html2plaintext(line) for line in lines], said.split("\r\n"), "line by line, once")
        self.assertEqual((asked.kind, asked.is_waiting), ("message", True))
        self.say(asked, "Here.")
        self.assertIn("Here.", self.url_open(f"{self.root}/requests/{asked.id}").text)
        self.post(f"{self.root}/write", body="Thank you. And the credit note?")
        self.assertEqual(self.one("recovery.request"), asked, "one exchange goes on")
        self.env.invalidate_all()
        self.assertTrue(asked.is_waiting)
        self.assertIn("credit note", asked._exchanged()[-1].body)
        noted = self.env["recovery.contact"].search([("partner_id", "=", self.debtor.id)], order="id")
        self.assertEqual(len(noted), 2, "once for each that was said")
        self.assertIn("Where is my invoice?", noted[0].outcome)
        self.assertIn("credit note", noted[1].outcome)
        query = self.env["recovery.contact"]._made_sql(self.company)
        self.env.flush_all()
        self.assertFalse(self.env.execute_query(query), "what the debtor does is no contact of ours")

    def test_what_a_debtor_writes_is_never_markup(self):
        evil = 'Look <a href="https://evil.example">here</a><script>alert(1)</script>'
        self.dispute(self.bill, description=evil)
        self.post(f"{self.root}/write", body=evil)
        self.post(f"{self.root}/ask", description=evil)
        self.post(f"{self.root}/data", new_street=evil)
        offer = self.plan(self.late_invoice(90))
        offer.action_propose()
        self.post(f"{self.root}/plans/{offer.id}/refuse", reason=evil)
        records = [*self.env["recovery.request"].search([("partner_id", "=", self.debtor.id)]), offer]
        records.append(self.one("recovery.dispute"))
        self.assertEqual(len(records), 5)
        for record in records:
            with self.subTest(record._name):
                told = [*record.activity_ids.mapped("note"), *record.message_ids.mapped("body")]
                self.assertTrue([text for text in told if "evil.example" in text])
                for text in told:
                    self.assertNotIn(">here</a>", text)
                    self.assertNotIn("<script", text)

    def test_what_is_no_amount_is_none(self):
        for word in ("nan", "inf", "-inf", "1e400", "1e30", "much"):
            with self.subTest(word):
                self.assertEqual(self.url_open(f"{self.root}/pay?amount={word}").status_code, 200)
                self.assertEqual(self.dispute(self.bill, amount=word).status_code, 200)
                self.assertEqual(self.one("recovery.dispute").amount, 0)
                self.one("recovery.dispute").unlink()
        self.post(f"{self.root}/ask", description="Lost a customer", amount="inf")
        self.assertEqual(self.one("recovery.request").amount, 0)

    def test_acts_are_counted_by_the_hour(self):
        for time in range(20):
            self.come_from(f"127.0.0.{time % 4 + 2}")
            self.post(f"{self.root}/promise", date="")
        self.come_from("127.0.0.9")
        page = self.post(f"{self.root}/promise", date=str(self.today))
        self.assertIn("That was often enough", page.text, "it is the debtor's, from wherever it comes")
        kept = self.env["recovery.portal.attempt"].search_count([("kind", "=", "act")])
        self.assertEqual(kept, 20, "counted where every worker reads it")

    def test_a_plan_that_is_over_is_rated(self):
        plan = self.active_plan(self.bill)
        url = f"{self.root}/plans/{plan.id}"
        self.assertIn("once it is over", self.post(f"{url}/rate", rating="5").text)
        self.pay(self.bill, 600, self.today)
        plan.monitor(self.today + timedelta(days=1))
        self.assertEqual(plan.state, "completed")
        self.post(f"{url}/rate", rating="5", body="Thank you")
        self.env.invalidate_all()
        self.assertEqual(plan.debtor_rating, "5")
