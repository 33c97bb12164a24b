"""What an address says is never taken for what Python calls its own."""

from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """Answer without a word named ``self``: no page asks for one, and Odoo breaks on it on each of its pages."""
        request.params.pop("self", None)
        return super()._dispatch(endpoint)
