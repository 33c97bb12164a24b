"""Solvency checks: computed, reviewed, decided, contested."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .check_common import CheckCommon
from .solvency_common import MANAGER, ago


@tagged("post_install", "-at_install")
class TestCheck(CheckCommon):
    def test_a_good_payer(self):
        self.good_payer(self.debtor)
        check = self.computed(self.debtor)
        self.assertEqual(
            (check.state, check.class_id, check.scorecard_id), ("review", self.class_a, self.card)
        )
        late = self.line(check, "Days late on average")
        self.assertEqual((late.value_text, late.points, late.reason), ("0", 100, "Below 1"))
        self.assertEqual(
            self.line(check, "Current ratio").reason, "Not known: its weight is left to the others"
        )
        self.assertEqual(self.line(check, "Equity ratio (2 years)").points, 40)
        self.assertAlmostEqual(sum(check.line_ids.mapped("weighted_points")), check.score, delta=0.1)
        self.assertAlmostEqual(sum(check.line_ids.mapped("share")), 100, delta=0.5)
        # 6,000 in 11 months of relation: 545.45 a month, three of them, rounded down.
        self.assertEqual(check.limit_computed, 1500)
        self.assertEqual(
            {line.kind: line.amount for line in check.limit_line_ids},
            {"class_cap": 100000, "purchase_months": 1636.35},
        )

    def test_a_bad_payer_gets_no_credit(self):
        self.bad_payer(self.debtor)
        check = self.computed(self.debtor)
        self.assertEqual((check.class_id, check.limit_granted), (self.class_e, 0))

    def test_what_is_written_on_the_debtor(self):
        term = self.env["account.payment.term"].create({"name": "Two weeks"})
        self.class_a.payment_term_id = term
        self.good_payer(self.debtor)
        check = self.computed(self.debtor)
        self.assertFalse(self.debtor.recovery_risk_class)
        check.action_approve()
        self.assertEqual(
            (self.debtor.credit_limit, self.debtor.trust, self.debtor.recovery_risk_class),
            (1500, "good", self.class_a),
        )
        self.assertEqual(self.debtor.property_payment_term_id, term)
        self.assertEqual(self.debtor.recovery_check_until, check.date_until)
        self.assertEqual((check.approver_id, str(check.date_until)), (self.collector, "2027-03-01"))
        self.assertEqual(self.debtor.recovery_check_id, check)
        other = self.make_company("Other creditor")
        self.assertFalse(self.debtor.with_company(other).recovery_risk_class)

    def test_a_later_decision_replaces_the_earlier_one(self):
        first, second = self.computed(self.debtor), self.computed(self.debtor)
        first.action_approve()
        second.action_approve()
        self.assertEqual((first.state, second.state), ("superseded", "approved"))

    def test_the_scores_of_decided_checks_are_charted_oldest_first(self):
        for days, state in ((400, "superseded"), (30, "approved"), (1, "draft"), (2, "cancelled")):
            check = self.make_check(self.debtor, date=ago(days))
            check.sudo().write({"score": days / 10, "state": state})
        [chart] = json.loads(self.debtor.recovery_score_graph)
        self.assertEqual([bar["value"] for bar in chart["values"]], [40, 3])

    def test_an_override_needs_a_reason(self):
        check = self.computed(self.debtor)
        check.limit_granted = 700
        self.assertTrue(check.is_overridden)
        with self.assertRaisesRegex(UserError, "Reason of the override"):
            check.action_approve()
        check.override_reason = "Order book seen"
        check.action_approve()
        self.assertEqual(self.debtor.credit_limit, 700)

    def test_refused_means_no_limit(self):
        check = self.computed(self.debtor)
        check.write({"class_id": self.class_e.id, "override_reason": "Press reports"})
        with self.assertRaisesRegex(UserError, "gets no credit"):
            check.action_approve()
        check.limit_granted = -1
        with self.assertRaisesRegex(UserError, "negative"):
            check.action_approve()

    def test_the_ceiling_on_both_sides(self):
        for limit, state in ((50000, "approved"), (50000.01, "to_approve")):
            check = self.computed(self.make_debtor())
            check.write({"limit_granted": limit, "override_reason": "Framework contract"})
            check.action_approve()
            self.assertEqual(check.state, state)

    def test_above_the_ceiling_somebody_else_approves(self):
        check = self.computed(self.debtor, user=self.manager)
        check.write({"limit_granted": 60000, "override_reason": "Framework contract"})
        check.action_approve()
        self.assertEqual((check.state, check.reviewer_id), ("to_approve", self.manager))
        self.assertFalse(self.debtor.credit_limit)
        with self.assertRaisesRegex(UserError, "somebody else"):
            check.action_approve()
        with self.assertRaises(AccessError):
            check.with_user(self.collector).action_approve()
        check.with_user(self.other_manager).action_approve()
        self.assertEqual((check.state, self.debtor.credit_limit), ("approved", 60000))

    def test_a_natural_person_is_not_refused_by_score_alone(self):
        self.bad_payer(self.person)
        check = self.computed(self.person)
        self.assertEqual((check.scorecard_id, check.class_id), (self.person_card, self.class_e))
        with self.assertRaisesRegex(UserError, "score alone"):
            check.action_approve()
        check.decision_reason = "Five invoices unpaid, no answer to two calls"
        with self.assertRaisesRegex(UserError, "automatically"):
            check.with_user(self.env.ref("base.user_root")).action_approve()
        check.action_approve()
        self.assertEqual((self.person.recovery_risk_class, check.approver_id), (self.class_e, self.collector))

    def test_a_favourable_decision_on_a_person_needs_no_reason(self):
        self.good_payer(self.person)
        check = self.computed(self.person)
        check.action_approve()
        self.assertEqual(self.person.recovery_risk_class, self.class_a)

    def test_lowering_a_persons_limit_needs_a_reason_too(self):
        self.person.credit_limit = 5000
        self.good_payer(self.person)
        with self.assertRaisesRegex(UserError, "score alone"):
            self.computed(self.person).action_approve()

    def test_asked_is_a_manager_of_the_checks_company(self):
        """Managers of other companies cannot even open the check; another company's setting is its own."""
        elsewhere = self.make_company("Elsewhere")
        elsewhere.recovery_credit_user_id = self.manager
        asked = self.env["recovery.solvency.check"].with_company(elsewhere)._other_manager
        self.assertIn(self.company, asked(self.manager, self.company).company_ids)
        stranger = new_test_user(
            self.env, "solvency_stranger", groups=MANAGER, company_id=elsewhere.id, company_ids=elsewhere.ids
        )
        elsewhere.recovery_credit_user_id = False
        (self.env.ref(MANAGER).all_user_ids - stranger - self.manager).active = False
        self.assertFalse(asked(self.manager, self.company))
        self.assertEqual(asked(self.manager, elsewhere), stranger)

    def test_a_contested_decision_is_taken_again_by_somebody_else(self):
        self.bad_payer(self.person)
        check = self.computed(self.person, user=self.manager)
        check.decision_reason = "Unpaid invoices"
        check.action_approve()
        with self.assertRaisesRegex(UserError, "objects"):
            check.action_contest()
        check.contest_reason = "The goods were never delivered"
        again = self.env["recovery.solvency.check"].browse(check.action_contest()["res_id"])
        self.assertEqual((again.origin, again.contested_check_id), ("contest", check))
        self.assertNotEqual(again.user_id, self.manager)
        with self.assertRaisesRegex(UserError, "contested already"):
            check.action_contest()
        again = again.with_user(self.manager)
        again.action_compute()
        again.write(
            {
                "class_id": self.class_c.id,
                "limit_granted": 500,
                "override_reason": "Delivery not proven",
                "decision_reason": "Watch",
            }
        )
        with self.assertRaisesRegex(UserError, "Somebody else"):
            again.action_approve()
        again.with_user(self.other_manager).action_approve()
        self.assertEqual((check.state, self.person.recovery_risk_class), ("superseded", self.class_c))

    def test_the_outcome_cannot_be_written(self):
        check = self.computed(self.debtor)
        for values in (
            {"state": "approved"},
            {"score": 100},
            {"limit_computed": 10**6},
            {"approver_id": self.manager.id},
        ):
            with self.assertRaises(AccessError):
                check.write(values)
        with self.assertRaises(AccessError):
            check.line_ids[0].write({"points": 100})
        with self.assertRaises(AccessError):
            self.env["recovery.solvency.check"].with_user(self.collector).create(
                {"partner_id": self.debtor.id, "state": "approved"}
            )

    def test_a_decided_check_stays_as_it_was(self):
        check = self.computed(self.debtor)
        check.action_approve()
        for action in (check.action_compute, check.action_cancel, check.action_reset, check.unlink):
            with self.assertRaises(UserError):
                action()
        with self.assertRaises(UserError):
            check.write({"limit_granted": 5})
        check.note = "Phoned on Monday"

    def test_readers_do_not_decide(self):
        check = self.computed(self.debtor)
        reader = self.make_user("solvency_reader", "account.group_account_readonly")
        self.assertEqual(check.with_user(reader).score, check.score)
        for action in ("action_approve", "action_compute", "action_cancel", "action_reset"):
            with self.assertRaises(AccessError):
                getattr(check.with_user(reader), action)()
