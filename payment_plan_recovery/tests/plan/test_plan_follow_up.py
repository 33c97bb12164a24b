"""monitor(date): a plan's life told by dates, both sides of each boundary."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .plan_common import FollowedPlan


@tagged("post_install", "-at_install")
class TestPlanFollowUp(FollowedPlan):
    def test_late_once_tolerance_has_passed(self):
        self.assertEqual(self.state_on("2026-02-03"), "active")
        self.assertEqual(self.state_on("2026-02-04"), "late")

    def hold(self, until, **values):
        return self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "kind": "dispute",
                "date_from": "2026-02-01",
                "date_until": until,
                "reason": "Stale flour",
                **values,
            }
        )

    def test_a_plan_on_hold_gets_no_worse_until_the_hold_is_over(self):
        other = self.item(self.invoice(50))
        for of_what in ({}, {"move_line_ids": self.item(self.move).ids}):
            with self.subTest(of_what):
                hold = self.hold("2026-03-10", **of_what)
                self.assertEqual([self.state_on(day) for day in ("2026-02-04", "2026-03-10")], ["active"] * 2)
                hold.unlink()
        self.hold("2026-03-10", move_line_ids=other.ids)
        self.assertEqual(self.state_on("2026-02-04"), "late", "what is disputed is no part of the plan")
        self.assertFalse(self.covered.cure_notice_id)
        self.assertEqual(self.state_on("2026-03-11"), "in_default")

    def test_a_hold_stops_the_cure_notice_that_waits_and_what_follows_from_it(self):
        self.state_on("2026-02-09")
        notice = self.covered.cure_notice_id
        self.hold("2026-03-10", move_line_ids=self.item(self.move).ids)
        notice.sudo()._drop_settled_claims(date(2026, 2, 10))
        self.assertEqual(
            (notice.state, set(notice.line_ids.mapped("drop_reason"))), ("cancelled", {"on_hold"})
        )
        self.assertEqual(self.state_on("2026-03-10"), "in_default")
        self.assertEqual(self.covered.cure_notice_id, notice, "none is made to be cancelled")
        self.state_on("2026-03-11")
        self.assertEqual(self.covered.cure_notice_id.state, "queued")

    def test_what_is_disputed_in_part_is_not_asked_for(self):
        """130 of 300 are disputed: by as much the last instalments are spared."""
        self.hold("2026-12-31", move_line_ids=self.item(self.move).ids, amount=130)
        self.assertEqual(self.state_on("2026-02-09"), "in_default", "the first one is due all the same")
        self.assertEqual(self.covered.cure_notice_id.amount_total, 100)
        self.pay(self.move, 100)
        self.assertEqual(
            [self.state_on(day) for day in ("2026-02-10", "2026-03-09")], ["active", "in_default"]
        )
        self.assertEqual(self.covered.cure_notice_id.amount_total, 70)
        run = self.env["recovery.dunning.run"].create({"date": "2026-05-01", "company_id": self.company.id})
        second, third = self.covered.instalment_ids.sorted("number")[1:]._claims()
        judged = run._judge(second + third)
        self.assertEqual(judged[second.id]["amount_residual"], 70)
        self.assertEqual(judged[third.id]["reason"], "on_hold")
        self.pay(self.move, 70)
        self.assertEqual(self.state_on("2026-05-01"), "active")

    def test_cured_by_payment(self):
        self.assertEqual(self.state_on("2026-02-04"), "late")
        self.pay(self.move, 100)
        self.assertEqual(self.state_on("2026-02-04"), "active")

    def send_cure_notice(self, day):
        """Have the outbox take the cure notice on ``day``, which dates it."""
        notice = self.covered.cure_notice_id
        self.assertEqual(notice.state, "queued")
        notice.sudo().write({"state": "sent", "date": day, "date_sent": f"{day} 08:00:00"})
        return notice

    def test_default_deadline_breach(self):
        self.assertEqual(self.state_on("2026-02-08"), "late")
        self.assertEqual(self.state_on("2026-02-09"), "in_default")
        self.send_cure_notice("2026-02-09")
        self.assertEqual(self.covered.date_cure_deadline, date(2026, 2, 17))
        self.assertEqual(self.state_on("2026-02-17"), "in_default")
        self.assertEqual(self.state_on("2026-02-18"), "broken")
        self.assertEqual((self.covered.date_accelerated, self.covered.date_closed), (date(2026, 2, 18),) * 2)
        self.assertEqual(self.item_states(self.covered), [(300, 0, False)])
        self.assertEqual(self.item(self.move).date_maturity, date(2025, 10, 31))
        self.assertFalse(self.item(self.move).no_followup)

    def test_what_is_noted_and_asked_is_in_the_words_of_the_company(self):
        """The nightly job speaks English, the office French: its history and its list of things to do are French."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        for day, told, asked in (
            ("2026-02-04", "en retard", "Appeler le débiteur"),
            ("2026-02-09", "En défaillance", "Appeler le débiteur"),
            ("2026-02-18", "exigible", "Décider de la suite"),
        ):
            with self.subTest(day):
                self.covered.with_context(lang="en_US").monitor(date.fromisoformat(day))
                if self.covered.state == "in_default":
                    self.send_cure_notice(day)
                self.assertIn(told, self.covered.message_ids[0].body)
                self.assertIn(asked, self.covered.activity_ids.sorted("id")[-1:].summary)

    def test_cure_notice(self):
        self.state_on("2026-03-05")
        notice = self.covered.cure_notice_id
        self.assertEqual(
            (notice.partner_id, notice.channel, notice.level_id, notice.amount_total),
            (self.debtor, "registered", self.env.ref("payment_plan_recovery.level_cure"), 200),
        )
        self.assertEqual(
            [(line.instalment_id.number, line.amount_residual) for line in notice.line_ids],
            [(1, 100), (2, 100)],
        )
        self.assertEqual(notice._contents()[notice.id].deadline, date(2026, 3, 13))

    def reasons_on(self, day):
        """Why a run of that day chases each instalment or not: {number: reason}."""
        self.env.flush_all()
        scope = self.env["recovery.dunning.scope"]._read(self.company, date.fromisoformat(day))
        rows = self.env.execute_query_dict(self.env["recovery.dunning.engine"]._statement(scope))
        instalments = self.env["recovery.plan.instalment"]
        return {
            instalments.browse(row["instalment_id"]).number: row["reason"]
            for row in rows
            if row["instalment_id"]
        }

    def test_what_a_cure_notice_asks_for_is_not_reminded_of_as_well(self):
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": "2026-02-03"})
        run.action_propose()
        run.action_confirm()
        reminder = run.notice_ids
        self.assertEqual(reminder.line_ids.instalment_id.number, 1)
        self.state_on("2026-02-09")
        self.assertEqual(
            (reminder.state, reminder.line_ids.drop_reason), ("cancelled", "in_cure"), "it had not left"
        )
        cure = self.covered.cure_notice_id
        cure.sudo()._drop_settled_claims(date(2026, 2, 9))
        self.assertEqual(cure.state, "queued", "it does not stand in its own way")
        self.assertEqual(self.reasons_on("2026-02-09")[1], "in_cure")
        self.send_cure_notice("2026-02-09")
        self.assertEqual(self.reasons_on("2026-02-16"), {1: "in_cure", 2: "not_due", 3: "not_due"})
        self.assertEqual(self.reasons_on("2026-02-23"), {1: "in_cure", 2: "selected", 3: "not_due"})
        self.pay(self.move, 99)
        self.assertEqual(
            self.reasons_on("2026-02-16")[1], "in_cure", "a cent of what it asks for is owed still"
        )

    def test_a_cure_that_was_withdrawn_stops_no_reminder(self):
        self.state_on("2026-02-09")
        self.covered.cure_notice_id.action_cancel()
        self.assertEqual(self.reasons_on("2026-02-10")[1], "selected")

    def test_cure_notice_takes_a_channel_that_reaches_the_debtor(self):
        self.env.ref("payment_plan_recovery.level_cure").sudo().channel_ids.is_by_hand = False
        for address, channel in (
            ({"email": False, "street": "1 rue du Port", "city": "Lyon"}, "registered"),
            ({"street": False, "city": False}, "phone"),
            ({"recovery_no_phone": True}, "phone"),
        ):
            self.debtor.write(address)
            self.state_on("2026-02-09")
            self.assertEqual(self.covered.cure_notice_id.channel, channel, address)
            self.covered.cure_notice_id.action_cancel()

    def test_never_broken_without_a_notice_that_went_out(self):
        self.state_on("2026-02-09")
        self.assertEqual(self.state_on("2026-03-01"), "in_default")
        self.assertIn("has not gone out", self.covered.activity_ids.mapped("summary")[-1])
        # The deadline counts from the day it does.
        self.send_cure_notice("2026-03-02")
        self.assertEqual(self.state_on("2026-03-10"), "in_default")
        self.assertEqual(self.state_on("2026-03-11"), "broken")

    def test_withdrawn_notice_is_made_again(self):
        self.state_on("2026-02-09")
        first = self.covered.cure_notice_id
        first.action_cancel()
        self.assertEqual(self.state_on("2026-02-20"), "in_default")
        second = self.covered.cure_notice_id
        self.assertNotEqual(first, second)
        self.assertEqual((second.state, second.date), ("queued", date(2026, 2, 20)))
        self.assertEqual(
            self.covered.date_cure_deadline, date(2026, 3, 2), "a Monday, the 28th is a Saturday"
        )

    def test_no_acceleration_without_the_clause(self):
        self.covered.action_cancel()
        plan = self.covered = self.active_plan(self.move, end_of_month=True, acceleration_clause=False)
        self.state_on("2026-02-09")
        self.send_cure_notice("2026-02-09")
        self.assertEqual(self.state_on("2026-02-18"), "broken")
        self.assertFalse(plan.date_accelerated)
        self.assertIn("at their own dates again", plan.message_ids[0].body)

    def test_cured_before_the_deadline(self):
        self.assertEqual(self.state_on("2026-02-09"), "in_default")
        notice = self.covered.cure_notice_id
        self.pay(self.move, 99)
        self.assertEqual(self.state_on("2026-02-10"), "in_default")
        self.pay(self.move, 1)
        self.assertEqual(self.state_on("2026-02-10"), "active")
        self.assertFalse(self.covered.date_cure_deadline)
        self.assertEqual(notice.state, "cancelled")
        self.assertFalse(self.covered.activity_ids)

    def test_a_second_default_takes_a_second_notice(self):
        self.state_on("2026-02-09")
        first = self.send_cure_notice("2026-02-09")
        payment = self.pay(self.move, 100)
        self.assertEqual(self.state_on("2026-02-10"), "active")
        payment.line_ids.remove_move_reconcile()
        self.assertEqual(self.state_on("2026-02-11"), "active")  # it is there still, to be matched
        payment.button_draft()
        self.assertEqual(self.state_on("2026-02-11"), "in_default")
        self.assertNotEqual(self.covered.cure_notice_id, first)
        self.assertEqual(self.state_on("2026-02-19"), "in_default")

    def test_cured_of_one_default_and_in_another(self):
        self.state_on("2026-02-09")
        self.send_cure_notice("2026-02-09")
        self.pay(self.move, 100)
        self.assertEqual(self.state_on("2026-03-20"), "late")
        self.assertEqual(self.state_on("2026-03-20"), "in_default")
        self.assertEqual(self.covered.cure_notice_id.line_ids.instalment_id.number, 2)

    def test_tolerance_amount(self):
        self.policy.tolerance_amount = 0.50
        self.pay(self.move, 99.50)
        self.assertEqual(self.state_on("2026-02-20"), "active")
        self.policy.tolerance_amount = 0.49
        self.assertEqual(self.state_on("2026-02-20"), "in_default")

    def test_the_tolerance_is_worth_the_same_in_every_currency(self):
        yen = self.setup_other_currency("JPY", rounding=1.0, rates=[("2020-01-01", 100)])
        self.policy.tolerance_amount = 0.50
        for paid, state in ((29950, "active"), (29949, "in_default")):
            move = self.invoice(30000, currency_id=yen.id)
            plan = self.active_plan(move, instalment_count=1)
            self.receive_foreign(self.item(move), paid, yen)
            plan.monitor(date(2026, 2, 20))
            self.assertEqual(plan.state, state)

    def receive_foreign(self, items, amount, currency):
        """Receive ``amount`` of ``currency`` on ``items``, at the rate of 100 to one."""
        data = self.company_data
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": data["default_journal_bank"].id,
                "date": "2026-01-31",
                "line_ids": [
                    Command.create(
                        {
                            "name": "Received",
                            "account_id": account.id,
                            "partner_id": self.debtor.id,
                            "currency_id": currency.id,
                            "amount_currency": sign * amount,
                            "balance": sign * amount / 100,
                        }
                    )
                    for account, sign in (
                        (items.account_id, -1),
                        (data["default_journal_bank"].default_account_id, 1),
                    )
                ],
            }
        )
        entry.action_post()
        (self.item(entry) + items).reconcile()

    def test_forgiven_instalment(self):
        self.policy.grace_instalments = 1
        self.assertEqual(self.state_on("2026-02-28"), "late")
        self.assertEqual(self.state_on("2026-03-03"), "late")
        self.assertEqual(self.state_on("2026-03-04"), "in_default")

    def test_what_a_person_has_to_do(self):
        self.state_on("2026-02-04")
        self.assertEqual(self.covered.activity_ids.user_id, self.covered.user_id)
        self.state_on("2026-02-05")
        self.assertEqual(len(self.covered.activity_ids), 1)
        self.assertIn("100.00 late: instalment 1 of 01/31/2026", self.covered.message_ids[0].body)

    def test_broken_by_hand(self):
        """A collector waits for the cure; a manager may cut it short."""
        collector = self.covered.with_user(self.collector())
        with self.refused("has until the cure deadline"):
            collector.action_break()
        self.covered.action_break()
        self.assertEqual(self.covered.state, "broken")

    def test_completed(self):
        self.pay(self.move, 300)
        self.assertEqual(self.state_on("2026-02-01"), "completed")
        self.assertFalse(self.item(self.move).no_followup)

    def test_bounced_after_completion(self):
        payment = self.pay(self.move, 300)
        self.assertEqual(self.state_on("2026-02-01"), "completed")
        payment.line_ids.remove_move_reconcile()
        self.assertEqual(self.state_on("2026-02-02"), "active")
        self.assertTrue(self.item(self.move).no_followup)

    def test_monitor_finds_its_plans(self):
        self.env["recovery.plan"].monitor(date(2026, 2, 4))
        self.assertEqual(self.covered.state, "late")

    def test_in_default_again_after_what_cured_it_bounced(self):
        """Paid to its end while in default, bounced, and late for long by then: another cure notice goes out."""
        self.assertEqual(self.state_on("2026-02-09"), "in_default")
        first = self.covered.cure_notice_id
        payment = self.pay(self.move, 300)
        self.assertEqual(self.state_on("2026-02-10"), "completed")
        payment.line_ids.remove_move_reconcile()
        payment.button_draft()
        self.assertEqual(self.state_on("2026-02-20"), "in_default")
        self.assertTrue(self.covered.cure_notice_id - first)
        self.assertEqual(self.covered.date_default, date(2026, 2, 20))
        told = [row[:3] for row in self.covered.past]
        self.assertEqual(told[0], ["in_default", "2026-02-09", "2026-02-10"])
