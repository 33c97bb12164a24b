"""One plan over what a company and its branches are owed; a sister company is another creditor."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .plan_branch_common import PlanBranchCommon


@tagged("post_install", "-at_install")
class TestPlanBranch(PlanBranchCommon):
    # -- what it covers --------------------------------------------------------------------

    def test_it_covers_what_any_branch_is_owed(self):
        ours = self.invoice(60)
        plan = self.active_plan(ours, self.northern, self.southern)
        self.assertEqual((plan.amount_total, plan.state), (360, "active"))
        self.assertEqual(
            {item.company_id: item.amount_covered for item in plan.item_ids},
            {self.company: 60, self.north: 120, self.south: 180},
        )
        self.assertTrue(all(self.item(ours, self.northern, self.southern).mapped("no_followup")))
        self.assertEqual((plan.creditor_id, plan.is_across_branches), (self.company, True))

    def test_it_may_be_agreed_in_a_branch(self):
        plan = self.active_plan(self.northern, self.southern, company_id=self.north.id)
        self.assertEqual((plan.amount_total, plan.creditor_id), (300, self.company))
        alone = self.plan(self.invoice(10, company_id=self.south.id), company_id=self.north.id)
        self.assertFalse(alone.is_across_branches)

    def test_another_creditor_s_items_are_refused_with_a_sentence(self):
        theirs = self.invoice(50, company_id=self.sister.id)
        with self.refused(
            "owed to Sister, which is another creditor than .* Make a plan with each", ValidationError
        ):
            self.plan(self.northern, theirs)
        plan = self.plan(self.northern)
        with self.refused("another creditor", ValidationError):
            plan.item_ids = [Command.create({"move_line_id": self.item(theirs).id})]
        self.assertEqual(self.plan(theirs, company_id=self.sister.id, policy_id=False).amount_total, 50)

    def test_an_item_is_in_one_plan_whichever_branch_agreed_it(self):
        plan = self.active_plan(self.northern, self.southern)
        for company in (self.company, self.north):
            second = self.plan(self.northern, company_id=company.id)
            with self.refused(f"already in {plan.name}"):
                second.action_propose()
        plan.action_cancel()
        second.action_propose()
        self.assertEqual(second.state, "proposed")

    def test_a_plan_broken_with_a_branch_counts_with_the_other(self):
        today = self.company._recovery_today()
        plan = self.active_plan(self.northern, company_id=self.north.id)
        plan._close("broken", today)
        self.assertEqual(self.plan(self.southern, company_id=self.south.id)._last_breach(), today)
        theirs = self.invoice(50, company_id=self.sister.id)
        self.assertFalse(self.plan(theirs, company_id=self.sister.id, policy_id=False)._last_breach())

    def test_a_branch_has_the_policy_of_its_company(self):
        self.company.recovery_plan_policy_id = self.policy
        policies = self.env["recovery.plan.policy"]
        self.assertEqual(policies._default_for(self.north), self.policy)
        own = self.policy.copy({"company_id": self.north.id})
        self.north.recovery_plan_policy_id = own
        self.assertEqual(
            (policies._default_for(self.north), policies._default_for(self.south)), (own, self.policy)
        )
        self.assertNotEqual(policies._default_for(self.sister), self.policy)

    # -- money -----------------------------------------------------------------------------

    def test_money_in_a_branch_settles_the_branch_s_part(self):
        plan = self.active_plan(self.northern, self.southern)
        self.receive_in(self.north, 120, "2026-01-31", self.northern)
        self.assertEqual(self.item_states(plan), [(120, 120, True), (180, 0, True)])
        self.assertEqual([paid for _day, _due, paid in self.amounts(plan)], [100, 20, 0])
        rows = self.env["recovery.plan.allocation"].search([("plan_id", "=", plan.id)])
        self.assertEqual(rows.item_id.company_id, self.north)
        self.assertEqual(sum(rows.mapped("amount")), 120)
        self.receive_in(self.south, 180, "2026-01-31", self.southern)
        plan.monitor(date(2026, 2, 1))
        self.assertEqual((plan.state, plan.amount_residual), ("completed", 0))

    def test_money_that_waits_in_a_branch_keeps_the_plan_from_being_late(self):
        plan = self.active_plan(self.northern, self.southern)
        entry = self.receive_in(self.south, 100, "2026-01-31")
        entry.line_ids.filtered("credit").name = plan.name
        plan.monitor(date(2026, 2, 20))
        self.assertEqual((plan.state, plan.amount_waiting, plan.amount_paid), ("active", 100, 0))
        other = self.active_plan(
            self.invoice(90, company_id=self.sister.id), company_id=self.sister.id, policy_id=False
        )
        self.receive_in(self.north, 30, "2026-01-31")
        other.monitor(date(2026, 2, 20))
        self.assertEqual(other.state, "in_default", "a sister's debtor is not excused by what we received")

    def test_a_breach_gives_each_branch_its_items_back(self):
        plan = self.active_plan(self.northern, self.southern)
        plan.monitor(date(2026, 2, 20))
        self.assertEqual(plan.state, "in_default")
        self.assertEqual(plan.cure_notice_id.amount_total, 100)
        self.send_cure_notice(plan, "2026-02-20")
        plan.monitor(date(2026, 3, 20))
        self.assertEqual(plan.state, "broken")
        items = self.item(self.northern, self.southern)
        self.assertFalse(any(items.mapped("no_followup")))
        claims = self.env["recovery.claim"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual((claims.move_line_id, claims.instalment_id.ids), (items, []))

    def test_a_default_is_cured_by_money_in_another_branch(self):
        plan = self.active_plan(self.northern, self.southern)
        plan.monitor(date(2026, 2, 20))
        self.receive_in(self.south, 100, "2026-02-21", self.southern)
        plan.monitor(date(2026, 2, 22))
        self.assertEqual((plan.state, plan.cure_notice_id.ids), ("active", []))

    def test_a_run_asks_for_the_instalments_and_not_for_the_items(self):
        plan = self.active_plan(self.northern, self.southern, company_id=self.north.id)
        theirs = self.invoice(50, company_id=self.sister.id)
        run = self.env["recovery.dunning.run"].create(
            {"date": date(2026, 2, 10), "company_id": self.south.id}
        )
        run.action_propose()
        told = run.explain(self.item(self.northern, self.southern))
        self.assertEqual(set(told.values()), {"in_plan"})
        self.assertNotIn("in_plan", run.explain(plan.instalment_ids[0]).values())
        self.assertEqual(run.reason_counts()["in_plan"], 2)
        other = self.env["recovery.dunning.run"].create(
            {"date": date(2026, 2, 10), "company_id": self.sister.id}
        )
        other.action_propose()
        self.assertEqual(set(other.reason_counts().values()), {1})
        self.assertNotIn("in_plan", other.explain(self.item(theirs)).values())

    def test_a_revision_takes_over_what_remains_in_each_branch(self):
        plan = self.active_plan(self.northern, self.southern)
        self.receive_in(self.north, 120, "2026-01-31", self.northern)
        plan.action_renegotiate("Less")
        revision = plan.revision_ids
        self.assertEqual(revision.item_ids.company_id, self.south)
        revision.action_propose()
        revision.action_accept()
        revision.action_activate()
        self.assertEqual((plan.state, revision.amount_total), ("superseded", 180))

    def send_cure_notice(self, plan, day):
        """Have the outbox take the cure notice on ``day``, which dates it."""
        plan.cure_notice_id.sudo().write({"state": "sent", "date": day, "date_sent": f"{day} 08:00:00"})

    # -- words -----------------------------------------------------------------------------

    def test_documents_say_of_which_branch_an_invoice_is(self):
        plan = self.active_plan(self.northern, self.southern)
        self.assertEqual({content.branch for content in plan.item_ids._contents()}, {"North", "South"})
        agreement = self.env["ir.actions.report"]._render_qweb_html(
            "payment_plan_recovery.report_agreement", plan.ids
        )
        words = agreement[0].decode()
        for name in ("North", "South"):
            self.assertIn(name, words)
        [covered, *_moves] = plan._statement_lines(date(2026, 2, 1))[plan]
        self.assertIn(f"{self.item(self.northern).display_name} (North)", covered["label"])
        alone = self.active_plan(self.invoice(90, company_id=self.north.id))
        self.assertEqual(alone.item_ids._contents()[0].branch, "", "of one branch it goes without saying")

    # -- negotiating -----------------------------------------------------------------------

    def test_a_negotiation_is_over_all_branches(self):
        ours, theirs = self.invoice(60), self.invoice(50, company_id=self.sister.id)
        form = Form(self.env["recovery.plan.negotiation"])
        form.partner_id = self.debtor
        wizard = form.save()
        self.assertEqual(wizard.move_line_ids, self.item(ours, self.northern, self.southern))
        self.assertNotIn(self.item(theirs), wizard.move_line_ids)
        wizard.action_draft_plan()
        plan = self.item(ours).recovery_item_ids.plan_id
        self.assertEqual((plan.company_id, plan.amount_total), (self.company, 360))

    def test_a_negotiation_over_chosen_invoices_is_agreed_where_they_are_owed(self):
        def begun(*moves, companies=None):
            wizards = self.env["recovery.plan.negotiation"].with_context(
                active_model="account.move", active_ids=[move.id for move in moves]
            )
            if companies:
                wizards = wizards.with_context(allowed_company_ids=companies.ids)
            values = wizards.default_get(["company_id", "move_line_ids", "partner_id"])
            return values["company_id"], set(values["move_line_ids"][0][2])

        items = self.item(self.northern, self.southern)
        self.assertEqual(begun(self.northern), (self.north.id, set(self.item(self.northern).ids)))
        self.assertEqual(begun(self.northern, self.southern), (self.company.id, set(items.ids)))
        away = begun(self.northern, self.southern, companies=self.south | self.north)
        self.assertEqual(
            away, (self.south.id, set(items.ids)), "where the user is, who does not work at the creditor"
        )

    # -- who sees it -----------------------------------------------------------------------

    def test_who_works_in_a_branch_reads_the_plan_that_pays_it_whole(self):
        plan = self.active_plan(self.northern, self.southern, discount_percent=2)
        other = self.active_plan(self.invoice(90, company_id=self.south.id))
        seen = self.as_worker(plan, self.north)
        self.assertEqual(seen.search([]), plan)
        self.assertEqual((seen.amount_total, len(seen.instalment_ids), len(seen.item_ids)), (300, 3, 2))
        self.assertEqual(seen.instalment_ids.search([]).plan_id, plan)
        view = Form(seen)
        self.assertEqual((view.amount_total, view.state), (300, "active"))
        claims = seen.env["recovery.claim"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(claims.plan_id, plan, "its instalments stand in the list of claims")
        with self.assertRaises(AccessError):
            other.with_env(seen.env).read(["name"])
        with self.assertRaises(AccessError):
            self.southern.with_env(seen.env).read(["name"])
        for call in (seen.action_cancel, seen.action_renegotiate, lambda: seen.write({"user_id": False})):
            with self.assertRaises(AccessError):
                call()

    def test_a_draft_is_read_in_a_branch_with_what_it_exceeds(self):
        self.policy.write({"count_max": 2, "amount_min": 200})
        plan = self.plan(self.northern, self.southern, charge_terms="waived_if_kept")
        plan.action_compare_options()
        plan.generate_instalments()
        seen = Form(self.as_worker(plan, self.north))
        self.assertEqual(seen.state, "draft")
        self.assertTrue(seen.policy_exceptions)
        self.assertEqual(len(seen.item_ids), 2)

    def test_a_negotiation_in_a_branch_is_over_what_is_seen_there(self):
        wizards = self.as_worker(self.env["recovery.plan.negotiation"], self.north)
        wizard = wizards.create({"partner_id": self.debtor.id, "company_id": self.north.id})
        self.assertEqual(wizard.move_line_ids, self.item(self.northern))
        # what the dialog lets choose
        choice = [
            ("company_id", "child_of", wizard.creditor_id.id),
            ("partner_id", "child_of", self.debtor.id),
        ]
        found = wizard.env["account.move.line"].search([*choice, ("account_type", "=", "asset_receivable")])
        self.assertEqual(found, self.item(self.northern))
        everything = self.env["account.move.line"].search(
            [*choice, ("account_type", "=", "asset_receivable")]
        )
        self.assertEqual(everything, self.item(self.northern, self.southern))

    def test_who_works_in_no_branch_of_it_sees_nothing(self):
        plan = self.active_plan(self.northern)
        for company in (self.south, self.sister):
            with self.subTest(company.name):
                seen = self.as_worker(plan, company)
                self.assertFalse(seen.search([("id", "=", plan.id)]))
                for model in ("recovery.plan.item", "recovery.plan.instalment", "recovery.claim"):
                    self.assertFalse(seen.env[model].search([("plan_id", "=", plan.id)]), model)
                with self.assertRaises(AccessError):
                    seen.read(["name"])

    def test_where_it_was_agreed_it_is_acted_on_without_the_other_books(self):
        plan = self.plan(self.northern, self.southern, company_id=self.north.id)
        acting = self.as_worker(plan, self.north)
        acting.action_propose()
        acting.action_accept(signed_by="Anne Martin")
        acting.action_activate()
        self.assertEqual((plan.state, plan.amount_total), ("active", 300))
        self.assertTrue(all(self.item(self.northern, self.southern).mapped("no_followup")))
        words = acting.env["ir.actions.report"]._render_qweb_html(
            "payment_plan_recovery.report_agreement", plan.ids
        )
        self.assertIn(self.southern.name, words[0].decode())
        acting._statement_lines(date(2026, 2, 1))
        acting.action_renegotiate("Less")
        self.assertEqual(len(plan.revision_ids.item_ids), 2)

    def test_nobody_puts_in_what_he_may_not_read(self):
        acting = self.as_worker(self.env["recovery.plan"], self.north)
        values = {
            "partner_id": self.debtor.id,
            "company_id": self.north.id,
            "currency_id": self.currency.id,
        }
        own, unseen = (
            [Command.create({"move_line_id": self.item(move).id})] for move in (self.northern, self.southern)
        )
        with self.assertRaisesRegex(UserError, "South.*you do not work in"):
            acting.create({**values, "item_ids": own + unseen})
        plan = acting.create({**values, "item_ids": own})
        with self.assertRaisesRegex(UserError, "South.*you do not work in"):
            plan.item_ids = unseen
        with self.assertRaisesRegex(UserError, "South.*you do not work in"):
            plan.item_ids.write({"move_line_id": self.item(self.southern).id})
        with self.assertRaisesRegex(UserError, "South"):
            # what does not fit would tell of it
            plan.item_ids = [Command.create({"move_line_id": self.southern.line_ids.filtered("credit").id})]
