"""A template of letters or mails that a customisation broke: who it fails for is named, the others are written to."""

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common.broken_template import break_template
from ..common.kept_rows import changed_rows
from .notice_common import NoticeCommon

OUTBOX = "odoo.addons.payment_plan_recovery.models.notice.outbox"
ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}


@tagged("post_install", "-at_install")
class TestNoticeBrokenTemplate(NoticeCommon):
    def both(self, template, condition, **debtor):
        """Return the notices of a debtor for whom the template fails and of another, once the outbox was drained."""
        notices = self.notify(self.make_debtor("Unlucky", **debtor), self.make_debtor("Lucky", **debtor))
        break_template(self.env, template, condition)
        self.drained()
        by_name = {notice.partner_id.name: notice for notice in notices}
        return by_name["Unlucky"], by_name["Lucky"]

    def drained(self):
        """Drain the outbox, what it tells the log aside; return what the mail server took."""
        with mute_logger(OUTBOX, "odoo.addons.payment_plan_recovery.models.common.ir_cron", "odoo.sql_db"):
            postbox = self.drain()
        self.env.invalidate_all()
        return postbox

    def assert_named(self, unlucky):
        self.assertEqual(unlucky.state, "failed")
        self.assertIn("The notice could not be made", unlucky.failure_reason)
        asked = unlucky.activity_ids
        self.assertEqual(len(asked), 1)
        self.assertTrue(asked.user_id.active)
        self.assertTrue(unlucky.line_ids.is_live, "nobody was told of the claim: it does not move on")

    def test_the_table_in_mails(self):
        unlucky, lucky = self.both(
            "mail_claims_table", "content.debtor.name == 'Unlucky'", email="debtor@example.com"
        )
        self.assert_named(unlucky)
        self.assertEqual(lucky.state, "sent")

    def test_the_letter(self):
        unlucky, lucky = self.both("claims_table", "content.debtor.name == 'Unlucky'", email=False, **ADDRESS)
        self.assert_named(unlucky)
        self.assertEqual(lucky.state, "to_post")

    def test_another_transaction_is_in_the_way_just_when_it_is_named(self):
        """The whole batch is tried again: nothing of it is lost, or done twice."""
        debtors = [
            self.make_debtor(name, email=f"{name.lower()}@example.com") for name in ("One", "Unlucky", "Two")
        ]
        notices = self.notify(*debtors)
        unlucky = notices.filtered(lambda notice: notice.partner_id.name == "Unlucky")
        break_template(self.env, "mail_claims_table", "content.debtor.name == 'Unlucky'")
        changed_rows(self.env, "recovery_notice", SQL("NEW.id = %s AND NEW.state = 'failed'", unlucky.id))
        taken = self.drained().addresses()
        self.assert_named(unlucky)
        self.assertEqual((notices - unlucky).mapped("state"), ["sent", "sent"])
        self.assertEqual(taken, ["one@example.com", "two@example.com"])
        self.assertFalse((notices - unlucky).activity_ids)
