"""How a plan's terms become its instalments."""

import re

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.money import to_decimal
from ...tools.schedule import Instalment, ScheduleRequest, build_schedule, rebalance, validate_schedule
from ..common.kernel import exact, kernel_errors


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

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
        return exact(self.rounding_unit, self.currency_id) if self.rounding_unit else None

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
        start = start or fields.Date.context_today(self)
        return self.company_id._recovery_closed_days(start)
