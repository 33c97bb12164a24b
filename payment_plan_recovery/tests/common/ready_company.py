"""Companies that stand ready in the database of the tests, for loading a chart of accounts takes its time."""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class ReadyCompany(AccountTestInvoicingCommon):
    """Takes a company that dev/tested.py made, and has one made where there is none, as under Odoo's own runner."""

    @classmethod
    def _create_company(cls, **values):
        # sudo: nobody works in it yet
        ready = cls.env["res.company"].sudo().search([("name", "=like", "Ready %")], order="id", limit=1)
        if not ready or cls.chart_template or cls.country_code or set(values) - {"name"}:
            return super()._create_company(**values)
        # what depends on the day it begins is that of the test
        ready.write({"name": "Test Company", **values, **ready.default_get(["recovery_charge_since"])})
        cls.env.user.company_ids = [Command.link(ready.id)]
        return ready.with_env(cls.env)
