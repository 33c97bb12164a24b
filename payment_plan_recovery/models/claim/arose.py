"""The day a claim arose: whatever stands for it in the books by now, it is as old as it was."""

from odoo import api, models


class RecoveryArose(models.AbstractModel):
    """Finds since when what debtors owe is owed. Holds no data."""

    _name = "recovery.arose"
    _description = "Day on which Claims Arose"

    @api.model
    def _days(self, items):
        """Return {item: day its claim arose}, in a fixed number of queries.

        The day of its invoice; what an entry moved, the first day of all that it goes on from (``recovery.carried``).
        """
        before = self.env["recovery.carried"]._origins(items.ids)
        stood = {*items.ids, *(origin for origins in before.values() for origin in origins)}
        # sudo: since when something is owed does not depend on who asks
        known = self.env["account.move.line"].sudo().browse(sorted(stood))
        own = {item.id: item.invoice_date or item.date for item in known}
        own |= self._days_of_charges(
            known
        )  # of a room below, which says in its own file on this what they are
        return {item: min(own[each] for each in (item.id, *before.get(item.id, ()))) for item in items}
