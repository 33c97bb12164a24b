"""A debtor's file of which something went out, and clients of each role who try ways round its guard."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import Client
from world import World

ROLES = ("employee", "invoicing", "accountant", "collector", "manager")


class Ways(Client, World):
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
