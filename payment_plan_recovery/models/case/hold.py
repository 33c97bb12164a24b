"""Holds of an insolvency, and those that were cases before there were any."""

from odoo import api, models
from odoo.tools import SQL

from ..claim.hold_since import OLDER_SINCE
from ..common.company_words import words_of
from ..common.guarded_fields import as_action


class RecoveryHold(models.Model):
    _inherit = "recovery.hold"

    @api.model
    def _declared(self, items):
        """Return those of ``items`` that an insolvency holds today: they are declared, and paid by nobody.

        One on everything the debtor owes holds what arose by its first day (C. com. L622-7): what arises later is
        due as ever (L622-17). Callers come by sudo.
        """
        declared = items.browse()
        for company, owed in items.grouped(lambda item: item.company_id._recovery_creditor()).items():
            debtors = owed.partner_id.commercial_partner_id
            standing = self.with_company(company)._standing(company._recovery_today(), debtors)
            insolvencies = standing.filtered(lambda hold: hold.kind == "insolvency")
            for hold, named in insolvencies._named_items().items():
                declared |= (named & owed) if named else owed.filtered(hold._is_older)
        return declared

    @api.model
    def _declared_since_sql(self, companies) -> SQL:
        """Return a query of (move_line_id, date): items that an insolvency ever took in, from which day.

        An item may come several times. See :meth:`_declared` for what one on everything takes in.
        """
        creditors = [company_id for company in companies for company_id in company._recovery_branch_ids()]
        return SQL(
            "%s UNION ALL %s",
            self._items_since_sql("insolvency", creditors),
            self._older_since_sql("insolvency", creditors),
        )

    @api.model
    def _any_declared_sql(self, companies) -> SQL:
        """Return whether :meth:`_declared_since_sql` has to look: most creditors have nothing declared."""
        creditors = [company_id for company in companies for company_id in company._recovery_branch_ids()]
        return SQL(
            "EXISTS (SELECT FROM %s WHERE kind = 'insolvency' AND company_id = ANY(%s))",
            SQL.identifier(self._table),
            creditors,
        )

    @api.model
    def _older_since_sql(self, kind, companies) -> SQL:
        """Return the same of holds of ``kind`` on everything a debtor owes."""
        together = self.env["res.company"]._recovery_together_sql
        return SQL(
            OLDER_SINCE,
            kind=kind,
            companies=companies,
            receivable=self.env["account.move.line"]._recovery_receivable_sql("line"),
            together=together(SQL("hold.company_id"), SQL("item.company_id")),
        )

    def _is_older(self, item):
        """Whether a debtor's item arose by the first day of the hold."""
        arose = item.invoice_date or item.date
        return item.partner_id.commercial_partner_id == self.partner_id and arose <= self.date_from

    def _become_cases(self):
        """Open a case in place of each hold for mediation or litigation that runs; its file goes along.

        A hold on everything the debtor owes becomes a case over what is open now. A hold on a part of an item
        stays a hold, and so does one of which nothing is open outside of plans and running cases.
        """
        for hold in self.filtered(lambda hold: not hold.amount):
            company = hold.company_id
            claims = self.env["recovery.claim"].search(
                [("partner_id", "=", hold.partner_id.id), ("company_id", "=", company.id)]
            )
            items = claims.move_line_id
            if hold.move_line_ids:
                items &= hold.move_line_ids
            cases = self.env["recovery.case"].with_company(company)
            cases = cases._open(
                hold.partner_id, items, way=hold.kind, reason=hold.reason, user_id=hold.user_id.id
            )
            if cases:
                files = self.env["ir.attachment"].search(
                    [("res_model", "=", hold._name), ("res_id", "=", hold.id)]
                )
                as_action(files).write({"res_model": cases._name, "res_id": cases[:1].id})
                hold._end(company._recovery_today())
                hold.message_post(body=words_of(company)._("Goes on as %s.", ", ".join(cases.mapped("name"))))
