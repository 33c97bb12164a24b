"""Figures of collecting: how long it takes, what it costs, which words are kept, what reminders bring."""

from odoo import models
from odoo.tools import SQL

from ...tools import kpi as kernel


class FigureTimeToRecover(models.AbstractModel):
    _name = "recovery.figure.time"
    _inherit = "recovery.figure"
    _description = "Figure: Time to Recover"

    _code = "time"
    _sequence = 50
    _source = "receipt"
    _unit = "days"
    _more_is_better = False
    _counts = ("number", "money")
    _numerator = SQL("row.late * row.days")
    _denominator = SQL("row.late")

    def _label(self):
        return self.env._("Time to recover")

    def _over(self):
        return self.env._("money received in the period after its due date, times the days after it")

    def _under(self):
        return self.env._("this money")


class FigureMedianTime(models.AbstractModel):
    _name = "recovery.figure.time_median"
    _inherit = "recovery.figure.time"
    _description = "Figure: Median Time to Recover"

    _code = "time_median"
    _sequence = 51
    _apart = "days"

    def _label(self):
        return self.env._("Time to recover, median")

    def _formula(self):
        return self.env._(
            "days after the due date by which half of the money received late in the period had come"
        )

    def _value(self, parts, scope):
        return kernel.weighted_median((days, amount) for days, _over, amount in parts)


class FigureInTime(models.AbstractModel):
    _name = "recovery.figure.in_time"
    _inherit = "recovery.figure"
    _description = "Figure: Received in Time"

    _code = "in_time"
    _sequence = 52
    _source = "receipt"
    _numerator = SQL("row.amount - row.late")
    _denominator = SQL("row.amount")

    def _label(self):
        return self.env._("Received in time")

    def _over(self):
        return self.env._("money received in the period by the due date of the claims it paid")

    def _under(self):
        return self.env._("all money received in it on claims")


class FigureCost(models.AbstractModel):
    _name = "recovery.figure.cost"
    _inherit = "recovery.figure"
    _description = "Figure: Cost of Recovery"

    _code = "cost"
    _sequence = 55
    _source = "cost"
    _more_is_better = False
    _numerator = SQL("row.cost")
    _denominator = SQL("row.received")

    def _label(self):
        return self.env._("Cost of recovery")

    def _over(self):
        return self.env._("interactions and messages of the period at their declared costs + costs of cases")

    def _under(self):
        return self.env._("money received in the period after its due date")


class FigurePlansKept(models.AbstractModel):
    _name = "recovery.figure.plans_kept"
    _inherit = "recovery.figure"
    _description = "Figure: Plans Kept"

    _code = "plans_kept"
    _sequence = 80
    _source = "plan"
    _counts = ("count", "count")
    _numerator = SQL("row.kept::int")
    _denominator = SQL("1")

    def _label(self):
        return self.env._("Plans kept")

    def _over(self):
        return self.env._("plans paid to their end in the period")

    def _under(self):
        return self.env._("plans that ended in it, without those that credit notes alone settled")


class FigurePlansKeptAmount(models.AbstractModel):
    _name = "recovery.figure.plans_kept_amount"
    _inherit = "recovery.figure"
    _description = "Figure: Plans Kept, by Amount"

    _code = "plans_kept_amount"
    _sequence = 81
    _source = "plan"
    _numerator = SQL("row.kept::int * row.amount")
    _denominator = SQL("row.amount")

    def _label(self):
        return self.env._("Plans kept, by amount")

    def _over(self):
        return self.env._("what plans paid to their end in the period covered")

    def _under(self):
        return self.env._(
            "what plans that ended in it covered, without those that credit notes alone settled"
        )


