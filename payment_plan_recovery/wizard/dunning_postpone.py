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
    date_until = fields.Date(string="Until", required=True, help="Last day without dunning.")
    reason = fields.Text(required=True, help="What was said or found; part of the debtor's file.")

    def action_postpone(self):
        """Put the claims on hold, one hold for each debtor, and untick them.

        Invoices are held item by item; for an instalment its debtor is held as a whole.
        """
        self.ensure_one()
        lines = self.line_ids
        self.env["recovery.hold"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "move_line_ids": [
                        Command.set(held.move_line_id.ids if all(held.mapped("move_line_id")) else [])
                    ],
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
