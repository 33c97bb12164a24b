"""What the lists look at on a large ledger: every list, each of its filters, with the limit of a page.

Rows are counted as PostgreSQL counts them, not seconds: a query whose plan was chosen for the page, and compares
each record with every other until the page is full, looks at millions.
"""

import json
import sys
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "matrix"))

import dunning_ledger
from freezegun import freeze_time
from lists import ListViews
from lxml import etree
from odoo import Command
from odoo.addons.payment_plan_recovery.tests.dunning.dunning_common import DunningCommon
from odoo.sql_db import Cursor
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import dateutil, safe_eval
from odoo.tools.safe_eval import time as safe_time
from plan_rows import rows_looked_at, steps

ITEMS = 20_000
PAGE = 80
#: Rows that all the queries of a page may look at together, for each item of the ledger: twice what the dearest
#: filter does, which has a run judge the claims, once for the page and once to count them.
MOST = 150
#: Fields whose searches have no filter of their own in a list.
SEARCHES = {
    "res.partner": (
        [("recovery_over_limit", "=", True)],
        [("recovery_over_limit", "=", False)],
        [("recovery_exposure", ">", 0)],
        [("recovery_exposure", "=", 0)],
        [("recovery_credit_available", "<", 100)],
        [("recovery_risk_class", "!=", False)],
        [("recovery_payment_habit", "=", "chronic")],
    ),
}


@tagged("post_install", "-at_install")
class TestListScale(ListViews, DunningCommon):
    world_of_its_own = True  # rows are counted: see dev/worlds.py

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(dunning_ledger.TODAY))
        cls.make_policy({"trigger": "due_date", "delay_days": 5})
        cls.make_policy({"trigger": "due_date", "delay_days": 5}, claim_kind="instalment")
        dunning_ledger.fill(cls.env, cls.company, ITEMS)
        dunning_ledger.add_holds(cls.env, cls.company)
        dunning_ledger.add_plans(cls.env, cls.company)
        # Everybody has a limit, and nobody is over it: a page of those who are is never full.
        cls.env.cr.execute(
            "UPDATE res_partner SET credit_limit = %s WHERE ref LIKE 'D%%'",
            [json.dumps({cls.company.id: 10**7})],
        )
        cls.env.cr.execute("ANALYZE res_partner")
        cls.user = new_test_user(
            cls.env,
            "list_scale",
            groups="payment_plan_recovery.group_recovery_manager,account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @contextmanager
    def queries(self):
        """Note the queries that are carried out, with what they are given."""
        asked, execute = [], Cursor.execute

        def noting(cursor, query, params=None, log_exceptions=True):
            code, given = (query, params) if isinstance(query, str) else (query.code, query.params)
            asked.append((code, given))
            return execute(cursor, query, params, log_exceptions)

        self.patch(Cursor, "execute", noting)
        try:
            yield asked
        finally:
            self.patch(Cursor, "execute", execute)

    def looked_at(self, model, domain, spec):
        """Ask for a page as the client does; return how many rows its queries looked at."""
        model.env.flush_all()
        model.env.invalidate_all()
        with self.queries() as asked:
            model.web_search_read(domain, spec, limit=PAGE, count_limit=10_001)
        seen = 0
        for code, given in asked:
            if code.lstrip(" (\n").upper().startswith(("SELECT", "WITH")):
                self.env.cr.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {code}", given)
                [[told]] = self.env.cr.fetchall()
                seen += sum(rows_looked_at(step) for step in steps(told[0]["Plan"]))
        return seen

    def domains(self, action, model):
        """What the list may be asked for: everything, each filter of its search view, each search of its fields."""
        words = {
            **dict.fromkeys(("uid", "active_id"), self.user.id),
            "allowed_company_ids": self.user.company_ids.ids,
            "context_today": lambda: safe_datetime.date(*dunning_ledger.TODAY.timetuple()[:3]),
            "current_date": str(dunning_ledger.TODAY),
            "datetime": safe_datetime,
            "time": safe_time,
            "relativedelta": dateutil.relativedelta.relativedelta,
        }
        own = safe_eval(action.domain, words) if action.domain else []
        yield "everything", own
        view = etree.fromstring(model.get_view(action.search_view_id.id, "search")["arch"])
        for node in view.xpath("//filter[@domain]"):
            yield node.get("name"), [*own, *safe_eval(node.get("domain"), words)]
        for domain in SEARCHES.get(model._name, ()):
            yield str(domain), [*own, *domain]

    def test_every_list_and_filter(self):
        failed, tried = [], 0
        context = {"allowed_company_ids": self.user.company_ids.ids, "lang": "en_US"}
        env = self.env(user=self.user, context=context)
        for action in self.windows():
            model = env[action.res_model]
            if not model.has_access("read"):
                continue
            view = action.view_ids.filtered(lambda view: view.view_mode == "list").view_id
            spec = self.specification(model, etree.fromstring(model.get_view(view.id, "list")["arch"]))
            for name, domain in self.domains(action, model):
                seen = self.looked_at(model, domain, spec)
                tried += 1
                if seen > MOST * ITEMS:
                    failed.append(f"{action.res_model} ({action.name}), {name}: {seen / ITEMS:.0f} per item")
        assert not failed, "\n".join(failed)
        assert tried > 80


@tagged("post_install", "-at_install")
class TestListScaleBranch(TestListScale):
    """The same ledger, every other debtor of which owes a branch, before somebody who works there only."""

    #: What of the ledger belongs to the company of its debtor.
    OWED = (
        *("account_move", "account_move_line", "recovery_hold", "recovery_plan"),
        "recovery_plan_instalment",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        branch = cls.env["res.company"].create({"name": "Branch", "parent_id": cls.company.id})
        cls.env.flush_all()
        cls.env.cr.execute("SET LOCAL session_replication_role = replica")
        for table in cls.OWED:
            cls.env.cr.execute(
                SQL(
                    "UPDATE %s SET company_id = %s WHERE company_id = %s AND partner_id %% 2 = 1",
                    SQL.identifier(table),
                    branch.id,
                    cls.company.id,
                )
            )
        cls.env.cr.execute(
            "UPDATE recovery_plan_item item SET company_id = plan.company_id"
            "  FROM recovery_plan plan WHERE plan.id = item.plan_id"
        )
        cls.env.cr.execute("SET LOCAL session_replication_role = origin")
        for table in (*cls.OWED, "recovery_plan_item"):
            cls.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        cls.env.invalidate_all()
        cls.user.write({"company_ids": [Command.set(branch.ids)], "company_id": branch.id})
        assert cls.env["recovery.claim"].search_count([("company_id", "=", branch.id)]) > ITEMS / 3
