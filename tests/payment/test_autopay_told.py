"""What a debtor reads of automatic payment, on the plan's page and in mails."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from autopay_common import AutopayCommon
from odoo.tests import tagged
from odoo.tools import format_date

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

    def test_what_was_stopped_on_its_day_is_no_longer_told_as_to_come(self):
        self.authorise()
        self.day(self.before)
        self.assertIn("to be taken on", self.page_told())
        self.running.autopay_ids.sudo().date_debit = self.today - timedelta(days=1)
        self.assertIn("was to be taken on", self.page_told())
        self.assertIn("we tell you before it is", self.page_told(), "and the debtor is told when it will be")

    def test_the_office_reads_what_is_taken_and_what_stops_it(self):
        """Whoever is called about it need not look through the plan's history."""
        collector = self.collector()
        plan = self.running.with_user(collector)
        form = plan.get_view(view_type="form")["arch"]
        for name in ("autopay_token_id", "autopay_since", "autopay_ids", "autopay_stopped_by"):
            self.assertIn(f'name="{name}"', form)
        self.authorise()
        self.day(self.before)
        [told] = plan.autopay_ids
        self.assertEqual((told.date_debit, told.amount, told.state), (self.second.date_due, 100, "upcoming"))
        self.assertFalse(plan.autopay_stopped_by)
        hold = self.env["recovery.hold"].create(
            {"partner_id": self.debtor.id, "kind": "dispute", "date_until": "2100-01-01", "reason": "Broken"}
        )
        plan.invalidate_recordset()
        self.assertIn("Dispute", plan.autopay_stopped_by)
        hold.unlink()
        self.plan_payment(self.demo)._set_pending()
        plan.invalidate_recordset()
        self.assertIn("under way", plan.autopay_stopped_by)
        plan.action_stop_autopay()
        self.assertFalse(plan.autopay_stopped_by, "nothing is to be taken")

    def test_nothing_stops_what_is_paid(self):
        self.authorise()
        self.day(self.before)
        self.pay(self.running.item_ids.move_id, self.running.amount_residual, self.today)
        self.assertEqual((self.running.amount_residual, self.running.autopay_stopped_by), (0, False))
        self.running.sudo().state = "active"  # until the next follow-up it is said to be in force
        self.assertEqual(self.running.autopay_stopped_by, False)

    def test_what_was_called_off_is_announced_anew_once_it_is_authorised_again(self):
        self.authorise()
        self.day(self.before)
        self.running.action_stop_autopay()
        self.assertEqual((self.mails("will be taken"), self.mails("will not be taken")), (1, 1))
        self.authorise()
        self.assertNotIn("to be taken on", self.page_told(), "nobody was told so")
        self.day(self.second.date_due)
        self.assertEqual(self.running.amount_paid, 100, "the last that was told is that nothing is taken")
        self.assertEqual(self.mails("will be taken"), 2)
        self.day(self.running.autopay_ids.date_debit)
        self.assertEqual(self.running.amount_paid, 200)

    def test_what_the_debtor_does_with_it_is_kept_on_its_file(self):
        self.authorise()
        for _click in range(2):
            self.post(f"{self.url}/autopay")
        self.env.invalidate_all()
        noted = (
            self.env["recovery.contact"]
            .search([("partner_id", "=", self.debtor.id)], order="id")
            .mapped("outcome")
        )
        self.assertEqual(len(noted), 2, noted)
        self.assertIn("authorised automatic payment", noted[0])
        self.assertIn("stopped by", noted[1])
        asked = self.running.activity_ids.filtered(lambda one: "stopped automatic payment" in one.summary)
        self.assertEqual(len(asked), 1, "the instalments are paid by hand from here on")

    def test_whom_we_stop_is_told_though_nothing_was_announced_yet(self):
        """He authorised it and need not look: the next instalment would come as late."""
        self.authorise()
        self.running.action_stop_autopay()
        [mail] = self.env["mail.mail"].sudo().search([("subject", "ilike", "will not be taken")])
        self.assertIn(format_date(self.env, self.second.date_due), mail.body_html)
        self.authorise()
        self.post(f"{self.url}/autopay")
        self.assertEqual(self.mails("will not be taken"), 1, "who stops it knows")

    def test_who_is_in_a_new_plan_is_told_that_nothing_of_it_is_taken(self):
        """What was authorised is the old one: from his signature on nothing of it is taken, and then it is over."""
        self.authorise()
        self.day(self.before)
        revision = self.running.browse(self.running.action_renegotiate("Lost his main customer")["res_id"])
        revision.action_propose()
        self.assertFalse(self.running.autopay_stopped_by)
        revision.action_accept()
        self.running.invalidate_recordset()
        self.assertIn("renegotiation", self.running.autopay_stopped_by)
        self.day(self.second.date_due)
        self.assertEqual((self.running.amount_paid, self.mails("nothing is taken")), (100, 0))
        revision.action_activate()
        self.assertEqual((self.running.state, self.mails("nothing is taken")), ("superseded", 1))
        self.assertFalse(self.running.autopay_token_id or revision.autopay_token_id)
        self.assertIn("ended with the plan", "".join(self.running.message_ids.mapped("body")))

    def test_who_relies_on_it_is_told_when_the_plan_is_cancelled_and_not_when_it_is_paid(self):
        self.authorise()
        with self.env.cr.savepoint() as savepoint:
            self.running.action_cancel()
            self.assertEqual(self.mails("nothing is taken"), 1)
            savepoint.rollback()
        self.env.invalidate_all()
        self.pay(self.running.item_ids.move_id, self.running.amount_residual, self.today)
        self.running.sudo().monitor(self.today)
        self.assertEqual((self.running.state, self.mails("nothing is taken")), ("completed", 0))

    def test_another_means_of_payment_leaves_what_was_announced(self):
        self.authorise()
        self.day(self.before)
        self.authorise()
        self.day(self.second.date_due)
        self.assertEqual((self.running.amount_paid, self.mails("will be taken")), (200, 1))

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

    def test_what_was_paid_by_hand_is_waited_for_no_more(self):
        """Those of one day are waited for together, until the last of them is paid."""
        self.authorise()
        self.day(self.before)
        hold = self.running.autopay_ids.hold_id
        self.env["recovery.autopay"].sudo().create(
            {
                "instalment_id": self.running.instalment_ids.sorted("number")[2].id,
                "date_announced": self.today,
                "date_debit": self.second.date_due,
                "amount": 100,
                "hold_id": hold.id,
            }
        )
        for amount, ended in ((100, False), (self.running.amount_residual - 100, hold.date_from)):
            self.receive(self.running.item_ids.move_line_id, amount)
            with self.enter_registry_test_mode():
                self.env.ref("payment_plan_recovery.cron_autopay").sudo().method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(hold.date_ended, ended)
        self.assertEqual(hold.date_until, hold.date_from, "it was not to begin before it is announced")
