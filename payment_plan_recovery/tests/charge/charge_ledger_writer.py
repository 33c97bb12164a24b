"""Writes a random ledger's stories into the database."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from odoo.tools import SQL

from .charge_debt import EXCHANGE

PARIS = ZoneInfo("Europe/Paris")


class LedgerWriter:
    """Writes stories as Odoo would have posted them."""

    def __init__(self, env, company, receivable, journals, terms):
        self.env, self.company, self.receivable, self.terms = env, company, receivable, terms
        #: of sales, of a bank
        self.journal, self.bank = journals
        self.currencies = {c.name: c.id for c in env["res.currency"].search([("name", "in", list(EXCHANGE))])}
        self.levels = {
            True: env.ref("payment_plan_recovery.level_standard_formal").id,
            False: env.ref("payment_plan_recovery.level_standard_reminder").id,
        }
        self.partners = {}

    def write_ledger(self, ledger):
        self.ledger, self.moves, self.notices = ledger, {}, {}
        for story in ledger.stories:
            self._write(story)
        for money in ledger.money_open:
            self._write_money(money)
        self.env.invalidate_all()

    def insert(self, table, **values):
        columns = SQL(", ").join(SQL.identifier(name) for name in values)
        row = SQL(", ").join(SQL("%s", value) for value in values.values())
        query = SQL("INSERT INTO %s (%s) VALUES (%s) RETURNING id", SQL.identifier(table), columns, row)
        [(record_id,)] = self.env.execute_query(query)
        return record_id

    def partner(self, story):
        key = (story.country, story.is_company, story.debtor)
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
            **{"move_type": "out_invoice", "name": "/", **values},
        )

    def line(self, move_id, story, amount, day, **values):
        return self.insert(
            "account_move_line",
            move_id=move_id,
            company_id=self.company.id,
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
            **{"journal_id": self.journal.id, "reconciled": True, "amount_residual_currency": 0, **values},
        )

    def owe(self, move_id, story, amount, received, **values):
        """An item of which some was received and matched."""
        left = amount - received
        return self.line(
            move_id,
            story,
            amount,
            story.issued,
            amount_residual_currency=left,
            reconciled=not left,
            **values,
        )

    def _write_money(self, money):
        """Money that is matched with nothing."""
        is_note, is_refund = money.kind == "credit note", money.kind == "refund"
        source = self.move(
            money.day,
            money.of.currency,
            move_type="out_refund" if is_note else "entry",
            reversed_entry_id=money.reverses and money.reverses.move,
        )
        amount = money.amount if is_refund else -money.amount
        money.id = self.line(
            source,
            money.of,
            amount,
            money.day,
            journal_id=(self.journal if is_note else self.bank).id,
            amount_residual_currency=amount,
            reconciled=False,
            date_maturity=money.day,
            ref=money.names and self.ledger.name(money.names),
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
        if story.number not in self.moves:
            term = story.clause and story.clause_on_term and self.terms[story.clause]
            self.moves[story.number] = self.move(
                story.issued,
                story.currency,
                name=self.ledger.name(story),
                recovery_notice_date=story.given_notice,
                recovery_interest_rule_id=(story.clause and not story.clause_on_term and story.clause.id)
                or None,
                invoice_payment_term_id=(term or self.terms[None]).id,
            )
        story.move = self.moves[story.number]
        received = sum(amount for _, amount, _ in story.receipts)
        story.id = self.owe(story.move, story, story.amount, received, date_maturity=story.date_due)
        for day, amount, credit in story.receipts:
            self.receive(story, story.id, day, amount, credit)
        for notice in story.notices:
            self._notify(story, *notice)
        for day, amount in story.waivers:
            self._charge(story, state="waived", amount=amount, date_until=day, is_waived=True)
        for booked, invoiced, paid in story.booked:
            invoice = self.move(story.issued, story.currency, is_recovery_charge=True)
            line = self.owe(invoice, story, invoiced, sum(amount for _, amount, _ in paid))
            story.booked_ids.append(line)
            for day, amount, credit in paid:
                self.receive(story, line, day, amount, credit)
            self._charge(
                story,
                state="booked",
                amount=booked,
                amount_booked=booked,
                date_until=story.issued,
                invoice_id=invoice,
            )

    def _charge(self, story, **values):
        self.insert(
            "recovery_charge",
            move_line_id=story.id,
            kind="interest",
            company_id=self.company.id,
            partner_id=self.env["res.partner"].browse(self.partner(story)).commercial_partner_id.id,
            currency_id=self.currencies[story.currency],
            **values,
        )

    def _notify(self, story, day, channel, formal, key):
        # half past midnight in Paris is the day before in UTC
        sent = datetime.combine(day, time(0, 30), PARIS).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        shared = {
            "company_id": self.company.id,
            "partner_id": self.partner(story),
            "level_id": self.levels[formal],
        }
        if key not in self.notices:
            self.notices[key] = self.insert(
                "recovery_notice", state="sent", channel=channel, date=day, date_sent=sent, **shared
            )
        self.insert(
            "recovery_notice_line",
            notice_id=self.notices[key],
            level_id=shared["level_id"],
            move_line_id=story.id,
            is_live=False,
        )
