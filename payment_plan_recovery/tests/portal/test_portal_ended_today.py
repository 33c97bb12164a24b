"""The day on which a dispute, a promise or a hold ends: dunning rests until midnight, what it said is over at once."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalEndedToday(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.late_invoice(600)
        cls.about = {
            "partner_id": cls.debtor.id,
            "company_id": cls.company.id,
            "move_line_ids": cls.item(cls.bill).ids,
        }

    def told(self):
        """What the debtor reads of the invoice besides its amount."""
        found = self.debtor._portal_found(self.company)
        return [words for row in self.debtor._portal_rows(self.company, found) for words in row.said]

    def asked(self):
        """What is asked for of the invoice, by those who ask: the mail of a collector, promises, rules of credit."""
        claim = self.env["recovery.claim"].search([("move_line_id", "=", self.item(self.bill).id)])
        mail = self.env["recovery.debtor.mail"].new(
            {"partner_id": self.debtor.id, "company_id": self.company.id}
        )
        overdue = claim._overdue(self.debtor, self.company, self.today, ("dispute",))
        return [
            sum(mail._claims()[2].mapped("amount_residual")),
            claim._asked(self.today)[claim.id],
            overdue.get(self.debtor.id, (None, 0))[1],
        ]

    def is_chased(self, date):
        """Whether dunning goes on with the invoice on ``date``."""
        self.env.flush_all()
        held = self.env["recovery.hold"]._items_held_sql(
            self.company, date, SQL("SELECT %s::int", self.item(self.bill).id)
        )
        return not self.env.execute_query(held)

    def assert_over(self):
        """What ended today: dunning rests until midnight, nothing is told of it, and the debtor may act again."""
        self.assertEqual(self.told(), [])
        self.assertEqual(self.asked(), [600, 600, 600])
        self.assertEqual(self.debtor._portal_payable(self.company)[0], 600)
        self.assertTrue(self.debtor._portal_late_claims(self.company))
        self.assertFalse(self.is_chased(self.today), "nobody is chased on the day on which it was told")
        self.assertTrue(self.is_chased(self.today + timedelta(days=1)))

    def hold(self, kind, until):
        return self.env["recovery.hold"].create(
            {
                **self.about,
                "kind": kind,
                "date_from": self.today - timedelta(days=9),
                "date_until": self.today + timedelta(days=until),
                "reason": "Looked into",
            }
        )

    def test_a_dispute_that_is_closed_is_over_at_once(self):
        dispute = self.env["recovery.dispute"].create({**self.about, "description": "Stale"})
        self.assertEqual(self.told(), ["In dispute"])
        self.assertEqual(self.asked(), [0, 0, 0])
        with self.refused("Nothing is left to pay"):
            self.debtor._portal_payable(self.company)
        dispute.answer = "It was fresh"
        dispute.action_reject()
        self.assert_over()
        page = self.url_open(self.link()._path()).text
        self.assertIn("Pay all that is overdue", page)
        self.assertNotIn("In dispute", page)
        dispute.action_reopen()
        self.assertEqual(self.told(), ["In dispute"])
        self.assertEqual(self.asked(), [0, 0, 0])

    def test_a_promise_that_is_withdrawn_or_kept_is_told_of_no_more(self):
        values = {**self.about, "amount": 600, "date_promised": self.today + timedelta(days=3)}
        promise = self.env["recovery.promise"].create(values)
        self.assertIn("Promised by", self.told()[0])
        promise.action_cancel()
        self.assert_over()
        kept = self.env["recovery.promise"].create({**values, "amount": 200, "date_promised": self.today})
        self.pay(self.bill, 200, self.today)
        kept._judge(self.today)
        self.assertEqual((kept.state, self.told()), ("kept", []))

    def test_a_plan_asked_for_and_given_up_is_told_of_no_more(self):
        debtor = self.debtor.sudo()  # as the page comes
        asked = debtor.env["recovery.request"]._ask_for_plan(
            debtor, self.company.sudo(), debtor, description="Lost a customer"
        )
        self.assertEqual(self.told(), ["Plan asked for"])
        asked._withdraw("Martin")
        self.assert_over()

    def test_a_hold_that_is_ended_by_hand_binds_nobody_any_more(self):
        for kind, told in (("insolvency", ["Declared in insolvency"]), ("deceased", []), ("manual", [])):
            with self.subTest(kind):
                hold = self.hold(kind, 0)
                self.assertEqual(self.told(), told, "its last day, as was said from the beginning")
                with self.assertRaises(UserError):
                    self.debtor._portal_late_claims(self.company)
                hold.action_end()
                self.assert_over()
                hold.date_until = self.today + timedelta(days=1)
                self.assertEqual(self.told(), told, "it goes on after all")
                hold.date_until = self.today - timedelta(days=1)

    def test_the_last_day_of_a_hold_is_a_day_of_it(self):
        for kind in ("dispute", "insolvency", "negotiation"):
            for until, is_told in ((-1, False), (0, True), (1, True)):
                with self.subTest(kind, until=until):
                    hold = self.hold(kind, until)
                    self.assertEqual(bool(self.told()), is_told)
                    self.assertEqual(self.is_chased(self.today), not is_told)
                    hold.unlink()

    def test_nobody_says_that_a_hold_was_ended_but_who_ends_it(self):
        hold = self.hold("dispute", 9)
        collector = self.collector()
        with self.assertRaises(UserError):
            hold.with_user(collector).write({"date_ended": fields.Date.today()})
        hold.with_user(collector).action_end()
        self.assertEqual((hold.date_until, hold.date_ended), (self.today, self.today))

    def test_nobody_waits_for_what_was_to_be_taken_for_a_plan_that_ended(self):
        for end in ("action_cancel", "action_break"):
            with self.subTest(end), self.env.cr.savepoint() as savepoint:
                plan = self.active_plan(self.bill, date_start=self.today + timedelta(days=4))
                row = plan.instalment_ids.sorted("number")[0]
                hold = plan.sudo()._autopay_wait(self.today, row.date_due)
                told = {"date_announced": self.today, "date_debit": row.date_due, "amount": row.amount}
                autopay = self.env["recovery.autopay"].sudo()
                autopay.create({"instalment_id": row.id, "hold_id": hold.id, **told})
                getattr(plan, end)()
                self.assertEqual(hold.date_until, self.today)
                self.assertTrue(self.is_chased(self.today + timedelta(days=1)))
                savepoint.rollback()
            self.env.invalidate_all()
