"""What is kept about a contact: handed out to that contact, and what of it is said of who owes alone."""

from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError

from .guarded_fields import is_action


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _valid_field_parameter(self, field, name):
        return name == "of_debtor" or super()._valid_field_parameter(field, name)

    def _require_of_debtor(self, names):
        """Refuse what is said of who owes (``of_debtor=True`` on the field) on a contact of it: nobody would read it.

        Contacts may have what their debtor has: Odoo copies some of it to them. Merging is left alone; it fills the
        one that stays with what the others had.

        :param names: the fields that were written
        :raises ValidationError: a contact says something else than its debtor
        """
        names = [name for name in names if getattr(self._fields.get(name), "of_debtor", False)]
        if not names or is_action(self.env):
            return
        for contact in self.sudo():  # sudo: compared whoever asks; told are names
            debtor = contact.commercial_partner_id
            astray = [name for name in names if contact[name] and contact[name] != debtor[name]]
            if astray and debtor != contact:
                labels = (self._fields[name].get_description(self.env)["string"] for name in astray)
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact. Write it down on %(debtor)s, who owes: %(fields)s.",
                        fields=", ".join(labels),
                        contact=contact.display_name,
                        debtor=debtor.display_name,
                    )
                )

    def action_recovery_export(self):
        """Download everything kept about the contact.

        :raise UserError: no contact, or several
        :raise AccessError: not a manager who may see debtors' means, which are part of it
        """
        if len(self) != 1:
            raise UserError(self.env._("Export from the page of one contact."))
        self.check_access("read")
        if not self._recovery_may_export():
            raise AccessError(
                self.env._("Personal data are handed out by a Recovery manager who may see debtors' means.")
            )
        return {"type": "ir.actions.act_url", "url": f"/recovery/person/{self.id}", "target": "download"}

    def _recovery_may_export(self):
        return all(
            self.env.user.has_group(f"payment_plan_recovery.{group}")
            for group in ("group_recovery_manager", "group_recovery_confidential")
        )
