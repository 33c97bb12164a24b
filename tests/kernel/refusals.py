"""Check that the kernel refuses, with a code and figures it has declared."""

import pytest
from tools import limitation, litigation, money, rates, scoring, table
from tools.errors import KernelError

CODES = {**limitation.CODES, **litigation.CODES, **money.CODES, **rates.CODES, **scoring.CODES, **table.CODES}


def refuses(code, call, *args, **kwargs):
    """Check that ``call`` is refused with this ``code`` and its declared figures; return them."""
    with pytest.raises(KernelError) as refusal:
        call(*args, **kwargs)
    error = refusal.value
    assert error.code == code
    assert sorted(error.params) == sorted(CODES[code])
    return error.params
