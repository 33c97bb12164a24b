"""How a debtor's file might be forged, told as clients would try it: each story ends with nothing changed."""

import base64
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import FORGED, Client
from odoo import Command, fields
from odoo.tests import tagged
from world import TODAY, World

ROLES = ("invoicing", "accountant", "collector", "manager")


@tagged("post_install", "-at_install")
class TestForgedEvidence(Client, World):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.company
        cls.notice = cls.env["recovery.notice"].search([("company_id", "=", company.id)], limit=1)
        cls.notice._archive(b"%PDF-1.4 the letter that went out")
        cls.notice._sent(contact_id=cls.notice.partner_id.id)
        cls.plan = cls.env["recovery.plan"].search([("company_id", "=", company.id)], limit=1)
        cls.promise = cls.env["recovery.promise"].search([("company_id", "=", company.id)], limit=1)
        cls.letter = cls.notice.attachment_id
        cls.env.flush_all()

    def everybody(self, model, method, *arguments, **named):
        for role in ROLES:
            with self.case(role, model, method, arguments, named):
                self.assert_refused(role, model, method, *arguments, **named)

    # -- notices ---------------------------------------------------------------------------

    def test_a_notice_that_was_never_sent_is_not_invented(self):
        notice = self.notice
        invented = {
            "partner_id": notice.partner_id.id,
            "company_id": notice.company_id.id,
            "level_id": notice.level_id.id,
            "date": "2026-01-02",
            "channel": "registered",
        }
        self.everybody("recovery.notice", "create", [{**invented, "state": "sent"}])
        self.everybody("recovery.notice", "create", [invented], context={"default_state": "sent"})
        self.everybody("recovery.notice", "web_save", [], invented, specification={})
        self.everybody("recovery.notice", "name_create", "Invented", context={"default_company_id": 1})
        self.everybody("recovery.notice", "copy", notice.ids, {"state": "sent"})
        self.everybody(
            "recovery.dunning.run",
            "create",
            [{"date": "2026-01-02", "notice_ids": [Command.create(invented)]}],
        )

    def test_a_notice_does_not_disappear(self):
        notice = self.notice
        self.everybody("recovery.notice", "unlink", notice.ids)
        self.everybody("recovery.notice", "unlink", notice.ids, context=FORGED)
        for command in (Command.delete(notice.id), Command.unlink(notice.id), Command.clear()):
            self.everybody("recovery.dunning.run", "write", notice.run_id.ids, {"notice_ids": [command]})
        self.everybody("recovery.dunning.run", "unlink", notice.run_id.ids, context=FORGED)
        self.everybody("recovery.notice.line", "unlink", notice.line_ids.ids, context=FORGED)

    def test_a_notice_says_what_it_said_to_whom_it_said_it(self):
        other = self.company.partner_id.id
        for values in (
            {"document_sha256": "0" * 64},
            {"attachment_id": False},
            {"contact_id": other},
            {"partner_id": other},
            {"date_sent": "2025-12-01 08:00:00"},
            {"state": "cancelled"},
            {"message_ref": "<invented@example.com>"},
            {"line_ids": [Command.update(self.notice.line_ids[0].id, {"amount_residual": 1})]},
        ):
            self.everybody("recovery.notice", "write", self.notice.ids, values)
            self.everybody("recovery.notice", "write", self.notice.ids, values, context=FORGED)

    def test_an_invoice_that_was_asked_for_does_not_disappear(self):
        invoice = self.notice.line_ids.move_id[:1]
        invoice.button_draft()
        for role in ("invoicing", "accountant"):
            with self.case(role):
                self.assert_refused(role, "account.move", "unlink", invoice.ids, context=FORGED)
        self.notice._came_back("Nobody of that name")
        self.notice.action_cancel()
        self.assert_refused("accountant", "account.move", "unlink", invoice.ids, context=FORGED)

    # -- plans and promises ------------------------------------------------------------------

    def test_a_draft_plan_binds_nothing_by_hand(self):
        plan, item = self.plan, self.plan.item_ids
        for name in ("is_live", "is_followed"):
            self.everybody("recovery.plan.item", "write", item.ids, {name: True})
            self.everybody(
                "recovery.plan", "write", plan.ids, {"item_ids": [Command.update(item.id, {name: True})]}
            )
            line = {"move_line_id": item.move_line_id.id, name: True}
            values = {"partner_id": plan.partner_id.id, "item_ids": [Command.create(line)]}
            self.everybody("recovery.plan", "create", [values])
        self.everybody("recovery.plan", "write", plan.ids, {"state": "active"})
        self.everybody(
            "recovery.plan.instalment", "write", plan.instalment_ids[0].ids, {"amount_residual": 0}
        )

    def test_a_promise_is_kept_by_paying_only(self):
        promise = self.promise
        self.everybody("recovery.promise", "write", promise.ids, {"state": "kept"})
        self.everybody("recovery.promise", "write", promise.ids, {"amount_received": promise.amount})
        values = {"partner_id": promise.partner_id.id, "amount": 5, "date_promised": "2100-01-01"}
        self.everybody("recovery.promise", "create", [{**values, "state": "kept"}])
        self.env["ir.default"].set("recovery.promise", "state", "kept")
        made = self.env["recovery.promise"].with_user(self.users["collector"])
        made = made.with_context(allowed_company_ids=self.company.ids, default_state="kept")
        values["partner_id"] = self.env["res.partner"].create({"name": "Another"}).id
        self.assertEqual(made.create(values).state, "open")

    def test_a_promise_that_was_judged_stays(self):
        self.promise._close("broken", TODAY)
        for values in ({"amount": 1}, {"date_promised": "2100-02-02"}, {"move_line_ids": [Command.clear()]}):
            self.everybody("recovery.promise", "write", self.promise.ids, values)
        self.everybody("recovery.promise", "unlink", self.promise.ids)
        self.everybody("recovery.promise", "unlink", self.promise.ids, context=FORGED)

    def test_what_the_product_wrote_to_a_debtor_stays_noted(self):
        contact = (
            self.env["recovery.contact"]
            .sudo()
            .create(
                {
                    "partner_id": self.notice.partner_id.id,
                    "company_id": self.company.id,
                    "outcome": "Your promise",
                    "is_automatic": True,
                }
            )
        )
        self.everybody("recovery.contact", "write", contact.ids, {"outcome": "Invented"})
        self.everybody("recovery.contact", "write", contact.ids, {"is_automatic": False})
        self.everybody("recovery.contact", "unlink", contact.ids, context=FORGED)

    # -- files -----------------------------------------------------------------------------

    def test_the_letter_in_the_file_is_the_one_that_went_out(self):
        letter = self.letter
        for values in (
            {"raw": "other"},
            {"datas": base64.b64encode(b"other").decode()},
            {"name": "other.pdf"},
            {"public": True},
            {"res_id": 0},
            {"res_model": "res.partner", "res_id": self.notice.partner_id.id},
            {"mimetype": "text/html"},
        ):
            self.everybody("ir.attachment", "write", letter.ids, values)
        self.everybody("ir.attachment", "unlink", letter.ids, context=FORGED)
        self.everybody("ir.attachment", "copy", letter.ids, {"public": True})

    def test_a_signature_is_kept(self):
        self.plan.sudo().signature = base64.b64encode(b"signed")
        self.plan.flush_recordset()
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "recovery.plan"),
                ("res_id", "=", self.plan.id),
                ("res_field", "=", "signature"),
            ]
        )
        self.assertTrue(files)
        self.everybody("ir.attachment", "write", files.ids, {"raw": "other"})
        self.everybody("ir.attachment", "unlink", files.ids)
        self.plan.sudo().signature = False

    def test_no_file_is_laid_behind_a_protected_field(self):
        behind = {"res_model": "recovery.plan", "res_id": self.plan.id, "res_field": "signature"}
        self.everybody("ir.attachment", "create", [{"name": "signature", "raw": "forged", **behind}])
        context = {f"default_{name}": value for name, value in behind.items()}
        self.everybody("ir.attachment", "create", [{"name": "signature", "raw": "forged"}], context=context)
        for role in ROLES:
            own = (
                self.env["ir.attachment"].with_user(self.users[role]).create({"name": "own", "raw": "forged"})
            )
            with self.case(role):
                self.assert_refused(role, "ir.attachment", "write", own.ids, behind)

    def test_a_debtor_s_rating_is_the_debtor_s(self):
        self.everybody("recovery.plan", "write", self.plan.ids, {"debtor_rating": "5"})
        self.everybody("recovery.plan", "write", self.plan.ids, {"debtor_rating_comment": "Well treated"})
        dispute = {
            "partner_id": self.plan.partner_id.id,
            "move_line_ids": self.plan.item_ids.move_line_id.ids,
            "description": "Stale flour",
        }
        self.everybody("recovery.dispute", "create", [{**dispute, "debtor_rating": "5"}])

    # -- histories ---------------------------------------------------------------------------

    def tracked(self):
        state = self.env["ir.model.fields"]._get("recovery.notice", "state")
        return {"field_id": state.id, "old_value_char": "Queued", "new_value_char": "Sent"}

    def said(self, role="collector"):
        return self.notice.with_user(self.users[role]).message_post(
            body="Called again", message_type="comment"
        )

    def test_a_history_is_not_rewritten(self):
        message = self.said()
        for values in ({"body": "Paid"}, {"date": "2020-01-01 00:00:00"}, {"author_id": 1}, {"subject": "x"}):
            self.everybody("mail.message", "write", message.ids, values)
        self.everybody("mail.message", "unlink", message.ids)
        self.everybody("mail.message", "unlink", message.ids, context=FORGED)
        for command in (Command.delete(message.id), Command.update(message.id, {"body": "Paid"})):
            self.everybody("recovery.notice", "write", self.notice.ids, {"message_ids": [command]})

    def test_a_history_takes_words_in_one_s_own_name_only(self):
        state = self.env["ir.model.fields"]._get("recovery.notice", "state")
        tracked = [
            Command.create({"field_id": state.id, "old_value_char": "Queued", "new_value_char": "Sent"})
        ]
        message = {"model": "recovery.notice", "res_id": self.notice.id, "body": "Sent"}
        system = self.env.ref("base.partner_root").id
        for invented in (
            {"tracking_value_ids": tracked},
            {"author_id": system},
            {"date": "2020-01-01 00:00:00"},
        ):
            self.everybody("mail.message", "create", [{**message, **invented}])
            self.everybody("recovery.notice", "message_post", self.notice.ids, body="Sent", **invented)
        self.everybody("mail.message", "create", [message], context={"default_author_id": system})
        elsewhere = self.company.partner_id.message_post(body="Elsewhere", message_type="comment")
        self.everybody("mail.message", "write", elsewhere.ids, {"model": "recovery.notice", "res_id": 1})
        outcome, changed = self.ask(
            "collector", "recovery.notice", "message_post", self.notice.ids, body="Called again"
        )
        self.assertEqual((outcome, changed), ("done", True))

    def test_what_the_machine_tracked_stays(self):
        self.promise.sudo()._message_log(body="", tracking_value_ids=[Command.create(self.tracked())])
        values = self.promise.message_ids.sudo().tracking_value_ids
        self.assertTrue(values)
        admin = self.users["manager"]
        admin.group_ids += self.env.ref("base.group_system")
        for method, arguments in (("write", [{"new_value_char": "Kept"}]), ("unlink", [])):
            self.assert_refused("manager", "mail.tracking.value", method, values.ids, *arguments)

    def test_the_day_of_a_note_is_today(self):
        self.assertEqual(self.said().date.date(), fields.Datetime.now().date())
