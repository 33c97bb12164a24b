"""How a plan's terms become its instalments."""

import re
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.allocation import Due, paid_amounts
from ...tools.money import to_decimal
from ...tools.schedule import Instalment, ScheduleRequest, build_schedule, rebalance, validate_schedule
from ..common.kernel import exact, kernel_errors, smallest
from .policy import BUSINESS_DAYS

#: Days a debtor has for the down payment that a negotiation begins with.
DOWN_PAYMENT_DAYS = 8


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    date_start = fields.Date(
        string="First instalment",
        copy=False,
        default=lambda self: self.env.company._recovery_today() + relativedelta(months=1),
        terms=True,
        help="Date of the first instalment.",
    )
    period = fields.Selection(
        [
            ("week", "Week"),
            ("fortnight", "Fortnight"),
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("dates", "Dates written below"),
        ],
        default="month",
        required=True,
        terms=True,
        help="Time between two instalments, or the dates written in the list of instalments.",
    )
    instalment_count = fields.Integer(
        string="Number of instalments",
        default=6,
        terms=True,
        help="How many instalments, the down payment not counted.",
    )
    amount_max = fields.Monetary(
        string="Maximum instalment",
        terms=True,
        help="When set, the number of instalments is the smallest that keeps each one within this amount.",
    )
    shape = fields.Selection(
        [
            ("equal", "Equal"),
            ("stepped", "Stepped"),
            ("weighted", "Weighted"),
            ("written", "Amounts written below"),
        ],
        default="equal",
        required=True,
        terms=True,
        help="How instalments compare: equal, rising by steps, in proportion to weights, or written by hand "
        "in the list of instalments.",
    )
    step_percent = fields.Float(
        string="Step (%)",
        terms=True,
        help="How much instalments grow at each step, in percent; negative to shrink.",
    )
    step_amount = fields.Monetary(
        string="Step",
        terms=True,
        help="How much instalments grow at each step, as an amount; negative to shrink.",
    )
    step_every = fields.Integer(
        string="Instalments per step",
        default=1,
        terms=True,
        help="How many instalments stay the same before the next step.",
    )
    weights = fields.Char(
        terms=True, help="One figure per instalment: with “1, 1, 2” the third is twice the others."
    )
    paused_months = fields.Char(
        "Paused months",
        terms=True,
        help="Months without instalment, as numbers: “7, 8” for July and August. "
        "The number of instalments is kept.",
    )
    down_payment = fields.Monetary(
        "Down payment", terms=True, help="Amount paid at once, before the first instalment."
    )
    down_payment_percent = fields.Float(
        string="Down payment (%)",
        terms=True,
        help="Down payment in percent of the covered total, in place of an amount.",
    )
    down_payment_date = fields.Date("Down payment due on", terms=True, help="When the down payment is due.")
    rounding_unit = fields.Monetary(
        "Rounding unit",
        terms=True,
        help="Instalments are multiples of this amount; one instalment takes the remainder.",
    )
    remainder_on = fields.Selection(
        [("first", "First instalment"), ("last", "Last instalment"), ("spread", "Spread")],
        string="Remainder on",
        default="last",
        required=True,
        terms=True,
        help="Which instalment takes what rounding leaves.",
    )
    end_of_month = fields.Boolean(
        string="Month end",
        terms=True,
        help="When the first instalment falls on the last day of its month, so does every other.",
    )
    business_days = fields.Selection(
        BUSINESS_DAYS,
        string="Not on a working day",
        compute="_compute_business_days",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        terms=True,
        help="Where an instalment moves when its date is no working day of the company.",
    )

    @api.depends("policy_id")
    def _compute_business_days(self):
        for plan in self:
            plan.business_days = plan.policy_id.business_days or plan.business_days or "none"

    def _begin_as_recommended(self, date):
        """Give a new draft the terms that its policy begins a negotiation with, on ``date``."""
        policy, terms = self.policy_id, {}
        wanted = policy.down_payment_recommended and policy._wants_down_payment(
            self.amount_total, self.currency_id, self.company_id, date
        )
        if wanted and not self._is_down_payment_lifted():
            terms = {
                "down_payment_percent": policy.down_payment_recommended,
                "down_payment_date": date + timedelta(days=DOWN_PAYMENT_DAYS),
            }
        self.write(terms)
        count = policy.count_recommended or self.instalment_count
        self.instalment_count = min(count, self._longest_count())

    def generate_instalments(self):
        """Replace the instalments of draft plans by those their terms give.

        :raise UserError: the plan is no draft, or its terms describe no schedule
        """
        self._open_terms(self.env._("compute the instalments"))
        vals_list = []
        for plan in self:
            with kernel_errors(self.env):
                vals_list += plan._instalment_vals(build_schedule(plan._schedule_request()))
        self.instalment_ids.unlink()
        self.env["recovery.plan.instalment"].create(vals_list)

    def rebalance(self, instalment, amount=None, date=None, mode="next"):
        """Change one instalment of a draft and let later ones keep the total.

        :param amount: the new amount, in the plan's currency
        :param date: the new date, between the neighbours' dates
        :param mode: who takes the difference: the ``next`` instalment, the ``last``, or it is ``spread``
        """
        self.ensure_one()
        self._open_terms(self.env._("change the instalments"))
        rows = self.instalment_ids.sorted("number")
        with kernel_errors(self.env):
            schedule = rebalance(
                self._schedule(rows),
                list(rows).index(instalment),
                None if amount is None else exact(amount, self.currency_id),
                date,
                mode,
                decimals=self.currency_id.decimal_places,
                unit=self._rounding_unit(),
            )
        for row, part in zip(rows, schedule, strict=True):
            row.write({"amount": float(part.amount), "date_due": part.date})

    def _schedule(self, rows=None):
        """Return the plan's instalments as the kernel's, by number."""
        rows = self.instalment_ids.sorted("number") if rows is None else rows
        return tuple(
            Instalment(row.number, row.date_due, exact(row.amount, self.currency_id), row.number == 0)
            for row in rows
        )

    def _check_schedule(self):
        """Refuse instalments that are not numbered, dated and summed as they must be."""
        for plan in self:
            with kernel_errors(self.env):
                validate_schedule(
                    plan._schedule(),
                    exact(plan.amount_total, plan.currency_id),
                    plan.currency_id.decimal_places,
                )

    def _instalment_vals(self, schedule):
        return [
            {"plan_id": self.id, "number": part.number, "date_due": part.date, "amount": float(part.amount)}
            for part in schedule
        ]

    def _schedule_request(self, **changes):
        """Return the plan's terms as the kernel's request; ``changes`` replace some of them."""
        self.ensure_one()
        currency = self.currency_id
        terms = {
            "total": exact(self.amount_total, currency),
            "decimals": currency.decimal_places,
            "unit": self._rounding_unit(),
            "smallest": smallest(currency),
            "remainder": self.remainder_on,
            "pauses": self._paused_months(),
            **self._count_terms(),
            **self._date_terms(),
            **self._shape_terms(),
            **self._down_payment_terms(),
            **changes,
        }
        if terms.get("convention", "none") != "none":
            holidays, weekend = self._closed_days(terms.get("start") or min(terms["dates"]))
            terms.update(holidays=holidays, weekend=weekend)
        return ScheduleRequest(**terms)

    def _rounding_unit(self):
        """Return what instalments are multiples of: the unit of the terms, or the currency's smallest amount."""
        unit, least = exact(self.rounding_unit, self.currency_id), smallest(self.currency_id)
        return least if 0 <= unit < least else unit

    def _count_terms(self):
        if self.shape in ("weighted", "written") or self.period == "dates":
            return {}
        if self.amount_max:
            return {"max_amount": exact(self.amount_max, self.currency_id)}
        return {"count": self.instalment_count}

    def _date_terms(self):
        terms = {"convention": self.business_days, "end_of_month": self.end_of_month}
        if self.period == "dates":
            return {**terms, "dates": self._written_rows().mapped("date_due")}
        return {**terms, "start": self.date_start or None, "period": self.period}

    def _shape_terms(self):
        currency = self.currency_id
        terms = {"shape": self.shape}
        if self.shape == "stepped":
            terms["step_every"] = self.step_every
            if self.step_percent:
                terms["step_percent"] = to_decimal(self.step_percent)
            if self.step_amount:
                terms["step_amount"] = exact(self.step_amount, currency)
        elif self.shape == "weighted":
            terms["weights"] = [to_decimal(word) for word in self._words(self.weights)]
        elif self.shape == "written":
            terms["amounts"] = [exact(amount, currency) for amount in self._written_rows().mapped("amount")]
        return terms

    def _down_payment_terms(self):
        terms = {"down_payment_date": self.down_payment_date or None}
        if self.down_payment:
            terms["down_payment"] = exact(self.down_payment, self.currency_id)
        if self.down_payment_percent:
            terms["down_payment_percent"] = to_decimal(self.down_payment_percent)
        return terms

    def _written_rows(self):
        """Return the instalments whose dates or amounts were written by hand, the down payment apart."""
        rows = self.instalment_ids.filtered("number").sorted(lambda row: (row.number, row.id))
        if not rows:
            raise UserError(
                self.env._("Write the instalments first: their dates or amounts are taken from there.")
            )
        return rows

    def _paused_months(self):
        words = self._words(self.paused_months)
        if not all(word.isdecimal() for word in words):
            raise UserError(
                self.env._(
                    "Write the paused months as numbers from 1 to 12, such as “7, 8” for July and August."
                )
            )
        return tuple(sorted({int(word) for word in words}))

    @staticmethod
    def _words(text):
        return [word for word in re.split(r"[\s,;]+", text or "") if word]

    def _closed_days(self, start):
        """Return the holidays from ``start`` on and the weekend of the creditor's working calendar."""
        start = start or self.company_id._recovery_today()
        return self.company_id._recovery_closed_days(start)

    def _paid_by_instalment(self, amount=None):
        """Return {instalment: amount received} when the plan received ``amount``, all it did by default."""
        currency = self.currency_id
        received = self.amount_paid if amount is None else amount
        # A row being written by hand may have no amount yet: nothing can be spread on it.
        rows = self.instalment_ids.sorted("number").filtered(lambda row: row.amount > 0)
        dues = [Due(row, row.date_due, exact(row.amount, currency)) for row in rows]
        paid = paid_amounts(dues, exact(received, currency)) if currency else {}
        return {row: float(amount) for row, amount in paid.items()}
