"""The judgement kept for lists says what a judgement of this moment says, whatever was written since."""

import re
from datetime import timedelta
from random import Random

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from .judgement_common import TODAY, JudgementCommon

DEBTORS = 30
SEEDS = range(20260115, 20260117)
#: What the statement reads beside: declared, or as of last night (the forecast).
DECLARED = {"account_account", "account_journal", "recovery_forecast_line", "res_company", "res_currency"}

#: Acts that leave no row which tells of them: what was kept is dropped.
GONE = ("hold_deleted",)


@tagged("post_install", "-at_install")
class TestJudgement(JudgementCommon):
    def test_what_is_kept_holds_after_each_act(self):
        for seed in SEEDS:
            random = Random(seed)  # noqa: S311 drawn again from the seed, not secret
            with self.drawn(random, DEBTORS):
                self.keep()
                self.assertTrue(self.kept(), seed)
                self.assertFalse(self.kept()[0].but_of, seed)
                self.assert_as_judged_now("nothing")
                for name, act in self.acts().items():
                    claims = self.claims.search(
                        [("company_id", "=", self.company.id), ("plan_id", "=", False)]
                    )
                    claim = claims.browse(random.choice(claims.ids))
                    with self.env.cr.savepoint() as savepoint:
                        # drawn entries have one side only
                        act(claim.with_context(check_move_validity=False))
                        self.env.flush_all()
                        with self.subTest(name, seed=seed):
                            self.assertTrue(name in GONE or self.kept()[0].but_of, "Nothing was noticed")
                            self.assert_as_judged_now(name)
                        savepoint.rollback()
                    self.env.invalidate_all()
            self.env.invalidate_all()

    def acts(self):
        return {
            name.removeprefix("act_"): getattr(self, name) for name in dir(self) if name.startswith("act_")
        }

    def act_hold(self, claim):
        self.hold(claim)

    def act_hold_on_the_item(self, claim):
        self.hold(claim, move_line_ids=claim.move_line_id.ids)

    def act_promise(self, claim):
        self.env["recovery.promise"].create(
            {
                "partner_id": claim.partner_id.id,
                "company_id": self.company.id,
                "currency_id": claim.currency_id.id,
                "amount": claim.amount_residual,
                "date_given": TODAY,
                "date_promised": TODAY,
                "move_line_ids": claim.move_line_id.ids,
            }
        )

    def act_dispute(self, claim):
        self.env["recovery.dispute"].create(
            {
                "partner_id": claim.partner_id.id,
                "company_id": self.company.id,
                "cause": "price",
                "description": "Too dear",
                "move_line_ids": claim.move_line_id.ids,
            }
        )

    def act_holds_end(self, claim):
        holds = self.env["recovery.hold"].search([("company_id", "=", self.company.id)])
        holds.write({"reason": "Over", "date_from": "2020-01-01", "date_until": "2020-01-02"})
        self.hold(claim)

    def act_hold_deleted(self, _claim):
        # as the system: what follows from a promise or a dispute is ended by people, not deleted
        self.env["recovery.hold"].search([("company_id", "=", self.company.id)]).sudo().unlink()
        self.hold(_claim).unlink()

    def act_money_that_nobody_matched(self, claim):
        self.credit(claim.partner_id, 10_000)

    def act_payment(self, claim):
        if claim.currency_id != claim.company_currency_id:  # would book a difference of exchange first
            own = Domain("currency_id", "=", claim.company_currency_id.id) & Domain("plan_id", "=", False)
            claim = claim.search(own & Domain("company_id", "=", self.company.id), limit=1)
        received = self.credit(claim.partner_id, claim.amount_company / 2)
        (claim.move_line_id + received).reconcile()

    def act_no_followup(self, claim):
        claim.move_line_id.no_followup = not claim.move_line_id.no_followup

    def act_policy_of_the_invoice(self, claim):
        policies = self.env["recovery.dunning.policy"].search([("claim_kind", "=", "item")])
        claim.move_id.recovery_policy_id = policies[-1:]

    def act_policy_of_the_debtor(self, claim):
        policies = self.env["recovery.dunning.policy"].search([("claim_kind", "=", "item")])
        claim.partner_id.recovery_policy_id = policies[-1:]

    def act_addresses_taken_away(self, claim):
        claim.partner_id.write({"email": False, "phone": False, "street": False, "city": False, "zip": False})

    def act_address_refused(self, claim):
        claim.partner_id.email = "refused@example.com"
        self.env["mail.blacklist"]._add("refused@example.com")

    def act_interaction(self, claim):
        self.env["recovery.contact"].create(
            {
                "partner_id": claim.partner_id.id,
                "company_id": self.company.id,
                "date": TODAY,
                "outcome": "Asked to pay",
            }
        )

    def act_run(self, _claim):
        run = self.make_run(0)
        run.action_propose()
        run.line_ids[3:].selected = False
        run.action_confirm()
        self.hold(_claim)

    def tables(self, query):
        """The tables that a query reads, as PostgreSQL says."""
        [[[told]]] = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", query))
        return set(re.findall(r"'Relation Name': '(\w+)'", str(told)))

    def test_everything_that_the_statement_reads_is_watched(self):
        moves_by = {
            "trigger": "due_date",
            "delay_days": 5,
            "pace": "forecast",
            "days_early": 2,
            "days_late": 2,
        }
        self.make_policy({**moves_by, "amount_min": 5, "share_min": 2})
        self.company.recovery_contact_max = 3
        run = self.make_run(0)
        watched = set()
        for thing in self.env["recovery.written"]._things().values():
            watched |= self.tables(
                thing._partners(lambda table: SQL("%s.xmin IS NOT NULL", SQL.identifier(table)))
            )
        read = self.tables(run._statement())
        self.assertGreater(len(read), 8)
        self.assertEqual(read - watched - DECLARED, set())

    def test_what_leaves_no_row_drops_what_is_kept(self):
        self.make_policy({"trigger": "due_date", "delay_days": 5})
        one, two = (self.make_debtor(is_company=True) for _number in range(2))
        self.invoice(one, due=-30)
        money = self.credit(one, 40).move_id
        draft = self.invoice(two, due=-30, post=False)
        told = self.env["recovery.contact"].create(
            {"partner_id": one.id, "date": TODAY, "outcome": "Asked to pay"}
        )
        self.keep()
        draft.unlink()
        one.write({"parent_id": two.id})
        self.assertEqual(one.commercial_partner_id, one, "a company with a parent owes for itself")
        self.assertTrue(self.kept())
        leave = (
            told.unlink,
            lambda: (money.button_draft(), money.unlink()),
            lambda: one.write({"parent_id": two.id, "is_company": False}),
        )
        for gone in leave:
            self.keep()
            gone()
            self.assertFalse(self.kept())

    def test_the_job_keeps_it_and_a_run_asks_for_it(self):
        self.make_policy({"trigger": "due_date", "delay_days": 5})
        self.invoice(self.make_debtor(), due=-30)
        self.judgement._keep(self.company, TODAY)
        first = self.judgement.search([("company_id", "=", self.company.id)])
        self.assertEqual(first.mapped("reason"), ["selected"])
        job = self.env.ref("payment_plan_recovery.cron_judgement")
        asked = self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        self.run_on(0)
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]), asked)
        self.judgement._keep(self.company, TODAY)
        self.assertFalse(first.exists())
        kept = self.judgement.search([("company_id", "=", self.company.id)])
        self.assertEqual(kept.mapped("reason"), ["last_level_done"])

    def test_the_job_comes_at_each_company_s_next_midnight_once(self):
        self.company.recovery_tz = "Europe/Paris"
        other = self.env["res.company"].create({"name": "Auckland Ltd", "recovery_tz": "Pacific/Auckland"})
        job = self.env.ref("payment_plan_recovery.cron_judgement")
        asked = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
        with self.enter_registry_test_mode():
            for _time in range(2):
                job.method_direct_trigger()
        found = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)]) - asked
        instants = found.mapped("call_at")
        self.assertEqual(len(instants), len(set(instants)))
        for company in (self.company, other):
            tomorrow = company._recovery_today() + timedelta(days=1)
            self.assertEqual(instants.count(company._recovery_midnight(tomorrow)), 1, company.name)

    def test_other_rules_are_another_judgement(self):
        debtor = self.make_debtor()
        policy = self.make_policy({"trigger": "due_date", "delay_days": 5})
        self.invoice(debtor, due=0)
        self.keep()
        self.assertTrue(self.kept())
        policy.level_ids.delay_days = 90
        self.assertFalse(self.kept())
        policy.level_ids.delay_days = 5
        self.assertTrue(self.kept())
        self.company.recovery_residue_amount = 7
        self.assertFalse(self.kept())

    def test_other_rules_have_it_kept_anew(self):
        policy = self.make_policy({"trigger": "due_date", "delay_days": 5})
        job = self.env.ref("payment_plan_recovery.cron_judgement")
        changes = {
            "level": lambda: policy.level_ids.write({"delay_days": 90}),
            "policy": lambda: policy.write({"min_interval_days": 3}),
            "new policy": policy.copy,
            "policy deleted": lambda: policy.copy().unlink(),
            "residue": lambda: self.company.write({"recovery_residue_amount": 7}),
            "limit of contacts": lambda: self.company.write({"recovery_contact_max": 1}),
        }
        for what, change in changes.items():
            asked = self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
            change()
            with self.subTest(what):
                self.assertGreater(
                    self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]), asked
                )
        asked = self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        self.company.write({"name": "Another name"})
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]), asked)

    def test_of_another_day_or_server_it_does_not_hold(self):
        self.make_policy({"trigger": "due_date", "delay_days": 5})
        self.invoice(self.make_debtor(), due=0)
        self.keep()
        kept = self.judgement.search([("company_id", "=", self.company.id)])
        self.assertTrue(self.kept())
        kept.server = "another"
        self.assertFalse(self.kept())
        kept.write({"server": kept[0].server, "date": "2020-01-01"})
        self.assertFalse(self.kept())

    def test_too_many_debtors_are_judged_all_together(self):
        self.make_policy({"trigger": "due_date", "delay_days": 5})
        moves = [self.invoice(self.make_debtor(), due=0) for _number in range(4)]
        self.keep()
        with self.env.cr.savepoint():
            for move in moves[:2]:
                self.hold(self.claims.search([("move_id", "=", move.id)]))
            self.env.flush_all()
        self.patch(type(self.judgement), "_most_anew", 2)
        self.assertEqual(len(self.kept()[0].but_of), 2)
        self.patch(type(self.judgement), "_most_anew", 1)
        self.assertFalse(self.kept())
        self.assert_as_judged_now("all together")

    def test_a_row_says_of_which_hour_it_is(self):
        self.make_policy({"trigger": "due_date", "delay_days": 5})
        untouched, held = (self.invoice(self.make_debtor(), due=0) for _number in range(2))
        self.keep()
        with self.env.cr.savepoint():
            self.hold(self.claims.search([("move_id", "=", held.id)]))
            self.env.flush_all()
        self.env.invalidate_all()
        found = [self.claims.search([("move_id", "=", move.id)]) for move in (untouched, held)]
        self.assertEqual(
            [claim.reason_as_of for claim in found], ["Today", "Today"], "judged as they are shown"
        )
        self.env.invalidate_all()
        self.claims.search([("reason", "=", "not_due")])
        told = [claim.reason_as_of for claim in found]
        self.assertEqual(told[1], "Today")
        self.assertRegex(told[0], r"^Today, \d+:\d\d")
