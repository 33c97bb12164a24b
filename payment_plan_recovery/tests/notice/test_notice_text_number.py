"""A text message goes to the number as its owner's country writes it, and to no stranger elsewhere."""

from unittest.mock import patch

from odoo.tests import tagged

from .notice_common import NoticeCommon

#: As it is written in Belgium, where it is a mobile phone; in France somebody else's.
NATIONAL, BELGIAN = "0470 12 34 56", "+32470123456"


@tagged("post_install", "-at_install")
class TestNoticeTextNumber(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.channel_ids.unlink()
        cls.channel("sms", 1)
        cls.message.sms = "Please pay {total}"
        cls.belgium, cls.france = cls.env.ref("base.be"), cls.env.ref("base.fr")
        cls.company.country_id = cls.france

    def texted(self, debtor):
        """The number that the notice to ``debtor`` was texted to, by a job of whichever company."""
        notice = self.notify(debtor)
        self.env.ref("base.main_company").country_id = self.france

        def dialled(_partner, number, country, **_options):
            """As the library that is told the country does it, where it is installed."""
            return f"+{country.phone_code}{number.replace(' ', '').removeprefix('0')}"

        contacts = type(self.env["res.partner"])
        with patch.object(contacts, "_phone_format_number", dialled), self.outbox() as outbox:
            outbox._cron_send()
        self.env.invalidate_all()
        return self.env["sms.sms"].sudo().search([("uuid", "in", notice.mapped("sms_uuid"))]).number

    def test_a_contact_without_a_country_is_where_its_company_is(self):
        debtor = self.make_debtor(country_id=self.belgium.id, is_company=True)
        contact = self.env["res.partner"].create(
            {"name": "Books", "type": "invoice", "parent_id": debtor.id, "phone": NATIONAL, "street": "1"}
        )
        self.assertFalse(contact.country_id)
        self.assertEqual(self.texted(debtor), BELGIAN)

    def test_a_debtor_without_a_country_is_where_its_creditor_is(self):
        self.company.country_id = self.belgium
        self.assertEqual(self.texted(self.make_debtor(country_id=False, phone=NATIONAL)), BELGIAN)

    def test_a_debtor_s_own_country_goes_before(self):
        self.assertEqual(self.texted(self.make_debtor(country_id=self.belgium.id, phone=NATIONAL)), BELGIAN)
