"""A creditor whose debtor has earned something by a year in time."""

from odoo import Command

from ..solvency.solvency_common import INVOICING, MANAGER, TODAY, SolvencyCommon, ago


class IncentiveCommon(SolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules.active = False
        cls.env["recovery.incentive"].search([]).active = False
        cls.manager = cls.make_user("incentive_manager", f"{MANAGER},{INVOICING}")
        cls.debtor = cls.make_debtor(
            limit=1000, risk_class=cls.class_b, email="debtor@example.com", lang="en_US"
        )
        cls.long = cls.term(45)
        cls.company.recovery_credit_user_id = cls.manager

    @classmethod
    def term(cls, days):
        line = Command.create({"value": "percent", "value_amount": 100, "nb_days": days})
        return cls.env["account.payment.term"].create({"name": f"{days} days", "line_ids": [line]})

    def incentive(self, **values):
        gives = {"limit_percent": 20} if not values.keys() & {"payment_term_id", "lifts_down_payment"} else {}
        return self.env["recovery.incentive"].create(
            {"name": "A year in time", "event": "year_in_time", **gives, **values}
        )

    def year_in_time(self, debtor=None):
        """Thirteen months of dealing with each other, everything paid on its day."""
        debtor = debtor or self.debtor
        self.paid_invoices([(debtor, 100, ago(days), ago(days)) for days in (400, 200, 60)])

    def proposed(self, day=TODAY):
        grants = self.env["recovery.incentive"]._propose(self.company, day)
        return grants.filtered(lambda grant: grant.company_id == self.company)

    def granted(self, **values):
        self.incentive(**values)
        self.year_in_time()
        grant = self.proposed()
        grant.with_user(self.manager).action_grant()
        return grant
