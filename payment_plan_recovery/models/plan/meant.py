"""Money that may have been meant for a plan and lies on something else: a person says what it was for.

The debtor says what it pays, else the oldest that is due is paid first (C. civ. 1342-10). Who pays exactly an
instalment near its day has said it, whichever invoice the transfer names; that is for a person to see. Until then the
plan gets no worse.
"""

from datetime import timedelta

from odoo import fields, models

from ..claim.open_money_facts import MONEY_JOURNALS
from ..common.company_words import in_words_of_company
from ..common.guarded_fields import as_action

#: What a person has to do before anything else happens to the plan.
MEANT = "payment_plan_recovery.mail_activity_meant_for_plan"
#: How far from an instalment's day money of its amount may have come to be meant for it.
NEAR = timedelta(days=15)


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    receipt_asked_ids = fields.Many2many(
        "account.move.line",
        "recovery_plan_receipt_asked_rel",
        string="Receipts asked about",
        copy=False,
        protected=True,
        help="Money of an instalment's amount that was matched with something else, about which a person was asked.",
    )

    def _ask_about_meant(self, date):
        """Ask about money that may have been meant for plans on ``date``, once about each payment."""
        found = self._maybe_meant(date)
        for plan, receipts in found.items():
            new = receipts - plan.receipt_asked_ids
            if new:
                as_action(plan).receipt_asked_ids += new
                plan._ask_what_it_was_for(new, date)

    def _asked_about_meant(self):
        """Return the plans that somebody was asked about and has not answered, by matching it with them either."""
        plans = self._asked_about(MEANT)
        # sudo: what was received, whoever follows up
        answered = plans.filtered(
            lambda plan: (
                plan.receipt_asked_ids.sudo().matched_debit_ids.debit_move_id
                & plan.item_ids.sudo().move_line_id
            )
        )
        answered.activity_unlink([MEANT])
        return plans - answered

    def _ask_what_it_was_for(self, receipts, date):
        told = in_words_of_company(self)
        note = told.env._(
            "%s came near the day of an instalment of exactly that amount, and lies on something older. If it was "
            "meant for the plan, match it with what the plan covers. Until this is done, the plan gets no worse.",
            told._money(-sum(receipts.mapped("amount_currency"))),
        )
        told.activity_schedule(
            MEANT,
            date_deadline=date,
            note=note,
            user_id=self.env["ir.cron"]._recovery_person(self).id,
        )

    def _maybe_meant(self, date):
        """Return {plan: receipts} of exactly what an instalment asks, near its day, that lie on something else."""
        found = {}
        unpaid = self._unpaid_before(date)
        # sudo: only which companies belong together, a user may be in one branch
        for creditor, plans in self.grouped(lambda plan: plan.company_id.sudo().root_id).items():
            receipts = plans._receipts_near(creditor, date)
            laid = plans._laid_elsewhere(creditor, date) if receipts else {}
            by_debtor = receipts.grouped(lambda receipt: receipt.partner_id.commercial_partner_id)
            for plan in plans:
                rows = [row for row, left in unpaid.get(plan, {}).items() if left == row.amount]
                meant = by_debtor.get(plan.partner_id, receipts.browse()).filtered(
                    lambda receipt, plan=plan, rows=rows, laid=laid: (
                        plan._pays_one_of(rows, receipt)
                        and plan._is_elsewhere(receipt, laid.get(receipt.id, receipt.browse()))
                    )
                )
                if meant:
                    found[plan] = meant
        return found

    def _receipts_near(self, creditor, date):
        """Return the money that came from the plans' debtors since shortly before their first instalment."""
        items = self.env["account.move.line"].sudo()  # what was received, whoever follows up
        return items.search(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_currency", "<", 0),
                ("journal_id.type", "in", MONEY_JOURNALS),
                ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", creditor._recovery_branch_ids()),
                ("date", ">=", min(self.instalment_ids.mapped("date_due")) - NEAR),
                ("date", "<=", date),
            ]
        )

    def _pays_one_of(self, rows, receipt):
        return receipt.currency_id == self.currency_id and any(
            not self.currency_id.compare_amounts(-receipt.amount_currency, row.amount)
            and abs(receipt.date - row.date_due) <= NEAR
            for row in rows
        )

    def _laid_elsewhere(self, creditor, date):
        """Return {receipt id: items of the plans' debtors that it lies over} of money that is not matched."""
        items = self.env["account.move.line"].sudo()  # what was received, whoever follows up
        owed = items.search(
            [
                *items._recovery_open_domain(),
                ("amount_residual_currency", ">", 0),
                ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", creditor._recovery_branch_ids()),
            ]
        )
        laid = {}
        for item_id, receipts in self.env["recovery.open.money"].receipts(owed, date).items():
            for receipt_id, _day, _amount in receipts:
                laid[receipt_id] = laid.get(receipt_id, items) | items.browse(item_id)
        return laid

    def _is_elsewhere(self, receipt, laid):
        """Whether a receipt went to items that the plan does not cover, and not to one of exactly its amount."""
        paid = receipt.matched_debit_ids.debit_move_id | laid
        if not paid or paid & self.item_ids.sudo().move_line_id:
            return False
        return len(paid) > 1 or bool(
            self.currency_id.compare_amounts(paid.amount_currency, -receipt.amount_currency)
        )
