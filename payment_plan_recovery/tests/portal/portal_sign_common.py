"""An offer, and the steps in which its debtor signs it online."""

import re

from .portal_common import PortalCommon

#: A picture of one dot.
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class SignCommon(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.late_invoice(300)
        cls.offer = cls.plan(cls.bill)
        cls.offer.action_propose()

    def setUp(self):
        super().setUp()
        self.login()
        self.url = f"{self.link()._path()}/plans/{self.offer.id}"

    # -- steps -----------------------------------------------------------------------------

    def begin(self):
        self.post(f"{self.url}/sign")
        return self.offer.signature_ids[:1]

    def code(self, address=None):
        """Ask for a code; return the one that the mail holds."""
        self.post(f"{self.url}/sign/code", address=address or f"email-{self.debtor.id}")
        mail = self.env["mail.mail"].search([("subject", "ilike", "code")], order="id desc", limit=1)
        return re.search(r"(\d{6})\.", mail.body_html).group(1)

    def confirm(self, code, **words):
        data = {"consent": "1", "name": "Anne Martin", "capacity": "Manager", "one_time_code": code}
        return self.post(f"{self.url}/sign/confirm", **data | words)

    def finish(self, picture=DOT):
        return self.make_jsonrpc_request(f"{self.url}/sign/finish", {"name": "Anne", "signature": picture})

    def signed(self):
        self.begin()
        self.confirm(self.code())
        return self.finish()
