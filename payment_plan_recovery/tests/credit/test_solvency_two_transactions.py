from unittest.mock import patch

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
