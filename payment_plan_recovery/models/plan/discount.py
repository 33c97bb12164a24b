"""The incentive: a discount earned by paying on time, given as a credit note when the plan is complete."""

from collections import defaultdict

from markupsafe import Markup
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.discount import DiscountTerms, Part, earned_discount, possible_discount
from ...tools.follow_up import NEVER_CLOSED
from ...tools.money import split_by_weights, to_decimal
from ..claim.open_money_facts import MONEY_JOURNALS
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
    discount_move_ids = fields.Many2many(
        "account.move",
        "recovery_plan_discount_rel",
        string="Discount credit notes",
        readonly=True,
        copy=False,
        protected=True,
        ondelete="restrict",
        help="The credit notes that gave the discount: one in the books of each branch whose items the plan covers.",
    )
    discount_move_id = fields.Many2one(
        "account.move",
        string="Discount credit note",
        compute="_compute_discount_move_id",
        store=True,
        index="btree_not_null",
        protected=True,
        ondelete="restrict",
        help="The credit note that gave the discount; the first of several.",
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

    @api.depends("discount_move_ids")
    def _compute_discount_move_id(self):
        for plan in self:
            plan.discount_move_id = plan.discount_move_ids.sorted("id")[:1]

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
            # sudo: what the credit notes gave is the plan's own figure, whoever may open the notes themselves
            given = sum(plan.sudo().discount_move_ids.mapped("amount_total"))
            plan.discount_earned = float(discount.earned) if discount else given

    def _possible_discount(self, amounts):
        """Return the discount on instalments of ``amounts``, all of them on time."""
        if not self.discount_percent and not self.discount_amount:
            return 0.0
        dues = [exact(amount, self.currency_id) for amount in amounts]
        return float(possible_discount(self._discount_terms(), dues))

    def _discount_terms(self, closed=NEVER_CLOSED):
        return DiscountTerms(
            to_decimal(self.discount_percent),
            exact(self.discount_amount, self.currency_id),
            self.policy_id.tolerance_days,
            self.currency_id.decimal_places,
            smallest(self.currency_id),
            closed,
        )

    def _discounts(self):
        """Return {plan: Discount earned}, of plans that give one and have not yet."""
        plans = self.filtered(lambda plan: plan.discount_possible and not plan.discount_move_id)
        if not plans:
            return {}
        # sudo: who follows a plan may not read the journals of what settled it
        settled = self.env["recovery.plan.allocation"].sudo()
        by_money = [("plan_id", "in", plans.ids), ("move_line_id.journal_id.type", "in", MONEY_JOURNALS)]
        otherwise = [("plan_id", "in", plans.ids), ("move_line_id.journal_id.type", "not in", MONEY_JOURNALS)]
        received_on = dict(settled._read_group(by_money, ["instalment_id"], ["date:max"]))
        credited = dict(settled._read_group(otherwise, ["instalment_id"], ["amount:sum"]))
        last = defaultdict(lambda: None)
        for instalment, date in received_on.items():
            last[instalment.plan_id] = max(last[instalment.plan_id] or date, date)
        closed = plans._closed_by_company()
        return {
            plan: earned_discount(
                plan._discount_terms(closed[plan.company_id]),
                plan._discount_parts(received_on, credited),
                last[plan],
            )
            for plan in plans
        }

    def _discount_parts(self, received_on, credited):
        currency = self.currency_id
        return [
            Part(
                row.date_due,
                exact(row.amount, currency),
                exact(row.amount_residual, currency),
                received_on.get(row),
                exact(credited.get(row, 0.0), currency),
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
        """Open the credit note that gave the discount, or the list of them."""
        self.ensure_one()
        # Those of branches in which the user does not work stay closed to him.
        notes = self.discount_move_ids._filtered_access("read")
        return notes._recovery_listed(self.env._("Discount credit notes"))

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
        for items, share in plan._discount_by_books(amount):
            if share:
                plan.with_company(items.company_id)._post_credit_note(items, share, date)
        self._message_log(
            body=self.env._(
                "Discount of %(amount)s given: %(credit_note)s.",
                amount=self._money(float(amount)),
                credit_note=Markup(", ").join(note._get_html_link() for note in plan.discount_move_ids),
            )
        )

    def _discount_by_books(self, amount):
        """Return [(covered items, their part of the discount)], of each company and receivable account.

        It pays what remains there; what it pays nothing with goes by what each had covered.
        """
        books = self.item_ids.grouped(lambda item: (item.company_id, item.move_line_id.account_id))
        covered, paid = (
            [exact(sum(items.mapped(field)), self.currency_id) for items in books.values()]
            for field in ("amount_covered", "amount_paid")
        )
        left = [whole - part for whole, part in zip(covered, paid, strict=True)]
        paying, unit = min(amount, sum(left)), smallest(self.currency_id)
        parts = split_by_weights(paying, left, unit) if paying else left
        over = split_by_weights(amount - paying, covered, unit) if amount > paying else [0] * len(left)
        return [(items, part + more) for items, part, more in zip(books.values(), parts, over, strict=True)]

    def _post_credit_note(self, items, amount, date):
        """Post the credit note of the discount's part on one account of a company, and match it with its items."""
        lines = items.move_line_id
        credit_note = self.env["account.move"].create(self._discount_move_vals(items, amount, date))
        owed = credit_note.line_ids.filtered(lambda line: line.display_type == "payment_term")
        owed.account_id = lines.account_id  # whatever account the debtor has by now, to be reconciled
        if credit_note.currency_id.compare_amounts(credit_note.amount_total, float(amount)):
            raise UserError(
                self.env._(
                    "the credit note makes %(found)s instead of %(amount)s: check the taxes of the invoices.",
                    found=self._money(credit_note.amount_total),
                    amount=self._money(float(amount)),
                )
            )
        credit_note.action_post()
        self.discount_move_ids |= credit_note
        unpaid = lines.filtered(lambda line: not line.reconciled)
        if unpaid:
            (owed + unpaid).reconcile()

    def _discount_move_vals(self, items, amount, date):
        invoices = items.move_id.filtered(lambda move: move.is_sale_document())
        journal = invoices.journal_id[:1]
        return {
            "move_type": "out_refund",
            "partner_id": self.partner_id.id,
            "company_id": items.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": date,
            "date": date,
            # The debtor gets the credit note: it is in his language.
            "ref": self._in_debtor_s_language().env._("Discount for payment on time, %s", self.name),
            "invoice_payment_term_id": False,
            "fiscal_position_id": invoices.fiscal_position_id[:1].id,
            **({"journal_id": journal.id} if journal else {}),
            "partner_bank_id": False,
            "invoice_line_ids": [Command.create(vals) for vals in self._discount_line_vals(items, amount)],
        }

    def _discount_line_vals(self, items, amount):
        """Return credit note lines that share ``amount`` over ``items``, each with its own taxes."""
        weights = [exact(item.amount_covered, self.currency_id) for item in items]
        shares = split_by_weights(amount, weights, smallest(self.currency_id), "spread")
        vals_list = []
        for item, share in zip(items, shares, strict=True):
            if share:
                vals_list += self._discount_lines_of(item, float(share))
        return vals_list

    def _discount_lines_of(self, item, share):
        """Return the credit note lines that take ``share``, taxes in proportion included, off a covered item."""
        move = item.move_id
        name = self._in_debtor_s_language().env._("Discount for payment on time, %s", move.name)
        account = item.company_id._recovery_nearest("recovery_discount_account_id")
        if not move.is_sale_document():
            if not account:
                raise UserError(
                    self.env._(
                        "%s is no invoice: set the account of plan discounts in the settings.", move.name
                    )
                )
            return [
                {"name": name, "quantity": 1, "price_unit": share, "account_id": account.id, "tax_ids": []}
            ]
        taxes = self.env["account.tax"]
        base_lines = taxes._prepare_down_payment_lines(
            base_lines=move._get_rounded_base_and_tax_lines()[0],
            company=move.company_id,
            amount_type="fixed",
            amount=share,
            computation_key=f"recovery_discount,{item.id}",
            grouping_function=lambda base_line: {"account_id": base_line["account_id"]},
        )
        return [
            {
                "name": name,
                "quantity": 1,
                "price_unit": base_line["price_unit"],
                "tax_ids": [Command.set(base_line["tax_ids"].ids)],
                "account_id": (account or base_line["account_id"]).id,
                "analytic_distribution": base_line["analytic_distribution"],
                "extra_tax_data": taxes._export_base_line_extra_tax_data(base_line),
            }
            for base_line in base_lines
        ]

    def _earn_discount_anew(self, date):
        """Take the discount back from plans whose money went back: whether it comes in time decides anew.

        What stands in the way is told to the person responsible.
        """
        for plan in self.filtered("discount_move_id"):
            try:
                with self.env.cr.savepoint():
                    plan._take_discount_back(date)
            except UserError as error:
                plan._message_log(body=self.env._("The discount could not be taken back: %s", error))
                plan._ask_person(self.env._("Reverse the discount: a payment was undone."), date)

    def _take_discount_back(self, date):
        """Reverse the credit notes: the discount is lost with the plan."""
        # Collectors follow plans up without rights to post: what is posted follows from the agreement alone.
        credit_notes = self.sudo().discount_move_ids
        lost = {
            "date": date,
            "invoice_date": date,
            "ref": self._in_debtor_s_language().env._("Discount lost, %s", self.name),
        }
        for credit_note in credit_notes:  # each in the books of its own company
            credit_note.with_company(credit_note.company_id)._reverse_moves([lost], cancel=True)
            self._message_log(body=self.env._("Discount lost: %s is reversed.", credit_note._get_html_link()))
        self.sudo().discount_move_ids = False
