"""A company with two branches, a sister company, and people who work in some of them."""

from odoo import Command
from odoo.tests import new_test_user

from .plan_common import PlanCommon

GROUPS = "payment_plan_recovery.group_recovery_user"


class PlanBranchCommon(PlanCommon):
    """Two branches of the company, which book on its accounts, and a sister company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north, cls.south = cls.branch("North"), cls.branch("South")
        cls.sister = cls.setup_other_company(name="Sister")["company"]
        cls.work_in(cls.company | cls.north | cls.south | cls.sister)
        cls.northern = cls.invoice(120, company_id=cls.north.id)
        cls.southern = cls.invoice(180, "2025-11-30", company_id=cls.south.id)

    @classmethod
    def branch(cls, name):
        branch = cls.env["res.company"].create({"name": name, "parent_id": cls.company.id})
        defaults, field = cls.env["ir.default"], "property_account_receivable_id"
        account = defaults._get("res.partner", field, company_id=cls.company.id)
        defaults.set("res.partner", field, account, company_id=branch.id)
        return branch

    @classmethod
    def work_in(cls, companies):
        cls.env.user.company_ids |= companies
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": companies.ids})
        for name in ("company", "north", "south", "sister", "debtor", "policy"):
            setattr(cls, name, getattr(cls, name).with_env(cls.env))

    def worker(self, login, companies, groups=GROUPS):
        """Return somebody who works in ``companies`` only."""
        return new_test_user(
            self.env,
            login,
            groups=groups,
            company_id=companies[:1].id,
            company_ids=[Command.set(companies.ids)],
        )

    def as_worker(self, records, *companies, groups=GROUPS):
        """Return ``records`` as somebody sees them who works in ``companies`` only, with all of them chosen."""
        companies = self.env["res.company"].union(*companies)
        login = f"worker_{'_'.join(map(str, companies.ids))}"
        user = self.env["res.users"].sudo().search([("login", "=", login)])
        user = user or self.worker(login, companies, groups)
        self.env.flush_all()
        self.env.invalidate_all()
        return records.with_user(user).with_context(allowed_company_ids=companies.ids)

    def receive_in(self, company, amount, day, *moves):
        """Book ``amount`` on the bank in the books of ``company``; matched with ``moves``, if any are named."""
        items = self.item(*moves) if moves else self.env["account.move.line"]
        bank = self.company_data["default_journal_bank"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": bank.id,
                "company_id": company.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.item(self.northern).account_id.id,
                            "partner_id": self.debtor.id,
                            "credit": amount,
                        }
                    ),
                    Command.create({"account_id": bank.default_account_id.id, "debit": amount}),
                ],
            }
        )
        entry.action_post()
        if items:
            (self.item(entry) + items).reconcile()
        return entry
