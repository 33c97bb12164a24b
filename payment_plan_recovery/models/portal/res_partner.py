"""A debtor's account as it sees it on the portal. Callers come by sudo, with the debtor of whoever is logged in."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _portal_claim_count(self):
        """Return how many claims are open on the debtor, with all creditors."""
        return self.env["recovery.claim"].search_count([("partner_id", "=", self.id)])

    def _portal_creditors(self):
        """Return the companies with which something is open."""
        found = self.env["recovery.claim"]._read_group([("partner_id", "=", self.id)], ["company_id"])
        return self.env["res.company"].union(*(company for (company,) in found))

    def _portal_accounts(self):
        """Return what is open with each creditor: a list of :class:`Content`."""
        contents = []
        for company in self._portal_creditors():
            debtor = self.with_company(company)
            content = debtor._recovery_content(company, company._recovery_today())
            debtor._state_charges({debtor.id: content})
            contents.append(content)
        return contents

    def _portal_promise(self, company, day):
        """Note the debtor's promise to pay what is late today by ``day`` (ISO), and tell the person responsible.

        :raise UserError: nothing is late, several currencies are, the day is out of bounds, or a promise runs already
        """
        self.ensure_one()
        today = company._recovery_today()
        latest = today + timedelta(days=company.recovery_portal_promise_days)
        try:
            promised = fields.Date.to_date(day)
        except ValueError:
            promised = None
        if not promised or not today <= promised <= latest:
            raise UserError(self.env._("Choose a day between today and %s.", format_date(self.env, latest)))
        late = self.env["recovery.claim"].search(
            [
                ("partner_id", "=", self.id),
                ("company_id", "=", company.id),
                ("date_due", "<", today),
                ("instalment_id", "=", False),  # a plan has terms of its own for what is late
            ]
        )
        if not late or len(late.currency_id) > 1:
            raise UserError(self.env._("Write to us: what is late cannot be promised as one amount."))
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": self.id,
                "company_id": company.id,
                "currency_id": late.currency_id.id,
                "amount": late.currency_id.round(sum(late.mapped("amount_residual"))),
                "date_promised": promised,
                "move_line_ids": [fields.Command.set(late.move_line_id.ids)],
                "user_id": self.user_id.id or self.env.ref("base.user_admin").id,
            }
        )
        promise._ask_responsible(
            self.env._("Promise made on the portal"),
            self.env._("The debtor promised it itself. Chasing rests until its day has passed."),
        )
        return promise
