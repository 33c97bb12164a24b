"""Money that may have been meant for a plan and lies on something else: a person says what it was for.

The debtor says what it pays, else the oldest that is due is paid first (C. civ. 1342-10). Who pays exactly an
instalment near its day has said it, whichever invoice the transfer names; that is for a person to see. Until then the
plan gets no worse and nothing of it is asked for: a hold says so, which ends by itself where nobody answers.
"""

from datetime import timedelta

from odoo import Command, fields, models
from odoo.tools import format_date

from ..claim.open_money_facts import MONEY_JOURNALS
from ..common.company_words import in_words_of_company
from ..common.guarded_fields import as_action

#: What a person has to do before anything else happens to the plan.
MEANT = "payment_plan_recovery.mail_activity_meant_for_plan"
#: How far from an instalment's day money of its amount may have come to be meant for it.
NEAR = timedelta(days=15)
#: How long an answer is waited for: after that the plan is followed up as if the money was not meant for it.
ANSWERED_WITHIN = timedelta(days=14)


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
    receipt_hold_id = fields.Many2one(
        "recovery.hold",
        string="Hold until it is answered",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        protected=True,
        help="Keeps what the plan covers from being chased until somebody has said whether a payment was meant for it, "
        "for two weeks at most.",
    )

    def _ask_about_meant(self, date):
        """Ask about money that may have been meant for plans on ``date``, once about each payment."""
        found = self._maybe_meant(date)
        for plan, receipts in found.items():
            new = receipts - plan.receipt_asked_ids
            if new:
                as_action(plan).receipt_asked_ids += new
                plan._ask_what_it_was_for(new, date)

    def _asked_about_meant(self, date):
        """Return the plans that somebody was asked about and has not answered, by matching it with them either.

        Those whose answer was waited for long enough by ``date`` are followed up without one.
        """
        plans = self._asked_about(MEANT)
        # sudo: what was received, whoever follows up
        answered = plans.filtered(
            lambda plan: (
                plan.receipt_asked_ids.sudo().matched_debit_ids.debit_move_id
                & plan.item_ids.sudo().move_line_id
            )
        )
        answered.activity_unlink([MEANT])
        asked = plans - answered
        (self - asked)._end_receipt_hold(date)
        return asked.filtered(lambda plan: not plan.receipt_hold_id or plan._is_answer_awaited(date))

    def _is_answer_awaited(self, date):
        """Whether the hold until a question is answered is on still."""
        held = self.sudo().receipt_hold_id  # sudo: a hold holds whoever follows up
        return bool(held) and (not held.date_until or held.date_until >= date)

    def _ask_what_it_was_for(self, receipts, date):
        told = in_words_of_company(self)
        amount = told._money(-sum(receipts.mapped("amount_currency")))
        note = told.env._(
            "%(amount)s came near the day of an instalment of exactly that amount, and lies on something older. If it "
            "was meant for the plan, match it with what the plan covers. Until this is done, and until %(day)s at the "
            "latest, the plan gets no worse and nothing of it is asked for.",
            amount=amount,
            day=format_date(told.env, date + ANSWERED_WITHIN),
        )
        told._hold_while_asked(amount, date)
        told.activity_schedule(
            MEANT,
            date_deadline=date,
            note=note,
            user_id=self.env["ir.cron"]._recovery_person(self).id,
        )

    def _hold_while_asked(self, amount, date):
        """Ask for nothing of the plan until it is known what ``amount`` (text) was for; in the company's words."""
        until = date + ANSWERED_WITHIN
        # sudo: it follows from what was found, whoever follows up
        plan = as_action(self.sudo())
        held = plan.receipt_hold_id
        if plan._is_answer_awaited(date):
            held.date_until = until
            return
        items = plan.item_ids.move_line_id.filtered(
            lambda item: not item.reconciled and item.partner_id.commercial_partner_id == plan.partner_id
        )
        if not items:  # a hold of no item would be on all that the debtor owes
            return
        plan.receipt_hold_id = held.create(
            {
                "partner_id": plan.partner_id.id,
                "company_id": plan.company_id.id,
                "move_line_ids": [Command.set(items.ids)],
                "kind": "manual",
                "date_from": date,
                "date_until": until,
                "reason": self.env._(
                    "Somebody is asked whether %(amount)s was meant for %(plan)s.",
                    amount=amount,
                    plan=plan.name,
                ),
                "user_id": self.env["ir.cron"]._recovery_person(self).id,
            }
        )

    def _end_receipt_hold(self, date):
        """What the money was for is known, or of no interest any more: from the day after ``date`` the plan goes on."""
        # sudo: it follows from the answer, whoever follows up
        held = as_action(self.sudo().filtered("receipt_hold_id"))
        if not held:
            return
        held.receipt_hold_id._with_parts()._end(date)
        held.receipt_hold_id = False

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
