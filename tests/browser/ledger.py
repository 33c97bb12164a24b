"""Debtors, invoices and a plan, for whoever works on the screens."""

from datetime import date, timedelta


class Ledger:
    """Mixed into a test case: what the company is owed, told from today."""

    @classmethod
    def debtor(cls, name, *amounts):
        """A debtor with an invoice of each amount, overdue for three weeks."""
        partner = cls.env["res.partner"].create(
            {"name": name, "is_company": True, "email": f"accounts@{name.split()[0].lower()}.example"}
        )
        due = date.today() - timedelta(days=21)
        invoices = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": due - timedelta(days=30),
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [(0, 0, {"name": "Goods", "price_unit": amount, "tax_ids": []})],
                }
                for amount in amounts
            ]
        )
        invoices.action_post()
        return partner

    @classmethod
    def agreed_plan(cls, partner):
        """A plan in force: three instalments over everything the debtor owes."""
        items = cls.env["account.move.line"].search(
            [("partner_id", "=", partner.id), ("account_type", "=", "asset_receivable")]
        )
        plan = cls.env["recovery.plan"].create(
            {
                "partner_id": partner.id,
                "date_start": date.today() + timedelta(days=10),
                "instalment_count": 3,
                "item_ids": [(0, 0, {"move_line_id": item.id}) for item in items],
            }
        )
        plan.generate_instalments()
        plan.action_propose()
        plan.action_accept(signed_by="Jeanne Martin")
        plan.action_activate()
        return plan
