from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_charge_since = fields.Date(
        string="Charges since",
        default=lambda self: self.env.company._recovery_today(),
        help="Invoices settled before this day are not looked through for charges nobody booked.",
        of_creditor=True,
    )
    recovery_charge_law = fields.Selection(
        [("creditor", "The creditor's country"), ("debtor", "The debtor's country")],
        string="Law of late charges",
        default="creditor",
        required=True,
        help="Whose law says what a company owes for paying late where no clause does: by default the seller's "
        "(Rome I, art. 4). An individual is always under the law of its own country (art. 6).",
        of_creditor=True,
    )
    recovery_charge_document = fields.Selection(
        [("out_invoice", "Customer invoice"), ("out_receipt", "Sales receipt")],
        string="Charges are booked on",
        default="out_invoice",
        required=True,
        help="Document by which interest and fixed sums are claimed.",
        of_creditor=True,
    )
    recovery_charge_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of charges",
        domain=[("type", "=", "sale")],
        check_company=True,
        help="Leave empty to number charges with the other invoices.",
    )
    recovery_interest_product_id = fields.Many2one(
        "product.product",
        string="Interest product",
        help="Gives the account of interest; leave empty for the standard one.",
    )
    recovery_fee_product_id = fields.Many2one(
        "product.product",
        string="Fixed sum product",
        help="Gives the account of fixed sums; leave empty for the standard one.",
    )

    recovery_waiver_ceiling = fields.Monetary(
        string="Waivers approved by another above",
        ceiling="most",
        default=500.0,
        of_creditor=True,
        help="What one person may waive of a debtor's late charges within a year without a second person, in the "
        "company's currency; 0: every waiver takes two.",
    )

    def _recovery_charge_product(self, kind):
        """Return the product that claims charges of ``kind``."""
        self.ensure_one()
        if kind == "interest":
            return self._recovery_nearest("recovery_interest_product_id").with_env(self.env) or self.env.ref(
                "payment_plan_recovery.product_late_interest"
            )
        return self._recovery_nearest("recovery_fee_product_id").with_env(self.env) or self.env.ref(
            "payment_plan_recovery.product_fixed_sum"
        )

    def _recovery_charge_values(self, kind):
        """Return on what lines of charges of ``kind`` are booked: the product, and the account where it names none.

        The account is that of the chart of the company's country, as ``res.country`` declares; the product's category
        gives it where the chart has no such account.
        """
        product = self._recovery_charge_product(kind)
        country = self.account_fiscal_country_id._recovery_law()
        begins = country.recovery_interest_account if kind == "interest" else country.recovery_fee_account
        if not begins or product.with_company(self).property_account_income_id:
            return {"product_id": product.id}
        accounts = self.env["account.account"].with_company(self)
        income = [("account_type", "in", ("income", "income_other")), ("code", "=like", f"{begins}%")]
        account = accounts.search([*accounts._check_company_domain(self), *income], order="code", limit=1)
        return {"product_id": product.id, **({"account_id": account.id} if account else {})}
