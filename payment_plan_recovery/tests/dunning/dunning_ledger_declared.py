"""What a drawn ledger's creditor declares, on its way to the database."""

from dataclasses import dataclass, field

from odoo import Command


@dataclass
class StoredLedger:
    """A ledger in the database: which records stand for what was drawn."""

    policies: dict = field(default_factory=dict)
    levels: dict = field(default_factory=dict)
    #: {claim id of recovery.claim: (debtor, index of the claim)}
    claims: dict = field(default_factory=dict)


class DeclaredWriter:
    """Writes policies, levels and settings through the ORM; further writers insert rows."""

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

    def declare(self, creditor):
        for sequence, policy in enumerate([*creditor.policies, creditor.cure]):
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
                "recovery_residue_amount": creditor.residue,
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
                    "UPDATE recovery_dunning_level SET trigger = %s, delay_days = %s, pace = %s, days_early = %s,"
                    " days_late = %s, pace_people = %s WHERE id = %s",
                    [
                        *(
                            level.trigger,
                            level.delay,
                            "forecast" if level.pace else None,
                            *(level.pace or (0, 0)),
                        ),
                        *(level.pace_people, self.level_id(level)),
                    ],
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

    # Companies and contacts -----------------------------------------------------------

    def write_companies(self, partners):
        """Companies of the database that ``partners`` are, for the rest like the creditor."""
        columns = sorted(set(self.env["res.company"]._fields) & self.columns("res_company"))
        same = ", ".join(name for name in columns if name not in ("id", "name", "partner_id", "parent_path"))
        query = f"""
            INSERT INTO res_company (name, partner_id, parent_path, {same})
            SELECT 'Sister ' || sister, sister, '0/' || sister || '/', {same}
              FROM res_company, unnest(%s::int[]) sister WHERE id = %s
        """  # noqa: S608 names of fields
        self.env.cr.execute(query, [partners, self.company.id])

    def columns(self, table):
        """Names of the stored columns of a table."""
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
        )
        return {name for (name,) in self.env.cr.fetchall()}

    def write_contacts(self, debtors, partners):
        contacts = self.insert(
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
        reached = [debtor for debtor in debtors if debtor.contact_email]
        representatives = [
            contact for debtor, contact in zip(reached, contacts, strict=True) if debtor.represented
        ]
        self.env.cr.execute(
            "UPDATE res_partner debtor SET recovery_representative_id = contact.id"
            "  FROM res_partner contact WHERE contact.parent_id = debtor.id AND contact.id = ANY(%s)",
            [representatives],
        )
