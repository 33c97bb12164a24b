"""How a debtor is chased and reached: its policy, its wishes, and who represents it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: What the dialog is filled with of the debtor, and writes back, by field of the contact.
KEPT = {
    "policy_id": "recovery_policy_id",
    "channel": "recovery_channel",
    "no_email": "recovery_no_email",
    "no_sms": "recovery_no_sms",
    "no_phone": "recovery_no_phone",
    "representative_id": "recovery_representative_id",
}
#: What is asked of somebody new who represents the debtor.
ADDRESS = ("name", "street", "street2", "zip", "city", "country_id", "email", "phone")


class RecoveryDebtorWishes(models.TransientModel):
    """A debtor's wishes as a collector notes them, who may not change contacts otherwise."""

    _name = "recovery.debtor.wishes"
    _description = "How a Debtor Is Chased"
    _inherit = ["recovery.dialog", "recovery.dialog.kept", "recovery.names.seen"]
    _about = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    policy_id = fields.Many2one(
        "recovery.dunning.policy",
        string="Dunning policy",
        domain="['|', ('company_id', '=', False), ('company_id', 'parent_of', company_id)]",
        help="How this debtor is chased; leave empty to take the first policy whose filter fits.",
    )
    channel = fields.Selection(
        lambda self: self.env["recovery.channel"]._selection(),
        string="Preferred channel",
        help="Taken first for this debtor's notices, wherever the level of dunning allows it.",
    )
    no_email = fields.Boolean(string="No dunning by e-mail", help="The debtor asked not to be e-mailed.")
    no_sms = fields.Boolean(string="No dunning by SMS", help="The debtor asked for no text messages.")
    no_phone = fields.Boolean(string="No dunning by phone", help="The debtor asked not to be called.")
    representative_id = fields.Many2one(
        "res.partner",
        string="Represented by",
        domain="[('commercial_partner_id', '=', partner_id), ('id', '!=', partner_id)]",
        help="Contact of the debtor to whom everything is addressed, and nobody else: guardian, notary or heirs of the "
        "deceased, with an address of their own. No text message goes any more.",
    )
    is_new = fields.Boolean(
        string="Somebody who is no contact yet",
        help="Becomes a contact of the debtor with the address below.",
    )
    name = fields.Char(help="Of the guardian, the notary or the heirs.")
    street = fields.Char()
    street2 = fields.Char(string="Second line")
    zip = fields.Char(string="Postal code")
    city = fields.Char()
    country_id = fields.Many2one("res.country")
    email = fields.Char(string="E-mail")
    phone = fields.Char()

    @api.model
    def default_get(self, fields_list):
        """Fill in what is known of the debtor."""
        values = super().default_get(fields_list)
        if debtor := self.env["res.partner"].browse(values.get("partner_id")).commercial_partner_id:
            values |= {"partner_id": debtor.id, "country_id": debtor.country_id.id}
            values |= self._filled(debtor, fields_list)
        return values

    @api.model
    def _standing(self, about):
        known = about.read(KEPT.values(), load=False)[0]
        return {name: known[field] for name, field in KEPT.items()}

    def action_keep(self):
        """Write down what was changed; the history of the contact tells who changed it, to whoever may read that.

        :raise UserError: somebody new has no name or no postal address, or somebody else changed the same meanwhile
        """
        self.check_access("write")
        self.ensure_one()
        self.partner_id.check_access("read")
        if self.is_new:
            self.representative_id = self._make_representative()
        # sudo: a collector may note these of the debtors that he sees, and nothing else of a contact
        debtor = self.partner_id.commercial_partner_id.sudo()
        if changed := self._changed(debtor):
            debtor.write({KEPT[name]: value for name, value in changed.items()})
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _make_representative(self):
        if not (self.name and self.street and self.city):
            raise UserError(
                self.env._("Write the name, the street and the city of who represents the debtor.")
            )
        values = self._convert_to_write({name: self[name] for name in ADDRESS})
        debtor = self.partner_id.commercial_partner_id
        # sudo: as in action_keep; it is a contact of the debtor, of the debtor's company
        return (
            self.env["res.partner"]
            .sudo()
            .create({**values, "type": "other", "parent_id": debtor.id, "company_id": debtor.company_id.id})
        )
