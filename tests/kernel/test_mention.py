"""The sum in figures and in words as people type it."""

from decimal import Decimal

import pytest
from tools.mention import same_words, typed_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 200,00 €", "1200"),
        ("1\u202f200,00\u00a0€", "1200"),
        ("1,200.00", "1200"),
        ("1.200,50", "1200.50"),
        ("1200", "1200"),
        ("1.200", "1200"),
        ("1,200", "1200"),
        ("12,5", "12.5"),
        ("12.3456", "12.3456"),
        ("1.200.300", "1200300"),
        ("1.200,300", "1200.300"),
        (",75", "75"),
        ("EUR 1'200.05", "1200.05"),
        ("1.234.567,89", "1234567.89"),
    ],
)
def test_figures_are_read_as_they_are_written(text, amount):
    assert typed_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", None, "euros", ".,"])
def test_no_figures_are_no_amount(text):
    assert typed_amount(text) is None


def test_words_are_compared_without_what_nobody_sees():
    assert same_words("Mille deux-cents EUROS", "mille deux cents euros")
    assert same_words("quatre vingt dix neuf euros et zero", "quatre-vingt-dix-neuf euros et zéro")
    for typed, asked in (
        ("mille deux cents", "mille trois cents"),
        ("mille trois cents", "mille deux cents"),
    ):
        assert not same_words(typed, asked)
    assert not same_words("", "")
