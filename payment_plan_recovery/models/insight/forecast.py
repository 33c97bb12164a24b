"""When open items will be paid, and what comes in by week: counted from what debtors did, then what is known."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...tools import forecast as kernel
from ...tools.days import moved
from ...tools.forecast_circumstances import Circumstances
from ...tools.forecast_history import History
from ...tools.forecast_rhythm import MONTH, PLACES
from ..common.counted import counted
from .forecast_cash import Cash
from .forecast_facts import Means
from .forecast_situation import Situation

#: Days for which a chance is told.
HORIZONS = (7, 14, 30, 60, 90)
#: Days for which a dispute or another hold without end keeps the money away.
OPEN_HOLD_DAYS = 30
#: Share of what is on hold that is paid afterwards, by kind of hold; of other kinds as if there had been none.
PAID_AFTER_HOLD = {"insolvency": 0.0, "litigation": 0.5}
#: What is believed of promises and plans before there are any: the share kept, and what that weighs.
PROMISE_PRIOR, PLAN_PRIOR = (0.6, 4), (0.75, 4)


class Forecast(NamedTuple):
    """What is expected of one open journal item.

    ``date_expected`` lies in the middle, and eight in ten payments between ``date_early`` and ``date_late``;
    they are None where nothing is expected. ``chances`` gives the chance to be paid within so many days.
    ``reasons`` are pairs of a code and its figures (:meth:`RecoveryForecast._reason_text` words them).
    """

    date_expected: object
    date_early: object
    date_late: object
    chances: dict
    reasons: tuple


class Known(NamedTuple):
    """An open item at the day of the forecast, and what may still happen to it."""

    item_id: int
    debtor_id: int
    date_due: object
    amount: float
    outlook: object
    reasons: tuple
    # what a forecast has to beat: days that the debtor pays late in the mean, share of its payments that came late
    late: float
    share_late: float

    def day_by_mean(self):
        """The day on which it would be paid if its debtor always took its mean."""
        return moved(self.date_due, timedelta(days=round(self.late)))


class RecoveryForecast(models.AbstractModel):
    """Entry points of the forecast. Nothing later than the day asked is read."""

    _name = "recovery.forecast"
    _description = "Payment Forecast"
    _inherit = "recovery.forecast.facts"

    @api.model
    def predict(self, date, partners=None):
        """Return {journal item id: :class:`Forecast`} of what is open at ``date``.

        :param date: day of the forecast; today for what is to come, an earlier day to see how good it was
        :param partners: debtors to look at, all when left out
        """
        self._check_reader()
        date = fields.Date.to_date(date)
        return {known.item_id: self._forecast(date, known) for known in self._known(date, partners)}

    @api.model
    def cash(self, date, weeks=13):
        """Return what comes in by week from what is open at ``date``, in company currency.

        :param weeks: number of weeks from the day after ``date``
        :return: for each week (first day, what falls due in it or is overdue at its start in the first, expected,
            low, high); eight in ten sums lie between the last two
        """
        self._check_reader()
        date = fields.Date.to_date(date)
        cash = Cash(date, weeks)
        for known in self._known(date):
            cash.add(known)
        return cash.told(self.env.company.currency_id)

    # -- what is known ---------------------------------------------------------------------

    def _known(self, date, partners=None, then=None):
        """Yield a :class:`Known` for each item open at ``date``.

        :param then: the :class:`Situation` of everybody at ``date``, where it is known already
        """
        self._flush()
        companies = self._creditor()
        debtors = partners.commercial_partner_id if partners is not None else None
        then = then or self._situation(companies, date, debtors)
        facts = self._words(companies, date, debtors)
        for item_id, debtor_id, date_due, amount in then.items:
            curve = then.curve(debtor_id, date_due, amount)
            age = (date - date_due).days
            outlook, reasons = facts(item_id, debtor_id, curve, age) or (curve.outlook(age), ())
            reasons = (*reasons, *then.reasons(debtor_id, amount))
            yield Known(item_id, debtor_id, date_due, amount, outlook, reasons, *then.means(debtor_id))

    @api.model
    def _check_reader(self):
        """Refuse whoever may not read receivables: the statements go round the ORM's rights.

        :raise AccessError: no right to read the forecast
        """
        self.env["recovery.forecast.line"].check_access("read")

    @api.model
    def _creditor(self):
        """Return the company and its branches, as far as the user may see them: what they are owed counts together."""
        return self.env.company._recovery_branches_seen()

    @api.model
    def _situation(self, companies, date, debtors=None):
        """Return the :class:`Situation` at ``date``: what everybody paid, and what ``debtors`` owe, all when None."""
        items = self._read(
            SQL(
                "SELECT id, debtor_id, date_due, residual_company::float FROM (%s) item ORDER BY debtor_id, id",
                self._foreseen_items(companies, date, debtors),
            ),
            debtors,
        )
        ages = defaultdict(list)
        owed = ((debtor_id, date_due) for _item_id, debtor_id, date_due, _amount in items)
        # what was given up was not paid until today either
        for debtor_id, date_due in chain(owed, self._never_paid(companies, date, debtors)):
            ages[debtor_id].append((date - date_due).days)
        payments = self._payments(companies, date)
        history = History(payments, self._segments({*payments, *ages}))
        return Situation(date, items, ages, history, Circumstances(history), Means(payments))

    def _words(self, companies, date, debtors):
        """Return a function (item id, debtor id, curve, age) → (outlook, reasons) for what more is known, or None."""
        plans = self._plan_outlooks(companies, date, debtors)
        holds, last_days = self._holds(companies, date, debtors)
        holds = _by_item_or_debtor(holds)
        promises = _by_item_or_debtor(self._promises(companies, date, debtors))
        kept = self._chances_kept(companies, date) if promises else None

        def facts(item_id, debtor_id, curve, age):
            if item_id in plans:
                return plans[item_id](curve)
            hold = holds.get(("item", item_id)) or holds.get(("debtor", debtor_id))
            if hold:
                return self._on_hold(hold, last_days[hold.id], date, curve, age)
            promise = promises.get(("item", item_id)) or promises.get(("debtor", debtor_id))
            if promise:
                return self._on_promise(promise, date, curve, age, kept(debtor_id))
            return None

        return facts

    def _on_hold(self, hold, last_day, date, curve, age):
        until = last_day or max(
            hold.date_review or date, fields.Date.add(hold.date_from, days=OPEN_HOLD_DAYS)
        )
        share = PAID_AFTER_HOLD.get(hold.kind, 1.0)
        outlook = kernel.suspended(curve, age, (until - date).days, share)
        return outlook, (("hold", {"kind": hold.kind, "since": hold.date_from, "until": last_day or None}),)

    def _on_promise(self, promise, date, curve, age, kept):
        wait = (promise.date_promised - date).days
        tolerance = (promise.date_deadline - promise.date_promised).days
        outlook = kernel.promised(curve, age, wait, tolerance, kept)
        return outlook, (("promise", {"date": promise.date_promised, "chance": kept}),)

    def _chances_kept(self, companies, date):
        """Return a function debtor id → chance that its promise is kept: its own record, everybody's beside it."""
        own, together = self._words_kept(companies, date)
        share = kernel.chance_kept(*together, *PROMISE_PRIOR)
        worth = PROMISE_PRIOR[1]
        return lambda debtor_id: kernel.chance_kept(*own.get(debtor_id, (0, 0)), share, worth)

    def _plan_outlooks(self, companies, date, debtors):
        """Return {item id: function of the debtor's curve → (outlook, reasons)} for what plans in force cover.

        An item is paid by the instalments that are still to come, oldest items first, each as late as the
        debtor pays otherwise; and the plan is kept as often as plans were.
        """
        found = {}
        plans = self._plans(companies, date, debtors)
        if not plans:
            return found
        share = kernel.chance_kept(*self._plans_kept(companies, date), *PLAN_PRIOR)
        # The instalments pay the items of other branches too, which take their part of the schedule.
        books = companies.union(*(plan.item_ids.company_id for plan in plans.values()))
        residuals = dict(
            self._read(
                SQL(
                    "SELECT id, residual::float FROM (%s) item WHERE id = ANY(%s)",
                    self._foreseen_items(books, date, debtors),
                    list(plans),
                ),
                debtors,
            )
        )
        items_of = {}
        for item_id, plan in plans.items():
            items_of.setdefault(plan, []).append(item_id)
        for plan, item_ids in items_of.items():
            schedule = _still_to_come(plan, sum(residuals.get(item_id, 0.0) for item_id in item_ids))
            for item_id, parts in _laid_over(item_ids, residuals, schedule):
                found[item_id] = _by_instalments(parts, date, share, plan)
        return found

    # -- what is told ----------------------------------------------------------------------

    def _forecast(self, date, known):
        outlook = known.outlook
        days = [outlook.days(share) for share in (kernel.MIDDLE, kernel.EARLY, kernel.LATE)]
        dates = [date + timedelta(days=day) if day < kernel.HIGH else None for day in days]
        chances = {horizon: outlook.chance(horizon) for horizon in HORIZONS}
        return Forecast(*dates, chances, known.reasons)

    @api.model
    def _reason_text(self, reason):
        """Return a reason of a :class:`Forecast` in the user's words."""
        code, figures = reason
        if code in ("habit", "rhythm", "size", "lately", "hold"):
            return getattr(self, f"_{code}_text")(figures)
        if code == "promise":
            return self.env._(
                "promised for %(date)s; such promises are kept %(chance)s %% of the time",
                date=format_date(self.env, figures["date"]),
                chance=round(100 * figures["chance"]),
            )
        if code == "plan":
            return self.env._("paid by the instalments of %s", figures["plan"])
        count = counted(self.env, "payment", figures["count"])
        return self.env._("too little history (%s): taken to pay like the others", count)

    def _hold_text(self, figures):
        """Until when nobody pays, as somebody said it: an end that is only assumed is not told."""
        if figures["until"]:
            return self.env._("on hold until %s", format_date(self.env, figures["until"]))
        return self.env._("on hold since %s, without an end", format_date(self.env, figures["since"]))

    def _habit_text(self, figures):
        """How late the debtor's last invoices were paid, or how early."""
        told = figures | {"middle": counted(self.env, "day", abs(figures["middle"]))}
        if figures["middle"] < 0:
            return self.env._("%(late)s of the last %(count)s late, %(middle)s early in the middle", **told)
        return self.env._("%(late)s of the last %(count)s late, %(middle)s in the middle", **told)

    def _rhythm_text(self, figures):
        """The days on which a debtor pays, in the user's words."""
        if figures["kind"] == MONTH:
            middle = (figures["first"] + 1) % PLACES
            if middle >= PLACES - 3:
                return self.env._("%(hits)s of the last %(count)s at the end of a month", **figures)
            return self.env._(
                "%(hits)s of the last %(count)s around day %(day)s of a month", day=middle + 1, **figures
            )
        weekday = format_date(self.env, date(2024, 1, 1 + figures["first"]), date_format="EEEE")
        return self.env._("%(hits)s of the last %(count)s on a %(weekday)s", weekday=weekday, **figures)

    def _size_text(self, figures):
        """That invoices of such an amount, beside what is usual for the debtor, take other times."""
        told = figures | {"days": counted(self.env, "day", abs(figures["days"]))}
        if figures["days"] > 0:
            return self.env._("invoices of this size come %(days)s later (%(count)s counted)", **told)
        return self.env._("invoices of this size come %(days)s earlier (%(count)s counted)", **told)

    def _lately_text(self, figures):
        """That everybody takes other times lately."""
        days = counted(self.env, "day", abs(figures["days"]))
        told = {"days": days, "count": counted(self.env, "payment", figures["count"])}
        if figures["days"] > 0:
            return self.env._("everybody pays %(days)s later lately (%(count)s)", **told)
        return self.env._("everybody pays %(days)s earlier lately (%(count)s)", **told)


