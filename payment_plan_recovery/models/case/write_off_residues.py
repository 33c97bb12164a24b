"""Small residues: what payments left of invoices, given up together where asking costs more."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class RecoveryWriteOffResidues(models.AbstractModel):
    """Proposes the write-off of a company's small residues, one for each debtor and currency."""

    _name = "recovery.write.off.residues"
    _description = "Small Residues to Give Up"

    @api.model
    def action_propose_residues(self):
        """Ask for the write-off of every small residue of the current company that is late; show what was asked.

        :raise UserError: no threshold is declared, or there is no such residue
        """
        self.browse().check_access("create")
        company = self.env.company
        if not self.env["recovery.residue"]._threshold(company):
            raise UserError(self.env._("Choose in the settings below which amount a residue is small."))
        items = self._residues(company)
        if not items:
            raise UserError(self.env._("No payment left a residue below that amount."))
        write_offs = self.create(
            [
                {
                    "partner_id": debtor.id,
                    "company_id": company.id,
                    "currency_id": currency.id,
                    "reason": "residue",
                    "note": self.env._("What payments left, below the declared amount."),
                    "line_ids": [fields.Command.create({"move_line_id": item.id}) for item in of_debtor],
                }
                for (debtor, currency), of_debtor in items.grouped(
                    lambda item: (item.partner_id.commercial_partner_id, item.currency_id)
                ).items()
            ]
        )
        write_offs.action_ask()
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_write_off")
        return {**action, "domain": [("id", "in", write_offs.ids)], "context": {}}

    @api.model
    def _residues(self, company):
        """Return the company's late items that are small residues.

        What is disputed, in a case, or asked to be given up already is left alone, and so is what money waits to be
        matched with; a plan's items are no claims.
        """
        today = company._recovery_today()
        claims = self.env["recovery.claim"].search(
            [
                ("company_id", "=", company.id),
                ("date_due", "<", today),
                ("move_line_id", "in", self.env["recovery.residue"]._small(company, today)),
            ]
        )
        waiting = self.env["recovery.open.money"].covered(claims.move_line_id, today)
        items = claims.move_line_id.filtered(lambda item: item.id not in waiting)
        running = self.env["recovery.case.line"].search(
            [("move_line_id", "in", items.ids), ("is_live", "=", True)]
        )
        asked = self.env["recovery.write.off.line"].search(
            [("move_line_id", "in", items.ids), ("write_off_id.state", "in", ("draft", "asked"))]
        )
        disputes = self.env["recovery.hold"]._running(today, items.partner_id.commercial_partner_id)
        disputes = disputes.filtered(lambda hold: hold.kind == "dispute")
        items -= running.move_line_id | asked.move_line_id | disputes.move_line_ids
        whole = disputes.filtered(lambda hold: not hold.move_line_ids).partner_id
        return items.filtered(lambda item: item.partner_id.commercial_partner_id not in whole)
