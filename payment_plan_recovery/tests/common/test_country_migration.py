"""An older version learns of countries what a new one ships of them."""

import runpy
from pathlib import Path

from odoo.tests import TransactionCase, tagged

SCRIPT = Path(__file__).parents[2] / "migrations" / "19.0.1.1.0" / "post-countries.py"
NAMES = (
    "recovery_next_working_day",
    "recovery_collected_only",
    "recovery_interest_account",
    "recovery_fee_account",
    "recovery_law_id",
)


@tagged("post_install", "-at_install")
class TestCountryMigration(TransactionCase):
    def told(self):
        return {
            country.code: values
            for country in self.env["res.country"].search([])
            if any(values := [country[name] for name in NAMES])
        }

    def test_an_upgrade_says_what_a_new_database_knows(self):
        shipped = self.told()
        self.assertEqual([code for code, values in shipped.items() if values[1]], ["DE"])
        self.env["res.country"].search([]).write(dict.fromkeys(NAMES, False))
        self.assertFalse(self.told())
        runpy.run_path(str(SCRIPT))["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.told(), shipped)
