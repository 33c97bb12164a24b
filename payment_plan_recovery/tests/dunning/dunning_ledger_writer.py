"""Drawn ledgers on their way to the database."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ...models.common.claim_key import claim_key
from .dunning_facts import Claim
from .dunning_ledger_declared import DeclaredWriter
from .dunning_ledgers import TODAY, in_company_currency


def number_of(claim):
    return f"R/{id(claim)}"


class LedgerWriter(DeclaredWriter):
    """Writes a drawn ledger: declared records through the ORM, the ledger itself by a few INSERTs."""

    def __init__(self, case, company):
        super().__init__(case, company)
        #: {(id of the drawn debtor, index of its claim): journal item}, and the same of instalments.
        self.item_of = {}
        self.instalment_of = {}

    def write_ledger(self, creditor, debtors):
        self.declare(creditor)
        partners = self.write_debtors(debtors)
        self.write_claims(debtors, partners)
        self.write_notices(debtors, partners)
        self.env.invalidate_all()
        return self.stored

    # The ledger ------------------------------------------------------------------

    def write_debtors(self, debtors):
        rows = [self.debtor_row(number, debtor) for number, debtor in enumerate(debtors)]
        partners = self.insert("res_partner", rows)
        self.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [partners]
        )
        self.write_contacts(debtors, partners)
        self.write_companies(
            [partner for debtor, partner in zip(debtors, partners, strict=True) if debtor.is_ours]
        )
        self.insert(
            "recovery_hold",
            [
                self.hold(partner, number=number)
                for number, (debtor, partner) in enumerate(zip(debtors, partners, strict=True))
                if debtor.held
            ],
        )
        # Holds that ended yesterday or start tomorrow hold nobody.
        self.insert(
            "recovery_hold",
            [
                self.hold(partner, start=start, end=end)
                for partner in partners
                for start, end in ((-5, -1), (1, 5))
            ],
        )
        return partners

    def debtor_row(self, number, debtor):
        return {
            "name": f"Debtor {number}",
            "complete_name": f"Debtor {number}",
            "active": True,
            "type": "contact",
            "autopost_bills": "ask",
            "ref": debtor.tag,
            "is_company": debtor.is_company,
            "email": "someone@example.com" if debtor.email else None,
            "email_normalized": "someone@example.com" if debtor.email else None,
            "recovery_no_email": debtor.no_email,
            "recovery_no_sms": debtor.no_sms,
            "recovery_no_phone": debtor.no_phone,
            "recovery_channel": debtor.prefers,
            "phone": "+33 1 00 00 00 00" if debtor.phone else None,
            "street": "1 High Street" if debtor.postal else None,
            "city": "Paris" if debtor.postal else None,
            "recovery_policy_id": f'{{"{self.company.id}": {self.policy_id(debtor.own_policy)}}}'
            if debtor.own_policy
            else None,
        }

    def hold(self, partner, amount=Decimal(0), number=0, start=None, end=None, kind="manual"):
        """A hold running today: since today, until today, or without end."""
        starts, ends = ((0, 5), (-5, 0), (-5, None))[number % 3]
        start = starts if start is None else start
        end = ends if end is None else end
        return {
            "partner_id": partner,
            "company_id": self.company.id,
            "kind": kind,
            "date_from": TODAY + timedelta(days=start),
            "date_until": TODAY + timedelta(days=end) if end is not None else None,
            "date_review": TODAY + timedelta(days=30),
            "reason": "Random",
            "amount": amount,
        }

    def write_claims(self, debtors, partners):
        items, instalments, receipts = [], [], []
        for debtor, partner in zip(debtors, partners, strict=True):
            for index, claim in enumerate(debtor.claims):
                (instalments if claim.instalment else items).append((debtor, index, claim, partner))
            receipts += [(receipt, partner) for receipt in debtor.receipts]
        lines = self.write_items([(claim, partner) for _debtor, _index, claim, partner in items])
        self.write_receipts(receipts)
        for line, (debtor, index, _claim, _partner) in zip(lines, items, strict=True):
            self.item_of[id(debtor), index] = line
            self.stored.claims[claim_key(item_id=line)] = (debtor, index)
        self.write_forecasts(lines, items)
        self.write_item_holds(lines, items)
        self.write_plans(lines, items, instalments)

    def write_forecasts(self, lines, items):
        self.insert(
            "recovery_forecast_line",
            [
                {
                    "move_line_id": line,
                    "partner_id": partner,
                    "company_id": self.company.id,
                    "date": claim.foreseen_on,
                    "date_expected": None if claim.expected == date.max else claim.expected,
                }
                for line, (_debtor, _index, claim, partner) in zip(lines, items, strict=True)
                if claim.expected
            ],
        )

    def write_receipts(self, receipts):
        """Receipts are items below zero; the text of one that names a claim is its invoice's number."""
        paid = [
            Claim(
                receipt.day,
                -receipt.amount,
                -in_company_currency(receipt.amount, receipt.currency),
                receipt.currency,
            )
            for receipt, _partner in receipts
        ]
        lines = self.write_items(list(zip(paid, [partner for _receipt, partner in receipts], strict=True)))
        for line, (receipt, _partner) in zip(lines, receipts, strict=True):
            if receipt.names:
                self.env.cr.execute(
                    "UPDATE account_move_line SET ref = %s WHERE id = %s", [number_of(receipt.names), line]
                )

    def write_items(self, claims):
        moves = self.insert(
            "account_move",
            [
                {
                    "name": number_of(claim),
                    "journal_id": self.journal.id,
                    "company_id": self.company.id,
                    "currency_id": self.currencies[claim.currency],
                    "state": "posted",
                    "move_type": "out_invoice",
                    "auto_post": "no",
                    "date": claim.due,
                    "partner_id": partner,
                    "recovery_policy_id": self.policy_id(claim.chosen_policy),
                }
                for claim, partner in claims
            ],
        )
        return self.insert(
            "account_move_line",
            [
                self.item_row(move, claim, partner)
                for move, (claim, partner) in zip(moves, claims, strict=True)
            ],
        )

    def item_row(self, move, claim, partner):
        received = in_company_currency(claim.received, claim.currency)
        return {
            "move_id": move,
            "parent_state": "posted",
            "journal_id": self.journal.id,
            "company_id": self.company.id,
            "company_currency_id": self.currencies["EUR"],
            "currency_id": self.currencies[claim.currency],
            "account_id": self.accounts[claim.main_account],
            "partner_id": partner,
            "date": claim.due,
            "date_maturity": claim.due,
            "display_type": "payment_term",
            "balance": claim.company_amount + received,
            "amount_currency": claim.amount + claim.received,
            "debit": max(claim.company_amount + received, 0),
            "credit": max(-claim.company_amount - received, 0),
            "amount_residual": claim.company_amount,
            "amount_residual_currency": claim.amount,
            "reconciled": False,
            # A live plan takes its items out of Odoo's own follow-up.
            "no_followup": claim.no_followup or claim.in_plan,
            "recovery_level_id": self.level_id(claim.chosen_level),
        }

    def write_item_holds(self, lines, items):
        held = [
            (line, partner, amount)
            for line, (_debtor, _index, claim, partner) in zip(lines, items, strict=True)
            for amount, applies in ((Decimal(0), claim.held), (claim.disputed, claim.disputed))
            if applies
        ]
        holds = self.insert(
            "recovery_hold",
            [
                # Money is laid over what is disputed last; over what is on hold for another reason, in its turn.
                self.hold(partner, amount, number=number, kind="dispute" if amount else "manual")
                for number, (_line, partner, amount) in enumerate(held)
            ],
        )
        if holds:
            self.env.cr.execute_values(
                "INSERT INTO account_move_line_recovery_hold_rel (recovery_hold_id, account_move_line_id)"
                " VALUES %s",
                [(hold, line) for hold, (line, _partner, _amount) in zip(holds, held, strict=True)],
            )

    def write_plans(self, lines, items, instalments):
        planned = {id(debtor): (debtor, partner) for debtor, _index, _claim, partner in instalments}
        plans = self.env["recovery.plan"].create(
            [
                {"partner_id": partner, "company_id": self.company.id, "currency_id": self.currencies["EUR"]}
                for _debtor, partner in planned.values()
            ]
        )
        for number, plan in enumerate(plans):
            plan.state = ("active", "late", "in_default")[number % 3]
        plans.flush_recordset()
        plan_of = dict(zip(planned, plans.ids, strict=True))
        self.insert(
            "recovery_plan_item",
            [
                {
                    "plan_id": plan_of[id(debtor)],
                    "company_id": self.company.id,
                    "move_line_id": line,
                    "amount_covered": claim.amount,
                    "amount_paid": 0,
                    "is_live": True,
                }
                for line, (debtor, _index, claim, _partner) in zip(lines, items, strict=True)
                if claim.in_plan
            ],
        )
        self.write_instalments(instalments, plan_of)

    def write_instalments(self, instalments, plan_of):
        stored = self.insert(
            "recovery_plan_instalment",
            [
                {
                    "plan_id": plan_of[id(debtor)],
                    "company_id": self.company.id,
                    "partner_id": partner,
                    "currency_id": self.currencies["EUR"],
                    "plan_state": "active",
                    "number": index,
                    "date_due": claim.due,
                    "amount": claim.amount + claim.received,
                    "amount_residual": claim.amount,
                }
                for debtor, index, claim, partner in instalments
            ],
        )
        for instalment, (debtor, index, _claim, _partner) in zip(stored, instalments, strict=True):
            self.instalment_of[id(debtor), index] = instalment
            self.stored.claims[claim_key(instalment_id=instalment)] = (debtor, index)

    # Notices -----------------------------------------------------------------------

    def write_notices(self, debtors, partners):
        partner_of = {id(debtor): partner for debtor, partner in zip(debtors, partners, strict=True)}
        notices = [(debtor, notice) for debtor in debtors for notice in debtor.notices()]
        stored = self.insert(
            "recovery_notice",
            [
                {
                    "company_id": self.company.id,
                    "partner_id": partner_of[id(debtor)],
                    "level_id": self.level_id(notice.level),
                    # A sent notice counts by the day it was sent, whatever its own date says.
                    "date": notice.day - timedelta(days=2 if notice.state == "sent" else 0),
                    "date_sent": datetime.combine(notice.day, time(9)) if notice.state == "sent" else None,
                    "channel": notice.channel,
                    "state": notice.state,
                }
                for debtor, notice in notices
            ],
        )
        notice_of = {id(notice): record for record, (_debtor, notice) in zip(stored, notices, strict=True)}
        self.insert(
            "recovery_notice_line",
            [
                {
                    "notice_id": notice_of[id(notice)],
                    "level_id": self.level_id(notice.level),
                    "move_line_id": self.item_of.get((id(debtor), index)),
                    "instalment_id": self.instalment_of.get((id(debtor), index)),
                    "amount_residual": claim.amount,
                    "is_live": notice.live,
                }
                for debtor in debtors
                for index, claim in enumerate(debtor.claims)
                for notice in claim.notices
            ],
        )
