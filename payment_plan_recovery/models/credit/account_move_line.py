"""The index that exposures are read from."""

from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # All that the exposure reads of an open item, so that the ledger itself is not touched.
    _recovery_exposure_idx = models.Index(
        "(partner_id) INCLUDE (account_id, company_id, amount_residual) "
        "WHERE parent_state = 'posted' AND amount_residual <> 0"
    )
