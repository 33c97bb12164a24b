"""What is said to a debtor about everything open: statements of account, previews of messages."""

from odoo import fields, models

from .content import ClaimContent, Content


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _recovery_content(self, company, date, claims=None, days=8):
        """Return the :class:`Content` of a debtor's ``claims``, of everything open when none are given.

        The deadline lies ``days`` after ``date``.
        """
        debtor = self.commercial_partner_id
        lang = debtor.lang or company.partner_id.lang or self.env.user.lang
        debtor, company = debtor.with_context(lang=lang), company.with_context(lang=lang)
        if claims is None:
            claims = self.env["recovery.claim"].search(
                [("partner_id", "=", debtor.id), ("company_id", "=", company.id)]
            )
        return Content(
            company=company,
            debtor=debtor,
            contact=debtor.browse(debtor.address_get(["invoice"])["invoice"]),
            # sudo: the collector's name, telephone and address are meant to be read by the debtor
            responsible=self.env.user.sudo().partner_id,
            date=date,
            deadline=fields.Date.add(date, days=days),
            reference=debtor.ref or "",
            claims=claims.with_context(lang=lang)._contents(date),
            credits=debtor._recovery_credits(company),
            plan=claims.plan_id[:1],
        )

    def _recovery_credits(self, company):
        """Return the debtor's credits not yet set against a claim: {currency: amount}."""
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", company.id),
                ("partner_id", "child_of", self.commercial_partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual_currency", "<", 0),
            ],
            ["currency_id"],
            ["amount_residual_currency:sum"],
        )
        return {currency: -amount for currency, amount in groups}


class RecoveryClaim(models.Model):
    _inherit = "recovery.claim"

    def _contents(self, date):
        """Return the claims as they are printed on ``date``, oldest due first."""
        receipts = self.move_line_id._recovery_receipts()
        return [claim._content(date, receipts) for claim in self.sorted("date_due")]

    def _content(self, date, receipts):
        item, instalment = self.move_line_id, self.instalment_id
        amount = instalment.amount if instalment else item.amount_currency
        return ClaimContent(
            number=instalment._recovery_number() if instalment else item._recovery_number(),
            date=item.move_id.invoice_date or item.date or instalment.plan_id.date_accepted,
            date_due=self.date_due,
            amount=amount,
            received=self.currency_id.round(amount - self.amount_residual),
            residual=self.amount_residual,
            currency=self.currency_id,
            days_late=max((date - self.date_due).days, 0),
            receipts=tuple(receipts.get(item.id, ())),
        )
