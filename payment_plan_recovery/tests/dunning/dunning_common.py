"""A small company with a ledger told as dates, for the tests of dunning."""

from datetime import date, datetime, timedelta

from odoo import Command
from odoo.tests import TransactionCase

from ..common.invoices import make_invoices

#: First day of the stories. Far from today, so that nothing depends on the day the tests run.
DAY0 = date(2026, 1, 15)


def day(offset: int) -> date:
    """The day ``offset`` days into a story."""
    return DAY0 + timedelta(days=offset)


class DunningCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "mail_create_nolog": True})
        # Policies of the database would be chosen too: the stories declare their own.
        cls.env["recovery.dunning.policy"].search([]).active = False
        cls.currency = cls.env.ref("base.EUR")
        cls.currency.active = True
        cls.company = cls.make_company("Creditor")
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.company = cls.env["res.company"].browse(cls.company.id)

    @classmethod
    def make_company(cls, name):
        company = cls.env["res.company"].create({"name": name, "currency_id": cls.currency.id})
        cls.env.user.company_ids |= company
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        receivable, _doubtful, income = env["account.account"].create(
            [
                {"name": "Customers", "code": "411000", "account_type": "asset_receivable"},
                {"name": "Doubtful customers", "code": "416000", "account_type": "asset_receivable"},
                {"name": "Sales", "code": "707000", "account_type": "income"},
            ]
        )
        env["account.journal"].create(
            {"name": "Sales", "code": "SAL", "type": "sale", "default_account_id": income.id}
        )
        env["account.journal"].create({"name": "Miscellaneous", "code": "MIS", "type": "general"})
        env["ir.default"].set(
            "res.partner", "property_account_receivable_id", receivable.id, company_id=company.id
        )
        company.recovery_contact_max = 0
        company.recovery_contact_gap_days = 0
        return company

    @classmethod
    def make_debtor(cls, name="Debtor", **values):
        return cls.env["res.partner"].create({"name": name, "email": "debtor@example.com", **values})

    @classmethod
    def make_policy(cls, *levels, **values):
        """A policy with ``levels`` given as dicts, e-mailed without invoices unless they say otherwise."""
        return cls.env["recovery.dunning.policy"].create(
            {
                "name": "Story",
                "min_interval_days": 0,
                "level_ids": [
                    Command.create(
                        {
                            "name": f"Level {number}",
                            "sequence": number,
                            "channel_ids": [Command.create({"channel": "email"})],
                            "attach_invoices": False,  # none was ever sent: each mail would print its own
                            **level,
                        }
                    )
                    for number, level in enumerate(levels, 1)
                ],
                **values,
            }
        )

    @classmethod
    def invoice(cls, debtor, amount=100.0, due=0, company=None, currency=None, post=True, **values):
        """A posted customer invoice due ``due`` days into the story; a credit note for a negative amount."""
        env = cls.env(context={**cls.env.context, "allowed_company_ids": (company or cls.company).ids})
        line = {"name": "Work", "quantity": 1, "price_unit": abs(amount), "tax_ids": []}
        values = {
            "move_type": "out_invoice" if amount >= 0 else "out_refund",
            "partner_id": debtor.id,
            "invoice_date": day(due) - timedelta(days=30),
            "invoice_date_due": day(due),
            "invoice_payment_term_id": False,
            "currency_id": (currency or cls.currency).id,
            "invoice_line_ids": [Command.create(line)],
            **values,
        }
        return make_invoices(env, [values], post)

    @classmethod
    def item(cls, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    @classmethod
    def pay(cls, move, amount, on=-20):
        """Money received ``amount`` on ``move``'s item, reconciled with it."""
        item = cls.item(move)
        received = cls.credit(move.commercial_partner_id, amount, on=on)
        (item + received).reconcile()

    @classmethod
    def credit(cls, debtor, amount, journal=None, on=-20, account="411000"):
        """Money received that is reconciled with nothing: the open credit item."""
        journal = journal or cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id)], limit=1
        )
        accounts = cls.env["account.account"].search([("company_ids", "in", cls.company.ids)])
        entry = cls.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day(on),
                "line_ids": [
                    Command.create(
                        {"account_id": accounts.filtered(lambda a: a.code == "707000").id, "debit": amount}
                    ),
                    Command.create(
                        {
                            "account_id": accounts.filtered(lambda a: a.code == account).id,
                            "credit": amount,
                            "partner_id": debtor.id,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        return cls.item(entry)

    @classmethod
    def make_run(cls, on, **values):
        return cls.env["recovery.dunning.run"].create(
            {"company_id": cls.company.id, "date": day(on), **values}
        )

    def run_on(self, on, **values):
        """Propose and confirm on one day, send what may be sent; the run."""
        run = self.make_run(on, **values)
        run.action_propose()
        run.action_confirm()
        self.send(run.notice_ids, on)
        return run

    @classmethod
    def send(cls, notices, on):
        """The notices left the house on a day of the story."""
        notices.write(
            {"state": "sent", "date_sent": datetime.combine(day(on), datetime.min.time()).replace(hour=9)}
        )

    def reason(self, record, on):
        """Why the claim is chased or not on a day, asked of an invoice, a journal item or an instalment."""
        if record._name == "account.move":
            record = self.item(record)
        return self.make_run(on).explain(record).get(record.id)

    def assert_reasons(self, record, **by_day):
        """``assert_reasons(invoice, day4="not_due", day5="selected")``: the reason on each day."""
        found = {name: self.reason(record, int(name.removeprefix("day"))) for name in by_day}
        self.assertEqual(found, by_day)
