"""The incentive: a discount earned by paying on time, given as a credit note when the plan is complete."""

from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import formatLang

from ...tools.discount import DiscountTerms, Part, earned_discount, possible_discount
from ...tools.money import split_by_weights, to_decimal
from ..common.kernel import exact, smallest

WHOLE = 100  # percent


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    discount_percent = fields.Float(
        string="Discount (%)",
        digits=(16, 4),
        terms=True,
        help="Discount on every instalment paid on time, in percent of it; given when the plan is complete.",
    )
    discount_amount = fields.Monetary(
        string="Discount per instalment",
        terms=True,
        help="Discount on every instalment paid on time, as an amount; given when the plan is complete.",
    )
    discount_possible = fields.Monetary(
        compute="_compute_discount_possible",
        store=True,
        string="Possible discount",
        protected=True,
        help="Discount when every instalment is paid on time.",
    )
    discount_earned = fields.Monetary(
        compute="_compute_discount_earned",
        string="Discount earned",
        help="Discount on the instalments paid on time so far; lost if the plan breaks.",
    )
    amount_net = fields.Monetary(
        string="Remaining, discount taken off",
        compute="_compute_amount_net",
        store=True,
        protected=True,
        help="The least that may still have to be received: what remains, less the possible discount.",
    )
    discount_move_id = fields.Many2one(
        "account.move",
        string="Discount credit note",
        readonly=True,
        copy=False,
        index="btree_not_null",
        protected=True,
        help="The credit note that gave the discount.",
    )

    @api.constrains("discount_percent", "discount_amount")
    def _check_discount(self):
        for plan in self:
            if not 0 <= plan.discount_percent < WHOLE or plan.discount_amount < 0:
                raise ValidationError(
                    self.env._("A discount is zero or more, and less than the instalment it is given on.")
                )

    @api.depends("discount_percent", "discount_amount", "instalment_ids.amount")
    def _compute_discount_possible(self):
        for plan in self:
            plan.discount_possible = plan._possible_discount(plan.instalment_ids.mapped("amount"))

    @api.depends("amount_residual", "discount_possible", "discount_move_id")
    def _compute_amount_net(self):
        for plan in self:
            discount = 0 if plan.discount_move_id else plan.discount_possible
            plan.amount_net = plan.amount_residual - discount

    @api.depends("amount_paid", "instalment_ids.amount_residual", "discount_possible", "discount_move_id")
    def _compute_discount_earned(self):
        discounts = self._discounts()
        for plan in self:
            discount = discounts.get(plan)
            # sudo: what the credit note gave is the plan's own figure, whoever may open the note itself
            given = plan.discount_move_id.sudo().amount_total
            plan.discount_earned = float(discount.earned) if discount else given

    def _possible_discount(self, amounts):
        """Return the discount on instalments of ``amounts``, all of them on time."""
        if not self.discount_percent and not self.discount_amount:
            return 0.0
        dues = [exact(amount, self.currency_id) for amount in amounts]
        return float(possible_discount(self._discount_terms(), dues))

    def _discount_terms(self):
        return DiscountTerms(
            to_decimal(self.discount_percent),
            exact(self.discount_amount, self.currency_id),
            self.policy_id.tolerance_days,
            self.currency_id.decimal_places,
            smallest(self.currency_id),
        )

    def _discounts(self):
        """Return {plan: Discount earned}, of plans that give one and have not yet."""
        plans = self.filtered(lambda plan: plan.discount_possible and not plan.discount_move_id)
        if not plans:
            return {}
        receipts = self.env["recovery.plan.allocation"]._read_group(
            [("plan_id", "in", plans.ids)], ["instalment_id"], ["date:max"]
        )
        received_on = dict(receipts)
        last = defaultdict(lambda: None)
        for instalment, date in receipts:
            last[instalment.plan_id] = max(last[instalment.plan_id] or date, date)
        return {
            plan: earned_discount(plan._discount_terms(), plan._discount_parts(received_on), last[plan])
            for plan in plans
        }

    def _discount_parts(self, received_on):
        currency = self.currency_id
        return [
            Part(
                row.date_due,
                exact(row.amount, currency),
                exact(row.amount_residual, currency),
                received_on.get(row),
            )
            for row in self.instalment_ids.sorted("number")
        ]

    def _complete_with_discount(self):
        """Return the plans that are complete because the discount they earned pays what remains."""
        discounts = self._discounts()
        return self.filtered(lambda plan: plan in discounts and discounts[plan].completes)

    def _give_discounts(self, date):
        """Give what the plans earned; return those with nothing left to give."""
        failed = self.browse()
        for plan, discount in self._discounts().items():
            if discount.earned and not plan._give_discount(discount.earned, date):
                failed |= plan
        return self - failed

    def action_open_discount(self):
        """Open the credit note that gave the discount."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.discount_move_id.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------ credit note

    def _give_discount(self, amount, date):
        """Post the credit note of the discount and reconcile it; tell whether that was possible.

        What stands in the way (no account, a locked journal) is told to the person
        responsible, and tried again at the next follow-up.
        """
        try:
            with self.env.cr.savepoint():
                self._post_discount(amount, date)
        except UserError as error:
            self._message_log(body=self.env._("The discount could not be given: %s", error))
            self._ask_person(self.env._("Give the discount: the plan is complete but for it."), date)
            return False
        return True

    def _post_discount(self, amount, date):
        # Collectors follow plans up without rights to post: what is posted follows from the agreement alone.
        plan = self.sudo()
        lines = plan.item_ids.move_line_id
        credit_note = plan.env["account.move"].create(plan._discount_move_vals(amount, date))
        owed = credit_note.line_ids.filtered(lambda line: line.display_type == "payment_term")
        owed.account_id = lines.account_id[:1]  # whatever account the debtor has by now, to be reconciled
        if credit_note.currency_id.compare_amounts(credit_note.amount_total, float(amount)):
            raise UserError(
                self.env._(
                    "the credit note makes %(found)s instead of %(amount)s: check the taxes of the invoices.",
                    found=formatLang(self.env, credit_note.amount_total, currency_obj=self.currency_id),
                    amount=formatLang(self.env, float(amount), currency_obj=self.currency_id),
                )
            )
        credit_note.action_post()
        plan.discount_move_id = credit_note
        self._message_log(
            body=self.env._(
                "Discount of %(amount)s given: %(credit_note)s.",
                amount=formatLang(self.env, float(amount), currency_obj=self.currency_id),
                credit_note=credit_note._get_html_link(),
            )
        )
        unpaid = lines.filtered(lambda line: not line.reconciled and line.account_id == owed.account_id)
        if unpaid:
            (owed + unpaid).reconcile()

    def _discount_move_vals(self, amount, date):
        invoices = self.item_ids.move_id.filtered(lambda move: move.is_sale_document())
        journal = invoices.journal_id[:1]
        return {
            "move_type": "out_refund",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": date,
            "date": date,
            # The debtor gets the credit note: it is in his language.
            "ref": self._in_debtor_s_language().env._("Discount for payment on time, %s", self.name),
            "invoice_payment_term_id": False,
            "fiscal_position_id": invoices.fiscal_position_id[:1].id,
            **({"journal_id": journal.id} if journal else {}),
            "partner_bank_id": False,
            "invoice_line_ids": [Command.create(vals) for vals in self._discount_line_vals(amount)],
        }

    def _discount_line_vals(self, amount):
        """Return credit note lines that share ``amount`` over the items, each with its own taxes."""
        weights = [exact(item.amount_covered, self.currency_id) for item in self.item_ids]
        shares = split_by_weights(amount, weights, smallest(self.currency_id), "spread")
        vals_list = []
        for item, share in zip(self.item_ids, shares, strict=True):
            if not share:
                continue
            vals_list += item._discount_line_vals(float(share))
        return vals_list

    def _take_discount_back(self, date):
        """Reverse the credit note: the discount is lost with the plan."""
        # Collectors follow plans up without rights to post: what is posted follows from the agreement alone.
        credit_note = self.sudo().discount_move_id
        credit_note._reverse_moves(
            [
                {
                    "date": date,
                    "invoice_date": date,
                    "ref": self._in_debtor_s_language().env._("Discount lost, %s", self.name),
                }
            ],
            cancel=True,
        )
        self.sudo().discount_move_id = False
        self._message_log(body=self.env._("Discount lost: %s is reversed.", credit_note._get_html_link()))
