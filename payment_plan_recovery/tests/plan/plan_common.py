"""Invoices, payments and plans as dated stories; the user is a collector with Odoo's accounting rights."""

from contextlib import contextmanager
from datetime import date

from odoo import SUPERUSER_ID, Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from ..common.invoices import make_invoices
from ..common.ready_company import ReadyCompany


class PlanCommon(ReadyCompany):
    """Invoices of 2025 and plans that start on 31 January 2026, in the company's currency."""

    START = date(2026, 1, 31)

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("payment_plan_recovery.group_recovery_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.currency = cls.company.currency_id
        cls.debtor = cls.env["res.partner"].create(
            {
                "name": "Boulangerie Martin",
                "is_company": True,
                "email": "martin@example.com",
                "street": "1 rue du Four",
                "property_payment_term_id": False,
            }
        )
        # of the system: whoever makes a policy grants nothing by it alone
        policies = cls.env["recovery.plan.policy"].with_user(SUPERUSER_ID)
        cls.policy = policies.create(
            {
                "name": "Test",
                "company_id": cls.company.id,
                "tolerance_days": 3,
                "grace_days": 5,
                "cure_days": 8,
                "business_days": "none",
            }
        ).with_env(cls.env)

    @contextmanager
    def refused(self, message, error=UserError):
        """Expect ``error`` with words that match ``message``; what was tried is rolled back."""
        with self.assertRaises(error) as caught:
            yield
        self.assertRegex(str(caught.exception), message)

    @classmethod
    def collector(cls, login="collector"):
        """Return a user who may negotiate plans, and no more of Accounting than read it."""
        return new_test_user(
            cls.env, login, groups="payment_plan_recovery.group_recovery_user", company_id=cls.company.id
        )

    @classmethod
    def invoice(cls, amount, date_due="2025-10-31", **vals):
        """Post a customer invoice of ``amount``, taxes included, due on ``date_due``; return it."""
        return cls.invoices([(amount, date_due, vals)])

    @classmethod
    def invoices(cls, rows):
        """Post a customer invoice for each of ``rows``, (amount, date_due, values); return them.

        Together they take half the time they would take one by one.
        """
        return make_invoices(cls.env, [cls.values_of_invoice(*row) for row in rows])

    @classmethod
    def values_of_invoice(cls, amount, date_due, vals):
        vals = dict(vals)
        taxes = vals.pop("taxes", cls.env["account.tax"])
        line = {"name": "Flour", "quantity": 1, "price_unit": amount, "tax_ids": [Command.set(taxes.ids)]}
        return {
            "move_type": "out_invoice",
            "partner_id": cls.debtor.id,
            "invoice_date": "2025-10-01",
            "date": "2025-10-01",
            "invoice_date_due": date_due,
            "invoice_line_ids": [Command.create(line)],
            **vals,
        }

    @classmethod
    def item(cls, *moves):
        """Return the receivable journal items of ``moves``."""
        lines = cls.env["account.move.line"].union(*(move.line_ids for move in moves))
        return lines.filtered(lambda line: line.account_type == "asset_receivable")

    @classmethod
    def plan(cls, *moves, **terms):
        """Draft a monthly plan over the open items of ``moves``, in three instalments."""
        return cls.env["recovery.plan"].create(
            {
                "partner_id": cls.debtor.id,
                "company_id": cls.company.id,
                "currency_id": moves[0].currency_id.id,
                "policy_id": cls.policy.id,
                "date_start": cls.START,
                "instalment_count": 3,
                "item_ids": [Command.create({"move_line_id": line.id}) for line in cls.item(*moves)],
                **terms,
            }
        )

    @classmethod
    def active_plan(cls, *moves, **terms):
        """Return a plan over ``moves`` that the debtor accepted and that is in force."""
        plan = cls.plan(*moves, **terms)
        plan.action_propose()
        plan.action_accept(signed_by="Anne Martin, manager", date=date(2026, 1, 15))
        plan.action_activate()
        return plan

    @classmethod
    def pay(cls, move, amount, day="2026-01-31"):
        """Receive ``amount`` on the receivable items of ``move``; return the payment's journal entry."""
        return cls.receive(cls.item(move), amount, day)

    @classmethod
    def receive(cls, items, amount, day="2026-01-31", journal=None):
        """Book ``amount`` on the bank and reconcile it with ``items``; return the entry."""
        return cls.receive_each([(items, amount, day)], journal)

    @classmethod
    def receive_each(cls, rows, journal=None):
        """Book money for each of ``rows``, (items, amount, day), reconciled with its items; return the entries."""
        journal = journal or cls.company_data["default_journal_bank"]
        entries = cls.env["account.move"].create([cls.values_of_receipt(journal, *row) for row in rows])
        entries.action_post()
        pairs = [cls.item(entry) + items for entry, (items, *_rest) in zip(entries, rows, strict=True)]
        cls.env["account.move.line"]._reconcile_plan(pairs)
        return entries

    @classmethod
    def values_of_receipt(cls, journal, items, amount, day):
        other = journal.default_account_id
        if journal.type == "general":
            other = cls.company_data["default_account_revenue"]
        received = {
            "account_id": items.account_id.id,
            "partner_id": items.partner_id[:1].id,
            "credit": amount,
        }
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": day,
            "line_ids": [
                Command.create({"name": "Received", **received}),
                Command.create({"name": "Received", "account_id": other.id, "debit": amount}),
            ],
        }

    def amounts(self, plan):
        """Return the instalments as [(ISO date, amount, paid)]."""
        return [
            (row.date_due.isoformat(), row.amount, row.amount_paid)
            for row in plan.instalment_ids.sorted("number")
        ]

    def item_states(self, plan):
        """Return what is covered and paid, item by item."""
        return [(item.amount_covered, item.amount_paid, item.is_live) for item in plan.item_ids.sorted("id")]


class FollowedPlan(PlanCommon):
    """100 due on 31 January, 28 February and 31 March; 3 days of tolerance, 5 of grace, 8 to cure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice(300)
        cls.covered = cls.active_plan(cls.move, end_of_month=True)

    def state_on(self, day):
        self.covered.monitor(date.fromisoformat(day))
        return self.covered.state
