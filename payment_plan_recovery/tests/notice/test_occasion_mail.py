"""Mails that go by themselves: a promise noted, a plan kept to its end."""

from dataclasses import replace
from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..plan.plan_common import PlanCommon
from .notice_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestPromiseMail(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.company)
        cls.debtor = cls.make_debtor("Promising", is_company=True, email="promising@example.com")
        cls.move = cls.invoice(cls.debtor, 300.0)

    def promise(self, days=7, **values):
        return self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "amount": 120.0,
                "date_given": min(self.today, self.today + timedelta(days=days)),
                "date_promised": self.today + timedelta(days=days),
                **values,
            }
        )

    def contacts(self):
        return self.env["recovery.contact"].search([("partner_id", "=", self.debtor.id)])

    def test_really_sent(self):
        promise = self.promise()
        message = promise.message_ids.filtered(lambda message: message.message_type == "email_outgoing")
        self.assertIn("120.00", message.subject)
        self.assertIn(self.move.name, message.body)
        self.assertEqual(message.notification_ids.notification_status, "ready")
        with self.mail_server() as postbox:
            message.mail_ids.send()
        self.assertEqual(postbox.addresses(), ["promising@example.com"])
        self.assertIn(b"120.00", postbox.envelopes[0].content)
        self.assertEqual(message.notification_ids.notification_status, "sent")

    def test_what_lay_in_the_queue_too_long_is_not_sent_and_asked_about(self):
        """The server stood still: what was confirmed then may be settled, or its day may have passed."""
        promises = self.env["recovery.promise"]
        for days, mails in ((5, 1), (6, 0)):
            promise = self.promise()
            message = promise.message_ids.filtered("mail_ids")
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE mail_mail SET write_date = %s WHERE id = %s",
                [fields.Datetime.now() - timedelta(days=days, minutes=-1), message.mail_ids.id],
            )
            self.env.invalidate_all()
            with self.mail_server() as postbox:
                self.env["mail.mail"].process_email_queue()
            self.assertEqual(postbox.addresses().count("promising@example.com"), mails, days)
            promise.action_cancel()
            promises |= promise
        self.assertEqual(message.mail_ids.state, "cancel")
        self.assertEqual(message.notification_ids.notification_status, "exception")
        asked = promises.activity_ids.filtered(lambda one: "was not sent" in one.summary)
        self.assertEqual(asked.mapped("res_id"), [promise.id])
        message.mail_ids.mark_outgoing()
        with self.mail_server() as postbox:
            self.env["mail.mail"].process_email_queue()
        self.assertIn("promising@example.com", postbox.addresses(), "a person may send it all the same")

    def test_noted_by_a_collector(self):
        collector = new_test_user(
            self.env,
            "promise_collector",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        promises = self.env["recovery.promise"].with_user(collector)
        promise = promises.create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "amount": 120.0,
                "date_promised": self.today,
            }
        )
        self.assertTrue(promise.sudo().message_ids.mail_ids)
        self.assertEqual(self.contacts().user_id, collector)
        self.debtor.email = False
        promise.action_cancel()
        promises.create(promise.copy_data()[0])
        self.assertEqual(self.env["recovery.withheld"].with_user(collector).search_count([]), 1)

    def test_failure_shows_in_the_history(self):
        self.debtor.email = "refused@example.com"
        message = self.promise().message_ids.filtered("mail_ids")
        with self.mail_server() as postbox:
            message.mail_ids.send()
        self.assertEqual(postbox.addresses(), [])
        self.assertEqual(message.notification_ids.notification_status, "exception")

    def test_counts_as_a_contact(self):
        self.promise()
        self.assertEqual([(made.date, made.channel) for made in self.contacts()], [(self.today, "email")])

    def test_only_for_what_is_still_to_come(self):
        self.promise(days=-1)
        self.assertFalse(self.contacts())
        self.env["recovery.promise"].search([("partner_id", "=", self.debtor.id)]).action_cancel()
        self.promise(days=0)
        self.assertEqual(len(self.contacts()), 1)

    def test_company_may_not_want_it(self):
        self.company.recovery_confirm_promises = False
        self.assertFalse(self.promise().message_ids.mail_ids)
        self.assertFalse(self.contacts())

    def test_debtor_without_address_is_told_nothing_and_it_is_written_down(self):
        self.debtor.email = False
        self.promise()
        self.assertFalse(self.contacts())
        withheld = self.env["recovery.withheld"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(
            (withheld.channel, withheld.kind, withheld.date), ("email", "no_address", self.today)
        )

    def test_items_of_the_promise_are_named_alone(self):
        other = self.invoice(self.debtor, 50.0)
        promise = self.promise(move_line_ids=[(6, 0, self.item(self.move).ids)])
        body = promise.message_ids.filtered("subject").body
        self.assertIn(self.move.name, body)
        self.assertNotIn(other.name, body)


@tagged("post_install", "-at_install")
class TestPlanThanks(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice(300)
        cls.kept = cls.active_plan(cls.move)

    def thanks(self):
        return self.kept.message_ids.filtered(lambda message: message.message_type == "email_outgoing")

    def test_thanked_once_complete(self):
        self.pay(self.move, 200)
        self.kept.action_monitor()
        self.assertFalse(self.thanks())
        self.pay(self.move, 100)
        self.kept.action_monitor()
        self.assertEqual(self.kept.state, "completed")
        self.assertIn(self.kept.name, self.thanks().subject)
        self.assertEqual(self.thanks().mail_ids.recipient_ids, self.debtor)
        self.assertEqual(self.kept.date_thanked, fields.Date.context_today(self.kept))

    def test_who_owes_nothing_is_given_no_account_to_pay_to(self):
        """Nor who is told that the instalment is taken by itself: it would be paid twice."""
        number = "FR7630006000011234567890189"
        owner = {"partner_id": self.company.partner_id.id, "company_id": self.company.id}
        self.env["res.partner.bank"].create({"acc_number": number, **owner})
        asked = self.kept._contents()[self.kept.id]
        spoken = {
            "asked": asked,
            "taken": replace(asked, is_taken=True),
            "paid": replace(asked, claims=[], next_payment={}),
        }
        told = {
            name: number
            in self.env["ir.qweb"]
            ._render("payment_plan_recovery.mail_body", {"content": content, "body": "", "links": []})
            .replace(" ", "")
            for name, content in spoken.items()
        }
        self.assertEqual(told, {"asked": True, "taken": False, "paid": False})

    def test_not_thanked_for_paying_what_was_credited(self):
        self.pay(self.move, 200)
        note = self.invoice(100, move_type="out_refund")
        (self.item(self.move) + self.item(note)).reconcile()
        self.kept.action_monitor()
        self.assertEqual(self.kept.state, "completed")
        self.assertFalse(self.thanks())

    def test_not_thanked_twice_when_a_payment_bounces(self):
        payment = self.pay(self.move, 300)
        self.kept.action_monitor()
        payment.line_ids.remove_move_reconcile()
        self.kept.action_monitor()
        self.assertNotEqual(self.kept.state, "completed")
        self.pay(self.move, 300)
        self.kept.action_monitor()
        self.assertEqual(self.kept.state, "completed")
        self.assertEqual(len(self.thanks()), 1)

    def test_company_may_not_want_it(self):
        self.company.recovery_thank_for_plans = False
        self.pay(self.move, 300)
        self.kept.action_monitor()
        self.assertEqual(self.kept.state, "completed")
        self.assertFalse(self.thanks())
