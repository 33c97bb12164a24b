"""Rewards beside what was given, or taken, since they were proposed, and how long payment terms are."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .incentive_common import IncentiveCommon


@tagged("post_install", "-at_install")
class TestIncentiveSince(IncentiveCommon):
    def test_terms_are_as_long_as_they_last(self):
        """Days after the end of a month, or of the next one, come on top of the month."""
        self.company.country_id = self.env.ref("base.fr")
        types = {
            "end_of_month": ({"delay_type": "days_after_end_of_month"}, 45),
            "end_of_next_month": ({"delay_type": "days_after_end_of_next_month"}, 14),
            "to_the_end": ({"delay_type": "days_end_of_month_on_the", "days_next_month": "0"}, 45),
            "on_the_10th": ({"delay_type": "days_end_of_month_on_the", "days_next_month": "10"}, 30),
        }
        for name, (values, most) in types.items():
            for days, is_lawful in ((most, True), (most + 16, False)):
                term = self.term(days)
                term.line_ids.write(values)
                with self.subTest(name, days=days), self.env.cr.savepoint() as savepoint:
                    if is_lawful:
                        self.incentive(payment_term_id=term.id)
                    else:
                        with self.assertRaisesRegex(ValidationError, "L. 441-10"):
                            self.incentive(payment_term_id=term.id)
                    savepoint.rollback()

    def test_a_reward_shortens_no_term(self):
        """Thirty days after the end of the next month are longer than 45 days, and 30 days of the month than 30."""
        long, longer = self.term(30), self.term(30)
        long.line_ids.delay_type = "days_after_end_of_next_month"
        longer.line_ids.delay_type = "days_after_end_of_month"
        self.year_in_time()
        for has, gives, gained in ((long, self.long, False), (self.term(30), longer, longer)):
            with self.subTest(gives.name), self.env.cr.savepoint() as savepoint:
                self.debtor.property_payment_term_id = has
                self.incentive(payment_term_id=gives.id)
                self.assertEqual(self.proposed().term_after_id or False, gained)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_reward_takes_nothing_that_was_given_since(self):
        """Proposed from 1,000 to 1,200 and to 45 days; a check gave 5,000 and 60 days before anybody decided."""
        self.incentive(payment_term_id=self.long.id, limit_percent=20, lifts_down_payment=True)
        self.year_in_time()
        grant = self.proposed()
        longer = self.term(60)
        self.debtor.write({"credit_limit": 5000, "property_payment_term_id": longer.id})
        grant.with_user(self.manager).action_grant()
        self.assertEqual((self.debtor.credit_limit, self.debtor.property_payment_term_id), (5000, longer))
        self.assertEqual(
            (grant.limit_after, grant.term_after_id.id), (0, False), "the debtor is told no more"
        )
        grant.with_user(self.manager).action_withdraw()
        self.assertEqual((self.debtor.credit_limit, self.debtor.property_payment_term_id), (5000, longer))

    def test_a_reward_that_gives_nothing_any_more_is_not_granted(self):
        self.incentive()
        self.year_in_time()
        grant = self.proposed()
        self.debtor.credit_limit = 1200
        with self.assertRaisesRegex(UserError, "as much already"):
            grant.with_user(self.manager).action_grant()

    def test_no_reward_for_whom_credit_was_lowered_since(self):
        self.incentive()
        self.year_in_time()
        grant = self.proposed()
        for terms in ({"credit_limit": 200}, {"credit_limit": 0, "recovery_risk_class": self.class_e.id}):
            self.debtor.write(terms)
            with self.assertRaisesRegex(UserError, "lowered"):
                grant.with_user(self.manager).action_grant()
            self.assertEqual((grant.state, self.debtor.credit_limit), ("proposed", terms["credit_limit"]))

    def test_what_was_given_between_comes_back_with_the_reward(self):
        """1,100 were given between the proposal of 1,200 and the decision: taken back, they are the limit again."""
        self.incentive()
        self.year_in_time()
        grant = self.proposed()
        self.debtor.credit_limit = 1100
        grant.with_user(self.manager).action_grant()
        self.assertEqual(self.debtor.credit_limit, 1200)
        grant.with_user(self.manager).action_withdraw()
        self.assertEqual(self.debtor.credit_limit, 1100)
