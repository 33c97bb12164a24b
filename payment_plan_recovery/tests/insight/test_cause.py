"""Causes of lateness: noted where debtors say so, shown where they are late, counted; interactions come back."""

from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from ..plan.plan_common import PlanCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 12:00:00")  # a Monday
class TestCause(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls.env.ref("payment_plan_recovery.cause_cash")
        cls.price = cls.env.ref("payment_plan_recovery.cause_price")
        cls.forgotten = cls.env.ref("payment_plan_recovery.cause_forgotten")
        cls.late = cls.invoice(100, "2026-01-10")
        cls.other = cls.invoice(200, "2026-01-20")

    def claim(self, move):
        self.env.invalidate_all()
        return self.env["recovery.claim"].search([("move_id", "=", move.id)])

    def call(self, **values):
        # sudo: what the product notes itself, too
        return (
            self.env["recovery.contact"]
            .sudo()
            .create({"partner_id": self.debtor.id, "outcome": "Called", **values})
            .sudo(False)
        )

    def promise(self, **values):
        return self.env["recovery.promise"].create(
            {"partner_id": self.debtor.id, "amount": 50, "date_promised": date(2026, 3, 9), **values}
        )

    # -- which cause is known ------------------------------------------------------------------

    def test_the_cause_noted_last_is_known_of_debtor_and_claims(self):
        self.assertFalse(self.debtor.recovery_cause_id)
        self.call(date=date(2026, 2, 1), cause_id=self.cash.id)
        self.assertEqual(self.claim(self.late).cause_id, self.cash)
        self.promise(cause_id=self.forgotten.id)
        self.assertEqual(self.claim(self.late).cause_id, self.forgotten)
        self.assertEqual(self.debtor.recovery_cause_id, self.forgotten)

    def test_a_plan_carries_the_cause_told_at_its_negotiation(self):
        self.call(date=date(2026, 2, 1), cause_id=self.cash.id)
        asked = (
            self.env["recovery.plan.negotiation"]
            .with_context(active_model="account.move", active_ids=(self.late + self.other).ids)
            .create({})
        )
        self.assertEqual(asked.cause_id, self.cash)
        asked.cause_id = self.price
        plan = self.env["recovery.plan"].browse(asked.action_draft_plan()["res_id"])
        self.assertEqual((plan.cause_id, plan.date_cause), (self.price, date(2026, 3, 2)))
        self.env.invalidate_all()
        self.assertEqual(self.debtor.recovery_cause_id, self.price)
        self.assertEqual(self.claim(self.late).cause_id, self.price)
        self.call(cause_id=self.cash.id, date=date(2026, 3, 1))
        self.env.invalidate_all()
        self.assertEqual(self.debtor.recovery_cause_id, self.price)

    def test_a_call_without_a_cause_leaves_the_one_before(self):
        self.call(date=date(2026, 2, 1), cause_id=self.cash.id)
        self.call()
        self.assertEqual(self.debtor.recovery_cause_id, self.cash)

    def test_a_cause_explains_for_half_a_year(self):
        self.call(date=date(2025, 9, 4), cause_id=self.cash.id)
        self.assertEqual(self.debtor.recovery_cause_id, self.cash)
        with freeze_time("2026-03-03 12:00:00"):
            self.env.invalidate_all()
            self.assertFalse(self.debtor.recovery_cause_id)

    def test_a_dispute_counts_under_its_cause_for_what_it_is_about(self):
        dispute = self.env["recovery.dispute"].create(
            {
                "partner_id": self.debtor.id,
                "move_line_ids": self.item(self.late).ids,
                "cause": "price",
                "description": "Too dear",
            }
        )
        self.assertEqual(dispute.cause_id, self.price)
        self.assertEqual(self.claim(self.late).cause_id, self.price)
        self.assertFalse(self.claim(self.other).cause_id)
        dispute.cause = "goods"
        self.assertEqual(dispute.cause_id, self.env.ref("payment_plan_recovery.cause_goods"))

    def test_every_reason_of_a_dispute_has_a_cause(self):
        reasons = dict(self.env["recovery.dispute"]._fields["cause"].selection)
        self.assertEqual(set(self.env["recovery.cause"]._of_dispute(reasons)), set(reasons))

    def test_claims_are_found_and_grouped_by_cause(self):
        self.call(cause_id=self.cash.id)
        own = [("partner_id", "=", self.debtor.id)]
        claims = self.env["recovery.claim"]
        self.assertEqual(claims.search_count([*own, ("cause_id", "=", self.cash.id)]), 2)
        self.assertFalse(claims.search_count([*own, ("cause_id", "=", False)]))
        rows = claims._read_group(own, ["cause_id"], ["amount_company:sum"])
        self.assertEqual(rows, [(self.cash, 300)])

    def test_a_page_of_claims_asks_for_causes_once(self):
        self.call(cause_id=self.cash.id)
        both = self.claim(self.late) | self.claim(self.other)
        self.asked(both)
        self.assertEqual(self.asked(both[0]), self.asked(both))

    def asked(self, claims):
        """Queries that the causes of ``claims`` take."""
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        claims.mapped(lambda claim: claim.cause_id.id)
        return self.env.cr.sql_log_count - before

    # -- figures -------------------------------------------------------------------------------

    def test_what_is_late_and_what_was_kept_is_told_by_cause(self):
        self.call(cause_id=self.cash.id)
        broken = self.promise(date_given=date(2026, 2, 1), date_promised=date(2026, 2, 10))
        broken._judge(date(2026, 2, 20))
        figures = self.env["recovery.kpi"].figures("2026-01-01", "2026-03-02", by="cause")
        self.assertEqual(figures[self.cash.id]["overdue"].numerator, 300)
        kept = figures[self.cash.id]["promises_kept"]
        self.assertEqual((kept.value, kept.denominator), (0, 1))
        rows = self.env["recovery.dashboard"].data({"person": None})["causes"]
        told = {row["label"]: row["figures"]["overdue"]["numerator"] for row in rows}
        self.assertEqual(told, {self.cash.name: 300})

    def test_without_a_cause_the_dashboard_has_no_table(self):
        self.assertEqual(self.env["recovery.dashboard"].data({"person": None})["causes"], [])

    # -- what came of an interaction -----------------------------------------------------------

    def test_the_outcome_says_when_to_call_back(self):
        self.assertEqual(self.call(result="unreached").date_next, date(2026, 3, 3))
        self.assertEqual(self.call(result="looking").date_next, date(2026, 3, 9), "the 7th is a Saturday")
        self.assertFalse(self.call(result="promised").date_next)
        self.assertFalse(self.call().date_next)
        agreed = self.call(result="unreached", date_next=date(2026, 3, 20))
        self.assertEqual(agreed.date_next, date(2026, 3, 20))

    def test_on_that_day_the_debtor_is_on_the_worklist(self):
        call = self.call(result="message")
        self.assertFalse(self.listed(date(2026, 3, 3)))
        row = self.listed(date(2026, 3, 4))
        self.assertEqual((row.action, row.res_id, row.since), ("call_back", call.id, date(2026, 3, 4)))
        self.call(date=date(2026, 3, 4))
        self.assertFalse(self.listed(date(2026, 3, 4)), "somebody came back to it")

    def test_a_mail_of_the_product_does_not_call_back_for_us(self):
        self.call(result="message")
        self.call(date=date(2026, 3, 3), channel="email", is_automatic=True)
        self.assertEqual(self.listed(date(2026, 3, 4)).action, "call_back")

    def test_who_paid_is_not_called_back(self):
        self.call(result="message")
        for move in (self.late, self.other):
            self.pay(move, move.amount_residual)
        self.assertFalse(self.listed(date(2026, 3, 4)))

    def listed(self, day):
        self.env["recovery.worklist"]._refresh(self.company, day)
        return self.env["recovery.worklist"].search([("partner_id", "=", self.debtor.id)])

    def test_a_visit_counts_for_the_contact_budget(self):
        self.call(channel="visit")
        made = self.env.execute_query(self.env["recovery.contact"]._made_sql(self.company))
        self.assertIn((self.debtor.id, "visit", date(2026, 3, 2)), made)
