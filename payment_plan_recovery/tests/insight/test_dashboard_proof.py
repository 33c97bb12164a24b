"""Every number and every bar of the dashboard's answer opens what it is made of, and that adds up to the cent."""

from freezegun import freeze_time
from odoo.tests import tagged

from .proved_ledger import ProvedLedger


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 12:00:00")
class TestDashboardProof(ProvedLedger):
    def test_every_number_opens_its_proof(self):
        for user, person in ((self.manager, None), (self.clerk, self.clerk.id), (self.clerk, None)):
            for period in ("month", "quarter"):
                with self.subTest(user=user.login, person=person, period=period):
                    self.counted = 0
                    dashboard = self.env["recovery.dashboard"].with_user(user).with_context(lang="fr_FR")
                    data = dashboard.data({"period": period, "person": person})
                    self.assertGreater(min(data["ages"]), 0, "a claim of every age")
                    self.prove(user, data)
                    self.assertGreater(self.counted, 20, "the ledger has too little to prove")

    def test_every_sheet_says_what_the_screen_says(self):
        self.says_what_the_screen_says()

    def test_only_claims_have_an_age(self):
        with self.refused("not told by age"):
            self.env["recovery.kpi"].action_proof("promises_kept", "2026-03-01", "2026-03-31", age=1)


class InAnotherCurrency:
    """The same where the books are kept in a currency of other decimals than two."""

    def test_numbers_have_the_decimals_of_the_currency(self):
        self.counted = 0
        self.prove(
            self.manager, self.env["recovery.dashboard"].with_user(self.manager).data({"person": None})
        )
        self.assertGreater(self.counted, 20, "the ledger has too little to prove")
        cells = [cell for row in self.says_what_the_screen_says()["Ages"].iter_rows() for cell in row]
        formats = {cell.number_format for cell in cells if isinstance(cell.value, int | float)}
        self.assertIn(self.FORMAT, formats)
        for model in ("recovery.kpi.proof", "recovery.kpi.snapshot"):
            arch = self.env[model].get_view(view_type="list")["arch"]
            self.assertEqual(arch.count(f'digits="[16, {self.currency.decimal_places}]"'), 2, model)
        kept = self.env["recovery.kpi.snapshot"].search([("kpi", "=", "overdue"), ("kept_by", "=", "all")])
        told = self.env["recovery.kpi"].figures(kept[0].date.replace(day=1), kept[0].date)[None]["overdue"]
        self.assertEqual((kept[0].numerator, kept[0].denominator), (told.numerator, told.denominator))


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 12:00:00")
class TestDashboardProofYen(InAnotherCurrency, ProvedLedger):
    CODE, FORMAT = "JPY", "#,##0"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 12:00:00")
class TestDashboardProofDinar(InAnotherCurrency, ProvedLedger):
    CODE, FORMAT = "TND", "#,##0.000"
