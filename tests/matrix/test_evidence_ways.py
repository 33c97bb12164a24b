"""Ways round the guard of evidence that are no writes: translations, activities, deletions by the database."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import FORGED
from inherited import Inherited
from odoo.tests import tagged
from read_from_outside import ReadFromOutside
from ways import Ways


@tagged("post_install", "-at_install")
class TestRoundEvidence(Inherited, ReadFromOutside, Ways):
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
            activity.write(moved)  # Odoo lets everybody move his own
            with self.case(role):
                self.assert_refused(role, "mail.activity", "action_feedback", activity.ids, "Will pay")
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

    def test_a_hold_that_follows_from_something_does_not_disappear(self):
        """Of a dispute, a promise, a case or a request: who ends it is noted, who deletes it would not be."""
        followed = (
            self.env["recovery.dispute"].search([("company_id", "=", self.company.id)], limit=1).hold_id
        )
        self.assertTrue(followed)
        own = {"partner_id": self.debtor.id, "company_id": self.company.id, "reason": "By hand"}
        noted = self.env["recovery.hold"].create({**own, "date_until": "2100-01-01"})
        for role in ("collector", "manager"):
            for context in ({}, FORGED):
                self.assert_refused(role, "recovery.hold", "unlink", followed.ids, context=context)
            self.assertEqual(self.ask(role, "recovery.hold", "unlink", noted.ids), ("done", True))
            self.assertEqual(self.ask(role, "recovery.hold", "action_end", followed.ids)[0], "done")

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
