"""What makes payments come later than their debtors pay otherwise, counted by hand on drawn ledgers."""

import random

import pytest
from tools.forecast import EDGES, Curve, Shifted
from tools.forecast_circumstances import Circumstances, Later, _later
from tools.forecast_history import RECENT, History, Payments


def ledger(later, debtors=8, payments=24):
    """Debtors with a habit each; ``later(days since, amount)`` is added to it."""
    draw = random.Random(3)
    paid = {}
    for debtor in range(debtors):
        mean = draw.randrange(-5, 20)
        since = sorted((draw.randrange(200) for _ in range(payments)), reverse=True)
        amounts = [draw.choice((30, 100, 100, 100, 160, 300)) for _ in since]
        delays = [round(mean + draw.gauss(0, 1) + later(*one)) for one in zip(since, amounts, strict=True)]
        took = tuple(delay + 30 for delay in delays)
        paid[debtor] = Payments(tuple(delays), tuple(since), took, tuple(amounts))
    return paid


def found(paid, debtor=1, amount=100):
    return Circumstances(History(paid)).of(debtor, amount)


def test_nothing_is_made_of_chance():
    paid = ledger(lambda since, amount: 0)
    for amount in (30, 100, 160, 300):
        told = found(paid, 1, amount)
        assert "lately" not in told
        assert not told or not round(told["size"].days), "less than half a day"


def test_large_invoices_come_later():
    paid = ledger(lambda since, amount: 9 if amount > 200 else 0)
    assert 4 < found(paid, 1, 300)["size"].days < 9
    assert found(paid, 1, 250)["size"] == found(paid, 1, 300)["size"]
    assert -3 < found(paid, 1, 100)["size"].days < 0
    assert found(paid, "stranger", 300) == {}, "what is usual for it is not known"
    assert found(paid, 1, None) == {}


def test_everybody_later_lately():
    lately = found(ledger(lambda since, amount: 8 if since < 60 else 0))["lately"]
    assert 2 < lately.days < 8
    assert found(ledger(lambda since, amount: -8 if since < 60 else 0))["lately"].days < -2
    # a month's lateness that is over is no sign of what comes
    assert "lately" not in found(ledger(lambda since, amount: 20 if 20 <= since < 40 else 0))
    assert "lately" not in found(ledger(lambda since, amount: 20 if since < 40 else 0))


def test_little_tells_nothing():
    late = lambda since, amount: 8 if since < 60 else 0  # noqa: E731
    assert found(ledger(late, debtors=2, payments=29)) == {}
    assert found({number: Payments((40,), (3,), (70,), (500,)) for number in range(99)}) == {}
    assert found({}) == {}


def test_a_difference_by_hand():
    assert _later([6] * 9) == Later(0.0, 9)
    assert _later([6] * 10) == Later(pytest.approx(2), 10)
    # standard error 1: twice that is not beyond chance yet
    assert _later([2 - 4, 2 + 4] * 8) == Later(0.0, 16)
    assert _later([1 - 4, 1 + 4] * 8) == Later(0.0, 16), "well within chance"
    assert _later([2.1 - 4, 2.1 + 4] * 8) == Later(pytest.approx(2.1 * 16 / 36), 16)
    assert _later([0] * 10) == Later(0.0, 10)


