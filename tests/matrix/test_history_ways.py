"""Ways round the guard of histories: the mail gateway, composers, senders and authors, files that hang on messages."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from ways import ROLES, Ways

MAIL = """From: "{name}" <{address}>
To: nobody@example.com
Subject: My answer
Message-Id: <invented-{number}@example.com>
{header}Content-Type: text/plain

I owe it all and pay no cent.
"""


@tagged("post_install", "-at_install")
class TestRoundHistories(Ways, HttpCase):
    # -- the mail gateway -------------------------------------------------------------------

    def test_a_mail_handed_in_by_a_client_makes_no_record(self):
        notice = self.notice
        invented = {
            "partner_id": notice.partner_id.id,
            "company_id": notice.company_id.id,
            "level_id": notice.level_id.id,
            "date": "2026-01-02",
            "channel": "registered",
            "state": "sent",
        }
        mail = MAIL.format(name="X", address="x@example.com", number=1, header="")
        for role in ("portal", *ROLES):
            with self.case(role):
                self.assert_refused(
                    role,
                    "recovery.notice",
                    "message_process",
                    "recovery.notice",
                    mail,
                    custom_values=invented,
                )
        self.everybody("recovery.notice", "message_new", {"subject": "x"}, invented)
        self.everybody("recovery.notice", "message_update", notice.ids, {}, {"state": "cancelled"})

    def test_a_mail_handed_in_by_a_client_says_nothing_in_a_debtor_s_name(self):
        self.debtor.email = "debtor@example.com"
        mail = MAIL.format(name="Debtor", address="debtor@example.com", number=2, header="")
        for record in (self.notice, self.plan, self.promise):
            for role in ("portal", *ROLES):
                with self.case(role, record):
                    self.assert_refused(
                        role,
                        record._name,
                        "message_process",
                        record._name,
                        mail,
                        thread_id=record.id,
                    )

    # -- words in a history -------------------------------------------------------------------

    def test_nobody_speaks_under_another_s_address(self):
        for record in (self.notice, self.plan, self.promise):
            for forged in (
                {"author_id": False, "email_from": "debtor@example.com"},
                {"email_from": "Debtor <debtor@example.com>"},
                {"author_id": False, "email_from": "debtor@example.com", "message_type": "email"},
                {"message_type": "email"},
                {"message_type": "auto_comment"},
            ):
                self.everybody(record._name, "message_post", record.ids, body="I owe it", **forged)
                message = {"model": record._name, "res_id": record.id, "body": "I owe it", **forged}
                self.everybody("mail.message", "create", [message])

    def test_a_client_writes_in_its_own_name(self):
        for role in ("collector", "manager"):
            for named in ({}, {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}):
                outcome = self.ask(
                    role, "recovery.notice", "message_post", self.notice.ids, body="Called", **named
                )
                self.assertEqual(outcome, ("done", True))

    def test_a_file_that_hangs_on_a_history_stays(self):
        for role in ("collector", "manager"):
            env = self.env_of(role)
            file = env["ir.attachment"].create(
                {"name": "proof.txt", "raw": b"proof", "res_model": "res.users", "res_id": env.uid}
            )
            post = env["recovery.notice"].browse(self.notice.id).message_post
            post(body="See the proof", message_type="comment", attachment_ids=file.ids)
            hanging = self.notice.message_ids[0].attachment_ids
            with self.case(role, hanging.res_model):
                self.assertTrue(hanging)
                for values in ({"raw": "other"}, {"name": "other"}, {"res_id": 0}):
                    self.assert_refused(role, "ir.attachment", "write", hanging.ids, values)
                self.assert_refused(role, "ir.attachment", "unlink", hanging.ids)

    def test_a_letter_gets_no_link_by_hand(self):
        self.everybody("ir.attachment", "write", self.letter.ids, {"access_token": "known"})
        self.everybody("ir.attachment", "generate_access_token", self.letter.ids)

    # -- writing to the debtor ------------------------------------------------------------------------

    def test_a_composer_speaks_in_its_user_s_name(self):
        for role in ("collector", "manager"):
            for mode in ("mass_mail", "comment"):
                for forged in (
                    {"author_id": self.debtor.id},
                    {"email_from": "debtor@example.com", "author_id": self.debtor.id},
                    {"email_from": "debtor@example.com", "author_id": False},
                ):
                    with self.case(role, mode, forged):
                        self.assertFalse(self.composed(role, mode, **forged))
                with self.case(role, mode):
                    [message] = self.composed(role, mode)
                    self.assertEqual(message, (self.users[role].partner_id, "We called"))

    def composed(self, role, mode, **values):
        """What a composer of ``role`` leaves in the notice's history: [(author, subject)]; it is undone."""
        values |= {"composition_mode": mode, "model": "recovery.notice", "res_ids": repr(self.notice.ids)}
        values |= {"subject": "We called", "body": "As agreed", "force_send": False, "auto_delete": False}
        before = self.notice.message_ids
        with self.env.cr.savepoint() as savepoint:
            try:
                self.env_of(role)["mail.compose.message"].create(values).action_send_mail()
            except AccessError:
                return []
            finally:
                self.env.invalidate_all()
                said = [(message.author_id, message.subject) for message in self.notice.message_ids - before]
                savepoint.rollback()
        self.env.invalidate_all()
        return said

    def test_other_ways_to_post(self):
        ways = (
            ("message_notify", {"partner_ids": self.company.partner_id.ids, "body": "I owe", "subject": "x"}),
            ("message_mail_with_source", {"source_ref": "payment_plan_recovery.portal_claims"}),
            ("message_post_with_source", {"source_ref": "payment_plan_recovery.portal_claims"}),
        )
        for method, named in ways:
            for forged in ({"author_id": self.debtor.id}, {"email_from": "debtor@example.com"}):
                self.everybody("recovery.notice", method, self.notice.ids, **named, **forged)

    def test_what_is_written_later_is_written_in_one_s_own_name(self):
        values = {"model": "recovery.notice", "res_id": self.notice.id, "body": "I owe it all"}
        for role in ("collector", "manager"):
            before = self.notice.message_ids
            later = self.env_of(role)["mail.scheduled.message"].create(
                {**values, "author_id": self.debtor.id, "scheduled_date": "2100-01-01 08:00:00"}
            )
            with mute_logger("odoo.addons.mail.models.mail_scheduled_message"):
                later.sudo()._post_message(raise_exception=False)
            with self.case(role):
                self.assertFalse(self.notice.message_ids - before)

    def test_who_follows_a_contact_is_told_nothing_of_its_file(self):
        """An employee subscribes to all that may be told of a contact, and reads its history."""
        employee, debtor = self.env_of("employee"), self.debtor
        subtypes = self.env["mail.message.subtype"].search([]).ids
        employee["res.partner"].browse(debtor.id).message_subscribe(
            employee.user.partner_id.ids, subtype_ids=subtypes
        )
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        check = self.env["recovery.solvency.check"].search([("company_id", "=", self.company.id)], limit=1)
        check = check.copy({"partner_id": debtor.id})
        check.with_user(self.users["manager"]).sudo().action_compute()
        check.class_id = self.env.ref("payment_plan_recovery.risk_class_d")
        check.sudo()._grant()
        self.promise._close("broken", self.company._recovery_today())
        self.notice.message_post(body="Would not pay before Christmas", message_type="comment")
        self.assertEqual(debtor.with_company(self.company).recovery_risk_class, check.class_id)
        since = self.env["mail.message"].search([("id", ">", before)])
        told = since.notification_ids.filtered(lambda told: told.res_partner_id == employee.user.partner_id)
        self.assertFalse(told.mail_message_id)
        seen = employee["mail.message"].search([("id", ">", before)])
        self.assertTrue(since - seen, "there is something that he does not see")
        self.assertFalse(seen.filtered(lambda message: message.model.startswith("recovery.")))
        self.authenticate("matrix_employee", "matrix_employee")
        answer = self.url_open(
            "/mail/thread/messages",
            data=json.dumps({"params": {"thread_model": "res.partner", "thread_id": debtor.id}}),
            headers={"Content-Type": "application/json"},
        )
        self.assertIn("result", answer.json())
        for told in ("Risk class", check.class_id.display_name, "Christmas", "broken"):
            self.assertNotIn(told, answer.text)
