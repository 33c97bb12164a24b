"""Two people open a case over the same claims, or hand the same claims over, at the same time: one does."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..claim.test_promise_two_transactions import ItemsAtOnce


@tagged("post_install", "-at_install")
class TestCaseTwoTransactions(ItemsAtOnce):
    def take_away(self, cr):
        """What came of the claims goes before they do."""
        for table in ("recovery_handover_line", "recovery_case_line"):
            cr.execute(f"DELETE FROM {table} WHERE move_line_id IN %s", [tuple(self.item_ids)])  # noqa: S608
        cr.execute(
            "DELETE FROM recovery_handover WHERE mandate_id IN"
            " (SELECT mandate_id FROM recovery_case WHERE partner_id = %s)",
            [self.debtor_id],
        )
        cr.execute("DELETE FROM recovery_case WHERE partner_id = %s", [self.debtor_id])
        cr.execute("DELETE FROM recovery_mandate WHERE partner_id = %s", [self.debtor_id])
        super().take_away(cr)

    def about(self, env, *items):
        debtor, claims = env["res.partner"].browse(self.debtor_id), env["account.move.line"].browse(items)
        return env["recovery.case"]._open_action(debtor, claims)["res_id"]

    def test_one_of_two_cases_over_a_claim_is_opened(self):
        [error] = self.at_once(self.item_ids[0], self.item_ids[0])
        self.assertIsInstance(error, UserError)
        self.assertIn("Nothing is open there outside of a running case", str(error))
        self.assertEqual(self.opened("recovery.case", ("partner_id", "=", self.debtor_id)), 1)
        self.assertEqual(self.opened("recovery.hold", ("partner_id", "=", self.debtor_id)), 1)

    def test_one_of_two_hand_overs_has_the_claims(self):
        env = self.transaction()
        case = env["recovery.case"].browse(self.about(env, *self.item_ids))
        mandate = env["recovery.mandate"].create(
            {"name": "Mandate", "partner_id": self.debtor_id, "date_from": env.company._recovery_today()}
        )
        case._entrust(mandate)
        env.cr.commit()
        first, second = (self.transaction()["recovery.mandate"].browse(mandate.id) for _number in range(2))
        first.action_hand_over()
        with mute_logger("odoo.sql_db", "odoo.service.model"), patch("time.sleep"):
            thread, errors = self.waiting(lambda: retrying(second.action_hand_over, second.env))
            first.env.cr.commit()
            thread.join()
        [error] = errors
        self.assertIsInstance(error, UserError)
        self.assertIn("has every open claim of its cases", str(error))
        self.assertEqual(self.opened("recovery.handover.line", ("move_line_id", "in", self.item_ids)), 2)

    def accepted_plan(self):
        """A plan over both claims, accepted and committed; its id."""
        env = self.transaction()
        plan = env["recovery.plan"].create(
            {
                "partner_id": self.debtor_id,
                "item_ids": [Command.create({"move_line_id": item}) for item in self.item_ids],
            }
        )
        self.note(plan)
        plan.action_propose()
        plan.action_accept()
        env.cr.commit()
        return plan.id

    def second_waits(self, first, second, work):
        """Do ``work`` in the second transaction, which waits for the first to be committed; its errors."""
        with mute_logger("odoo.sql_db", "odoo.service.model"), patch("time.sleep"):
            thread, errors = self.waiting(lambda: retrying(work, second))
            first.cr.commit()
            thread.join()
        return errors

    def test_no_case_is_opened_over_what_a_plan_begins_to_cover(self):
        plan = self.accepted_plan()
        first, second = self.transaction(), self.transaction()
        first["recovery.plan"].browse(plan).action_activate()
        [error] = self.second_waits(first, second, lambda: self.about(second, *self.item_ids))
        self.assertIsInstance(error, UserError)
        self.assertIn("break or cancel the plan first", str(error))
        self.assertEqual(self.opened("recovery.case", ("partner_id", "=", self.debtor_id)), 0)

    def test_a_plan_that_begins_over_what_a_case_was_opened_about_ends_it(self):
        plan = self.accepted_plan()
        first, second = self.transaction(), self.transaction()
        self.about(first, *self.item_ids)
        activate = second["recovery.plan"].browse(plan).action_activate
        self.assertEqual(self.second_waits(first, second, activate), [])
        env = self.transaction()
        case = env["recovery.case"].search([("partner_id", "=", self.debtor_id)])
        self.assertEqual((case.plan_id.id, case.plan_id.state), (plan, "active"))
        case._follow()
        self.assertEqual(case.outcome, "agreement")

    def test_one_of_two_approvals_books_the_write_off(self):
        env = self.transaction()
        company, claims = env.company, env["account.move.line"].browse(self.item_ids)
        before = (company.recovery_write_off_account_id.id or None, company.recovery_write_off_ceiling)
        company.recovery_write_off_account_id = claims.move_id.line_ids.filtered("credit").account_id
        company.recovery_write_off_ceiling = 1000
        write_off = env["recovery.write.off"].create(
            {
                "partner_id": self.debtor_id,
                "reason": "cost",
                "line_ids": [Command.create({"move_line_id": claim.id}) for claim in claims],
            }
        )
        write_off.action_ask()
        env.cr.commit()
        self.addCleanup(self.forget_write_off, company.id, before)

        def approve(env):
            env["recovery.write.off"].browse(write_off.id).action_approve()

        error = self.at_the_same_time(approve, approve)
        self.assertIsInstance(error, UserError)
        self.assertIn("reload the page", str(error))
        booked = self.transaction()["account.move.line"].search([("partner_id", "=", self.debtor_id)])
        self.assertEqual(sorted(booked.mapped("balance")), [-300, -300, 300, 300, 300, 300])
        self.assertFalse(sum(booked.mapped("amount_residual")))

    def forget_write_off(self, company_id, before):
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE res_company SET (recovery_write_off_account_id, recovery_write_off_ceiling) = (%s, %s)"
                " WHERE id = %s",
                [*before, company_id],
            )
            cr.execute("DELETE FROM account_partial_reconcile WHERE debit_move_id = ANY(%s)", [self.item_ids])
            cr.execute(
                "WITH gone AS (DELETE FROM recovery_write_off WHERE partner_id = %s RETURNING move_id)"
                " SELECT move_id FROM gone WHERE move_id IS NOT NULL",
                [self.debtor_id],
            )
            moves = [move_id for (move_id,) in cr.fetchall()]
            cr.execute("DELETE FROM account_move WHERE id = ANY(%s)", [moves])

    def opened(self, model, *domain):
        return self.transaction()[model].search_count(list(domain))
