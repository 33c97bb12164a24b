"""The call sheet: what is known of a debtor, and what the playbook says at its stage and to its cause."""

from datetime import date

from freezegun import freeze_time
from odoo.tests import Form, tagged

from ..plan.plan_common import PlanCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 12:00:00")
class TestPlaybook(PlanCommon):
    def sheet(self, cause=None, **values):
        """A call that is being noted, as its dialog has it."""
        return self.env["recovery.contact"].new(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "cause_id": cause and self.env.ref(f"payment_plan_recovery.cause_{cause}").id,
                **values,
            }
        )

    def sent(self, level, move):
        """A notice of ``level`` about the items of ``move`` went out."""
        notice = (
            self.env["recovery.notice"]
            .sudo()
            .create(
                {
                    "partner_id": self.debtor.id,
                    "company_id": self.company.id,
                    "level_id": level.id,
                    "channel": "email",
                    "state": "sent",
                    "date": "2026-02-20",
                    "date_sent": "2026-02-20 10:00:00",
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "move_line_id": self.item(move).id,
                                "level_id": level.id,
                                "amount_residual": 100,
                                "date_due": move.invoice_date_due,
                            },
                        )
                    ],
                }
            )
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return notice

    # -- stages --------------------------------------------------------------------------------

    def test_the_stage_follows_what_was_sent(self):
        self.assertEqual(self.sheet().call_stage, "before")
        move = self.invoice(100, "2026-01-10")
        self.assertEqual(self.sheet().call_stage, "reminder")
        policy = self.env.ref("payment_plan_recovery.policy_standard")
        levels = policy.level_ids.sorted()
        told = {
            level: ("after" if level == levels[-1] else {"courteous": "reminder"}.get(tone, tone))
            for level in levels
            for tone in [level.message_ids[:1].tone]
        }
        for level in levels:
            notice = self.sent(level, move)
            stage = self.sheet().call_stage
            if level.letter_kind == "formal_notice" and level != levels[-1]:
                self.assertEqual(stage, "formal")
            else:
                self.assertEqual(stage, told[level], level.name)
            notice.line_ids.is_live = False

    def test_a_plan_that_is_late_comes_before_everything(self):
        plan = self.active_plan(self.invoice(300, "2025-12-10"))
        self.env.flush_all()
        self.env.cr.execute("UPDATE recovery_plan SET state = 'late' WHERE id = %s", [plan.id])
        self.env.invalidate_all()
        self.assertEqual(self.sheet().call_stage, "plan")

    # -- what is shown -------------------------------------------------------------------------

    def test_every_stage_has_a_script_and_every_cause_an_answer(self):
        playbook = self.env["recovery.playbook"]
        for stage, _label in playbook._fields["stage"].selection:
            scripts, answers = playbook._for_call(stage, self.env["recovery.cause"])
            self.assertEqual(scripts.mapped("stage"), [stage])
            self.assertGreater(len(answers), 10)
        for cause in self.env["recovery.cause"].search([]):
            _scripts, answers = playbook._for_call("reminder", cause)
            self.assertIn(cause, answers[:1].cause_ids, cause.name)
            self.assertFalse(answers[-1:].cause_ids)

    def test_the_sheet_says_what_is_known(self):
        self.invoice(250, "2026-01-31")
        self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "amount": 70,
                "date_given": date(2026, 2, 1),
                "date_promised": date(2026, 2, 10),
            }
        )._judge(date(2026, 2, 20))
        self.env["recovery.contact"].create(
            {"partner_id": self.debtor.id, "outcome": "Ask for Mrs Dubois", "date": date(2026, 2, 27)}
        )
        sheet = str(self.sheet().call_sheet)
        for told in (
            "250.00",
            "30 days late",
            "70.00",
            "Not kept",
            "0 kept, 1 not kept",
            "Ask for Mrs Dubois",
        ):
            self.assertIn(told, sheet)

    def test_the_sheet_says_when_the_budget_is_used_up(self):
        self.invoice(250, "2026-01-31")
        self.company.write(
            {"recovery_contact_max": 1, "recovery_contact_window_days": 7, "recovery_contact_gap_days": 0}
        )
        self.assertNotIn("Contact budget", str(self.sheet().call_sheet))
        self.env["recovery.contact"].create(
            {"partner_id": self.debtor.id, "outcome": "Called", "date": date(2026, 2, 27)}
        )
        self.assertIn("03/06/2026", str(self.sheet().call_sheet))

    def test_the_answers_follow_the_cause(self):
        self.invoice(250, "2026-01-31")
        sheet = str(self.sheet("cash").call_sheet)
        self.assertIn("We have no cash", sheet)
        self.assertNotIn("The order number is missing", sheet)
        self.assertIn("The order number is missing", str(self.sheet().call_sheet))
        self.env["recovery.contact"].create(
            {
                "partner_id": self.debtor.id,
                "outcome": "Called",
                "cause_id": self.env.ref("payment_plan_recovery.cause_cash").id,
            }
        )
        self.env.invalidate_all()
        self.assertNotIn(
            "The order number is missing", str(self.sheet().call_sheet), "the cause known before"
        )

    def test_text_of_a_debtor_is_text(self):
        self.invoice(250, "2026-01-31")
        self.env["recovery.contact"].create(
            {"partner_id": self.debtor.id, "outcome": "<script>alert(1)</script>", "date": date(2026, 2, 27)}
        )
        self.assertNotIn("<script>", str(self.sheet().call_sheet))

    def test_a_collector_has_it_in_the_dialog(self):
        self.invoice(250, "2026-01-31")
        action = self.debtor.action_log_contact()
        contacts = self.env["recovery.contact"].with_user(self.collector()).with_context(**action["context"])
        with Form(contacts) as form:
            form.outcome = "Spoke to the accountant"
            form.result = "looking"
        self.assertEqual(form.record.date_next, date(2026, 3, 9))
