"""A row of the account, and the cells in which its page shows it."""

from typing import NamedTuple

from markupsafe import Markup, escape

from ..message.claim_content import ClaimContent

TICK = '<input class="form-check-input" type="checkbox" name="items" value="%s" aria-label="%s"/>'
INVOICE = '<a href="%s" target="_blank">%s</a>'
INSTALMENT = '<a href="%s#pay">%s</a>'
SAID = ' <span class="badge rounded-pill text-bg-info text-wrap me-1">%s</span>'
LATE = '<span class="text-danger">%s</span>'


def _html(pattern, *values):
    """Return HTML of ours with ``values`` in it, each escaped; several times as fast as Markup's own formatting."""
    return Markup(pattern % tuple(map(escape, values)))  # noqa: S704


class Cells(NamedTuple):
    """What the cells of a row hold: text, or HTML of ours in which every value is escaped."""

    tick: str
    number: str
    due: str
    amount: str
    received: str
    residual: str


class Row(NamedTuple):
    """A row of the account: ids of what it is about, None where there is none, and what is ``said`` of it besides."""

    move_line_id: int | None
    move_id: int | None
    plan_id: int | None
    claim: ClaimContent
    said: list

    def cells(self, content, visit, pays):
        """Return the :class:`Cells` of the row.

        :param content: the Content of its page, which words amounts and days
        :param visit: the way in, which knows the addresses
        :param pays: whether what is ticked can be paid
        """
        claim, number, tick = self.claim, self.claim.number, ""
        if pays and self.move_line_id:
            tick = _html(TICK, self.move_line_id, content.env._("Pay %s", number))
        if self.move_id:
            number = _html(INVOICE, visit.url(f"/invoices/{self.move_id}"), number)
        elif self.plan_id:
            number = _html(INSTALMENT, visit.url(f"/plans/{self.plan_id}"), number)
        for words in self.said:
            number += _html(SAID, words)
        due = content.day(claim.date_due)
        amounts = (
            content.money(amount, claim.currency) for amount in (claim.amount, claim.received, claim.residual)
        )
        return Cells(tick, number, _html(LATE, due) if claim.days_late > 0 else due, *amounts)
