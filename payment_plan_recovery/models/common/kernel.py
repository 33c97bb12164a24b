"""Between the ORM and the kernel in ``tools/``: exact amounts going in, translated errors coming out."""

import base64
import datetime
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice

from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.misc import formatLang
from odoo.tools.translate import LazyTranslate

from ...tools.errors import KernelError
from ...tools.money import round_money, to_decimal
from ...tools.table import MAX_BYTES, MEGABYTE

_lt = LazyTranslate(__name__)

#: What a message says of a value that came from outside: so many characters, and so many of a list.
SHOWN_LENGTH, SHOWN_PARTS = 60, 20

#: What the user reads for each code of the kernel, figures filled in: what is wrong and what to do next.
MESSAGES = {
    # amounts
    "not_a_number": _lt("“%(value)s” is not a number. Write digits only, with a dot before the decimals."),
    "not_finite": _lt("“%(value)s” is not an amount. Enter a finite number."),
    "binary_dust": _lt("%(value)s has more digits than an amount can have. Round it to the currency first."),
    "amount_too_large": _lt("%(value)s is larger than any amount handled here. Check the figure."),
    "amount_too_precise": _lt(
        "%(amount)s is finer than the currency (decimals: %(decimals)s). Round the amount."
    ),
    "decimals_out_of_range": _lt(
        "A currency with %(decimals)s decimals is not supported. Check the currency's rounding factor."
    ),
    "unit_not_positive": _lt("The rounding unit is %(unit)s: it must be above zero, or empty."),
    "weights_not_positive": _lt(
        "The weights %(weights)s cannot share an amount: none may be negative and one must be above zero."
    ),
    "unknown_choice": _lt("“%(value)s” is not a possible %(name)s."),
    # how many instalments
    "total_not_positive": _lt(
        "There is nothing to pay by instalments: the total is %(total)s. Add open items."
    ),
    "count_or_max_amount": _lt(
        "Give either the number of instalments or a maximum amount per instalment, not both and not neither."
    ),
    "count_not_whole": _lt("The number of instalments is %(count)s: it must be a whole number."),
    "count_not_positive": _lt("The number of instalments is %(count)s: there must be one at least."),
    "too_many_instalments": _lt(
        "%(count)s instalments are too many: there can be %(maximum)s at most. Raise their amount."
    ),
    "count_mismatch": _lt(
        "The number of instalments, dates, weights and amounts disagree (%(counts)s). Make them the same."
    ),
    "max_not_positive": _lt("The maximum instalment is %(max_amount)s: it must be above zero."),
    "max_below_unit": _lt(
        "The maximum instalment %(max_amount)s is below the rounding unit %(unit)s. "
        "Raise it or lower the unit."
    ),
    "max_unreachable": _lt(
        "No number of instalments of this shape stays within %(max_amount)s. "
        "Raise the maximum or flatten the shape."
    ),
    # how much each
    "shape_inputs_wrong": _lt(
        "These figures do not describe instalments of this shape (%(given)s). Fill what the shape needs, "
        "and nothing of another one."
    ),
    "step_invalid": _lt(
        "A step every %(step_every)s instalments makes no sense: enter a whole number from 1."
    ),
    "step_too_steep": _lt(
        "A step of %(step)s would bring an instalment down to nothing. Choose a gentler one."
    ),
    "total_too_small": _lt(
        "%(total)s cannot be split by %(count)s with %(unit)s at least for each instalment. "
        "Lower their number or the unit."
    ),
    "instalment_below_unit": _lt(
        "Instalment %(number)s would be rounded to nothing by the unit %(unit)s. "
        "Lower the unit or the number."
    ),
    "remainder_not_positive": _lt(
        "Rounding the others leaves %(amount)s for instalment %(number)s. Lower the rounding unit, or let "
        "another instalment take the remainder."
    ),
    "amount_not_positive": _lt("Instalment %(number)s is %(amount)s: every instalment must be above zero."),
    "amounts_do_not_sum": _lt(
        "The instalments make %(sum)s, the plan covers %(total)s. "
        "Compute the instalments again, or correct them."
    ),
    # down payment
    "down_payment_twice": _lt("Give the down payment either as an amount or as a percentage, not both."),
    "down_payment_not_positive": _lt("The down payment is %(amount)s: it must be above zero, or empty."),
    "down_payment_too_large": _lt(
        "A down payment of %(amount)s leaves nothing of %(total)s to pay by instalments. Lower it."
    ),
    "down_payment_date_missing": _lt("Say when the down payment is due."),
    "down_payment_not_first": _lt(
        "The down payment is due on %(date)s, which is not before the first instalment on %(first)s. "
        "Move either."
    ),
    # when
    "start_missing": _lt("Say when the first instalment is due."),
    "date_invalid": _lt("%(date)s is not a date that can be used here. Choose one from 1900 to 2999."),
    "date_missing": _lt("A date is missing: %(name)s. Fill it in."),
    "dates_not_increasing": _lt(
        "%(date)s does not come after %(previous)s. Put the dates in order, each once."
    ),
    "dates_collapse": _lt(
        "Two instalments would fall on the same working day (%(date)s, after %(previous)s). "
        "Take a longer period or leave the dates as they are."
    ),
    "no_month_left": _lt("Every month of this period is paused (%(pauses)s). Leave one month to pay in."),
    "date_in_pause": _lt("%(date)s lies in a paused month. Move it, or take the pause away."),
    "no_business_day": _lt("There is no working day to be found near %(date)s. Check the working calendar."),
    # an existing schedule
    "numbering_wrong": _lt("The instalments are not numbered in order (%(numbers)s). Compute them again."),
    "index_out_of_range": _lt("There is no instalment at rank %(index)s. Reload the plan."),
    "instalment_locked": _lt("Instalment %(number)s is already paid: it can no longer change."),
    "no_later_instalment": _lt(
        "No instalment after number %(number)s can take the difference. Change an earlier one, or add one."
    ),
    "later_not_positive": _lt(
        "The difference would bring instalment %(number)s to %(amount)s. "
        "Change the amount by less, or spread it."
    ),
    # received money
    "duplicate_key": _lt("The same record (%(key)s) was counted twice. Reload the page and try again."),
    # rates, interest and fixed sums
    "negative": _lt("%(name)s is %(value)s: it cannot be negative."),
    "not_positive": _lt("%(name)s is %(value)s: it must be above zero."),
    "fixed_rate_missing": _lt("The rule has a fixed rate, which is not given. Fill it in."),
    "rates_missing": _lt("The rule follows a table of rates that is empty. Add the rates."),
    "rate_duplicate": _lt("Two rates start on %(date)s. Keep one."),
    "rate_period_empty": _lt("The rate from %(date)s ends before it starts. Correct its dates."),
    "rate_overlap": _lt("The rate from %(date)s starts before the one before it ends. Correct their dates."),
    "rate_gap": _lt("No rate is known from %(date)s until the next one starts. Add it."),
    "rate_unknown": _lt(
        "No rate is known on %(date)s: the first one starts on %(first)s. Add the earlier rates."
    ),
    "tiers_missing": _lt("The fixed sum goes by tiers, and none is given. Add them."),
    "tier_gap": _lt("The first tier starts at %(start)s. Add one that starts at zero."),
    "tier_duplicate": _lt("Two tiers start at %(start)s. Keep one."),
    "minimum_above_maximum": _lt("The minimum %(minimum)s is above the maximum %(maximum)s. Correct either."),
    # scoring
    "bands_missing": _lt(
        "Criterion “%(criterion)s” has neither bands nor answers. Declare how it earns points."
    ),
    "bands_and_answers": _lt("Criterion “%(criterion)s” has both bands and answers. Keep one of the two."),
    "band_empty": _lt(
        "Criterion “%(criterion)s”: no value lies between %(lower)s and %(upper)s. Correct the band."
    ),
    "band_overlap": _lt("Criterion “%(criterion)s”: two bands claim %(value)s. Correct their bounds."),
    "band_gap": _lt("Criterion “%(criterion)s”: no band starts at %(value)s. Close the gap."),
    "answer_duplicate": _lt("Criterion “%(criterion)s”: the answer “%(value)s” appears twice. Keep one."),
    "missing_points_missing": _lt("Criterion “%(criterion)s”: say how many points a missing value gets."),
    "criterion_duplicate": _lt("The criterion “%(criterion)s” appears twice on the scorecard. Keep one."),
    "criteria_missing": _lt("The scorecard has no criterion. Add one."),
    "weight_negative": _lt("Criterion “%(criterion)s” weighs %(weight)s: a weight cannot be negative."),
    "weights_zero": _lt("No criterion of the scorecard has a weight above zero. Weigh one."),
    "classes_missing": _lt("The scorecard has no risk class. Add one."),
    "class_duplicate": _lt(
        "The risk class %(risk_class)s appears twice, by its code or its bound. Keep one."
    ),
    "class_gap": _lt("No risk class takes scores below %(score)s. Lower the bound of the lowest."),
    "value_invalid": _lt("Criterion “%(criterion)s”: “%(value)s” is not a number. Correct it."),
    "value_out_of_bands": _lt(
        "Criterion “%(criterion)s”: %(value)s lies outside the bands. Add a band for it."
    ),
    "answer_unknown": _lt("Criterion “%(criterion)s” knows no answer “%(value)s”. Choose one it declares."),
    "values_missing": _lt("The score cannot do without: %(criteria)s. Fill them in."),
    "nothing_to_score": _lt("Every value that counts is missing: there is nothing to score. Fill one in."),
    "limit_parts_missing": _lt("Nothing is declared to work out the credit limit from. Add a part."),
    "limit_figure_missing": _lt("The credit limit needs a figure for %(part)s. Fill it in."),
    "limit_figure_invalid": _lt("%(part)s is “%(figure)s”: that is not an amount. Correct it."),
    "limit_factor_negative": _lt("The factor of %(part)s is %(factor)s: it cannot be negative."),
    # limitation, cost against benefit
    "limitation_period_missing": _lt(
        "A period of limitation is a whole number of months from 1. Fill it in."
    ),
    "limitation_date_missing": _lt("The limitation cannot be found without a date: %(name)s. Fill it in."),
    "limitation_event_reversed": _lt("An event ends on %(date)s, before it starts on %(previous)s."),
    "chance_out_of_range": _lt("%(name)s is %(value)s: a chance lies between 0 and 100 percent."),
    # files
    "table_empty": _lt("The file holds no rows. It needs a line of headers and one line at least below it."),
    "table_unreadable": _lt("The file cannot be read. Send a CSV file or an Excel workbook (.xlsx)."),
    "table_too_long": _lt("The file has more than %(maximum)s rows. Send it in parts."),
    "table_too_wide": _lt("The file has more than %(maximum)s columns. Keep those that are needed."),
    "file_too_large": _lt("The file has more than %(maximum)s megabytes. Send it in parts."),
    "archive_too_large": _lt(
        "The workbook unpacks to more than %(maximum)s megabytes. Save the sheet alone, as CSV."
    ),
    "cell_too_long": _lt(
        "Row %(row)s has a cell of more than %(maximum)s characters. A quotation mark may not be closed there."
    ),
    "columns_unknown": _lt("The file has columns nobody knows: %(columns)s. Known columns: %(known)s."),
    "columns_missing": _lt("The file lacks the columns %(columns)s. Add them."),
    "column_twice": _lt("The file has the columns %(columns)s more than once. Keep one of each."),
    "cell_not_a_figure": _lt("Row %(row)s, column %(column)s: “%(value)s” is not a figure."),
    "cell_not_a_date": _lt("Row %(row)s, column %(column)s: “%(value)s” is not a date. Write YYYY-MM-DD."),
    "cell_year_out_of_range": _lt(
        "Row %(row)s, column %(column)s: the year of “%(value)s” is not between %(first)s and %(last)s."
    ),
    "cell_missing": _lt("Row %(row)s: column %(column)s is empty. Fill it in."),
}


