"""Two people, or two clicks, at the same time on the portal: the second waits, and sees what the first one did."""

import psycopg2
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.portal.attempt import LIMITS
from ..plan.test_plan_two_transactions import PlansAtOnce

#: An address of the network that nobody has.
NOWHERE = "192.0.2.9"


@tagged("post_install", "-at_install")
class TestPortalTwoTransactions(PlansAtOnce):
    def take_away(self, cr):
        for table in ("recovery_request", "recovery_contact"):
            cr.execute(
                f"DELETE FROM {table} WHERE partner_id IN"  # noqa: S608
                " (SELECT partner_id FROM recovery_plan WHERE id IN %s)",
                [tuple(self.plan_ids)],
            )
        cr.execute(
            "DELETE FROM recovery_portal_attempt"
            " WHERE key = %s OR key LIKE 'recovery.plan/%%' OR key LIKE 'res.partner/%%'",
            [NOWHERE],
        )
        super().take_away(cr)

    def assert_one_at_a_time(self, model, ids, method):
        """The second waits and begins anew; without the first to wait for, it does not believe what it saw before."""
        first, second, third = (self.transaction()[model].browse(ids) for _number in range(3))
        getattr(first, method)()
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            thread, errors = self.waiting(lambda: self.served(second, method))
            first.env.cr.commit()
            thread.join()
            self.assertEqual(errors, [])
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                getattr(third, method)()

    def test_one_payment_of_a_plan_begins_at_a_time(self):
        self.assert_one_at_a_time("recovery.plan", self.plan_ids[:1], "_portal_begin_payment")

    def test_one_payment_of_invoices_begins_at_a_time(self):
        plan = self.plan(0)
        debtor_ids, item_ids = plan.partner_id.ids, plan.item_ids.move_line_id.ids
        first, second = (self.transaction()["res.partner"].browse(debtor_ids) for _number in range(2))
        first._portal_begin_payment(first.env["account.move.line"].browse(item_ids))
        first.env.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
            second._portal_begin_payment(second.env["account.move.line"].browse(item_ids))

    def test_what_its_bank_sends_back_is_not_paid_back_as_well(self):
        env, plan = self.plan(0).env, self.plan(0)
        provider = self.note(env["payment.provider"].create({"name": "Two", "state": "test"}))
        payment = self.note(
            env["payment.transaction"].create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": env.ref("payment.payment_method_unknown").id,
                    "reference": "Two",
                    "amount": 100,
                    "currency_id": plan.currency_id.id,
                    "partner_id": plan.partner_id.id,
                    "recovery_debtor_id": plan.partner_id.id,
                    "state": "done",
                }
            )
        )
        env.cr.commit()

        def paid(env):
            return env["payment.transaction"].browse(payment.id)

        error = self.at_the_same_time(
            lambda env: paid(env)._set_canceled(extra_allowed_states=("done",)),
            lambda env: paid(env).action_refund(100),
        )
        self.assertIn("Only confirmed transactions", str(error))
        self.assertFalse(paid(self.transaction()).child_transaction_ids)

    def test_what_is_counted_is_counted_one_after_the_other(self):
        plan = self.plan(0)
        for _number in range(LIMITS["code_tried"] - 1):
            plan.env["recovery.portal.attempt"]._spend("code_tried", plan)
        plan.env.cr.commit()
        first, second = self.plan(0), self.plan(0)
        first.env["recovery.portal.attempt"]._spend("code_tried", first)
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            thread, errors = self.waiting(lambda: self.served(second, "tried"))
            first.env.cr.commit()
            thread.join()
        [error] = errors
        self.assertIsInstance(error, UserError)
        self.assertIn("Try again in an hour", str(error))

    def test_what_is_refused_with_an_error_counts_too(self):
        """The payment form is refused with an error, which takes back what its call wrote: not that it was tried."""
        plan = self.plan(0)
        attempts, debtor, company = plan.env["recovery.portal.attempt"], plan.partner_id, plan.company_id
        self.assertTrue(attempts._spend_apart("payment", debtor, company))
        attempts._note_apart("wrong_link", NOWHERE)
        keys = [NOWHERE, attempts._key(debtor, company)]
        plan.env.cr.rollback()
        counted = self.plan(0).env["recovery.portal.attempt"].search([("key", "in", keys)])
        self.assertEqual(sorted(counted.mapped("kind")), ["payment", "wrong_link"])

    def test_one_question_of_a_kind_is_open_at_a_time(self):
        first, second = self.plan(0), self.plan(0)
        self.calling(first, "asked")
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            thread, errors = self.waiting(lambda: self.served(second, "asked"))
            first.env.cr.commit()
            thread.join()
        [error] = errors
        self.assertIsInstance(error, UserError)
        self.assertIn("You have asked already", str(error))
        asked = self.plan(0).env["recovery.request"].search_count([("partner_id", "=", first.partner_id.id)])
        self.assertEqual(asked, 1)

    def calling(self, plan, method):
        if method == "asked":
            debtor = plan.partner_id
            return (
                plan.env["recovery.request"]
                ._open(debtor, plan.company_id, "message", debtor, description="Call me back")
                .id
            )
        if method == "tried":
            return plan.env["recovery.portal.attempt"]._spend("code_tried", plan)
        return super().calling(plan, method)
