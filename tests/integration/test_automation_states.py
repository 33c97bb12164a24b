"""Odoo's automation rules see each state that plans, promises, disputes and notices come to, and may act on the record.

An action that fails stops its own record of a nightly job alone.
"""

import sys
from datetime import date
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent))

from documented import examples, states
from freezegun import freeze_time
from odoo.addons.payment_plan_recovery.tests.plan.plan_common import PlanCommon
from odoo.tests import tagged
from odoo.tools import mute_logger

QUIET = ("odoo.addons.base.models.ir_actions", "odoo.addons.payment_plan_recovery.models.common.ir_cron")
SEEN = "record.message_post(body='Seen: ' + record.state)"


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 10:00:00")
class TestAutomationStates(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice(300)

    def rule(self, model, state, code=SEEN, trigger="on_state_set", **values):
        """Have ``code`` run when a record of the model comes to ``state``."""
        of_model = self.env["ir.model"].sudo()._get_id(model)
        selections = self.env["ir.model.fields.selection"].sudo()
        chosen = selections.search(
            [("field_id.model", "=", model), ("field_id.name", "=", "state"), ("value", "=", state)]
        )
        self.assertTrue(chosen, (model, state))
        if trigger == "on_state_set":
            values["trg_selection_field_id"] = chosen.id
        action = {
            "name": "Seen",
            "model_id": of_model,
            "state": "code",
            "usage": "base_automation",
            "code": code,
        }
        return (
            self.env["base.automation"]
            .sudo()
            .create(
                {
                    "name": f"{model} {state}",
                    "model_id": of_model,
                    "trigger": trigger,
                    "action_server_ids": [(0, 0, action)],
                    **values,
                }
            )
        )

    def see_all(self, model):
        """A rule for each state of the model."""
        for state, _label in self.env[model]._fields["state"].selection:
            self.rule(model, state)

    def seen(self, record):
        """The states that rules saw the record come to, in their order."""
        self.env.flush_all()
        bodies = record.sudo().message_ids.sorted("id").mapped("body")
        return [str(body).split("Seen: ")[1].split("<")[0] for body in bodies if "Seen: " in body]

    # -- each state --------------------------------------------------------------------------

    def test_a_plan_from_draft_to_its_end(self):
        self.see_all("recovery.plan")
        plan = self.active_plan(self.move, end_of_month=True)
        self.assertEqual(self.seen(plan), ["draft", "proposed", "accepted", "active"])
        plan.monitor(date(2026, 2, 4))
        plan.monitor(date(2026, 2, 9))
        self.assertEqual(self.seen(plan)[4:], ["late", "in_default"])
        self.pay(self.move, 300, "2026-02-10")
        plan.monitor(date(2026, 2, 10))
        self.assertEqual(self.seen(plan)[6:], ["completed"])

    def test_a_plan_that_ends_otherwise(self):
        self.see_all("recovery.plan")
        for step, state in (("action_break", "broken"), ("action_cancel", "cancelled")):
            plan = self.active_plan(self.move)
            getattr(plan, step)()
            self.assertEqual(self.seen(plan)[-1], state)
        plan = self.active_plan(self.move)
        revision = plan.browse(plan.action_renegotiate()["res_id"])
        for step in ("action_propose", "action_accept", "action_activate"):
            getattr(revision, step)()
        self.assertEqual(self.seen(plan)[-1], "superseded")

    def promise(self, amount, day):
        return self.env["recovery.promise"].create(
            {"partner_id": self.debtor.id, "amount": amount, "date_promised": day}
        )

    def test_a_promise(self):
        self.see_all("recovery.promise")
        withdrawn = self.promise(100, "2026-01-20")
        withdrawn.action_cancel()
        kept, partly = self.promise(100, "2026-01-20"), None
        self.pay(self.move, 100, "2026-01-20")
        with freeze_time("2026-01-25 10:00:00"):
            kept.action_judge()
            partly = self.promise(200, "2026-01-30")
        self.pay(self.move, 50, "2026-01-29")
        with freeze_time("2026-02-10 10:00:00"):
            partly.action_judge()
            broken = self.promise(150, "2026-02-12")
        with freeze_time("2026-02-20 10:00:00"):
            broken.action_judge()
        found = [self.seen(promise) for promise in (withdrawn, kept, partly, broken)]
        self.assertEqual(found, [["open", end] for end in ("cancelled", "kept", "partially_kept", "broken")])

    def dispute(self):
        return self.env["recovery.dispute"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "move_line_ids": [(6, 0, self.item(self.move).ids)],
                "description": "Wrong price",
                "answer": "The price is as agreed",
            }
        )

    def test_a_dispute(self):
        self.see_all("recovery.dispute")
        dispute = self.dispute()
        self.assertEqual(self.seen(dispute), ["open"])
        dispute.action_reject()
        self.assertEqual(self.seen(dispute), ["open", "closed"])
        dispute.action_reopen()
        self.assertEqual(self.seen(dispute), ["open", "closed", "open"])

    def notice(self):
        run = self.env["recovery.dunning.run"].create({"date": "2026-01-15", "company_id": self.company.id})
        run.action_propose()
        run.action_confirm()
        self.assertEqual(len(run.notice_ids), 1)
        return run.notice_ids

    def test_notices_that_wait_for_approval(self):
        """The whole of a company's run at once, and each once."""
        self.see_all("recovery.notice")
        debtors = [self.debtor.copy({"name": name, "email": f"{name}@example.com"}) for name in ("a", "b")]
        self.invoices([(200, "2025-10-31", {"partner_id": debtor.id}) for debtor in debtors])
        self.env["recovery.dunning.level"].sudo().search([]).needs_approval = True
        run = self.env["recovery.dunning.run"].create({"date": "2026-01-15", "company_id": self.company.id})
        run.action_propose()
        run.action_confirm()
        self.assertEqual([self.seen(notice) for notice in run.notice_ids], [["draft"]] * 3)
        run.notice_ids[0].action_approve()
        self.assertEqual(self.seen(run.notice_ids[0])[1:], ["approved", "queued"])

    def test_a_notice(self):
        self.see_all("recovery.notice")
        notice = self.notice()
        self.assertEqual(self.seen(notice), ["queued"], "a run makes them all by one statement")
        notice.sudo()._failed("No such mailbox", retry=False)
        self.assertEqual(self.seen(notice)[-1], "failed")
        notice.action_send()
        self.assertEqual(self.seen(notice)[-1], notice.state)
        notice.action_cancel()
        self.assertEqual(self.seen(notice)[-1], "cancelled")

    # -- what the page says ------------------------------------------------------------------

    def test_the_page_names_every_state(self):
        told = states()
        self.assertEqual(len(told), 5)
        for (model, field), values in told.items():
            selection = self.env[model]._fields[field].selection
            self.assertEqual(values, [value for value, _label in selection], model)

    def test_the_actions_of_the_page(self):
        shown = examples()
        for (model, state), code in shown.items():
            self.rule(model, state, code)
        plan = self.plan(self.move, end_of_month=True)
        plan.action_propose()
        plan.action_accept(signed_by="Anne Martin, manager", date=date(2026, 1, 15))
        self.assertEqual(plan.state, "active")
        plan.monitor(date(2026, 2, 9))
        self.assertIn("Ring up", plan.activity_ids.mapped("summary"))
        plan.action_cancel()
        dispute = self.dispute()
        self.assertIn(
            ("Answer", date(2026, 1, 17)),
            dispute.activity_ids.mapped(lambda to_do: (to_do.summary, to_do.date_deadline)),
        )
        dispute.action_reject()
        promise = self.promise(100, "2026-01-16")
        with freeze_time("2026-01-25 10:00:00"):
            promise.action_judge()
            self.assertIn("Not kept", promise.activity_ids.mapped("summary"))
        self.assertEqual(len(shown), 5)

    def test_the_action_of_the_page_for_a_notice_that_failed(self):
        self.rule("recovery.notice", "failed", examples()["recovery.notice", "failed"])
        notice = self.notice()
        notice.sudo()._failed("No such mailbox", retry=False)
        hold = self.env["recovery.hold"].search([("reason", "=", "No address")])
        self.assertEqual((hold.partner_id, hold.date_until), (self.debtor, date(2026, 1, 22)))

    # -- what a rule's action does -----------------------------------------------------------

    def test_an_action_gives_what_people_may_give(self):
        """A tag of the debtor, somebody in charge, an activity, another record: nothing of it is guarded."""
        self.rule(
            "recovery.plan",
            "broken",
            "record.activity_schedule('mail.mail_activity_data_todo', summary='Decide', user_id=record.user_id.id)\n"
            "record.partner_id.write({'comment': 'Broke a plan'})\n"
            "env['recovery.hold'].create({'partner_id': record.partner_id.id, 'date_until': '2026-03-01',"
            " 'reason': 'To be decided', 'company_id': record.company_id.id})",
        )
        plan = self.active_plan(self.move)
        plan.action_break()
        self.assertEqual(plan.activity_ids.mapped("summary").count("Decide"), 1)
        self.assertIn("Broke a plan", self.debtor.comment)
        self.assertTrue(self.env["recovery.hold"].search([("partner_id", "=", self.debtor.id)]))

    def test_an_action_goes_on_with_the_record_s_own_steps(self):
        self.rule("recovery.plan", "accepted", "record.action_activate()")
        self.rule(
            "recovery.promise", "broken", "record.partner_id.with_context(done=True).recovery_explain()"
        )
        plan = self.plan(self.move)
        plan.action_propose()
        plan.action_accept(signed_by="Anne Martin", date=date(2026, 1, 15))
        self.assertEqual(plan.state, "active")

    def test_of_a_nightly_job_it_stops_its_own_record_alone(self):
        other = self.invoice(300, partner_id=self.debtor.copy({"name": "Other"}).id)
        bad = self.active_plan(self.move, end_of_month=True)
        good = self.active_plan(other, end_of_month=True, partner_id=other.partner_id.id)
        self.rule(
            "recovery.plan", "late", f"if record.id == {bad.id}: raise UserError('Not this one')\n{SEEN}"
        )
        with (
            mute_logger(*QUIET),
            freeze_time("2026-02-04 10:00:00"),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_told, **_more: 1),
        ):
            self.env["recovery.plan"]._cron_monitor()
        self.assertEqual((good.state, self.seen(good)), ("late", ["late"]))
        self.assertEqual((bad.state, self.seen(bad)), ("active", []))
