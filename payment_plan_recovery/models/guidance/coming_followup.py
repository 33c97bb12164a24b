"""Coming from Odoo Enterprise's follow-up, whose tables stay when its code is gone."""

from odoo import api, models
from odoo.tools import SQL

from ..common.counted import counted
from .coming import Coming, OldLevel, OldNotice, OldPolicy


class RecoveryComingFollowup(models.AbstractModel):
    """Odoo Enterprise's follow-up: its levels, and the level and day of each item."""

    _name = "recovery.coming.followup"
    _inherit = "recovery.coming"
    _description = "Coming from Odoo's Follow-up"
    _code, _sequence = "followup", 40
    _needed = {"account_followup_followup_line": ("id",)}

    def _label(self):
        return self.env._("Odoo Enterprise follow-up")

    @api.model
    def _is_there(self):
        return bool(self._columns("account_followup_followup_line"))

    @api.model
    def _read(self, company):
        found = Coming()
        columns = self._columns("account_followup_followup_line")
        letter = SQL.identifier("send_letter") if "send_letter" in columns else SQL("FALSE")
        mail = SQL.identifier("send_email") if "send_email" in columns else SQL("TRUE")
        rows = self.env.execute_query(
            SQL(
                "SELECT id, name, COALESCE(delay, 0), %s, %s FROM %s line"
                " WHERE company_id IS NULL OR company_id = ANY(%s) ORDER BY 3, id",
                mail,
                letter,
                self._left_sql(
                    "account_followup_followup_line",
                    name="varchar",
                    delay="integer",
                    company_id="integer",
                    **dict.fromkeys(("send_letter", "send_email"), "boolean"),
                ),
                list(company._recovery_branch_ids()),
            )
        )
        levels, numbers = [], {}
        for number, (line, name, delay, by_mail, by_letter) in enumerate(rows, 1):
            numbers[line] = number
            wanted = [way for way, on in (("email", by_mail), ("letter", by_letter)) if on]
            channels = (*wanted, *(one for one in ("email", "letter", "phone") if one not in wanted))
            levels.append(OldLevel(number, self._text(name), delay, channels=channels))
        key = "followup"
        if levels:
            found.policies.append(OldPolicy(key, self.env._("Follow-up of %s", company.name), tuple(levels)))
        self._read_items(found, company, key, numbers)
        self._read_words(found, columns, len(levels))
        self._read_by_hand(found, company)
        self._read_left_out(found, company)
        self._read_put_off(found, company)
        return found

    def _read_words(self, found, columns, count):
        if count and "mail_template_id" in columns:
            what = self.env._("Words of %s", counted(self.env, "level", count))
            why = self.env._("They stand in mail templates there: write them into the levels' messages here.")
            found.left.append((what, why))

    def _read_by_hand(self, found, company):
        """Debtors whom somebody wanted to write to himself: here a level waits for a person, or a policy for nobody."""
        if "followup_reminder_type" not in self._columns("res_partner"):
            return
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM res_partner WHERE %s = 'manual'"
                " AND (company_id IS NULL OR company_id = ANY(%s))",
                self._value_sql("followup_reminder_type", company),
                list(company._recovery_branch_ids()),
            )
        )
        if count:
            what = self.env._("Reminded by hand: %s", counted(self.env, "debtor", count))
            why = self.env._("Give them a policy whose levels are approved first, or one that chases nobody.")
            found.left.append((what, why))

    def _read_left_out(self, found, company):
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM account_move_line item"
                " JOIN account_account account ON account.id = item.account_id"
                " WHERE item.no_followup AND item.parent_state = 'posted' AND NOT item.reconciled"
                " AND item.display_type = 'payment_term' AND account.account_type = 'asset_receivable'"
                " AND item.company_id = ANY(%s)",
                list(company._recovery_branch_ids()),
            )
        )
        if count:
            what = self.env._("Left out of follow-up: %s", counted(self.env, "item", count))
            found.same.append((what, self.env._("The same mark of Odoo's: they are not chased here either.")))

    def _read_put_off(self, found, company):
        """Debtors whose follow-up was put off: a hold says so here, with its reason, which is not known."""
        name = "followup_next_action_date"
        if name not in self._columns("res_partner"):
            return
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM res_partner WHERE %s > %s",
                self._value_sql(name, company),
                str(company._recovery_today()),
            )
        )
        if count:
            what = self.env._("Follow-up put off to a later day for %s", counted(self.env, "debtor", count))
            why = self.env._("Enter a hold until that day on those who should not be written to before it.")
            found.left.append((what, why))

    def _read_items(self, found, company, key, numbers):
        columns = self._columns("account_move_line")
        day = next((name for name in ("last_followup_date", "followup_date") if name in columns), None)
        if "followup_line_id" not in columns or not day:
            return
        rows = self.env.execute_query(
            SQL(
                "SELECT id, followup_line_id, %s FROM account_move_line"
                " WHERE company_id = ANY(%s) AND followup_line_id IS NOT NULL",
                SQL.identifier(day),
                list(company._recovery_branch_ids()),
            )
        )
        found.notices += [
            OldNotice(item, key, numbers[line], on) for item, line, on in rows if line in numbers
        ]
