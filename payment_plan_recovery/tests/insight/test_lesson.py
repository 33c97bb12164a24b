"""What reminders taught, and trials of two messages: counted, shared out by chance, ended by their rule."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..plan.plan_common import PlanCommon

TODAY = date(2026, 6, 1)


@tagged("post_install", "-at_install")
class TestLesson(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy_tried = cls.env["recovery.dunning.policy"].create(
            {
                "name": "Tried",
                "company_id": cls.company.id,
                "level_ids": [
                    Command.create(
                        {
                            "name": "Reminder",
                            "channel_ids": [Command.create({"channel": "email"})],
                            "message_ids": [
                                Command.create({"name": "As it is", "subject": "Pay", "sequence": 5}),
                                Command.create({"name": "Shorter", "subject": "Pay now", "sequence": 6}),
                            ],
                        }
                    )
                ],
            }
        )
        cls.level = cls.policy_tried.level_ids
        cls.first, cls.second = cls.level.message_ids.sorted("sequence")
        day = "2026-01-01"
        cls.asked = cls.invoice(100000, "2026-01-31", invoice_date=day, date=day)

    def reminders(self, words, cases, worked, channel="email"):
        """Notices of 1 May at 10 o'clock, of which some brought what they asked for."""
        item = self.item(self.asked)
        notices = (
            self.env["recovery.notice"]
            .sudo()
            .create(
                [
                    {
                        "company_id": self.company.id,
                        "partner_id": self.debtor.id,
                        "level_id": self.level.id,
                        "words_id": words.id,
                        "date": "2026-05-01",
                        "date_sent": datetime(2026, 5, 1, 10),
                        "state": "sent",
                        "channel": channel,
                        "amount_total": 10,
                    }
                    for _number in range(cases)
                ]
            )
        )
        self.env["recovery.notice.line"].sudo().create(
            [
                {"notice_id": notice.id, "level_id": self.level.id, "move_line_id": item.id, "is_live": False}
                for notice in notices[:worked]
            ]
        )

    def paid(self):
        self.pay(self.asked, 10, "2026-05-04")

    def learnt(self, about="words"):
        self.env["recovery.lesson"].sudo()._learn(self.company, TODAY)
        domain = [("company_id", "=", self.company.id), ("about", "=", about), ("risk_class_id", "=", False)]
        return self.env["recovery.lesson"].search(domain)

    # -- what works --------------------------------------------------------------------------------

    def test_words_are_counted_and_compared_with_the_others(self):
        self.reminders(self.first, 40, 10)
        self.reminders(self.second, 40, 30)
        self.paid()
        worse, better = self.learnt().sorted("share")
        self.assertEqual((worse.words_id, better.words_id), (self.first, self.second))
        self.assertEqual((worse.cases, worse.worked, worse.share), (40, 10, 0.25))
        self.assertEqual((worse.verdict, better.verdict), ("worse", "better"))
        self.assertTrue(0.14 < worse.share_low < 0.15 and 0.40 < worse.share_high < 0.41, "Wilson's interval")
        hour = self.learnt("hour")
        self.assertEqual((hour.hour, hour.cases), (9, 80))
        self.assertEqual(self.learnt("channel").channel, "email")

    def test_nothing_is_claimed_under_thirty_cases(self):
        self.reminders(self.first, 29, 0)
        self.reminders(self.second, 200, 200)
        self.paid()
        found = self.learnt()
        self.assertEqual(set(found.mapped("verdict")), {"few"})
        self.assertEqual(found.filtered("is_enough").words_id, self.second)

    def test_no_difference_is_said_where_intervals_meet(self):
        self.reminders(self.first, 40, 18)
        self.reminders(self.second, 40, 22)
        self.paid()
        self.assertEqual(set(self.learnt().mapped("verdict")), {"same"})

    def test_by_class_of_the_debtors(self):
        trusted = self.env["recovery.risk.class"].sudo().create({"code": "T", "name": "Trusted"})
        self.debtor.sudo().recovery_risk_class = trusted
        self.reminders(self.first, 3, 0)
        self.learnt()
        by_class = self.env["recovery.lesson"].search(
            [("risk_class_id", "=", trusted.id), ("about", "=", "words")]
        )
        self.assertEqual(by_class.cases, 3)

    # -- trials ------------------------------------------------------------------------------------

    def trial(self, **values):
        return self.env["recovery.message.trial"].create(
            {
                "name": "Shorter",
                "company_id": self.company.id,
                "level_id": self.level.id,
                "first_id": self.first.id,
                "second_id": self.second.id,
                "date_until": date(2026, 5, 31),
                "cases_wanted": 30,
                **values,
            }
        )

    def begun(self, **values):
        trial = self.trial(**values)
        with freeze_time("2026-04-20 12:00:00"):
            trial.action_start()
        return trial

    def words_of(self, debtors):
        return self.level.message_ids._for_debtors(debtors.with_company(self.company))

    def test_debtors_are_shared_out_each_always_to_the_same_words(self):
        debtors = self.env["res.partner"].create([{"name": f"Debtor {number}"} for number in range(200)])
        self.assertEqual(set(self.words_of(debtors).values()), {self.first})
        self.begun()
        words = self.words_of(debtors)
        second = [debtor for debtor, message in words.items() if message == self.second]
        self.assertTrue(70 < len(second) < 130, len(second))
        self.assertEqual(self.words_of(debtors[::-1]), words)
        other = self.setup_other_company()["company"]
        elsewhere = self.level.message_ids._for_debtors(debtors.with_company(other))
        self.assertEqual(set(elsewhere.values()), {self.first}, "Another creditor tries nothing")

    def judge(self, day):
        self.env["recovery.message.trial"].sudo()._judge_due(self.company, day)

    def test_it_ends_when_each_has_its_cases(self):
        trial = self.begun()
        self.reminders(self.first, 30, 5)
        self.reminders(self.second, 29, 25)
        self.paid()
        self.judge(date(2026, 5, 20))
        self.assertEqual((trial.state, trial.second_cases, trial.second_worked), ("running", 29, 25))
        self.reminders(self.second, 1, 1)
        self.judge(date(2026, 5, 20))
        self.assertEqual((trial.state, trial.verdict), ("ended", "better"))
        debtors = self.env["res.partner"].create([{"name": "Another"}, {"name": "And another"}])
        self.assertEqual(set(self.words_of(debtors).values()), {self.first}, "A person decides what follows")
        trial.action_adopt()
        self.assertEqual(set(self.words_of(debtors).values()), {self.second})

    def test_it_ends_on_its_day_however_few_cases_there_are(self):
        trial = self.begun()
        self.reminders(self.first, 5, 0)
        self.judge(date(2026, 5, 31))
        self.assertEqual(trial.state, "running")
        self.judge(TODAY)
        self.assertEqual((trial.state, trial.verdict), ("ended", "few"))

    def test_what_went_out_before_it_began_is_not_counted(self):
        trial = self.begun()
        trial.sudo().date_from = date(2026, 5, 2)
        self.reminders(self.first, 40, 0)
        self.judge(TODAY)
        self.assertEqual((trial.first_cases, trial.verdict), (0, "few"))

    def test_trials_that_would_mislead_are_refused(self):
        trial = self.begun()
        with self.refused("runs at this level", ValidationError), freeze_time("2026-04-20 12:00:00"):
            self.trial().action_start()
        with self.refused("over before it begins"), freeze_time("2026-06-20 12:00:00"):
            self.trial().action_start()
        with self.refused("two different messages", ValidationError):
            self.trial(second_id=self.first.id)
        with self.refused("Use the buttons", Exception):
            trial.verdict = "better"
        self.assertEqual(trial.date_from, date(2026, 5, 1) - timedelta(days=11))

    def test_of_two_trials_begun_at_once_one_runs(self):
        """Each looks for others before it sees what the other transaction does; the database sees both."""
        trial = self.begun()
        other = self.trial()
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE recovery_message_trial SET state = 'running' WHERE id = %s", [other.id]
            )
        self.assertEqual((trial.state, other.state), ("running", "draft"))
