"""What may not happen to what a debtor agreed to, whoever tries."""

from datetime import date

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools.mail import html_to_inner_content

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanGuard(PlanCommon):
    def test_credit_note_and_write_off_are_told(self):
        move = self.invoice(300)
        plan = self.active_plan(move, end_of_month=True)
        reversal = move._reverse_moves([{"invoice_date": move.invoice_date}])
        reversal.invoice_line_ids.price_unit = 120
        reversal.action_post()
        (self.item(reversal) + self.item(move)).reconcile()
        self.assertEqual(
            self.told(plan),
            f"{move.name}: $ 120.00 less to pay, credited by {reversal.name}. On the schedule: instalment 1 is"
            " paid and instalment 2 has $ 20.00 of $ 100.00. Next to pay: $ 80.00 on 02/28/2026.",
        )
        write_off = self.receive(self.item(move), 30, journal=self.company_data["default_journal_misc"])
        self.assertEqual(
            self.told(plan),
            f"{move.name}: $ 30.00 less to pay, not by a payment: {write_off.name}. On the schedule:"
            " instalment 2 has $ 50.00 of $ 100.00. Next to pay: $ 50.00 on 02/28/2026.",
        )
        payment = self.pay(move, 50)
        self.assertFalse(self.told(plan))  # the next instalment was paid: no news
        payment.line_ids.remove_move_reconcile()
        self.assertRegex(self.told(plan), "50.00 of .* taken back, to be paid again. .*has .*50.00 of")
        self.assertEqual(plan.amount_paid, 150)

    def told(self, plan):
        """Return what the transaction, were it committed now, tells in the plan's history."""
        count = len(plan.message_ids)
        self.env.cr.flush()
        news = plan.message_ids.sorted("id")[count:]
        self.assertLessEqual(len(news), 1)
        return " ".join(html_to_inner_content(news.body).split()) if news else ""

    def test_what_is_paid_outside_the_schedule_is_told(self):
        """100 due on 31 January: 200 are the next two instalments on that day, 200.01 reach the third."""
        first, second = self.invoice(100.01), self.invoice(199.99)
        plan = self.active_plan(first, second, end_of_month=True)
        payment = self.pay(first, 100.01, "2026-01-31")
        self.assertFalse(self.told(plan))
        other = self.pay(second, 99.99, "2026-01-31")
        self.assertFalse(self.told(plan))
        last = self.receive(self.item(second), 0.01, "2026-01-31")
        self.assertEqual(
            self.told(plan),
            f"{second.name}: $ 0.01 paid, not as scheduled, by {last.name}. On the schedule: instalment 3 has"
            " $ 0.01 of $ 100.00. Next to pay: $ 99.99 on 03/31/2026.",
        )
        # What a transaction did and undid leaves the schedule as it was.
        lines = self.item(payment, first)
        lines.remove_move_reconcile()
        lines.reconcile()
        self.assertIn("The schedule stays as it was.", self.told(plan))
        (self.item(other) + self.item(last)).remove_move_reconcile()
        self.assertRegex(self.told(plan), "instalment 2 has .*0.01 of .* and instalment 3 is unpaid again")

    def test_everything_paid_at_once_is_told(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        self.pay(move, 300)
        self.assertIn("Nothing remains to pay on the schedule.", self.told(plan))

    def test_a_plan_that_ended_is_told_nothing(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        plan.action_break()
        self.told(plan)
        self.pay(move, 300)
        self.assertFalse(self.told(plan))

    def test_reversed_covered_invoice_completes_the_plan(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        move._reverse_moves([{"invoice_date": move.invoice_date}], cancel=True)
        plan.monitor(date(2026, 1, 20))
        self.assertEqual((plan.state, plan.amount_residual), ("completed", 0))

    def test_paid_in_full_says_the_history_of_what_was_paid_in_full(self):
        """And not of what was written off, or credited: it is evidence."""
        paid, given_up = (self.invoice(300) for _each in range(2))
        first, second = self.active_plan(paid), self.active_plan(given_up)
        self.pay(paid, 300)
        self.receive(
            self.item(given_up), 300, "2026-02-03", journal=self.company_data["default_journal_misc"]
        )
        (first | second).monitor(date(2026, 2, 4))
        self.assertEqual((first | second).mapped("state"), ["completed"] * 2)
        for plan, is_paid in ((first, True), (second, False)):
            told = " ".join(plan.message_ids.mapped("body"))
            self.assertEqual("Paid in full." in told, is_paid)
            self.assertEqual("what was not paid was credited or written off" in told, not is_paid)

    def test_accountant_who_cannot_read_plans_reconciles(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        clerk = new_test_user(
            self.env, "clerk", groups="account.group_account_invoice", company_id=self.company.id
        )
        payment = self.pay(move, 100)
        lines = self.item(payment, move).with_user(clerk)
        lines.remove_move_reconcile()
        self.assertEqual(plan.amount_paid, 0)
        lines.reconcile()
        self.assertEqual(plan.amount_paid, 100)

    def test_lines_of_an_agreement_are_not_deleted(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        plan.action_break()
        move.button_draft()
        with self.refused("cannot be deleted: the debtor accepted"):
            self.item(move).with_context(dynamic_unlink=True).unlink()

    def test_an_offer_lets_go_of_deleted_lines(self):
        move, other = self.invoice(300), self.invoice(10)
        plan = self.plan(move, other)
        plan.generate_instalments()
        move.button_draft()
        move.unlink()
        self.assertEqual(plan.item_ids.move_line_id, self.item(other))
        self.assertEqual(plan.amount_total, 10)

    def test_merged_debtor(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        merge = self.env["base.partner.merge.automatic.wizard"].sudo()
        other = self.env["res.partner"].create({"name": "Martin SARL", "is_company": True})
        contact = self.env["res.partner"].create({"name": "Anne", "parent_id": other.id})
        with self.refused("is agreed with the other one"):
            merge._merge((self.debtor + contact).ids, contact)
        merge._merge((self.debtor + other).ids, other)
        self.assertEqual((plan.partner_id, plan.instalment_ids.partner_id), (other, other))
        self.assertIn("was merged into Martin SARL", plan.message_ids[0].body)
        self.pay(move, 300)
        plan.monitor(date(2026, 2, 1))
        self.assertEqual(plan.state, "completed")

    def test_debtor_who_becomes_a_contact(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        offered = self.plan(self.invoice(90))
        offered.generate_instalments()
        firm = self.env["res.partner"].create({"name": "Martin SARL", "is_company": True})
        self.debtor.write({"is_company": False, "parent_id": firm.id})
        self.assertEqual((plan.partner_id, plan.instalment_ids.partner_id, offered.partner_id), (firm,) * 3)
        self.assertIn("belongs to Martin SARL", plan.message_ids[0].body)
        self.pay(move, 300)
        plan.monitor(date(2026, 2, 1))
        self.assertEqual(plan.state, "completed")

    def test_other_company_and_other_currency(self):
        other = self.setup_other_company()["company"]
        move = self.invoice(100)
        with self.assertRaises(UserError):
            self.plan(move, company_id=other.id)
        with self.refused("is not in the currency", ValidationError):
            self.plan(move, currency_id=self.setup_other_currency("GBP").id)
        foreign = self.active_plan(self.invoice(100, currency_id=self.setup_other_currency("GBP").id))
        self.assertEqual(foreign.currency_id.name, "GBP")

    def test_plans_of_another_company_are_out_of_sight(self):
        other = self.setup_other_company()["company"]
        plan = self.plan(self.invoice(100))
        plan.generate_instalments()
        plan.action_compare_options()
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="payment_plan_recovery.group_recovery_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for records in (plan, plan.item_ids, plan.instalment_ids, plan.option_ids):
            self.assertFalse(records.with_user(stranger).search([("id", "in", records.ids)]))

    def test_locked_period(self):
        """The ledger is not rewritten: a locked period stops neither the start of a plan nor its end."""
        move = self.invoice(300)
        self.company.sudo().fiscalyear_lock_date = "2025-12-31"
        plan = self.active_plan(move)
        self.assertTrue(self.item(move).no_followup)
        plan.action_cancel()
        self.assertFalse(self.item(move).no_followup)

    def test_uninstalling_gives_the_flags_back(self):
        chased, excluded = self.invoice(100), self.invoice(200)
        self.item(excluded).no_followup = True
        self.active_plan(chased, excluded)
        self.env["recovery.plan.item"].search([("is_live", "=", True)])._release()
        self.assertEqual(self.item(chased, excluded).mapped("no_followup"), [False, True])

    def test_exactly_as_before_dunning_history_included(self):
        """Level, due date and follow-up come back untouched: the plan never wrote on them."""
        move = self.invoice(300)
        item = self.item(move)
        level = self.env.ref("payment_plan_recovery.level_standard_reminder")
        notice = (
            self.env["recovery.notice"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.debtor.id,
                    "level_id": level.id,
                    "date": "2025-11-10",
                    "channel": "email",
                    "state": "sent",
                    "line_ids": [
                        Command.create(
                            {
                                "company_id": self.company.id,
                                "partner_id": self.debtor.id,
                                "level_id": level.id,
                                "move_line_id": item.id,
                                "currency_id": self.currency.id,
                                "amount_residual": 300,
                            }
                        )
                    ],
                }
            )
        )
        before = (item.date_maturity, item.no_followup, notice.line_ids.read())
        plan = self.active_plan(move)
        claims = self.env["recovery.claim"]
        self.assertFalse(claims.search([("move_line_id", "=", item.id)]))
        self.assertEqual(len(claims.search([("plan_id", "=", plan.id)])), 3)
        plan.action_break()
        self.assertEqual((item.date_maturity, item.no_followup, notice.line_ids.read()), before)
        self.assertEqual(claims.search([("move_line_id", "=", item.id)]).date_due, date(2025, 10, 31))
        self.assertFalse(claims.search([("plan_id", "=", plan.id)]))

    def test_what_was_agreed_is_forgotten_after_its_time(self):
        """Special terms are part of what was agreed, and may tell of a person as a note does."""
        invoice = self.invoice(300, "2026-01-01")
        plan = self.active_plan(invoice, note="<p>Until she is out of hospital</p>")
        self.pay(invoice, 300)
        plan.monitor(date(2026, 2, 1))
        self.assertEqual(plan.state, "completed")
        with self.assertRaises(UserError):
            plan.sudo().note = "<p>Something else</p>"
        rule = self.env.ref("payment_plan_recovery.retention_plan")
        with freeze_time("2040-01-01 10:00:00"):
            self.assertIn(plan, rule._due(self.company))
            rule._apply_due(plan, rule.id, self.company.id)
        self.assertFalse(plan.note)
        self.assertFalse(plan.signed_by)
        self.assertEqual(plan.amount_total, 300)
