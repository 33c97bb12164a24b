"""Writes a random ledger's stories into the database."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo.tools import SQL

FIRST_DUE, LAST_DUE = date(2019, 5, 1), date(2026, 10, 31)
PARIS = ZoneInfo("Europe/Paris")
#: Exchange rates to the euro: currency → {first day: rate}.
EXCHANGE = {
    "EUR": {date(2000, 1, 1): Decimal(1)},
    "USD": {date(2021, 1, 1): Decimal("1.21"), date(2024, 6, 1): Decimal("1.08")},
    "GBP": {date(2020, 1, 1): Decimal("0.85"), date(2025, 1, 1): Decimal("0.83")},
    "JPY": {date(2019, 1, 1): Decimal("121.5")},
    "TND": {date(2022, 1, 1): Decimal("3.317")},
}
DECIMALS = {"EUR": 2, "USD": 2, "GBP": 2, "JPY": 0, "TND": 3}
ZERO = Decimal(0)


class LedgerWriter:
    """Writes stories as Odoo would have posted them."""

    def __init__(self, env, company, receivable, journal, terms):
        self.env, self.company, self.receivable, self.journal, self.terms = (
            env,
            company,
            receivable,
            journal,
            terms,
        )
        self.currencies = {c.name: c.id for c in env["res.currency"].search([("name", "in", list(EXCHANGE))])}
        self.levels = {
            True: env.ref("payment_plan_recovery.level_standard_formal").id,
            False: env.ref("payment_plan_recovery.level_standard_reminder").id,
        }
        self.partners = {}

    def write_ledger(self, ledger):
        self.moves = {}
        for story in ledger.stories:
            self._write(story)
        self.env.invalidate_all()

    def insert(self, table, **values):
        columns = SQL(", ").join(SQL.identifier(name) for name in values)
        row = SQL(", ").join(SQL("%s", value) for value in values.values())
        query = SQL("INSERT INTO %s (%s) VALUES (%s) RETURNING id", SQL.identifier(table), columns, row)
        [(record_id,)] = self.env.execute_query(query)
        return record_id

    def partner(self, story):
        key = (story.country, story.is_company)
        if key not in self.partners:
            country = self.env.ref(f"base.{story.country}").id if story.country else False
            values = {"name": str(key), "is_company": story.is_company, "country_id": country}
            self.partners[key] = self.env["res.partner"].create(values).id
            self.env.flush_all()
        return self.partners[key]

    def move(self, day, currency, **values):
        return self.insert(
            "account_move",
            company_id=self.company.id,
            journal_id=self.journal.id,
            currency_id=self.currencies[currency],
            state="posted",
            auto_post="no",
            date=day,
            **{"move_type": "out_invoice", **values},
        )

    def line(self, move_id, story, amount, day, **values):
        return self.insert(
            "account_move_line",
            move_id=move_id,
            company_id=self.company.id,
            journal_id=self.journal.id,
            account_id=self.receivable.id,
            partner_id=self.partner(story),
            currency_id=self.currencies[story.currency],
            company_currency_id=self.company.currency_id.id,
            display_type="payment_term",
            parent_state="posted",
            balance=amount,
            amount_currency=amount,
            debit=max(amount, 0),
            credit=max(-amount, 0),
            date=day,
            **values,
        )

    def receive(self, story, item_id, day, amount, credit):
        source = self.move(day, story.currency, move_type="out_refund" if credit else "entry")
        line = self.line(source, story, -amount, day)
        self.insert(
            "account_partial_reconcile",
            debit_move_id=item_id,
            credit_move_id=line,
            amount=amount,
            debit_amount_currency=amount,
            credit_amount_currency=amount,
        )

    def _write(self, story):
        issued = (story.date_due or FIRST_DUE) - timedelta(days=30)
        if story.number not in self.moves:
            term = story.clause and story.clause_on_term and self.terms[story.clause]
            self.moves[story.number] = self.move(
                issued,
                story.currency,
                recovery_notice_date=story.given_notice,
                recovery_interest_rule_id=(story.clause and not story.clause_on_term and story.clause.id)
                or None,
                invoice_payment_term_id=(term or self.terms[None]).id,
            )
        story.id = self.line(
            self.moves[story.number],
            story,
            story.amount,
            issued,
            date_maturity=story.date_due,
            reconciled=False,
        )
        for day, amount, credit in story.receipts:
            self.receive(story, story.id, day, amount, credit)
        for day, channel, formal in story.notices:
            self._notify(story, day, channel, formal)
        for day, amount in story.waivers:
            self._charge(story, state="waived", amount=amount, date_until=day, is_waived=True)
        for booked, invoiced, paid in story.booked:
            invoice = self.move(issued, story.currency, is_recovery_charge=True)
            line = self.line(invoice, story, invoiced, issued)
            for day, amount, credit in paid:
                self.receive(story, line, day, amount, credit)
            self._charge(
                story,
                state="booked",
                amount=booked,
                amount_booked=booked,
                date_until=issued,
                invoice_id=invoice,
            )

    def _charge(self, story, **values):
        self.insert(
            "recovery_charge", move_line_id=story.id, kind="interest", company_id=self.company.id, **values
        )

    def _notify(self, story, day, channel, formal):
        # half past midnight in Paris is the day before in UTC
        sent = datetime.combine(day, time(0, 30), PARIS).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        shared = {
            "company_id": self.company.id,
            "partner_id": self.partner(story),
            "level_id": self.levels[formal],
        }
        notice = self.insert(
            "recovery_notice", state="sent", channel=channel, date=day, date_sent=sent, **shared
        )
        self.insert(
            "recovery_notice_line",
            notice_id=notice,
            level_id=shared["level_id"],
            move_line_id=story.id,
            is_live=False,
        )
