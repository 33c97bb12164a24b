"""Numbers that stand in sentences: bounds, multiples, shares."""

from decimal import Decimal

from odoo.tools.misc import formatLang

#: Decimals of the finest number that is declared.
FINEST = Decimal("0.0001")


def number_told(env, number):
    """Return ``number`` as the language of ``env`` writes it, with the decimals that it has and no others."""
    exact = Decimal(str(number)).quantize(FINEST).normalize()
    return formatLang(env, float(exact), digits=max(-exact.as_tuple().exponent, 0))
