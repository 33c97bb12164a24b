"""The judgement of a day is kept before it begins: lists have it in its first minute."""

from datetime import timedelta
from random import Random

from freezegun import freeze_time
from odoo.tests import tagged

from .judgement_common import TODAY, JudgementCommon

TOMORROW = TODAY + timedelta(days=1)


@tagged("post_install", "-at_install")
class TestJudgementAhead(JudgementCommon):
    def test_the_next_day_s_is_kept_before_it_begins(self):
        self.company.recovery_tz = "Europe/Paris"
        self.make_policy({"trigger": "due_date", "delay_days": 5})
        self.hold(self.claims.search([("move_id", "=", self.invoice(self.make_debtor(), due=-30).id)]))
        midnight = self.company._recovery_midnight(TOMORROW)

        def days_kept(before):
            with freeze_time(midnight - before):
                self.judgement._keep_ahead(self.company, TODAY)
            kept = self.judgement.search([("company_id", "=", self.company.id)])
            return {one.date: one.reason for one in kept}

        self.assertEqual(days_kept(timedelta(hours=2, seconds=1)), {TODAY: "on_hold"})
        for before in (timedelta(hours=2), timedelta(minutes=1)):
            self.assertEqual(days_kept(before), {TODAY: "on_hold", TOMORROW: "selected"})
        with freeze_time(midnight):
            self.judgement._keep_ahead(self.company, TOMORROW)
        self.assertEqual(self.judgement.search([("company_id", "=", self.company.id)]).date, TOMORROW)

    def test_what_was_kept_the_day_before_is_what_is_judged_at_midnight(self):
        self.company.recovery_tz = "Europe/Paris"
        with self.drawn(Random(20260115), 30):  # noqa: S311 drawn again from the seed, not secret
            self.keep(TOMORROW)
            self.assertFalse(self.kept())
            with freeze_time(self.company._recovery_midnight(TOMORROW) + timedelta(seconds=30)):
                [at] = {verdict.at for verdict in self.kept(TOMORROW)}
                self.assertEqual(at, self.company._recovery_midnight(TOMORROW))
                self.assert_as_judged_now("a minute after midnight", TOMORROW)
