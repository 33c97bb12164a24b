"""What nobody asks for makes nobody late: a discount earned, a small residue, in a plan or not."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common.early_terms import less_2_percent
from ..solvency.solvency_common import TODAY, ago
from .enforcement_common import EnforcementCommon


@tagged("post_install", "-at_install")
class TestCreditLetGo(EnforcementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_rule(trigger="days_overdue", threshold=30)
        cls.make_rule(trigger="amount_overdue", threshold=2)
        cls.terms = less_2_percent(cls.env)

    def paid(self, amount, day, *, is_matched=True, terms=None, move=None):
        """1,000 of 136 days ago, due 106 days ago, of which ``amount`` came in on ``day``."""
        move = move or self.invoice(
            self.debtor, 1000, on=ago(136), due=ago(106), invoice_payment_term_id=terms and terms.id
        )
        money = self.credit(self.debtor, amount, on=day)
        if is_matched:
            (money | self.item(move)).reconcile()
        return move

    def measures(self):
        measures = self.env["recovery.solvency.measure"]._measures(self.company, TODAY, self.debtor)
        return measures[self.debtor.id]

    def asked(self):
        """What is asked of what is late: by a promise, or a payment online of all of it."""
        claims = self.env["recovery.claim"].search(
            [("partner_id", "=", self.debtor.id), ("date_due", "<", TODAY)]
        )
        return round(sum(claims._asked(TODAY).values()), 2)

    def assert_passes(self):
        self.assertEqual(self.asked(), 0)
        draft = self.invoice(self.debtor, 100, post=False)
        self.assertFalse(draft.recovery_credit_action)
        draft.with_user(self.clerk).action_post()

    def test_a_discount_earned(self):
        for is_matched in (True, False):
            with self.subTest(is_matched=is_matched), self.env.cr.savepoint() as savepoint:
                self.paid(980, ago(126), is_matched=is_matched, terms=self.terms)
                self.assert_passes()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_discount_that_was_lost_by_a_day_is_late(self):
        self.paid(980, ago(125), terms=self.terms)
        self.assertEqual(self.asked(), 20)
        self.assertIn("20", self.assert_blocked(self.invoice(self.debtor, 100, post=False)))

    def test_a_small_residue_and_the_cent_that_makes_it_none(self):
        self.company.recovery_residue_amount = 5
        move = self.paid(995, ago(106))
        self.assertEqual(self.asked(), 5)
        self.assert_blocked(self.invoice(self.debtor, 100, post=False))
        self.paid(0.01, ago(106), move=move)
        self.assert_passes()

    def test_online_it_is_paid_by_who_chooses_it_only(self):
        item = self.item(self.paid(980, ago(126), terms=self.terms))
        with self.assertRaisesRegex(ValidationError, "Nothing is left to pay"):
            self.debtor._portal_payable(self.company)
        self.assertEqual(self.debtor._portal_payable(self.company, item.ids), (20, item))

    def test_measures_and_the_debtor_s_page(self):
        self.company.recovery_residue_amount = 5
        self.paid(980, ago(126), terms=self.terms)
        self.paid(996, ago(106))
        found = self.measures()
        self.assertEqual((found["open_overdue"], found["worst_delay"], found["paid_on_time"]), (0, 0, 100))
        self.assertEqual((self.debtor.recovery_overdue, self.debtor.recovery_date_oldest), (0, False))

    def test_booked_months_later_it_was_not_late_either(self):
        self.company.recovery_residue_amount = 5
        for amount, day, terms, delay in (
            (980, ago(126), self.terms, 0),
            (996, ago(106), None, 0),
            (995, ago(106), None, 96),
            (980, ago(125), self.terms, 96),
        ):
            self.debtor = self.make_debtor()
            move = self.paid(amount, day, terms=terms)
            self.pay(move, 1000 - amount, on=ago(10), by="general")
            self.assertEqual(self.measures()["worst_delay"], delay)

    def plan(self, move):
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": self.debtor.id,
                "date_start": ago(100),
                "instalment_count": 1,
                "item_ids": [Command.create({"move_line_id": self.item(move).id})],
            }
        )
        plan.generate_instalments()
        plan.action_propose()
        plan.action_accept(signed_by="Kepler", date=ago(102))
        plan.action_activate()
        return plan

    def test_a_small_residue_of_an_instalment(self):
        self.company.recovery_residue_amount = 5
        move = self.invoice(self.debtor, 1000, on=ago(136), due=ago(106))
        self.plan(move)
        self.paid(995, ago(100), move=move)
        self.assert_blocked(self.invoice(self.debtor, 100, post=False))
        self.paid(0.01, ago(100), move=move)
        self.assert_passes()

    def test_what_is_disputed_of_a_plan(self):
        move = self.invoice(self.debtor, 1000, on=ago(136), due=ago(106))
        self.plan(move)
        self.assert_blocked(self.invoice(self.debtor, 100, post=False))
        hold = self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "move_line_ids": self.item(move).ids,
                "kind": "dispute",
                "date_from": ago(90),
                "date_until": ago(-90),
                "reason": "Faulty",
            }
        )
        self.assert_passes()
        hold.amount = 400
        self.assertEqual(self.asked(), 600)
        self.assertIn("600", self.assert_blocked(self.invoice(self.debtor, 100, post=False)))
