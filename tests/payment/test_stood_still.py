"""Jobs that stood still for 3, 40 and 400 days run again: what goes out is what is due by then, one message a debtor.

A night is every scheduled job that writes to debtors, in the order in which the server takes them, and the outbox
once more.
The shipped policies; invoices, a plan, a promise, an automatic payment that went on while nothing ran.
"""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytz
from freezegun import freeze_time
from odoo import Command
from odoo.addons.payment_plan_recovery.tests.plan.plan_common import PlanCommon
from odoo.tests import tagged

ADDON = "payment_plan_recovery"
#: Those that write to debtors, or decide what is written.
JOBS = (
    "ir_cron_send_notices",
    "cron_plan_monitor",
    "cron_plan_statements",
    "cron_dunning_daily",
    "cron_promise_judge",
    "cron_autopay",
)
STOP = date(2026, 2, 16)
#: Half past midnight of 29 March 2026, the night in which clocks change in Paris: the zone and the moment in UTC.
NIGHTS = (
    ("Europe/Paris", "2026-03-28 23:30:00"),
    ("Pacific/Fiji", "2026-03-28 12:30:00"),  # UTC+12
    ("Pacific/Pitcairn", "2026-03-29 08:30:00"),  # UTC-8
)
DAY = date(2026, 3, 29)


