"""What the dashboard is told: the same as the figures, in words, for whom it was asked."""

from datetime import date, datetime

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..plan.plan_common import PlanCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 12:00:00")
class TestDashboard(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.collector()
        cls.other = cls.env["res.partner"].create({"name": "Another", "property_payment_term_id": False})
        cls.env["recovery.portfolio"].create(
            {"name": "Ours", "user_id": cls.clerk.id, "debtor_domain": [("name", "=", "Another")]}
        )
        for amount, due, debtor in ((100, "2026-03-20", cls.debtor), (300, "2025-12-20", cls.other)):
            cls.invoice(amount, due, invoice_date="2025-12-01", date="2025-12-01", partner_id=debtor.id)

    def data(self, user=None, **asked):
        return self.env["recovery.dashboard"].with_user(user or self.env.user).data(asked)

    def told(self, data):
        return {figure["code"]: figure for figure in data["figures"]}

    def test_it_says_what_the_figures_say(self):
        data = self.data(period="quarter", person=None)
        self.assertEqual(
            (data["asked"]["date_from"], data["asked"]["date_to"]), (date(2026, 1, 1), date(2026, 3, 31))
        )
        figures = self.env["recovery.kpi"].figures("2026-01-01", "2026-03-31")[None]
        told = self.told(data)
        self.assertEqual(set(told), set(figures))
        for code, figure in figures.items():
            self.assertEqual(
                (told[code]["value"], told[code]["numerator"]), (figure.value, figure.numerator), code
            )
            self.assertTrue(told[code]["formula"])
        self.assertEqual(data["ages"], [0, 100, 0, 0, 300])

    def test_a_collector_begins_with_its_own_and_a_manager_with_everybody_s(self):
        own = self.data(self.clerk)
        self.assertEqual(own["asked"]["person"], self.clerk.id)
        self.assertEqual(self.told(own)["overdue"]["numerator"], 300)
        self.assertEqual(own["ages"], [0, 0, 0, 0, 300])
        self.assertIsNone(self.data()["asked"]["person"])
        self.assertEqual(self.told(self.data(self.clerk, person=None))["overdue"]["numerator"], 400)
        self.assertEqual(self.told(self.data(person=0))["overdue"]["numerator"], 100)

    def test_people_are_told_apart(self):
        rows = {
            row["label"]: row["figures"]["overdue"]["numerator"] for row in self.data(person=None)["people"]
        }
        self.assertEqual(rows, {self.clerk.name: 300, "Nobody": 100})
        self.assertEqual(self.data(person=self.clerk.id)["people"], [])

    def test_a_person_whose_debtors_owe_nothing_has_its_line(self):
        busy = new_test_user(self.env, "busy", groups="payment_plan_recovery.group_recovery_user")
        paid = self.env["res.partner"].create({"name": "Paid", "property_payment_term_id": False})
        self.env["recovery.portfolio"].create(
            {"name": "Theirs", "user_id": busy.id, "debtor_domain": [("name", "=", "Paid")]}
        )
        days = {"date_given": "2026-03-01", "date_promised": "2026-03-08"}
        promise = self.env["recovery.promise"].create({"partner_id": paid.id, "amount": 50, **days})
        promise.sudo().write({"state": "kept", "date_judged": "2026-03-10"})
        [row] = [row for row in self.data(person=None)["people"] if row["label"] == busy.name]
        self.assertEqual(row["figures"]["overdue"]["numerator"], 0)
        self.assertEqual(row["figures"]["promises_kept"]["value"], 1)

    def test_months_kept_are_shown_beside_a_figure(self):
        with freeze_time("2026-04-02 12:00:00"):
            self.env["recovery.kpi.snapshot"].sudo()._keep_closed(self.company)
            overdue = self.told(self.data(person=None))["overdue"]
            self.assertEqual(
                [day for day, _share in overdue["months"]][-2:], [date(2026, 2, 28), date(2026, 3, 31)]
            )
            own = self.told(self.data(self.clerk))["overdue"]
            self.assertEqual(own["months"][-1], (date(2026, 3, 31), 1))

    def test_a_period_that_ends_after_today_says_so(self):
        own = {"period": "own", "date_from": "2026-03-01", "person": None}
        self.assertFalse(self.data(**own, date_to="2026-03-31")["is_ahead"])
        self.assertTrue(self.data(**own, date_to="2026-04-01")["is_ahead"])

    def test_periods(self):
        asked = self.data(period="last_month")["asked"]
        self.assertEqual((asked["date_from"], asked["date_to"]), (date(2026, 2, 1), date(2026, 2, 28)))
        asked = self.data(period="last_week")["asked"]
        self.assertEqual((asked["date_from"], asked["date_to"]), (date(2026, 3, 23), date(2026, 3, 29)))
        asked = self.data(period="month")["asked"]
        self.assertEqual((asked["date_from"], asked["date_to"]), (date(2026, 3, 1), date(2026, 3, 31)))
        asked = self.data(period="own", date_from="2026-01-05", date_to="2026-01-07")["asked"]
        self.assertEqual((asked["date_from"], asked["date_to"]), (date(2026, 1, 5), date(2026, 1, 7)))
        with self.refused("Choose a period"):
            self.data(period="century")
        with self.refused("not told by moon"):
            self.env["recovery.kpi"].figures("2026-01-01", "2026-01-31", by="moon")
        with self.refused("not told by level"):
            self.env["recovery.kpi"].action_proof("cei", "2026-01-01", "2026-01-31", {"level": 1})

    def test_who_owes_most_comes_first(self):
        rows = self.data(person=None)["debtors"]
        self.assertEqual(
            [(row["label"], row["figures"]["overdue"]["numerator"]) for row in rows],
            [("Another", 300), (self.debtor.name, 100)],
        )
        self.assertEqual([row["label"] for row in self.data(self.clerk)["debtors"]], ["Another"])
        for number in range(10):
            few = self.env["res.partner"].create({"name": f"Few {number}", "property_payment_term_id": False})
            days = {"invoice_date": "2025-12-01", "date": "2025-12-01"}
            self.invoice(10 + number, "2026-03-01", partner_id=few.id, **days)
        rows = self.data(person=None)["debtors"]
        self.assertEqual([row["label"] for row in rows][::9], ["Another", "Few 2"], "ten of them")

    def test_the_cash_is_shown_of_everything_and_with_its_verdict(self):
        self.env["recovery.forecast.line"].sudo()._keep(self.company, date(2026, 3, 31))
        self.env["recovery.forecast.score"].sudo()._keep_when_due(self.company, date(2026, 3, 31))
        cash = self.data(person=None)["cash"]
        self.assertEqual(len(cash["weeks"]), 13)
        self.assertIn("Too little history", cash["verdict"])
        self.assertFalse(cash["missing"])
        of_one = self.data(person=self.clerk.id)["cash"]
        self.assertEqual(of_one["weeks"], [])
        self.assertIn("all claims together", of_one["missing"], "a chart that goes away says why")

    def test_what_waits_is_counted_for_whom_it_waits(self):
        self.env["recovery.worklist"].sudo().create(
            {
                "partner_id": self.other.id,
                "company_id": self.company.id,
                "action": self.env["recovery.next.action"]._selection()[0][0],
                "user_id": self.clerk.id,
            }
        )
        waiting = self.data(self.clerk)["waiting"]
        self.assertEqual([row["count"] for row in waiting], [1])
        self.assertEqual(self.env["recovery.worklist"].search_count(waiting[0]["domain"]), 1)

    def test_who_may_not_read_figures_sees_no_dashboard(self):
        stranger = new_test_user(self.env, "stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.data(stranger)

    # -- the digest ------------------------------------------------------------------------------

    def digest(self, user=None):
        digest = self.env["digest.digest"].create({"name": "Weekly", "company_id": self.company.id})
        span = {"start_datetime": datetime(2026, 3, 24), "end_datetime": datetime(2026, 3, 31)}
        return digest.with_user(user or self.env.user).with_context(**span)

    def test_the_digest_says_what_the_figures_say(self):
        move = self.env["account.move"].search([("partner_id", "=", self.other.id)])
        self.pay(move, 75, "2026-03-25")
        self.pay(move, 25, "2026-03-31")  # the next digest's
        digest = self.digest()
        self.assertEqual(digest.kpi_recovery_received_value, 75)
        self.assertEqual(digest.kpi_recovery_overdue_value, 325)
        self.assertEqual(digest.kpi_recovery_rate_value, 100 * 75 / 400)
        self.assertIn("kpi_recovery_rate", digest._compute_kpis_actions(self.company, self.env.user))

    def test_the_digest_of_who_may_read_no_figures_goes_without(self):
        stranger = new_test_user(self.env, "stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.digest(stranger).kpi_recovery_rate_value  # noqa: B018 the reading is what is refused
