"""The addons that one may come from, one class each: what their tables say."""

from odoo import api, models
from odoo.tools import SQL

from ..common.counted import counted
from ..common.debtor_mixin import DEBTORS
from .coming import Coming, OldLevel, OldNotice, OldPolicy

CHANNELS = {"email": "email", "mail": "email", "letter": "letter", "post": "letter", "phone": "phone"}


class RecoveryComingCreditControl(models.AbstractModel):
    """OCA account_credit_control: policies, levels, lines that were sent, policies set on debtors and invoices."""

    _name = "recovery.coming.credit_control"
    _inherit = "recovery.coming"
    _description = "Coming from OCA Credit Control"
    _code, _sequence = "credit_control", 10
    _needed = {
        "credit_control_policy": ("id",),
        "credit_control_policy_level": ("id", "policy_id", "level"),
        "credit_control_line": ("id", "move_line_id", "policy_level_id"),
    }

    def _label(self):
        return self.env._("OCA account_credit_control")

    @api.model
    def _is_there(self):
        return bool(self._columns("credit_control_policy"))

    @api.model
    def _read(self, company):
        found = Coming()
        levels = {}
        for row in self._levels():
            levels.setdefault(row[0], []).append(self._level(row[1:]))
        for policy_id, name, do_nothing in self.env.execute_query(
            SQL(
                """
                SELECT id, name, COALESCE(do_nothing, FALSE) FROM %(policies)s policy
                 WHERE (company_id IS NULL OR company_id = ANY(%(companies)s))
                   AND (active IS NOT FALSE OR id IN (
                           SELECT level.policy_id FROM %(lines)s line
                             JOIN %(levels)s level ON level.id = line.policy_level_id
                            WHERE line.state = 'sent'
                       ))
                 ORDER BY id
                """,
                policies=self._policies_sql(),
                levels=self._levels_sql(),
                lines=self._lines_sql(),
                companies=list(company._recovery_branch_ids()),
            )
        ):
            own = () if do_nothing else tuple(levels.get(policy_id, ()))
            key = f"credit_control_{policy_id}"
            found.policies.append(OldPolicy(key, self._text(name) or self._label(), own, do_nothing))
        self._read_default(found, company)
        self._read_choices(found, company)
        self._read_lines(found, company)
        return found

    def _policies_sql(self):
        others = {"name": "varchar", "do_nothing": "boolean", "company_id": "integer", "active": "boolean"}
        return self._left_sql("credit_control_policy", **others)

    def _levels_sql(self):
        texts = ("name", "computation_mode", "channel", "custom_mail_text", "custom_text")
        others = {"delay_days": "integer"} | dict.fromkeys(texts, "varchar")
        return self._left_sql("credit_control_policy_level", **others)

    def _lines_sql(self):
        others = {"state": "varchar", "channel": "varchar", "date_sent": "date", "date": "date"}
        return self._left_sql("credit_control_line", **others)

    def _levels(self):
        return self.env.execute_query(
            SQL(
                "SELECT policy_id, level, name, computation_mode, delay_days, channel, custom_mail_text, custom_text"
                " FROM %s level WHERE level IS NOT NULL ORDER BY policy_id, level",
                self._levels_sql(),
            )
        )

    def _level(self, row):
        number, name, mode, delay, channel, mail, letter = row
        triggers = {"net_days": "due_date", "end_of_month": "month_end", "previous_date": "previous_notice"}
        note = ""
        if mode == "end_of_month":
            note = self.env._(
                "There the delay counts from the due date and the month ends after it; here the month ends first."
            )
        first = CHANNELS.get(channel, "email")
        channels = (first, *(one for one in ("email", "letter", "phone") if one != first))
        return OldLevel(
            number,
            self._text(name),
            delay or 0,
            triggers.get(mode, "due_date"),
            channels,
            self._text(mail),
            self._text(letter),
            note,
        )

    def _read_default(self, found, company):
        """The policy of whoever has none: what chases here is for a person to say."""
        if "credit_policy_id" not in self._columns("res_company"):
            return
        for (name,) in self.env.execute_query(
            SQL(
                "SELECT policy.name FROM %s policy"
                " JOIN res_company company ON company.credit_policy_id = policy.id WHERE company.id = %s",
                self._policies_sql(),
                company.id,
            )
        ):
            what = self.env._("“%s” for debtors without a policy of their own", self._text(name))
            why = self.env._(
                "Once it is here, choose it in the settings as the company's policy: until then yours takes them."
            )
            found.left.append((what, why))

    def _read_choices(self, found, company):
        columns = self._columns("res_partner")
        if "credit_policy_id" in columns:
            rows = self.env.execute_query(
                SQL(
                    "SELECT id, credit_policy_id FROM res_partner"
                    " WHERE credit_policy_id IS NOT NULL AND id = commercial_partner_id"
                    " AND (company_id IS NULL OR company_id = ANY(%s))",
                    list(company._recovery_branch_ids()),
                )
            )
            found.debtor_policies = {partner: f"credit_control_{policy}" for partner, policy in rows}
        self._read_notes(found, company, columns)
        if "credit_policy_id" in self._columns("account_move"):
            rows = self.env.execute_query(
                SQL(
                    "SELECT id, credit_policy_id FROM account_move"
                    " WHERE credit_policy_id IS NOT NULL AND company_id = ANY(%s)"
                    " AND payment_state NOT IN ('paid', 'reversed')",
                    list(company._recovery_branch_ids()),
                )
            )
            found.move_policies = {move: f"credit_control_{policy}" for move, policy in rows}
        chosen = {*found.debtor_policies.values(), *found.move_policies.values()}
        absent = chosen - {policy.key for policy in found.policies}
        if absent:
            ids = [int(key.removeprefix("credit_control_")) for key in absent]
            names = self.env.execute_query(
                SQL("SELECT id, name FROM %s policy WHERE id = ANY(%s)", self._policies_sql(), ids)
            )
            found.absent = {f"credit_control_{policy}": self._text(name) for policy, name in names}

    def _read_notes(self, found, company, columns):
        """What people noted of a debtor has no day or author, and a person in charge no portfolio."""
        noted = [
            SQL("%s IS NOT NULL", SQL.identifier(name))
            for name in ("payment_note", "payment_responsible_id", "payment_next_action")
            if name in columns
        ]
        if not noted:
            return
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM res_partner WHERE (%s) AND (company_id IS NULL OR company_id = ANY(%s))",
                SQL(" OR ").join(noted),
                list(company._recovery_branch_ids()),
            )
        )
        if count:
            what = self.env._("Notes and persons in charge of %s", counted(self.env, "debtor", count))
            why = self.env._("Note what still matters as an interaction, and give the debtors to portfolios.")
            found.left.append((what, why))

    def _read_lines(self, found, company):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, level.policy_id, level.level, line.state,
                       COALESCE(line.date_sent, line.date), line.channel
                  FROM %(lines)s line
                  JOIN %(levels)s level ON level.id = line.policy_level_id
                  JOIN account_move_line item ON item.id = line.move_line_id
                 WHERE item.company_id = ANY(%(companies)s)
                 ORDER BY line.id
                """,
                lines=self._lines_sql(),
                levels=self._levels_sql(),
                companies=list(company._recovery_branch_ids()),
            )
        )
        unsent = 0
        for item, policy, number, state, day, channel in rows:
            if state == "sent":
                way = CHANNELS.get(channel, "email")
                found.notices.append(OldNotice(item, f"credit_control_{policy}", number, day, way))
            else:
                unsent += 1
        if unsent:
            found.left.append(
                (
                    self.env._("Not sent: %s", counted(self.env, "line", unsent)),
                    self.env._("The next run here proposes their claims at the level they had not got yet."),
                )
            )


class RecoveryComingFinancialRisk(models.AbstractModel):
    """OCA account_financial_risk: credit limits, which are Odoo's own field."""

    _name = "recovery.coming.financial_risk"
    _inherit = "recovery.coming"
    _description = "Coming from OCA Financial Risk"
    _code, _sequence = "financial_risk", 20

    def _label(self):
        return self.env._("OCA account_financial_risk")

    @api.model
    def _is_there(self):
        return "risk_invoice_unpaid_limit" in self._columns("res_partner")

    @api.model
    def _read(self, company):
        found = Coming()
        columns = self._columns("res_partner")
        partners = self.env["res.partner"].sudo().with_company(company).with_context(active_test=False)
        limited = partners.search([*DEBTORS, ("credit_limit", ">", 0)])
        other = set()
        if "credit_currency" in columns:
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM res_partner WHERE credit_currency IS NOT NULL AND credit_currency <> 'company'"
                )
            )
            other = {partner for (partner,) in rows}
        for partner in limited:
            if partner.id in other:
                why = self.env._("Its limit is not in the company's currency: enter it anew.")
                found.left.append((partner.display_name, why))
            else:
                found.limits[partner.id] = partner.credit_limit
        parts = sorted(name for name in columns if name.startswith("risk_") and name.endswith("_limit"))
        for name in parts:
            [(count,)] = self.env.execute_query(
                SQL(
                    "SELECT COUNT(*) FROM res_partner"
                    " WHERE %s > 0 AND (company_id IS NULL OR company_id = ANY(%s))",
                    SQL.identifier(name),
                    list(company._recovery_branch_ids()),
                )
            )
            if count:
                why = self.env._(
                    "Here one limit holds for the whole exposure of a debtor; rules say what passes it."
                )
                debtors = counted(self.env, "debtor", count)
                found.left.append((self.env._("%(name)s of %(debtors)s", name=name, debtors=debtors), why))
        return found


