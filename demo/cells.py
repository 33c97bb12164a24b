"""What a cell of somebody's ledger means: a date, an amount, a country, yes or no.

A reader returns the value or raises ``UnreadableError``, whose text follows the column's name.
"""

import datetime
import re
import unicodedata
from decimal import Decimal
from functools import cache

from .iso_codes import COUNTRIES

LARGEST = Decimal(10) ** 12  # from there on binary floats, which Odoo computes with, lose cents
MOST_DECIMALS = 3
#: Years that the days of a ledger lie in.
FIRST_YEAR, LAST_YEAR = 1900, 2200
YES = ("yes", "y", "true", "1", "oui", "o", "vrai", "x")
NO = ("", "no", "n", "false", "0", "non", "faux")
TRUTHS = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)


class LedgerFileError(ValueError):
    """The file as a whole, or the way asked to read it, makes no sense."""


#: Characters quoted of what a file holds.
QUOTED = 100


def quoted(text, most=QUOTED):
    """The text as it is said to a person: a cell may hold a book."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


class UnreadableError(ValueError):
    """Why a cell means nothing."""


PLAIN_DECIMALS = 2
_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,2})?", re.ASCII)
_NOTATIONS = {  # by the mark between thousands
    mark: re.compile(pattern, re.ASCII)
    for mark, pattern in (
        ("", r"\d+(?:[.,]\d+)?"),
        (" ", r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?"),
        (",", r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
        (".", r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"),
        ("'", r"[1-9]\d{0,2}(?:'\d{3})+(?:[.,]\d+)?"),
    )
}
#: What typesetters put between thousands.
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2009\u202f"), " ") | {ord("\u2019"): "'"}
#: What stands beside amounts in the place of a currency's code.
MARKS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "Fr.", "JPY": "¥"}


def without_mark(text, currency):
    """The amount without the code or mark of its own currency before or behind it; with another's it is none."""
    for mark in (currency or "", MARKS.get(currency, "")):
        if mark and text.casefold().startswith(mark.casefold()):
            text = text[len(mark) :].strip()
        elif mark and text.casefold().endswith(mark.casefold()):
            text = text[: -len(mark)].strip()
    return text


def read_amount(text, decimals):
    """The exact Decimal, zero or more, that ``text`` stands for in a currency of ``decimals``."""
    if decimals >= PLAIN_DECIMALS and _PLAIN.fullmatch(text):  # nearly all of them, and nothing to refuse
        return round(Decimal(text), decimals)
    value = _in_any_notation(text, decimals)
    if value >= LARGEST:
        raise UnreadableError("is too large")
    exact = round(value, decimals)
    if exact != value:
        raise UnreadableError(f"has more than {decimals} decimals")
    return exact


def _in_any_notation(text, decimals):
    if not text:
        raise UnreadableError("is missing")
    if text[0] in "-\u2212(":
        raise UnreadableError("is negative")
    text = text.translate(_SPACES)
    readings = {
        mark: Decimal(text.replace(mark, "").replace(",", "."))
        for mark, notation in _NOTATIONS.items()
        if notation.fullmatch(text)
    }
    if not readings:
        raise UnreadableError("is not an amount")
    if len(readings) == 1:
        return next(iter(readings.values()))
    if "." in text and decimals == MOST_DECIMALS:  # 1.234 dinars have three decimals
        return readings[""]
    raise UnreadableError("is ambiguous, with three digits after its only mark")


def read_signed(text, decimals):
    """The exact Decimal, not zero; a minus before or behind, or brackets, make it negative."""
    plain = text.strip()
    negative = plain[:1] in "-\u2212(" or plain[-1:] in "-\u2212" if plain else False
    amount = read_amount(plain.strip("-\u2212() \u00a0") if negative else plain, decimals)
    if not amount:
        raise UnreadableError("is zero")
    return -amount if negative else amount


def read_text(text):
    if not text:
        raise UnreadableError("is missing")
    if "\0" in text:
        raise UnreadableError("holds a NUL character")
    return text


def read_truth(text):
    try:
        return TRUTHS[text.lower()]
    except KeyError:
        raise UnreadableError("is neither yes nor no") from None


#: The hour that databases write behind a day.
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$", re.ASCII)
#: Day 0 of workbooks, and the days from 1954 to 2064 as they count them.
SERIAL_EPOCH = datetime.date(1899, 12, 30)
_SERIAL = re.compile(r"[2-5]\d{4}", re.ASCII)


def date_reader(date_format):
    """A function from text to date; days repeat so often that each is parsed once."""
    parse, form = (_iso_date, "YYYY-MM-DD") if date_format is None else (_by_format(date_format), date_format)

    @cache
    def read(text):
        if not text:
            raise UnreadableError("is missing")
        plain = _MIDNIGHT.sub("", text)
        try:
            day = serial_day(plain) or _iso_or_none(plain) or parse(plain)
        except ValueError:
            raise UnreadableError(f"is not a date in the form {form}") from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise UnreadableError(f"is not between {FIRST_YEAR} and {LAST_YEAR}")
        return day

    return read


#: Forms of dates that files have, ISO apart; days come before months where both would do.
DATE_FORMATS = (
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%d/%m/%y",
    "%d.%m.%y",
    "%m/%d/%y",
    "%Y%m%d",
)


def likely_date_format(texts):
    """The form that most of ``texts`` have, None for ISO dates or none at all."""
    found = {None: _readable(texts, _iso_date)}
    found |= {form: _readable(texts, _strptime(form)) for form in DATE_FORMATS}
    return max(found, key=found.get)


def serial_day(text):
    """The day that a workbook keeps as the number ``text``, where it is not shown as one; None otherwise."""
    if _SERIAL.fullmatch(text):
        return SERIAL_EPOCH + datetime.timedelta(days=int(text))
    return None


def _iso_or_none(text):
    """An ISO date cannot be mistaken for another, whatever form the others have."""
    try:
        return _iso_date(text)
    except ValueError:
        return None


def _readable(texts, parse):
    count = 0
    for text in texts:
        try:
            day = parse(_MIDNIGHT.sub("", text))
        except ValueError:
            continue
        count += FIRST_YEAR <= day.year <= LAST_YEAR
    return count


def _iso_date(text):
    if len(text) != len("YYYY-MM-DD") or text[7] != "-":  # newer Pythons read weeks, too
        raise ValueError(text)
    return datetime.date.fromisoformat(text)


def _by_format(date_format):
    probe = datetime.date(2003, 2, 1)
    parse = _strptime(date_format)
    try:
        usable = _names_year(date_format) and parse(probe.strftime(date_format)) == probe
    except ValueError:
        usable = False
    if not usable:
        raise LedgerFileError(f"{date_format!r} is not a date format with year, month and day")
    return parse


def _names_year(date_format):
    """Asked first: strptime warns of formats without a year before it reads 1900."""
    return re.search("%[YyGcx]", date_format) is not None


def _strptime(date_format):
    return lambda text: datetime.datetime.strptime(text, date_format).date()


def country_reader(countries):
    known = {"": ""} | {code.lower(): code for code in (*COUNTRIES, *countries.values())}
    known |= {_folded(name): code for name, code in countries.items()}

    @cache
    def read(text):
        try:
            return known[_folded(text)]
        except KeyError:
            raise UnreadableError("is not a known country") from None

    return read


def _folded(text):
    """Without case, accents and doubled spaces."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())
