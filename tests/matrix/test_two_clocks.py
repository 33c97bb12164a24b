"""Who works in two companies acts on what is the one's while the other is his present one: today is by the one's clock.

He sits in Paris, where it is the evening of the day before; the record is Auckland's.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import Client
from due import TODAY
from freezegun import freeze_time
from methods import METHODS
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from samples import ARGUMENTS
from world import World

MOMENT, HERE, THERE = "2026-03-15 20:00:00", "Europe/Paris", "Pacific/Auckland"
YESTERDAY = TODAY - timedelta(days=1)


@tagged("post_install", "-at_install")
class TestTwoClocks(Client, World):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls.company | cls.sister
        cls.company.partner_id.tz, cls.sister.partner_id.tz = HERE, THERE
        cls.users["collector"].write({"company_ids": [Command.set(cls.both.ids)], "tz": HERE})
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        frozen = freeze_time(MOMENT)
        frozen.start()
        self.addCleanup(frozen.stop)
        self.act = self.env(
            user=self.users["collector"], context={"tz": HERE, "allowed_company_ids": self.both.ids}
        )
        self.assertEqual((self.act.company, self.company._recovery_today()), (self.company, YESTERDAY))
        self.assertEqual(self.sister._recovery_today(), TODAY)

    def days_of(self, values):
        return {name: day for name, day in values.items() if isinstance(day, date)}

    def test_what_is_made_for_a_company(self):
        asked = 0
        for name, model in sorted(self.env.registry.items()):
            if not (name.startswith("recovery.") and model._auto and "company_id" in model._fields):
                continue
            if model._abstract or model._transient:
                continue
            for company, other in ((self.sister, YESTERDAY), (self.company, TODAY)):
                found = self.act[name]._add_missing_default_values({"company_id": company.id})
                found = self.days_of(found)
                asked += len(found)
                with self.case(name, company.name, found):
                    self.assertNotIn(other, found.values())
        self.assertGreater(asked, 15)

    def test_what_dialogs_propose(self):
        """Of what is Auckland's, and in its name."""
        opened = set()
        for model, methods in METHODS.items():
            for method, may in methods.items():
                if "collector" not in may.split():
                    continue
                with mute_logger("odoo.sql_db"), self.undone() as savepoint:
                    try:
                        records = self.act[model].browse(self.sample(model, self.sister).ids)
                        answer = getattr(records, method)(*ARGUMENTS.get((model, method), []))
                        days = self.proposed(answer)
                    except (ValueError, TypeError, AccessError, UserError):
                        days = {}
                    savepoint.rollback()
                self.env.invalidate_all()
                opened |= {(model, method) for _day in days}
                with self.case(model, method, days):
                    self.assertNotIn(YESTERDAY, days.values())
        self.assertGreater(len(opened), 5)

    def test_what_is_done(self):
        debtor = self.sample("res.partner", self.sister)
        sister = self.env(context={**self.env.context, "allowed_company_ids": self.sister.ids})
        [item] = self.bill(sister, debtor, 70).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        with freeze_time("2026-03-10 09:00:00"):
            case = sister["recovery.case"]._open(debtor.with_env(sister), item)
            hold = case.hold_id
        spent = case.with_env(self.act).cost_ids.create({"case_id": case.id, "name": "Letter", "amount": 7})
        self.assertEqual(spent.date, TODAY)
        spent.unlink()
        case.with_env(self.act).unlink()
        self.assertEqual(hold.date_until, TODAY)

        check = sister["recovery.solvency.check"].create({"partner_id": debtor.id})
        check.action_compute()
        check.with_env(self.act(su=True))._grant()
        self.assertEqual(check.date_approved, TODAY)

        self.users["collector"].group_ids += self.env.ref("payment_plan_recovery.group_recovery_waive")
        self.sister.recovery_waiver_ceiling = 10_000
        interest = [("company_id", "=", self.sister.id), ("kind", "=", "interest"), ("state", "=", "accrued")]
        charge = sister["recovery.charge"].search(interest, limit=1)
        charge.with_env(self.act).action_waive("Matrix")
        charge.with_env(self.act).action_restore()
        restored = charge.search([*interest, ("move_line_id", "=", charge.move_line_id.id)])
        self.assertEqual(restored.mapped("date_until"), [TODAY])

    def test_what_is_booked_from_a_list(self):
        for company, today in ((self.sister, TODAY), (self.company, YESTERDAY)):
            for model in ("account.move", "recovery.charge"):
                opened = {"active_model": model, "active_ids": self.sample(model, company).ids}
                dialog = self.act["recovery.charge.book"].with_context(**opened)
                self.assertEqual(dialog.default_get(["date"])["date"], today, (company.name, model))
        both = self.sample("account.move", self.sister) | self.sample("account.move", self.company)
        opened = {"active_model": "account.move", "active_ids": both.ids}
        found = self.act["recovery.charge.book"].with_context(**opened).default_get(["date"])["date"]
        self.assertEqual(found, YESTERDAY)

    def undone(self):
        return self.env.cr.savepoint()

    def proposed(self, answer):
        """{field: day} of the dialog of ours that ``answer`` opens, unless it is about the company here."""
        model = isinstance(answer, dict) and answer.get("target") == "new" and answer.get("res_model")
        if not model or not model.startswith("recovery."):
            return {}
        dialog = self.act[model].with_context(**(answer.get("context") or {}))
        values = dialog.default_get(list(dialog._fields))
        new = dialog.new(values)
        if "company_id" in new and new.company_id == self.company:
            return {}
        return {name: new[name] for name, field in new._fields.items() if field.type == "date" and new[name]}
