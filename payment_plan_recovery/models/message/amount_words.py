"""Money in words, as a signed document states it."""

import re

from num2words import num2words

#: French says "un million d'euros", which num2words does not.
FRENCH_ROUND_MILLIONS = re.compile(r"\b((?:million|milliard)s?) (?=(?:euro|dollar|franc|livre|yen|yuan)s?\b)")

#: Decimals that num2words writes: it counts every currency in hundredths.
WRITTEN_DECIMALS = 2


def amount_in_words(amount, currency):
    """Return ``amount`` in words in the language of ``currency``'s environment, with the currency's units."""
    if currency.decimal_places == WRITTEN_DECIMALS:
        lang = currency.env.lang or "en_US"
        for code in (lang, lang.split("_")[0]):
            try:
                return _words(amount, currency, code)
            except NotImplementedError:
                continue
    return currency.amount_to_text(amount).lower()


def _words(amount, currency, lang):
    """Return the words num2words knows for a currency, without hundredths that are none."""
    options = {"lang": lang, "to": "currency", "currency": currency.name}
    # num2words reads a whole number as hundredths
    amount = float(amount)
    if currency.is_zero(amount - int(amount)):
        words = num2words(amount, separator="\0", **options).split("\0")[0]
    else:
        words = num2words(amount, **options)
    if lang.startswith("fr"):
        words = FRENCH_ROUND_MILLIONS.sub(_joined, words)
    return words


def _joined(match):
    following = match.string[match.end()]
    return f"{match.group(1)} d'" if following in "ey" else f"{match.group(1)} de "
