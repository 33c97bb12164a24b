"""Interest counts money from the day it came in, whether somebody matched it with the invoice yet or not."""

from datetime import date

from odoo.tests import tagged

from .charge_common import ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeOpenMoney(ChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.invoice(1000, "2026-07-31")
        cls.owner = cls.late.partner_id

    def engine_and_kernel(self, move, until):
        """Return (interest, fixed sum) of an invoice, having seen that both ways to price it agree."""
        figures = self.charge(move, until)
        self.charges._renew(self.company, date.fromisoformat(until))
        known = {"interest": 0.0, "fixed_sum": 0.0}
        for charge in move.recovery_charge_ids:
            booked = charge.amount_booked - charge.excess
            known[charge.kind] += charge.amount if charge.state == "accrued" else booked
        self.assertEqual([f"{amount:.2f}" for amount in known.values()], [f"{float(f):.2f}" for f in figures])
        return figures

    def test_received_on_the_due_date_the_rest_bears_interest(self):
        self.money(self.owner, 900, "2026-07-31")
        self.assertEqual(self.engine_and_kernel(self.late, "2026-09-29"), ("2.04", "40.00"))
        notice = self._formal_notice("2026-09-29")
        content = notice._contents()[notice.id]
        self.assertEqual(
            [(line.base, line.days, line.amount) for line in content.charges][:1], [(100, 60, 2.04)]
        )
        self.assertEqual(content.balances, {self.euro: 142.04})

    def _formal_notice(self, day, uncovered=100):
        level = self.env.ref("payment_plan_recovery.level_standard_formal")
        shared = {"company_id": self.company.id, "partner_id": self.owner.id, "level_id": level.id}
        notice = (
            self.env["recovery.notice"]
            .sudo()
            .create({**shared, "date": day, "channel": "letter", "state": "approved"})
        )
        self.env["recovery.notice.line"].sudo().create(
            {
                "level_id": level.id,
                "notice_id": notice.id,
                "move_line_id": self.item(self.late).id,
                "amount_residual": uncovered,
                "date_due": "2026-07-31",
            }
        )
        return notice

    def test_all_of_it_on_the_due_date_nothing_is_owed_a_day_later_the_fixed_sum_is(self):
        receipt = self.money(self.owner, 1000, "2026-07-31")
        self.assertEqual(self.engine_and_kernel(self.late, "2026-09-29"), ("0.00", "0.00"))
        receipt.move_id.button_draft()
        receipt.move_id.date = "2026-08-01"
        receipt.move_id.action_post()
        self.assertEqual(self.engine_and_kernel(self.late, "2026-09-29"), ("0.34", "40.00"))

    def test_matched_or_not_the_figure_is_one(self):
        receipt = self.money(self.owner, 600, "2026-08-31")
        before = self.engine_and_kernel(self.late, "2026-10-10")
        (receipt | self.item(self.late)).reconcile()
        self.assertEqual(self.engine_and_kernel(self.late, "2026-10-10"), before)

    def test_money_that_came_later_is_not_there_yet(self):
        self.money(self.owner, 1000, "2026-08-31")
        self.assertEqual(self.engine_and_kernel(self.late, "2026-08-30"), ("10.19", "40.00"))
        self.assertEqual(self.engine_and_kernel(self.late, "2026-12-31"), ("10.53", "40.00"))

    def test_a_credit_note_says_its_part_was_never_owed_matched_or_not(self):
        self.credit_note(self.owner, 1000, "2026-09-01")
        self.assertEqual(self.engine_and_kernel(self.late, "2026-10-10"), ("0.00", "0.00"))

    def test_a_refund_bears_no_charges_nor_does_what_it_gives_back(self):
        debtor = self.debtor()
        self.credit_note(debtor, 200, "2026-09-01")
        refund = self.money(debtor, -200, "2026-09-10")
        self.assertEqual(self.charge(refund.move_id, "2026-10-10"), ("0", "0.00"))
        self.charges._renew(self.company, date(2026, 10, 10))
        self.assertFalse(self.charges.search([("partner_id", "=", debtor.id)]))

    def test_a_refund_alone_bears_none_either(self):
        refund = self.money(self.debtor(), -200, "2026-09-10")
        self.assertEqual(self.engine_and_kernel(refund.move_id, "2026-12-31"), ("0", "0.00"))

    def test_another_debtor_s_money_counts_for_nothing(self):
        self.money(self.debtor(), 900, "2026-07-31")
        self.assertEqual(self.engine_and_kernel(self.late, "2026-09-29"), ("20.38", "40.00"))

    def test_what_was_booked_before_is_shown_and_given_back(self):
        invoice = self.book(self.late, "2026-09-29")
        self.assertEqual(invoice.amount_total, 60.38)
        # entered late: the money had come on the due date
        self.money(self.owner, 1000, "2026-07-31")
        self.late._recovery_receivable_items()._recovery_accrue(date(2026, 9, 30))
        self.assertEqual(sorted(self.late.recovery_charge_ids.mapped("excess")), [20.38, 40])
        [found] = self.item(self.late)._recovery_charges(date(2026, 9, 30)).values()
        self.assertEqual(float(found.excess), 60.38)
        note = self.env["account.move"].browse(self.late.recovery_charge_ids.action_credit_excess()["res_id"])
        note.action_post()
        self.assertEqual((note.amount_total, note.reversed_entry_id), (60.38, invoice))
        self.assertEqual(sum(self.late.recovery_charge_ids.mapped("amount_booked")), 0)
        self.assertEqual(self.engine_and_kernel(self.late, "2026-12-31"), ("0.00", "0.00"))

    def test_what_is_invoiced_too_much_comes_off_the_notice(self):
        self.book(self.late, "2026-08-30")
        self.money(self.owner, 500, "2026-07-31")
        notice = self._formal_notice("2026-08-30", uncovered=500)
        amounts = [line.amount for line in notice._contents()[notice.id].charges]
        self.assertEqual(amounts, [-5.09])

    def test_somebody_is_asked_to_give_back_what_was_booked_too_much(self):
        self.book(self.late, "2026-09-29")
        rows = self.env["recovery.next.action.credit_charges"]._rows
        self.assertFalse(self.env.execute_query(rows(self.company, date(2026, 9, 30))))
        self.money(self.owner, 1000, "2026-07-31")
        self.charges._renew(self.company, date(2026, 9, 30))
        self.env.flush_all()
        found = self.env.execute_query(rows(self.company, date(2026, 9, 30)))
        self.assertEqual({row[0] for row in found}, {self.owner.id})

    def test_money_over_the_charges_invoice_settles_interest_like_a_payment(self):
        # 600 on 31 August settle 40 + 10.53 first, see the like with a matched payment in test_charge_booking
        self.pay(self.late, 600, "2026-08-31")
        invoice = self.book(self.late, "2026-08-31")
        before = self.charge(self.late, "2026-09-30")
        receipt = self.money(self.owner, 50.53, "2026-08-31", ref=invoice.name)
        unmatched = self.engine_and_kernel(self.late, "2026-09-30")
        self.assertNotEqual(unmatched, before)
        (receipt | self.item(invoice)).reconcile()
        self.assertEqual(self.engine_and_kernel(self.late, "2026-09-30"), unmatched)
