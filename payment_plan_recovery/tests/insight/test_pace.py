"""A level whose day moves by the forecast: both sides of each bound, and what never moves."""

from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..notice.notice_common import NoticeCommon, day


@tagged("post_install", "-at_install")
class TestPace(NoticeCommon):
    """The level is declared for 10 days after the due date, day 0; it may come 4 days earlier and 5 later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["recovery.dunning.policy"].create(
            {
                "name": "Moving",
                "company_id": cls.company.id,
                "level_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "First",
                            "delay_days": 10,
                            "pace": "forecast",
                            "days_early": 4,
                            "days_late": 5,
                        },
                    ),
                    (0, 0, {"name": "Second", "sequence": 20, "delay_days": 30}),
                ],
            }
        )
        cls.level = cls.policy.level_ids[0]
        cls.debtor = cls.make_debtor("Moves", is_company=True)
        move = cls.invoice(cls.debtor, 100.0)
        move.recovery_policy_id = cls.policy
        cls.item = move.line_ids.filtered("date_maturity")

    def foresee(self, expected, on, *, is_by_mean=False):
        """A forecast of day ``on`` that the item is paid on day ``expected``, never when None."""
        lines = self.env["recovery.forecast.line"].sudo()
        lines.search([("move_line_id", "=", self.item.id)]).unlink()
        lines.create(
            {
                "move_line_id": self.item.id,
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "date": day(on),
                "date_expected": day(expected) if expected is not None else False,
                "is_by_mean": is_by_mean,
            }
        )
        lines.flush_model()

    def first_day(self, expected, on=0, **values):
        """The first day on which the item is to be chased, with a forecast that is made anew every night."""
        for number in range(1, 29):
            self.foresee(expected, number + on, **values)
            run = self.env["recovery.dunning.run"].create(
                {"company_id": self.company.id, "date": day(number)}
            )
            if set(run.explain(self.item).values()) == {"selected"}:
                return number
        return None

    def test_both_sides_of_each_bound(self):
        for expected, first in (
            (9, 10),  # before the declared day: it stays
            (10, 11),  # that day: waited for, and reminded of the day after
            (14, 15),  # the last day that can be waited for
            (15, 6),  # the first that cannot: as early as declared
            (40, 6),
            (None, 6),
        ):
            self.assertEqual(self.first_day(expected), first, expected)

    def test_a_forecast_counts_for_a_week_and_never_before_its_day(self):
        self.assertEqual(self.first_day(40, on=-7), 6)
        self.assertEqual(self.first_day(40, on=-8), 10)
        self.assertEqual(self.first_day(40, on=1), 10, "what is found tomorrow is not known today")

    def test_a_forecast_no_better_than_the_mean_moves_nothing(self):
        for expected in (12, 40, None):
            self.assertEqual(self.first_day(expected, is_by_mean=True), 10, expected)
        run = self.env["recovery.dunning.run"].new({"company_id": self.company.id, "date": day(12)})
        self.env.cr.execute(run._statement())
        judged = [row for row in self.env.cr.dictfetchall() if row["move_line_id"] == self.item.id]
        why = self.env["recovery.claim.why"].browse(
            self.env["recovery.claim.why"]._open(run, judged)["res_id"]
        )
        self.assertEqual(why.date_reached, day(10))
        self.assertIn("no better than the mean last quarter: the declared day stands", why.moved)

    def test_off_it_is_not_looked_at(self):
        self.level.pace = False
        self.assertEqual(self.first_day(40), 10)
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": day(5)})
        self.assertNotIn("recovery_forecast_line", run._statement().code)

    def test_a_person_s_day_moves_only_where_declared(self):
        self.debtor.is_company = False
        self.assertEqual(self.first_day(40), 10)
        self.level.pace_people = True
        self.assertEqual(self.first_day(40), 6)

    def test_why(self):
        self.foresee(14, on=12)
        run = self.env["recovery.dunning.run"].new({"company_id": self.company.id, "date": day(12)})
        self.env.cr.execute(run._statement())
        judged = [row for row in self.env.cr.dictfetchall() if row["move_line_id"] == self.item.id]
        why = self.env["recovery.claim.why"].browse(
            self.env["recovery.claim.why"]._open(run, judged)["res_id"]
        )
        self.assertEqual((why.reason, why.date_reached), ("not_due", day(15)))
        self.assertRegex(
            why.moved, "4 days earlier or 5 days later at most: this claim is expected on 01/29/2026"
        )
        self.debtor.is_company = False
        why.invalidate_recordset(["moved"])
        self.assertIn("not for individuals", why.moved)

    def test_a_manager_who_is_no_administrator_declares_it(self):
        manager = new_test_user(
            self.env,
            "declares-pace",
            groups="payment_plan_recovery.group_recovery_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with Form(self.level.with_user(manager)) as level:
            level.days_early = 3
        self.assertEqual(self.first_day(40), 7)

    def test_bounds_keep_to_law_and_policy(self):
        for values, words in (
            ({"letter_kind": "formal_notice"}, "its own day does not move"),
            ({"delay_days": -5}, "to the day before at most"),
            ({"days_late": 21}, "would be reached before it"),
        ):
            with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self.level.write(values)
            self.level.invalidate_recordset()
        self.level.write({"days_late": 20})
        self.level.write({"delay_days": -5, "days_late": 4})
        second = self.policy.level_ids[1]
        second.write({"trigger": "previous_notice", "delay_days": 4, "pace": "forecast", "days_early": 4})
        with self.assertRaisesRegex(ValidationError, "before the notice it waits for"):
            second.days_early = 5
