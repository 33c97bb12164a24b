from odoo import api, fields, models


class RecoveryPortalShare(models.TransientModel):
    """A debtor's link, to be read out, copied into a mail or shown to be scanned."""

    _name = "recovery.portal.share"
    _description = "Link to pass on"

    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True)
    url = fields.Char(string="Address", readonly=True, help="Whoever has it sees the account and can pay.")
    printed_code = fields.Char(string="Code", readonly=True, help="To be typed at the short address.")
    short_address = fields.Char(
        readonly=True, help="What is easy to say on the phone; the code follows there."
    )
    date_expires = fields.Date(string="Open until", readonly=True)
    qr_code = fields.Html(
        string="QR code", readonly=True, sanitize=False, help="To be scanned from the screen."
    )

    @api.model
    def _opened_for(self, debtor, company, plan=None):
        """Return the window that shows the link of ``debtor``, to ``plan`` only when one is given."""
        link = debtor._recovery_portal_link(company, plan)
        shared = self.create(
            {
                "partner_id": debtor.id,
                "url": link._url() if link else False,
                "printed_code": link._printed_code() if link else False,
                "short_address": link._short_address() if link else False,
                "date_expires": link.date_expires,
                "qr_code": self.env["ir.qweb"]._render(
                    "payment_plan_recovery.portal_share_code", {"link": link}
                ),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link to the portal"),
            "res_model": self._name,
            "res_id": shared.id,
            "view_mode": "form",
            "target": "new",
        }
