"""The index that exposures are read from, and items that come to be somebody else's debt."""

from odoo import models

from .account_move import MOVING


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # All that the exposure reads of an open item, so that the ledger itself is not touched.
    _recovery_exposure_idx = models.Index(
        "(partner_id) INCLUDE (account_id, company_id, amount_residual) "
        "WHERE parent_state = 'posted' AND amount_residual <> 0"
    )

    def write(self, vals):
        """Judge what makes somebody owe a posted item as a document that does is judged.

        It is given to another debtor, or put on a receivable account.
        """
        moved = self._credit_moved(vals)
        if not moved:
            return super().write(vals)
        debtor = self.env["res.partner"].browse(vals.get("partner_id") or ()).commercial_partner_id
        entries, debtors = moved.move_id, debtor | moved.partner_id.commercial_partner_id
        # what of a contact that moved is its new debtor's already follows that contact
        given = moved.filtered(lambda item: item.partner_id.commercial_partner_id != debtor)
        moving = self.env.cr.precommit.data.setdefault(MOVING, set())
        moving.update(entries.ids)
        try:
            with entries._credit_control(giving=entries, also=debtors):
                result = super().write(vals)
        finally:
            moving.difference_update(entries.ids)
        self.env["recovery.given"]._follow(given)
        return result

    def _credit_moved(self, vals):
        """Return the posted items that ``vals`` give to another debtor, or put on a receivable account."""
        if not {"partner_id", "account_id"} & vals.keys():
            return self.browse()
        account = self.env["account.account"].browse(vals.get("account_id") or ())
        return self.filtered(
            lambda item: (
                item.parent_state == "posted"
                and (account or item.account_id).account_type == "asset_receivable"
                and any(name in vals and item[name].id != vals[name] for name in ("partner_id", "account_id"))
                and (item.move_id.move_type != "entry" or item.move_id._credit_is_miscellaneous())
            )
        )
