"""Money that is not matched yet: who is late, what rules and measures make of it."""

from odoo import Command
from odoo.tests import tagged

from ..solvency.solvency_common import TODAY, ago
from .enforcement_common import EnforcementCommon


@tagged("post_install", "-at_install")
class TestCreditOpenMoney(EnforcementCommon):
    def measures(self, debtor=None):
        debtor = debtor or self.debtor
        return self.env["recovery.solvency.measure"]._measures(self.company, TODAY, debtor)[debtor.id]

    def paid_but_unmatched(self, received):
        """1,000 due 106 days ago, of which ``received`` came in that day."""
        invoice = self.invoice(self.debtor, 1000, on=ago(136), due=ago(106))
        self.credit(self.debtor, received, on=ago(106))
        return invoice

    def test_who_paid_is_not_late_though_nothing_is_matched(self):
        self.make_rule(trigger="days_overdue", threshold=30)
        self.make_rule(trigger="amount_overdue")
        self.paid_but_unmatched(1000)
        draft = self.invoice(self.debtor, 100, post=False)
        self.assertFalse(draft.recovery_credit_action)
        draft.with_user(self.clerk).action_post()
        self.assertEqual(draft.state, "posted")

    def test_a_cent_that_nothing_covers_is_late(self):
        self.make_rule(trigger="days_overdue", threshold=30)
        self.paid_but_unmatched(999.99)
        message = self.assert_blocked(self.invoice(self.debtor, 0.01, post=False))
        self.assertIn("0.01", message)
        self.assertIn("106", message)

    def test_amount_overdue_on_both_sides(self):
        self.make_rule(trigger="amount_overdue", threshold=300)
        self.paid_but_unmatched(700)
        self.invoice(self.debtor, 10)
        self.invoice(self.debtor, 0.01, on=ago(40), due=ago(1))
        self.assert_blocked(self.invoice(self.debtor, 10, post=False))

    def test_the_oldest_is_covered_first(self):
        self.make_rule(trigger="days_overdue", threshold=30)
        self.paid_but_unmatched(1000)
        self.invoice(self.debtor, 10, on=ago(60), due=ago(30))
        self.invoice(self.debtor, 10)
        self.invoice(self.debtor, 10, on=ago(61), due=ago(31))
        self.assertIn("31", self.assert_blocked(self.invoice(self.debtor, 10, post=False)))

    def test_what_the_new_invoice_takes_does_not_make_the_debtor_late(self):
        """Judged is what was overdue before: an invoice due long ago would take the money of the later ones."""
        self.make_rule(trigger="days_overdue", threshold=30)
        self.paid_but_unmatched(1000)
        self.invoice(self.debtor, 500, on=ago(300), due=ago(200))

    def test_another_debtors_money_covers_nothing(self):
        self.make_rule(trigger="days_overdue", threshold=30)
        self.invoice(self.debtor, 10, on=ago(61), due=ago(31))
        self.credit(self.make_debtor("Other"), 1000, on=ago(31))
        self.assert_blocked(self.invoice(self.debtor, 10, post=False))

    def test_money_that_comes_later_is_not_there_yet(self):
        self.make_rule(trigger="days_overdue", threshold=30)
        self.invoice(self.debtor, 10, on=ago(61), due=ago(31))
        self.credit(self.debtor, 10, on=ago(-1))
        self.assert_blocked(self.invoice(self.debtor, 10, post=False))
        self.credit(self.debtor, 10, on=TODAY)
        self.invoice(self.debtor, 10)

    def test_money_over_covered_items_lies_over_the_oldest_instalments(self):
        move = self.invoice(self.debtor, 300, on=ago(90), due=ago(60))
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": self.debtor.id,
                "date_start": ago(40),
                "instalment_count": 3,
                "item_ids": [Command.create({"move_line_id": self.item(move).id})],
            }
        )
        plan.generate_instalments()
        plan.action_propose()
        plan.action_accept(signed_by="Kepler")
        plan.action_activate()
        late = plan.instalment_ids.filtered(lambda instalment: instalment.date_due < TODAY)
        self.assertEqual(late.mapped("amount"), [100, 100])
        overdue = self.env["recovery.claim"]._overdue
        self.assertEqual(
            overdue(self.debtor, self.company, TODAY), {self.debtor.id: (late[0].date_due, 200.0)}
        )
        self.credit(self.debtor, 100.5, on=ago(20))
        self.assertEqual(
            overdue(self.debtor, self.company, TODAY), {self.debtor.id: (late[1].date_due, 99.5)}
        )
        self.credit(self.debtor, 99.5, on=ago(20))
        self.assertEqual(overdue(self.debtor, self.company, TODAY), {})

    def test_claims_in_another_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "company_id": self.company.id, "name": ago(400), "rate": 2.0}
        )
        self.invoice(self.debtor, 1000, on=ago(60), due=ago(30), currency_id=dollar.id)
        self.credit(self.debtor, 500)
        overdue = self.env["recovery.claim"]._overdue
        self.assertEqual(
            overdue(self.debtor, self.company, TODAY)[self.debtor.id][1], 500, "euros are not laid"
        )
        self.invoice(self.debtor, -333.33, on=ago(2), currency_id=dollar.id)
        self.assertEqual(overdue(self.debtor, self.company, TODAY)[self.debtor.id][1], 333.33)

    # Measures

    def test_measures_of_what_nothing_covers(self):
        self.paid_but_unmatched(900)
        found = self.measures()
        self.assertEqual(
            (found["open_overdue"], found["overdue_share"], found["worst_delay"]), (100, 10, 106)
        )
        self.credit(self.debtor, 100, on=ago(104))
        found = self.measures()
        self.assertEqual((found["open_overdue"], found["worst_delay"]), (0, 2))

    def test_payments_count_from_their_day_matched_or_not(self):
        invoice = self.paid_but_unmatched(750)
        self.credit(self.debtor, 250, on=ago(66))
        unmatched = self.measures()
        self.assertEqual((unmatched["paid_on_time"], unmatched["days_late"]), (75, 10))
        history = self.env["recovery.solvency.measure"]._payment_history(self.debtor, self.company, TODAY)
        self.assertEqual(sorted(days for _month, days in history if days is not None), [0, 40])
        received = self.env["account.move.line"].search(
            [("partner_id", "=", self.debtor.id), ("balance", "<", 0), ("parent_state", "=", "posted")]
        )
        (
            self.item(invoice) + received.filtered(lambda line: line.account_type == "asset_receivable")
        ).reconcile()
        self.assertEqual(self.measures(), unmatched)

    def test_an_open_credit_note_is_no_payment(self):
        self.invoice(self.debtor, 1000, on=ago(90), due=ago(60))
        self.invoice(self.debtor, -1000, on=ago(10))
        found = self.measures()
        self.assertEqual(
            (found["open_overdue"], found["paid_on_time"], found["worst_delay"]), (0, None, None)
        )

    def test_one_statement_for_any_number_of_debtors(self):
        """What money covers is read with everything else, however many debtors have some."""
        debtors = self.env["res.partner"]
        for number in range(4):
            debtor = self.make_debtor(f"Debtor {number}")
            self.invoice(debtor, 100, on=ago(90), due=ago(60))
            self.credit(debtor, 40)
            debtors |= debtor
        self.env.flush_all()
        self.measures()  # which companies belong together is remembered from here on
        for asked in (debtors[:1], debtors):
            with self.assertQueryCount(1):
                self.env["recovery.solvency.measure"]._measures(self.company, TODAY, asked)
            with self.assertQueryCount(1):
                self.env["recovery.claim"]._overdue(asked, self.company, TODAY)
