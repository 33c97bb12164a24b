"""Write-offs: asked for, approved by another above the ceiling, booked with their VAT, taken back."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .write_off_common import WriteOffCommon


@tagged("post_install", "-at_install")
class TestWriteOff(WriteOffCommon):
    def test_a_case_whose_claims_were_given_up_is_not_paid(self):
        """The write-off was drafted beside the case; of a residue, or of less than came in, the claim was paid."""
        for reason, paid, outcome in (
            ("cost", 0, "irrecoverable"),
            ("cost", 40, "irrecoverable"),
            ("cost", 60, "paid"),
            ("residue", 0, "paid"),
        ):
            case = self.open_case(100.0, self.debtor)
            if paid:
                (case.line_ids.move_line_id + self.credit(self.debtor, paid)).reconcile()
            write_off = self.write_off(case.line_ids.move_id, reason=reason)
            write_off.action_ask()
            write_off.action_approve()
            self.follow()
            self.assertEqual((case.stage, case.outcome), ("closed", outcome))

    def test_loss_with_and_without_vat(self):
        for recovered, expected in (
            (False, {"411000": -120.0, "654000": 120.0}),
            (True, {"411000": -120.0, "445710": 20.0, "654000": 100.0}),
        ):
            move = self.taxed(100.0)
            write_off = self.write_off(move, tax_recovered=recovered)
            write_off.action_ask()
            write_off.action_approve()
            self.assertEqual(self.balances(write_off.move_id), expected)
            self.assertTrue(self.item(move).reconciled)

    def test_part_of_a_claim_with_its_share_of_vat(self):
        move = self.taxed(100.0)
        self.pay(move, 60.0)
        write_off = self.write_off(move, tax_recovered=True)
        write_off.line_ids.amount = 30.0
        write_off.action_ask()
        write_off.action_approve()
        self.assertEqual(self.balances(write_off.move_id), {"411000": -30.0, "445710": 5.0, "654000": 25.0})
        self.assertEqual(self.item(move).amount_residual, 30.0)

    def test_what_lateness_cost_goes_with_the_claim(self):
        """No account asks for penalties of what its creditor gave up; beyond one person's ceiling another is asked."""
        self.company.write({"recovery_charge_since": "2000-01-01", "recovery_charge_law": "debtor"})
        giver = self.user("giver", "manager")
        for reason, paid, ceiling, left in (
            ("remission", 0, 1000.0, {("waived", False)}),
            ("residue", 99.0, 1000.0, {("accrued", False)}),
            ("cost", 0, 1.0, {("accrued", True)}),
        ):
            move = self.invoice(self.debtor, 100.0)
            if paid:
                self.pay(move, paid)
            self.company.recovery_waiver_ceiling = ceiling
            write_off = self.write_off(move, reason=reason).with_user(giver)
            write_off.action_ask()
            write_off.action_approve()
            self.item(move)._recovery_accrue(self.today)
            found = {(charge.state, bool(charge.waiver_asked)) for charge in move.recovery_charge_ids}
            self.assertEqual(found, left, reason)

    def vat_on_payment(self):
        """Let the VAT wait on an account of its own until it is paid; a function that reads (waiting, declared)."""
        waiting = self.env["account.account"].create(
            {"name": "VAT waiting", "code": "445740", "account_type": "liability_current", "reconcile": True}
        )
        journal = [("type", "=", "general"), ("company_id", "=", self.company.id)]
        general = self.env["account.journal"].search(journal, limit=1)
        self.company.write({"tax_exigibility": True, "tax_cash_basis_journal_id": general.id})
        self.tax.write({"tax_exigibility": "on_payment", "cash_basis_transition_account_id": waiting.id})

        def balance(account):
            own = [("account_id", "=", account.id), ("parent_state", "=", "posted")]
            lines = self.env["account.move.line"].search(own)
            return self.currency.round(sum(lines.mapped("balance")))

        return lambda: (balance(waiting), balance(self.vat))

    def test_vat_that_is_due_on_payment_does_not_become_due(self):
        """It leaves the account on which it waits, recovered or not; what was paid stays declared."""
        vat = self.vat_on_payment()
        for recovered, declared in ((False, -10.0), (True, -20.0)):
            move = self.taxed(100.0)
            self.pay(move, 60.0)
            self.assertEqual(vat(), (-10.0, declared))
            write_off = self.write_off(move, tax_recovered=recovered)
            write_off.action_ask()
            write_off.action_approve()
            expected = {"411000": -60.0, "445740": 10.0, "654000": 50.0}
            self.assertEqual(self.balances(write_off.move_id), expected)
            self.assertFalse(write_off.move_id.line_ids.tax_tag_ids)
            self.assertEqual(vat(), (0.0, declared), "no more than what was paid")
            self.assertTrue(self.item(move).reconciled)
        write_off.action_reverse()
        self.assertEqual((self.item(move).amount_residual, vat()), (60.0, (-10.0, -20.0)))
        self.pay(move, 60.0)
        self.assertEqual(vat(), (0.0, -30.0), "money that comes later is declared")

    def test_of_vat_that_waits_a_payment_declares_its_own_share(self):
        """A part is given up first, then the rest is paid: nothing stays waiting, nothing is declared twice."""
        vat = self.vat_on_payment()
        move = self.taxed(100.0)
        write_off = self.write_off(move)
        write_off.line_ids.amount = 30.0
        write_off.action_ask()
        write_off.action_approve()
        self.assertEqual(vat(), (-15.0, 0.0))
        self.pay(move, 90.0)
        self.assertEqual(vat(), (0.0, -15.0))

    def test_money_that_comes_later(self):
        move = self.invoice(self.debtor, 100.0)
        write_off = self.write_off(move)
        write_off.action_ask()
        write_off.action_approve()
        write_off.action_reverse()
        self.assertEqual((write_off.state, self.item(move).amount_residual), ("reversed", 100.0))
        with self.assertRaisesRegex(UserError, "stays on file"):
            write_off.unlink()
        self.pay(move, 100.0)
        self.assertTrue(self.item(move).reconciled)

    def test_somebody_else_approves_above_the_ceiling(self):
        collector = self.user("writes-off", "user")
        first, second = self.user("approves-1", "manager"), self.user("approves-2", "manager")
        small = self.write_off(self.invoice(self.debtor, 500.0)).with_user(first)
        large = self.write_off(self.invoice(self.debtor, 500.01)).with_user(first)
        (small + large).action_ask()
        with self.assertRaises(AccessError):
            small.with_user(collector).action_approve()
        small.action_approve()
        self.assertEqual(small.state, "booked")
        with self.assertRaisesRegex(AccessError, "somebody else"):
            large.action_approve()
        large.with_user(second).action_approve()
        self.assertEqual(large.approved_by_id, second)

    def test_a_large_one_is_not_made_of_small_ones(self):
        first, second = self.user("approves-1", "manager"), self.user("approves-2", "manager")
        for amount in (300.0, 200.0):
            small = self.write_off(self.invoice(self.debtor, amount)).with_user(first)
            small.action_ask()
            small.action_approve()
        cent = self.write_off(self.invoice(self.debtor, 0.01)).with_user(first)
        other = self.make_debtor("Another")
        others = self.write_off(self.invoice(other, 500.0), partner_id=other.id).with_user(first)
        (cent + others).action_ask()
        with self.assertRaisesRegex(AccessError, "within a year"):
            cent.action_approve()
        others.action_approve()
        cent.with_user(second).action_approve()
        # What another approved, what was taken back and what is a year old counts no more.
        small.action_reverse()
        more = self.write_off(self.invoice(self.debtor, 200.0)).with_user(first)
        more.action_ask()
        more.action_approve()
        self.assertEqual((cent.state, more.state), ("booked", "booked"))

    def test_asking_twice_for_a_case_leads_to_the_same_draft(self):
        case = self.open_case(100.0)
        draft = case.action_write_off()["res_id"]
        self.assertEqual(case.action_write_off()["res_id"], draft)
        self.env["recovery.write.off"].browse(draft).action_ask()
        self.assertEqual(case.action_write_off()["res_id"], draft)

    def test_refusals(self):
        move = self.invoice(self.debtor, 100.0)
        write_off = self.write_off(move)
        with self.assertRaises(ValidationError):
            write_off.line_ids.amount = 100.01
        with self.assertRaises(ValidationError):
            self.write_off(self.invoice(self.make_debtor("Other"), 10.0))
        with self.assertRaises(UserError):
            write_off.action_approve()
        with self.assertRaises(UserError):
            self.write_off().action_ask()
        write_off.action_ask()
        with self.assertRaisesRegex(UserError, "while it is a draft only"):
            write_off.line_ids.amount = 1.0
        self.pay(move, 50.0)  # while it waits
        with self.assertRaises(ValidationError):
            write_off.action_approve()
        self.company.recovery_write_off_account_id = False
        with self.assertRaisesRegex(UserError, "Choose the account"):
            write_off.action_approve()

    def test_a_closed_period_stays_as_it_is(self):
        """What is given up while today is locked is booked on the first day that is open."""
        today = self.company._recovery_today()
        write_off = self.write_off(self.taxed(100.0))
        write_off.action_ask()
        self.company.sudo().write({"fiscalyear_lock_date": today, "tax_lock_date": today})
        write_off.action_approve()
        self.assertEqual(write_off.state, "booked")
        self.assertGreater(write_off.move_id.date, today)
        self.assertFalse(write_off.line_ids.amount_residual)

    def test_case_ends_when_nothing_is_left(self):
        case = self.open_case(100.0, self.debtor)
        case.action_write_off()
        write_off = self.env["recovery.write.off"].search([("case_id", "=", case.id)])
        write_off.action_ask()
        write_off.action_approve()
        self.assertEqual(case.outcome, "irrecoverable")

    def test_foreign_currency_leaves_no_difference(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "company_id": self.company.id, "name": "2025-01-01", "rate": 1.25}
        )
        move = self.invoice(self.debtor, 100.0, currency=dollar)
        write_off = self.write_off(move, currency_id=dollar.id)
        write_off.action_ask()
        write_off.action_approve()
        self.assertTrue(self.item(move).reconciled)
        self.assertEqual(self.balances(write_off.move_id), {"411000": -80.0, "654000": 80.0})

    def test_small_residues_are_asked_for_together(self):
        self.company.recovery_residue_amount = 5.0
        below, at, whole, disputed = (
            self.invoice(self.debtor, amount) for amount in (104.99, 105.0, 4.0, 102.0)
        )
        other = self.invoice(self.make_debtor("Other"), 101.0)
        for move in (below, at, disputed, other):
            self.pay(move, 100.0)
        self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "kind": "dispute",
                "move_line_ids": self.item(disputed).ids,
                "date_until": "2100-01-01",
                "reason": "Wrong price",
            }
        )
        residues = self.env["recovery.write.off"]
        asked = residues.search(residues.action_propose_residues()["domain"])
        self.assertEqual(asked.line_ids.move_line_id, self.item(below) + self.item(other))
        self.assertEqual(set(asked.mapped("state")), {"asked"})
        self.assertEqual(sorted(asked.mapped("amount")), [1.0, 4.99])
        self.assertEqual(
            self.item(whole).amount_residual, 4.0, "an invoice nothing was paid of is no residue"
        )
        with self.assertRaisesRegex(UserError, "No payment left"):
            residues.action_propose_residues()
        asked.action_approve()
        self.assertTrue(self.item(below).reconciled)

    def test_a_residue_that_money_waits_for_is_matched_and_not_given_up(self):
        """What is small is what nothing covers; to give it up, what came in has to be matched first."""
        self.company.recovery_residue_amount = 5.0
        small = self.invoice(self.debtor, 104.0)
        self.pay(small, 100.0)
        unmatched = self.invoice(self.make_debtor("Nobody matched it"), 104.0)
        received = self.credit(unmatched.partner_id, 100.0, on=0)
        residues = self.env["recovery.residue"]
        on = self.company._recovery_today()
        found = residues._small(self.company, on)
        self.assertEqual(set(found), {self.item(small).id, self.item(unmatched).id})
        self.assertEqual(set(residues._let_go(self.company, on)), set(found))
        write_offs = self.env["recovery.write.off"]
        asked = write_offs.search(write_offs.action_propose_residues()["domain"])
        self.assertEqual(asked.line_ids.move_line_id, self.item(small))
        (self.item(unmatched) + received).reconcile()
        asked = write_offs.search(write_offs.action_propose_residues()["domain"])
        self.assertEqual(asked.line_ids.move_line_id, self.item(unmatched))
        covered = self.invoice(self.make_debtor("All of it came"), 103.0)
        self.pay(covered, 100.0)
        self.credit(covered.partner_id, 3.0, on=0)
        with self.assertRaisesRegex(UserError, "No payment left"):
            write_offs.action_propose_residues()

    def test_residues_need_a_threshold(self):
        with self.assertRaisesRegex(UserError, "Choose in the settings"):
            self.env["recovery.write.off"].action_propose_residues()
