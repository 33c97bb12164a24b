"""What a cell of somebody's ledger means as a day: ISO, a form that the file's days share, a month by its name."""

import datetime
import re
import unicodedata
from functools import cache

from .cells import LedgerFileError, UnreadableError

#: Years that the days of a ledger lie in.
FIRST_YEAR, LAST_YEAR = 1900, 2200
#: The hour that databases write behind a day.
_MIDNIGHT = re.compile(r"[ T](0?0:00(:00(\.0+)?)?|12:00(:00)? ?AM)$", re.ASCII | re.IGNORECASE)
#: Day 0 of workbooks, and the days from 1954 to 2064 as they count them.
SERIAL_EPOCH = datetime.date(1899, 12, 30)
#: What stands behind the point is the hour.
_SERIAL = re.compile(r"([2-5]\d{4})(?:[.,]\d+)?", re.ASCII)


def date_reader(date_format):
    """A function from text to date; days repeat so often that each is parsed once."""
    parse, form = (_iso_date, "YYYY-MM-DD") if date_format is None else (_by_format(date_format), date_format)

    @cache
    def read(text):
        if not text:
            raise UnreadableError("is missing")
        plain = _MIDNIGHT.sub("", text)
        try:
            day = serial_day(plain) or _iso_or_none(plain) or _named_or_none(plain) or parse(plain)
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
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d/%m/%y",
    "%d.%m.%y",
    "%d-%m-%y",
    "%m/%d/%y",
    "%Y%m%d",
)
#: Days that invoices usually leave for paying.
USUAL_TERMS = {0, 7, 8, 10, 14, 15, 20, 21, 30, 45, 60, 90}


def likely_date_formats(texts, terms=(), preferred=None):
    """The forms that most of ``texts`` have, the likeliest first; None where most are ISO dates, or nothing is read.

    Of several that would do it is the one that makes of most ``terms``, pairs of an invoice's day and its due date,
    what is usual; then ``preferred``, then the one with days before months.
    """
    found = {form: _readable(texts, _strptime(form)) for form in DATE_FORMATS}
    most = max(found.values())
    if most < max(_readable(texts, _iso_date), 1):
        return [None]
    forms = [form for form in found if found[form] == most]
    return sorted(forms, key=lambda form: (-_usual(terms, date_reader(form)), form != preferred))


def _usual(terms, read):
    """How many of the pairs are a usual term, less those that end before they begin."""
    count = 0
    for first, last in terms:
        try:
            days = (read(last) - read(first)).days
        except UnreadableError:
            continue
        count += (days in USUAL_TERMS) - (days < 0)
    return count


def serial_day(text):
    """The day that a workbook keeps as the number ``text``, where it is not shown as one; None otherwise."""
    if found := _SERIAL.fullmatch(text):
        return SERIAL_EPOCH + datetime.timedelta(days=int(found[1]))
    return None


#: How months begin in the languages that headings are known in.
_MONTHS = {
    prefix: month
    for month, prefixes in enumerate(
        (
            *("jan ene gen", "feb fev", "mar mrt maa", "apr avr abr", "mai may mag mei", "jun juin giu"),
            *("jul juil lug", "aug aou ago", "sep set", "oct okt ott out", "nov", "dec dez dic"),
        ),
        1,
    )
    for prefix in prefixes.split()
}
#: What stands between the parts of a day that names its month.
_FILLING = {"de", "del", "er", "st", "nd", "rd", "th"}


def _named_or_none(text):
    """The day of a text that names its month, in whole or shortened; None for any other."""
    if not any(map(str.isalpha, text)):
        return None
    bare = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"\d+|[a-z]+", "".join(c for c in bare if not unicodedata.combining(c)))
    parts = [word for word in words if word not in _FILLING]
    if len(parts) != len(("day", "month", "year")):
        return None
    day, word, year = (parts[1], parts[0], parts[2]) if parts[0].isalpha() else parts
    month = _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])
    if not month or not day.isdigit() or not year.isdigit():
        return None
    form = "%Y" if len(year) > len("26") else "%y"
    return datetime.datetime.strptime(f"{year}-{month}-{day}", f"{form}-%m-%d").date()


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
