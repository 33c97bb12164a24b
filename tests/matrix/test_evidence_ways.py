"""Ways round the guard of evidence that are not writes: the mail gateway, translations, activities, files that hang on
messages, deletions that PostgreSQL passes on."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import FORGED, Client
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from world import World

ROLES = ("employee", "invoicing", "accountant", "collector", "manager")
MAIL = """From: "{name}" <{address}>
To: nobody@example.com
Subject: My answer
Message-Id: <invented-{number}@example.com>
{header}Content-Type: text/plain

I owe it all and pay no cent.
"""


@tagged("post_install", "-at_install")
class TestRoundTheGuard(Client, World, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.company
        cls.notice = cls.env["recovery.notice"].search([("company_id", "=", company.id)], limit=1)
        cls.debtor = cls.notice.partner_id
        cls.person = cls.env["res.partner"].create({"name": "Person", "parent_id": cls.debtor.id})
        cls.notice._archive(b"%PDF-1.4 the letter that went out")
        cls.notice._sent(contact_id=cls.person.id)
        cls.plan = cls.env["recovery.plan"].search([("company_id", "=", company.id)], limit=1)
        cls.promise = cls.env["recovery.promise"].search([("company_id", "=", company.id)], limit=1)
        cls.letter = cls.notice.attachment_id
        cls.env.flush_all()

    def everybody(self, model, method, *arguments, roles=ROLES, **named):
        for role in roles:
            with self.case(role, model, method, arguments, named):
                self.assert_refused(role, model, method, *arguments, **named)

    def env_of(self, role):
        return self.env(user=self.users[role], context={"allowed_company_ids": self.company.ids}, su=False)

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

    # -- translations ---------------------------------------------------------------------------

    def test_translations_are_no_way_round(self):
        guard = self.env.registry["recovery.guarded.fields"]
        for name, model in self.env.registry.items():
            if not issubclass(model, guard) or model._abstract:
                continue
            for field in model._fields.values():
                self.assertFalse(field.translate and field.store, f"{name}.{field.name}")

    # -- activities -------------------------------------------------------------------------------

    def test_an_activity_is_no_way_to_conclude_a_notice(self):
        """A call that is done concludes its notice: whoever may not write the notice moves no call to it."""
        notice = self.notice
        notice.sudo().write({"state": "queued", "channel": "phone", "date_sent": False})
        call = self.env.ref("mail.mail_activity_data_call")
        moved = {"res_model_id": self.env["ir.model"]._get_id("recovery.notice"), "res_id": notice.id}
        own = {"activity_type_id": call.id, "res_model_id": self.env["ir.model"]._get_id("res.partner")}
        for role in ("employee", "invoicing", "accountant", "portal"):
            user = self.users[role]
            activity = self.env["mail.activity"].create(
                {**own, "res_id": user.partner_id.id, "user_id": user.id}
            )
            with self.case(role):
                self.assert_refused(role, "mail.activity", "write", activity.ids, moved)
                made = {"activity_type_id": call.id, **moved, "user_id": user.id}
                self.assert_refused(role, "mail.activity", "create", [made])
        made = {"activity_type_id": call.id, **moved, "user_id": self.users["collector"].id}
        activity = self.env_of("collector")["mail.activity"].create(made)
        activity.action_feedback("Will pay on Friday")
        self.assertEqual((notice.state, notice.call_outcome), ("sent", "Will pay on Friday"))

    # -- deletions --------------------------------------------------------------------------------

    def test_what_evidence_names_does_not_disappear(self):
        may = {
            # what went is kept in the archive; the mail itself is deleted once it went
            ("recovery.notice", "mail_id"),
            # the addon keeps these files itself
            ("recovery.notice", "attachment_id"),
            ("recovery.plan", "signed_document_id"),
            # without its payment, what a partner collected is waited for again
            ("recovery.mandate.entry", "payment_id"),
            # no evidence: what is to be done today, and by which card it is paid next
            ("recovery.worklist", "segment_id"),
            ("recovery.plan", "autopay_token_id"),
        }
        guard = self.env.registry["recovery.guarded.fields"]
        for name, model in self.env.registry.items():
            if not issubclass(model, guard) or model._abstract:
                continue
            records = self.env[name]
            frozen = records._fields_that_are("protected") | records._fields_that_are("terms")
            frozen |= getattr(records, "_asked_fields", frozenset)()
            for field_name in sorted(frozen):
                field = records._fields[field_name]
                if field.type != "many2one" or not field.store or field.comodel_name == "res.users":
                    continue
                if issubclass(self.env.registry[field.comodel_name], guard) or (name, field_name) in may:
                    continue
                with self.case(name, field_name, field.comodel_name):
                    self.assertNotEqual(field.ondelete, "set null")

    def test_whom_a_notice_went_to_is_not_deleted(self):
        other = self.env["res.partner"].create({"name": "Nobody", "parent_id": self.debtor.id})
        for role in ("employee", "invoicing", "accountant", "manager"):
            self.users[role].group_ids += self.env.ref("base.group_partner_manager")
            for context in ({}, FORGED):
                self.assert_refused(role, "res.partner", "unlink", self.person.ids, context=context)
                self.assertEqual(self.ask(role, "res.partner", "unlink", other.ids)[0], "done")

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

    # -- what the debtor said ----------------------------------------------------------------------

    def test_the_debtor_s_own_words_stay(self):
        env = self.env(su=True, context={**self.env.context, "allowed_company_ids": self.company.ids})
        request = env["recovery.request"]._open(
            self.debtor.with_env(env),
            self.company,
            "message",
            self.debtor,
            description="I never ordered that",
        )
        for values in (
            {"description": "I owe it"},
            {"new_email": "me@example.com"},
            {"amount": 5000},
            {"kind": "plan"},
            {"partner_id": self.company.partner_id.id},
        ):
            self.everybody("recovery.request", "write", request.ids, values)
        self.everybody("recovery.request", "unlink", request.ids)
        invented = {
            "partner_id": self.debtor.id,
            "kind": "contact",
            "description": "x",
            "new_email": "me@x.fr",
        }
        self.everybody("recovery.request", "create", [invented])
        changed = {"user_id": self.users["manager"].id}
        self.assertEqual(
            self.ask("collector", "recovery.request", "write", request.ids, changed), ("done", True)
        )

    def test_a_dispute_is_in_the_words_of_who_opened_it(self):
        self.env["recovery.dispute"].sudo().search([]).unlink()
        about = {
            "partner_id": self.debtor.id,
            "company_id": self.company.id,
            "move_line_ids": self.plan.item_ids.move_line_id.ids,
            "description": "Stale flour",
        }
        disputes = self.env["recovery.dispute"].with_context(allowed_company_ids=self.company.ids)
        noted = disputes.with_user(self.users["collector"]).create(about)
        words = {"description": "Stale flour, he says"}
        self.assertEqual(self.ask("collector", "recovery.dispute", "write", noted.ids, words), ("done", True))
        self.assertEqual(self.ask("manager", "recovery.dispute", "unlink", noted.ids), ("done", True))
        noted.sudo().unlink()
        said = disputes.with_user(self.users["portal"]).sudo().create(about)
        self.everybody("recovery.dispute", "write", said.ids, words)
        self.everybody("recovery.dispute", "unlink", said.ids)
        answer = {"answer": "We looked"}
        self.assertEqual(self.ask("collector", "recovery.dispute", "write", said.ids, answer), ("done", True))

    def test_a_write_off_does_not_lose_its_entry(self):
        write_off = self.env["recovery.write.off"].search([("company_id", "=", self.company.id)], limit=1)
        self.company.recovery_write_off_account_id = self.company_data["default_account_expense"]
        write_off.sudo().write({"state": "asked", "asked_by_id": self.users["collector"].id})
        manager = self.env_of("manager")
        write_off.with_env(manager).action_approve()
        entry = write_off.move_id
        self.assertEqual(entry.state, "posted")
        entry.sudo().button_draft()
        for context in ({}, {"force_delete": True}, FORGED):
            self.assert_refused("accountant", "account.move", "unlink", entry.ids, context=context)
