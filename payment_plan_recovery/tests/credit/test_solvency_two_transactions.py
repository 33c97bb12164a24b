from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.two_transactions import TwoTransactions
from . import solvency_gate


@tagged("post_install", "-at_install")
class TestInvoiceGate(solvency_gate.CreditGate):
    """Two clerks post invoices at the same time."""


@tagged("post_install", "-at_install")
class TestContestTwoTransactions(TwoTransactions):
    """Two people note that the debtor objects to a decision: it is taken again once."""

    def commit_story(self, env):
        debtor = self.note(env["res.partner"].create({"name": "Objects", "is_company": True}))
        check = self.note(env["recovery.solvency.check"].create({"partner_id": debtor.id}))
        check.write({"state": "approved", "contest_reason": "The accounts are of another company."})
        self.check_id = check.id

    def take_away(self, cr):
        cr.execute("DELETE FROM recovery_solvency_check WHERE contested_check_id = %s", [self.check_id])
        super().take_away(cr)

    def test_two_checks_granted_at_once_leave_one_that_stands(self):
        """And one granted twice is granted once; nothing on the debtor changes, which could have told the two."""
        env = self.transaction()
        contested = env["recovery.solvency.check"].browse(self.check_id)
        debtor, card = contested.partner_id, contested.scorecard_id
        risk_class = self.note(env["recovery.risk.class"].create({"code": "TWICE", "name": "Twice"}))
        checks = self.note(
            env["recovery.solvency.check"].create([{"partner_id": debtor.id} for _number in range(3)])
        )
        outcome = {
            "state": "review",
            "class_id": risk_class.id,
            "limit_granted": 100,
            "override_reason": "Known",
        }
        checks.write(outcome)
        debtor.write(
            {
                "credit_limit": 100,
                "trust": risk_class.trust,
                "recovery_risk_class": risk_class.id,
                "recovery_check_until": fields.Date.add(checks[0].date, months=card.validity_months),
            }
        )
        env.cr.commit()

        def approve(number):
            return lambda env: env["recovery.solvency.check"].browse(checks[number].id).action_approve()

        self.assertIsNone(self.at_the_same_time(approve(0), approve(1)))
        self.assertIsInstance(self.at_the_same_time(approve(2), approve(2)), UserError)
        standing = self.transaction()["recovery.solvency.check"].search(
            [("partner_id", "=", debtor.id), ("state", "=", "approved")]
        )
        self.assertEqual(standing.ids, [checks[2].id])

    def test_one_of_two_contests_is_opened(self):
        first, second = (
            self.transaction()["recovery.solvency.check"].browse(self.check_id) for _number in range(2)
        )
        first.action_contest()
        with mute_logger("odoo.sql_db", "odoo.service.model"), patch("time.sleep"):
            thread, errors = self.waiting(lambda: retrying(second.action_contest, second.env))
            first.env.cr.commit()
            thread.join()
        [error] = errors
        self.assertIsInstance(error, UserError)
        self.assertIn("contested already", str(error))