def alike(debtors, delays, since, amounts=(100,)):
    """So many debtors that paid the same."""
    count = len(delays)
    one = Payments(delays, since, tuple(delay + 30 for delay in delays), amounts * (count // len(amounts)))
    return dict.fromkeys(range(debtors), one)


def test_sizes_by_hand():
    paid = alike(15, (0, 0, 0, 9), (100,) * 4, (100, 100, 100, 300))
    # the large one comes 9 days after the mean of the others, each other one 3 before it
    for amounts, later in (
        ((200, 300), Later(pytest.approx(9 * 15 / 35), 15)),
        ((100, 199), Later(pytest.approx(-3 * 45 / 65), 45)),
    ):
        for amount in amounts:
            assert found(paid, 1, amount) == {"size": later}
    for amount in (49, 50, 99):
        assert found(paid, 1, amount) == {}, "none so small was paid"
    # 60 payments of debtors that each have four at least
    assert found(alike(20, (0, 0, 9), (100,) * 3, (100, 100, 300)), 1, 300) == {}
    five = {**alike(11, (0, 0, 0, 0, 9), (100,) * 5, (100, 100, 100, 100, 300)), 99: paid[0]}
    assert found(five, 1, 300) == {}
    assert found({**five, 98: paid[0]}, 1, 300)["size"].count == 13


def test_classes_of_size_begin_at_half_the_usual_amount_at_it_and_at_its_double():
    told = Circumstances(History(alike(1, (0, 0, 0, 0), (100,) * 4, (80, 90, 100, 300))))
    assert [told._size(0, amount) for amount in (49, 50, 99, 100, 199, 200)] == [0, 1, 1, 2, 2, 3]


@pytest.mark.parametrize("sign", [1, -1])
def test_times_by_hand(sign):
    """Three spans of twenty days, of which the one that tells least is believed."""
    # 9, 8 and 7 days after the first one: 4, 8/3 and 4/3 after the mean of the three others
    delays = tuple(sign * delay for delay in (0, 9, 8, 7))
    latest = Later(pytest.approx(sign * 4 / 3 * 15 / 35), 15)
    assert found(alike(15, delays, (60, 59, 20, 19)))["lately"] == latest
    assert found(alike(15, delays, (60, 40, 39, 0)))["lately"] == latest
    for since in ((60, 60, 20, 19), (60, 59, 40, 19), (60, 59, 20, 20), (60, 39, 20, 19)):
        assert "lately" not in found(alike(15, delays, since))
        assert Circumstances(History(alike(15, delays, since))).lately == Later(0.0, 0)


def test_one_far_beyond_the_others_counts_as_far_as_it_may():
    told = Circumstances(History(alike(1, (1, 2, 3, 50), (9, 8, 7, 6))))
    # 50 counts as 3 + 4: the mean of the others is theirs
    rows = [(1 - 12 / 3, 9, 2), (2 - 11 / 3, 8, 2), (3 - 10 / 3, 7, 2), (7 - 6 / 3, 6, 2)]
    assert list(told._left_over(0, 4)) == [pytest.approx(row) for row in rows]
    told = Circumstances(History(alike(1, (-50, 1, 2, 3, 3), (9, 8, 7, 6, 5))))
    assert next(told._left_over(0, 4)) == (pytest.approx(-2 - 9 / 4), 9, 2)


def test_only_the_latest_payments_of_a_debtor_are_held_against_each_other():
    count = RECENT + 5
    delays, since = (500,) * 5 + (3,) * RECENT, tuple(range(count, 0, -1))
    told = Circumstances(History(alike(1, delays, since)))
    assert list(told._left_over(0, 1000)) == [(0, days, 2) for days in range(RECENT, 0, -1)]


def test_amounts_that_are_not_known_tell_nothing_of_size():
    paid = ledger(lambda since, amount: 8 if since < 60 else 0)
    bare = {debtor: payments._replace(amounts=()) for debtor, payments in paid.items()}
    assert set(found(bare)) == {"lately"}
    assert found(bare)["lately"] == found(paid)["lately"]


def test_a_curve_later():
    curve = Curve((*(min(max(edge + 10, 0), 20) for edge in EDGES), 20.0))
    assert curve.on(None) is curve
    later = curve.on(None, 4)
    assert later == Shifted(curve, 4)
    assert (curve.late(), later.late(), curve.on(None, -4).late()) == pytest.approx((0.5, 0.7, 0.3))
    some_never = Curve((*curve.heights[:-1], 25.0))
    assert (some_never.on(None, 4).late(), some_never.on(None, -4).late()) == pytest.approx((0.76, 0.44))
    assert later.outlook(2).chance(3) == curve.outlook(-2).chance(3)
    assert later.on(None) is curve
    assert later.on(None, 1) == Shifted(curve, 1)
