"""Files for somebody else's program: no formula, the declared dialect, every figure as it is."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.delimited import FORMULA, inert, write_rows


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_a_cell_is_no_formula(text):
    assert not inert(text).startswith(FORMULA)


@given(st.text())
def test_no_text_is_a_formula_or_breaks_its_row(text):
    content = write_rows([["header"], [text]], encoding="utf-8").decode("utf-8")
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
    assert [len(row) for row in rows] in ([1, 1], [1, 0])
    assert not any(cell.startswith(FORMULA) for row in rows for cell in row)


def test_dialect():
    rows = [["a", "b", "c"], [Decimal("-1234.50"), date(2026, 12, 31), "x|y"]]
    assert write_rows(rows, "|", "cp1252", ",", "%d.%m.%Y") == b'a|b|c\r\n-1234,50|31.12.2026|"x|y"\r\n'
    assert write_rows([["é", "\N{SNOWMAN}"]], encoding="cp1252") == b"\xe9;?\r\n"
    assert write_rows([["a"]]).startswith(b"\xef\xbb\xbf")
