"""Messages and activities about records that their author may not read: Odoo takes them, and tells the name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from odoo import Command
from odoo.tests import tagged
from ways import Ways


@tagged("post_install", "-at_install")
class TestMessagesElsewhere(Ways):
    def theirs(self):
        """A record of the sister company of each of our models, which nobody here reads."""
        for name, model in sorted(self.env.registry.items()):
            if name.startswith("recovery.") and model._auto and not (model._abstract or model._transient):
                record = self.sample(name, self.sister)
                reader = self.env_of("collector")[name]
                if record and not reader.browse(record.id).has_access("read"):
                    yield record

    def said_by(self, role, record, **more):
        about = {"model": record._name, "res_id": record.id, "message_type": "user_notification", "body": "x"}
        return {**about, "author_id": self.users[role].partner_id.id, **more}

    def test_nobody_writes_about_what_he_does_not_read(self):
        tried = 0
        for record in self.theirs():
            for role in ("portal", "collector"):
                for kind in ("user_notification", "comment"):
                    tried += 1
                    with self.case(role, record._name, kind):
                        values = self.said_by(role, record, message_type=kind)
                        self.assert_refused(role, "mail.message", "create", [values])
        self.assertGreater(tried, 120)

    def test_nor_by_another_way(self):
        """By a default, by the composer's notification, by a message that is moved there."""
        record = self.sample("recovery.charge", self.sister)
        about = {"model": record._name, "res_id": record.id}
        written = {**about, "res_ids": repr(record.ids), "composition_mode": "comment", "body": "x"}
        del written["res_id"]
        own = self.env["mail.message"].sudo()
        for role in ("portal", "employee", "collector"):
            user = self.users[role]
            said = {"message_type": "user_notification", "body": "x", "author_id": user.partner_id.id}
            defaults = {f"default_{name}": value for name, value in about.items()}
            with self.case(role):
                self.assert_refused(role, "mail.message", "create", [said], context=defaults)
                message = own.create(
                    {**said, "model": "res.partner", "res_id": user.partner_id.id, "create_uid": user.id}
                )
                self.assert_refused(role, "mail.message", "write", message.ids, about)
        for role in ("employee", "collector"):
            with self.case(role, "composer"):
                composer = self.env_of(role)["mail.compose.message"].create(
                    {**written, "partner_ids": [Command.set(self.person.ids)]}
                )
                self.assert_refused(role, "mail.compose.message", "action_send_mail", composer.ids)

    def test_an_activity_of_ones_own_is_not_moved_there(self):
        """Its record's name would be told."""
        todo = {"activity_type_id": self.env.ref("mail.mail_activity_data_todo").id, "summary": "Mine"}
        own = {role: self.env_of(role)["mail.activity"] for role in ("employee", "invoicing", "collector")}
        own = {role: mine.create({**todo, "user_id": mine.env.uid}) for role, mine in own.items()}
        for record in self.theirs():
            moved = {"res_model_id": self.env["ir.model"]._get_id(record._name), "res_id": record.id}
            for role, activity in own.items():
                with self.case(role, record._name):
                    self.assert_refused(role, "mail.activity", "write", activity.ids, moved)
        theirs = self.sample("recovery.plan", self.company)
        moved = {"res_model_id": self.env["ir.model"]._get_id(theirs._name), "res_id": theirs.id}
        done = self.ask("collector", "mail.activity", "write", own["collector"].ids, moved)
        self.assertEqual(done, ("done", True))

    def test_everybody_speaks_in_his_own_name(self):
        """On records that have no history of their own, too."""
        record, boss = self.sample("recovery.charge", self.company), self.users["manager"].partner_id
        for forged in ({"author_id": boss.id}, {"email_from": "boss@example.com"}):
            with self.case(forged):
                values = self.said_by("collector", record, **forged)
                self.assert_refused("collector", "mail.message", "create", [values])
        values = self.said_by("collector", record)
        self.assertEqual(self.ask("collector", "mail.message", "create", [values]), ("done", True))
