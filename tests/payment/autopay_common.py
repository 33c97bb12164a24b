"""A plan whose debtor paid the first instalment and kept its means of payment."""

from datetime import timedelta

from odoo import Command
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

    def receive_unmatched(self, amount, account, **line):
        """Book money of the debtor on ``account``, matched with nothing."""
        bank = self.company_data["default_journal_bank"]
        entry = self.env["account.move"].create(
            {
                "journal_id": bank.id,
                "date": self.today,
                "ref": self.running.name,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": self.debtor.id, "credit": amount, **line}
                    ),
                    Command.create({"account_id": bank.default_account_id.id, "debit": amount}),
                ],
            }
        )
        entry.action_post()
