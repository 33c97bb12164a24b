"""The sum that who acknowledges a debt writes in figures and in words (C. civ. 1376), as people type it."""

import re
import unicodedata
from decimal import Decimal

#: Digits after a single separator that is taken for thousands: 1.200 and 1,200.
THOUSAND = 3
#: Points and commas in one sum.
BOTH = 2


def typed_amount(text):
    """Return the amount in ``text`` as a Decimal, None when there is none: "1 200,00 €", "1,200.00", "1200".

    The last of points and commas is the decimal one, unless exactly three digits follow it and no other kind stands
    before it.
    """
    figures = re.sub(r"[^0-9.,]", "", text or "").strip(".,")
    if not figures:
        return None
    last = max(figures.rfind("."), figures.rfind(","))
    whole, part = (figures, "") if last < 0 else (figures[:last], figures[last + 1 :])
    if len(part) == THOUSAND and len(set(re.findall("[.,]", figures))) < BOTH:
        whole, part = figures, ""
    return Decimal(f"{re.sub('[.,]', '', whole)}.{part or 0}")


def same_words(typed, asked):
    """Whether two amounts in words say the same: capitals, accents, hyphens and spaces do not count."""
    return bool(_plain(asked)) and _plain(typed) == _plain(asked)


def _plain(text):
    decomposed = unicodedata.normalize("NFKD", (text or "").lower())
    return "".join(character for character in decomposed if character.isalnum())
