"""What is written about a promise: its confirmation goes by itself."""

from dataclasses import replace

from odoo import models
from odoo.fields import Domain


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
        content = self.partner_id._recovery_content(
            self.company_id, self.company_id._recovery_today(), self._promised_claims()
        )
        return replace(
            content,
            deadline=self.date_promised,
            promised={self.currency_id: self.amount},
            # sudo: the collector's name, telephone and address are meant to be read by the debtor
            responsible=(self.user_id or self.env.user).sudo().partner_id,
        )

    def _promised_claims(self):
        """Return what it is for: claims on its items; of what a plan covers the instalments due by its day, or next."""
        items = self._all_items()
        about = Domain("partner_id", "=", self.partner_id.id)
        about &= Domain("company_id", "in", self.company_id._recovery_branch_ids())
        if items:
            plans = items.recovery_plan_id
            about &= Domain("move_line_id", "in", items.ids) | Domain("plan_id", "in", plans.ids)
        # sudo: the debtor is told what it promised, whichever branches whoever noted it works in
        claims = self.env["recovery.claim"].sudo().search(about)
        if not items:
            return claims
        later = claims.browse()
        for instalments in claims.filtered("instalment_id").grouped("plan_id").values():
            rows = instalments.sorted("date_due")
            later |= rows.filtered(lambda claim: claim.date_due > self.date_promised) - rows[:1]
        return claims - later
