"""How a debtor wants to be contacted, and whether anything is delivered to it."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_channel = fields.Selection(
        lambda self: self.env["recovery.channel"]._selection(),
        string="Preferred channel",
        of_debtor=True,
        tracking=True,
        help="Taken first for this debtor's notices, wherever the level of dunning allows it.",
    )
    recovery_no_email = fields.Boolean(
        string="No dunning by e-mail", tracking=True, help="The debtor asked not to be e-mailed."
    )
    recovery_no_sms = fields.Boolean(
        string="No dunning by SMS", tracking=True, help="The debtor asked for no text messages."
    )
    recovery_no_phone = fields.Boolean(
        string="No dunning by phone", tracking=True, help="The debtor asked not to be called."
    )
    recovery_stop_deliveries = fields.Boolean(
        string="Stop deliveries",
        of_debtor=True,
        tracking=True,
        help="Set by a level of dunning, or by hand: nothing is delivered before the debtor has paid.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_written_to(self):
        """Keep whom notices went to."""
        # sudo: whoever may delete contacts may not read notices, and must not empty one
        notice = self.env["recovery.notice"].sudo().search([("contact_id", "in", self.ids)], limit=1)
        if notice:
            raise UserError(
                self.env._(
                    "%s was written to: it is part of a debtor's file. Archive it instead.",
                    notice.contact_id.display_name,
                )
            )
