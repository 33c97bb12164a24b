"""A mail that a person writes to a debtor: filled, sent through a real server, answered, refused, kept."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import parseaddr
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..notice.notice_common import NoticeCommon, day


@tagged("post_install", "-at_install")
class TestDebtorMail(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.catch_replies()
        cls.debtor = cls.make_debtor("Debtor", is_company=True, email="debtor@example.com")
        cls.move = cls.invoice(cls.debtor, 300.0)
        cls.collector = cls.person("writer", "payment_plan_recovery.group_recovery_user")

    @classmethod
    def person(cls, login, group):
        return new_test_user(
            cls.env,
            login,
            groups=f"base.group_user,{group}",
            email=f"{login}@creditor.example.com",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def dialog(self, debtor=None, of=None):
        """The dialog as a collector opens it from the debtor's page, or from an interaction."""
        action = (
            (of or debtor or self.debtor)
            .with_user(self.collector)
            .with_context(allowed_company_ids=self.company.ids)
        )
        action = action.action_write_again() if of else action.action_recovery_write()
        mails = self.env[action["res_model"]].with_user(self.collector)
        return Form(mails.with_context(action["context"], allowed_company_ids=self.company.ids))

    def plain(self, **values):
        """A mail without invoices, ready to go."""
        form = self.dialog()
        form.invoice_ids.clear()
        for name, value in values.items():
            form[name] = value
        return form.save()

    def written(self):
        return self.env["recovery.contact"].search([("partner_id", "=", self.debtor.id)])

    def taken(self):
        """Let the mail queue go; the mails as the server took them."""
        with self.mail_server() as postbox:
            self.env["mail.mail"].search([("model", "=", "recovery.contact")]).send()
        return [
            (envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.SMTP))
            for envelope in postbox.envelopes
        ]

    # What goes out -----------------------------------------------------------------------------

    def test_what_is_on_hold_is_not_asked_for_once_more(self):
        other = self.invoice(self.debtor, 40.0)
        hold = self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "kind": "dispute",
                "move_line_ids": self.item(self.move).ids,
                "date_from": day(0),
                "date_review": day(30),
                "reason": "Stale flour",
            }
        )
        form = self.dialog()
        self.assertEqual(form.invoice_ids[:], other)
        self.assertNotIn(self.move.name, form.body)
        self.assertIn("40.00", form.subject)
        hold.move_line_ids |= self.item(other)
        form = self.dialog()
        self.assertEqual(
            (form.invoice_ids[:], form.subject), (self.env["account.move"], False), "nothing is left"
        )
        hold.move_line_ids = self.item(self.move)
        hold.amount = 100.0
        form = self.dialog()
        self.assertEqual(form.invoice_ids[:], self.move | other, "the rest of it is not in dispute")
        self.assertIn("240.00", form.subject, "of 300 and 40 what nobody disputes")
        self.assertRegex(form.body, r"disputed and not claimed here:\s+100.00")

    def test_who_keeps_a_plan_is_not_asked_when_it_pays(self):
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "policy_id": False,
                "date_start": self.company._recovery_today() + timedelta(days=20),
                "instalment_count": 3,
                "item_ids": [Command.create({"move_line_id": self.item(self.move).id})],
            }
        )
        plan.generate_instalments()
        plan.action_propose()
        plan.action_accept(signed_by="Anne Martin, manager")
        plan.action_activate()
        form = self.dialog()
        self.assertEqual((form.message_id, form.subject), (self.message.browse(), False))
        form.message_id = self.env.ref("payment_plan_recovery.message_by_hand")
        self.assertIn("300.00", form.subject, "who chooses the words has them")

    def test_filled_with_what_is_known_and_really_sent(self):
        before = self.debtor.message_ids
        form = self.dialog()
        self.assertEqual((form.contact_id, form.invoice_ids[:]), (self.debtor, self.move))
        self.assertIn("300.00", form.subject)
        self.assertIn(self.move.name, form.body)
        form.subject = "About your invoice"
        form.save().action_send()
        made = self.written()
        self.assertEqual(
            (made.channel, made.user_id, made.outcome, made.is_incoming, made.date),
            ("email", self.collector, "About your invoice", False, self.company._recovery_today()),
        )
        self.assertEqual(self.debtor.message_ids, before, "nothing where every employee reads it")
        [(addresses, mail)] = self.taken()
        self.assertEqual((addresses, mail["Subject"]), (["debtor@example.com"], "About your invoice"))
        self.assertEqual(parseaddr(str(mail["Reply-To"]))[1], "answer@creditor.example.com")
        [attached] = mail.iter_attachments()
        self.assertTrue(attached.get_content().startswith(b"%PDF"))
        self.assertEqual(made.message_ids.notification_ids.notification_status, "sent")
        self.assertIn("About your invoice", self.debtor.with_user(self.collector).recovery_timeline)

    def test_in_the_debtors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        words = self.env.ref("payment_plan_recovery.message_by_hand").with_context(lang="fr_FR")
        words.subject = "Votre compte : {total}"
        self.debtor.lang = "fr_FR"
        form = self.dialog()
        self.assertEqual(form.subject.replace("\N{NO-BREAK SPACE}", " "), "Votre compte : 300,00 €")

    def test_words_of_the_level_reached_but_no_formal_notice(self):
        self.assertNotIn(self.message, self.plain().message_ids)
        run = self.make_run(5)
        run.action_propose()
        run.action_confirm()
        self.drain()
        self.assertEqual(run.notice_ids.state, "sent")
        self.assertIn(self.message, self.plain(message_id=self.message).message_ids)
        self.assertIn("Pay", self.plain(message_id=self.message).subject)
        self.level.letter_kind = "formal_notice"
        self.assertNotIn(self.message, self.plain().message_ids)

    def test_who_represents_the_debtor_is_written_to_alone(self):
        notary = self.make_debtor("Notary", parent_id=self.debtor.id, email="notary@example.com")
        self.debtor.recovery_representative_id = notary
        mail = self.plain()
        self.assertEqual(mail.contact_id, notary)
        with self.assertRaises(UserError):
            self.plain(contact_id=self.debtor).action_send()
        mail.action_send()
        self.assertEqual([addresses for addresses, _mail in self.taken()], [["notary@example.com"]])

    def test_quiet_hours_are_waited_for(self):
        self.company.recovery_quiet_channels = "electronic"
        self.company.resource_calendar_id.tz = self.debtor.tz = "UTC"
        with patch("odoo.fields.Datetime.now", return_value=self.env.cr.now().replace(hour=23, minute=0)):
            mail = self.plain()
            self.assertTrue(mail.goes_at)
            mail.action_send()
        queued = self.written().message_ids.mail_ids
        self.assertEqual((queued.scheduled_date.hour, queued.state), (8, "outgoing"))

    # What comes back -------------------------------------------------------------------------------

    def test_a_reply_holds_what_the_mail_was_about_until_it_is_answered(self):
        other = self.invoice(self.debtor, 70.0)
        form = self.dialog()
        form.invoice_ids.remove(other.id)
        with patch.object(
            type(self.env["ir.actions.report"]),
            "_recovery_print",
            lambda _self, _report, records, _data: dict.fromkeys(records, b"%PDF"),
        ):
            form.save().action_send()
        made = self.written()
        [(_addresses, mail)] = self.taken()
        self.reply(mail)
        self.assertTrue(made.has_unread_reply)
        self.assertEqual(made.reply_hold_id.move_line_ids, self.item(self.move))
        self.env.flush_all()
        thing = self.env["recovery.next.action"]._thing("mail_reply")
        rows = thing._rows(self.company, self.company._recovery_today())
        self.assertEqual([row[3] for row in self.env.execute_query(rows)], made.ids)
        answer = self.dialog(of=made)
        self.assertTrue(answer.is_asked)
        self.assertEqual((answer.subject, answer.invoice_ids[:]), (f"Re: {made.outcome}", self.move.browse()))
        answer.body = "<p>Thank you.</p>"
        answer.save().action_send()
        self.assertFalse(made.has_unread_reply or made.reply_hold_id)

    def test_a_reply_to_a_mail_without_invoices_is_about_everything(self):
        self.plain().action_send()
        [(_addresses, mail)] = self.taken()
        self.reply(mail)
        hold = self.written().reply_hold_id
        self.assertEqual((hold.partner_id, hold.move_line_ids.ids), (self.debtor, []))
        on = (self.company._recovery_today() - day(0)).days
        self.assertEqual(self.reason(self.item(self.move), on), "on_hold")

    # What is refused -------------------------------------------------------------------------------

    def test_who_may_not_be_written_to_is_not(self):
        mail = self.plain()
        hold = {
            "partner_id": self.debtor.id,
            "kind": "deceased",
            "reason": "Died",
            "date_until": "2100-01-01",
        }
        for refused in (
            lambda: self.debtor.write({"recovery_no_email": True}),
            lambda: self.env["mail.blacklist"]._add(self.debtor.email),
            lambda: self.debtor.write({"message_bounce": 2}),
            lambda: self.debtor.write({"email": False}),
            lambda: self.env["recovery.hold"].create(hold),
        ):
            with self.subTest(), self.env.cr.savepoint() as savepoint:
                refused()
                self.env.invalidate_all()
                self.assertTrue(self.plain().obstacle)
                with self.assertRaises(UserError):
                    mail.action_send()
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertFalse(self.written())
        mail.action_send()
        self.assertTrue(self.written())

    def test_the_contact_budget_counts_and_is_kept(self):
        self.company.write({"recovery_contact_max": 1, "recovery_contact_window_days": 7})
        call = {"partner_id": self.debtor.id, "company_id": self.company.id, "outcome": "Called"}
        self.env["recovery.contact"].create(call)
        mail = self.plain()
        self.assertTrue(mail.date_allowed)
        with self.assertRaises(UserError):
            mail.action_send()
        mail.is_asked = True
        mail.action_send()
        made = self.env["recovery.contact"]._made_sql(self.company, self.debtor.ids)
        self.env.flush_all()
        self.assertEqual({row[1] for row in self.env.execute_query(made)}, {"phone", "email"})

    def test_empty_words_and_what_is_another_debtors(self):
        other = self.make_debtor("Other", email="other@example.com")
        foreign = self.invoice(other, 10.0)
        for values in (
            {"subject": " "},
            {"body": "<p><br></p>"},
            {"contact_id": other.id},
            {"invoice_ids": [Command.set(foreign.ids)]},
        ):
            mail = self.plain()
            mail.write(values)
            with self.subTest(values), self.assertRaises(UserError):
                mail.action_send()
        self.assertFalse(self.written())

    def test_what_went_stays_and_what_came_of_it_is_noted(self):
        self.plain().action_send()
        made = self.written().with_user(self.collector)
        made.write({"result": "promised"})
        for values in ({"outcome": "Invented"}, {"user_id": self.env.uid}, {"date": day(0)}):
            with self.subTest(values), self.assertRaises(UserError):
                made.write(values)
        with self.assertRaises(UserError):
            made.with_user(self.person("head", "payment_plan_recovery.group_recovery_manager")).unlink()
        mail = self.plain()
        reader = self.person("reads", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            mail.with_user(reader).action_send()
