"""Contacts with debtors besides notices: they count for the contact budget like any other."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..dunning.level import all_channels


class RecoveryContact(models.Model):
    """A call, mail or visit that somebody made to a debtor by hand."""

    _name = "recovery.contact"
    _description = "Contact with a debtor"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="cascade",
        help="Who was contacted.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Date(required=True, default=fields.Date.context_today, help="Day of the contact.")
    channel = fields.Selection(
        all_channels, required=True, default="phone", help="How the debtor was contacted."
    )
    user_id = fields.Many2one(
        "res.users", string="Made by", default=lambda self: self.env.user, help="Who contacted the debtor."
    )
    outcome = fields.Text(required=True, help="What was said and agreed; part of the debtor's file.")

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        for contact in contacts:
            contact.partner_id = contact.partner_id.commercial_partner_id
        channels = dict(self._fields["channel"]._description_selection(self.env))
        contacts.partner_id._message_log_batch(
            bodies={
                partner.id: "\n".join(f"{channels[contact.channel]}: {contact.outcome}" for contact in made)
                for partner, made in contacts.grouped("partner_id").items()
            }
        )
        return contacts

    @api.model
    def _last_sql(self, companies) -> SQL:
        """Return a query of (partner_id, company_id, date): each debtor's last interaction."""
        return SQL(
            """
            SELECT partner_id, company_id, MAX(date) AS date
              FROM recovery_contact
             WHERE company_id = ANY(%s)
             GROUP BY partner_id, company_id
            """,
            companies.ids,
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_log_contact(self):
        """Write down a contact made by hand."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a contact"),
            "res_model": "recovery.contact",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }
