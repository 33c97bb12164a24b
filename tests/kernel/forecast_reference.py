"""What a forecast is counted from, said plainly and slowly: the kernel has to find the same on any ledger."""

from bisect import bisect_right
from functools import cache
from math import exp, inf

#: Days on which a curve is known; between two of them it is a straight line.
DAYS = [-90, -60, -45, -38, *range(-32, -8, 2), *range(-8, 31), 35, 40, 45, 50, 60, 75, 90]
DAYS += [105, 120, 150, 180, 240, 300, 365, 545, 730]
#: Half-life, worth, shape; the further from the middle, the more a choice has to be better.
CHOICES = {
    (life, worth, shape): 0.3 * (far_life + far_worth + (shape != "own"))
    for life, far_life in ((90, 1), (360, 0), (inf, 1))
    for worth, far_worth in ((1, 1), (8, 0), (64, 1))
    for shape in ("everybody", "around", "own")
}
STRAYS = [0.0 if day < 0 else 1 - exp(-day / 90) for day in DAYS]


def height(values, day):
    """The height at ``day`` of the line through ``values`` on ``DAYS``."""
    if day < DAYS[0]:
        return 0.0
    day = min(day, DAYS[-1])
    after = next(number for number, known in enumerate(DAYS) if known >= day)
    if DAYS[after] == day:
        return values[after]
    part = (day - DAYS[after - 1]) / (DAYS[after] - DAYS[after - 1])
    return (1 - part) * values[after - 1] + part * values[after]


def weight(days, half_life):
    return 0.5 ** (min(days, 1200) / half_life)


def leant(chance, lean):
    """A chance whose odds are so many times higher that their logarithm is higher by ``lean``."""
    odds = chance / (1 - chance) * exp(lean) if chance < 1 else inf
    return odds / (1 + odds) if odds < inf else 1.0


