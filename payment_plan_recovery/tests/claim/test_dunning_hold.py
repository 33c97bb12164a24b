"""Holds and promises: who is not chased, until when, and what came of a debtor's word."""

from datetime import timedelta

from freezegun import freeze_time
from lxml import etree
from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from ..dunning.dunning_common import DunningCommon, day

DUE5 = {"trigger": "due_date", "delay_days": 5}


@tagged("post_install", "-at_install")
class TestHold(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_policy(DUE5)
        cls.debtor = cls.make_debtor()
        cls.move = cls.invoice(cls.debtor, 100)

    def hold(self, debtor=None, start=6, end=10, **values):
        return self.env["recovery.hold"].create(
            {
                "partner_id": (debtor or self.debtor).id,
                "company_id": self.company.id,
                "date_from": day(start),
                "date_until": day(end) if end is not None else False,
                "reason": "The delivery is looked into",
                **values,
            }
        )

    def test_hold_of_an_invoice_is_of_its_company(self):
        other = self.make_company("Other creditor")
        theirs = self.invoice(self.make_debtor("Theirs"), company=other)
        both = theirs.with_context(allowed_company_ids=(self.company + other).ids)
        for action in (both.action_recovery_hold(), both.action_recovery_promise()):
            self.assertEqual(action["context"]["default_company_id"], other.id)
        hold = self.env["recovery.hold"].with_context(**both.action_recovery_hold()["context"])
        self.assertEqual(hold.create({"reason": "Asked", "date_until": day(900)}).company_id, other)

    def test_nobody_is_dead_for_a_fortnight(self):
        """What became of a debtor does not end by itself: the dialog proposes when to look again, and no end."""
        action = self.debtor.action_recovery_hold()
        for kind, ends in (
            ("manual", True),
            ("deceased", False),
            ("guardianship", False),
            ("insolvency", False),
        ):
            form = Form(self.env["recovery.hold"].with_context(**action["context"]))
            proposed = form.date_until
            form.kind = kind
            self.assertEqual(form.date_until, proposed if ends else False, kind)
            self.assertEqual(form.date_review, False if ends else proposed, kind)
            form.reason = "Her daughter called"
            form.save()

    def test_debtor_on_hold_until_its_last_day(self):
        self.hold()
        self.assert_reasons(self.move, day5="selected", day6="on_hold", day10="on_hold", day11="selected")

    def test_hold_on_a_contact_is_on_the_debtor(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.debtor.id})
        hold = self.hold(contact)
        self.assertEqual(hold.partner_id, self.debtor)
        self.assert_reasons(self.move, day6="on_hold")

    def test_hold_on_an_item(self):
        other = self.invoice(self.debtor, 50)
        self.hold(move_line_ids=self.item(self.move).ids)
        self.assert_reasons(self.move, day6="on_hold")
        self.assert_reasons(other, day6="selected")

    def test_many_holds_are_listed_in_as_many_queries_as_few(self):
        def queries(holds):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            holds.mapped("currency_id")
            return self.env.cr.sql_log_count - before

        items = [self.item(self.move), *(self.item(self.invoice(self.debtor, 50)) for _item in range(5))]
        holds = self.env["recovery.hold"].union(*(self.hold(move_line_ids=item.ids) for item in items))
        queries(holds)
        self.assertEqual(queries(holds), queries(holds[:1]))

    def test_disputed_part_holds_that_part_only(self):
        self.hold(move_line_ids=self.item(self.move).ids, amount=30, kind="dispute")
        run = self.run_on(6)
        self.assertEqual(run.notice_ids.line_ids.amount_residual, 70)
        self.assertEqual(run.notice_ids.amount_total, 70)

    def test_disputed_part_as_large_as_what_is_owed(self):
        self.hold(move_line_ids=self.item(self.move).ids, amount=40, kind="dispute")
        self.pay(self.move, 59.99)
        self.assert_reasons(self.move, day6="selected")
        self.pay(self.move, 0.01)
        self.assert_reasons(self.move, day6="on_hold")

    def test_disputed_part_of_a_foreign_item(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2025-01-01", "rate": 3.0, "company_id": self.company.id}
        )
        move = self.invoice(self.debtor, 100, currency=dollar)
        self.hold(move_line_ids=self.item(move).ids, amount=50, kind="dispute")
        run = self.make_run(6)
        run.action_propose()
        line = run.line_ids.filtered(lambda line: line.move_id == move)
        # 33.33 in company currency, half of it rounded half up.
        self.assertEqual((line.amount_residual, line.amount_company), (50, 16.67))

    def test_the_deceased_and_who_is_under_guardianship_promise_nothing(self):
        today = self.company._recovery_today()
        given = {
            "partner_id": self.debtor.id,
            "amount": 100,
            "date_promised": today,
            "company_id": self.company.id,
        }
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": self.debtor.id,
                "date_start": today,
                "instalment_count": 2,
                "item_ids": [Command.create({"move_line_id": self.item(self.move).id})],
            }
        )
        for kind in ("deceased", "guardianship"):
            with self.subTest(kind):
                hold = self.hold(start=0, end=None, kind=kind, date_review=today)
                self.assert_reasons(self.move, day6="on_hold", day300="on_hold")
                with self.assertRaisesRegex(UserError, "cannot promise"), self.env.cr.savepoint():
                    self.env["recovery.promise"].create(given)
                with self.assertRaisesRegex(UserError, "cannot promise"):
                    plan.action_propose()
                with self.assertRaisesRegex(UserError, "Write to us"):
                    self.debtor._portal_late_claims(self.company)
                hold.date_until = today - timedelta(days=1)
        self.assertTrue(self.debtor._portal_late_claims(self.company))
        plan.action_propose()
        hold.date_until = False
        with self.assertRaisesRegex(UserError, "cannot promise"):
            plan.action_accept()
        hold.action_end()
        hold.date_until = today - timedelta(days=1)
        plan.action_accept()
        self.assertEqual(plan.state, "accepted")
        self.env["recovery.promise"].create({**given, "partner_id": self.make_debtor("Other").id})

    def test_hold_of_another_company(self):
        other = self.make_company("Other creditor")
        self.hold(company_id=other.id)
        self.assert_reasons(self.move, day6="selected")

    @mute_logger("odoo.sql_db")
    def test_open_end_needs_a_review_date(self):
        with self.assertRaisesRegex(CheckViolation, "open_end_is_reviewed"), self.env.cr.savepoint():
            self.hold(end=None)
        with self.assertRaisesRegex(CheckViolation, "ends_after_start"), self.env.cr.savepoint():
            self.hold(start=6, end=5)

    def test_review_is_an_activity_on_its_day(self):
        hold = self.hold(end=None, date_review=day(30))
        self.assertEqual(hold.activity_ids.date_deadline, day(30))
        self.assertEqual(hold.activity_ids.user_id, hold.user_id)
        hold.date_review = day(60)
        self.assertEqual(hold.activity_ids.date_deadline, day(60))
        self.assert_reasons(self.move, day300="on_hold")
        hold._end(day(60))
        self.assertFalse(hold.activity_ids)
        self.assert_reasons(self.move, day60="on_hold", day61="selected")

    def test_ended_now(self):
        """The debtor called back: today is the last day on hold."""
        hold = self.hold(start=6, end=30)
        form = etree.fromstring(hold.get_view(view_type="form")["arch"])
        self.assertTrue(form.xpath("//header/button[@name='action_end']"))
        with freeze_time(day(10)):
            hold.action_end()
        self.assertEqual(hold.date_until, day(10))
        self.assert_reasons(self.move, day10="on_hold", day11="selected")

    def test_items_of_another_debtor_are_refused(self):
        stranger = self.invoice(self.make_debtor("Stranger"))
        with self.assertRaisesRegex(ValidationError, "not owed by"):
            self.hold(move_line_ids=self.item(stranger).ids)

    def test_part_needs_one_item(self):
        with self.assertRaisesRegex(ValidationError, "exactly one item"):
            self.hold(amount=10)

    def test_from_an_invoice_a_debtor_a_notice(self):
        notice = self.run_on(5).notice_ids
        for record, items in (
            (self.move, self.item(self.move)),
            (self.debtor, self.env["account.move.line"]),
            (notice, self.item(self.move)),
        ):
            context = record.action_recovery_hold()["context"]
            hold = (
                self.env["recovery.hold"]
                .with_context(**context)
                .create({"reason": "Asked on the phone", "date_until": day(9999)})
            )
            self.assertEqual((hold.partner_id, hold.move_line_ids), (self.debtor, items))
        with self.assertRaisesRegex(UserError, "one debtor"):
            (self.move + self.invoice(self.make_debtor())).action_recovery_hold()