@contextmanager
def kernel_errors(env):
    """Turn a refusal of the kernel into a ``UserError`` in the user's language."""
    try:
        yield
    except KernelError as error:
        raise UserError(kernel_message(env, error)) from error


def kernel_message(env, error):
    """Return the translated message of a :class:`KernelError`, its figures in the user's format."""
    figures = {name: _shown(env, value) for name, value in error.params.items()}
    # A lazy text takes no arguments when it is translated: the figures are filled in afterwards.
    template = env._(MESSAGES[error.code])
    return template % figures


def uploaded(data):
    """Return the bytes of a file field; what is too large is refused before it is decoded.

    :raise KernelError: more than ``MAX_BYTES``, or no base64
    """
    # base64 writes three bytes in four characters
    if len(data or "") > MAX_BYTES // 3 * 4 + 4:
        raise KernelError("file_too_large", maximum=MAX_BYTES // MEGABYTE)
    try:
        return base64.b64decode(data or b"")
    except ValueError:
        raise KernelError("table_unreadable") from None


def exact(amount, currency):
    """Return a stored ``amount`` (float, in ``currency``) as the Decimal it stands for."""
    # The ORM computes with floats: what is left below the currency's decimals is dust.
    return round_money(
        to_decimal(float(f"{amount:.{currency.decimal_places + 2}f}")), currency.decimal_places
    )


def smallest(currency):
    """Return the smallest amount of ``currency`` as a Decimal: 0.01, or 0.05 and 10 where coins or usage say so."""
    return to_decimal(currency.rounding)


def _shown(env, value):
    if isinstance(value, datetime.date):
        return format_date(env, value)
    if isinstance(value, Decimal) and value.is_finite():
        return formatLang(env, float(value), digits=max(-value.as_tuple().exponent, 0))
    if isinstance(value, (list, tuple, set, frozenset)):
        parts = [_shown(env, part) for part in islice(value, SHOWN_PARTS + 1)]
        return ", ".join([*parts[:SHOWN_PARTS], *["…"][: len(parts) - SHOWN_PARTS]])
    text = str(value)
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"
