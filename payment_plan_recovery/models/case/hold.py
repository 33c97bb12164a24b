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
            if insolvencies:
                declared |= insolvencies._taken_in(owed)
        return declared

    def _taken_in(self, items):
        """Return those of ``items`` that the holds name, or that arose by their first day.

        What an entry moved is named with what it goes on from, and the other way round.
        """
        named = self._named_items()
        about = items.union(*named.values())
        before, arose = (
            self.env["recovery.carried"]._origins(about.ids),
            self.env["recovery.arose"]._days(items),
        )
        taken = items.browse()
        for hold, held in named.items():
            ids = {each for item_id in held.ids for each in (item_id, *before.get(item_id, ()))}
            taken |= items.filtered(
                lambda item, ids=ids, debtor=hold.partner_id, first=hold.date_from: (
                    not ids.isdisjoint((item.id, *before.get(item.id, ())))
                    if ids
                    else item.partner_id.commercial_partner_id == debtor and arose[item] <= first
                )
            )
        return taken

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
