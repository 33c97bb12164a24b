"""A person about whom something is kept."""

from ..notice.notice_common import NoticeCommon


class PersonalCommon(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.recovery_retention = True
        cls.person = cls.make_debtor("Ada Vane", email="ada@vane.example")
        cls.data = cls.env["recovery.personal.data"]

    def kept(self, model, **values):
        return self.env[model].create({"partner_id": self.person.id, "company_id": self.company.id, **values})

    def interaction(self):
        return self.kept("recovery.contact", outcome="Said she was ill", date="2026-01-05")
