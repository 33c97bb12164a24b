"""What is matched, comes back or is taken back after a period moves no figure of it."""

from datetime import date, timedelta
from random import Random

from freezegun import freeze_time
from odoo.tests import tagged

from ..plan.plan_common import PlanCommon
from .kpi_ledger import DrawnLedger

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
LATER = date(2026, 4, 9)


@tagged("post_install", "-at_install")
class TestKpiLater(DrawnLedger, PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpi = cls.env["recovery.kpi"]
        cls.draw_books()

    def told(self, *apart):
        """Every figure of the period but those ``apart``, together and by debtor."""
        told = self.kpi._figures_by(self.kpi._scope(FIRST, LAST), (None, "debtor"))
        return {
            (by, key): {code: figure for code, figure in figures.items() if code not in apart}
            for by, found in told.items()
            for key, figures in found.items()
        }

    def owed(self, amount, due, **values):
        """An invoice of its own debtor, posted long before the period."""
        return self.invoice(amount, due, **{"invoice_date": "2025-12-01", "date": "2025-12-01", **values})

    def unmatched(self, amount, day="2026-03-10", ref=False, journal=None):
        """Return the credit of an entry that nobody matched."""
        journal = journal or self.company_data["default_journal_bank"]
        entry = self.env["account.move"].create(
            {**self.values_of_receipt(journal, self.item(self.old), amount, day), "ref": ref}
        )
        entry.action_post()
        return self.item(entry)

    def later(self, *steps, apart=()):
        """Do ``steps`` after the period, each of which leaves its figures as they were."""
        before = self.told(*apart)
        for step in steps:
            with freeze_time(f"{LATER} 12:00:00"):
                step()
                self.env.cr.precommit.run()
            self.assertEqual(self.told(*apart), before)
        return before[None, None]

    def two_claims(self):
        self.old, self.young = self.owed(100, "2026-01-10"), self.owed(60, "2026-03-20")

    def test_money_that_nobody_matched_stays_where_it_lay_when_another_pays_there(self):
        self.two_claims()
        self.unmatched(100)
        told = self.later(lambda: self.pay(self.old, 100, LATER))
        self.assertEqual(told["overdue"], (1, 60, 60), "the oldest was covered")
        self.assertEqual(told["recovery_rate"][1:], (100, 160))

    def test_a_credit_note_for_some_of_what_was_disputed(self):
        self.two_claims()
        with freeze_time("2026-03-10 12:00:00"):
            self.env["recovery.dispute"].with_context(tracking_disable=False, mail_notrack=False).create(
                {
                    "partner_id": self.debtor.id,
                    "company_id": self.company.id,
                    "move_line_ids": self.item(self.old).ids,
                    "amount": 30,
                    "description": "Two boxes were broken",
                }
            )
            self.env.cr.precommit.run()

        def credit():
            note = self.invoice(20, LATER, move_type="out_refund", invoice_date=LATER, date=LATER)
            tracked = {"tracking_disable": False, "mail_notrack": False}
            (self.item(note) + self.item(self.old)).with_context(**tracked).reconcile()

        told = self.later(credit)
        self.assertEqual(told["disputed"].numerator, 30)

    def test_money_that_is_matched_with_an_invoice_of_later(self):
        self.two_claims()
        credit = self.unmatched(80)
        later = [self.invoice(amount, LATER, invoice_date=LATER, date=LATER) for amount in (50, 900)]
        told = self.later(*((credit + self.item(move)).reconcile for move in later))
        self.assertEqual((told["overdue"].numerator, told["time"].denominator), (80, 80))

    def test_a_payment_that_comes_back(self):
        """It names what it paid, as payments do: it lay there, and not over the oldest."""
        self.two_claims()
        credit = self.unmatched(60, ref=self.young.name)
        (credit + self.item(self.young)).reconcile()

        def comes_back():
            credit.remove_move_reconcile()
            credit.move_id._reverse_moves([{"date": LATER}], cancel=True)

        # what is foreseen of a past day learns from payments that are known to have stayed
        told = self.later(comes_back, apart=("at_risk",))
        self.assertEqual(self.young.amount_residual, 60)
        self.assertEqual(told["overdue"], (1, 100, 100))
        self.assertEqual(told["recovery_rate"][1:], (0, 100), "paid in time")
        april = self.kpi.figures(date(2026, 4, 1), date(2026, 4, 30))[None]
        self.assertEqual(april["overdue"].numerator, 160)

    def test_a_write_off_that_is_taken_back(self):
        self.old = self.young = self.owed(100, "2026-01-10")
        credit = self.unmatched(100, journal=self.journal_general)
        (credit + self.item(self.old)).reconcile()
        told = self.later(lambda: credit.move_id._reverse_moves([{"date": LATER}], cancel=True))
        self.assertEqual(self.old.amount_residual, 100)
        self.assertEqual(told["overdue"].denominator, 0)
        self.assertEqual(told["recovery_rate"].denominator, 0, "given up: nothing could be received")

    def test_a_credit_note_that_is_matched_elsewhere(self):
        self.two_claims()
        self.credit(Random(1), self.old, date(2026, 3, 12), matched=False)  # noqa: S311
        self.later(lambda: self.pay(self.old, 100, LATER), lambda: self.pay(self.young, 60, LATER))

    def test_money_for_a_plan_that_has_ended_since(self):
        self.two_claims()
        plan = self.active_plan(self.young)
        plan.sudo().date_activated = "2026-01-15"
        self.unmatched(40, ref=plan.name)
        told = self.later(lambda: (self.pay(self.young, 60, LATER), plan.monitor(LATER)))
        self.assertEqual((plan.state, told["overdue"].numerator), ("completed", 120))
        self.assertEqual(told["roll_30"].denominator, 0)
        by_age = self.kpi._by_age(self.kpi._scope(FIRST, LAST))
        self.assertEqual(by_age, [0, 20, 0, 100, 0], "it lay over what the plan covers")

    def test_whatever_happens_later_on_a_drawn_ledger(self):
        draw = Random(11)  # noqa: S311 drawn again from the seed, not secret
        self.random_ledger(draw)
        self.later(*(lambda: self.draw_later(draw) for _round in range(2)))

    def draw_later(self, draw):
        """Pay some of what is open, write some off, and match some open credits with invoices of later."""
        items = self.env["account.move.line"].search(
            [("partner_id", "in", self.debtors.ids), *self.env["account.move.line"]._recovery_open_domain()]
        )
        owed = items.filtered(lambda item: item.balance > 0 and item.date <= LAST)
        paid = items.filtered(lambda item: item.balance < 0 and item.date <= LAST)
        for item in draw.sample(list(owed), min(5, len(owed))):
            day = LATER + timedelta(days=draw.randrange(20))
            self.book(item, draw.choice((0.3, 1)), day, draw.choice(("bank", "general")))
        for credit in draw.sample(list(paid), min(3, len(paid))):
            invoice = self.env["account.move"].create(
                {
                    **self.values_of_invoice(round(-credit.balance * draw.choice((0.5, 2)), 2), LATER, {}),
                    "partner_id": credit.partner_id.id,
                    "currency_id": credit.currency_id.id,
                    "invoice_date": LATER,
                    "date": LATER,
                    "invoice_payment_term_id": False,
                }
            )
            invoice.action_post()
            (credit + self.item(invoice)).reconcile()
