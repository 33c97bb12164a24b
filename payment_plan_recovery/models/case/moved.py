"""Claims of cases that an entry moves to another account: the case goes on with them."""

from odoo import fields, models
from odoo.tools import SQL

from ..claim.open_money_facts import MONEY_JOURNALS
from ..common.company_words import in_words_of_company
from ..common.guarded_fields import as_action


class RecoveryCaseMoved(models.AbstractModel):
    """What becomes of a case whose claims are booked as doubtful, say: they are owed as before, under other items."""

    _name = "recovery.case.moved"
    _description = "Moved Claims of a Case"
    _inherit = ["recovery.guarded.fields"]

    moved_out_ids = fields.Many2many(
        "account.move",
        "recovery_case_moved_out_rel",
        string="Moved out by",
        copy=False,
        protected=True,
        help="Entries that moved claims to where no case follows them, about which a person was asked.",
    )

    def _follow_moved(self):
        """Take in what the claims of the cases stand for by now, and hold it; tell it in their history."""
        for case in self:
            items = case._moved_to()
            if not items:
                continue
            lines = case.line_ids.create([{"case_id": case.id, "move_line_id": item.id} for item in items])
            lines.amount_opened = 0.0  # what was open at first, the claims they go on from say
            words = in_words_of_company(case).env
            case._message_log(
                body=words._("Claims moved to another account: %s.", ", ".join(items.move_id.mapped("name")))
            )

    def _leave_moved_back(self):
        """Take out of the cases what claims were moved to and are no more: the entry was undone."""
        taken_in = self.line_ids.filtered(lambda line: not line.amount_opened)
        before = self.env["recovery.carried"]._origins(taken_in.move_line_id.ids)
        taken_in.filtered(lambda line: line.move_line_id.id not in before).unlink()

    def _goes_on_elsewhere(self):
        """Tell whether claims that are settled here are owed on elsewhere: taken in, or somebody is asked."""
        self._follow_moved()
        if self._is_settled() and not self._is_given_up() and (entries := self._moved_out()):
            self._ask_where_it_went(entries)
            return True
        return not self._is_settled()

    def _moved_to(self):
        """Return the open items that the claims of the case go on as, and that are in no running case."""
        claims = self.line_ids.move_line_id
        open_items = claims.search(
            [
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("balance", ">", 0),
                ("move_id.move_type", "=", "entry"),
                ("id", "not in", claims.ids),
            ]
        )
        before = self.env["recovery.carried"]._origins(open_items.ids)
        moved = open_items.filtered(lambda item: not set(claims.ids).isdisjoint(before.get(item.id, ())))
        return moved - self.env["recovery.case.line"]._running_over(moved).move_line_id

    def _moved_out(self):
        """Return the entries by which claims of the case are owed where no case follows them.

        On an account that is not receivable, or in another currency.
        """
        moves = self.env["account.move"]
        return moves.browse(
            move_id
            for (move_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT settling.move_id
                      FROM account_partial_reconcile partial
                      JOIN account_move_line settling ON settling.id = partial.credit_move_id
                      JOIN account_move entry ON entry.id = settling.move_id AND entry.move_type = 'entry'
                      JOIN account_journal journal ON journal.id = entry.journal_id AND journal.type != ALL(%s)
                      JOIN account_move_line opened ON opened.move_id = entry.id AND opened.balance > 0
                       AND opened.partner_id = settling.partner_id AND opened.reconciled IS NOT TRUE
                      JOIN account_account account ON account.id = opened.account_id AND account.reconcile
                       AND account.account_type LIKE 'asset%%' AND account.account_type != 'asset_cash'
                       AND (account.account_type != 'asset_receivable' OR opened.currency_id != %s)
                     WHERE partial.debit_move_id = ANY(%s)
                     ORDER BY settling.move_id
                    """,
                    list(MONEY_JOURNALS),
                    self.currency_id.id,
                    self.line_ids.move_line_id.ids,
                )
            )
        )

    def _ask_where_it_went(self, entries):
        """Ask the case's person, once, what becomes of claims that are owed on where nobody follows them.

        Whoever answers closes the case.
        """
        if not entries - self.moved_out_ids:
            return
        as_action(self).moved_out_ids |= entries
        words = in_words_of_company(self).env
        summary = words._(
            "%s moved claims to where no case follows them: what becomes of this one?",
            ", ".join(entries.mapped("name")),
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            user_id=words["ir.cron"]._recovery_person(self).id,
        )
