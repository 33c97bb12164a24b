"""A creditor with a record of every kind, and a sister company with one of most: what the matrix is tried on."""

from datetime import date

from odoo import Command
from odoo.addons.payment_plan_recovery.tests.plan.plan_common import PlanCommon
from odoo.tests import new_test_user

#: Role → groups of its user. Everybody works in the first company only.
ROLES = {
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "reader": "account.group_account_readonly",
    "invoicing": "account.group_account_invoice",
    "accountant": "account.group_account_manager",
    "collector": "payment_plan_recovery.group_recovery_user",
    "manager": "payment_plan_recovery.group_recovery_manager",
}
TODAY = date(2026, 3, 2)
#: The promise of that day holds nobody any more.
RUN = date(2026, 3, 9)


class World(PlanCommon):
    """Both companies have invoices, plans, promises, holds, notices, charges and checks of a debtor of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"matrix_{role}", groups=groups, company_id=cls.company.id)
            for role, groups in ROLES.items()
        }
        cls.sister = cls.setup_other_company()["company"]
        cls.fill(cls.company)
        cls.fill(cls.sister)
        cls.env.flush_all()

    @classmethod
    def fill(cls, company):
        """What a debtor's file may hold."""
        env = cls.env(su=True, context={**cls.env.context, "allowed_company_ids": company.ids})
        company.write({"country_id": cls.env.ref("base.fr").id, "recovery_confirm_promises": False})
        debtor = env["res.partner"].create(
            {
                "name": f"Debtor of {company.name}",
                "is_company": True,
                "country_id": company.country_id.id,
                "email": "debtor@example.com",
                "phone": "+33123456789",
                "street": "1 rue du Four",
                "zip": "75006",
                "city": "Paris",
            }
        )
        moves = [cls.bill(env, debtor, amount) for amount in (100, 200, 300, 400)]
        about = {"partner_id": debtor.id, "company_id": company.id}
        receivables = [
            move.line_ids.filtered(lambda line: line.account_type == "asset_receivable") for move in moves
        ]
        policy = env["recovery.plan.policy"].create({"name": "Policy", "company_id": company.id})
        plan = env["recovery.plan"].create(
            {
                **about,
                "currency_id": company.currency_id.id,
                "policy_id": policy.id,
                "date_start": "2026-01-31",
                "instalment_count": 3,
                "item_ids": [Command.create({"move_line_id": receivables[0].id})],
            }
        )
        plan.generate_instalments()
        plan.action_compare_options()
        kept = {
            "recovery.hold": {"kind": "manual", "date_until": "2100-01-01", "reason": "Matrix"},
            "recovery.promise": {
                "amount": 10,
                "date_given": TODAY,
                "date_promised": "2100-01-01",
                "move_line_ids": receivables[1].ids,
            },
            "recovery.contact": {"date": "2026-01-05", "outcome": "Matrix"},
            "recovery.capacity": {},
            "recovery.guarantee": {"kind": "deposit", "amount": 10},
            "recovery.solvency.check": {"date": TODAY},
        }
        for model, values in kept.items():
            env[model].create({**about, **values})
        receivables[2]._recovery_accrue(TODAY)
        cls.notify(env, company)
        env["recovery.forecast.line"]._keep(company, TODAY)
        env["recovery.worklist"]._refresh(company, TODAY)

    @classmethod
    def bill(cls, env, debtor, amount):
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": debtor.id,
                "invoice_date": "2025-10-01",
                "invoice_date_due": "2025-10-31",
                "invoice_line_ids": [Command.create({"name": "Flour", "price_unit": amount, "tax_ids": []})],
            }
        )
        move.action_post()
        return move

    @classmethod
    def notify(cls, env, company):
        """A run with a proposal, and another one whose notices wait for approval."""
        env["recovery.hold"].search([("company_id", "=", company.id)])._end(date(2026, 1, 1))
        runs = env["recovery.dunning.run"].create([{"company_id": company.id, "date": RUN}] * 2)
        runs[0].action_propose()
        runs[0].action_confirm()
        assert runs[0].notice_ids, runs[0].reason_counts()
        runs[1].action_propose()
