"""Drawn ledgers on their way to the database."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal

from odoo import Command

from .dunning_ledgers import TODAY, in_company_currency
from .dunning_reference import Claim


@dataclass
class StoredLedger:
    """A ledger in the database: which records stand for what was drawn."""

    policies: dict = field(default_factory=dict)
    levels: dict = field(default_factory=dict)
    #: {claim id of recovery.claim: (debtor, index of the claim)}
    claims: dict = field(default_factory=dict)


class LedgerWriter:
    """Writes a drawn ledger: declared records through the ORM, the ledger itself by a few INSERTs."""

    def __init__(self, case, company):
        self.env = case.env
        self.company = company
        self.currencies = {"EUR": case.env.ref("base.EUR").id, "USD": case.env.ref("base.USD").id}
        accounts = self.env["account.account"].search([("company_ids", "in", company.ids)])
        self.accounts = {
            main: accounts.filtered(lambda account, code=code: account.code == code).id
            for main, code in ((True, "411000"), (False, "416000"))
        }
        self.journal = self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "sale")], limit=1
        )
        self.stored = StoredLedger()

    def insert(self, table, rows):
        """Insert dicts of the same keys, return the new ids in order."""
        if not rows:
            return []
        columns = list(rows[0])
        # Table and columns are names written in this file.
        query = f"INSERT INTO {table} ({', '.join(columns)}) VALUES %s RETURNING id"  # noqa: S608
        template = "(" + ", ".join(["%s"] * len(columns)) + ")"
        values = [tuple(row[column] for column in columns) for row in rows]
        result = self.env.cr.execute_values(query, values, template=template, fetch=True, page_size=len(rows))
        return [row[0] for row in result]

    def write_ledger(self, creditor, debtors):
        self.declare(creditor)
        partners = self.write_debtors(debtors)
        self.write_claims(debtors, partners)
        self.write_notices(debtors, partners)
        self.env.invalidate_all()
        return self.stored

    # Declared ------------------------------------------------------------------

    def declare(self, creditor):
        for sequence, policy in enumerate(creditor.policies):
            record = self.env["recovery.dunning.policy"].create(
                {
                    "name": policy.name,
                    "sequence": sequence,
                    "claim_kind": policy.kind,
                    "do_not_chase": policy.do_not_chase,
                    "debtor_domain": str([("ref", "=", policy.only_tag)] if policy.only_tag else []),
                    "escalation": "catch_up" if policy.catch_up else "stepwise",
                    "grouping": "debtor" if policy.by_debtor else "level",
                    "min_interval_days": policy.interval,
                    "company_id": self.company.id,
                    "level_ids": [
                        Command.create(self.level_values(2 * number + 1, level))
                        for number, level in enumerate(policy.levels)
                    ],
                }
            )
            self.stored.policies[policy.name] = record
            self.stored.levels.update(
                {level.name: stored for level, stored in zip(policy.levels, record.level_ids, strict=True)}
            )
            for level, before in policy.archived:
                self.stored.levels[level.name] = self.env["recovery.dunning.level"].create(
                    {**self.level_values(2 * before, level), "policy_id": record.id, "active": False}
                )
        self.break_filters(creditor)
        accounts = [self.accounts[True]] if creditor.only_main_account else []
        self.company.write(
            {
                "recovery_dunning_policy_id": self.policy_id(creditor.default_policy),
                "recovery_account_ids": [Command.set(accounts)],
                "recovery_contact_max": creditor.contact_max,
                "recovery_contact_window_days": creditor.contact_window,
                "recovery_contact_gap_days": creditor.contact_gap,
            }
        )

    def level_values(self, sequence, level):
        return {
            "name": level.name,
            "sequence": sequence,
            "amount_min": float(level.amount_min),
            "share_min": level.share_min,
            "debtor_domain": str([("ref", "=", level.only_tag)] if level.only_tag else []),
            "item_domain": str([("account_id.code", "=", "411000")] if level.only_main_account else []),
            "channel_ids": [
                Command.create({"sequence": rank, "channel": channel})
                for rank, channel in enumerate(level.channels)
            ],
        }

    def break_filters(self, creditor):
        """Levels in disorder, and filters that worked when they were saved and name a field that is gone."""
        stale = "[('gone', '=', 1)]"
        self.env.flush_all()
        for policy in creditor.policies:
            if policy.broken:
                self.env.cr.execute(
                    "UPDATE recovery_dunning_policy SET debtor_domain = %s WHERE id = %s",
                    [stale, self.policy_id(policy)],
                )
            for level in policy.levels:
                self.env.cr.execute(
                    "UPDATE recovery_dunning_level SET trigger = %s, delay_days = %s WHERE id = %s",
                    [level.trigger, level.delay, self.level_id(level)],
                )
                if level.broken:
                    self.env.cr.execute(
                        "UPDATE recovery_dunning_level SET debtor_domain = %s WHERE id = %s",
                        [stale, self.level_id(level)],
                    )
        self.env.invalidate_all()

    def policy_id(self, policy):
        return self.stored.policies[policy.name].id if policy else None

    def level_id(self, level):
        return self.stored.levels[level.name].id if level else None

    # The ledger ------------------------------------------------------------------

    def write_debtors(self, debtors):
        rows = [
            {
                "name": f"Debtor {number}",
                "complete_name": f"Debtor {number}",
                "active": True,
                "type": "contact",
                "autopost_bills": "ask",
                "ref": debtor.tag,
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
            for number, debtor in enumerate(debtors)
        ]
        partners = self.insert("res_partner", rows)
        self.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [partners]
        )
        self.write_contacts(debtors, partners)
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

    def write_contacts(self, debtors, partners):
        self.insert(
            "res_partner",
            [
                {
                    "name": "Contact",
                    "active": True,
                    "type": ("contact", "invoice")[number % 2],
                    "autopost_bills": "ask",
                    "parent_id": partner,
                    "commercial_partner_id": partner,
                    "email_normalized": "contact@example.com",
                }
                for number, (debtor, partner) in enumerate(zip(debtors, partners, strict=True))
                if debtor.contact_email
            ],
        )

    def hold(self, partner, amount=Decimal(0), number=0, start=None, end=None):
        """A hold running today: since today, until today, or without end."""
        starts, ends = ((0, 5), (-5, 0), (-5, None))[number % 3]
        start = starts if start is None else start
        end = ends if end is None else end
        return {
            "partner_id": partner,
            "company_id": self.company.id,
            "kind": "manual",
            "date_from": TODAY + timedelta(days=start),
            "date_until": TODAY + timedelta(days=end) if end is not None else None,
            "date_review": TODAY + timedelta(days=30),
            "reason": "Random",
            "amount": amount,
        }

    def write_claims(self, debtors, partners):
        items, instalments, payments = [], [], []
        for debtor, partner in zip(debtors, partners, strict=True):
            for index, claim in enumerate(debtor.claims):
                (instalments if claim.instalment else items).append((debtor, index, claim, partner))
            payments += [
                (Claim(TODAY, -amount, -in_company_currency(amount, currency), currency), partner)
                for currency, amount in debtor.credits.items()
            ]
        lines = self.write_items([(claim, partner) for _debtor, _index, claim, partner in items])
        self.write_items(payments)
        for line, (debtor, index, _claim, _partner) in zip(lines, items, strict=True):
            self.stored.claims[2 * line] = (debtor, index)
        self.write_item_holds(lines, items)
        self.write_plans(lines, items, instalments)

    def write_items(self, claims):
        moves = self.insert(
            "account_move",
            [
                {
                    "name": f"R/{number}/{id(claim)}",
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
                for number, (claim, partner) in enumerate(claims)
            ],
        )
        return self.insert(
            "account_move_line",
            [
                {
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
                    "balance": claim.company_amount,
                    "amount_currency": claim.amount,
                    "debit": max(claim.company_amount, 0),
                    "credit": max(-claim.company_amount, 0),
                    "amount_residual": claim.company_amount,
                    "amount_residual_currency": claim.amount,
                    "reconciled": False,
                    # A live plan takes its items out of Odoo's own follow-up.
                    "no_followup": claim.no_followup or claim.covered,
                    "recovery_level_id": self.level_id(claim.chosen_level),
                }
                for move, (claim, partner) in zip(moves, claims, strict=True)
            ],
        )

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
                self.hold(partner, amount, number=number)
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
                    "is_live": True,
                }
                for line, (debtor, _index, claim, _partner) in zip(lines, items, strict=True)
                if claim.covered
            ],
        )
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
                    "amount": claim.amount,
                    "amount_residual": claim.amount,
                }
                for debtor, index, claim, partner in instalments
            ],
        )
        for instalment, (debtor, index, _claim, _partner) in zip(stored, instalments, strict=True):
            self.stored.claims[2 * instalment + 1] = (debtor, index)

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
        claim_ids = {
            (id(debtor), index): claim_id for claim_id, (debtor, index) in self.stored.claims.items()
        }
        self.insert(
            "recovery_notice_line",
            [
                {
                    "notice_id": notice_of[id(notice)],
                    "level_id": self.level_id(notice.level),
                    "move_line_id": None if claim.instalment else claim_ids[id(debtor), index] // 2,
                    "instalment_id": claim_ids[id(debtor), index] // 2 if claim.instalment else None,
                    "amount_residual": claim.amount,
                    "is_live": notice.live,
                }
                for debtor in debtors
                for index, claim in enumerate(debtor.claims)
                for notice in claim.notices
            ],
        )
