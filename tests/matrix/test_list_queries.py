"""A page of 80 records asks the database as often as one of 10, in every list of the addon."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lists import ListViews
from multiplied import Multiplied
from odoo.tests import tagged
from world import World

FEW, MANY = 10, 80
#: Lists that the world does not fill, and why.
NOT_FILLED = {
    "recovery.charge": "late charges are priced out of a ledger: the world has none",
    "recovery.lesson": "counted out of what was sent and received: the world has too little",
    "recovery.message.trial": "one at a time for a level: never many",
    "recovery.mailing": "made by printing letters",
    "recovery.retention.rule": "one for each kind of record: never many",
    "recovery.plan.allocation": "a view over reconciliations, nothing on it is computed",
}


@tagged("post_install", "-at_install")
class TestListQueries(ListViews, World):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        debtor = cls.env["recovery.plan"].search([("company_id", "=", cls.company.id)], limit=1).partner_id
        cls.env["recovery.financial.statement"].create(
            {"partner_id": debtor.id, "company_id": cls.company.id, "date_end": "2025-12-31"}
        )
        cls.env.flush_all()
        cls.env.cr.execute("SET LOCAL session_replication_role = replica")
        many = Multiplied(cls.env, cls.company, MANY)
        for model in cls.listed_models():
            if model._auto and model._name.startswith("recovery.") and model._name not in NOT_FILLED:
                many.of(model._table)
        cls.env.cr.execute("SET LOCAL session_replication_role = origin")
        cls.env.invalidate_all()

    def queries(self, model, spec, limit):
        model.env.flush_all()
        model.env.invalidate_all()
        before = self.env.cr.sql_log_count
        found = model.web_search_read([], spec, limit=limit, count_limit=MANY + 1)
        return self.env.cr.sql_log_count - before, len(found["records"])

    def test_every_list(self):
        user = self.users["manager"]
        failed, filled = [], 0
        for name, model, spec in self.lists(user):
            self.queries(model, spec, FEW)  # what is remembered is remembered from here on
            few, shown = self.queries(model, spec, FEW)
            many, all_shown = self.queries(model, spec, MANY)
            if all_shown < MANY:
                if model._name not in NOT_FILLED:
                    failed.append(f"{name}: {all_shown} records only")
                continue
            filled += 1
            if few != many:
                failed.append(f"{name}: {few} queries for {shown} records, {many} for {all_shown}")
        self.assertFalse(failed, "\n".join(failed))
        self.assertGreater(filled, 20)
