"""Who is at work in the office, in French, each with its own group only, at a desk and on a phone."""

from datetime import date, timedelta

from english import English
from ledger import Ledger
from odoo.tests import HttpCase, new_test_user
from worker import Worker

DESK, NOTEBOOK, LAPTOP, PHONE = 1400, 1366, 1280, 390
GROUPS = {
    "collector": "payment_plan_recovery.group_recovery_user",
    "manager": "payment_plan_recovery.group_recovery_manager",
    "accountant": "account.group_account_user",
}
#: Clicks that what is done often may take, from the screen where one is then.
CLICKS = {
    "why": 0,
    "call": 2,
    "mail": 2,
    "promise": 2,
    "hold": 3,
    "plan in force": 6,
    "run to queued": 5,
    "approval": 1,
    "case decided": 2,
    "proof": 1,
    "money matched": 1,
    "charges booked": 4,
}
SAVE = ".modal .o_form_button_save, .modal-footer .btn-primary"


class Days(Ledger, HttpCase):
    """People at work on a ledger of three debtors; what a button does, they find by its name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.english = English()
        cls.env.company.partner_id.lang = (
            "fr_FR"  # what the product notes by itself is in the company's language
        )
        cls.users = {
            role: new_test_user(
                cls.env,
                f"{role}_fr",
                groups=f"base.group_user,{group}",
                email=f"{role}@creditor.example",
                lang="fr_FR",
                tz="Europe/Paris",
            )
            for role, group in GROUPS.items()
        }
        cls.chased = cls.debtor("Brasserie des Tilleuls", 200, 400)
        cls.late = cls.debtor("Épicerie Lestrade", 75)
        cls.planned = cls.debtor("Maison Aubrelle", 300, 300)
        cls.agreed_plan(cls.planned)
        cls.chased.phone = "+33 1 99 00 00 00"
        today = date.today()
        cls.env["recovery.promise"].create(
            {
                "partner_id": cls.chased.id,
                "amount": 100,
                "date_given": today - timedelta(days=15),
                "date_promised": today - timedelta(days=8),
            }
        )._judge(today)

    def at_work(self, role, width):
        """A worker in its role, at a screen of ``width``."""
        worker = Worker.of(self, self.users[role].login)
        self.addCleanup(worker.__exit__, None, None, None)
        found = worker.__enter__()
        found.english = self.english
        found.at(width)
        return found

    def dialog(self, worker, button, text=None, first=None):
        """Open a dialog by the name of its button, say what was said, keep it.

        One may write at once: the cursor stands in the field ``first``, else in that of the text.
        """
        worker.click(button)
        worker.sees(".modal .o_form_view")
        worker.sees(f".modal {first or text} :focus, .modal {first or text}:focus")
        if text:
            worker.type(f".modal {text} textarea, .modal {text} input", "Dit au téléphone")
        worker.click(SAVE)
        worker.sees("body:not(:has(.modal))")

    def items(self, debtor):
        return self.env["account.move.line"].search(
            [("partner_id", "=", debtor.id), ("account_type", "=", "asset_receivable")]
        )

    def shows(self, worker, record):
        """The form of ``record``, as its activity or its line in a list opens it."""
        self.env.flush_all()
        worker.do(
            {
                "type": "ir.actions.act_window",
                "res_model": record._name,
                "res_id": record.id,
                "views": [[False, "form"]],
                "target": "current",
            }
        )
        worker.sees(".o_form_view .o_form_statusbar")
