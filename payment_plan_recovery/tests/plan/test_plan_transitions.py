"""Every step from every state: what it leads to, or that it is refused."""

from contextlib import suppress
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .plan_common import PlanCommon

LIVE = {"active", "late", "in_default"}
#: step → {state it starts from: state it leads to}; from any other state it is refused.
STEPS = {
    "action_propose": {"draft": "proposed"},
    "action_draft": {"proposed": "draft"},
    "action_send_offer": {"proposed": "proposed"},
    "action_accept": {"proposed": "accepted"},
    "action_activate": {"accepted": "active"},
    "action_renegotiate": {state: state for state in LIVE},  # in force until its revision is
    "action_break": dict.fromkeys(LIVE, "broken"),
    "action_cancel": dict.fromkeys({"draft", "proposed", "accepted", *LIVE}, "cancelled"),
    "action_reopen": {"cancelled": "draft"},
    "generate_instalments": {"draft": "draft"},
    "action_compare_options": {"draft": "draft"},
    "action_print_options": {"draft": "draft"},
}
#: state → what a day's follow-up makes of it on 4 February, 9 February, and once everything is paid.
FOLLOWED = {
    "active": ("late", "in_default", "completed"),
    "late": ("late", "in_default", "completed"),
    "in_default": ("in_default", "in_default", "completed"),
}
FOLLOW_UP_DAYS = (date(2026, 2, 4), date(2026, 2, 9))


class TriedError(Exception):
    """What was tried is rolled back."""


@tagged("post_install", "-at_install")
class TestPlanTransitions(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice(300)

    def in_state(self, state):
        """Return a plan that came to ``state`` as plans do; 100 due on 31 January and the months after."""
        if state in ("draft", "proposed", "accepted", "cancelled"):
            plan = self.plan(self.move, end_of_month=True)
            plan.generate_instalments()
            for step in {
                "proposed": ["action_propose"],
                "accepted": ["action_propose", "action_accept"],
                "cancelled": ["action_propose", "action_cancel"],
            }.get(state, ()):
                getattr(plan, step)()
            return plan
        plan = self.active_plan(self.move, end_of_month=True)
        if state in ("late", "in_default"):
            plan.monitor(FOLLOW_UP_DAYS[state == "in_default"])
        elif state == "broken":
            plan.action_break()
        elif state == "completed":
            self.pay(self.move, 300)
            plan.monitor(date(2026, 2, 1))
        elif state == "superseded":
            revision = plan.browse(plan.action_renegotiate()["res_id"])
            revision.action_propose()
            revision.action_accept()
            revision.action_activate()
        return plan

    def tried(self, plan, act):
        """Return the state that ``act`` leads to, or the words it is refused with; then all is as before."""
        found = []
        try:
            with suppress(TriedError), self.env.cr.savepoint():
                act()
                found.append(plan.exists().state)
                raise TriedError
        except UserError as error:
            found.append(str(error))
        return found[0]

    def each_state(self):
        """Yield a plan in each state, one after the other."""
        for state, _label in self.env["recovery.plan"]._fields["state"].selection:
            with self.subTest(state=state), suppress(TriedError), self.env.cr.savepoint():
                plan = self.in_state(state)
                self.assertEqual(plan.state, state)
                yield plan
                raise TriedError

    def test_each_step_from_each_state(self):
        seen = set()
        for plan in self.each_state():
            state = plan.state
            seen.add(state)
            for step, leads_to in STEPS.items():
                found = self.tried(plan, getattr(plan, step))
                if state in leads_to:
                    self.assertEqual(found, leads_to[state], (state, step))
                else:
                    self.assertRegex(found, "is in state .* you cannot", (state, step))
                self.assertEqual(plan.state, state, (state, step))
        self.assertEqual(len(seen), 10)

    def test_terms_change_in_drafts_only(self):
        for plan in self.each_state():
            row = plan.instalment_ids[:1]
            for change in (
                lambda plan=plan: plan.write({"instalment_count": 4}),
                lambda plan=plan, row=row: plan.rebalance(row, 90),
                lambda row=row: row.write({"amount": 90}),
                lambda row=row: row.unlink(),
                lambda plan=plan: plan.item_ids.write({"move_line_id": plan.item_ids.move_line_id.id}),
            ):
                found = self.tried(plan, change)
                if plan.state == "draft":
                    self.assertEqual(found, "draft")
                else:
                    self.assertRegex(found, "is in state .* It must be", plan.state)

    def test_follow_up_from_each_state(self):
        for plan in self.each_state():
            state = plan.state
            late, in_default, paid = FOLLOWED.get(state, (state,) * 3)
            for day, expected in zip(FOLLOW_UP_DAYS, (late, in_default), strict=True):
                found = self.tried(plan, lambda plan=plan, day=day: plan.monitor(day))
                self.assertEqual(found, expected, (state, day))

            def pay_all(plan=plan):
                if plan.item_ids.move_line_id.amount_residual:
                    self.pay(self.move, 300)
                plan.monitor(date(2026, 2, 1))

            self.assertEqual(self.tried(plan, pay_all), paid, state)

    def test_only_what_nobody_accepted_is_deleted(self):
        """Drafts, offers and offers withdrawn may go; whatever a debtor accepted stays on file."""
        for plan in self.each_state():
            found = self.tried(plan, plan.unlink)
            if plan.state in ("draft", "proposed", "cancelled"):
                self.assertIs(found, False)  # there is no plan any more
            else:
                self.assertIn("stays on file", found)
