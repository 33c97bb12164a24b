"""Figures of what is owed: how much of it is late, how much comes in, how long it takes to turn into money."""

from math import fsum

from odoo import fields, models
from odoo.tools import SQL

from ...tools import kpi as kernel


class FigureOverdue(models.AbstractModel):
    _name = "recovery.figure.overdue"
    _inherit = "recovery.figure"
    _description = "Figure: Overdue"

    _code = "overdue"
    _sequence = 10
    _source = "claim"
    _more_is_better = False
    _numerator = SQL("CASE WHEN row.days_late > 0 THEN row.closing ELSE 0 END")
    _denominator = SQL("row.closing")

    def _label(self):
        return self.env._("Overdue")

    def _over(self):
        return self.env._("uncovered claims past their due date on the last day")

    def _under(self):
        return self.env._("all uncovered claims on that day")


class FigureRecoveryRate(models.AbstractModel):
    _name = "recovery.figure.recovery_rate"
    _inherit = "recovery.figure"
    _description = "Figure: Recovery Rate"

    _code = "recovery_rate"
    _sequence = 20
    _source = "claim"
    _numerator = SQL("row.received")
    _denominator = SQL("GREATEST(row.became - row.credited, 0)")

    def _label(self):
        return self.env._("Recovery rate")

    def _over(self):
        return self.env._(
            "money received in the period on claims overdue at its start or falling overdue in it"
        )

    def _under(self):
        return self.env._("what was owed on these claims, less what was credited or written off")


class FigureCollectionEffectiveness(models.AbstractModel):
    _name = "recovery.figure.cei"
    _inherit = "recovery.figure"
    _description = "Figure: Collection Effectiveness"

    _code = "cei"
    _sequence = 30
    _source = "claim"
    _numerator = SQL("row.opening + row.billed - row.closing")
    _denominator = SQL("row.opening + row.billed - CASE WHEN row.days_late <= 0 THEN row.closing ELSE 0 END")

    def _label(self):
        return self.env._("Collection effectiveness (CEI)")

    def _over(self):
        return self.env._("opening claims + billed, net of credits, less closing claims")

    def _under(self):
        return self.env._("opening claims + billed, net of credits, less closing claims not due")


class FigureSalesDays(models.AbstractModel):
    """Base of the figures in days of sales: receivables over the sales of the period, times its days."""

    _name = "recovery.figure.sales.days"
    _inherit = "recovery.figure"
    _description = "Figure: Days of Sales"

    _source = "sale"
    _unit = "days"
    _more_is_better = False
    _denominator = SQL("row.sold_in_period")

    def _under(self):
        return self.env._("sales of a day: those of the period, taxes included ÷ its days")

    def _value(self, parts, scope):
        under = fsum(part[2] for part in parts)
        return scope.days * fsum(part[1] for part in parts) / under if under > 0 else None


class FigureCountBack(models.AbstractModel):
    _name = "recovery.figure.dso"
    _inherit = "recovery.figure"
    _description = "Figure: Days Sales Outstanding, Count-back"

    _code = "dso"
    _sequence = 40
    _source = "sale"
    _apart = "month"
    _unit = "days"
    _more_is_better = False
    _numerator = SQL("row.owed")
    _denominator = SQL("row.sold")

    def _label(self):
        return self.env._("Days sales outstanding (DSO)")

    def _over(self):
        return self.env._("uncovered claims on the last day")

    def _under(self):
        return self.env._("sales of the months before, taxes included")

    def _formula(self):
        return self.env._(
            "days of sales, the newest month first, that the uncovered claims of the last day exhaust (count-back)"
        )

    def _value(self, parts, scope):
        sold = {month: under for month, _over, under in parts if month}
        months, day = [], scope.date_to
        while sold and (month := 12 * day.year + day.month) >= min(sold):
            months.append((day.day, sold.get(month, 0.0)))
            day = fields.Date.subtract(day.replace(day=1), days=1)
        return kernel.count_back(fsum(part[1] for part in parts), months)


class FigureSalesOutstanding(models.AbstractModel):
    _name = "recovery.figure.dso_classic"
    _inherit = "recovery.figure.sales.days"
    _description = "Figure: Days Sales Outstanding"

    _code = "dso_classic"
    _sequence = 41
    _numerator = SQL("row.owed")

    def _label(self):
        return self.env._("DSO, classic")

    def _over(self):
        return self.env._("uncovered claims on the last day")


