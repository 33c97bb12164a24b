"""A creditor with a record of every kind, and a sister company with one of most: what the matrix is tried on."""

from datetime import date

from odoo import SUPERUSER_ID, Command
from odoo.addons.payment_plan_recovery.tests.plan.plan_common import PlanCommon
from odoo.tests import new_test_user
from samples import COMPANY

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
        debtor = cls.make_debtor(env, company)
        about = {"partner_id": debtor.id, "company_id": company.id}
        moves = [cls.bill(env, debtor, amount) for amount in (100, 200, 300, 400, 500)]
        items = [
            move.line_ids.filtered(lambda line: line.account_type == "asset_receivable") for move in moves
        ]
        cls.make_plan(env, about, items[0])
        cls.make_file(env, about, items[1])
        items[2]._recovery_accrue(TODAY)
        draft = moves[3].copy()
        env["recovery.credit.override"].create(
            {"res_model": "account.move", "res_id": draft.id, "reason": "Matrix"}
        )
        cls.notify(env, company)
        cls.make_case(env, debtor, items[4])
        cls.declare(env, company)
        debtor._recovery_portal_link(company)
        env["recovery.limitation"]._renew(company, TODAY)
        env["recovery.forecast.line"]._keep(company, TODAY)
        env["recovery.forecast.score"]._keep_when_due(company, TODAY)
        env["recovery.segment"]._renew(company, TODAY)
        env["recovery.worklist"]._refresh(company, TODAY)
        env["recovery.judgement"]._keep(company, TODAY)
        rule = env.ref("payment_plan_recovery.retention_interaction")
        env["recovery.retention.rule"]._apply(env["recovery.contact"], rule, company)
        env["recovery.kpi.snapshot"]._keep(company, TODAY, TODAY)
        env["recovery.ceiling.change"].create(
            {
                "name": "Ceiling",
                "company_id": company.id,
                "res_model": company._name,
                "res_id": company.id,
                "user_id": env.uid,
                "changed_at": "2026-01-05",
            }
        )

    @classmethod
    def declare(cls, env, company):
        """Of what is shipped for every company, one of this company's own."""
        for model in (
            "recovery.credit.rule",
            "recovery.dunning.policy",
            "recovery.scorecard",
            "recovery.interest.rule",
            "recovery.retention.rule",
            "recovery.segment",
        ):
            env[model].search([("company_id", "=", False)], limit=1).copy({"company_id": company.id})
        env["recovery.portfolio"].create(
            {"name": "Portfolio", "user_id": cls.env.uid, "company_id": company.id}
        )
        incentive = env["recovery.incentive"].create(
            {"name": "Incentive", "limit_percent": 10, "company_id": company.id}
        )
        env["recovery.incentive.grant"].create(
            {
                "partner_id": env["res.partner"].search([("name", "=", f"Debtor of {company.name}")]).id,
                "company_id": company.id,
                "incentive_id": incentive.id,
                "date_proposed": "2026-01-05",
                "state": "granted",
                "date_decided": "2026-01-05",
            }
        )
        env["recovery.sales.digest"].create(
            {"user_id": env.uid, "company_id": company.id, "date": "2026-01-05", "debtor_count": 1}
        )
        env["recovery.cost"].create({"channel": "letter", "amount": 2, "company_id": company.id})

    @classmethod
    def make_debtor(cls, env, company):
        return env["res.partner"].create(
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

    @classmethod
    def make_plan(cls, env, about, item):
        """A draft with its schedule and its ways to pay."""
        company = env["res.company"].browse(about["company_id"])
        policy = (
            env["recovery.plan.policy"]
            .with_user(SUPERUSER_ID)
            .create({"name": "Policy", "company_id": company.id})
        )
        plan = env["recovery.plan"].create(
            {
                **about,
                "currency_id": company.currency_id.id,
                "policy_id": policy.id,
                "date_start": "2026-01-31",
                "instalment_count": 3,
                "item_ids": [Command.create({"move_line_id": item.id})],
            }
        )
        plan.generate_instalments()
        plan.action_compare_options()

    @classmethod
    def make_file(cls, env, about, item):
        """One of everything that is kept about a debtor."""
        kept = {
            "recovery.hold": {"kind": "manual", "date_until": "2100-01-01", "reason": "Matrix"},
            "recovery.promise": {
                "amount": 10,
                "date_given": TODAY,
                "date_promised": "2100-01-01",
                "move_line_ids": item.ids,
            },
            "recovery.contact": {"date": "2026-01-05", "outcome": "Matrix"},
            "recovery.capacity": {},
            "recovery.guarantee": {"kind": "deposit", "amount": 10},
            "recovery.solvency.check": {"date": TODAY},
            "recovery.withheld": {"date": TODAY, "kind": "budget"},
            "recovery.dispute": {"move_line_ids": item.ids, "description": "Matrix", "answer": "Matrix"},
            "recovery.request": {"kind": "contact", "description": "Matrix", "new_city": "Lyon"},
        }
        for model, values in kept.items():
            env[model].create({**about, **values})

    @classmethod
    def make_case(cls, env, debtor, item):
        """A case with a procedure begun, its evidence, and a write-off asked for."""
        case = env["recovery.case"]._open(debtor, item)
        case.action_weigh()
        case.option_ids.filtered("procedure_id")[:1].action_begin()
        case.person_ids.create({"case_id": case.id, "role": "lawyer", "partner_id": debtor.id})
        case.cost_ids.create({"case_id": case.id, "name": "Court fee", "amount": 35})
        case.action_build_evidence()
        case.action_write_off()
        cls.entrust(env, case)
        event = {"partner_id": debtor.id, "company_id": case.company_id.id, "move_line_ids": item.ids}
        env["recovery.limitation.event"].create({**event, "kind": "suit", "date": TODAY})

    @classmethod
    def entrust(cls, env, case):
        """A mandate with its fee, the case handed over under it, and money reported back."""
        mandate = env["recovery.mandate"].create(
            {
                "name": "Mandate",
                "partner_id": case.partner_id.id,
                "company_id": case.company_id.id,
                "currency_id": case.currency_id.id,
                "tier_ids": [Command.create({"threshold": 0, "percent": 10})],
            }
        )
        case._entrust(mandate)
        env["recovery.handover"]._hand_over(mandate)
        row = {"mandate_id": mandate.id, "case_id": case.id, "date": TODAY, "kind": "money", "amount": 10}
        env["recovery.mandate.entry"]._keep_rows([{**row, "key": "Matrix"}])

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

    def sample(self, model, company):
        """A record of ``company``, or any where records belong to none; a new one of a wizard."""
        records = self.env[model].sudo().with_context(active_test=False, allowed_company_ids=company.ids)
        if records._abstract:
            return records
        if model == "res.partner":
            return records.search([("name", "=", f"Debtor of {company.name}")], limit=1)
        path = COMPANY.get(model, "company_id")
        domain = [(path, "=", company.id)] if path.partition(".")[0] in records._fields else []
        if model == "account.move":
            domain.append(("move_type", "=", "out_invoice"))
        return records.search(domain, limit=1, order="id")
