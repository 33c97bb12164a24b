"""The words of the kernel's refusals about rates, interest and fixed sums."""

import datetime
from contextlib import contextmanager
from decimal import Decimal

from odoo.exceptions import ValidationError
from odoo.tools import format_date
from odoo.tools.misc import formatLang
from odoo.tools.translate import LazyTranslate

from ..tools.errors import KernelError

_lt = LazyTranslate(__name__)

#: What the user reads for each code: what is wrong and what to do next.
MESSAGES = {
    "not_a_number": _lt("“%(value)s” is not a number. Write digits only, with a dot before the decimals."),
    "not_finite": _lt("“%(value)s” is not an amount. Enter a finite number."),
    "binary_dust": _lt("%(value)s has more digits than an amount can have. Round it first."),
    "amount_too_large": _lt("%(value)s is larger than any amount handled here. Check the figure."),
    "amount_too_precise": _lt(
        "%(amount)s is finer than the currency, which has %(decimals)s decimals. Round the amount."
    ),
    "decimals_out_of_range": _lt(
        "A currency with %(decimals)s decimals is not supported. Check the currency's rounding factor."
    ),
    "unknown_choice": _lt("“%(value)s” is not a possible %(name)s."),
    "negative": _lt("%(name)s is %(value)s: it cannot be negative."),
    "not_positive": _lt("%(name)s is %(value)s: it must be above zero."),
    "date_missing": _lt("A date is missing (%(name)s). Fill it in."),
    "date_invalid": _lt("%(date)s is not a date that can be used here. Choose one from 1900 to 2999."),
    "fixed_rate_missing": _lt("The rate is fixed, but not given. Fill it in."),
    "rates_missing": _lt("The reference rates the rule follows are missing. Choose a table that has rates."),
    "rate_duplicate": _lt("Two rates start on %(date)s. Keep one."),
    "rate_period_empty": _lt("The rate from %(date)s ends before it starts. Correct its dates."),
    "rate_overlap": _lt("The rate from %(date)s starts before the one before it ends. Correct their dates."),
    "rate_gap": _lt("There is no rate from %(date)s until the next one starts. Add it."),
    "rate_unknown": _lt(
        "No rate is known on %(date)s: the first one starts on %(first)s. Add the earlier rates."
    ),
    "tiers_missing": _lt("The fixed sum goes by tiers, and none is given. Add them."),
    "tier_gap": _lt("The first tier starts at %(start)s. Add one that starts at zero."),
    "tier_duplicate": _lt("Two tiers start at %(start)s. Keep one."),
    "minimum_above_maximum": _lt("The minimum %(minimum)s is above the maximum %(maximum)s. Correct either."),
}


def refusal(env, error):
    """Return the message of a :class:`KernelError` in the user's language, figures in the user's format."""
    figures = {name: _shown(env, value) for name, value in error.params.items()}
    return env._(MESSAGES[error.code]) % figures


@contextmanager
def refused_by_name(record):
    """Turn a refusal of the kernel into a ``ValidationError`` that names ``record``."""
    try:
        yield
    except KernelError as error:
        message = refusal(record.env, error)
        raise ValidationError(
            record.env._("%(record)s: %(message)s", record=record.display_name, message=message)
        ) from error


def _shown(env, value):
    if isinstance(value, datetime.date):
        return format_date(env, value)
    if isinstance(value, Decimal) and value.is_finite():
        return formatLang(env, float(value), digits=max(-value.as_tuple().exponent, 0))
    return str(value)
