"""Guarantees are entered and confirmed in two windows at the same time: four eyes see what counts."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common.two_transactions import TwoTransactions

MANAGER = "payment_plan_recovery.group_recovery_manager"


@tagged("post_install", "-at_install")
class TestGuaranteeTwoTransactions(TwoTransactions):
    def commit_story(self, env):
        """A debtor, two managers, and how much one of them may secure alone."""
        debtor = self.note(env["res.partner"].create({"name": "Secured", "is_company": True}))
        card = env["recovery.scorecard"]._for_debtor(debtor, env.company)
        self.debtor_id = debtor.id
        self.ceiling = card._ceiling("approval_ceiling", env.company)
        self.user_ids = [
            new_test_user(env, f"secures_{name}", groups=MANAGER, company_id=env.company.id).id
            for name in ("one", "other")
        ]

    def take_away(self, cr):
        cr.execute("DELETE FROM recovery_guarantee WHERE partner_id = %s", [self.debtor_id])
        super().take_away(cr)
        cr.execute(
            "WITH gone AS (DELETE FROM res_users WHERE id = ANY(%s) RETURNING partner_id)"
            " SELECT partner_id FROM gone",
            [self.user_ids],
        )
        people = [partner for (partner,) in cr.fetchall()]
        cr.execute("DELETE FROM res_partner WHERE id = ANY(%s)", [people])

    def guarantees(self, env, person=0):
        return env["recovery.guarantee"].with_user(self.user_ids[person])

    def enter(self, amount):
        def create(env):
            self.guarantees(env).create({"partner_id": self.debtor_id, "kind": "deposit", "amount": amount})
            env.flush_all()

        return create

    def entered(self):
        found = self.transaction()["recovery.guarantee"].search(
            [("partner_id", "=", self.debtor_id)], order="id"
        )
        return [(each.amount, each.is_counted) for each in found]

    def beyond(self):
        """A guarantee above the ceiling, entered by the first and committed; its id."""
        env = self.transaction()
        self.enter(self.ceiling + 1)(env)
        env.cr.commit()
        return env["recovery.guarantee"].search([("partner_id", "=", self.debtor_id)]).id

    def confirm(self, guarantee):
        return lambda env: self.guarantees(env, 1).browse(guarantee).action_confirm()

    def test_what_one_person_enters_in_two_windows_counts_together(self):
        part = round(self.ceiling * 0.6, 2)
        self.assertIsNone(self.at_the_same_time(self.enter(part), self.enter(part)))
        self.assertEqual(self.entered(), [(part, True), (part, False)])

    def test_one_is_confirmed_once(self):
        guarantee = self.beyond()
        error = self.at_the_same_time(self.confirm(guarantee), self.confirm(guarantee))
        self.assertIsInstance(error, UserError)
        self.assertIn("counts already", str(error))

    def test_what_is_raised_while_it_is_confirmed_waits_again(self):
        guarantee = self.beyond()

        def raise_it(env):
            self.guarantees(env).browse(guarantee).amount = self.ceiling * 9
            env.flush_all()

        self.assertIsNone(self.at_the_same_time(self.confirm(guarantee), raise_it))
        self.assertEqual(self.entered(), [(self.ceiling * 9, False)])
