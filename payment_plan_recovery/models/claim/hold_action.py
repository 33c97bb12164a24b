"""Ways to a new hold or promise: from an invoice, a debtor, a notice."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_recovery_hold(self):
        """A new hold on the open items of the invoices."""
        return self.env["recovery.hold"]._new_action(self.commercial_partner_id, self._recovery_items())

    def action_recovery_promise(self):
        """A new promise for the open items of the invoices."""
        return self.env["recovery.promise"]._new_action(self.commercial_partner_id, self._recovery_items())

    def _recovery_items(self):
        """Open receivable items of the invoices."""
        return self.env["account.move.line"].search(
            [
                ("move_id", "in", self.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ],
            order="date_maturity, id",
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_recovery_hold(self):
        """A new hold on everything the debtor owes."""
        return self.env["recovery.hold"]._new_action(self.commercial_partner_id)

    def action_recovery_promise(self):
        """A new promise of the debtor."""
        return self.env["recovery.promise"]._new_action(self.commercial_partner_id)


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def action_recovery_hold(self):
        """A new hold on the items of the notices; on the debtor when they are about instalments."""
        return self.env["recovery.hold"]._new_action(self.partner_id, self.line_ids.move_line_id)

    def action_recovery_promise(self):
        """A new promise for the items of the notices."""
        return self.env["recovery.promise"]._new_action(self.partner_id, self.line_ids.move_line_id)