class FigureBestPossible(models.AbstractModel):
    _name = "recovery.figure.dso_best"
    _inherit = "recovery.figure.sales.days"
    _description = "Figure: Best Possible Days Sales Outstanding"

    _code = "dso_best"
    _sequence = 42
    _numerator = SQL("row.not_due")

    def _label(self):
        return self.env._("DSO, best possible")

    def _over(self):
        return self.env._("uncovered claims not due yet on the last day")


class FigureDaysDelinquent(models.AbstractModel):
    _name = "recovery.figure.days_delinquent"
    _inherit = "recovery.figure.sales.days"
    _description = "Figure: Average Days Delinquent"

    _code = "days_delinquent"
    _sequence = 43
    _numerator = SQL("row.owed - row.not_due")

    def _label(self):
        return self.env._("Average days delinquent")

    def _over(self):
        return self.env._("uncovered claims overdue on the last day (DSO: classic less best possible)")


class FigureRoll(models.AbstractModel):
    """Base of the roll rates: what of an age a month ago is older by now."""

    _name = "recovery.figure.roll"
    _inherit = "recovery.figure"
    _description = "Figure: Roll Rate"

    _source = "claim"
    _more_is_better = False

    def _under(self):
        return self.env._("what was owed at that age a month before the last day")

    def _over(self):
        return self.env._("what of it is owed still on the last day, at an older age")


def _roll(low, high):
    """(numerator, denominator) of what was between ``low`` and ``high`` days late a month ago."""
    then = SQL("row.days_late_before BETWEEN %s AND %s", low, high)
    return (
        SQL(
            "CASE WHEN %s AND row.days_late > %s THEN LEAST(row.month_before, row.closing) ELSE 0 END",
            then,
            high,
        ),
        SQL("CASE WHEN %s THEN row.month_before ELSE 0 END", then),
    )


class FigureRollNotDue(models.AbstractModel):
    _name = "recovery.figure.roll_0"
    _inherit = "recovery.figure.roll"
    _description = "Figure: Roll Rate of Claims not due"

    _code = "roll_0"
    _sequence = 60
    _numerator, _denominator = _roll(-100000, 0)

    def _label(self):
        return self.env._("Not due, now late")


class FigureRollThirty(models.AbstractModel):
    _name = "recovery.figure.roll_30"
    _inherit = "recovery.figure.roll"
    _description = "Figure: Roll Rate from 30 Days"

    _code = "roll_30"
    _sequence = 61
    _numerator, _denominator = _roll(1, 30)

    def _label(self):
        return self.env._("1 to 30 days late, now over 30")


class FigureRollSixty(models.AbstractModel):
    _name = "recovery.figure.roll_60"
    _inherit = "recovery.figure.roll"
    _description = "Figure: Roll Rate from 60 Days"

    _code = "roll_60"
    _sequence = 62
    _numerator, _denominator = _roll(31, 60)

    def _label(self):
        return self.env._("31 to 60 days late, now over 60")


class FigureRollNinety(models.AbstractModel):
    _name = "recovery.figure.roll_90"
    _inherit = "recovery.figure.roll"
    _description = "Figure: Roll Rate from 90 Days"

    _code = "roll_90"
    _sequence = 63
    _numerator, _denominator = _roll(61, 90)

    def _label(self):
        return self.env._("61 to 90 days late, now over 90")


class FigureExposureAtRisk(models.AbstractModel):
    _name = "recovery.figure.at_risk"
    _inherit = "recovery.figure"
    _description = "Figure: Exposure at Risk"

    _code = "at_risk"
    _sequence = 70
    _source = "outlook"
    _unit = "money"
    _more_is_better = False
    _numerator = SQL("row.closing * row.chance")
    _denominator = SQL("row.closing")

    def _label(self):
        return self.env._("Exposure at risk")

    def _over(self):
        return self.env._("uncovered claims, each times its chance not to be paid within 90 days")

    def _under(self):
        return self.env._("of uncovered claims in all")

    def _formula(self):
        return self._over()

    def _value(self, parts, scope):
        return fsum(part[1] for part in parts) if any(part[2] for part in parts) else None
