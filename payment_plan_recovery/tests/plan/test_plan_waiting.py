"""Money that was received for a plan and is not matched: what follow-up, screens and papers say of it."""

from datetime import date

from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .plan_common import PlanCommon

MATCH = "payment_plan_recovery.mail_activity_match_money"


class WaitingCommon(PlanCommon):
    """Instalments of 100 due on the first of October, November and December 2026."""

    START = date(2026, 10, 1)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice(300)
        cls.covered = cls.active_plan(cls.move)

    @classmethod
    def receive_unmatched(cls, amount, day, currency=None, **vals):
        """Book ``amount`` on the debtor's account and match it with nothing; return the journal entry."""
        journal = cls.company_data["default_journal_bank"]
        line = {"partner_id": cls.debtor.id, "currency_id": (currency or cls.currency).id}
        entry = cls.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {**line, "account_id": cls.item(cls.move).account_id.id, "amount_currency": -amount}
                    ),
                    Command.create(
                        {**line, "account_id": journal.default_account_id.id, "amount_currency": amount}
                    ),
                ],
                **vals,
            }
        )
        entry.action_post()
        return entry

    def match(self, *entries):
        (self.item(*entries) + self.item(self.move)).reconcile()

    def wait_in_bank(self, amount, day):
        """A line of a bank statement with the debtor, of which nobody has said yet what it is."""
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": day,
                "payment_ref": "Transfer",
                "partner_id": self.debtor.id,
                "amount": amount,
            }
        )

    def state_on(self, day):
        self.env["recovery.plan"].monitor(date.fromisoformat(day))
        return self.covered.state

    def asked(self):
        """What a person has to do, and what he reads about it."""
        to_match = self.env.ref(MATCH)
        return [
            activity.note.striptags() if activity.activity_type_id == to_match else activity.summary
            for activity in self.covered.activity_ids
        ]


