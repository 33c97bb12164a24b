"""What is kept of acts and jobs is French in a French company, whoever acts in English: each method, each job.

Histories, things to do and every text that our records keep are searched for English of ours.
"""

import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

from due import TODAY, DueWorld
from english import English
from faults import FAULTS
from freezegun import freeze_time
from methods import METHODS
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, html2plaintext, mute_logger
from samples import ARGUMENTS

#: Odoo's tables of what is told, with their texts.
TOLD = {"mail.message": ("body", "subject"), "mail.activity": ("summary", "note")}
#: What goes to one person is in that person's language.
PERSONAL = SQL("message_type <> 'user_notification'")
#: Texts that are no words to colleagues, and why.
OTHERWISE = {
    ("recovery.interest.rate", "source"): "shipped, as its publisher is called",
    ("recovery.scorecard.answer", "value"): "as the card compares it",
}
#: Words of the world itself that are words of ours too.
WORDS = {"Settled", "Court fee", "Mandate"}


@tagged("post_install", "-at_install")
class TestHistoryWords(DueWorld):
    @classmethod
    def fill(cls, company):
        company.partner_id.lang = "fr_FR"
        super().fill(company)

    @classmethod
    def make_debtor(cls, env, company):
        debtor = super().make_debtor(env, company)
        debtor.lang = "fr_FR"
        return debtor

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What goes to one person alone is in that person's language.
        cls.env["res.users"].with_context(active_test=False).search([]).lang = "fr_FR"
        cls.english = English()
        cls.texts = [
            (model._name, field.name)
            for model in map(cls.env.__getitem__, cls.env.registry)
            if model._name.startswith("recovery.") and model._auto and not model._transient
            for field in model._fields.values()
            if field.store
            and field.column_type
            and field.type in ("char", "text", "html")
            and not field.translate
        ] + [(model, field) for model, names in TOLD.items() for field in names]

    def kept(self):
        """Return {(model, field): the texts kept there}."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        found = {}
        for model, field in self.texts:
            table, column = SQL.identifier(self.env[model]._table), SQL.identifier(field)
            asked = PERSONAL if model == "mail.message" else SQL("TRUE")
            rows = self.env.execute_query(
                SQL("SELECT DISTINCT %s FROM %s WHERE %s > '' AND %s", column, table, column, asked)
            )
            found[model, field] = {text for (text,) in rows}
        return found

    def english_in(self, kept, before):
        """Return what is English of ours among the texts that were not there ``before``."""
        wrong = set()
        for place, texts in kept.items():
            if place not in OTHERWISE:
                words = [" ".join(html2plaintext(text).split()) for text in texts - before.get(place, set())]
                wrong |= {(*place, one) for one in self.english.told(words) if one not in WORDS}
        return wrong

    def test_what_the_world_keeps(self):
        """One of everything was made in it, by somebody who works in English."""
        self.assertFalse(self.english_in(self.kept(), {}))

    def test_what_every_method_keeps(self):
        before = self.kept()
        act = self.env(
            user=self.users["manager"], context={"lang": "en_US", "allowed_company_ids": self.company.ids}
        )
        wrong, done = set(), 0
        for model, methods in METHODS.items():
            for method in methods:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint() as savepoint:
                    try:
                        records = act[model].browse(self.sample(model, self.company).ids)
                        getattr(records, method)(*ARGUMENTS.get((model, method), []))
                        wrong |= {(model, method, *one) for one in self.english_in(self.kept(), before)}
                        done += 1
                    except (AccessError, UserError, ValueError, TypeError):
                        pass
                    savepoint.rollback()
                self.env.invalidate_all()
        self.assertGreater(done, 50)
        self.assertFalse(wrong)

    def check_story(self, *acts):
        """Do ``acts`` one after the other, in English; nothing that is kept of them is English."""
        before = self.kept()
        for number, act in enumerate(acts):
            act()
            self.assertFalse(self.english_in(self.kept(), before), f"act {number}")

    def acting(self, records):
        """Return ``records`` of a manager who works in English."""
        return records.with_user(self.users["manager"]).with_context(lang="en_US")

    def owed(self):
        """Return a debtor who speaks French and its item."""
        self.debtor.lang = "fr_FR"
        return self.debtor, self.item(self.invoice(300))

    def test_waivers(self):
        _debtor, item = self.owed()
        item._recovery_accrue(TODAY)
        charge = self.acting(self.env["recovery.charge"].search([("move_line_id", "=", item.id)]))[:1]
        self.check_story(lambda: charge.action_waive("Geste"), charge.action_restore)
        self.check_story(
            lambda: charge._ask_waiver({charge: charge.amount}, "Geste"), charge.action_refuse_waiver
        )

    def test_a_plan_that_is_refused(self):
        _debtor, item = self.owed()
        self.policy.count_max = 2
        plan = self.acting(self.plan(item.move_id).with_user(self.users["collector"]))
        plan.with_user(self.users["collector"]).action_propose()
        self.check_story(lambda: plan.action_refuse("Trop long"))

    def test_a_plan_from_payment_to_renegotiation(self):
        debtor, item = self.owed()
        plan = self.acting(self.active_plan(item.move_id))
        self.check_story(
            lambda: self.receive(item.with_context(lang="en_US"), 250),
            lambda: plan.action_renegotiate("Saison creuse"),
        )
        into = self.act["res.partner"].create({"name": "Martin SARL", "is_company": True, "lang": "fr_FR"})
        merge = self.act["base.partner.merge.automatic.wizard"].with_context(lang="en_US")
        self.check_story(lambda: merge._merge((debtor + into).ids, into))

    def test_an_insolvency(self):
        debtor, item = self.owed()
        self.active_plan(item.move_id)
        cases = self.acting(self.env["recovery.case"])
        self.check_story(lambda: cases._publish(debtor, self.company, date(2026, 2, 20)))

    def test_a_rule_of_credit_that_informs(self):
        debtor, item = self.owed()
        debtor.with_company(self.company).write({"use_partner_credit_limit": True, "credit_limit": 100})
        self.act["recovery.credit.rule"].search([]).active = False
        self.act["recovery.credit.rule"].create({"trigger": "over_limit", "action": "inform"})
        draft = item.move_id.copy({"invoice_date": TODAY})
        self.check_story(lambda: draft.with_context(lang="en_US").action_post())
        self.assertIn("·", draft.message_ids[0].body)


def _add_tests():
    for name in FAULTS:

        def test(self, name=name):
            before = self.kept()
            with freeze_time("2026-03-16 09:00:00"), self.enter_registry_test_mode():
                self.env.ref(f"payment_plan_recovery.{name}").sudo().with_context(
                    lang="en_US"
                ).method_direct_trigger()
            self.env.invalidate_all()
            self.assertFalse(self.english_in(self.kept(), before))

        setattr(TestHistoryWords, f"test_{name}", test)


_add_tests()
