"""What writing a journal item does without: descriptions that nobody reads."""

from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, models

#: Whether journal items are being written.
_writing = ContextVar("journal_items_being_written", default=False)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @contextmanager
    def _sync_invoice(self, container):
        before = _writing.set(True)
        try:
            with super()._sync_invoice(container):
                yield
        finally:
            _writing.reset(before)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Describe no field when a write asks for those it tracks and there are none.

        No name means all fields, a quarter of what it takes to match a payment. Whoever else asks has them.
        """
        if _writing.get() and allfields is not None and not allfields:
            return {}
        return super().fields_get(allfields, attributes)