def middle(delays):
    return sorted(delays)[len(delays) // 2] if delays else 0


class Reference:
    """The same as :class:`tools.forecast_history.History`."""

    def __init__(self, paid, segments):
        self.paid, self.segments = paid, segments
        together = [delay for payments in paid.values() for delay in payments.delays]
        self.everybody = self.likely(together, (0.0, STRAYS), 0)
        self.latest = [payments.delays[-100:] for payments in paid.values()]
        away = [abs(delay - middle(delays)) for delays in self.latest for delay in delays]
        self.spread = max(sum(away) / max(len(away) - len(self.latest), 1), 0.25)
        self.steps = {"around": [], "own": []}
        for debtor, payments in paid.items():
            delays = list(payments.delays[-100:])
            for number, delay in enumerate(delays):
                others = delays[:number] + delays[number + 1 :]
                _heavy, mean, spread = self.gauge(debtor, [(other, 1) for other in others])
                for shape, one in (("around", self.spread), ("own", spread)):
                    self.steps[shape].append(min(max(round((delay - mean) / one * 20), -240), 240))
        self.steps = {shape: sorted(steps) for shape, steps in self.steps.items()}
        self.choice = self.chosen()
        self.lean = self.leaning()

    @staticmethod
    def likely(delays, others, worth):
        """Mean delay and shares paid by each of the days, beside others worth so many payments."""
        count = len(delays) + worth
        return (sum(delays) + worth * others[0]) / count, [
            (sum(delay <= day for delay in delays) + worth * share) / count
            for day, share in zip(DAYS, others[1], strict=True)
        ]

    @cache  # noqa: B019 (as long as the ledger itself)
    def alike(self, debtor):
        """How the debtors of its segment pay, shrunk to everybody by ten payments."""
        if debtor not in self.segments:
            return self.everybody
        peers = [one for one, segment in self.segments.items() if segment == self.segments[debtor]]
        delays = [delay for one in peers if one in self.paid for delay in self.paid[one].delays]
        return self.likely(delays, self.everybody, 10)

    def gauge(self, debtor, weighed):
        """Weight, mean and spread of payments (delay, weight), each no further from the middle than four spreads."""
        centre = middle([delay for delay, _ in weighed])
        near = [
            (min(max(delay, centre - 4 * self.spread), centre + 4 * self.spread), one)
            for delay, one in weighed
        ]
        heavy = sum(one for _, one in near)
        mean = (sum(delay * one for delay, one in near) + self.alike(debtor)[0]) / (heavy + 1)
        off = sum(one * abs(delay - mean) for delay, one in near)
        return heavy, mean, max((off + 6 * self.spread) / (heavy + 6), 0.25)

    def believed(self, shape, debtor, gauge, day):
        """Share of payments by ``day`` that is believed of a debtor whose payments are in short ``gauge``."""
        everybody = self.alike(debtor)[1][DAYS.index(day)]
        if shape == "everybody":
            return everybody
        heavy, mean, spread = gauge
        step = (day + 0.5 - mean) / (spread if shape == "own" else self.spread) * 20 - 0.5
        below = int(step + 240) - 240
        reached = [self.reached(shape, one) for one in (below, below + 1)]
        near = reached[0] + (step - below) * (reached[1] - reached[0]) if step >= -240 else 0.0
        alike = 0.02 + 0.98 / (1 + heavy) ** 2
        return alike * everybody + (1 - alike) * near

    def reached(self, shape, step):
        return bisect_right(self.steps[shape], step) / len(self.steps[shape])

    def cases(self):
        """The debtors' latest twelve payments, none where there are too few."""
        cases = [
            (debtor, number)
            for debtor, payments in self.paid.items()
            for number in range(len(payments.delays))[-12:]
        ]
        return cases if len(cases) >= 60 else []

    def chosen(self):
        """The choice that would have told best which of the latest payments came late."""
        if not self.cases():
            return 360, 8, "own"
        return min(
            CHOICES,
            key=lambda one: CHOICES[one] + sum(self.error(one, *case) for case in self.cases()),
        )

    def error(self, choice, debtor, number):
        """Squared error of what would have been told of a payment."""
        return (self.told(choice, debtor, number) - (self.paid[debtor].delays[number] > 0)) ** 2

    def told(self, choice, debtor, number):
        """The chance to be late that would have been told of a payment when its invoice was made."""
        half_life, worth, shape = choice
        payments = self.paid[debtor]
        made = payments.since[number] + payments.took[number]
        known = [
            (delay, weight(since - made, half_life))
            for delay, since in zip(payments.delays[:number], payments.since, strict=False)
            if since >= made
        ]
        late = sum(one for delay, one in known if delay > 0)
        chance = late + worth * (1 - self.believed(shape, debtor, self.gauge(debtor, known), 0))
        return chance / (sum(one for _, one in known) + worth)

    def leaning(self):
        """The log-odds to add to every chance so that, by a half-life of 60 days, as many came late as told.

        Looked for by halves within 2, less what a deviation of 1 makes of it, and shrunk by twice the part of chance.
        """
        cases = [
            (
                self.told(self.choice, debtor, number),
                self.paid[debtor].delays[number] > 0,
                0.5 ** (self.paid[debtor].since[number] / 60),
            )
            for debtor, number in self.cases()
        ]
        low, high = -2.0, 2.0
        for _half in range(100):
            lean = (low + high) / 2
            off = sum(one * (late - leant(chance, lean)) for chance, late, one in cases)
            low, high = (lean, high) if off > lean else (low, lean)
        told = [(one, leant(chance, lean)) for chance, _late, one in cases]
        known = 1 + sum(one * chance * (1 - chance) for one, chance in told)
        noise = 2 * sum(one**2 * chance * (1 - chance) for one, chance in told) / known**2
        return lean * max(1 - noise / lean**2, 0) if abs(lean) > 1e-12 else 0.0

    def heights(self, choice, debtor, ages):
        """How much of what a debtor owes is paid by each of the days, and in the end."""
        half_life, worth, shape = choice
        payments = self.paid.get(debtor)
        own = [
            (delay, weight(since, half_life))
            for delay, since in (zip(payments.delays, payments.since, strict=True) if payments else ())
        ]
        late = sorted((age, weight(age, half_life)) for age in ages if age > 0)
        gauge = self.gauge(debtor, own + late)
        found = [
            sum(one for delay, one in own if delay <= day)
            + worth * (0.99 * self.believed(shape, debtor, gauge, day) + 0.01 * stray)
            for day, stray in zip(DAYS, STRAYS, strict=True)
        ]
        found.append(sum(one for _, one in own) + worth)
        due, before = DAYS.index(0), found
        late_share = 1 - found[due] / found[-1]
        if 0 < late_share < 1:
            wanted = leant(late_share, self.lean)
            in_time = [reached * (1 - wanted) / (1 - late_share) for reached in before[: due + 1]]
            after = [(reached - before[due]) * wanted / late_share for reached in before[due + 1 :]]
            found = in_time + [in_time[-1] + reached for reached in after]
        for age, one in late:
            start = height(found, age)
            left = found[-1] - start
            beyond = [day > age for day in DAYS] + [True]
            found = [
                start + (reached - start) * (left + one) / left if later else reached
                for reached, later in zip(found, beyond, strict=True)
            ]
        return found
