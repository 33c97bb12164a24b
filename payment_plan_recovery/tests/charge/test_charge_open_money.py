"""Interest counts money from the day it came in, whether somebody matched it with the invoice yet or not."""

from datetime import date

from odoo import Command
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

    # -- what is booked elsewhere is owed all the same --------------------------------------------

    def doubtful(self, item, amount, day, **values):
        """Move ``amount`` of a claim to account 416 by a miscellaneous entry; return the item that is owed since."""
        account = self.env["account.account"].create(
            {"name": "Doubtful", "code": f"416{item.id % 1000:03}", "account_type": "asset_receivable"}
        )
        lines = [
            {"account_id": item.account_id.id, "partner_id": item.partner_id.id, "balance": -amount},
            {"account_id": account.id, "partner_id": item.partner_id.id, "balance": amount, **values},
        ]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        entry.action_post()
        settling, owed = entry.line_ids.sorted("balance")
        (item + settling).reconcile()
        return owed

    def test_interest_goes_on_when_a_claim_becomes_doubtful(self):
        """Law: until it is paid. Whatever due date the accountant enters, on the day or not; no second fixed sum."""
        for day, values in (
            ("2025-06-30", {}),
            ("2025-06-30", {"date_maturity": "2025-03-31"}),
            ("2025-06-30", {"date_maturity": "2025-06-30"}),
            ("2025-03-31", {}),
            ("2025-03-10", {"date_maturity": "2025-03-10"}),
        ):
            with self.subTest(day=day, **values):
                first = self.item(self.invoice(1200, "2025-03-31", self.owner, issued="2025-03-01"))
                owed = self.doubtful(first, 1200, day, **values)
                told = (first + owed)._recovery_charges(date(2025, 9, 15))
                self.assertEqual(
                    [str(sum(getattr(one, kind) for one in told.values())) for kind in ("interest", "fee")],
                    ["70.10", "40.00"],
                )
                late = day > "2025-03-31"
                self.assertEqual([bool(told[item.id].fee) for item in (first, owed)], [late, not late])
                with self.env.cr.savepoint() as undo:
                    self.charges._renew(self.company, date(2025, 9, 15))
                    kept = self.charges.search([("move_line_id", "in", (first + owed).ids)])
                    self.assertEqual(f"{sum(kept.mapped('amount')):.2f}", "110.10")
                    undo.rollback()
                self.env.invalidate_all()
        self.money(self.owner, 1200, "2025-07-31", ref=owed.move_id.name)
        [paid] = owed._recovery_charges(date(2025, 9, 15)).values()
        self.assertEqual(paid.until, date(2025, 7, 31), "what comes in ends it there too")
        again = self.doubtful(owed, 1200, "2025-08-31")
        told = (first + owed + again)._recovery_charges(date(2025, 8, 31))
        self.assertEqual(sum(bool(one.fee) for one in told.values()), 1, "however often it is moved")

    def test_the_clause_and_the_notice_of_the_invoice_go_along(self):
        person = self.debtor(is_company=False)
        move = self.invoice(1000, "2025-03-31", person)
        owed = self.doubtful(self.item(move), 1000, "2025-06-30")
        self.assertFalse(owed._recovery_charges(date(2025, 12, 31))[owed.id].interest, "no formal notice yet")
        move.recovery_notice_date = "2025-07-01"
        [told] = owed._recovery_charges(date(2025, 12, 31)).values()
        self.assertEqual(told.segments[0].date_from, date(2025, 7, 2))

    def tax_on_payment(self):
        self.company.tax_exigibility = True
        waiting, due = self.env["account.account"].create(
            [
                {
                    "name": "VAT to come",
                    "code": "445800",
                    "account_type": "liability_current",
                    "reconcile": True,
                },
                {"name": "VAT", "code": "445710", "account_type": "liability_current"},
            ]
        )
        shares = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": due.id}),
        ]
        return self.env["account.tax"].create(
            {
                "name": "20 % on payment",
                "amount": 20,
                "type_tax_use": "sale",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": waiting.id,
                "invoice_repartition_line_ids": shares,
                "refund_repartition_line_ids": shares,
            }
        )

    def test_vat_that_is_due_on_payment_changes_nothing_of_what_is_owed(self):
        """Interest is on the sum with VAT; the entries that make it due are neither claims nor money."""
        tax = self.tax_on_payment()
        work = Command.create({"name": "Work", "price_unit": 1000, "tax_ids": [Command.set(tax.ids)]})
        move = self.invoice(1200, "2025-03-31", self.debtor(), invoice_line_ids=[work])
        self.assertEqual(self.charge(move, "2025-09-15"), ("70.10", "40.00"))
        self.pay(move, 600, "2025-05-31")
        self.env.flush_all()
        caba = self.env["account.move"].search([("tax_cash_basis_origin_move_id", "=", move.id)])
        self.assertTrue(caba)
        claims = self.env["recovery.claim"].search([("partner_id", "=", move.partner_id.id)])
        self.assertEqual(
            [(claim.move_line_id, claim.amount_residual) for claim in claims], [(self.item(move), 600)]
        )
        money = self.env["recovery.open.money"].of_debtors(move.partner_id, self.company, date(2025, 9, 15))
        self.assertFalse(money)
        self.assertFalse(caba.line_ids._recovery_charges(date(2025, 9, 15))[caba.line_ids[0].id].total)
        only = {"debtor": move.partner_id.id}
        told = self.env["recovery.kpi"].figures(date(2025, 5, 1), date(2025, 5, 31), only=only)[None]
        self.assertEqual(told["recovery_rate"], (0.5, 600, 1200))
        self.assertEqual(told["overdue"], (1, 600, 600))
        self.assertEqual(told["cei"][1:], (600, 1200))
