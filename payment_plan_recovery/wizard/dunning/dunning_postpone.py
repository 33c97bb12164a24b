"""Leaving claims of a proposal alone until a date."""

from odoo import fields, models
from odoo.fields import Command


class RecoveryDunningPostpone(models.TransientModel):
    """Leave claims of a proposal alone until a date, or until they are looked at again, with a reason."""

    _name = "recovery.dunning.postpone"
    _description = "Postpone Dunning"
    _inherit = ["recovery.hold.asked"]

    line_ids = fields.Many2many("recovery.dunning.run.line", string="Claims", required=True)
    whole_debtor = fields.Boolean(
        string="Everything the debtor owes",
        help="Hold the debtor, later claims included; else only the chosen invoices.",
    )
    kind = fields.Selection(required=True)
    reason = fields.Text(required=True, help="What was said or found; part of the debtor's file.")

    def action_postpone(self):
        """Put the claims or their debtors on hold, one hold for each debtor, and untick what is held.

        Invoices are held item by item; for an instalment its debtor is held as a whole.
        """
        self.ensure_one()
        lines, as_asked = self.line_ids, self._hold_asked()
        debtors = (lines if self.whole_debtor else lines.filtered("instalment_id")).partner_id
        lines |= lines.search([("run_id", "in", lines.run_id.ids), ("partner_id", "in", debtors.ids)])
        self.env["recovery.hold"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "move_line_ids": [Command.set([] if partner in debtors else held.move_line_id.ids)],
                    "date_from": run.date,
                    **as_asked,
                }
                for (run, company, partner), held in lines.grouped(
                    lambda line: (line.run_id, line.company_id, line.partner_id)
                ).items()
            ]
        )
        lines.selected = False
