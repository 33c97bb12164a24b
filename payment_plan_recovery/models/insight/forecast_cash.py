"""The cash to come by week, added up item by item as it is foreseen: a ledger is not held in memory for it."""

from datetime import timedelta

from ...tools import forecast as kernel


class Cash:
    """What comes in by week from what is open on a day."""

    def __init__(self, date, weeks):
        """:param weeks: number of weeks from the day after ``date``"""
        self._date, self._weeks = date, weeks
        self._due, self._by_mean = [0.0] * weeks, [0.0] * weeks
        self._expected = kernel.Weekly(weeks)

    def add(self, known):
        """Add an open item; return what it is expected to bring week by week."""
        self._lay(self._due, known.date_due, known.amount)
        self._lay(self._by_mean, known.day_by_mean(), known.amount)
        return self._expected.add(known.debtor_id, known.amount, known.outlook)

    def _lay(self, sums, day, amount):
        """Count an amount in the week of a day, what was to come by now in the first one."""
        week = max((day - self._date).days - 1, 0) // 7
        if week < self._weeks:
            sums[week] += amount

    def told(self, currency):
        """Return the weeks as ``recovery.forecast.cash`` does."""
        return [
            (
                self._date + timedelta(days=7 * week + 1),
                currency.round(self._due[week]),
                currency.round(expected),
                currency.round(max(expected - kernel.EIGHT_IN_TEN * spread, 0.0)),
                currency.round(expected + kernel.EIGHT_IN_TEN * spread),
            )
            for week, (expected, spread) in enumerate(self._expected.sums())
        ]

    def by_mean(self, currency):
        """Return by week what would come in if each debtor took as long as its mean."""
        return [currency.round(amount) for amount in self._by_mean]