@tagged("post_install", "-at_install")
class TestPlanWaitingFollowUp(WaitingCommon):
    def test_a_person_is_asked_once_and_no_cure_notice_goes(self):
        self.receive_unmatched(100, "2026-10-01")
        for day in ("2026-10-06", "2026-10-10", "2026-10-19"):
            self.assertEqual(self.state_on(day), "active", day)
            [note] = self.asked()
            self.assertIn("100.00 received for the plan is not matched", note)
        self.assertFalse(self.covered.cure_notice_id)
        self.assertEqual(self.covered.activity_ids.user_id, self.covered.user_id)

    def test_without_the_money_the_cure_notice_goes(self):
        self.assertEqual([self.state_on(f"2026-10-{day}") for day in ("06", "11")], ["late", "in_default"])
        self.assertTrue(self.covered.cure_notice_id)

    def test_money_counts_from_its_day(self):
        self.receive_unmatched(100, "2026-10-08")
        self.assertEqual(self.state_on("2026-10-06"), "late")
        self.assertEqual(self.state_on("2026-10-08"), "active")

    def test_what_is_left_uncovered_is_late(self):
        self.receive_unmatched(60, "2026-10-01")
        self.assertEqual(self.state_on("2026-10-06"), "late")
        self.assertIn("40.00 late: instalment 1", self.covered.message_ids[0].body)
        self.assertEqual(self.state_on("2026-10-11"), "in_default")
        notice = self.covered.cure_notice_id
        self.assertEqual((notice.amount_total, notice.line_ids.amount_residual), (40, 40))
        self.assertEqual(notice._contents()[notice.id].balances, {self.currency: 40})
        self.assertEqual(len(self.asked()), 3)

    def test_received_within_the_deadline_of_a_cure_notice(self):
        self.assertEqual([self.state_on(f"2026-10-{day}") for day in ("06", "11")], ["late", "in_default"])
        notice = self.covered.cure_notice_id
        notice.sudo().write({"state": "sent", "date": "2026-10-10", "date_sent": "2026-10-10 08:00:00"})
        self.receive_unmatched(100, "2026-10-18")
        self.assertEqual(self.state_on("2026-10-19"), "active")
        self.assertFalse(self.covered.date_default)

    def test_complete_only_by_what_is_matched(self):
        entry = self.receive_unmatched(300, "2026-10-01")
        self.assertEqual(self.state_on("2026-12-20"), "active")
        self.assertEqual((self.covered.amount_paid, self.covered.amount_waiting), (0, 300))
        self.match(entry)
        self.assertEqual(self.state_on("2026-12-21"), "completed")
        self.assertFalse(self.covered.activity_ids)

    def test_nobody_is_asked_any_more_once_it_is_matched(self):
        entry = self.receive_unmatched(100, "2026-10-01")
        self.state_on("2026-10-06")
        self.match(entry)
        self.assertEqual(self.state_on("2026-10-06"), "active")
        self.assertEqual(self.asked(), [])

    def test_money_for_another_invoice_is_not_the_plan_s(self):
        other = self.invoice(100, date_due="2026-09-30")
        self.receive_unmatched(100, "2026-10-01", ref=other.name)
        self.assertEqual(self.state_on("2026-10-06"), "late")

    def test_an_older_debt_takes_it_first(self):
        self.invoice(100, date_due="2025-01-31")
        self.receive_unmatched(150, "2026-10-01")
        self.state_on("2026-10-06")
        self.assertIn("50.00 late", self.covered.message_ids[0].body)

    def test_a_memo_that_is_the_plan_s_number_is_for_the_plan(self):
        """Nothing of it goes to the older debt, but what is more than the plan covers."""
        older = self.invoice(500, date_due="2025-01-31")
        entry = self.receive_unmatched(100, "2026-10-01", ref=self.covered.name)
        self.assertEqual([self.state_on(f"2026-10-{day}") for day in ("05", "10", "19")], ["active"] * 3)
        self.assertEqual(self.covered.amount_waiting, 100)
        [note] = self.asked()
        self.assertIn("100.00 received for the plan is not matched", note)
        self.assertFalse(self.covered.cure_notice_id)
        first = self.covered.instalment_ids.sorted("number")[0]
        self.assertEqual(first._covered(date(2026, 10, 19)), {first: 100})
        self.receive_unmatched(300, "2026-10-20", ref=self.covered.name)
        money = self.env["recovery.open.money"]
        items = self.item(self.move, older)
        self.assertEqual(
            money.covered(items, date(2026, 10, 20)), {self.item(self.move).id: 300, self.item(older).id: 100}
        )
        entry.button_draft()
        entry.ref = f"{self.covered.name} first instalment"
        entry.action_post()
        self.assertEqual(
            money.covered(items, date(2026, 10, 19)), {self.item(older).id: 100}, "not exactly its number"
        )

    def test_of_several_covered_items_the_oldest_is_paid_first(self):
        second = self.invoice(200, date_due="2026-09-15")
        plan = self.active_plan(second, self.invoice(100, date_due="2026-08-15"))
        self.invoice(400, date_due="2026-01-31")
        self.receive_unmatched(150, "2026-10-01", ref=plan.name)
        by_age = plan.item_ids.move_line_id.sorted("date_maturity")
        found = self.env["recovery.open.money"].covered(by_age, date(2026, 10, 5))
        self.assertEqual([found.get(item.id, 0) for item in by_age], [100, 50])
        rows = plan.instalment_ids.sorted("number")
        self.assertEqual(rows._covered(date(2026, 10, 5)), {rows[0]: 100, rows[1]: 50})

    def test_a_standing_order_keeps_the_number_of_the_plan_that_was_renegotiated(self):
        older = self.invoice(500, date_due="2025-01-31")
        self.covered.action_renegotiate()
        revision = self.covered.revision_ids
        revision.generate_instalments()
        revision.action_propose()
        revision.action_accept()
        revision.action_activate()
        self.assertNotEqual(revision.name, self.covered.name)
        money, items = self.env["recovery.open.money"], self.item(self.move, older)
        self.receive_unmatched(60, "2026-10-01", ref=self.covered.name)
        self.receive_unmatched(40, "2026-10-01", ref=revision.name)
        self.assertEqual(money.covered(items, date(2026, 10, 5)), {self.item(self.move).id: 100})

    def test_a_plan_that_is_over_is_named_in_vain(self):
        older = self.invoice(500, date_due="2025-01-31")
        name = self.covered.name
        self.covered.action_cancel()
        self.receive_unmatched(100, "2026-10-01", ref=name)
        found = self.env["recovery.open.money"].covered(self.item(self.move, older), date(2026, 10, 5))
        self.assertEqual(found, {self.item(older).id: 100})

    def test_taken_back_before_it_was_matched(self):
        entry = self.receive_unmatched(100, "2026-10-01")
        self.assertEqual(self.state_on("2026-10-06"), "active")
        entry.button_draft()
        self.assertEqual(self.state_on("2026-10-06"), "late")

    def test_money_in_the_bank_s_books_or_another_currency_asks_first(self):
        other_currency = self.setup_other_currency("EUR", rates=[("2025-01-01", 2)])
        for make in (
            lambda: self.wait_in_bank(30, "2026-10-02").move_id,
            lambda: self.receive_unmatched(30, "2026-10-02", other_currency),
        ):
            entry = make()
            self.assertEqual([self.state_on(f"2026-10-{day}") for day in ("06", "10")], ["active"] * 2)
            [note] = self.asked()
            self.assertIn("30.00", note)
            entry.button_draft()
            self.assertEqual([self.state_on(f"2026-10-{day}") for day in ("11", "12")], ["in_default"] * 2)
            self.assertNotIn(note, self.asked())
            self.covered.action_cancel()
            self.covered = self.active_plan(self.move)

    def test_money_in_the_bank_s_books_keeps_from_breaking(self):
        self.assertEqual([self.state_on(f"2026-10-{day}") for day in ("06", "11")], ["late", "in_default"])
        notice = self.covered.cure_notice_id
        notice.sudo().write({"state": "sent", "date": "2026-10-10", "date_sent": "2026-10-10 08:00:00"})
        line = self.wait_in_bank(100, "2026-10-18")
        self.assertEqual(self.state_on("2026-10-19"), "in_default")
        line.move_id.button_draft()
        self.assertEqual(self.state_on("2026-10-20"), "broken")


