"""What a cell of somebody's ledger means: an amount, a country, yes or no; days are in ``days``.

A reader returns the value or raises ``UnreadableError``, whose text follows the column's name.
"""

import re
import unicodedata
from decimal import Decimal
from functools import cache

from .iso_codes import COUNTRIES

LARGEST = Decimal(10) ** 12  # from there on binary floats, which Odoo computes with, lose cents
MOST_DECIMALS = 3
YES = ("yes", "y", "true", "1", "oui", "o", "vrai", "x", "ja", "j", "wahr", "si", "s\u00ed", "sim")
NO = ("", "no", "n", "false", "0", "non", "faux", "nein", "falsch", "nee", "nao", "n\u00e3o")
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
#: Which side of the account an amount stands on, as it is written behind it.
_SIDE = re.compile(r"\s*(?<![a-z])([CD]R?|DB|[SH])$", re.IGNORECASE)
#: What stands before or behind what is below zero; typists take a dash for it.
MINUSES = ("-", "\u2212", "\u2013")
BELOW_ZERO = (*MINUSES, "(")
#: What stands beside amounts in the place of a currency's code.
MARKS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "Fr.", "JPY": "¥"}

_OF_MARKS = {"€": "EUR", "£": "GBP"}


def without_mark(text, currency):
    """The amount without the code or mark of its own currency before or behind it; with another's it is none."""
    if not text or (text[0].isdigit() and text[-1].isdigit()):
        return text
    if text.startswith(MINUSES):
        return f"-{without_mark(text[1:].strip(), currency)}"
    if text[0] == "(" and text[-1] == ")":
        return f"({without_mark(text[1:-1].strip(), currency)})"
    for mark in (currency or "", MARKS.get(currency, "")):
        if mark and text.casefold().startswith(mark.casefold()):
            text = text[len(mark) :].strip()
        elif mark and text.casefold().endswith(mark.casefold()):
            text = text[: -len(mark)].strip()
    return text


def currency_of(text):
    """The code that a cell for the currency stands for: a mark is one as well, where only one currency has it."""
    return _OF_MARKS.get(text) or text.upper()


def read_amount(text, decimals, mark=None):
    """The exact Decimal, zero or more, that ``text`` stands for in a currency of ``decimals``.

    ``mark`` is the decimal one of the file, where it is known; it decides what could be read in two ways.
    """
    if decimals >= PLAIN_DECIMALS and _PLAIN.fullmatch(text):  # nearly all of them, and nothing to refuse
        return round(Decimal(text), decimals)
    value = _in_any_notation(text, decimals, mark)
    if value >= LARGEST:
        raise UnreadableError("is too large")
    exact = round(value, decimals)
    if exact != value:
        raise UnreadableError(f"has more than {decimals} decimals")
    return exact


def _in_any_notation(text, decimals, decimal_mark):
    if not text:
        raise UnreadableError("is missing")
    if text.startswith(BELOW_ZERO):
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
    if decimal_mark:
        return readings["" if decimal_mark in text else min(readings.keys() - {""})]
    if "." in text and decimals == MOST_DECIMALS:  # 1.234 dinars have three decimals
        return readings[""]
    raise UnreadableError("is ambiguous, with three digits after its only mark")


def decimal_mark(texts):
    """The mark before decimals that all amounts agree on which leave no doubt; None without one."""
    found = {_telling_mark(re.sub(r"[^0-9.,]", "", text)) for text in texts} - {None}
    return found.pop() if len(found) == 1 else None


def _telling_mark(figures):
    marks = re.findall("[.,]", figures)
    if not marks:
        return None
    last = marks[-1]
    if marks.count(last) > 1:  # between thousands
        return None if len(set(marks)) > 1 else ",.".replace(last, "")
    if len(set(marks)) > 1 or len(figures.rpartition(last)[2]) != len("000"):
        return last
    return None


def read_signed(text, decimals, mark=None, adding="debit"):
    """The exact Decimal, not zero; a minus before or behind, brackets, or the side behind it make it negative.

    :param adding: "debit" or "credit": the side of the account on which amounts are above zero
    """
    plain, side = _without_side(text.strip().removeprefix("'"))
    plain, negative = _without_sign(plain)
    amount = read_amount(plain, decimals, mark)
    if not amount:
        raise UnreadableError("is zero")
    return -amount if negative != (side not in (None, adding)) else amount


def _without_side(text):
    """(amount, "debit", "credit" or None) of an amount with the letters for its side behind it."""
    found = _SIDE.search(text) if text[-1:].isalpha() else None
    if not found:
        return text, None
    return text[: found.start()], "credit" if found[1][0] in "cChH" else "debit"


def _without_sign(text):
    """(amount, whether it is below zero)"""
    if text[:1].isdigit() and text[-1:].isdigit():
        return text, False
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text.startswith(MINUSES):
        return text[1:].lstrip(), True
    if text.endswith(MINUSES):
        return text[:-1].rstrip(), True
    return text.removeprefix("+").lstrip(), False


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


def country_reader(countries):
    known = {"": ""} | {code.lower(): code for code in (*COUNTRIES, *countries.values())}
    known |= {folded(name): code for name, code in countries.items()}

    @cache
    def read(text):
        try:
            return known[folded(text)]
        except KeyError:
            raise UnreadableError("is not a known country") from None

    return read


def folded(text):
    """Without case, accents and doubled spaces."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())
