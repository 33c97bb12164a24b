"""A plan whose debtor paid the first instalment and kept its means of payment."""

from datetime import timedelta

from providers_common import ProvidersCommon


class AutopayCommon(ProvidersCommon):
    def setUp(self):
        super().setUp()
        payment = self.plan_payment(self.demo, tokenization_requested=True)
        self.simulate(payment, "done")
        self.token = payment.token_id
        self.second = self.running.instalment_ids.sorted("number")[1]
        self.before = self.second.date_due - timedelta(days=5)
        self.url = f"{self.root}/plans/{self.running.id}"

    def authorise(self):
        self.post(f"{self.url}/autopay", token=self.token.id)
        self.env.invalidate_all()

    def mails(self, words):
        return self.env["mail.mail"].sudo().search_count([("subject", "ilike", words)])

    def day(self, date):
        self.running.sudo()._autopay(date)
        self.env.invalidate_all()
