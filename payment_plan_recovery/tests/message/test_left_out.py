"""Words in braces that stand for nothing leave no sentence with a hole in it."""

import re

from odoo.tests import BaseCase, tagged

from ...models.message.left_out import left_out
from ..notice.notice_common import NoticeCommon

#: What a word that stood there leaves of a sentence: a preposition before a stop, two stops, an empty pair of brackets.
HOLES = re.compile(r"\b(?:on|at|to|au|le|à)\s*(?:[.,:;)?!<]|$)|\(\s*[,)]|,\s*[,.:?)]|\s[,.]|[:,]\s*(?:$|<)")
#: What somebody may have none of.
MAY_BE_NONE = ("phone", "email", "reference", "communication", "bank", "link")
#: What languages whose words ship with the addon say.
SENTENCES = {
    "<p>Call {responsible} on {phone} before {deadline}.</p>": "<p>Call {responsible} before {deadline}.</p>",
    "<b>call {responsible} on {phone}</b> before": "<b>call {responsible}</b> before",
    "Write to {responsible} ({email}, {phone}) at once": "Write to {responsible} at once",
    "Pay by {deadline}. Questions: {phone}": "Pay by {deadline}.",
    "Pay by {deadline}? {phone}": "Pay by {deadline}?",
    "Object to its use, at {email}, and complain": "Object to its use, and complain",
    "Appelez {responsible} au\n   {phone}\xa0: nous trouverons": "Appelez {responsible}\xa0: nous trouverons",
    "Payez {total}. Pour toute question, {phone}": "Payez {total}.",
    "Vous y opposer, à l'adresse {email}, et réclamer": "Vous y opposer, et réclamer",
    "Notre contact est {responsible}, {phone}.": "Notre contact est {responsible}.",
}


@tagged("post_install", "-at_install")
class TestLeftOut(BaseCase):
    def test_sentences(self):
        for text, expected in SENTENCES.items():
            with self.subTest(text):
                self.assertEqual(left_out(text, ["phone", "email"]), expected)

    def test_one_of_two(self):
        self.assertEqual(left_out("({email}, {phone})", ["phone"]), "({email})")
        self.assertEqual(left_out("({email}, {phone})", ["email"]), "({phone})")


@tagged("post_install", "-at_install")
class TestShippedTexts(NoticeCommon):
    def texts(self, lang):
        """Yield (what it is, text) of every field with words in braces, in a language."""
        for name, model in self.env.items():
            if model._abstract or not getattr(model, "_worded_fields", ()):
                continue
            for record in model.with_context(lang=lang, active_test=False).search([]):
                for field in model._worded_fields:
                    yield f"{name} {record.display_name} {field}", str(record[field] or "")

    def test_no_hole_where_something_is_not_known(self):
        module = self.env["ir.module.module"].search([("name", "=", "payment_plan_recovery")])
        self.env["res.lang"]._activate_lang("fr_FR")
        module._update_translations(["fr_FR"])
        told = 0
        for lang in ("en_US", "fr_FR"):
            for label, text in self.texts(lang):
                for gone in (*((name,) for name in MAY_BE_NONE), MAY_BE_NONE):
                    left = left_out(text, gone)
                    told += left != text
                    self.assertLessEqual(
                        len(HOLES.findall(left)), len(HOLES.findall(text)), f"{lang} {label}: {left}"
                    )
        self.assertGreater(told, 100)

    def test_who_has_no_telephone_is_called_without_one(self):
        self.message.body = "<p>Call {responsible} on {phone} today.</p>"
        self.message.sms = "Pay {total}. Questions: {phone}"
        self.company.phone = self.env.user.partner_id.phone = False
        content = self.notify(self.make_debtor(), amount=100)
        content = content._contents()[content.id]
        body = self.message._render("body", content)
        self.assertIn(f"Call {content.name(content.responsible)} today.", body)
        self.assertEqual(self.message._render("sms", content), f"Pay {content.sums(content.to_pay)}.")
