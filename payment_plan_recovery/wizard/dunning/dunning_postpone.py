"""Leaving claims of a proposal alone until a date."""

from odoo import fields, models
from odoo.fields import Command


class RecoveryDunningPostpone(models.TransientModel):
    """Leave claims of a proposal alone until a date, with a reason."""

    _name = "recovery.dunning.postpone"
    _description = "Postpone Dunning"

    line_ids = fields.Many2many("recovery.dunning.run.line", string="Claims", required=True)
    kind = fields.Selection(
        lambda self: self.env["recovery.hold"]._fields["kind"]._description_selection(self.env),
        required=True,
        default="manual",
        help="Why the claims are left alone.",
    )
    whole_debtor = fields.Boolean(
        string="Everything the debtor owes",
        help="Hold the debtor, later claims included; else only the chosen invoices.",
    )
    date_until = fields.Date(
        string="Until",
        required=True,
        default=lambda self: fields.Date.add(self.env.company._recovery_today(), days=14),
        help="Last day without dunning.",
    )
    reason = fields.Text(required=True, help="What was said or found; part of the debtor's file.")

    def action_postpone(self):
        """Put the claims or their debtors on hold, one hold for each debtor, and untick what is held.

        Invoices are held item by item; for an instalment its debtor is held as a whole.
        """
        self.ensure_one()
        lines = self.line_ids
        debtors = (lines if self.whole_debtor else lines.filtered("instalment_id")).partner_id
        lines |= lines.search([("run_id", "in", lines.run_id.ids), ("partner_id", "in", debtors.ids)])
        self.env["recovery.hold"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "move_line_ids": [Command.set([] if partner in debtors else held.move_line_id.ids)],
                    "kind": self.kind,
                    "date_from": run.date,
                    "date_until": self.date_until,
                    "reason": self.reason,
                }
                for (run, company, partner), held in lines.grouped(
                    lambda line: (line.run_id, line.company_id, line.partner_id)
                ).items()
            ]
        )
        lines.selected = False
