from odoo import fields, models

from .notice import ChargeLine, statement


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_charge_ids = fields.One2many(
        "recovery.charge",
        "partner_id",
        string="Late charges",
        readonly=True,
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Charges the debtor owes or owed.",
    )
    recovery_charge_count = fields.Integer(
        string="Number of late charges",
        compute="_compute_recovery_charge_count",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Charges still to book.",
    )

    def _compute_recovery_charge_count(self):
        counts = dict(
            self.env["recovery.charge"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids), ("state", "=", "accrued")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.recovery_charge_count = counts.get(partner.commercial_partner_id, 0)

    def recovery_charges(self, date):
        """Return what late payment costs at ``date``: {item id: Charges} of the debtors' items that bear any.

        Open items, and settled ones with charges nobody booked. Of the companies the user works in.
        """
        items = self.env["account.move.line"].search(
            [
                ("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_currency", ">", 0),
                "|",
                ("reconciled", "=", False),
                ("recovery_item_charge_ids.state", "=", "accrued"),
            ]
        )
        found = items._recovery_charges(fields.Date.to_date(date))
        return {item_id: charges for item_id, charges in found.items() if charges.are_any}

    def action_open_recovery_charges(self):
        """Open the debtor's late charges."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_charge")
        return {
            **action,
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {"search_default_accrued": 1},
        }

    def _state_charges(self, contents):
        """Add what is to book for paying late, with its working, to statements of account of one company and day.

        ``contents`` are {debtor id: Content}. Paid invoices too, while nobody booked or waived their charges; not
        what a running plan covers: its terms say what lateness costs.
        """
        if not contents:
            return
        company, date = next((content.company, content.date) for content in contents.values())
        found = self._with_branches(company).recovery_charges(date)
        items = self.env["account.move.line"].browse(found)
        items -= self.env["recovery.charge.engine"]._planned([("move_line_id", "in", items.ids)])
        for item in items.sorted(lambda item: (item.date_maturity or date, item.id)):
            content = contents[item.partner_id.commercial_partner_id.id]
            content.account_charges += tuple(
                statement(found[item.id], content, item._recovery_number(), item.currency_id)
            )

    def _sum_charges(self, content):
        """Add what ``_state_charges`` would to the debtor's statement of account as one sum for each currency."""
        self.ensure_one()
        creditor = self._with_branches(content.company)
        sums = creditor.env["recovery.charge.engine"]._account(
            self, creditor.env.companies, content.date, is_money_open=bool(content.credits)
        )
        content.account_charges = tuple(
            ChargeLine(label=self.env._("Penalties and fixed sums"), amount=amount, currency=currency)
            for currency, amount in sums.items()
            if not currency.is_zero(amount)
        )
