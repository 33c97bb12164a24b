"""A creditor of its own, debtors with limits and a ledger told as dates, for the tests of solvency."""

from datetime import date, timedelta

from freezegun import freeze_time
from odoo import Command
from odoo.tests import TransactionCase, new_test_user

from ..common.invoices import make_invoices

#: Day on which the stories are told.
TODAY = date(2026, 3, 1)
INVOICING = "account.group_account_invoice"
COLLECTOR = "payment_plan_recovery.group_recovery_user"
MANAGER = "payment_plan_recovery.group_recovery_manager"


def ago(days: int) -> date:
    """The day ``days`` before the one the stories are told on."""
    return TODAY - timedelta(days=days)


class SolvencyCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "mail_create_nolog": True})
        cls.eur = cls.env.ref("base.EUR")
        cls.eur.active = True
        company = cls.make_company("Creditor")
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        cls.company = cls.env["res.company"].browse(company.id)
        cls.class_a, cls.class_b, cls.class_c, cls.class_d, cls.class_e = (
            cls.env.ref(f"payment_plan_recovery.risk_class_{code}") for code in "abcde"
        )
        cls.card = cls.env.ref("payment_plan_recovery.scorecard_company")
        cls.person_card = cls.env.ref("payment_plan_recovery.scorecard_individual")
        cls.rules = cls.env["recovery.credit.rule"].search([])

    @classmethod
    def make_company(cls, name, **values):
        company = cls.env["res.company"].create({"name": name, "currency_id": cls.eur.id, **values})
        cls.env.user.company_ids |= company
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        receivable, income, bank = env["account.account"].create(
            [
                {"name": "Customers", "code": "411000", "account_type": "asset_receivable"},
                {"name": "Sales", "code": "707000", "account_type": "income"},
                {"name": "Bank", "code": "512000", "account_type": "asset_cash"},
            ]
        )
        env["account.journal"].create(
            {"name": "Sales", "code": "SAL", "type": "sale", "default_account_id": income.id}
        )
        env["account.journal"].create({"name": "Miscellaneous", "code": "MIS", "type": "general"})
        env["account.journal"].create(
            {"name": "Bank", "code": "BNK", "type": "bank", "default_account_id": bank.id}
        )
        env["ir.default"].set(
            "res.partner", "property_account_receivable_id", receivable.id, company_id=company.id
        )
        return company

    @classmethod
    def make_user(cls, login, groups, **values):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **values,
        )

    @classmethod
    def make_debtor(cls, name="Debtor", limit=0.0, risk_class=None, is_company=True, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": is_company,
                "credit_limit": limit,
                "recovery_risk_class": risk_class and risk_class.id,
                **values,
            }
        )

    @classmethod
    def invoice(cls, debtor, amount=100.0, *, on=TODAY, due=None, **values):
        """A customer invoice, or a credit note for a negative amount; ``post=False`` leaves a draft."""
        post, company = values.pop("post", True), values.pop("company", None)
        env = cls.env(context={**cls.env.context, "allowed_company_ids": (company or cls.company).ids})
        return make_invoices(env, [cls.values_of_invoice(env, debtor, amount, on, due, **values)], post)

    @classmethod
    def values_of_invoice(cls, env, debtor, amount, on, due=None, **values):
        return {
            "move_type": "out_invoice" if amount >= 0 else "out_refund",
            "partner_id": debtor.id,
            "invoice_date": on,
            "invoice_date_due": due or on + timedelta(days=30),
            "invoice_payment_term_id": False,
            "currency_id": env.company.currency_id.id,
            "invoice_line_ids": [
                Command.create({"name": "Work", "quantity": 1, "price_unit": abs(amount), "tax_ids": []})
            ],
            **values,
        }

    @classmethod
    def item(cls, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    @classmethod
    def credit(cls, debtor, amount, on=TODAY, by="bank"):
        """Money received and reconciled with nothing: the open credit item; no money ``by`` other journals."""
        return cls.item(cls.receipts([(debtor, amount, on)], by))

    @classmethod
    def receipts(cls, rows, by="bank"):
        """Money received for each of ``rows``, (debtor, amount, day); the entries, in one go."""
        accounts = {
            account.code: account
            for account in cls.env["account.account"].search([("company_ids", "in", cls.company.ids)])
        }
        journal = cls.env["account.journal"].search(
            [("type", "=", by), ("company_id", "=", cls.company.id)], limit=1
        )
        entries = cls.env["account.move"].create(
            [
                {
                    "journal_id": journal.id,
                    "date": on,
                    "line_ids": [
                        Command.create({"account_id": accounts["512000"].id, "debit": amount}),
                        Command.create(
                            {"account_id": accounts["411000"].id, "credit": amount, "partner_id": debtor.id}
                        ),
                    ],
                }
                for debtor, amount, on in rows
            ]
        )
        entries.action_post()
        return entries

    @classmethod
    def pay(cls, move, amount, on=TODAY, by="bank"):
        """Money received ``on`` a day and reconciled with ``move``; ``by`` another kind of journal, taken off it."""
        (cls.item(move) + cls.credit(move.commercial_partner_id, amount, on, by)).reconcile()

    @classmethod
    def paid_invoice(cls, debtor, amount, due, paid):
        """An invoice due on a day and paid in full on another."""
        return cls.paid_invoices([(debtor, amount, due, paid)])

    @classmethod
    def paid_invoices(cls, rows):
        """What ``paid_invoice`` makes for each of ``rows``, which hold its arguments, in one go."""
        env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        moves = env["account.move"].create(
            [
                cls.values_of_invoice(env, debtor, amount, due - timedelta(days=30), due)
                for debtor, amount, due, _paid in rows
            ]
        )
        moves.action_post()
        entries = cls.receipts(
            [(debtor.commercial_partner_id, amount, paid) for debtor, amount, _due, paid in rows]
        )
        cls.env["account.move.line"]._reconcile_plan(
            [cls.item(move) + cls.item(entry) for move, entry in zip(moves, entries, strict=True)]
        )
        return moves

    @classmethod
    def make_check(cls, debtor, **values):
        return cls.env["recovery.solvency.check"].create({"partner_id": debtor.id, **values})