class FigureCureRate(models.AbstractModel):
    _name = "recovery.figure.cure_rate"
    _inherit = "recovery.figure"
    _description = "Figure: Cure Rate"

    _code = "cure_rate"
    _sequence = 82
    _source = "cure"
    _counts = ("count", "count")
    _numerator = SQL("row.cured::int")
    _denominator = SQL("1")

    def _label(self):
        return self.env._("Cure rate")

    def _over(self):
        return self.env._(
            "plans put in default in the period that were cured: not in default any more, not broken or written off"
        )

    def _under(self):
        return self.env._("plans put in default in the period")


class FigurePromisesKept(models.AbstractModel):
    _name = "recovery.figure.promises_kept"
    _inherit = "recovery.figure"
    _description = "Figure: Promises Kept"

    _code = "promises_kept"
    _sequence = 85
    _source = "promise"
    _counts = ("count", "count")
    _numerator = SQL("row.kept::int")
    _denominator = SQL("1")

    def _label(self):
        return self.env._("Promises kept")

    def _over(self):
        return self.env._("promises judged in the period and kept")

    def _under(self):
        return self.env._("promises judged in the period")


class FigurePromisesKeptAmount(models.AbstractModel):
    _name = "recovery.figure.promises_kept_amount"
    _inherit = "recovery.figure"
    _description = "Figure: Promises Kept, by Amount"

    _code = "promises_kept_amount"
    _sequence = 86
    _source = "promise"
    _numerator = SQL("row.kept::int * row.amount")
    _denominator = SQL("row.amount")

    def _label(self):
        return self.env._("Promises kept, by amount")

    def _over(self):
        return self.env._("what was promised and kept")

    def _under(self):
        return self.env._("what promises judged in the period were for")


class FigureDisputed(models.AbstractModel):
    _name = "recovery.figure.disputed"
    _inherit = "recovery.figure"
    _description = "Figure: Disputed"

    _code = "disputed"
    _sequence = 90
    _source = "disputed"
    _more_is_better = False
    _numerator = SQL("row.disputed")
    _denominator = SQL("row.closing")

    def _label(self):
        return self.env._("Disputed")

    def _over(self):
        return self.env._("disputed part of claims overdue on the last day")

    def _under(self):
        return self.env._("uncovered claims overdue on that day")


class FigureDaysToSettle(models.AbstractModel):
    _name = "recovery.figure.dispute_days"
    _inherit = "recovery.figure"
    _description = "Figure: Days to Settle a Dispute"

    _code = "dispute_days"
    _sequence = 91
    _source = "settled"
    _unit = "days"
    _more_is_better = False
    _counts = ("number", "count")
    _numerator = SQL("row.days")
    _denominator = SQL("1")

    def _label(self):
        return self.env._("Days to settle a dispute")

    def _over(self):
        return self.env._("days that disputes ended in the period took")

    def _under(self):
        return self.env._("number of these disputes")


class FigureSatisfaction(models.AbstractModel):
    _name = "recovery.figure.satisfaction"
    _inherit = "recovery.figure"
    _description = "Figure: Satisfaction"

    _code = "satisfaction"
    _sequence = 58
    _source = "rating"
    _unit = "rating"
    _counts = ("count", "count")
    _numerator = SQL("row.rating")
    _denominator = SQL("1")

    def _label(self):
        return self.env._("Satisfaction")

    def _over(self):
        return self.env._(
            "ratings, 1 to 5, that debtors gave on the portal in the period to plans and disputes that were over"
        )

    def _under(self):
        return self.env._("number of these ratings")


class FigureReminders(models.AbstractModel):
    _name = "recovery.figure.reminders"
    _inherit = "recovery.figure"
    _description = "Figure: Reminders that Work"

    _code = "reminders"
    _sequence = 95
    _source = "reminder"
    _numerator = SQL("row.received")
    _denominator = SQL("row.asked")

    def _label(self):
        return self.env._("Reminders that work")

    def _over(self):
        return self.env._("money received within 7 days of a notice on what it asked for")

    def _under(self):
        return self.env._("what the notices whose 7 days ended in the period asked for")
