"""From the debtor, invoices or claims to a plan's terms, and its schedule changed by hand."""

from datetime import date

from odoo import Command
from odoo.tests import Form, tagged

from .test_plan_option import OptionCommon


@tagged("post_install", "-at_install")
class TestPlanNegotiation(OptionCommon):
    def wizard(self, **context):
        return Form(self.env["recovery.plan.negotiation"].with_context(**context))

    def test_from_a_debtor(self):
        """What is overdue is chosen, what is not due is offered, what is in a plan is left out."""
        overdue, not_due, covered = self.invoice(100), self.invoice(200, "2099-01-01"), self.invoice(300)
        self.active_plan(covered)
        wizard = self.wizard(default_partner_id=self.debtor.id)
        self.assertEqual(wizard.move_line_ids[:], self.item(overdue))
        wizard.include_not_due = True
        self.assertEqual(wizard.move_line_ids[:], self.item(overdue, not_due))
        self.assertEqual(wizard.amount_total, 300)
        plan = self.env["recovery.plan"].browse(wizard.save().action_draft_plan()["res_id"])
        self.assertEqual(plan.amount_total, 300)
        self.assertIn("recommended", plan.option_ids.mapped("kind"))
        self.assertTrue(plan.instalment_ids)

    def test_what_nobody_asks_for_is_not_proposed(self):
        """A small residue; whoever wants it in the plan takes the invoice."""
        self.company.recovery_residue_amount = 5
        owed, asked = self.invoice(1000), self.invoice(500)
        self.pay(owed, 996)
        self.pay(asked, 495)
        wizard = self.wizard(default_partner_id=self.debtor.id)
        self.assertEqual(wizard.move_line_ids[:], self.item(asked))
        wizard = self.wizard(active_model="account.move", active_ids=owed.ids)
        self.assertEqual(wizard.move_line_ids[:], self.item(owed))

    def test_starts_within_what_may_be_granted(self):
        self.policy.count_max = 4
        self.company.recovery_plan_policy_id = self.policy
        self.invoice(100)
        plan = self.env["recovery.plan"].browse(
            self.wizard(default_partner_id=self.debtor.id).save().action_draft_plan()["res_id"]
        )
        self.assertEqual((plan.instalment_count, len(plan.instalment_ids)), (4, 4))
        self.assertFalse(plan.policy_exceptions)

    def test_from_invoices(self):
        moves = self.invoice(100) + self.invoice(200, "2099-01-01")
        wizard = self.wizard(active_model="account.move", active_ids=moves.ids)
        self.assertEqual(wizard.move_line_ids[:], self.item(*moves))

    def test_from_claims(self):
        move = self.invoice(100)
        claims = self.env["recovery.claim"].search([("move_id", "=", move.id)])
        wizard = self.wizard(active_model="recovery.claim", active_ids=claims.ids)
        self.assertEqual((wizard.partner_id, wizard.move_line_ids[:]), (self.debtor, self.item(move)))
        for model in ("account.move", "recovery.claim"):
            bindings = self.env["ir.actions.actions"].get_bindings(model)["action"]
            self.assertIn("Propose a plan", [binding["name"] for binding in bindings], model)

    def test_one_debtor_at_a_time(self):
        moves = self.invoice(100) + self.invoice(200, partner_id=self.partner_a.id)
        with self.refused("one debtor"):
            self.wizard(active_model="account.move", active_ids=moves.ids)

    def test_nothing_chosen(self):
        wizard = self.wizard(default_partner_id=self.debtor.id)
        with self.refused("Choose the items"):
            wizard.save().action_draft_plan()

    def test_a_change_keeps_the_total(self):
        plan = self.plan(self.invoice(300))
        plan.generate_instalments()
        first, second, third = plan.instalment_ids.sorted("number")
        wizard = self.env["recovery.plan.change"].with_context(**first.action_change()["context"])
        form, stale = Form(wizard), Form(wizard)
        self.assertEqual((form.amount, form.date_due), (first.amount, first.date_due))
        form.amount = 40
        form.save().action_change()
        self.assertEqual([row.amount for row in (first, second, third)], [40, 160, 100])
        stale.date_due = "2026-02-05"
        stale.save().action_change()
        self.assertEqual(
            (first.amount, first.date_due), (40, date(2026, 2, 5)), "somebody else's amount stands"
        )
        stale = Form(wizard)
        plan.rebalance(first, 50)
        stale.amount = 60
        with self.refused("Somebody else changed meanwhile"):
            stale.save().action_change()
        plan.rebalance(first, 40)
        plan.rebalance(first, 100, mode="last")
        self.assertEqual([row.amount for row in (first, second, third)], [100, 160, 40])
        plan.rebalance(first, 140, date(2026, 2, 10), "spread")
        self.assertEqual([row.amount for row in (first, second, third)], [140, 128, 32])
        self.assertEqual(first.date_due, date(2026, 2, 10))
        with self.refused("does not come after"):
            plan.rebalance(first, date=date(2026, 3, 1))
        with self.refused("No instalment after number 3"):
            plan.rebalance(third, 10)
        plan.action_propose()

    def test_written_by_hand(self):
        plan = self.plan(
            self.invoice(300),
            period="dates",
            instalment_ids=[
                Command.create({"date_due": day, "amount": 0}) for day in ("2026-02-01", "2026-05-01")
            ],
        )
        plan.generate_instalments()
        self.assertEqual(self.amounts(plan), [("2026-02-01", 150, 0), ("2026-05-01", 150, 0)])
        plan = self.plan(
            self.invoice(300),
            shape="written",
            instalment_ids=[
                Command.create({"date_due": "2026-02-01", "amount": amount}) for amount in (100, 200)
            ],
        )
        plan.generate_instalments()
        self.assertEqual(self.amounts(plan), [("2026-01-31", 100, 0), ("2026-02-28", 200, 0)])

    def test_schedule_inputs(self):
        """Every input of the terms reaches the schedule."""
        for terms, expected in (
            (
                {"amount_max": 100, "instalment_count": 9},
                [("2026-01-31", 100), ("2026-02-28", 100), ("2026-03-31", 100)],
            ),
            ({"period": "week", "instalment_count": 2}, [("2026-01-31", 150), ("2026-02-07", 150)]),
            ({"period": "fortnight", "instalment_count": 2}, [("2026-01-31", 150), ("2026-02-14", 150)]),
            ({"period": "quarter", "instalment_count": 2}, [("2026-01-31", 150), ("2026-04-30", 150)]),
            ({"paused_months": "2, 3", "instalment_count": 2}, [("2026-01-31", 150), ("2026-04-30", 150)]),
            (
                {"down_payment_percent": 10, "down_payment_date": "2026-01-10", "instalment_count": 1},
                [("2026-01-10", 30), ("2026-01-31", 270)],
            ),
            (
                {"shape": "stepped", "step_amount": 50},
                [("2026-01-31", 50), ("2026-02-28", 100), ("2026-03-31", 150)],
            ),
            ({"shape": "weighted", "weights": "1; 2"}, [("2026-01-31", 100), ("2026-02-28", 200)]),
            (
                {"rounding_unit": 70, "remainder_on": "first", "instalment_count": 2},
                [("2026-01-31", 160), ("2026-02-28", 140)],
            ),
            (
                {"end_of_month": True, "date_start": "2026-02-28", "instalment_count": 2},
                [("2026-02-28", 150), ("2026-03-31", 150)],
            ),
            # 31 January and 28 February 2026 are Saturdays
            (
                {"business_days": "following", "instalment_count": 2},
                [("2026-02-02", 150), ("2026-03-02", 150)],
            ),
            ({"business_days": "modified_following", "instalment_count": 1}, [("2026-01-30", 300)]),
        ):
            plan = self.plan(self.invoice(300), **terms)
            plan.generate_instalments()
            self.assertEqual([row[:2] for row in self.amounts(plan)], expected, terms)

    def test_company_holidays(self):
        calendar = self.company.resource_calendar_id
        calendar.tz = "Europe/Paris"
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-02-01 23:00:00",
                "date_to": "2026-02-03 11:30:00",  # 2 February, and 3 February until half past twelve
            }
        )
        plan = self.plan(self.invoice(300), business_days="following", instalment_count=1)
        plan.generate_instalments()
        self.assertEqual(plan.instalment_ids.date_due, date(2026, 2, 4))

    def test_nonsense_is_refused_in_words(self):
        for terms, message in (
            ({"instalment_count": 0}, "there must be one at least"),
            ({"instalment_count": 10000}, "are too many"),
            ({"amount_max": 5, "rounding_unit": 10}, "below the rounding unit"),
            ({"paused_months": "13"}, "not a possible month"),
            ({"paused_months": "1 2 3 4 5 6 7 8 9 10 11 12"}, "Every month"),
            ({"paused_months": "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13"}, "not a possible month"),
            ({"item_ids": []}, "nothing to pay by instalments: the total is 0.00"),
            ({"rounding_unit": -10}, "must be above zero"),
            ({"amount_max": -5}, "must be above zero"),
            ({"instalment_count": 30001}, "are too many"),
            ({"paused_months": "July"}, "as numbers from 1 to 12"),
            ({"date_start": False}, "when the first instalment"),
            ({"down_payment": 300, "down_payment_date": "2026-01-01"}, "leaves nothing"),
            ({"down_payment": 30}, "when the down payment is due"),
            ({"shape": "stepped"}, "do not describe"),
        ):
            with self.refused(message):
                self.plan(self.invoice(300), **terms).generate_instalments()
