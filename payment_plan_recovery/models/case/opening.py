"""How cases begin: on open claims, of one debtor or of many at once."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class RecoveryCaseOpening(models.AbstractModel):
    """Opens cases: one for each debtor and currency, outside of plans in force and running cases."""

    _name = "recovery.case.opening"
    _description = "Opening of Cases"

    @api.model
    def _open(self, debtor, items, **values):
        """Open a case for each currency of ``items``, open journal items of one debtor and company.

        What is in a running case already stays there.

        :return: the new cases
        :raise UserError: several debtors or companies, or an item that a plan in force covers
        """
        return self._open_each([(debtor, items)], **values)

    @api.model
    def _open_each(self, wanted, **values):
        """Open cases for several debtors at once: see :meth:`_open`.

        :param wanted: [(debtor, its items)]
        """
        items = self.env["account.move.line"].union(*(claims for _debtor, claims in wanted))
        self._require_unplanned(items)
        running = self.env["recovery.case.line"].search(
            [("move_line_id", "in", items.ids), ("is_live", "=", True)]
        )
        begun = []
        for debtor, claims in wanted:
            free = (
                (claims - running.move_line_id)
                .with_prefetch(items.ids)
                .filtered(lambda item: item.account_type == "asset_receivable" and not item.reconciled)
            )
            if len(free.company_id) > 1 or free.partner_id.commercial_partner_id - debtor:
                raise UserError(self.env._("Choose open claims of one debtor and one company."))
            begun += [(debtor, currency, owed) for currency, owed in free.grouped("currency_id").items()]
        return self.create(
            [
                {
                    "partner_id": debtor.id,
                    "company_id": owed.company_id.id,
                    "currency_id": currency.id,
                    "date_opened": owed.company_id._recovery_today(),
                    "line_ids": [fields.Command.create({"move_line_id": item.id}) for item in owed],
                    **values,
                }
                for debtor, currency, owed in begun
            ]
        )

    def _require_unplanned(self, items):
        """Refuse open ``items`` that a plan in force covers."""
        planned = self.env["recovery.plan.item"].search(
            [("move_line_id", "in", items.ids), ("is_live", "=", True)]
        )
        planned = planned.filtered(lambda covered: not covered.move_line_id.reconciled)
        if planned:
            raise UserError(
                self.env._(
                    "%s covers some of the claims: break or cancel the plan first, they come back then.",
                    ", ".join(planned.plan_id.mapped("display_name")),
                )
            )

    @api.model
    def _open_action(self, debtor, items):
        """Open cases and return the window that shows them.

        :raise UserError: nothing of the debtor's is open outside of a running case
        """
        cases = self._open(debtor, items)
        if not cases:
            raise UserError(self.env._("Nothing is open there outside of a running case."))
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_case")
        if len(cases) == 1:
            return {**action, "res_id": cases.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", cases.ids)], "context": {}}
