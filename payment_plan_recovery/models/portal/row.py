"""A row of the account, and what its page shows of it."""

from typing import NamedTuple

from markupsafe import Markup, escape

from ..message.claim_content import ClaimContent

TICK = '<input class="form-check-input" type="checkbox" name="items" value="%s" aria-label="%s"/>'
INVOICE = '<a href="%s" target="_blank">%s</a>'
INSTALMENT = '<a href="%s#pay">%s</a>'
BRANCH = '<br/><small class="text-muted">%s</small>'
SAID = ' <span class="badge rounded-pill text-bg-info text-wrap me-1">%s</span>'
LATE = '<span class="text-danger">%s</span>'
#: What can be ticked, number with what is said of it, due date, amount, received, remaining.
ROW = """\
<tr>
<td>%s</td>
<td class="text-wrap text-break">%s</td>
<td>%s</td>
<td class="text-end d-none d-md-table-cell">%s</td>
<td class="text-end d-none d-md-table-cell">%s</td>
<td class="text-end text-nowrap">%s</td>
</tr>
"""


class Row(NamedTuple):
    """A row of the account: ids of what it is about, None where there is none, and what is ``said`` of it besides."""

    move_line_id: int | None
    move_id: int | None
    plan_id: int | None
    claim: ClaimContent
    said: list

    def is_plainly_late(self):
        """Tell whether the row is late, asked for, in no plan, and nothing is said of it."""
        claim = self.claim
        return bool(self.move_line_id and claim.days_late and not claim.is_let_go and not self.said)

    def _html(self, content, visit, pays):
        """Return the row as HTML, a plain string in which every value is escaped; see :meth:`Rows.html`."""
        claim, tick = self.claim, ""
        number, due = escape(claim.number), escape(content.day(claim.date_due))
        if pays and self.move_line_id and not claim.is_let_go:
            tick = TICK % (self.move_line_id, escape(content.env._("Pay %s", claim.number)))
        if self.move_id:
            number = INVOICE % (escape(visit.url(f"/invoices/{self.move_id}")), number)
        elif self.plan_id:
            number = INSTALMENT % (escape(visit.url(f"/plans/{self.plan_id}")), number)
        if claim.branch:
            number += BRANCH % escape(claim.branch)
        for words in (*self.said, *([content.env._("No longer asked for")] if claim.let_go else ())):
            number += SAID % escape(words)
        if claim.days_late > 0:
            due = LATE % due
        amounts = (
            escape(content.money(amount, claim.currency))
            for amount in (claim.amount, claim.received, claim.residual)
        )
        return ROW % (tick, number, due, *amounts)


class Rows(list):
    """Rows of a page of the account."""

    def html(self, content, visit, pays):
        """Return them as they stand in the page's table.

        Made here, of one piece: to a template each cell is a dozen steps, and a page has eighty rows.

        :param content: the Content of the page, which words amounts and days
        :param visit: the way in, which knows the addresses
        :param pays: whether what is ticked can be paid
        """
        return Markup("".join([row._html(content, visit, pays) for row in self]))  # noqa: S704 values are escaped
