from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_list
from odoo.tools.misc import formatLang

from ...tools.errors import KernelError
from ...tools.money import coarse
from ...tools.schedule import build_schedule, count_within, shortest_count
from ...tools.schedule_dates import PERIODS
from ..common.company_words import in_words_of_company
from ..common.kernel import exact, kernel_message
from .capacity import CONFIDENTIAL

#: How many times a year an instalment falls due.
PER_YEAR = {"week": 52, "fortnight": 26, "month": 12, "quarter": 4}
MONTHS_PER_YEAR = 12
#: The recommended option leaves a debtor this much of his capacity unused.
HEADROOM = 0.2
#: Longest plan compared when no policy limits it.
LONGEST = 24
#: Fewest payments that make a plan.
SHORTEST = 2
#: Which of several ways that give one schedule it is shown as.
TELLING = ("recommended", "own", "shortest", "longest")
#: Cash is compared over this many days from the first offer's date.
CASH_DAYS = 90


class RecoveryPlanOption(models.Model):
    """One way to pay what a draft plan covers, to compare with others."""

    _name = "recovery.plan.option"
    _description = "Plan Option"
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one("recovery.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    sequence = fields.Integer()
    kind = fields.Selection(
        [
            ("shortest", "Shortest"),
            ("recommended", "Recommended"),
            ("longest", "Longest allowed"),
            ("own", "As in the terms"),
        ],
        required=True,
        help="Shortest: the fewest instalments within the debtor's capacity. Recommended: with a margin. "
        "Longest: as many as the policy and the debtor's risk class allow.",
    )
    instalment_count = fields.Integer(string="Instalments", help="How many, the down payment not counted.")
    amount = fields.Monetary(
        string="Largest instalment", help="The most to pay at one time, down payment apart."
    )
    date_first = fields.Date(string="First on")
    date_last = fields.Date(string="Last on")
    amount_total = fields.Monetary(string="Total")
    total_cost = fields.Monetary(
        help="What the debtor pays in all when every instalment is on time: the total less the discount."
    )
    capacity_share = fields.Float(
        string="Share of capacity (%)",
        groups=CONFIDENTIAL,
        help="How much of what the debtor can pay each month the largest instalment takes, in percent.",
    )
    exceptions = fields.Text(
        string="Outside policy", help="Limits the option exceeds, a reason on each line."
    )
    average_days = fields.Integer(
        string="Average wait (days)", help="Days until the average euro comes in, from the day of comparison."
    )
    cash_difference = fields.Monetary(
        string="Cash within 90 days",
        help="How much more, or less, than the recommended option comes in within 90 days.",
    )
    problem = fields.Char(help="Why this option gives no schedule.")
    also = fields.Char(
        string="The same as", readonly=True, help="Other ways to pay that give the same schedule."
    )
    charges = fields.Char(
        string="Late charges",
        readonly=True,
        help="What is owed for lateness on the day of comparison, and what becomes of it.",
    )
    schedule = fields.Json(
        string="Schedule by day", readonly=True, help="The instalments: day and amount of each."
    )
    schedule_preview = fields.Html(
        string="Schedule", compute="_compute_schedule_preview", help="The instalments, one on each line."
    )
    is_chosen = fields.Boolean(
        compute="_compute_is_chosen", help="The instalments of the plan are those of this option."
    )

    @api.depends("schedule", "currency_id")
    def _compute_schedule_preview(self):
        for option in self:
            rows = [
                Markup("<tr><td>%s</td><td class='text-end'>%s</td></tr>")
                % (
                    format_date(self.env, day),
                    formatLang(self.env, amount, currency_obj=option.currency_id),
                )
                for day, amount in option.schedule or ()
            ]
            option.schedule_preview = Markup("<table class='table table-sm'>%s</table>") % Markup().join(rows)

    @api.depends("schedule", "plan_id.instalment_ids.amount", "plan_id.instalment_ids.date_due")
    def _compute_is_chosen(self):
        for option in self:
            rows = option.plan_id.instalment_ids.sorted("number")
            agreed = [[fields.Date.to_string(row.date_due), row.amount] for row in rows]
            option.is_chosen = bool(agreed) and option.schedule == agreed

    def action_choose(self):
        """Make the option the plan's terms and compute its instalments."""
        self.ensure_one()
        plan = self.plan_id
        if self.kind != "own":
            plan.write(plan._option_terms(self.instalment_count))
        plan.generate_instalments()


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    option_ids = fields.One2many(
        "recovery.plan.option", "plan_id", string="Options", help="Ways to pay, side by side."
    )

    def action_compare_options(self, date=None):
        """Put the ways to pay side by side, as seen on ``date`` (today by default)."""
        self._require_state(("draft",), self.env._("compare options"))
        self.option_ids.unlink()
        for plan in map(in_words_of_company, self):
            seen_on = date or plan.company_id._recovery_today()
            # What a collector may not read, the share of capacity used, is worked out all the same.
            self.env["recovery.plan.option"].sudo().create(plan._option_vals(seen_on))

    def _option_vals(self, date):
        """Return the values of the plan's options, their cash compared with the recommended one's."""
        capacity = self._capacity(date)
        counts = self._option_counts(capacity)
        vals_list = [
            self._one_option(kind, sequence, count, capacity, date)
            for sequence, (kind, count) in enumerate(counts.items())
        ]
        cash = {vals["kind"]: vals.pop("cash", 0) for vals in vals_list}
        charges = self._words_of_charges(date)
        for vals in vals_list:
            if not vals.get("problem"):
                vals["cash_difference"] = cash[vals["kind"]] - cash["recommended"]
                vals["charges"] = charges
        return self._each_schedule_once(vals_list)

    def _each_schedule_once(self, vals_list):
        """Return the values of options without those whose schedule another one gives, which names them."""
        labels = dict(self.option_ids._fields["kind"]._description_selection(self.env))
        alike = defaultdict(list)
        for vals in vals_list:
            alike[str(vals.get("schedule") or vals["kind"])].append(vals)
        kept = []
        for group in alike.values():
            shown = min(group, key=lambda vals: TELLING.index(vals["kind"]))
            others = [labels[vals["kind"]] for vals in group if vals is not shown]
            kept.append({**shown, "also": format_list(self.env, others) if others else False})
        return sorted(kept, key=lambda vals: vals["sequence"])

    def _capacity(self, date):
        """Return what the debtor can pay each period, in the plan's currency, or nothing when not known.

        It is lowered to a coarse step: whoever compares options again and again learns the step, not the figure.
        """
        # sudo: the assessment is confidential, a collector negotiates within it without reading it
        assessment = self.env["recovery.capacity"].sudo()._current(self.partner_id, self.company_id, date)
        amount = coarse(assessment.amount)
        monthly = assessment.currency_id._convert(amount, self.currency_id, self.company_id, date)
        per_period = monthly * MONTHS_PER_YEAR / PER_YEAR[self._option_period()] if assessment else 0
        return self.currency_id.round(per_period)

    def _option_period(self):
        return self.period if self.period in PERIODS else "month"

    def _option_counts(self, capacity):
        """Return {kind: number of instalments}; the plan's own terms have no number of their own."""
        longest = self._longest_count()
        shortest = recommended = None
        if capacity:
            shortest = self._count_within(capacity)
            recommended = self._count_within(self.currency_id.round(capacity * (1 - HEADROOM)))
        shortest = shortest or min(SHORTEST, longest)
        recommended = recommended or min(self.policy_id.count_recommended or self.instalment_count, longest)
        return {
            "shortest": shortest,
            "recommended": max(recommended, shortest),
            "longest": max(longest, SHORTEST),
            "own": None,
        }

    def _count_within(self, capacity):
        """Return the fewest instalments of ``capacity`` at most, or nothing if no number does."""
        currency = self.currency_id
        try:
            return shortest_count(
                exact(self.amount_total - self._stated_down_payment(), currency),
                exact(capacity, currency),
                currency.decimal_places,
                self._rounding_unit(),
            )
        except KernelError:
            return None

    def _stated_down_payment(self):
        percent = self.amount_total * self.down_payment_percent / 100
        return self.down_payment or self.currency_id.round(percent)

    def _longest_count(self):
        """Return the most instalments that number, amount and duration allow."""
        policy, company_currency = self.policy_id, self.company_id.currency_id
        count = policy.count_max or LONGEST
        if policy.amount_min:
            date = self.company_id._recovery_today()
            smallest = company_currency._convert(policy.amount_min, self.currency_id, self.company_id, date)
            count = min(count, self._count_from(smallest))
        return self._count_in_time(max(count, 1))

    def _count_from(self, smallest):
        """Return the most instalments of ``smallest`` at least, of the currency's smallest unit at the very least."""
        currency = self.currency_id
        smallest = max(smallest, currency.rounding)
        # Exact: 99.30 holds 33.10 three times, in floats it does only twice.
        total = exact(self.amount_total - self._stated_down_payment(), currency)
        return int(total // exact(smallest, currency))

    def _count_in_time(self, count):
        """Return how many of ``count`` instalments are due within the duration allowed."""
        months = self._months_allowed()
        if not months:
            return count
        try:
            return count_within(self._equal_request(count), months)
        except (KernelError, UserError):
            return count  # the terms give no dates: each option says what is wrong with them

    def _months_allowed(self):
        """Return the longest time from the first instalment to the last, zero for no limit."""
        limits = (self.policy_id.months_max, self._class_months())
        return min((months for months in limits if months), default=0)

    def _option_terms(self, count):
        """Return the terms of ``count`` equal instalments, all else being as the plan says."""
        return {"shape": "equal", "instalment_count": count, "amount_max": 0, "period": self._option_period()}

    def _one_option(self, kind, sequence, count, capacity, date):
        vals = {"plan_id": self.id, "kind": kind, "sequence": sequence, "instalment_count": count or 0}
        try:
            schedule = build_schedule(
                self._schedule_request() if count is None else self._equal_request(count)
            )
        except KernelError as error:
            return {**vals, "problem": kernel_message(self.env, error)}
        except UserError as error:
            return {**vals, "problem": str(error)}
        rows = [(part.date, float(part.amount)) for part in schedule if not part.is_down_payment]
        down_payment = sum(float(part.amount) for part in schedule if part.is_down_payment)
        offer = self._offer(self.amount_total, down_payment, rows)
        largest = max(offer.amounts)
        soon = date + timedelta(days=CASH_DAYS)
        return {
            **vals,
            "instalment_count": len(rows),
            "schedule": [[fields.Date.to_string(part.date), float(part.amount)] for part in schedule],
            "amount": largest,
            "date_first": schedule[0].date,
            "date_last": schedule[-1].date,
            "amount_total": self.amount_total,
            "total_cost": self.amount_total - self._possible_discount([part.amount for part in schedule]),
            "capacity_share": 100 * largest / capacity if capacity else 0,
            "exceptions": "\n".join(self._limits_exceeded(offer, date)),
            "average_days": round(
                sum(float(part.amount) * (part.date - date).days for part in schedule) / self.amount_total
            ),
            "cash": sum(float(part.amount) for part in schedule if part.date <= soon),
        }

    def _equal_request(self, count):
        """Return the request of ``count`` equal instalments, all else being as the plan says."""
        plan = self.new(self._option_terms(count), origin=self)
        return plan._schedule_request(total=exact(self.amount_total, self.currency_id))
