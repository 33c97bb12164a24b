"""A figure by which collecting is judged: one class each, its formula in words beside its SQL."""

from math import fsum

from odoo import api, models
from odoo.tools import SQL


class RecoveryFigure(models.AbstractModel):
    """Base of every figure: it adds up something over something else, record by record of its source."""

    _name = "recovery.figure"
    _description = "Figure"
    _inherit = "recovery.kind"

    #: Where it is read: ``_<source>_rows(scope)`` of recovery.kpi.acts.
    _source = None
    #: What is added up, over columns of ``row``.
    _numerator = SQL("0")
    _denominator = SQL("0")
    #: Values apart from which it cannot be told (a median needs the days): a column of whole numbers to group by,
    #: else None.
    _apart = None
    #: What it is: "share", "days", "rating" (of 5) or "money"; and whether more of it is better.
    _unit = "share"
    _more_is_better = True
    #: What numerator and denominator are: "money", "count" or "number".
    _counts = ("money", "money")

    # -- what a figure says of itself ----------------------------------------------------------

    @api.model
    def _over(self) -> str:
        """Return what is added up, in words."""
        raise NotImplementedError(self._name)

    @api.model
    def _under(self) -> str:
        """Return what it is divided by, in words."""
        raise NotImplementedError(self._name)

    @api.model
    def _formula(self) -> str:
        """Return the definition shown on screen."""
        return f"{self._over()} ÷ {self._under()}"

    @api.model
    def _value(self, parts, scope):
        """Return the figure's value, None when there is nothing to tell.

        :param parts: (value of ``_apart``, numerator, denominator)
        """
        under = fsum(part[2] for part in parts)
        return fsum(part[1] for part in parts) / under if under else None
