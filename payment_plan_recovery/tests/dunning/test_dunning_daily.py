"""The daily run: what it does by itself, what it leaves to a person, and what happens after a gap."""

from unittest.mock import patch

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common.kept_rows import changed_rows
from .dunning_common import DunningCommon, day

DUE5 = {"trigger": "due_date", "delay_days": 5}
DUE20 = {"trigger": "due_date", "delay_days": 20, "needs_approval": True}


@tagged("post_install", "-at_install")
class TestDunningDaily(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.recovery_daily_run = "confirm"
        cls.company.recovery_dunning_user_id = cls.env["res.users"].create(
            {
                "name": "Collector",
                "login": "collector",
                "group_ids": [Command.set(cls.env.ref("payment_plan_recovery.group_recovery_user").ids)],
                "company_ids": cls.company.ids,
                "company_id": cls.company.id,
            }
        )
        cls.make_policy(DUE5, DUE20)
        cls.runs = cls.env["recovery.dunning.run"]
        cls.daily = cls.env["recovery.dunning.daily"]
        cls.old = cls.invoice(cls.make_debtor("Old"), due=-20)
        cls.first_runs = cls.daily._run(cls.company, day(-15))
        cls.send(cls.first_runs.notice_ids, -15)
        cls.new = cls.invoice(cls.make_debtor("New"), due=-5)

    def test_automatic_levels_are_confirmed_the_others_wait(self):
        runs = self.daily._run(self.company, day(0))
        done, waiting = runs
        self.assertEqual((done.state, waiting.state), ("confirmed", "proposed"))
        self.assertEqual(done.notice_ids.line_ids.move_line_id, self.item(self.new))
        self.assertFalse(waiting.notice_ids)
        self.assertEqual(waiting.line_ids.move_line_id, self.item(self.old))
        self.assertEqual(waiting.activity_ids.user_id, self.company.recovery_dunning_user_id)
        self.assertEqual(done.reason_counts()["selected"], 1)
        self.assertEqual(waiting.reason_counts(), {"selected": 1})

    def test_person_confirms_what_was_left(self):
        _done, waiting = self.daily._run(self.company, day(0))
        waiting.action_confirm()
        self.assertEqual(waiting.notice_ids.state, "draft")
        self.assertEqual(waiting.notice_ids.line_ids.move_line_id, self.item(self.old))

    def test_run_tells_what_it_left_and_asks_no_more_once_it_is_done(self):
        run, waiting = self.daily._run(self.company, day(0))
        self.assertIn("Left to be approved: 1 claim of 1 debtor", run.message_ids[0].body)
        self.assertIn(f'data-oe-id="{waiting.id}"', run.message_ids[0].body)
        self.assertEqual(waiting.name, f"{run.name}, to be approved")
        self.assertTrue(waiting.activity_ids)
        waiting.action_confirm()
        self.assertFalse(waiting.activity_ids)

    def test_somebody_is_asked_though_the_responsible_left(self):
        manager = self.env["res.users"].create(
            {
                "name": "Manager",
                "login": "manager of the daily run",
                "group_ids": [Command.set(self.env.ref("payment_plan_recovery.group_recovery_manager").ids)],
                "company_ids": [Command.set(self.company.ids)],
                "company_id": self.company.id,
            }
        )
        others = self.env.ref("payment_plan_recovery.group_recovery_manager").all_user_ids - manager
        others.company_ids -= self.company
        self.company.recovery_dunning_user_id.active = False
        run, waiting = self.daily._run(self.company, day(0))
        self.assertEqual((run.user_id, waiting.activity_ids.user_id), (manager, manager))

    def test_claims_are_judged_once(self):
        """By hand they are judged again at the confirmation; in the daily run nothing can have changed."""
        proposal = type(self.env["recovery.dunning.proposal"])
        judge = proposal._put_judged_aside
        with patch.object(proposal, "_put_judged_aside", autospec=True, side_effect=judge) as judging:
            _done, waiting = self.daily._run(self.company, day(0))
            self.assertEqual(judging.call_count, 1)
            waiting.action_confirm()
            self.assertEqual(judging.call_count, 2)

    def test_once_a_day(self):
        self.daily._run(self.company, day(0))
        self.assertFalse(self.daily._run(self.company, day(0)))

    def test_next_day_replaces_what_nobody_confirmed(self):
        _done, waiting = self.daily._run(self.company, day(0))
        again = self.daily._run(self.company, day(1))
        self.assertEqual(waiting.state, "cancelled")
        self.assertFalse(waiting.activity_ids)
        self.assertEqual(again[1].line_ids.move_line_id, self.item(self.old))

    def test_gap_is_told_and_moves_each_claim_once(self):
        runs = self.daily._run(self.company, day(300))
        self.assertIn("no daily run since", "".join(runs[0].message_ids.mapped("body")))
        self.assertEqual(runs.line_ids.move_line_id, self.item(self.old) + self.item(self.new))
        levels = {line.move_line_id: line.level_id.sequence for line in runs.line_ids}
        self.assertEqual(levels, {self.item(self.old): 2, self.item(self.new): 1})

    def test_propose_only(self):
        self.company.recovery_daily_run = "propose"
        run = self.daily._run(self.company, day(0))
        self.assertEqual((run.state, run.line_count), ("proposed", 2))
        self.assertEqual(run.activity_ids.user_id, self.company.recovery_dunning_user_id)
        self.assertFalse(run.notice_ids)

    @mute_logger("odoo.addons.payment_plan_recovery.models.dunning.daily")
    def test_cron_goes_on_with_the_other_companies(self):
        self.env["res.company"].search([("id", "!=", self.company.id)]).recovery_daily_run = "off"
        other = self.make_company("Other creditor")
        other.recovery_daily_run = "confirm"
        broken = self.make_company("Broken creditor")
        broken.recovery_daily_run = "confirm"
        proposal = type(self.env["recovery.dunning.proposal"])
        real = proposal._make
        refusals = {other: UserError("Not today"), broken: ZeroDivisionError("by a rate of zero")}

        def refuse_others(proposals, run):
            if refusal := refusals.get(run.company_id):
                raise refusal
            return real(proposals, run)

        with (
            freeze_time(day(0)),
            patch.object(proposal, "_make", refuse_others),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("payment_plan_recovery.cron_dunning_daily").method_direct_trigger()
        made = self.runs.search([("date", "=", day(0)), ("automatic", "=", True)])
        self.assertEqual(made.company_id, self.company)
        self.assertEqual(made.mapped("state"), ["proposed", "confirmed"])
        asked = self.runs.search([("date", "=", day(0)), ("automatic", "=", False)])
        self.assertEqual((asked.company_id, asked.state), (broken, "draft"))
        self.assertIn("by a rate of zero", asked.activity_ids.note)

    @mute_logger(
        "odoo.addons.payment_plan_recovery.models.dunning.daily",
        "odoo.addons.payment_plan_recovery.models.common.ir_cron",
        "odoo.sql_db",
    )
    def test_another_transaction_is_in_the_way_just_when_a_failure_is_told(self):
        self.env["res.company"].search([("id", "!=", self.company.id)]).recovery_daily_run = "off"
        failed = "NEW.company_id = %s AND NEW.automatic IS NOT TRUE"
        changed_rows(self.env, "recovery_dunning_run", SQL(failed, self.company.id))
        proposal = type(self.env["recovery.dunning.proposal"])
        with (
            freeze_time(day(0)),
            patch.object(proposal, "_make", side_effect=ZeroDivisionError("by a rate of zero")),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("payment_plan_recovery.cron_dunning_daily").method_direct_trigger()
        [asked] = self.runs.search([("date", "=", day(0)), ("company_id", "=", self.company.id)])
        self.assertEqual((asked.state, asked.automatic), ("draft", False))
        self.assertIn("by a rate of zero", asked.activity_ids.note)
        self.assertFalse(
            self.env["mail.activity"].search([("summary", "like", "scheduled job could not deal")])
        )

    def test_each_company_has_its_own_day(self):
        """At nine in the evening in London it is the next morning in Auckland."""
        self.env["res.company"].search([("id", "!=", self.company.id)]).recovery_daily_run = "off"
        self.company.partner_id.tz = "Pacific/Auckland"
        with freeze_time(f"{day(-1)} 21:00:00"), self.enter_registry_test_mode():
            self.env.ref("payment_plan_recovery.cron_dunning_daily").method_direct_trigger()
        self.assertTrue(self.runs.search([("date", "=", day(0)), ("company_id", "=", self.company.id)]))

    def test_cron_stops_in_time_and_goes_on_later(self):
        self.env["res.company"].search([("id", "!=", self.company.id)]).recovery_daily_run = "off"
        self.make_company("Other creditor").recovery_daily_run = "confirm"
        time_left = lambda _cron, processed=0, **_more: 0 if processed else 1  # noqa: E731
        with (
            freeze_time(day(0)),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", time_left),
        ):
            for companies in (
                1,
                2,
                2,
            ):  # no time is left when one is made: the next call does not begin with it
                self.runs._cron_daily()
                made = self.runs.search([("date", "=", day(0))])
                self.assertEqual(len(made.company_id), companies)

    def test_company_that_wants_none_gets_none(self):
        self.env["res.company"].search([]).recovery_daily_run = "off"
        with freeze_time(day(0)), self.enter_registry_test_mode():
            self.env.ref("payment_plan_recovery.cron_dunning_daily").method_direct_trigger()
        self.assertFalse(self.runs.search([("date", "=", day(0))]))


@tagged("post_install", "-at_install")
class TestDunningPlan(DunningCommon):
    """Items of a live plan are out of dunning, its instalments are claims."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.make_policy(DUE5)
        cls.debtor = cls.make_debtor()
        cls.move = cls.invoice(cls.debtor, 300, due=-30)
        cls.free = cls.invoice(cls.debtor, 50, due=-5)

    def activate(self):
        """A live plan of three instalments over the old invoice, due from day 10 on."""
        with freeze_time(day(0)):
            plan = self.env["recovery.plan"].create(
                {
                    "partner_id": self.debtor.id,
                    "company_id": self.company.id,
                    "currency_id": self.currency.id,
                    "date_start": day(10),
                    "instalment_count": 3,
                    "item_ids": [Command.create({"move_line_id": self.item(self.move).id})],
                }
            )
            plan.generate_instalments()
            plan.action_propose()
            plan.action_accept(signed_by="Debtor")
            plan.action_activate()
        return plan

    def test_items_leave_dunning_and_instalments_enter(self):
        soon = self.make_policy({"delay_days": -5}, {"delay_days": 3}, claim_kind="instalment")
        plan = self.activate()
        first = plan.instalment_ids.sorted("date_due")[0]
        self.assert_reasons(self.move, day0="in_plan")
        self.assert_reasons(self.free, day0="selected")
        # Day 10 is a Sunday: the instalment is due the day after, and reminded of five days before.
        self.assert_reasons(first, day5="not_due", day6="selected")
        run = self.run_on(6)
        self.assertEqual(run.notice_ids.line_ids.instalment_id, first)
        self.assertEqual(
            run.notice_ids.filtered(lambda n: n.line_ids.instalment_id).level_id, soon.level_ids[0]
        )
        self.assert_reasons(first, day13="not_due", day14="selected")

    def test_every_open_claim_counts_once_and_planned_items_beside(self):
        self.activate()
        counts = self.make_run(0).reason_counts()
        claims = self.env["recovery.claim"].search_count([("company_id", "=", self.company.id)])
        self.assertEqual(claims, 4)
        self.assertEqual(counts, {"in_plan": 1, "no_policy": 3, "selected": 1})

    def test_cancelled_plan_gives_the_item_back_at_its_level(self):
        level = self.policy.level_ids
        self.run_on(0)
        plan = self.activate()
        self.assert_reasons(self.move, day1="in_plan")
        with freeze_time(day(1)):
            plan.action_cancel()
        self.assertEqual(self.item(self.move).date_maturity, day(-30))
        self.assert_reasons(self.move, day1="last_level_done")
        self.assertEqual(
            self.env["recovery.notice.line"]
            .search([("move_line_id", "=", self.item(self.move).id)])
            .level_id,
            level,
        )
