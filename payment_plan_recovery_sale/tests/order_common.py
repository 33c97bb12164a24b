"""Products by order and by delivery, a seller, and a debtor with a limit of 1,000."""

from odoo import Command
from odoo.addons.payment_plan_recovery.tests.solvency.solvency_common import MANAGER, SolvencyCommon


class OrderCommon(SolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules.active = False
        cls.company.account_use_credit_limit = True
        income = cls.env["account.account"].search(
            [("code", "=", "707000"), ("company_ids", "in", cls.company.ids)]
        )
        cls.ordered, cls.delivered = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "service",
                    "invoice_policy": policy,
                    "service_type": "manual",
                    "property_account_income_id": income.id,
                    "taxes_id": False,
                }
                for name, policy in (("By order", "order"), ("By delivery", "delivery"))
            ]
        )
        cls.seller = cls.make_user("credit_seller", "sales_team.group_sale_salesman_all_leads")
        cls.manager = cls.make_user("credit_manager", MANAGER)
        cls.debtor = cls.make_debtor("Kepler & Sons", limit=1000, risk_class=cls.class_c)

    @classmethod
    def make_order(cls, debtor=None, amount=100.0, quantity=1, product=None, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": (debtor or cls.debtor).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.ordered).id,
                            "product_uom_qty": quantity,
                            "price_unit": amount,
                            "tax_ids": False,
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def make_rule(cls, action="block", **values):
        return cls.env["recovery.credit.rule"].create({"action": action, **values})

    def promised(self):
        """What confirmed orders of the debtor promise and have not delivered."""
        company = self.company
        found = self.env["res.partner"]._exposure_promised(
            company, company._recovery_today(), self.debtor.ids
        )
        return found.get(self.debtor.id, 0)

    def assert_to_invoice(self, amount):
        self.debtor.invalidate_recordset()
        self.assertEqual(self.debtor.recovery_exposure_to_invoice, amount)
        self.assertEqual(
            self.debtor.recovery_exposure_to_invoice, self.debtor.credit_to_invoice, "as Odoo has it"
        )
