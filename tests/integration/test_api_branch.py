"""The calls of docs/api.md by a program that works for a branch alone, in French."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from called import GROUPS, Calls
from odoo.addons.payment_plan_recovery.tests.plan.plan_branch_common import PlanBranchCommon
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestApiBranch(Calls, PlanBranchCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.declare_policy()
        cls.env["res.lang"]._activate_lang("fr_FR")

    @classmethod
    def setup_independent_company(cls, **kwargs):
        return super().setup_independent_company(currency_id=cls.env.ref("base.EUR").id, **kwargs)

    def test_the_page_is_true_in_a_branch_and_in_french(self):
        """The same calls and figures; only words for people are others. What other branches are owed is not told."""
        self.debtor = self.debtor.copy({"name": "Of the north"})
        bank = self.env["account.journal"].sudo()
        bank = bank.create({"name": "Bank", "code": "BNO", "type": "bank", "company_id": self.north.id})
        # without one Odoo asks the chart of the company above, where the program may not look
        bank.inbound_payment_method_line_ids.payment_account_id = bank.default_account_id
        known = self.known(bank, company_id=self.north.id, partner_id=self.debtor.id)
        elsewhere = self.invoice(70, company_id=self.south.id, partner_id=self.debtor.id)
        program = self.worker("program_north", self.north, GROUPS)
        key, context = self.key(program), {"lang": "fr_FR", "allowed_company_ids": self.north.ids}
        self.go_through(known, key, without_words, context=context)
        body = {"ids": [known["debtor"]], "context": context}
        [answer] = self.post("/json/2/res.partner/recovery_explain", body, key).json()
        self.assertNotIn(elsewhere.name, str(answer))
        words = [claim["explanation"] for claim in answer["claims"]]
        self.assertEqual(len(words), 1)
        self.assertRegex(words[0], "^(Couvert|Rien|Suspen|Paiement|Réglé|À relancer)")


def without_words(answer):
    """As the page says, but for the words."""
    if isinstance(answer, list):
        return [without_words(each) for each in answer]
    if isinstance(answer, dict):
        return {name: without_words(value) for name, value in answer.items() if name != "explanation"}
    return answer
