"""The worklist: of each debtor the one next action, in the order in which acting today pays."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ..plan.plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestWorklist(PlanCommon):
    TODAY = date(2026, 3, 2)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worklist = cls.env["recovery.worklist"]

    def refreshed(self, day=None):
        self.worklist._refresh(self.company, day or self.TODAY)
        return self.worklist.search([("company_id", "=", self.company.id)])

    def broken_promise(self, debtor=None, amount=100):
        debtor = debtor or self.debtor
        self.invoice(amount, "2025-12-31", partner_id=debtor.id)
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": debtor.id,
                "amount": amount,
                "date_given": date(2026, 2, 1),
                "date_promised": date(2026, 2, 20),
            }
        )
        promise._judge(date(2026, 2, 28))
        return promise

    def open_credit(self, amount, day="2026-02-01"):
        credit = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.debtor.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [(0, 0, {"name": "Flour", "price_unit": amount, "tax_ids": []})],
            }
        )
        credit.action_post()
        return credit

    # -- what stands on it -----------------------------------------------------------------

    def test_a_debtor_with_nothing_to_do_is_not_on_it(self):
        self.invoice(100, "2025-12-31")
        self.assertFalse(self.refreshed())

    def test_a_broken_promise_asks_for_a_call(self):
        promise = self.broken_promise()
        row = self.refreshed()
        self.assertEqual(
            (row.partner_id, row.action, row.res_model, row.res_id, row.since),
            (self.debtor, "broken_promise", "recovery.promise", promise.id, promise.date_judged),
        )
        self.assertEqual((row.amount_overdue, row.date_oldest, row.more), (100, date(2025, 12, 31), 0))
        self.assertEqual(row.value, self.currency.round(100 * row.risk * row.urgency))
        self.assertEqual(row.action_open()["res_id"], promise.id)

    def test_a_call_made_takes_it_off(self):
        self.broken_promise()
        self.refreshed()
        self.env["recovery.contact"].create(
            {"partner_id": self.debtor.id, "date": date(2026, 3, 1), "outcome": "Pays on Friday"}
        )
        self.assertFalse(self.refreshed())

    def test_a_broken_promise_is_history_after_a_month(self):
        self.broken_promise()
        self.assertTrue(self.refreshed(date(2026, 3, 29)))
        self.assertFalse(self.refreshed(date(2026, 3, 30)))

    def test_money_to_match_comes_before_everything(self):
        self.broken_promise()
        self.open_credit(40)
        row = self.refreshed()
        self.assertEqual((row.action, row.more), ("match", 1))
        self.assertEqual(row.action_open()["res_model"], "account.move.line")

    def test_money_of_a_debtor_who_owes_nothing_yet_is_no_work(self):
        self.open_credit(40)
        self.invoice(100, "2026-03-02")
        self.assertFalse(self.refreshed(date(2026, 3, 2)))
        self.assertTrue(self.refreshed(date(2026, 3, 3)))

    def test_a_plan_in_default_and_one_that_is_late(self):
        plan = self.active_plan(self.invoice(300))
        plan.monitor(date(2026, 2, 4))
        self.assertEqual(self.refreshed(date(2026, 2, 4)).action, "plan_late")
        plan.monitor(date(2026, 2, 10))
        self.assertEqual(self.refreshed(date(2026, 2, 10)).action, "plan_default")

    def test_an_offer_is_asked_about_after_a_week(self):
        plan = self.plan(self.invoice(300))
        plan.action_propose()
        plan.sudo().date_proposed = date(2026, 2, 1)
        self.assertFalse(self.refreshed(date(2026, 2, 7)))
        self.assertEqual(self.refreshed(date(2026, 2, 8)).action, "plan_offered")

    def test_what_was_accepted_on_paper_is_put_in_force(self):
        plan = self.plan(self.invoice(300))
        plan.action_propose()
        plan.action_accept()
        self.assertEqual(self.refreshed(date(2026, 2, 1)).action, "activate_plan")
        plan.action_activate()
        self.assertFalse(self.refreshed(date(2026, 2, 1)).filtered(lambda row: row.state == "open"))

    def test_those_come_first_where_acting_saves_most(self):
        small = self.env["res.partner"].create({"name": "Small", "is_company": True})
        self.broken_promise(small, 10)
        self.broken_promise(amount=5000)
        self.assertEqual(self.refreshed().mapped("partner_id"), self.debtor | small)

    def test_the_forecast_says_what_is_at_risk(self):
        self.broken_promise()
        self.env["recovery.forecast.line"]._keep(self.company, self.TODAY)
        line = self.env["recovery.forecast.line"].search([("partner_id", "=", self.debtor.id)])
        self.assertAlmostEqual(self.refreshed().risk, 1 - line.chance_90, places=5)
        self.assertIn("too little history", line.reason)

    # -- working on it ---------------------------------------------------------------------

    def test_what_is_done_stays_done_until_something_else_waits(self):
        self.broken_promise()
        row = self.refreshed()
        row.action_done()
        self.assertEqual(self.refreshed(), row)
        self.assertEqual(row.state, "done")
        self.open_credit(40)
        self.refreshed()
        self.assertEqual((row.state, row.action), ("open", "match"))

    def test_a_snoozed_debtor_comes_back_on_its_day(self):
        self.broken_promise()
        row = self.refreshed()
        with self.refused("Say why"):
            row.snooze("2100-01-01", " ")
        with self.refused("a day to come"):
            row.snooze("2026-01-01", "Later")
        row.snooze("2100-01-01", "Cheque announced")
        self.refreshed()
        self.assertEqual((row.state, row.snooze_reason), ("snoozed", "Cheque announced"))
        row.sudo().snoozed_until = date(2026, 3, 10)
        self.refreshed(date(2026, 3, 9))
        self.assertEqual(row.state, "snoozed")
        self.refreshed(date(2026, 3, 10))
        self.assertEqual(row.state, "open")

    def test_portfolios_share_the_debtors_out_and_who_takes_one_keeps_it(self):
        collector = self.collector()
        self.env["recovery.portfolio"].create(
            {"name": "Bakers", "user_id": collector.id, "debtor_domain": "[('name', 'ilike', 'boulangerie')]"}
        )
        self.broken_promise()
        row = self.refreshed()
        self.assertEqual(row.user_id, collector)
        taken = row.action_take()
        self.refreshed()
        self.assertEqual(row.user_id, self.env.user)
        self.assertIn(
            f"Boulangerie Martin ({collector.name})", taken["params"]["message"], "and says from whom"
        )
        [told] = [
            one
            for one in self.env.cr.precommit.data["bus.bus.values"]
            if "took over: Boulangerie Martin" in one["message"]
        ]
        self.assertIn(str(collector.partner_id.id), told["channel"])
        self.assertIsNone(row.action_take(), "one's own is taken from nobody")
        self.assertIsNone(row.action_done())
        self.assertIn("Taken over", row.with_user(self.collector("next")).action_done()["params"]["message"])

    def test_my_team_is_who_has_the_same_leader(self):
        mine, beside, apart, leader = map(self.collector, ("mine", "beside", "apart", "leader"))
        for collector, led in ((mine, leader), (beside, leader), (apart, self.env["res.users"])):
            self.env["recovery.portfolio"].create(
                {
                    "name": collector.name,
                    "user_id": collector.id,
                    "leader_id": led.id,
                    "debtor_domain": f"[('name', '=', '{collector.login}')]",
                }
            )
            debtor = self.env["res.partner"].create({"name": collector.login, "is_company": True})
            self.broken_promise(debtor)
        self.refreshed()
        for who, team in (
            (mine, mine | beside),
            (beside, mine | beside),
            (leader, mine | beside),
            (apart, apart),
        ):
            rows = self.worklist.with_user(who)
            with self.subTest(who.login):
                found = rows.search([("is_of_my_team", "=", True), ("company_id", "=", self.company.id)])
                self.assertEqual(found.user_id, team)
                others = rows.search([("is_of_my_team", "=", False), ("company_id", "=", self.company.id)])
                self.assertEqual(others, rows.search([("company_id", "=", self.company.id)]) - found)
                self.assertEqual(found.mapped("is_of_my_team"), [True] * len(team))

    def test_what_left_the_list_meanwhile_is_told(self):
        self.broken_promise()
        row = self.refreshed()
        row.sudo().unlink()
        for act in (
            row.action_take,
            row.action_done,
            row.action_reopen,
            lambda: row.snooze("2100-01-01", "Later"),
        ):
            with self.refused("they left the list"):
                act()

    def test_a_portfolio_whose_filter_went_bad_stops_nobody(self):
        portfolio = self.env["recovery.portfolio"].create({"name": "All", "user_id": self.env.user.id})
        self.env.cr.execute(
            "UPDATE recovery_portfolio SET debtor_domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", portfolio.id],
        )
        portfolio.invalidate_recordset()
        self.broken_promise()
        self.assertFalse(self.refreshed().user_id)

    # -- rights ----------------------------------------------------------------------------

    def test_a_collector_works_and_a_reader_reads(self):
        self.broken_promise()
        row = self.refreshed()
        row.with_user(self.collector()).action_take()
        reader = new_test_user(
            self.env, "reader", groups="account.group_account_readonly", company_id=self.company.id
        )
        self.assertEqual(row.with_user(reader).amount_overdue, 100)
        with self.assertRaises(AccessError):
            row.with_user(reader).action_done()
        with self.assertRaises(AccessError):
            row.with_user(self.collector("other")).write({"value": 1e6})
        with self.assertRaises(UserError):
            row.with_user(self.collector("third")).snooze("2100-01-01", "")

    def test_what_only_a_manager_decides_is_on_no_collector_s_list(self):
        incentives = self.env[
            "recovery.incentive"
        ].sudo()  # as a manager declares them, and the night proposes
        incentive = incentives.create({"name": "Kept", "lifts_down_payment": True})
        self.env["recovery.incentive.grant"].sudo()._propose(
            incentive, self.company, self.TODAY, {self.debtor: "A plan kept to its end"}
        )
        self.assertEqual(self.refreshed().mapped("action"), ["incentive"])
        seen = {}
        for name in ("user", "manager"):
            person = new_test_user(
                self.env,
                f"worklist_{name}",
                groups=f"payment_plan_recovery.group_recovery_{name}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            rows = self.worklist.with_user(person)
            seen[name] = rows.search([("company_id", "=", self.company.id)]).mapped("action")
        self.assertEqual(seen, {"user": [], "manager": ["incentive"]})
        self.broken_promise()
        self.assertEqual(self.refreshed().mapped("action"), ["broken_promise"], "theirs does not wait")

    def test_another_company_has_a_list_of_its_own(self):
        self.broken_promise()
        self.refreshed()
        other = self.env["res.company"].create({"name": "Sister"})
        self.worklist._refresh(other, self.TODAY)
        self.assertTrue(self.worklist.search([("company_id", "=", self.company.id)]))

    # -- cost ------------------------------------------------------------------------------

    def test_what_stays_as_it_is_is_not_written_again(self):
        def version():
            query = SQL("SELECT ctid::text FROM recovery_worklist WHERE partner_id = %s", self.debtor.id)
            return self.env.execute_query(query)

        self.broken_promise()
        self.refreshed()
        before = version()
        self.refreshed()
        self.assertEqual(version(), before)
        self.invoice(70, "2025-12-31")
        self.assertEqual(self.refreshed().amount_overdue, 170)
        self.assertNotEqual(version(), before)

    def test_one_statement_whatever_the_number_of_debtors(self):
        spent = []
        for number in range(1, 4):
            for _again in range(number):
                partner = self.env["res.partner"].create({"name": "More", "is_company": True})
                self.broken_promise(partner)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.worklist._refresh(self.company, self.TODAY)
            spent.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(set(spent[1:])), 1, spent)
