"""How a debtor's file might be forged through Odoo's own routes: messages edited, files changed or laid beside."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import QUIET
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from ways import ROLES, Ways

FORGED_TOKEN = "forged"  # noqa: S105 nobody's
#: A picture of one pixel.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestRoutesToEvidence(Ways, HttpCase):
    def post(self, route, **params):
        answer = self.url_open(
            route,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.env.invalidate_all()
        return answer

    def test_mail_s_own_routes_do_not_rewrite_a_history(self):
        manager = self.users["manager"]
        message = self.notice.with_user(manager).message_post(body="Called again", message_type="comment")
        letter = self.letter
        self.authenticate("matrix_manager", "matrix_manager")
        edited = self.post(
            "/mail/message/update_content",
            message_id=message.id,
            update_data={"body": "Paid", "attachment_ids": []},
        )
        self.assertIn("error", edited)
        self.assertIn("Called again", message.body)
        self.assertIn("error", self.post("/mail/attachment/delete", attachment_id=letter.id))
        self.assertTrue(letter.exists())
        posted = self.post(
            "/mail/message/post",
            thread_model="recovery.notice",
            thread_id=self.notice.id,
            post_data={"body": "A note", "message_type": "comment"},
            context={"default_state": "sent", "default_author_id": 1, "recovery_acting": True},
        )
        self.assertNotIn("error", posted)
        note = self.env["mail.message"].browse(posted["result"]["message_id"])
        self.assertEqual(note.author_id, self.users["manager"].partner_id)

    def test_what_may_go_goes_with_its_history(self):
        """A draft that nobody agreed to is deleted, with what was said about it."""
        plan = self.plan.with_user(self.users["collector"])
        plan.message_post(body="A first idea")
        copy = self.env["ir.attachment"].create(
            {"name": "idea.txt", "raw": b"idea", "res_model": plan._name, "res_id": plan.id}
        )
        plan.with_context(allowed_company_ids=self.company.ids).unlink()
        self.assertFalse(plan.exists() or copy.exists())

    def test_routes_that_take_files_leave_what_is_archived(self):
        """What went out stays what it was whichever route is asked; who may not write notices adds nothing to them."""
        kept = self.letter_as_it_is()
        for role in (*ROLES, "portal"):
            self.authenticate(f"matrix_{role}", f"matrix_{role}")
            before = self.files()
            for ask in (self.replace_letter, self.add_files):
                ask()
                with self.case(role, ask.__name__):
                    self.assertEqual(self.letter_as_it_is(), kept)
            with self.case(role, "added"):
                may_add = self.notice.with_user(self.users[role]).has_access("write")
                self.assertEqual(bool(self.files() - before), may_add)

    def letter_as_it_is(self):
        self.env.invalidate_all()
        fields_kept = (
            "raw",
            "name",
            "mimetype",
            "public",
            "access_token",
            "res_model",
            "res_id",
            "thumbnail",
        )
        return self.notice.attachment_id, *self.letter.exists().sudo().read(fields_kept, load=None)

    def files(self):
        at_notice = [("res_model", "=", self.notice._name), ("res_id", "=", self.notice.id)]
        return self.env["ir.attachment"].sudo().search(at_notice)

    def replace_letter(self):
        """Ask every route that changes or removes a file for the letter that went out."""
        with mute_logger("odoo.http", *QUIET):
            self.post("/mail/attachment/update_thumbnail", attachment_id=self.letter.id, thumbnail=PIXEL)
            self.post("/html_editor/attachment/remove", ids=self.letter.ids)
            self.post(f"/html_editor/modify_image/{self.letter.id}", **self.at_notice(), data=PIXEL)
            self.post("/mail/attachment/delete", attachment_id=self.letter.id)
            self.post("/portal/attachment/remove", attachment_id=self.letter.id, access_token=FORGED_TOKEN)

    def add_files(self):
        """Ask every route that takes a file to lay one beside it."""
        token = Request.csrf_token(self)
        with mute_logger("odoo.http", *QUIET):
            added = {"name": self.letter.name, "data": PIXEL, "is_image": False}
            self.post("/html_editor/attachment/add_data", **self.at_notice(), **added)
            for route, at in (
                ("/web/binary/upload_attachment", {"model": self.notice._name, "id": self.notice.id}),
                (
                    "/mail/attachment/upload",
                    {"thread_model": self.notice._name, "thread_id": self.notice.id, "is_pending": ""},
                ),
            ):
                files = {"ufile": (self.letter.name, b"%PDF-1.4 forged", "application/pdf")}
                self.url_open(route, data={**at, "csrf_token": token}, files=files)

    def at_notice(self):
        return {"res_model": self.notice._name, "res_id": self.notice.id}
