"""Late invoices of a French creditor as dated stories, in euros, under the shipped rules."""

from datetime import date
from decimal import Decimal

from odoo import Command

from ..common.invoices import make_invoices
from ..common.ready_company import ReadyCompany


class ChargeCommon(ReadyCompany):
    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("payment_plan_recovery.group_recovery_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.company.write(
            {
                "currency_id": cls.euro.id,
                "recovery_charge_since": "2000-01-01",
                "recovery_charge_law": "debtor",
            }
        )
        cls.charges = cls.env["recovery.charge"]
        # who declares rules for every company works in every one
        cls.env.user.sudo().company_ids = cls.env["res.company"].sudo().search([])
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.company = cls.company.with_env(cls.env)

    @classmethod
    def debtor(cls, country="fr", *, is_company=True, **values):
        return cls.env["res.partner"].create(
            {
                "name": f"Debtor in {country}",
                "is_company": is_company,
                "country_id": cls.env.ref(f"base.{country}").id,
                "property_payment_term_id": False,
                **values,
            }
        )

    @classmethod
    def invoice(cls, amount, due, debtor=None, issued=None, **values):
        """Post an invoice of ``amount`` without taxes, due on ``due``."""
        line = Command.create({"name": "Work", "price_unit": amount, "tax_ids": [Command.clear()]})
        values = {
            "move_type": "out_invoice",
            "partner_id": (debtor or cls.debtor()).id,
            "invoice_date": issued or due,
            "invoice_date_due": due,
            "currency_id": cls.euro.id,
            "invoice_line_ids": [line],
            **values,
        }
        return make_invoices(cls.env, [values])

    @classmethod
    def branch_invoice(cls, amount, due, debtor):
        """Post an invoice of ``amount`` of a new branch of the company, where the user works too."""
        branch = cls.env["res.company"].create({"name": "Branch", "parent_id": cls.company.id})
        field = "property_account_receivable_id"
        account = cls.env["ir.default"]._get("res.partner", field, company_id=cls.company.id)
        cls.env["ir.default"].set("res.partner", field, account, company_id=branch.id)
        cls.env.user.sudo().company_ids |= branch
        here = cls.env(context={**cls.env.context, "allowed_company_ids": (branch | cls.company).ids})
        line = Command.create({"name": "Work", "price_unit": amount, "tax_ids": [Command.clear()]})
        move = here["account.move"].create(
            {
                "move_type": "out_invoice",
                "company_id": branch.id,
                "partner_id": debtor.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_line_ids": [line],
            }
        )
        move.action_post()
        return move

    @classmethod
    def item(cls, move):
        return move._recovery_receivable_items()

    @classmethod
    def pay(cls, move, amount, day):
        """Receive ``amount`` on ``move`` on ``day``."""
        cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"amount": amount, "payment_date": day})._create_payments()

    @classmethod
    def money(cls, debtor, amount, day, **values):
        """Receive ``amount`` from ``debtor`` on ``day`` (below zero: pay it out); match it with nothing.

        Return its receivable item.
        """
        data = cls.company_data
        entry = cls.env["account.move"].create(
            {
                "journal_id": data["default_journal_bank"].id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": debtor.id, "balance": balance, "name": name}
                    )
                    for account, balance, name in (
                        (data["default_account_receivable"], -amount, "Transfer"),
                        (data["default_journal_bank"].default_account_id, amount, "Bank"),
                    )
                ],
                **values,
            }
        )
        entry.action_post()
        return cls.item(entry)

    @classmethod
    def credit_note(cls, debtor, amount, day):
        """Post a credit note of ``amount`` that reverses no invoice; match it with nothing."""
        return cls.invoice(amount, day, debtor, move_type="out_refund")

    def charge(self, move, until):
        """Return (interest, fixed sum) of an invoice of one due date at ``until``, as text."""
        found = self.item(move)._recovery_charges(date.fromisoformat(until))[self.item(move).id]
        return str(found.interest), f"{found.fee:.2f}"

    def open_amounts(self, move, until):
        """Return what is to book of an invoice at ``until``: (interest, fixed sum)."""
        found = self.item(move)._recovery_charges(date.fromisoformat(until))[self.item(move).id]
        return found.open_interest, found.open_fee

    def book(self, moves, until):
        """Book charges and return their invoices."""
        before = self.env["account.move"].search([("is_recovery_charge", "=", True)])
        moves.action_book_charges(until)
        return self.env["account.move"].search([("is_recovery_charge", "=", True)]) - before

    @classmethod
    def accrue(cls, moves, until):
        return moves._recovery_receivable_items()._recovery_accrue(date.fromisoformat(until))

    @staticmethod
    def euros(*amounts):
        return tuple(Decimal(amount) for amount in amounts)