class RecoveryComingOverdueReminder(models.AbstractModel):
    """OCA account_invoice_overdue_reminder: reminders counted by invoice; it has no policies."""

    _name = "recovery.coming.overdue_reminder"
    _inherit = "recovery.coming"
    _description = "Coming from OCA Overdue Reminders"
    _code, _sequence = "overdue_reminder", 30
    _needed = {
        "account_invoice_overdue_reminder": ("id", "invoice_id"),
        "overdue_reminder_action": ("id",),
    }

    def _label(self):
        return self.env._("OCA account_invoice_overdue_reminder")

    @api.model
    def _is_there(self):
        return bool(self._columns("account_invoice_overdue_reminder"))

    @api.model
    def _read(self, company):
        found = Coming()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.id, reminder.counter, action.date, action.reminder_type
                  FROM %(reminders)s reminder
                  LEFT JOIN %(actions)s action ON action.id = reminder.action_id
                  JOIN account_move_line item
                    ON item.move_id = reminder.invoice_id AND item.display_type = 'payment_term'
                 WHERE item.company_id = ANY(%(companies)s)
                 ORDER BY reminder.id
                """,
                reminders=self._left_sql(
                    "account_invoice_overdue_reminder", action_id="integer", counter="integer"
                ),
                actions=self._left_sql("overdue_reminder_action", date="date", reminder_type="varchar"),
                companies=list(company._recovery_branch_ids()),
            )
        )
        # Its counter is the level; the words and delays are those of the policy chosen here.
        for item, counter, day, kind in rows:
            found.notices.append(OldNotice(item, "", counter or 1, day, CHANNELS.get(kind, "email")))
        self._read_never(found, company)
        return found

    def _read_never(self, found, company):
        """Debtors and invoices that get no reminder there: under a policy of their own that chases nobody."""
        never, key = "no_overdue_reminder", "overdue_reminder_never"
        if never in self._columns("res_partner"):
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM res_partner WHERE id = commercial_partner_id AND %s = 'true'",
                    self._value_sql(never, company),
                )
            )
            found.debtor_policies = {partner: key for (partner,) in rows}
        if never in self._columns("account_move"):
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM account_move WHERE company_id = ANY(%s) AND %s"
                    " AND payment_state NOT IN ('paid', 'reversed')",
                    list(company._recovery_branch_ids()),
                    SQL.identifier(never),
                )
            )
            found.move_policies = {move: key for (move,) in rows}
        if found.debtor_policies or found.move_policies:
            found.policies.append(OldPolicy(key, self.env._("Not to be reminded"), do_not_chase=True))
