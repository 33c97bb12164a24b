"""What a debtor reads of automatic payment, on the plan's page and in mails."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from autopay_common import AutopayCommon
from odoo.tests import tagged

STOPPED = "Nothing is taken as long as"


@tagged("post_install", "-at_install")
class TestAutopayTold(AutopayCommon):
    def page_told(self):
        return self.url_open(self.url).text.partition('id="autopay"')[2].partition("<table")[0]

    def test_what_is_stopped_for_the_moment_says_so(self):
        self.authorise()
        self.day(self.before)
        self.assertNotIn(STOPPED, self.page_told())
        hold = self.env["recovery.hold"].create(
            {"partner_id": self.debtor.id, "kind": "dispute", "date_until": "2100-01-01", "reason": "Broken"}
        )
        self.assertIn(STOPPED, self.page_told())
        hold.unlink()
        self.assertNotIn(STOPPED, self.page_told())

    def test_who_has_paid_everything_is_offered_none(self):
        self.assertIn("I authorise this", self.page_told())
        self.paid("all", 200.0)
        self.assertEqual((self.running.state, self.running.amount_residual), ("active", 0))
        self.assertFalse(self.page_told())

    def test_after_the_first_failure_the_second_try_is_told_and_after_that_the_end(self):
        self.authorise()
        self.token.sudo().demo_simulated_state = "error"
        self.day(self.before)
        self.day(self.second.date_due)
        [mail] = self.env["mail.mail"].sudo().search([("subject", "ilike", "could not be taken")])
        self.assertIn("once more a few days later", mail.body_html)
        again = self.second.date_due + timedelta(days=3)
        self.assertEqual(self.running.autopay_ids.date_debit, again)
        self.assertIn("once more on", self.page_told())
        self.day(again)
        self.assertEqual((self.mails("could not be taken"), self.mails("please pay it yourself")), (2, 1))