def _by_item_or_debtor(records):
    """Records by what they are about: items, or all that the debtor owes; the latest of each."""
    found = {}
    for record, items in records._named_items().items():
        for item_id in items.ids:
            found["item", item_id] = record
        if not items:
            found["debtor", record.partner_id.id] = record
    return found


def _still_to_come(plan, residual):
    """The parts of a plan's instalments that ``residual`` is left of: (due date, amount), oldest first."""
    instalments = plan.instalment_ids.sorted("number")
    paid = sum(instalments.mapped("amount")) - residual
    parts = []
    for instalment in instalments:
        settled = min(max(paid, 0.0), instalment.amount)
        paid -= settled
        if instalment.amount - settled > 0:
            parts.append((instalment.date_due, instalment.amount - settled))
    return parts


def _laid_over(item_ids, residuals, schedule):
    """Yield (item id, [(due date, share of the item)]): the schedule's parts end to end over the items."""
    parts = list(schedule)
    for item_id in sorted(item_ids):
        left, of_item = residuals.get(item_id, 0.0), []
        whole = left
        while left > 0 and parts:
            day, amount = parts[0]
            taken = min(left, amount)
            of_item.append((day, taken / whole))
            left -= taken
            parts[0] = (day, amount - taken)
            if parts[0][1] <= 0:
                parts.pop(0)
        yield item_id, of_item


def _by_instalments(parts, date, kept, plan):
    """Return the function of a debtor's curve that gives the outlook of an item paid by these parts."""

    def outlook(curve):
        ways = tuple(
            kernel.Branch(kept * share, 0, curve.on(day).outlook((date - day).days)) for day, share in parts
        )
        return kernel.Branches(ways), (("plan", {"plan": plan.display_name}),)

    return outlook
