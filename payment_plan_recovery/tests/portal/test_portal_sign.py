"""Signing online, over HTTP: what is shown is what is signed, by whom it says, and evidence of it is kept."""

import base64
import hashlib
import io
from datetime import datetime, time, timedelta

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from PIL import Image

from .portal_sign_common import DOT, SignCommon


@tagged("post_install", "-at_install")
class TestPortalSign(SignCommon):
    # -- a company -------------------------------------------------------------------------

    def test_what_was_shown_is_signed_with_evidence_of_it(self):
        shown = self.begin()
        page = self.url_open(f"{self.url}/sign").text
        pdf = self.url_open(f"{self.url}/sign/document").content
        self.assertEqual(hashlib.sha256(pdf).hexdigest(), shown.document_sha256)
        self.assertIn(shown.document_sha256, page)
        self.assertNotIn("martin@example.com", page, "an address is masked")
        self.confirm(self.code())
        self.assertTrue(self.finish().get("force_refresh"))
        self.assertEqual((self.offer.state, self.offer.acceptance_method), ("accepted", "portal"))
        self.assertEqual(self.offer.signed_by, "Anne Martin, Manager")
        self.assertRecordValues(
            shown,
            [{"state": "signed", "name": "Anne Martin", "capacity": "Manager", "ip_address": "127.0.0.1"}],
        )
        self.assertIn("python-requests", shown.user_agent)
        self.assertIn("…@example.com", shown.code_address)
        self.assertIn(shown.document_sha256, shown.consent)
        self.assertTrue(shown.signed_at and shown.confirmed_at and shown.link_id)

    def test_the_company_signs_and_both_get_the_agreement(self):
        self.signed()
        self.assertIn("Sign the agreement", self.offer.activity_ids.mapped("summary")[0])
        self.assertTrue(self.offer.is_to_countersign)
        self.offer.action_countersign()
        self.assertEqual(self.offer.state, "active")
        self.assertEqual(
            self.offer.signature_ids.filtered(lambda one: one.party == "creditor").user_id, self.env.user
        )
        document = self.offer.signed_document_id.sudo()
        self.assertEqual(self.offer.signed_sha256, hashlib.sha256(document.raw).hexdigest())
        mails = self.env["mail.message"].search(
            [("model", "=", "recovery.plan"), ("res_id", "=", self.offer.id), ("attachment_ids", "!=", False)]
        )
        self.assertIn(self.debtor, mails.partner_ids)
        self.assertIn(self.offer.user_id.partner_id, mails.notified_partner_ids, "who signed, too")
        self.assertEqual({file.raw for file in mails.attachment_ids}, {document.raw})
        self.assertEqual(self.url_open(f"{self.url}/signed").content, document.raw)
        for change in (lambda: document.write({"raw": b"other"}), document.unlink):
            with self.refused("kept as it is"):
                change()
        with self.assertRaises(UserError):
            self.offer.signature_ids[0].sudo().unlink()

    def test_whom_the_company_named_signs_at_once(self):
        self.company.recovery_portal_signatory_id = self.env.user
        self.assertNotIn("error", self.signed())
        self.assertEqual(self.offer.state, "active")
        self.assertTrue(self.offer.signed_document_id)

    def test_nobody_signs_in_the_name_of_who_has_left(self):
        left = new_test_user(self.env, "left", company_id=self.company.id)
        self.company.recovery_portal_signatory_id = self.offer.user_id = left
        left.sudo().active = False
        self.assertNotIn("error", self.signed())
        self.assertEqual(self.offer.state, "accepted")
        self.assertTrue(self.offer.activity_ids.user_id.active, "somebody who is there is asked")

    def test_the_certificate_says_who_when_and_how(self):
        self.company.recovery_portal_signatory_id = self.env.user
        self.company.partner_id.tz = "Asia/Tokyo"
        self.signed()
        self.offer.signature_ids.sudo().signed_at = datetime(2026, 3, 4, 20, 15)
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "payment_plan_recovery.report_signatures", self.offer.ids
        )
        words = page.decode()
        for part in (
            "Anne Martin, Manager",
            "127.0.0.1",
            "python-requests",
            "Asia/Tokyo",
            "03/05/2026",
            self.offer.signature_ids[-1].document_sha256,
        ):
            self.assertIn(part, words)

    # -- refused ---------------------------------------------------------------------------

    def test_terms_that_changed_after_showing_are_not_signed(self):
        self.begin()
        self.confirm(self.code())
        self.offer.action_draft()
        self.offer.instalment_count = 2
        self.offer.generate_instalments()
        self.offer.action_propose()
        self.assertIn("has changed", self.finish()["error"])
        self.assertEqual(self.offer.state, "proposed")

    def test_a_payment_after_showing_changes_the_terms(self):
        self.begin()
        self.confirm(self.code())
        self.pay(self.bill, 50, self.today)
        self.assertIn("error", self.finish())
        self.assertEqual(self.offer.state, "proposed")

    def test_codes_are_needed_tried_a_few_times_and_sent_to_known_addresses(self):
        self.company.name = "Cabot <b>& Sons</b>"
        shown = self.begin()
        self.confirm("000000")
        self.assertEqual(shown.state, "shown", "no code was sent")
        self.post(f"{self.url}/sign/code", address="email-1")
        self.assertFalse(shown.code_sent_at)
        code = self.code()
        self.assertTrue(self.env["mail.mail"].search([("body_html", "like", "Cabot &lt;b&gt;&amp;")]))
        wrong = f"{(int(code) + 1) % 10**6:06}"
        for _attempt in range(7):
            self.assertIn("wrong or too old", self.confirm(wrong).text)
        self.confirm(code)
        self.env.invalidate_all()
        self.assertEqual(shown.state, "shown", "too many were tried")

    def test_no_code_goes_to_an_address_that_came_after_the_offer(self):
        self.offer.sudo().proposed_at -= timedelta(days=1)
        late = self.env["res.partner"].create(
            {"name": "New", "parent_id": self.debtor.id, "type": "invoice", "email": "new@example.com"}
        )
        shown = self.begin()
        self.assertNotIn(late, [contact for contact, *_way in shown._addresses().values()])
        known = self.debtor._recovery_addressees() - late
        self.debtor.write({"email": "other@example.com", "phone": False})
        self.env.flush_all()
        self.env.cr.precommit.run()  # what was changed is tracked
        for contact in (self.debtor, late):
            self.post(f"{self.url}/sign/code", address=f"email-{contact.id}")
        self.env.invalidate_all()
        self.assertFalse(shown.code_sent_at)
        if not known - self.debtor:
            self.assertIn("from before this offer", self.url_open(f"{self.url}/sign").text)
        self.offer.action_draft()
        self.offer.action_propose()
        shown = self.begin()
        self.assertIn(f"email-{late.id}", shown._addresses(), "the offer is made to whom is known by now")

    def test_midnight_between_reading_and_signing_changes_nothing(self):
        self.env.company.partner_id.tz = "Europe/Paris"
        day = datetime.combine(self.today, time(22, 58))
        with freeze_time(day):
            self.begin()
            self.confirm(self.code())
        with freeze_time(day + timedelta(minutes=4)):
            self.assertNotIn("error", self.finish())
        self.assertEqual(self.offer.state, "accepted")

    def test_two_windows_sign_once(self):
        self.begin()
        first = self.code()
        self.begin()
        self.assertIn("wrong or too old", self.confirm(first).text, "of the document in the other window")
        self.assertIn("error", self.finish())
        self.confirm(self.code())
        self.assertNotIn("error", self.finish())
        self.assertIn("error", self.finish())
        self.env.invalidate_all()
        states = self.offer.signature_ids.mapped("state")
        self.assertEqual((sorted(states), self.offer.state), (["shown", "signed"], "accepted"))

    def test_no_step_is_left_out(self):
        self.assertIn("error", self.finish(), "nothing was shown")
        self.assertIn("no longer open here", self.confirm("123456").text)
        self.begin()
        self.assertIn("consent", self.finish()["error"], "no code was typed")
        code = self.code()
        self.assertIn("Tick", self.confirm(code, consent="").text)
        self.assertIn("Write your name", self.confirm(code, name=" ").text)
        self.assertIn("error", self.finish())
        self.confirm(code)
        self.assertNotIn("error", self.finish())

    def test_an_offer_that_was_taken_back_or_made_anew_is_read_again(self):
        self.begin()
        self.confirm(self.code())
        self.offer.action_draft()
        self.assertIn("error", self.finish())
        self.assertEqual(self.url_open(f"{self.url}/sign").status_code, 404)
        self.offer.action_propose()
        self.debtor.street = "2 rue du Moulin"
        self.assertIn("has changed", self.finish()["error"])

    def test_a_code_is_good_for_one_consent(self):
        shown = self.begin()
        code = self.code()
        self.confirm(code)
        self.assertIn("wrong or too old", self.confirm(code, name="Somebody Else").text)
        self.env.invalidate_all()
        self.assertEqual(shown.name, "Anne Martin")

    def test_what_is_no_picture_signs_nothing(self):
        self.begin()
        self.confirm(self.code())
        page = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
        huge = io.BytesIO()
        Image.new("1", (20_000, 20_000)).save(huge, "PNG")
        self.assertLess(len(huge.getvalue()), 1_000_000, "a small file")
        empty = []
        for mode, colour, kind in (("RGBA", (0, 0, 0, 0), "PNG"), ("RGB", "white", "JPEG"), ("1", 1, "PNG")):
            sheet = io.BytesIO()
            Image.new(mode, (300, 100), colour).save(sheet, kind)
            empty.append(base64.b64encode(sheet.getvalue()).decode())
        for no_picture in (
            "not base64",
            base64.b64encode(b"hello").decode(),
            page,
            base64.b64encode(base64.b64decode(DOT)[:30]).decode(),
            base64.b64encode(huge.getvalue()).decode(),
            {"a": 1},
            5,
            "A" * 3_000_000,
            *empty,
        ):
            with self.subTest(str(no_picture)[:20]):
                self.assertIn("Draw or type", self.finish(no_picture)["error"])
        self.assertEqual(self.offer.state, "proposed")

    def test_nobody_goes_on_with_what_another_was_shown(self):
        self.begin()
        self.confirm(self.code())
        self.authenticate(None, None)  # another browser
        self.assertIn("error", self.finish())
        self.assertEqual(self.offer.state, "proposed")

    def test_who_goes_back_after_signing_is_told_and_signs_nothing_twice(self):
        self.signed()
        for step, words in (("/sign/confirm", {"one_time_code": "1"}), ("/sign/code", {"address": "x"})):
            answer = self.post(f"{self.url}{step}", **words)
            self.assertIn("no longer open here", answer.text)
            self.assertIn(self.offer.name, answer.text, "on the plan's page, not nowhere")
        self.assertIn("no longer open", self.post(f"{self.url}/sign").text)
        self.assertIn("no longer open", self.post(f"{self.url}/refuse", reason="After all").text)
        self.env.invalidate_all()
        self.assertEqual((self.offer.state, len(self.offer.signature_ids)), ("accepted", 1))

    def test_another_offer_in_another_window_is_told_apart(self):
        other = self.plan(self.late_invoice(90))
        other.action_propose()
        self.begin()
        self.post(f"{self.link()._path()}/plans/{other.id}/sign")
        self.assertIn("begin to sign again", self.confirm("123456").text)

    def test_an_offer_that_is_refused_by_its_own_link_says_so(self):
        self.url = self.link(plan=self.offer)._path() + f"/plans/{self.offer.id}"
        self.env["res.lang"]._activate_lang("fr_FR")
        self.debtor.lang = "fr_FR"
        page = self.post(f"{self.url}/refuse", reason="Trop")
        self.assertIn("done=refused", page.url)
        self.assertIn(
            '<html lang="fr-FR"', page.text, "in the language of the page before, not the browser's"
        )
        self.assertEqual(self.offer.state, "draft")
        self.assertEqual(self.url_open(self.url).status_code, 404, "the link shows no draft")

    def test_an_offer_is_refused_with_a_reason(self):
        self.assertIn("Say why", self.post(f"{self.url}/refuse", reason=" ").text)
        self.assertEqual(self.offer.state, "proposed")
        self.post(f"{self.url}/refuse", reason="Too much each month")
        self.assertEqual(self.offer.state, "draft")
        contact = self.env["recovery.contact"].search([("partner_id", "=", self.debtor.id)])
        self.assertIn("Too much each month", contact.outcome)
        self.assertEqual((contact.channel, contact.is_incoming), ("portal", True))

    # -- a natural person ------------------------------------------------------------------

    def test_a_person_types_the_sum_in_figures_and_words(self):
        self.debtor.write({"is_company": False, "lang": "fr_FR"})
        self.env["res.lang"]._activate_lang("fr_FR")
        shown = self.begin()
        words = shown._asked_words()
        self.assertIn("trois cents", words)
        code = self.code()
        self.confirm(code, figures="30,00", words=words)
        self.confirm(code, figures="300,00", words="deux cents euros")
        self.assertEqual(shown.state, "shown")
        self.confirm(code, figures="300,00 $", words=words.upper().replace("-", " "))
        self.env.invalidate_all()
        self.assertEqual(shown.state, "confirmed")
        self.assertIn("300,00", shown.mention)
        # beside step 4 stands what became of the others
        self.assertRegex(self.url_open(f"{self.url}/sign").text, r">2\. .* 3\. .* Anne Martin")

    # -- choosing --------------------------------------------------------------------------

    def test_a_debtor_chooses_within_policy(self):
        self.policy.write({"count_max": 4})
        draft = self.plan(self.late_invoice(900), instalment_count=6)
        draft.action_compare_options()
        draft.sudo().recovery_portal_choice = True
        url = f"{self.link()._path()}/plans/{draft.id}"
        offered = draft._portal_options()
        outside = draft.option_ids - offered
        self.assertTrue(offered)
        self.assertFalse(any(offered.mapped("exceptions")))
        self.assertIn("Choose how to pay", self.url_open(url).text)
        for option in outside:
            self.post(f"{url}/choose", option=option.id)
        self.assertEqual(draft.state, "draft")
        self.post(f"{url}/choose", option=offered[0].id)
        self.assertEqual((draft.state, len(draft.instalment_ids)), ("proposed", offered[0].instalment_count))

    def test_the_picture_is_kept(self):
        self.signed()
        self.assertEqual(base64.b64decode(self.offer.signature), base64.b64decode(DOT))