@tagged("post_install", "-at_install")
class TestPlanWaitingShown(WaitingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entry = cls.receive_unmatched(150, "2026-10-01")

    def states(self, on):
        with freeze_time(on):
            self.env.invalidate_all()
            rows = self.covered.instalment_ids.sorted("number")
            states = rows.mapped("state")
            for state in states:
                found = rows.search([("plan_id", "=", self.covered.id), ("state", "=", state)])
                self.assertEqual(found, rows.filtered(lambda row, state=state: row.state == state))
            return states

    def test_state_of_an_instalment(self):
        self.assertEqual(self.states("2026-10-02"), ["waiting", "upcoming", "upcoming"])
        self.assertEqual(self.states("2026-11-01"), ["waiting", "due", "upcoming"])
        self.assertEqual(self.states("2026-11-02"), ["waiting", "late", "upcoming"])
        self.match(self.entry)
        self.assertEqual(self.states("2026-11-02"), ["paid", "late", "upcoming"])

    def test_figures_of_the_plan(self):
        with freeze_time("2026-11-02"):
            self.env.invalidate_all()
            plan = self.covered
            self.assertEqual(
                (plan.amount_paid, plan.amount_waiting, plan.amount_late, plan.next_date_due),
                (0, 150, 50, date(2026, 11, 1)),
            )

    def test_statement(self):
        lines = self.covered._statement_lines(date(2026, 11, 1))[self.covered]
        self.assertEqual(
            [
                (line["kind"], line["due"], line["received"], line["late"], line["remaining"])
                for line in lines
            ],
            [
                ("covered", 0, 0, 0, 300),
                ("due", 100, 0, 100, 300),
                ("waiting", 0, 150, 0, 150),
                ("due", 100, 0, 50, 150),
            ],
        )
        self.assertIn(f"{self.entry.name}, not matched yet", lines[2]["label"])
        self.match(self.entry)
        after = self.covered._statement_lines(date(2026, 11, 1))[self.covered]
        self.assertEqual([line["remaining"] for line in after], [line["remaining"] for line in lines])
        self.assertEqual(after[2]["kind"], "received")

    def test_what_a_message_asks_for(self):
        content = self.covered._contents(date(2026, 11, 1))[self.covered.id]
        self.assertEqual(content.next_payment, {self.currency: 50})
        self.assertEqual(content.deadline, date(2026, 11, 1))
        self.assertEqual([(claim.received, claim.residual) for claim in content.claims], [(50, 50), (0, 100)])
        remaining = self.env["recovery.placeholder.plan.remaining"]._value(content)
        self.assertIn("150.00", remaining)

    def test_nobody_is_told_to_call_about_what_was_received(self):
        self.covered.sudo().state = "late"
        late = self.env["recovery.next.action.plan_late"]

        def rows(on):
            self.env.flush_all()
            asked = self.company, date.fromisoformat(on)
            return self.env.execute_query(SQL("WITH %s %s", late._steps_sql(*asked), late._rows(*asked)))

        self.assertEqual(rows("2026-10-20"), [])
        self.assertEqual(
            rows("2026-11-20"), [(self.debtor.id, self.company.id, date(2026, 11, 1), self.covered.id)]
        )

    def test_money_counts_for_what_was_covered_only(self):
        """An older payment that bounces leaves more owed than was covered: money pays that first."""
        move = self.invoice(400, date_due="2026-01-31")
        early = self.pay(move, 100)
        plan = self.active_plan(move)
        early.line_ids.remove_move_reconcile()
        early.button_draft()
        self.receive_unmatched(130, "2026-10-02", ref=move.name)
        [line] = plan._statement_waiting(date(2026, 11, 1))[plan]
        self.assertEqual(line["received"], 30)
        self.assertEqual(list(plan.instalment_ids._covered(date(2026, 11, 1)).values()), [30])


@tagged("post_install", "-at_install")
class TestPlanWaitingScreens(WaitingCommon):
    def test_shown_to_a_collector(self):
        self.receive_unmatched(100, "2026-10-01")
        plan = self.covered.with_user(self.collector())
        with freeze_time("2026-10-05"):
            self.env.invalidate_all()
            self.assertEqual(plan.amount_waiting, 100)
            self.assertEqual(plan.instalment_ids.sorted("number")[0].state, "waiting")
