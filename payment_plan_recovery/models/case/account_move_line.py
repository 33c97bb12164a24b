from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    recovery_case_line_ids = fields.One2many(
        "recovery.case.line",
        "move_line_id",
        string="In cases",
        readonly=True,
        help="Cases with which the item left dunning, and those it came back from.",
    )

    @api.constrains("partner_id")
    def _check_debtor_of_case(self):
        """What is claimed from a debtor in a case is not owed by another one meanwhile: its evidence would be false."""
        told = self.filtered(lambda item: item.move_id.posted_before)  # nothing new is in a case
        if not told:
            return
        # sudo: whoever corrects an invoice need not read cases
        for line in self.env["recovery.case.line"].sudo()._running_over(told):
            owing = line.move_line_id.partner_id.commercial_partner_id
            if owing != line.case_id.partner_id.commercial_partner_id:
                raise UserError(
                    self.env._(
                        "%(invoice)s is claimed from %(debtor)s in %(case)s. Take it out of the case, or give the "
                        "case up, before somebody else owes it.",
                        invoice=line.move_line_id._recovery_number(),
                        debtor=line.case_id.partner_id.display_name,
                        case=line.case_id.name,
                    )
                )
