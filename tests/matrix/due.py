"""A world in which every scheduled job has something to do in both companies on TODAY."""

from datetime import date

from freezegun import freeze_time
from odoo.tests import new_test_user
from world import World

TODAY = date(2026, 3, 16)
LAST_MONTH, BEFORE_LAST_MONTH = date(2026, 2, 28), date(2026, 1, 31)


class DueWorld(World):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.company + cls.sister
        cls.env["res.company"].search([("id", "not in", companies.ids)]).recovery_daily_run = "off"
        companies.write(
            {
                "recovery_daily_run": "confirm",
                "recovery_mail_statements": True,
                "recovery_charge_law": "debtor",
                "recovery_sales_digest": True,
            }
        )
        cls.companies = companies
        cls.act = cls.env(su=True, context={**cls.env.context, "allowed_company_ids": companies.ids})
        with freeze_time(f"{TODAY} 09:00:00"):
            for company in companies:
                cls.make_due(company)
        cls.env.flush_all()

    @classmethod
    def make_due(cls, company):
        """Give every job something to do in ``company`` on TODAY."""
        own = [("company_id", "=", company.id)]
        with freeze_time("2026-01-20 10:00:00"):
            plan = cls.act["recovery.plan"].search(own, limit=1)
            plan.action_propose()
            plan.action_accept(signed_by="Anne Martin", date=date(2026, 1, 20))
            plan.action_activate()
        cls.authorise_autopay(plan)
        cls.act["recovery.notice"].search([*own, ("state", "=", "queued")]).next_attempt = "2026-03-15"
        cls.act["recovery.promise"].search(own).write({"date_promised": "2026-03-03"})
        check = cls.act["recovery.solvency.check"].search(own, limit=1)
        cls.act.cr.execute(
            "UPDATE recovery_solvency_check"
            " SET state = 'approved', date = date - 365, date_until = %s WHERE id = %s",
            [TODAY, check.id],
        )
        case = cls.act["recovery.case"].search(own, limit=1)
        cls.receive_all(case.line_ids.move_line_id)
        cls.settle_a_dispute(company, case.partner_id)
        case.partner_id.user_id = new_test_user(
            cls.act, f"sales_{company.id}", email="sales@example.com", company_id=company.id
        )
        company.recovery_retention = True
        gone = cls.act["res.partner"].create({"name": "Long gone"})
        cls.act["recovery.contact"].create(
            {"partner_id": gone.id, "company_id": company.id, "date": "2016-01-04", "outcome": "Called"}
        )
        for model in (
            "recovery.forecast.line",
            "recovery.judgement",
            "recovery.worklist",
            "recovery.limitation",
            "recovery.sales.digest",
            "recovery.segment.member",
        ):
            cls.act[model].search(own).unlink()
        # one month is to be kept
        cls.act["recovery.kpi.snapshot"].search(own).date = BEFORE_LAST_MONTH

    @classmethod
    def authorise_autopay(cls, plan):
        """The debtor authorised a means of payment, and the last instalment falls due within days."""
        provider = cls.act["payment.provider"].search([], limit=1)
        plan.autopay_token_id = cls.act["payment.token"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": cls.act.ref("payment.payment_method_unknown").id,
                "partner_id": plan.partner_id.id,
                "provider_ref": "token",
            }
        )
        cls.act.flush_all()
        cls.act.cr.execute(
            "UPDATE recovery_plan_instalment SET date_due = %s::date + 4 WHERE id = %s",
            [TODAY, max(plan.instalment_ids.ids)],
        )
        cls.act.invalidate_all()

    @classmethod
    def settle_a_dispute(cls, company, debtor):
        """A dispute of ``debtor`` whose invoice was paid after all."""
        act = cls.act(context={**cls.act.context, "allowed_company_ids": company.ids})
        item = cls.bill(act, debtor, 50).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        act["recovery.dispute"].create(
            {
                "partner_id": debtor.id,
                "company_id": company.id,
                "move_line_ids": item.ids,
                "description": "Settled",
            }
        )
        cls.receive_all(item)

    @classmethod
    def receive_all(cls, items):
        """The debtor pays ``items``."""
        cls.act["account.payment.register"].with_company(items.company_id).with_context(
            active_model="account.move.line", active_ids=items.ids
        ).create({"payment_date": "2026-03-05"}).action_create_payments()
