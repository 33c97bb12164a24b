"""What records without a name of their own are called: in words, never by the value that is kept."""

from datetime import date

from odoo.tests import TransactionCase, tagged
from odoo.tools import format_date

DAY = date(2026, 11, 30)


@tagged("post_install", "-at_install")
class TestRecordNames(TransactionCase):
    def test_a_record_is_called_by_words(self):
        """A choice by its label, a day as people write it, in the reader's language."""
        self.env["res.lang"]._activate_lang("fr_FR")
        env = self.env(context={"lang": "fr_FR"})
        called = set()
        for name, model in sorted(env.registry.items()):
            field = model._fields.get(model._rec_name) if name.startswith("recovery.") else None
            if field is None or model._abstract or field.type not in ("selection", "date"):
                continue
            called.add(name)
            with self.subTest(name):
                if field.type == "date":
                    value, words = DAY, format_date(env, DAY)
                else:
                    value, words = field._description_selection(env)[0]
                record = env[name].new(
                    {field.name: value, "date": DAY} if "date" in model._fields else {field.name: value}
                )
                record[field.name] = value
                self.assertIn(words, record.display_name)
        self.assertIn("recovery.limitation.event", called)

    def test_annual_accounts_are_called_by_their_day(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        debtor = self.env["res.partner"].create({"name": "Mill", "is_company": True})
        accounts = self.env["recovery.financial.statement"].create({"partner_id": debtor.id, "date_end": DAY})
        self.assertEqual(accounts.with_context(lang="fr_FR").display_name, "Mill 30/11/2026")

    def test_a_choice_that_another_model_declares_is_read_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        env = self.env(context={"lang": "fr_FR"})
        told, declared = (
            env[name]._fields[field]._description_selection(env)
            for name, field in (("recovery.claim", "hold_kind"), ("recovery.hold", "kind"))
        )
        self.assertEqual(told, declared)
        self.assertIn("Litige", dict(told).values())
