"""Checks nobody had to ask for: renewals, limits nearly reached, broken promises, first large documents."""

from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ...models.solvency import renewal
from .solvency_common import INVOICING, MANAGER, TODAY, SolvencyCommon, ago


@tagged("post_install", "-at_install")
class TestEvents(SolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules.active = False
        cls.checks = cls.env["recovery.solvency.check"]
        cls.manager = cls.make_user("solvency_manager", MANAGER)
        cls.company.recovery_credit_user_id = cls.manager
        cls.debtor = cls.make_debtor()

    def due(self, date=TODAY):
        return dict(self.checks._due(self.company, date))

    def approved(self, date=TODAY):
        check = self.make_check(self.debtor, date=date)
        check.action_compute()
        check.action_approve()
        return check

    def test_renewal_on_both_sides(self):
        check = self.approved()
        ahead = check.scorecard_id.renewal_days
        self.assertEqual(self.due(fields.Date.subtract(check.date_until, days=ahead + 1)), {})
        self.assertEqual(
            self.due(fields.Date.subtract(check.date_until, days=ahead)), {self.debtor.id: "renewal"}
        )

    def test_limit_nearly_reached_on_both_sides(self):
        self.debtor.credit_limit = 1000
        self.invoice(self.debtor, 899.99)
        self.assertEqual(self.due(), {})
        self.invoice(self.debtor, 0.01)
        self.assertEqual(self.due(), {self.debtor.id: "limit_near"})
        self.company.recovery_limit_alert = 0
        self.assertEqual(self.due(), {})

    def test_an_open_or_recent_check_is_enough(self):
        self.debtor.credit_limit = 1000
        self.invoice(self.debtor, 950)
        check = self.make_check(self.debtor, date=ago(200))
        self.assertEqual(self.due(), {}, "it is being worked on")
        check.action_cancel()
        self.assertEqual(self.due(), {self.debtor.id: "limit_near"})
        self.approved(ago(89))
        self.debtor.credit_limit = 1000
        self.assertEqual(self.due(), {}, "it was looked at lately")
        self.assertEqual(self.due(fields.Date.add(TODAY, days=1)), {self.debtor.id: "limit_near"})

    def broken_promise(self, judged):
        promise = self.env["recovery.promise"].create(
            {"partner_id": self.debtor.id, "amount": 10, "date_given": judged, "date_promised": judged}
        )
        promise._close("broken", judged)

    def test_broken_promises_since_the_last_check(self):
        self.broken_promise(ago(120))
        self.broken_promise(ago(100))
        self.assertEqual(self.due(), {self.debtor.id: "broken_promises"})
        self.invoice(self.debtor, 10)
        found = self.env["recovery.solvency.measure"]._measures(self.company, TODAY, self.debtor)
        self.assertEqual(found[self.debtor.id]["broken_promises"], 2)
        self.approved(ago(110))
        self.assertEqual(self.due(), {}, "one of them was known at the last check")
        self.broken_promise(TODAY)
        self.assertEqual(self.due(), {self.debtor.id: "broken_promises"})

    def test_the_cron_computes_and_assigns(self):
        self.debtor.credit_limit = 1000
        self.invoice(self.debtor, 950)
        with self.enter_registry_test_mode():
            self.env.ref("payment_plan_recovery.cron_solvency_check").method_direct_trigger()
        check = self.debtor.recovery_check_ids
        self.assertEqual((check.state, check.origin, check.user_id), ("review", "limit_near", self.manager))
        self.assertEqual(check.activity_ids.user_id, self.manager)
        with self.enter_registry_test_mode():
            self.env.ref("payment_plan_recovery.cron_solvency_check").method_direct_trigger()
        self.assertEqual(self.debtor.recovery_check_ids, check)

    def test_the_cron_stops_in_time_and_knows_what_is_left(self):
        debtors = self.debtor + self.make_debtor("Second")
        due = [(debtor.id, "renewal") for debtor in debtors]
        progress = []

        def commit_progress(_cron, processed=0, *, remaining=None):
            progress.append((processed, remaining))
            return 0 if processed else 1

        of_company = lambda _checks, company, _date: due if company == self.company else []  # noqa: E731
        with (
            patch.object(renewal, "BATCH", 1),
            patch.object(type(self.checks), "_due", of_company),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", commit_progress),
        ):
            self.checks._cron_prepare()
        self.assertEqual(progress, [(0, 2), (1, None)])
        self.assertEqual([len(debtor.recovery_check_ids) for debtor in debtors], [1, 0])

    def test_one_that_cannot_be_computed_says_why_and_stops_nobody(self):
        self.person_card.active = False
        person = self.make_debtor("Ada", is_company=False)
        checks = self.checks._prepare_due(
            self.company, TODAY, [(person.id, "renewal"), (self.debtor.id, "renewal")]
        )
        self.assertEqual(checks.mapped("state"), ["draft", "review"])
        self.assertIn("No scorecard", checks[0].problem)
        self.assertFalse(checks[1].problem)

    def test_first_large_invoice(self):
        self.company.recovery_first_order_amount = 500
        clerk = self.make_user("solvency_clerk", INVOICING)
        self.invoice(self.debtor, 499.99, post=False).with_user(clerk).action_post()
        self.assertFalse(self.debtor.recovery_check_ids)
        self.invoice(self.debtor, 500, post=False).with_user(clerk).action_post()
        self.assertEqual(self.debtor.recovery_check_ids.mapped("origin"), ["first_order"])
        self.invoice(self.debtor, 500)
        self.assertEqual(len(self.debtor.recovery_check_ids), 1)
