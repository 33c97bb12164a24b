"""Late charges of items in an instalment plan: included, apart, or waived if the plan is kept."""

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .charge_common import ChargeCommon


@tagged("post_install", "-at_install")
class TestChargePlan(ChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.invoice(1200, "2025-03-31")

    def _plan(self, terms):
        return self.env["recovery.plan"].create(
            {
                "partner_id": self.late.partner_id.id,
                "currency_id": self.euro.id,
                "charge_terms": terms,
                "date_start": "2025-10-31",
                "instalment_count": 3,
                "item_ids": [Command.create({"move_line_id": self.item(self.late).id})],
            }
        )

    def _running(self, terms):
        plan = self._plan(terms)
        plan.generate_instalments()
        plan.action_propose()
        plan.action_accept()
        plan.action_activate()
        return plan

    def test_included(self):
        plan = self._plan("included")
        plan.action_include_charges("2025-09-15")
        self.assertEqual(plan.amount_total, 1310.10)
        with self.assertRaises(UserError):
            plan.action_include_charges("2025-09-15")

    def test_included_though_the_debtor_gets_no_new_credit(self):
        """Sixty days late, of a class without credit: charges are no new credit, whatever a plan does with them."""
        self.env["recovery.credit.rule"].create(
            {"trigger": "days_overdue", "threshold": 59, "action": "block", "company_id": self.company.id}
        )
        for code in ("C", "D"):
            with self.subTest(code), self.env.cr.savepoint() as savepoint:
                risk_class = self.env["recovery.risk.class"].search([("code", "=", code)])
                self.late.partner_id.recovery_risk_class = risk_class
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    self.invoice(1, "2025-05-30", self.late.partner_id)
                plan = self._plan("included")
                plan.action_include_charges("2025-09-15")
                self.assertEqual(plan.amount_total, 1310.10)
                plan.generate_instalments()
                plan.action_propose()
                plan.action_accept()
                plan.action_activate()
                self.assertEqual(plan.state, "active")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_waived_if_kept_waits_while_the_plan_runs(self):
        plan = self._running("waived_if_kept")
        with self.assertRaises(UserError):
            self.late.action_book_charges("2025-09-15")
        plan._become_completed(date(2025, 9, 15))
        self.assertEqual(set(self.late.recovery_charge_ids.mapped("state")), {"waived"})
        self.assertEqual(sorted(self.late.recovery_charge_ids.mapped("amount")), [40.0, 70.10])

    def test_what_was_waived_is_owed_again_when_the_plan_was_not_kept_after_all(self):
        plan = self._running("waived_if_kept")
        self.pay(self.late, 1200, "2025-09-15")
        received = self.item(self.late).matched_credit_ids.credit_move_id.move_id
        plan.monitor(date(2025, 9, 15))
        charges = self.late.recovery_charge_ids
        self.assertEqual((plan.state, set(charges.mapped("state"))), ("completed", {"waived"}))
        received.line_ids.remove_move_reconcile()
        received.origin_payment_id.action_draft()
        plan.monitor(date(2025, 9, 16))
        self.assertEqual((plan.state, set(charges.mapped("state"))), ("active", {"reversed"}))
        owed = self.late.recovery_charge_ids - charges
        self.assertEqual(set(owed.mapped("state")), {"accrued"})
        plan._become_broken(date(2025, 12, 15))
        self.assertEqual(set((self.late.recovery_charge_ids - charges).mapped("state")), {"booked"})

    def test_they_are_not_waived_when_the_rest_was_written_off(self):
        """The plan was not kept: whoever gave its rest up decides on its charges."""
        plan = self._running("waived_if_kept")
        self.pay(self.late, 200, "2025-09-15")
        misc = self.company_data["default_journal_misc"]
        loss = self.money(self.late.partner_id, 1000, "2025-09-15", journal_id=misc.id)
        (loss + self.item(self.late)).reconcile()
        plan.monitor(date(2025, 9, 15))
        self.assertEqual(plan.state, "completed")
        self.assertEqual(set(self.late.recovery_charge_ids.mapped("state")), {"accrued"})

    def test_the_dialog_counts_what_it_books(self):
        """What a running plan waives if it is kept is not offered to book beside an invoice that is in no plan."""
        self._running("waived_if_kept")
        other = self.invoice(1200, "2025-03-31", self.late.partner_id)
        both = self.env["recovery.charge.book"].with_context(
            active_model="account.move", active_ids=(self.late | other).ids
        )
        dialog = both.create({"date": "2025-09-15"})
        self.assertEqual(dialog.charge_count, 2)
        dialog.action_book()
        booked = (self.late | other).recovery_charge_ids.filtered(lambda charge: charge.state == "booked")
        self.assertEqual((booked.move_id, booked.invoice_id.amount_total), (other, 110.10))
        self.assertIn("110.10", dialog.amounts.replace(",", "."))

    def test_waived_if_kept_is_booked_on_breach(self):
        plan = self._running("waived_if_kept")
        plan._become_broken(date(2025, 9, 15))
        self.assertEqual(set(self.late.recovery_charge_ids.mapped("state")), {"booked"})
        self.assertEqual(self.late.recovery_charge_ids.invoice_id.amount_total, 110.10)

    def test_apart_is_booked_as_without_a_plan(self):
        self._running("apart")
        self.assertEqual(self.book(self.late, "2025-09-15").amount_total, 110.10)

    # What the agreement says of them -----------------------------------------------------

    def _parts(self, plan):
        parts = plan._parts_of_the_debt()
        return parts["principal"], parts["interest"], parts["costs"], parts["words"]

    def test_included_they_stand_apart_from_the_principal(self):
        plan = self._plan("included")
        plan.action_include_charges("2025-09-15")
        self.assertEqual(self._parts(plan), (1200, 70.10, 40, {}))

    def test_booked_apart_the_agreement_reserves_them(self):
        plan = self._plan("apart")
        self.assertEqual(self._parts(plan), (1200, 0, 0, {}), "nothing is owed yet")
        self.accrue(self.late, "2025-09-15")
        self.assertEqual(self._parts(plan), (1200, 0, 0, {"interest": "reserved", "costs": "reserved"}))

    def test_waived_if_kept_it_says_so(self):
        plan = self._plan("waived_if_kept")
        self.accrue(self.late, "2025-09-15")
        words = "waived if the agreement is kept"
        self.assertEqual(self._parts(plan)[3], {"interest": words, "costs": words})

    def test_booked_they_are_an_invoice_like_another(self):
        plan = self._plan("apart")
        self.book(self.late, "2025-09-15")
        self.assertEqual(self._parts(plan), (1200, 0, 0, {}))
