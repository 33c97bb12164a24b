"""A ledger of every age of which the dashboard is asked, and its workbook read back."""

import io
from datetime import date, datetime, timedelta

import openpyxl
from freezegun import freeze_time
from odoo import Command
from odoo.tests import new_test_user

from ..plan.plan_common import PlanCommon
from .proved import Proved

TODAY = date(2026, 3, 31)


class ProvedLedger(Proved, PlanCommon):
    """A ledger of every age, with money, promises, plans, notices and costs, of two collectors and of nobody."""

    #: Currency of the company's books, the tests' own when None.
    CODE = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.in_currency()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.clerk = cls.collector()
        cls.manager = new_test_user(
            cls.env,
            "proves-it",
            groups="payment_plan_recovery.group_recovery_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        (cls.clerk | cls.manager).lang = "fr_FR"
        cls.theirs = cls.env["res.partner"].create(
            {"name": "Theirs", "property_payment_term_id": False, "country_id": cls.env.ref("base.fr").id}
        )
        cls.env["recovery.portfolio"].create(
            {"name": "Ours", "user_id": cls.clerk.id, "debtor_domain": [("name", "=", "Theirs")]}
        )
        for place, debtor in enumerate((cls.debtor, cls.theirs)):
            cls.ledger_of(debtor, 1.37 * place)
        cls.env["recovery.cost"].create(
            {"kind": "message", "channel": "email", "amount": 0.55, "date_from": "2026-01-01"}
        )
        cls.env["recovery.forecast.line"].sudo()._keep_today(cls.company, TODAY)
        cls.env["recovery.worklist"].sudo()._refresh(cls.company, TODAY)
        with freeze_time("2026-03-02 12:00:00"):
            cls.env["recovery.kpi.snapshot"].sudo()._keep_closed(cls.company)

    @classmethod
    def in_currency(cls):
        """Keep the company's books in the currency ``CODE``, where the test names one."""
        if cls.CODE:
            cls.currency = cls.env.ref(f"base.{cls.CODE}")
            cls.currency.active = True
            cls.company.currency_id = cls.currency

    @classmethod
    def ledger_of(cls, debtor, more):
        """Invoices due from 120 days ago to 60 days from now; some paid, in time, late and in part."""
        invoices, paid = [], {}
        for number in range(16):
            due = TODAY + timedelta(days=12 * number - 120)
            day = due - timedelta(days=30)
            amount = cls.currency.round(100.013 + 17.291 * number + more)
            invoices.append(
                (amount, due.isoformat(), {"invoice_date": day, "date": day, "partner_id": debtor.id})
            )
            if number % 3 == 0 and due < TODAY:
                paid[number] = (amount if number % 2 else amount / 3, (due + timedelta(days=9)).isoformat())
        moves = cls.invoices(invoices)
        cls.receive_each([(cls.item(moves[number]), *pay) for number, pay in paid.items()])
        cls.notice(moves[6], "2026-03-12")
        cls.promise(debtor, 40.4, "kept")
        cls.promise(debtor, 59.6, "broken")
        cls.env["recovery.contact"].create(
            {
                "partner_id": debtor.id,
                "date": date(2026, 3, 10),
                "outcome": "Waits for its own customer",
                "cause_id": cls.env.ref("payment_plan_recovery.cause_cash").id,
            }
        )

    @classmethod
    def notice(cls, move, day):
        item, level = cls.item(move), cls.env.ref("payment_plan_recovery.level_cure")
        line = {
            "level_id": level.id,
            "move_line_id": item.id,
            "amount_residual": item.amount_residual,
            "is_live": False,
        }
        cls.env["recovery.notice"].sudo().create(
            {
                "company_id": cls.company.id,
                "partner_id": item.partner_id.id,
                "level_id": level.id,
                "date": day,
                "date_sent": datetime.fromisoformat(f"{day} 10:00:00"),
                "state": "sent",
                "channel": "email",
                "amount_total": item.amount_residual,
                "line_ids": [Command.create(line)],
            }
        )

    @classmethod
    def promise(cls, debtor, amount, state):
        promise = cls.env["recovery.promise"].create(
            {
                "partner_id": debtor.id,
                "amount": amount,
                "date_given": "2026-03-01",
                "date_promised": "2026-03-10",
            }
        )
        promise.sudo().write({"state": state, "date_judged": "2026-03-12"})

    # -- the workbook ----------------------------------------------------------------------

    def sheets(self, data):
        """What every sheet of the workbook has to hold, row by row: the screen's numbers."""
        figures = {figure["code"]: figure for figure in data["figures"]}
        of_people = [code for code in figures if code in data["people"][0]["figures"]]
        return {
            "Figures": [(one["value"], one["numerator"], one["denominator"]) for one in figures.values()],
            "By month": self.months(data["figures"]),
            "Ages": [(owed,) for owed in data["ages"]]
            + [(one["value"],) for code, one in figures.items() if code.startswith("roll_")],
            "Cash to come": [
                (week["amount_due"], week["amount_expected"], week["amount_mean"])
                for week in data["cash"]["weeks"]
            ],
            "Reminders": [
                (row["value"], row["numerator"], row["denominator"])
                for row in (*data["reminders"], *data["words"])
            ],
            "Causes": [
                (
                    row["figures"]["overdue"]["numerator"],
                    row["figures"].get("promises_kept", {}).get("value"),
                )
                for row in data["causes"]
            ],
            "Collectors": [
                (
                    *(row["figures"].get(code, {}).get("value") for code in of_people),
                    row["figures"]["overdue"]["numerator"],
                )
                for row in data["people"]
            ],
        }

    def months(self, figures):
        told = [dict(figure["months"]) for figure in figures if figure["months"]]
        days = sorted({day for months in told for day in months})
        return [tuple(months.get(day) for months in told) for day in days]

    def says_what_the_screen_says(self):
        """Read the workbook back: every sheet holds the screen's numbers. Return it."""
        asked = {"period": "quarter", "person": None}
        data, file = self.env["recovery.dashboard"].data(asked), io.BytesIO()
        self.env["recovery.monthly.review.xlsx"]._write(asked, file)
        book = openpyxl.load_workbook(file)
        sheets = self.sheets(data)
        self.assertEqual(set(book.sheetnames), {*sheets, "Debtors"})
        for name, wanted in sheets.items():
            self.assertTrue(wanted, name)
            self.is_found(wanted, list(book[name].iter_rows(values_only=True)), name)
        rows = list(book["Debtors"].iter_rows(min_row=2, values_only=True))
        overdue = next(figure for figure in data["figures"] if figure["code"] == "overdue")
        debtors = [row for row in rows if row[0] in (self.debtor.name, "Theirs")]
        self.assertEqual(len(debtors), 2)
        for column, part in ((2, "denominator"), (3, "numerator")):
            self.assertEqual(
                round(sum(row[column] for row in debtors), self.currency.decimal_places),
                round(overdue[part], self.currency.decimal_places),
            )
        return book

    def is_found(self, wanted, rows, name):
        """The rows wanted stand in the sheet, in their order, to the cent and shares to nine places."""
        found = iter(rows)
        for numbers in wanted:
            rounded = [None if number is None else round(number, 9) for number in numbers]
            for row in found:
                told = [
                    round(cell, 9) if isinstance(cell, float | int) else None
                    for cell in row[1 : 1 + len(rounded)]
                ]
                if told == rounded:
                    break
            else:
                self.fail(f"{name}: {rounded} is not among {rows}")
