"""Approvals: a document that is held up passes once, when somebody with the right says so."""

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..solvency.solvency_common import MANAGER
from .enforcement_common import EnforcementCommon


@tagged("post_install", "-at_install")
class TestApproval(EnforcementCommon):
    def test_an_approved_document_passes_once(self):
        self.make_rule()
        move = self.invoice(self.debtor, 1500, post=False)
        override = self.approve(move)
        move.with_user(self.clerk).action_post()
        self.assertEqual((move.state, override.state), ("posted", "used"))
        move.button_draft()
        self.assert_blocked(move)

    def test_an_approval_does_not_cover_a_larger_document(self):
        self.make_rule()
        move = self.invoice(self.debtor, 1500, post=False)
        override = self.approve(move)
        move.invoice_line_ids.price_unit = 1500.01
        self.assert_blocked(move)
        self.assertEqual((override.state, move.recovery_credit_request), ("approved", False))
        move.invoice_line_ids.price_unit = 1499
        self.assertEqual(move.recovery_credit_request, "approved")
        move.with_user(self.clerk).action_post()

    def test_a_document_that_grew_is_asked_for_anew(self):
        self.make_rule()
        move = self.invoice(self.debtor, 1500, post=False)
        small = self.approve(move)
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.approve(move)
        move.invoice_line_ids.price_unit = 1500.01
        large = self.approve(move)
        self.assertEqual((small.state, large.state), ("lapsed", "approved"))
        move.with_user(self.clerk).action_post()
        self.assertEqual((small.state, large.state), ("lapsed", "used"))

    def test_a_document_of_another_debtor_is_asked_for_anew(self):
        self.make_rule()
        move = self.invoice(self.debtor, 1500, post=False)
        former = self.approve(move)
        move.partner_id = self.make_debtor("Brahe", limit=1000, risk_class=self.class_c)
        self.assert_blocked(move)
        again = self.approve(move)
        self.assertEqual((former.state, again.state), ("lapsed", "approved"))
        move.with_user(self.clerk).action_post()
        self.assertEqual((former.state, again.state), ("lapsed", "used"))

    def test_a_request_may_name_its_document_by_the_context(self):
        move = self.invoice(self.debtor, 1500, post=False)
        asked = move.action_ask_credit_approval()["context"]
        override = self.env["recovery.credit.override"].with_context(**asked).create({"reason": "Please"})
        self.assertEqual((override._document(), override.amount), (move, 1500))

    def test_an_approval_is_only_for_its_document(self):
        self.make_rule()
        self.approve(self.invoice(self.debtor, 1500, post=False))
        self.assert_blocked(self.invoice(self.debtor, 1500, post=False))

    def test_a_request_does_not_help_and_a_refusal_neither(self):
        self.make_rule("approve")
        move = self.invoice(self.debtor, 1500, post=False)
        override = (
            self.env["recovery.credit.override"]
            .with_user(self.clerk)
            .create({"res_model": "account.move", "res_id": move.id, "reason": "Old customer"})
        )
        self.assertEqual((override.amount, override.partner_id), (1500, self.debtor))
        self.assert_blocked(move)
        with self.assertRaises(UserError):
            override.with_user(self.manager).action_refuse()
        override.with_user(self.manager).decision_reason = "Not again"
        override.with_user(self.manager).action_refuse()
        self.assert_blocked(move)

    def test_only_the_right_decides(self):
        move = self.invoice(self.debtor, 1500, post=False)
        overrides = self.env["recovery.credit.override"].with_user(self.clerk)
        override = overrides.create(
            {
                "res_model": "account.move",
                "res_id": move.id,
                "reason": "Please",
                "state": "approved",
                "amount": 10**6,
            }
        )
        self.assertEqual((override.state, override.amount), ("requested", 1500))
        with self.assertRaises(AccessError):
            override.action_approve()
        for values in ({"state": "approved"}, {"amount": 10**6}, {"approver_id": self.clerk.id}):
            with self.assertRaises(AccessError):
                override.write(values)

    def test_a_decision_is_logged(self):
        self.make_rule()
        move = self.invoice(self.debtor, 1500, post=False)
        override = self.approve(move, reason="Contract signed")
        self.assertEqual((override.approver_id, override.requested_by_id), (self.manager, self.env.user))
        self.assertTrue(override.date_decided)
        self.assertIn("Contract signed", "".join(move.message_ids.mapped("body")))
        with self.assertRaises(UserError):
            override.unlink()
        with self.assertRaises(UserError):
            override.with_user(self.manager).action_approve()

    def test_nobody_approves_his_own_request(self):
        self.make_rule()
        move = self.invoice(self.debtor, 1500, post=False)
        override = (
            self.env["recovery.credit.override"]
            .with_user(self.manager)
            .create({"res_model": "account.move", "res_id": move.id, "reason": "I know them"})
        )
        with self.assertRaisesRegex(UserError, "your own request"):
            override.action_approve()
        override.with_user(self.make_user("solvency_colleague", MANAGER)).action_approve()
        self.assertEqual(override.state, "approved")
