"""What a level adds to its notices: actions afterwards, papers that mails carry."""

from unittest.mock import patch

import psycopg2
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.common import ir_cron
from .notice_common import NoticeCommon

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}


@tagged("post_install", "-at_install")
class TestNoticeLevel(NoticeCommon):
    def test_actions_of_the_level(self):
        salesperson = self.env.user
        debtor = self.make_debtor(user_id=salesperson.id)
        names = ("ask_for_call", "warn_salesperson", "hold_debtors", "stop_deliveries", "propose_plans")
        for name in names:
            self.level.action_ids |= self.env.ref(f"payment_plan_recovery.action_{name}")
        notice = self.notify(debtor)
        self.drain()
        self.assertTrue(notice.activity_ids)
        self.assertEqual(debtor.activity_ids.user_id, salesperson)
        self.assertNotIn(notice.name, f"{debtor.activity_ids.summary}{debtor.activity_ids.note}")
        self.assertTrue(debtor.recovery_stop_deliveries)
        hold = self.env["recovery.hold"].search([("partner_id", "=", debtor.id)])
        self.assertEqual((hold.date_from, hold.kind), (notice.date, "negotiation"))
        plan = self.env["recovery.plan"].search([("partner_id", "=", debtor.id)])
        self.assertEqual(plan.item_ids.move_line_id, notice.line_ids.move_line_id)
        self.assertEqual(sum(plan.instalment_ids.mapped("amount")), 100.0)

    def test_a_level_sets_nothing_going_but_actions_on_notices(self):
        """The outbox runs them with all rights, whoever declares the level."""
        job = self.env.ref("base.autovacuum_job").ir_actions_server_id
        with self.assertRaisesRegex(ValidationError, "no action on notices"):
            self.level.action_ids = job

    def test_failing_action_stops_nothing(self):
        bad = self.env["ir.actions.server"].create(
            {
                "name": "Bad",
                "model_id": self.env["ir.model"]._get_id("recovery.notice"),
                "state": "code",
                "code": "records.no_such_method()",
            }
        )
        self.level.action_ids = bad + self.env.ref("payment_plan_recovery.action_stop_deliveries")
        notice = self.notify(self.make_debtor())
        with self.assertLogs("odoo", "ERROR"):
            self.drain()
        self.assertEqual(notice.state, "sent")
        self.assertTrue(notice.partner_id.recovery_stop_deliveries)
        self.assertIn("“Bad” failed", "".join(notice.message_ids.mapped("body")))

    def test_conflict_in_an_action_is_no_failure_of_the_action(self):
        self.level.action_ids = self.env.ref("payment_plan_recovery.action_stop_deliveries")
        notice = self.notify(self.make_debtor())

        tries = []

        def conflicting(notices):
            tries.append(notices)
            raise psycopg2.errors.SerializationFailure

        with (
            patch.object(type(notice), "_stop_deliveries", conflicting),
            mute_logger("odoo.addons.payment_plan_recovery.models.common.ir_cron"),
        ):
            self.drain()
        self.assertEqual(len(tries), ir_cron.TRIES, "the whole is tried again")
        self.assertEqual(notice.state, "sent")
        self.assertFalse(notice.logged)
        self.assertNotIn("failed", "".join(notice.message_ids.mapped("body")))
        self.assertTrue(notice.activity_ids, "somebody is asked about what never passes")
        self.drain()
        self.assertTrue(notice.logged, "and the next run comes back to it")

    def test_invoices_are_attached_up_to_the_limit(self):
        self.level.attach_invoices = True
        for limit, attached in ((5, True), (0, False)):
            with self.subTest(limit=limit):
                self.company.recovery_attachment_max = limit
                notice = self.notify(self.make_debtor(f"Limit {limit}"))
                invoice = notice.line_ids.move_id
                self.env["ir.attachment"].create(
                    {
                        "name": "invoice.pdf",
                        "raw": b"%PDF invoice",
                        "res_model": "account.move",
                        "res_id": invoice.id,
                        "res_field": "invoice_pdf_report_file",
                    }
                )
                postbox = self.drain()
                self.assertEqual(notice.state, "sent", notice.failure_reason)
                content = postbox.envelopes[0].content
                self.assertEqual(b"invoice.pdf" in content, attached)
                self.assertEqual(b"/my/invoices/" in content, not attached)

    def test_each_shipped_level_mails_a_link_and_the_invoices(self):
        """As they are shipped: nobody had to tick anything for it."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "payment_plan_recovery"), ("model", "=", "recovery.dunning.level")]
        )
        levels = self.env["recovery.dunning.level"].browse(data.mapped("res_id")).exists()
        channels = levels.channel_ids.filtered(lambda one: one.channel == "email" and not one.is_by_hand)
        mailing = channels.level_id
        mailing = mailing.filtered(lambda level: level.policy_id.claim_kind == "item")
        self.assertGreater(len(mailing), 4)
        mailing.policy_id.active = True
        for level in mailing:
            with self.subTest(level.display_name):
                due = 6 if level.delay_days < 0 else 0
                debtor = self.make_debtor(f"At level {level.id}", recovery_no_phone=True)
                move = self.invoice(debtor, due=due)
                move.recovery_policy_id, self.item(move).recovery_level_id = level.policy_id, level
                run = self.make_run(5)
                run.action_propose()
                run.action_confirm()
                notice = run.notice_ids
                self.assertEqual((notice.level_id, notice.channel), (level, "email"))
                self.env["ir.attachment"].create(
                    {
                        "name": "invoice.pdf",
                        "raw": b"%PDF invoice",
                        "res_model": "account.move",
                        "res_id": notice.line_ids.move_id.id,
                        "res_field": "invoice_pdf_report_file",
                    }
                )
                postbox = self.drain()
                self.assertEqual(notice.state, "sent", notice.failure_reason)
                content = postbox.envelopes[0].content
                self.assertIn(b"invoice.pdf", content)
                self.assertIn(b"/r/", content)

    def test_hostile_names_in_mails(self):
        names = (
            "<script>alert(1)</script>",
            "=cmd|' /C calc'!A0",
            "\u202eevil\r\nBcc: victim@example.com",
            "🙂" * 5000,
            '"><img src=x onerror=alert(1)>',
        )
        debtors = [
            self.make_debtor(name, email=f"d{number}@example.com") for number, name in enumerate(names)
        ]
        self.message.subject = "For {debtor}"
        notices = self.notify(*debtors)
        postbox = self.drain()
        self.assertEqual(set(notices.mapped("state")), {"sent"})
        self.assertEqual(postbox.addresses(), [f"d{number}@example.com" for number in range(len(names))])
        for envelope in postbox.envelopes:
            head, _blank, _body = envelope.content.partition(b"\r\n\r\n")
            self.assertNotIn(b"\nBcc:", head)
        for notice in notices:
            body = notice.message_ids.filtered("subject").body
            self.assertNotIn("<script", body)
            self.assertNotIn("<img", body)

    # Documents -------------------------------------------------------------------------------

    def test_letter_that_no_installed_addon_prints_fails_with_the_reason(self):
        notice = self.notify(self.make_debtor(email=False, **ADDRESS))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE recovery_dunning_level SET letter_kind = 'postcard' WHERE id = %s", [self.level.id]
        )
        self.env.invalidate_all()
        with self.assertLogs("odoo", "ERROR"):
            self.drain()
        self.assertEqual(notice.state, "failed")
        self.assertIn("No installed addon prints “postcard”", notice.failure_reason)
