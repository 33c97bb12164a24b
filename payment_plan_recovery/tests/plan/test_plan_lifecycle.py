"""From draft to the end of a plan, and what each step refuses."""

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanLifecycle(PlanCommon):
    def test_main_path(self):
        """31 January, 28 February, 31 March: three invoices paid by three instalments."""
        first, second, third = self.invoice(100), self.invoice(200), self.invoice(0.01)
        plan = self.plan(first, second, third, end_of_month=True)
        self.assertEqual(plan.amount_total, 300.01)
        plan.generate_instalments()
        self.assertEqual(
            self.amounts(plan), [("2026-01-31", 100, 0), ("2026-02-28", 100, 0), ("2026-03-31", 100.01, 0)]
        )
        self.assertFalse(plan.name)
        plan.action_propose()
        self.assertRegex(plan.name, r"^PLAN/\d{4}/\d{5}$")
        plan.action_accept(signature=b"c2lnbmF0dXJl", signed_by="Anne Martin")
        self.assertEqual(
            (plan.state, plan.signed_by, plan.acceptance_method), ("accepted", "Anne Martin", "paper")
        )
        self.assertFalse(any(plan.item_ids.mapped("is_live")))
        plan.action_activate()
        self.assertEqual(plan.state, "active")
        self.assertEqual(self.item_states(plan), [(100, 0, True), (200, 0, True), (0.01, 0, True)])
        self.assertTrue(all(self.item(first, second, third).mapped("no_followup")))
        self.assertEqual(set(plan.instalment_ids.mapped("plan_state")), {"active"})

    def test_follow_up_flags_come_back_as_they_were(self):
        chased, excluded = self.invoice(100), self.invoice(200)
        self.item(excluded).no_followup = True
        for ending in ("action_cancel", "action_break"):
            plan = self.active_plan(chased, excluded)
            self.assertEqual(self.item(chased, excluded).mapped("no_followup"), [True, True])
            getattr(plan, ending)()
            self.assertEqual(self.item(chased).no_followup, False, ending)
            self.assertEqual(self.item(excluded).no_followup, True, ending)

    def test_only_the_covered_part_of_an_invoice_leaves_follow_up(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "In two",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        move = self.invoice(100, invoice_payment_term_id=terms.id, date_due=False)
        covered, other = self.item(move).sorted("date_maturity")
        plan = self.plan(move, item_ids=[Command.create({"move_line_id": covered.id})])
        plan.action_propose()
        plan.action_accept()
        plan.action_activate()
        self.assertEqual((covered.no_followup, other.no_followup), (True, False))
        plan.action_cancel()
        self.assertEqual((covered.no_followup, other.no_followup), (False, False))

    def test_each_step_refuses_the_wrong_state(self):
        plan = self.plan(self.invoice(300))
        steps = {
            "action_accept": {"proposed"},
            "action_activate": {"accepted"},
            "action_draft": {"proposed"},
            "action_renegotiate": {"active"},
            "action_break": {"active"},
            "action_reopen": {"cancelled"},
        }
        for state, move_on in (
            ("draft", plan.action_propose),
            ("proposed", plan.action_accept),
            ("accepted", plan.action_activate),
            ("active", plan.action_cancel),
            ("cancelled", None),
        ):
            self.assertEqual(plan.state, state)
            for step, allowed in steps.items():
                if state not in allowed:
                    with self.refused("is in state"):
                        getattr(plan, step)()
            if move_on:
                move_on()
        for step in ("action_propose", "action_cancel", "generate_instalments"):
            with self.refused("is in state"):
                getattr(plan, step)()
        with self.refused("accepted this plan"):
            plan.action_reopen()

    def test_what_was_signed_meanwhile_is_not_cancelled_as_an_offer(self):
        plan = self.plan(self.invoice(300))
        plan.action_propose()
        seen = plan.with_context(recovery_seen_unsigned=True)
        plan.action_accept()
        with self.refused("has signed meanwhile"):
            seen.action_cancel()
        self.assertEqual(plan.state, "accepted")

    def test_cancelled_offer_can_be_taken_up_again(self):
        plan = self.plan(self.invoice(300))
        plan.action_propose()
        number = plan.name
        plan.action_cancel()
        plan.action_reopen()
        plan.action_propose()
        self.assertEqual((plan.name, plan.date_closed), (number, False))

    def test_nothing_to_pay_is_no_plan(self):
        plan = self.plan(self.invoice(300), item_ids=[])
        with self.refused("covers nothing"):
            plan.action_propose()

    def test_instalments_must_make_the_total(self):
        move = self.invoice(300)
        plan = self.plan(move)
        plan.generate_instalments()
        self.pay(move, 50)
        self.assertEqual(plan.amount_total, 250)  # a draft follows the ledger
        with self.refused("make 300.00, the plan covers 250.00"):
            plan.action_propose()
        plan.generate_instalments()
        plan.action_propose()

    def test_agreed_terms_are_frozen(self):
        plan = self.plan(self.invoice(300))
        plan.action_propose()
        for do in (
            lambda: plan.write({"instalment_count": 4}),
            lambda: plan.instalment_ids[0].write({"amount": 1}),
        ):
            with self.refused("It must be: Draft"):
                do()
        plan.action_accept()
        collector = plan.with_user(self.collector())
        for do in (
            lambda: collector.write({"acceleration_clause": False}),
            lambda: collector.instalment_ids[0].write({"date_due": "2030-01-01"}),
            collector.instalment_ids.unlink,
            collector.item_ids.unlink,
            lambda: collector.item_ids.write({"plan_id": False}),
            lambda: collector.write(
                {"item_ids": [Command.create({"move_line_id": self.item(self.invoice(5)).id})]}
            ),
        ):
            with self.refused("It must be: Draft"):
                do()

    def test_states_are_not_written_by_clients(self):
        plan = self.plan(self.invoice(300)).with_user(self.collector())
        for vals in ({"state": "active"}, {"date_accepted": "2026-01-01"}, {"amount_paid": 300}):
            with self.assertRaises(AccessError):
                plan.write(vals)
        with self.assertRaises(AccessError):
            plan.create({"partner_id": self.debtor.id, "state": "active"})

    def test_readers_cannot_move_a_plan(self):
        plan = self.plan(self.invoice(300))
        plan.action_propose()
        reader = self.env["res.users"].create(
            {
                "name": "Reader",
                "login": "reader",
                "group_ids": [Command.set(self.env.ref("account.group_account_readonly").ids)],
            }
        )
        for step in ("action_accept", "action_cancel", "action_draft"):
            with self.assertRaises(AccessError):
                getattr(plan.with_user(reader), step)()

    def test_collector_without_accounting_rights_goes_all_the_way(self):
        move = self.invoice(300)
        plan = self.plan(move).with_user(self.collector())
        plan.action_propose()
        plan.action_accept()
        plan.action_activate()
        self.assertTrue(self.item(move).no_followup)
        plan.action_cancel()
        self.assertFalse(self.item(move).no_followup)

    def test_unfit_items(self):
        draft = self.invoice(10)
        draft.button_draft()
        paid = self.invoice(10)
        self.pay(paid, 10)
        someone_else = self.invoice(10, partner_id=self.partner_a.id)
        refund = self.invoice(10, move_type="out_refund")
        for move, reason in (
            (draft, "is not posted"),
            (paid, "Nothing is owed"),
            (refund, "Nothing is owed"),
            (someone_else, "is not owed by"),
        ):
            with self.refused(reason, ValidationError):
                self.plan(move)
        with self.refused("is no receivable", ValidationError):
            revenue = self.invoice(10).line_ids.filtered(lambda line: line.account_type == "income")
            self.plan(self.invoice(10), item_ids=[Command.create({"move_line_id": revenue.id})])

    def test_accepted_plans_stay_on_file(self):
        plan = self.plan(self.invoice(300))
        plan.action_propose()
        plan.copy().unlink()
        plan.action_accept()
        plan.action_cancel()
        with self.refused("stays on file"):
            plan.unlink()

    def test_an_item_is_in_one_signed_plan(self):
        move = self.invoice(300)
        plan, other = self.plan(move), self.plan(move)
        plan.action_propose()
        other.action_propose()
        plan.action_accept()
        with self.refused("already in PLAN"):
            other.action_accept()

    def test_covered_invoice_is_not_undone(self):
        move = self.invoice(300)
        plan = self.plan(move)
        plan.action_propose()
        move.button_draft()  # nothing was agreed yet
        move.action_post()
        plan.action_accept()
        plan.action_activate()
        for undo in (move.button_draft, move.button_cancel):
            with self.refused("pays by instalments"):
                undo()
        plan.action_cancel()
        move.button_draft()
