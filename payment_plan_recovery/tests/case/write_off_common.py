"""A debtor of taxed invoices, and the accounts on which what it owes is lost."""

from odoo import Command
from odoo.tests import new_test_user

from .case_common import CaseCommon


class WriteOffCommon(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"]
        cls.loss = accounts.create({"name": "Losses", "code": "654000", "account_type": "expense"})
        cls.vat = accounts.create({"name": "VAT", "code": "445710", "account_type": "liability_current"})
        cls.company.recovery_write_off_account_id = cls.loss
        cls.company.recovery_write_off_ceiling = 500.0
        own = {"company_id": cls.company.id, "country_id": cls.france.id}
        group = cls.env["account.tax.group"].create({"name": "VAT", **own})
        repartition = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": cls.vat.id}),
        ]
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "VAT 20",
                "amount": 20.0,
                "tax_group_id": group.id,
                "invoice_repartition_line_ids": repartition,
                "refund_repartition_line_ids": repartition,
                **own,
            }
        )
        cls.debtor = cls.make_debtor("Gone", is_company=True, country_id=cls.france.id)

    def user(self, login, group):
        return new_test_user(
            self.env,
            login,
            groups=f"payment_plan_recovery.group_recovery_{group}",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def taxed(self, net):
        line = {"name": "Work", "quantity": 1, "price_unit": net, "tax_ids": self.tax.ids}
        return self.invoice(self.debtor, invoice_line_ids=[Command.create(line)])

    def write_off(self, *moves, **values):
        return self.env["recovery.write.off"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "reason": "cost",
                "line_ids": [Command.create({"move_line_id": self.item(move).id}) for move in moves],
                **values,
            }
        )

    def balances(self, entry):
        return {
            account.code: self.currency.round(sum(lines.mapped("balance")))
            for account, lines in entry.line_ids.grouped("account_id").items()
        }
