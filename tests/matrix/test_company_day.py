"""Every scheduled job and every record made: no day is another clock's than the company's.

At half past eight in the evening in New York, nine in the morning in Auckland and half past midnight in Paris, UTC and
whoever is logged in have another day than the company. What is written then, whichever model and field, is searched
for that other day.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

from due import TODAY, DueWorld
from english import English
from faults import FAULTS
from freezegun import freeze_time
from methods import METHODS
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, html2plaintext, mute_logger
from samples import ARGUMENTS
from world import ROLES

#: The moment in UTC and where the company and the user are; UTC and the user have the day ``other`` days later.
PLACES = (
    ("2026-03-17 00:30:00", "America/New_York", "Asia/Tokyo", 1),
    ("2026-03-15 20:00:00", "Pacific/Auckland", "America/Los_Angeles", -1),
    ("2026-03-15 23:30:00", "Europe/Paris", "America/Los_Angeles", -1),
)
#: Days that may lie beside today: counted from another day, not read from a clock.
OTHERWISE = {
    ("recovery.forecast.line", "date_early"): "the first day on which money may come is tomorrow",
    ("recovery.forecast.line", "date_mean"): "what is late by more than the mean comes tomorrow",
    ("recovery.forecast.score", "date_to"): "the quarter that is scored ended yesterday",
    ("recovery.forecast.week", "date"): "the first week to come begins tomorrow",
}


@tagged("post_install", "-at_install")
class TestCompanyDay(DueWorld):
    def days(self):
        """{(model, id, field): day} of every date the addon keeps."""
        self.env.flush_all()
        kept = {}
        for name, model in self.env.registry.items():
            if not name.startswith("recovery.") or model._abstract or not model._auto:
                continue
            dates = [
                field.name
                for field in model._fields.values()
                if field.type == "date" and field.column_type and field.store
            ]
            if dates:
                rows = self.env.execute_query(
                    SQL(
                        "SELECT id, %s FROM %s",
                        SQL(", ").join(map(SQL.identifier, dates)),
                        SQL.identifier(model._table),
                    )
                )
                for record_id, *values in rows:
                    kept |= {
                        (name, record_id, field): value for field, value in zip(dates, values, strict=True)
                    }
        rows = self.env.execute_query(
            SQL("SELECT id, date_deadline FROM mail_activity WHERE res_model LIKE 'recovery.%%'")
        )
        return kept | {("mail.activity", one, "date_deadline"): day for one, day in rows}

    def check_clock(self, place, work):
        """Do ``work`` there and then; what it writes is dated by the company."""
        moment, zone, user_zone, days = place
        self.companies.partner_id.tz = zone
        self.env.ref("base.user_root").tz = self.env.user.tz = user_zone
        before = self.days()
        with freeze_time(moment):
            self.assertEqual(self.company._recovery_today(), TODAY)
            work()
        self.env.invalidate_all()
        other = TODAY + timedelta(days=days)
        written = {key: day for key, day in self.days().items() if day and before.get(key) != day}
        wrong = {(model, field) for (model, _id, field), day in written.items() if day == other}
        self.assertEqual(wrong - OTHERWISE.keys(), set(), f"{zone}: the day of another clock")
        return written

    def test_defaults(self):
        """What a new record or a wizard proposes as its day."""
        for moment, zone, user_zone, days in PLACES:
            self.companies.partner_id.tz, self.env.user.tz = zone, user_zone
            with freeze_time(moment):
                for name, model in self.env.registry.items():
                    dates = [field.name for field in model._fields.values() if field.type == "date"]
                    if name.startswith("recovery.") and not model._abstract and dates:
                        proposed = self.env[name].with_context(tz=user_zone).default_get(dates)
                        other = TODAY + timedelta(days=days)
                        self.assertNotIn(
                            other, [fields.Date.to_date(proposed.get(day)) for day in dates], (name, zone)
                        )
                company = self.env["res.company"].create({"name": zone})
                self.assertEqual(company.recovery_charge_since, TODAY)

    def test_every_method(self):
        """What each button does at half past midnight in Paris, by people of one group each, who work in French."""
        _moment, zone, user_zone, days = PLACES[-1]
        self.companies.partner_id.write({"tz": zone, "lang": "fr_FR"})
        self.env["res.partner"].search([]).lang = "fr_FR"
        for role in ROLES:
            self.users[role].write({"lang": "fr_FR", "tz": user_zone})
        english, before, other = English(), self.days(), TODAY + timedelta(days=days)
        wrong, done = set(), 0
        for role, model, method in self.each_method("collector", "manager", "accountant"):
            said, kept, answered = self.pressed(role, model, method)
            done += answered
            wrong |= {(role, model, method, words) for words in english.told(said)}
            wrong |= {(role, model, method, words) for words in said if str(other) in words}
            wrong |= {
                (role, model, method, key[0], key[2])
                for key, day in kept.items()
                if day == other and before.get(key) != day and (key[0], key[2]) not in OTHERWISE
            }
        self.assertFalse(wrong)
        self.assertGreater(done, 100)

    def each_method(self, *roles):
        """Yield (role, model, method) of what each may do; what a collector may do, a manager does the same way."""
        for role in roles:
            for model, methods in METHODS.items():
                for method, may in methods.items():
                    if role in may.split() and (role != "manager" or "collector" not in may.split()):
                        yield role, model, method

    def pressed(self, role, model, method):
        """Press it, then take it back; return (what was said, the days that are kept then, whether it was done)."""
        context = {"lang": "fr_FR", "tz": PLACES[-1][2], "allowed_company_ids": self.company.ids}
        act = self.env(user=self.users[role], context=context)
        said, done = [], False
        with freeze_time(PLACES[-1][0]), mute_logger("odoo.sql_db"), self.env.cr.savepoint() as savepoint:
            try:
                records = act[model].browse(self.sample(model, self.company).ids)
                answer = getattr(records, method)(*ARGUMENTS.get((model, method), []))
                said, done = self.said(act, answer), True
            except (ValueError, TypeError):
                pass
            except (AccessError, UserError) as refused:
                said = [str(refused)]
            kept = self.days()
            savepoint.rollback()
        self.env.invalidate_all()
        return said, kept, done

    def said(self, act, answer):
        """The words and days that an action shows, and those that the dialog it opens proposes."""
        if not isinstance(answer, dict):
            return []
        words = [str(answer.get(name) or "") for name in ("name", "display_name")]
        context = answer.get("context") or {}
        context = context if isinstance(context, dict) else {}
        words += [f"{name} {day}" for name, day in context.items() if name.startswith("default_")]
        params = answer.get("params") or {}
        words += [str(params.get(name) or "") for name in ("title", "message")]
        if answer.get("target") == "new" and answer.get("res_model") in self.env:
            dialog = act[answer["res_model"]].with_context(**context)
            if dialog._name.startswith("recovery.") and dialog.has_access("create"):
                values = dialog.default_get([name for name, field in dialog._fields.items() if field.store])
                words += [f"{name} {value}" for name, value in values.items() if isinstance(value, date)]
                texts = [name for name in values if dialog._fields[name].type in ("char", "text", "html")]
                words += [html2plaintext(values[name] or "") for name in texts]
        return words

    def run_job(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"payment_plan_recovery.{name}").sudo().method_direct_trigger()


def _add_tests():
    for number, place in enumerate(PLACES):
        for name, fault in FAULTS.items():

            def test(self, name=name, fault=fault, place=place):
                self.check_clock(place, lambda: self.run_job(name))
                done = self.env[fault.model].sudo().search(fault.done)
                self.assertEqual(
                    done.company_id & self.companies, self.companies, "done by the company's day"
                )

            setattr(TestCompanyDay, f"test_{name}_{number}", test)


_add_tests()
