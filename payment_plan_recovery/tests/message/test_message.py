"""Words in braces: known ones are replaced, unknown ones refused, a debtor's text stays text."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..notice.notice_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestMessage(NoticeCommon):
    def render(self, field, **debtor):
        notice = self.notify(self.make_debtor(**debtor), amount=1234.5)
        return self.message._render(field, notice._contents()[notice.id])

    def test_unknown_word_is_refused_with_the_known_ones(self):
        with self.assertRaisesRegex(ValidationError, r"\{debtr\}.*\{debtor\}"):
            self.message.body = "<p>Dear {debtr}</p>"

    def test_word_broken_by_a_tag_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Nothing is known"):
            self.message.body = "<p>Dear {deb<b>tor</b>}</p>"

    def test_unknown_word_in_a_translation_is_refused(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        with self.assertRaisesRegex(ValidationError, r"\{montant\}"):
            self.message.update_field_translations("subject", {"fr_FR": "Payez {montant}"})

    def test_table_does_not_fit_a_subject(self):
        with self.assertRaisesRegex(ValidationError, "single line"):
            self.message.subject = "Pay {claims}"

    def test_word_in_a_link_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "not in a link"):
            self.message.body = '<p><a href="https://example.com/{debtor}">pay</a></p>'

    def test_money_as_the_language_writes_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.assertEqual(self.render("subject", lang="fr_FR"), "Pay 1\xa0234,50\xa0€")

    def test_no_day_is_taken_for_a_month(self):
        """A firm in London would pay by 01/06/2026 in June; where the month is written first, it reads so."""
        self.message.subject = "Pay by {deadline}, due on {due_date}"
        told = {
            code: self.render("subject", country_id=self.env.ref(f"base.{code}").id)
            for code in ("uk", "us", "ph", "ca", "gh")
        }
        told["fr"] = self.render("subject", country_id=self.env.ref("base.fr").id)
        told[""] = self.render("subject")
        figures = r"Pay by \d\d/\d\d/\d{4}, due on \d\d/\d\d/\d{4}"
        named = r"Pay by [A-Z][a-z]{2} \d+, \d{4}, due on [A-Z][a-z]{2} \d+, \d{4}"
        told_as = {
            "uk": named,
            "fr": named,
            "ca": named,
            "gh": named,
            "us": figures,
            "ph": figures,
            "": figures,
        }
        for country, way in told_as.items():
            with self.subTest(country):
                self.assertRegex(told[country], f"^{way}$")

    def test_table_of_a_mail_fits_a_telephone(self):
        """Three columns, whatever was received: who looks at a fourth has to push the mail aside."""
        notice = self.notify(self.make_debtor(), amount=100.0)
        self.pay(notice.line_ids.move_line_id.move_id, 25.0)
        table = notice._contents()[notice.id].claims_table()
        self.assertEqual(table.count("<th "), 3)
        self.assertRegex(table, r"amount: 100.00\W+€, received:\s+25.00\W+€")

    def test_debtor_text_is_escaped(self):
        body = self.render("body", name='<script>alert("1")</script>')
        self.assertNotIn("<script", body)
        self.assertIn("&lt;script&gt;", body)

    def test_debtor_text_stays_on_one_line(self):
        self.message.subject = "For {debtor}"
        subject = self.render("subject", name="Ab\r\nBcc: x@example.com \u202e cba")
        self.assertEqual(subject, "For Ab Bcc: x@example.com cba")

    def test_braces_in_a_name_are_no_placeholder(self):
        self.assertIn("Dear {total}", self.render("body", name="{total}"))

    def test_first_message_that_fits(self):
        other = self.message.copy({"sequence": 1, "debtor_domain": "[('is_company', '=', False)]"})
        person, firm = self.make_debtor(), self.make_debtor(is_company=True)
        self.assertEqual(
            self.level.message_ids._for_debtors(person + firm), {person.id: other, firm.id: self.message}
        )

    def test_a_noun_agrees_with_its_number(self):
        """Whatever the language, also where a text was written by hand: "{days_late} days" says one day of one."""
        self.env["res.lang"]._activate_lang("fr_FR")
        module = self.env["ir.module.module"].search([("name", "=", "payment_plan_recovery")])
        module._update_translations(["fr_FR"])
        self.message.body = "<p>{days_late} days, { days_late }&nbsp;days ago</p>"
        self.message.subject = "{invoice_count} invoices, {invoice_count} daysy, {days_late} days"
        self.message.with_context(lang="fr_FR").subject = "{days_late}\xa0jours, {invoice_count} factures"
        self.level.delay_days = 1
        notices = self.notify(self.make_debtor(), self.make_debtor(lang="fr_FR"), on=1)
        contents = notices._contents().values()
        told = {content.env.lang: self.message._render("subject", content) for content in contents}
        self.assertEqual(told, {"en_US": "1 invoice, 1 daysy, 1 day", "fr_FR": "1\xa0jour, 1 facture"})
        english = next(content for content in contents if content.env.lang == "en_US")
        self.assertEqual(self.message._render("body", english), "<p>1 day, 1&nbsp;day ago</p>")

    def test_every_shipped_text_renders(self):
        notice = self.notify(self.make_debtor())
        content = notice._contents()[notice.id]
        texts = self.env["recovery.message"].search([("level_id.policy_id", "!=", self.policy.id)])
        self.assertTrue(texts)
        for message in texts:
            for name in message._worded_fields:
                self.assertNotIn("{", str(message._render(name, content)), (message.name, name))
