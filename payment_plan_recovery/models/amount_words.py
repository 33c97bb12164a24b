"""Money in words, as a signed document states it."""

from num2words import num2words


def amount_in_words(amount, currency):
    """Return ``amount`` in words in the language of ``currency``'s environment, with the currency's units."""
    lang = currency.env.lang or "en_US"
    if currency.decimal_places == 2:  # noqa: PLR2004 num2words counts every currency's money in hundredths
        for code in (lang, lang.split("_")[0]):
            try:
                return num2words(amount, lang=code, to="currency", currency=currency.name)
            except (NotImplementedError, KeyError):
                continue
    return currency.amount_to_text(amount).lower()
