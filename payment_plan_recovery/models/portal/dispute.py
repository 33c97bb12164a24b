"""Disputes that debtors raise on the portal."""

from odoo import api, models
from odoo.exceptions import UserError

from ..common.company_words import words_of


class RecoveryDispute(models.Model):
    _inherit = "recovery.dispute"

    @api.model
    def _raise(self, debtor, company, author, **said):
        """Note what a debtor disputes of its claims.

        :param author: the contact who says so
        :param said: ``items``: ids of journal items; ``amount`` of one; ``cause``; ``description``; ``files``
        :raise UserError: nothing chosen that is open and in no plan, or nothing said
        """
        claims = self._chosen(debtor, company, said["items"])
        company = claims.company_id
        description = (said.get("description") or "").strip()
        if not description or said["cause"] not in dict(self._fields["cause"].selection):
            raise UserError(self.env._("Say what is wrong, in a few words."))
        dispute = self.create(
            {
                "partner_id": debtor.id,
                "company_id": company.id,
                "move_line_ids": claims.move_line_id.ids,
                "amount": max(said.get("amount") or 0.0, 0.0),
                "cause": said["cause"],
                "description": description,
                "user_id": debtor._recovery_responsible(company).id,
            }
        )
        files = self.env["recovery.portal.files"]._keep(dispute, said.get("files") or [])
        dispute._keep_said(description, author, files)
        debtor._portal_note(
            company,
            words_of(company)._(
                "%(who)s disputes %(what)s: %(why)s",
                who=author.name,
                what=dispute.display_name,
                why=description,
            ),
        )
        return dispute

    @api.model
    def _chosen(self, debtor, company, items):
        """Return the claims on ``items``, ids of journal items, that the debtor owes and that are in no plan.

        :raise UserError: none is chosen, one is not among them, or they are of several branches
        """
        claims = self.env["recovery.claim"].search(
            [
                *debtor._recovery_portal_domain(company),
                ("move_line_id", "in", items),
                ("instalment_id", "=", False),
            ]
        )
        if not claims or len(claims) != len(set(items)):
            raise UserError(self.env._("Choose invoices that are open and in no plan."))
        if len(claims.company_id) > 1:
            names = ", ".join(claims.company_id.mapped("name"))
            raise UserError(self.env._("Choose invoices of one company at a time: they are of %s.", names))
        return claims
