"""Odoo's privacy look-up finds everything the addon keeps about somebody."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize


class PrivacyLookupWizard(models.TransientModel):
    _inherit = "privacy.lookup.wizard"

    def _get_query(self):
        """Add what Odoo passes over: what would go with the contact, and parts of records about it."""
        query = super()._get_query()
        # sudo: administrators look up, in all companies
        partners = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search(
                Domain("email_normalized", "=", email_normalize(self.email.strip()))
                | Domain("name", "=ilike", self.name.strip())
            )
        )
        for name, records in self.env["recovery.personal.data"]._of(partners).items():
            unseen = records.filtered(lambda record: not self._recovery_seen(record, partners))
            if unseen:
                query = SQL(
                    "%s UNION ALL SELECT %s AS res_model_id, id AS res_id, TRUE AS is_active FROM %s WHERE id IN %s",
                    query,
                    self.env["ir.model"]._get_id(name),
                    SQL.identifier(records._table),
                    tuple(unseen.ids),
                )
        return query

    def _recovery_seen(self, record, partners):
        """Tell whether Odoo finds the record itself: by a contact that it would outlive."""
        return any(
            record[field.name] & partners
            for field in record._fields.values()
            if field.type == "many2one"
            and field.store
            and field.comodel_name == "res.partner"
            and field.ondelete != "cascade"
        )
