"""What is changed, deleted or entered after a period: which of its figures stay, and which nothing keeps."""

from datetime import date, datetime
from random import Random

from freezegun import freeze_time
from odoo.tests import tagged

from ..plan.plan_common import PlanCommon
from .kpi_acts_drawn import DrawnActs
from .kpi_ledger import DrawnLedger

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
LATER = date(2026, 4, 9)
BY = (None, "segment", "country", "person", "cause", "debtor")


@tagged("post_install", "-at_install")
class TestKpiChanged(DrawnLedger, DrawnActs, PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpi, cls.branches = cls.env["recovery.kpi"], cls.company
        cls.draw_books([(str(day), rate) for day, rate in cls.RATES])
        cls.declare_prices()
        cls.one, cls.other = cls.debtors[:2]

    def promised(self):
        """A promise of a debtor of its own, that was open on the last day."""
        debtor = self.env["res.partner"].create({"name": "Promises", "property_payment_term_id": False})
        self.invoice(70, "2026-03-10", partner_id=debtor.id, invoice_date="2026-02-10", date="2026-02-10")
        promise = {"partner_id": debtor.id, "amount": 70}
        return self.env["recovery.promise"].create(
            {**promise, "date_given": "2026-03-20", "date_promised": "2026-04-04"}
        )

    def beside_what_is_drawn(self):
        """In the period: a payment at another rate than its invoice's, a dispute closed and rated, a call, a fee."""
        day = {"invoice_date": "2026-02-01", "date": "2026-02-01"}
        move = self.invoice(90, "2026-02-10", partner_id=self.other.id, currency_id=self.foreign.id, **day)
        self.book(self.item(move), 1, date(2026, 3, 5), "bank")
        rated = {"date_closed": "2026-03-10", "date_rated": "2026-03-12", "debtor_rating": "4"}
        self.env["recovery.dispute"].sudo().search([], limit=1).write(rated)
        self.env["recovery.case.cost"].sudo().search([], limit=1).write({"date": "2026-03-11"})
        called = {"channel": "phone", "outcome": "Said so", "date": "2026-03-12"}
        self.env["recovery.contact"].create({"partner_id": self.other.id, **called})

    def test_what_later_changes_move(self):
        draw = Random(5)  # noqa: S311 drawn again from the seed, not secret
        self.random_ledger(draw)
        self.draw_acts(draw)
        self.beside_what_is_drawn()
        self.promise_open = self.promised()
        with freeze_time("2026-04-02 12:00:00"):
            self.env["recovery.kpi.snapshot"].sudo()._keep_closed(self.company)
        self.told_before, self.kept_before = self.told(), self.kept()
        self.assertTrue(self.kept_before)
        self.moves_no_figure()
        self.whose_a_debtor_is_and_what_it_is()
        self.one_that_was_moved_or_merged()
        self.due_dates_that_were_moved()
        self.what_was_deleted()
        self.what_proves_a_figure_is_not_deleted()

    def told(self):
        """Every figure of the period by whom it may be told, and what was foreseen on its last day."""
        self.env.flush_all()
        self.env.invalidate_all()
        figures = self.kpi._figures_by(self.kpi._scope(FIRST, LAST), BY)
        return figures, self.env["recovery.forecast"].predict(LAST)

    def kept(self):
        snapshots = self.env["recovery.kpi.snapshot"].search([("date", "=", LAST)])
        return {one.id: (one.value, one.numerator, one.denominator) for one in snapshots}

    def moved(self, step):
        """Do ``step`` after the period, and undo it: {dimension: codes of figures it moved}, "foreseen" among them."""
        before = self.told_before
        undo = self.env.cr.savepoint()
        with freeze_time(f"{LATER} 12:00:00"):
            step()
            self.env.cr.precommit.run()
            figures, foreseen = self.told()
        self.assertEqual(self.kept(), self.kept_before, "a month that is kept does not move")
        found = {} if foreseen == before[1] else {"foreseen": {"foreseen"}}
        for by, told in figures.items():
            for key in {*told, *before[0][by]}:
                one, other = told.get(key, {}), before[0][by].get(key, {})
                codes = {code for code in {*one, *other} if one.get(code) != other.get(code)}
                if codes:
                    found.setdefault(by, set()).update(codes)
        undo.rollback()
        undo.close()
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()
        return found

    def records(self, model, *domain):
        return self.env[model].sudo().search([("partner_id", "in", self.debtors.ids), *domain])

    # -- what moves nothing --------------------------------------------------------------------

    def rate(self, day):
        values = {"currency_id": self.foreign.id, "name": day, "rate": 9, "company_id": self.company.id}
        self.env["res.currency.rate"].create(values)

    def other_exchange_journal(self):
        """Differences of currency were booked in the one that was chosen then."""
        before = self.company.currency_exchange_journal_id
        items = self.env["account.move.line"].search([("journal_id", "=", before.id), ("balance", ">", 0)])
        receivable = items.filtered(
            lambda item: item.account_type == "asset_receivable" and item.date <= LAST
        )
        self.assertTrue(receivable, "no difference of currency was booked")
        self.company.currency_exchange_journal_id = before.copy({"code": "NEWX"})

    def notices_come_back(self):
        notices = self.records(
            "recovery.notice", ("state", "=", "sent"), ("date_sent", "<=", datetime(2026, 3, 24))
        )
        self.assertGreater(len(notices), 3)
        notices._came_back("Nobody of that name")
        notices[:2].action_cancel()

    def moves_no_figure(self):
        """Rates, journals, settings and levels of later, notices that came back later or were cancelled then."""
        for name, step in (
            ("rate", lambda: self.rate(LATER)),
            ("journal", self.other_exchange_journal),
            ("notices", self.notices_come_back),
            ("residue", lambda: self.company.sudo().write({"recovery_residue_amount": 500})),
            (
                "level",
                lambda: self.env.ref("payment_plan_recovery.level_cure").sudo().write({"active": False}),
            ),
            ("debtor", lambda: self.one.write({"active": False, "name": "Renamed"})),
        ):
            with self.subTest(name):
                self.assertEqual(self.moved(step), {})

    # -- what is told as of today --------------------------------------------------------------

    def classed(self):
        found = self.env["recovery.risk.class"].sudo().search([], limit=1)
        self.one.sudo().with_company(self.company).recovery_risk_class = found

    def given_to_another(self):
        values = {"name": "First", "sequence": -5, "debtor_domain": [("id", "=", self.one.id)]}
        self.env["recovery.portfolio"].create({**values, "user_id": self.collector().id})

    def whose_a_debtor_is_and_what_it_is(self):
        """Sums stay; they stand with another person, class or country, and the forecast learns from others."""
        for step, by in (
            (self.classed, {"segment"}),
            (self.given_to_another, {"person"}),
            (lambda: self.one.write({"country_id": self.other.country_id.id}), {"country"}),
            (lambda: self.one.write({"is_company": not self.one.is_company}), set()),
        ):
            found = self.moved(step)
            self.assertEqual({one for one, codes in found.items() if codes - {"at_risk", "foreseen"}}, by)

    def one_that_was_moved_or_merged(self):
        """What is booked stays; money of the two lies over the claims of both."""
        merge = self.env["base.partner.merge.automatic.wizard"].sudo()
        for step in (
            lambda: self.one.write({"parent_id": self.other.id}),
            lambda: merge._merge((self.one | self.other).ids, self.other),
        ):
            found = self.moved(step)
            self.assertIn("overdue", found["debtor"])
            booked = {
                "plans_kept",
                "promises_kept",
                "satisfaction",
                "dispute_days",
                "cost",
                "dso_classic",
                "reminders",
            }
            self.assertFalse(found.get(None, set()) & booked)

    def due_dates_that_were_moved(self):
        due = [("account_type", "=", "asset_receivable"), ("balance", ">", 0), ("reconciled", "=", False)]
        items = self.env["account.move.line"].search([("partner_id", "in", self.debtors.ids), *due])
        found = self.moved(lambda: items.write({"date_maturity": "2026-06-30"}))
        self.assertIn("overdue", found[None])
        self.assertFalse(found[None] & {"plans_kept", "promises_kept", "satisfaction", "dso_classic"})

    # -- what was deleted ----------------------------------------------------------------------

    def what_was_deleted(self):
        for step, codes in (
            (lambda: self.records("recovery.contact").unlink(), {"cost"}),
            (lambda: self.records("recovery.dispute").unlink(), {"dispute_days", "satisfaction"}),
            (lambda: self.env["recovery.case.cost"].search([]).unlink(), {"cost"}),
            (lambda: self.env["recovery.cost"].search([]).unlink(), {"cost"}),
        ):
            self.assertEqual(self.moved(step)[None], codes)
        found = self.moved(self.promise_open.unlink)
        self.assertEqual((found[None], found["foreseen"]), ({"at_risk"}, {"foreseen"}))

    def what_proves_a_figure_is_not_deleted(self):
        manager = self.env["res.users"].create(
            {
                "name": "Manages",
                "login": "manages",
                "group_ids": [(4, self.env.ref("payment_plan_recovery.group_recovery_manager").id)],
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )
        for model in ("recovery.plan", "recovery.notice", "recovery.promise", "recovery.kpi.snapshot"):
            records = self.env[model].search([], limit=3)
            self.assertTrue(records, model)
            with self.subTest(model), self.refused("."):
                records.with_user(manager).unlink()
