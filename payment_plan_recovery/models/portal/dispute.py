"""Disputes that debtors raise on the portal."""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ..common.company_words import words_of
from .plan import REST_AGAIN


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
        company = debtor._portal_kept_by(claims, company)
        self._require_new(claims.move_line_id, company._recovery_today())
        description = (said.get("description") or "").strip()
        if not description or said["cause"] not in dict(self._fields["cause"].selection):
            raise UserError(self.env._("Say what is wrong, in a few words."))
        part = said.get("amount") or 0.0
        if part and claims.currency_id[:1].is_zero(part):
            raise UserError(self.env._("Write the amount in figures, such as 120.50."))
        dispute = self.create(
            {
                "partner_id": debtor.id,
                "company_id": company.id,
                "move_line_ids": claims.move_line_id.ids,
                "amount": max(part, 0.0),
                "cause": said["cause"],
                "description": description,
                "user_id": debtor._recovery_responsible(company).id,
            }
        )
        files = self.env["recovery.portal.files"]._keep(said.get("files") or [])
        dispute._keep_said(description, author, files)
        debtor._portal_note(
            company,
            words_of(company)._(
                "%(who)s disputes %(what)s: %(why)s",
                who=author.name,
                what=dispute._numbers(),
                why=description,
            ),
        )
        return dispute

    @api.model
    def _chosen(self, debtor, company, items):
        """Return the claims on ``items``, ids of journal items, that the debtor owes and that are in no plan.

        :raise UserError: none is chosen, or one is not among them
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
        return claims

    @api.model
    def _require_new(self, items, today):
        """Refuse to take up again what the debtor had an answer to lately: it would never be asked to pay.

        :raise UserError: the claim on one of ``items`` was found to stand
        """
        answered = self.search(
            [
                ("move_line_ids", "in", items.ids),
                ("outcome", "=", "rejected"),
                ("date_closed", ">", today - timedelta(days=REST_AGAIN)),
            ],
            limit=1,
        )
        if answered:
            raise UserError(
                self.env._(
                    "You have our answer about %s. Write to us if there is something new.",
                    ", ".join((answered.move_line_ids & items).mapped("move_id.name")),
                )
            )