@tagged("post_install", "-at_install")
class TestStoodStill(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([("id", "!=", cls.company.id)]).recovery_daily_run = "off"
        cls.company.write({"recovery_daily_run": "confirm", "recovery_quiet_channels": "none"})
        cls.company.partner_id.write({"email": "creditor@example.com", "tz": "Europe/Paris"})
        levels = cls.env["recovery.dunning.level"].sudo().search([])
        levels.attach_invoices = False  # each mail would print its own
        cure = cls.env.ref(f"{ADDON}.level_cure").sudo()
        cure.channel_ids = [Command.clear(), Command.create({"channel": "email"})]
        demo = cls.env.ref("payment.payment_provider_demo").sudo()
        cls.provider = demo if demo.company_id == cls.company else demo.copy({"company_id": cls.company.id})
        journal = cls.company_data["default_journal_bank"]
        cls.provider.write({"state": "test", "journal_id": journal.id, "allow_tokenization": True})
        jobs = [cls.env.ref(f"{ADDON}.{name}").sudo() for name in JOBS]
        cls.jobs = sorted(jobs, key=lambda job: (job.priority, job.id))

    @classmethod
    def owing(cls, name):
        """A debtor that is written to by mail."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": f"{name.lower()}@example.com",
                "property_payment_term_id": False,
            }
        )

    @classmethod
    def owed(cls, name, amount, due):
        return cls.invoice(amount, due, partner_id=cls.owing(name).id)

    @classmethod
    def agreed(cls, name, first):
        """A plan of three instalments of 100, monthly from ``first`` on, in force."""
        move = cls.owed(name, 300, "2026-01-10")
        return cls.active_plan(move, partner_id=move.partner_id.id, date_start=first)

    @classmethod
    def authorised(cls, plan):
        """Its debtor authorised a means of payment on the day the jobs stopped."""
        token = (
            cls.env["payment.token"]
            .sudo()
            .create(
                {
                    "provider_id": cls.provider.id,
                    "payment_method_id": cls.env.ref("payment_demo.payment_method_demo").id,
                    "partner_id": plan.partner_id.id,
                    "provider_ref": "token",
                    "demo_simulated_state": "done",
                }
            )
        )
        plan.sudo().write({"autopay_token_id": token.id, "autopay_since": f"{STOP} 09:00:00"})
        return plan

    @classmethod
    def promised(cls, name, until):
        """An invoice that is late, promised to be paid by ``until``."""
        move = cls.owed(name, 200, "2026-02-01")
        cls.env["recovery.promise"].create(
            {
                "partner_id": move.partner_id.id,
                "company_id": cls.company.id,
                "amount": 200,
                "date_given": STOP,
                "date_promised": until,
                "tolerance_days": 0,
            }
        )
        return move

    def works_every_day(self):
        """That night is a Sunday's: a promise is judged after a day on which the company works."""
        calendar = self.company.resource_calendar_id
        known = set(calendar.attendance_ids.mapped("dayofweek"))
        days = [{"dayofweek": day, "hour_from": 9, "hour_to": 17} for day in "0123456" if day not in known]
        calendar.attendance_ids = [
            Command.create({"name": "Every day", "day_period": "morning", **day}) for day in days
        ]

    @contextmanager
    def undone(self):
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            self.env.invalidate_all()
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    # -- a night ---------------------------------------------------------------------------

    def night(self, moment):
        """Run every job at ``moment`` (UTC), and the outbox again; return what each debtor is told: {name: [what]}."""
        mails = self.last_ids()
        with freeze_time(moment), self.enter_registry_test_mode():
            for job in [*self.jobs, self.env.ref(f"{ADDON}.ir_cron_send_notices").sudo()]:
                job.method_direct_trigger()
        self.env.invalidate_all()
        told = {}
        own = [("company_id", "=", self.company.id)]
        written = self.env["recovery.notice"].search(
            [*own, ("state", "=", "queued"), ("mail_id", "!=", False)]
        )
        for notice in written:
            told.setdefault(notice.partner_id.name, []).append(notice.level_id.name)
        with freeze_time(moment):
            written.sudo()._sent()
        for model in ("recovery.plan", "recovery.promise"):
            for mail in (
                self.env["mail.message"]
                .sudo()
                .search([("model", "=", model), ("message_type", "=", "email_outgoing"), ("id", ">", mails)])
            ):
                debtor = self.env[model].browse(mail.res_id).partner_id
                told.setdefault(debtor.name, []).append(mail.subject)
        return told

    @classmethod
    def last_ids(cls):
        return cls.env["mail.message"].sudo().search([], order="id desc", limit=1).id

    # -- stories ---------------------------------------------------------------------------

    def test_what_goes_out_after_days_without_service(self):
        with freeze_time(f"{STOP} 09:00:00"):
            self.owed("Reminded", 1000, "2026-02-05")
            self.owed("New", 500, "2026-02-17")
            planned = self.agreed("Planned", date(2026, 2, 28))
            paying = self.authorised(self.agreed("Paying", date(2026, 2, 28)))
            self.promised("Promised", "2026-02-20")
            self.owed("Settled", 400, "2026-02-17")
        self.assertEqual(self.night(f"{STOP} 09:30:00"), {"Reminded": ["Reminder"]})
        settled = self.env["account.move"].search([("partner_id.name", "=", "Settled")])
        self.pay(settled, 400, "2026-02-18")  # while nothing runs
        same = {
            "Reminded": ["Firm reminder"],
            "New": ["Reminder"],
            "Planned": ["Cure notice"],
            "Promised": ["Reminder"],
        }
        for days, total in ((3, None), (40, "200.00"), (400, "300.00")):
            day = STOP + timedelta(days=days)
            with self.subTest(days=days), self.undone():
                told = self.night(f"{day} 09:30:00")
                announced = told.pop("Paying", [])
                self.assertEqual(told, same if total else {})
                self.assertEqual(len(announced), 1 if total else 0, announced)
                if not total:
                    continue
                self.assertIn(total, announced[0])
                self.assertEqual((planned.state, paying.state), ("in_default", "active"))
                unpaid = sum(planned.cure_notice_id.line_ids.mapped("amount_residual"))
                self.assertEqual(unpaid, 100 if days == 40 else 300, "what is late by then, and no more")
                self.assertEqual(
                    self.night(f"{day + timedelta(days=1)} 09:30:00"), {}, "nothing the next day"
                )
                told = self.night(f"{day + timedelta(days=5)} 09:30:00")
                self.assert_taken_and_reminded(paying, float(total), planned, told)

    def assert_taken_and_reminded(self, paying, total, planned, told):
        """What was announced is taken, who kept a plan by that is thanked; of what is cured nothing is said again."""
        self.assertEqual(paying.amount_paid, total)
        self.assertEqual(paying.state, "completed" if total == 300 else "active")
        if total == 300:
            self.assertEqual(list(told), ["Paying"])
            return
        # The second instalment fell due on the day of the cure notice.
        self.assertEqual(told, {"Planned": ["Instalment late"]})
        reminded = self.env["recovery.notice"].search([("partner_id", "=", planned.partner_id.id)])
        reminded -= planned.cure_notice_id
        self.assertEqual(reminded.line_ids.instalment_id.mapped("number"), [2])

    def test_what_no_mail_announces_is_not_taken_and_what_fails_is_told_once(self):
        with freeze_time(f"{STOP} 09:00:00"):
            unreached, refusing, failing = (
                self.authorised(self.agreed(name, date(2026, 2, 28)))
                for name in ("Unreached", "Refusing", "Failing")
            )
            unreached.partner_id.email = False
            failing.autopay_token_id.sudo().demo_simulated_state = "error"
        day = STOP + timedelta(days=40)
        told = self.night(f"{day} 09:30:00")
        self.assertEqual(
            [len(told.get(one.partner_id.name, ())) for one in (unreached, refusing, failing)], [0, 1, 1]
        )
        self.assertFalse(unreached.autopay_ids)
        refusing.message_ids.sudo().mail_ids.write({"state": "exception"})  # as its server said
        [subject] = self.night(f"{day + timedelta(days=5)} 09:30:00")["Failing"]
        self.assertIn("could not be taken", subject)
        for plan in (unreached, refusing, failing):
            asked = plan.activity_ids.filtered(lambda one: "Not taken automatically" in one.summary)
            self.assertEqual((plan.amount_paid, bool(asked)), (0, plan != failing))

    def test_the_day_that_begins_where_the_company_is(self):
        """At half past midnight, the clocks changing, each side of every boundary is that of the company's day."""
        for zone, moment in NIGHTS:
            with self.subTest(zone=zone), self.undone():
                self.company.partner_id.tz = zone
                self.company.resource_calendar_id.tz = zone
                self.works_every_day()
                with freeze_time(f"{STOP} 12:00:00"):
                    self.owed("Reached", 100, "2026-03-24")
                    self.owed("Not reached", 100, "2026-03-25")
                    self.agreed("Soon", date(2026, 4, 3))
                    self.agreed("Later", date(2026, 4, 4))
                    self.authorised(self.agreed("Taken soon", date(2026, 4, 3)))
                    self.authorised(self.agreed("Taken later", date(2026, 4, 4)))
                    self.promised("Broken", "2026-03-28")
                    self.promised("Open", "2026-03-29")
                told = self.night(moment)
                self.assertIn("100.00", told.pop("Taken soon")[0])
                self.assertEqual(
                    told,
                    {"Reached": ["Reminder"], "Soon": ["Instalment due soon"], "Broken": ["Reminder"]},
                )

    def test_quiet_hours_end_by_the_clock_of_the_day_they_end_on(self):
        """A mail of that night goes on Monday at eight, after the clocks changed."""
        self.company.recovery_quiet_channels = "electronic"
        for zone, moment in NIGHTS:
            with self.subTest(zone=zone), self.undone():
                self.company.partner_id.tz = zone
                self.company.resource_calendar_id.tz = zone
                with freeze_time(f"{STOP} 12:00:00"):
                    move = self.owed("Reached", 100, "2026-03-24")
                self.assertEqual(self.night(moment), {})
                notice = self.env["recovery.notice"].search([("partner_id", "=", move.partner_id.id)])
                monday = pytz.timezone(zone).localize(datetime.combine(DAY + timedelta(days=1), time(8)))
                self.assertEqual(notice.next_attempt, monday.astimezone(pytz.utc).replace(tzinfo=None))
