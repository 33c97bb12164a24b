"""What is written about a promise: its confirmation goes by itself."""

from dataclasses import replace

from odoo import models


class RecoveryPromise(models.Model):
    _inherit = "recovery.promise"

    def _confirm_by_mail(self):
        """Send the debtors what they promised, unless its day has passed."""
        confirmed = self.filtered(
            lambda promise: (
                promise.company_id.recovery_confirm_promises
                and promise.state == "open"
                and promise.date_promised >= promise.company_id._recovery_today()
            )
        )
        self.env["recovery.message"]._mail_occasion(
            "promise_confirmation", {promise: promise._content() for promise in confirmed}
        )

    def _content(self):
        """Return what is said about the promise: its amount, its day, what it is for."""
        items = self._all_items()
        # sudo: the debtor is told what it promised, whichever branches whoever noted it works in
        claims = (
            self.env["recovery.claim"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "in", self.company_id._recovery_branch_ids()),
                    *([("move_line_id", "in", items.ids)] if items else ()),
                ]
            )
        )
        content = self.partner_id._recovery_content(
            self.company_id, self.company_id._recovery_today(), claims
        )
        return replace(
            content,
            deadline=self.date_promised,
            promised={self.currency_id: self.amount},
            # sudo: the collector's name, telephone and address are meant to be read by the debtor
            responsible=(self.user_id or self.env.user).sudo().partner_id,
        )
