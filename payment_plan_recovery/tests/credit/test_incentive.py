"""Incentives: earned by a plan kept or a year in time, granted by a person, told, and taken back on relapse."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..solvency.solvency_common import COLLECTOR, INVOICING, TODAY, ago
from .incentive_common import IncentiveCommon


@tagged("post_install", "-at_install")
class TestIncentive(IncentiveCommon):
    # -- earning -------------------------------------------------------------------------------

    def test_a_year_in_time_raises_the_limit(self):
        self.incentive()
        self.year_in_time()
        grant = self.proposed()
        self.assertEqual((grant.partner_id, grant.state), (self.debtor, "proposed"))
        self.assertEqual((grant.limit_before, grant.limit_after), (1000, 1200))
        self.assertIn("100", grant.reason)
        self.assertEqual(self.debtor.credit_limit, 1000, "nothing changes before a person decides")
        self.assertEqual(grant.activity_ids.user_id, self.manager)

    def test_how_it_was_earned_is_said_in_the_company_s_language(self):
        self.company.partner_id.lang = "fr_FR"
        self.incentive()
        self.year_in_time()
        self.assertIn("est arrivé à temps", self.proposed().reason)

    def test_what_is_no_year_in_time(self):
        self.incentive()
        with self.subTest("too short"):
            self.paid_invoice(self.debtor, 100, due=ago(60), paid=ago(60))
            self.assertFalse(self.proposed())
        self.year_in_time()
        with self.subTest("something is overdue"):
            late = self.invoice(self.debtor, 10, on=ago(40), due=ago(5))
            self.assertFalse(self.proposed())
            self.pay(late, 10, TODAY)
        with self.subTest("a tenth came late: under 95 percent"):
            self.paid_invoice(self.debtor, 40, due=ago(50), paid=ago(30))
            self.assertFalse(self.proposed())
        with self.subTest("enough came in time"):
            self.paid_invoice(self.debtor, 2000, due=ago(50), paid=ago(50))
            self.assertTrue(self.proposed())
        with self.subTest("what was written off late did not come in time"):
            other = self.make_debtor("Written off", limit=1000)
            self.year_in_time(other)
            given_up = self.invoice(other, 40, on=ago(60), due=ago(30))
            self.pay(given_up, 40, ago(1), by="general")
            self.assertFalse(self.proposed())

    def kept_plan(self, by="bank"):
        move = self.invoice(self.debtor, 100, on=ago(90), due=ago(60))
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": self.debtor.id,
                "date_start": ago(20),
                "instalment_count": 2,
                "item_ids": [Command.create({"move_line_id": self.item(move).id})],
            }
        )
        plan.generate_instalments()
        plan.policy_id = False
        plan.action_propose()
        plan.action_accept(signed_by="Anne Martin", date=ago(25))
        plan.action_activate()
        self.pay(move, 100, ago(1), by)
        plan.monitor(TODAY)
        self.assertEqual(plan.state, "completed")
        return plan

    def test_a_plan_kept_to_its_end_lifts_the_down_payment(self):
        self.incentive(event="plan_kept", lifts_down_payment=True)
        self.kept_plan(by="general")
        self.assertFalse(self.proposed(), "written off: it was not kept")
        plan = self.kept_plan()
        grant = self.proposed()
        self.assertIn(plan.name, grant.reason)
        policy = self.env["recovery.plan.policy"].create({"name": "Strict", "down_payment_min": 30})
        following = self.env["recovery.plan"].create({"partner_id": self.debtor.id, "policy_id": policy.id})
        offer = following._offer(1000, 0, [(TODAY, 1000)])
        self.assertTrue(policy._exceptions(offer, TODAY))
        grant.with_user(self.manager).action_grant()
        offer = following._offer(1000, 0, [(TODAY, 1000)])
        self.assertFalse(policy._exceptions(offer, TODAY))

    def test_segments_choose_who_may_earn_it(self):
        segment = self.env["recovery.segment"].create({"name": "Chosen", "sequence": 0})
        self.incentive(segment_ids=segment.ids)
        self.year_in_time()
        self.assertFalse(self.proposed())
        self.env["recovery.segment"]._renew(self.company, TODAY)
        self.env.invalidate_all()
        self.assertTrue(self.proposed())

    def test_nothing_is_proposed_that_gives_nothing(self):
        self.incentive(limit_percent=20, limit_max=1000)
        self.incentive(payment_term_id=self.long.id, sequence=20)
        self.debtor.property_payment_term_id = self.term(60)
        unlimited = self.make_debtor("Unlimited")
        refused = self.make_debtor("Refused", limit=0, risk_class=self.class_e)
        for debtor in (self.debtor, unlimited, refused):
            self.year_in_time(debtor)
        self.assertEqual(self.proposed().partner_id, unlimited | refused, "a longer term is worth something")
        self.assertFalse(any(self.env["recovery.incentive.grant"].search([]).mapped("limit_after")))

    def test_it_is_proposed_once_and_again_after_its_months(self):
        self.incentive(months_between=6)
        self.year_in_time()
        grant = self.proposed()
        self.assertFalse(self.proposed())
        grant.decision_reason = "Not now"
        grant.with_user(self.manager).action_refuse()
        self.assertFalse(self.proposed(TODAY + timedelta(days=30)))
        self.assertTrue(self.proposed(TODAY + timedelta(days=185)))

    def test_proposals_take_as_many_queries_for_many(self):
        self.incentive()
        asked = []
        for number in range(4):
            self.year_in_time(self.make_debtor(f"Debtor {number}", limit=1000, risk_class=self.class_b))
            if number == 2:
                continue
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self.env["recovery.incentive"].search([])._earned_by(self.company, TODAY)
            asked.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(found), number + 1)
        self.assertEqual(asked[1], asked[2])

    # -- declaring -----------------------------------------------------------------------------

    def test_an_incentive_gives_something(self):
        with self.assertRaises(ValidationError):
            self.env["recovery.incentive"].create({"name": "Nothing"})

    def test_a_term_longer_than_the_law_allows_is_refused_in_france(self):
        self.company.country_id = self.env.ref("base.fr")
        self.incentive(payment_term_id=self.term(60).id)
        with self.assertRaisesRegex(ValidationError, "L. 441-10"):
            self.incentive(payment_term_id=self.term(61).id)

    # -- deciding ------------------------------------------------------------------------------

    def test_granting_changes_the_terms_and_tells_the_debtor_in_its_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.debtor.lang = "fr_FR"
        words = self.env.ref("payment_plan_recovery.message_incentive_granted")
        words.with_context(lang="fr_FR").subject = "Merci de vos paiements"
        grant = self.granted(payment_term_id=self.long.id, limit_percent=20)
        self.assertEqual((self.debtor.credit_limit, self.debtor.property_payment_term_id), (1200, self.long))
        self.assertEqual((grant.state, grant.decided_by_id), ("granted", self.manager))
        told = grant.message_ids.filtered(lambda message: message.subject == "Merci de vos paiements")
        self.assertIn("1", told.body)
        self.assertIn("200", told.body)
        self.assertIn("45 days", told.body)
        self.assertFalse(grant.activity_ids)

    def test_who_may_decide(self):
        self.incentive()
        self.year_in_time()
        grant = self.proposed()
        collector = self.make_user("incentive_collector", f"{COLLECTOR},{INVOICING}")
        for act in ("action_grant", "action_refuse", "action_withdraw", "action_keep"):
            with self.assertRaises(AccessError):
                getattr(grant.with_user(collector), act)()
        with self.assertRaises(AccessError):
            grant.with_user(self.manager).write({"limit_after": 100000})
        with self.assertRaises(AccessError):
            grant.with_user(self.manager).write({"state": "granted"})
        with self.assertRaises(UserError):
            grant.with_user(self.manager).action_refuse()
        self.assertEqual(
            self.debtor.with_user(collector).recovery_incentive_id, grant, "it is on the debtor's page"
        )
        grant.with_user(self.manager).action_grant()
        with self.assertRaises(UserError):
            grant.with_user(self.manager).action_grant()

    def test_above_the_ceiling_two_people_decide_by_a_check(self):
        self.card.approval_ceiling = 1100
        self.incentive()
        self.year_in_time()
        grant = self.proposed()
        with self.assertRaisesRegex(AccessError, "second approval"):
            grant.with_user(self.manager).action_grant()

    def test_a_longer_term_is_given_in_the_branches_that_had_the_creditor_s(self):
        alike, other = (
            self.env["res.company"].create({"name": name, "parent_id": self.company.id})
            for name in ("A", "B")
        )
        theirs = self.term(10)
        self.debtor.with_company(other).property_payment_term_id = theirs

        def terms():
            return [
                self.debtor.with_company(company).property_payment_term_id
                for company in (self.company, alike, other)
            ]

        nothing = self.debtor.property_payment_term_id
        grant = self.granted(payment_term_id=self.long.id, limit_percent=20)
        self.assertEqual(terms(), [self.long, self.long, theirs])
        self.assertEqual(self.debtor._recovery_credit_terms(alike).limit, 1200, "the limit is the creditor's")
        grant.with_user(self.manager).action_withdraw()
        self.assertEqual(terms(), [nothing, nothing, theirs])

    # -- relapses ------------------------------------------------------------------------------

    def relapsed(self, grant, day):
        self.env["recovery.incentive.grant"]._find_relapses(self.company, day)
        return grant.state == "relapsed"

    def test_a_relapse_asks_a_person_who_takes_it_back(self):
        grant = self.granted(payment_term_id=self.long.id, limit_percent=20)
        self.assertFalse(self.relapsed(grant, TODAY + timedelta(days=40)), "nothing is late")
        self.invoice(self.debtor, 10, on=TODAY, due=TODAY + timedelta(days=1))
        self.assertFalse(self.relapsed(grant, TODAY + timedelta(days=31)))
        self.assertTrue(self.relapsed(grant, TODAY + timedelta(days=32)))
        self.assertEqual(self.debtor.credit_limit, 1200, "a person decides")
        self.assertEqual(grant.activity_ids.user_id, self.manager)
        grant.with_user(self.manager).action_withdraw()
        self.assertEqual(self.debtor.credit_limit, 1000)
        self.assertFalse(self.debtor.property_payment_term_id)
        self.assertTrue(
            grant.message_ids.filtered(lambda one: one.subject == "Your terms change from today on")
        )

    def test_what_somebody_gave_since_stays(self):
        grant = self.granted()
        self.debtor.credit_limit = 3000
        grant.with_user(self.manager).action_withdraw()
        self.assertEqual(self.debtor.credit_limit, 3000)

    def test_a_person_may_let_the_debtor_keep_it(self):
        grant = self.granted()
        self.invoice(self.debtor, 10, on=TODAY, due=TODAY + timedelta(days=1))
        self.assertTrue(self.relapsed(grant, TODAY + timedelta(days=40)))
        with self.assertRaises(UserError):
            grant.with_user(self.manager).action_keep()
        grant.with_user(self.manager).decision_reason = "Flood"
        grant.with_user(self.manager).action_keep()
        self.assertEqual((grant.state, self.debtor.credit_limit), ("granted", 1200))

    def test_one_that_is_not_taken_back_stands(self):
        grant = self.granted(is_taken_back=False)
        self.invoice(self.debtor, 10, on=TODAY, due=TODAY + timedelta(days=1))
        self.assertFalse(self.relapsed(grant, TODAY + timedelta(days=90)))

    def test_what_waits_is_on_the_worklist(self):
        self.incentive()
        self.year_in_time()
        grant = self.proposed()
        self.env["recovery.worklist"]._refresh(self.company, TODAY)
        row = self.env["recovery.worklist"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual((row.action, row.res_id, row.since), ("incentive", grant.id, TODAY))
