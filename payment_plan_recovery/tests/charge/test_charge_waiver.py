"""More late charges than one person may give up: asked for by one, decided by another."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .charge_common import ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeWaiver(ChargeCommon):
    """1,200.00 due on 31 March 2025; on 15 September 70.10 of interest and 40.00 are to book."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.invoice(1200, "2025-03-31")
        cls.charges_of_it = cls.accrue(cls.late, "2025-09-15")
        cls.asker, cls.other = (
            new_test_user(
                cls.env,
                f"waiver_{name}",
                groups="payment_plan_recovery.group_recovery_user,payment_plan_recovery.group_recovery_waive",
                company_id=cls.company.id,
            )
            for name in ("asker", "other")
        )

    def ask(self, charges=None, reason="Good customer", amount=None):
        self.company.recovery_waiver_ceiling = 0
        charges = self.charges_of_it if charges is None else charges
        return charges.with_user(self.asker).action_waive(reason, amount).with_env(self.env)

    def test_one_person_up_to_the_ceiling_of_a_debtor(self):
        for ceiling, state in ((110.10, "waived"), (110.09, "accrued")):
            with self.subTest(ceiling), self.env.cr.savepoint() as savepoint:
                self.company.recovery_waiver_ceiling = ceiling
                self.charges_of_it.with_user(self.asker).action_waive("Good customer")
                self.assertEqual(set(self.charges_of_it.mapped("state")), {state})
                asked = 0 if state == "waived" else 110.10
                self.assertAlmostEqual(sum(self.charges_of_it.mapped("waiver_asked")), asked)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_each_debtor_counts_for_itself(self):
        self.company.recovery_waiver_ceiling = 110.10
        another = self.accrue(self.invoice(1200, "2025-03-31"), "2025-09-15")
        larger = self.accrue(self.invoice(1201, "2025-03-31"), "2025-09-15")
        (self.charges_of_it | another | larger).with_user(self.asker).action_waive("Strike")
        self.assertEqual(set((self.charges_of_it | another).mapped("state")), {"waived"})
        self.assertEqual(set(larger.mapped("state")), {"accrued"})

    def test_branches_of_one_creditor_count_together(self):
        self.company.recovery_waiver_ceiling = 110.10
        self.charges_of_it.with_user(self.asker).action_waive("Good customer")
        theirs = self.branch_invoice(1000, "2025-03-31", self.late.partner_id)
        theirs.company_id.recovery_waiver_ceiling = 110.10
        self.asker.company_ids |= theirs.company_id
        here = (theirs.company_id | self.company).ids
        more = self.accrue(theirs, "2025-09-15").with_user(self.asker).with_context(allowed_company_ids=here)
        more.action_waive("Again")
        self.assertEqual(set(more.mapped("state")), {"accrued"})
        self.assertTrue(all(more.mapped("waiver_asked")))

    def test_what_was_given_up_a_year_ago_counts_no_more(self):
        self.company.recovery_waiver_ceiling = 110.10
        waived = self.charges_of_it.with_user(self.asker).action_waive("Good customer")
        more = self.accrue(self.invoice(1000, "2025-03-31", self.late.partner_id), "2025-09-15")
        more.with_user(self.asker).action_waive("Again")
        self.assertEqual(set(more.mapped("state")), {"accrued"})
        waived.sudo().waived_on = "2020-01-01"
        more.with_user(self.asker).action_waive("Again")
        self.assertEqual(set(more.mapped("state")), {"waived"})

    def test_another_approves(self):
        asked = self.ask()
        self.assertIn("asked for: Good customer", self.late.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "Somebody else"):
            asked.with_user(self.asker).action_approve_waiver()
        asked.with_user(self.other).action_approve_waiver()
        self.assertEqual(set(asked.mapped("state")), {"waived"})
        self.assertEqual((asked.waive_asked_by_id, asked.waived_by_id), (self.asker, self.other))
        with self.assertRaises(UserError):
            asked.with_user(self.other).action_approve_waiver()

    def test_what_nobody_asked_is_not_approved(self):
        for method in ("action_approve_waiver", "action_refuse_waiver"):
            with self.assertRaisesRegex(UserError, "no waiver is asked"):
                getattr(self.charges_of_it.with_user(self.other), method)()

    def test_a_part_is_approved_and_the_rest_stays_to_book(self):
        interest = self.charges_of_it.filtered(lambda charge: charge.kind == "interest")
        self.ask(interest, amount=35.05).with_user(self.other).action_approve_waiver()
        self.assertEqual(self.open_amounts(self.late, "2025-09-15"), self.euros("35.05", "40"))
        self.assertEqual((interest.state, interest.waiver_asked), ("accrued", 0))

    def test_refused_or_taken_back_it_is_to_book(self):
        for user in (self.asker, self.other):
            asked = self.ask()
            asked.with_user(user).action_refuse_waiver()
            self.assertFalse(any(asked.mapped("waiver_asked")) or asked.waive_asked_by_id)
            self.assertIn("not granted", self.late.message_ids[0].body)
            self.assertEqual(self.open_amounts(self.late, "2025-09-15"), self.euros("70.10", "40"))

    def test_it_goes_on_accruing_and_no_more_is_given_up_than_is_owed(self):
        interest = self.charges_of_it.filtered(lambda charge: charge.kind == "interest")
        self.ask(interest)
        self.charges._renew(self.company, date(2025, 9, 25))
        self.assertEqual((interest.amount, interest.waiver_asked), (74.09, 70.10))
        self.money(self.late.partner_id, 600, "2025-03-31")
        self.charges._renew(self.company, date(2025, 9, 15))
        self.assertEqual((interest.amount, interest.waiver_asked), (35.05, 70.10))
        interest.with_user(self.other).action_approve_waiver()
        self.assertEqual((interest.state, interest.amount), ("waived", 35.05))

    def test_booked_meanwhile_it_is_not_waived(self):
        asked = self.ask()
        self.book(self.late, "2025-09-15")
        with self.assertRaisesRegex(UserError, "to book"):
            asked.with_user(self.other).action_approve_waiver()

    def test_collectors_do_not_decide(self):
        asked = self.ask()
        collector = new_test_user(
            self.env,
            "waiver_collector",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
        )
        for method in ("action_approve_waiver", "action_refuse_waiver"):
            with self.assertRaises(AccessError):
                getattr(asked.with_user(collector), method)()

    def test_a_plan_that_was_kept_takes_nothing_from_anybody_s_ceiling(self):
        self.company.recovery_waiver_ceiling = 110.10
        self.charges_of_it._waive("The plan was kept.")
        more = self.accrue(self.invoice(1200, "2025-03-31", self.late.partner_id), "2025-09-15")
        more.action_waive("Good customer")
        self.assertEqual(set(more.mapped("state")), {"waived"})

    def test_a_plan_that_waives_on_both_sides_of_the_ceiling(self):
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": self.late.partner_id.id,
                "currency_id": self.euro.id,
                "charge_terms": "waived_if_kept",
                "item_ids": [(0, 0, {"move_line_id": self.item(self.late).id})],
            }
        )
        for ceiling, reasons in ((110.10, 0), (110.09, 1)):
            self.company.recovery_waiver_ceiling = ceiling
            self.assertEqual(len(plan._waives_too_much(date(2025, 9, 15))), reasons)
        plan.charge_terms = "apart"
        self.assertEqual(plan._waives_too_much(date(2025, 9, 15)), [])

    def test_the_dialog_says_that_another_has_to_approve(self):
        self.company.recovery_waiver_ceiling = 0
        dialog = self.env["recovery.charge.waive"].with_user(self.asker)
        opened = dialog.with_context(active_ids=self.charges_of_it.ids).create({"reason": "Good customer"})
        self.assertEqual(opened.action_waive()["params"]["type"], "warning")
        self.company.recovery_waiver_ceiling = 500
        opened = dialog.with_context(active_ids=self.charges_of_it.ids).create({"reason": "Good customer"})
        self.assertEqual(opened.action_waive(), {"type": "ir.actions.act_window_close"})

    def test_it_waits_on_the_worklist(self):
        self.ask()
        self.env["recovery.worklist"]._refresh(self.company, self.company._recovery_today())
        debtor = [("partner_id", "=", self.late.partner_id.id)]
        row = self.env["recovery.worklist"].search(debtor)
        self.assertEqual(row.action, "approve_waiver")
