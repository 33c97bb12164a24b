"""What an item costs for being paid late."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    recovery_charge_id = fields.Many2one(
        "recovery.charge",
        string="Late charge",
        readonly=True,
        protected=False,  # a credit note takes it along; what it says counts by the charge's own invoice alone
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="The charge this invoice line claims or gives back.",
    )

    recovery_item_charge_ids = fields.One2many(
        "recovery.charge",
        "move_line_id",
        string="Late charges",
        readonly=True,
        help="Charges for paying the item late.",
    )

    @api.constrains("recovery_charge_id")
    def _check_claimed(self):
        """What a posted invoice claims or gives back is what its charges were booked by."""
        if any(line.parent_state == "posted" for line in self):
            raise UserError(
                self.env._("A posted invoice goes on claiming its late charges. Make a credit note instead.")
            )

    @api.ondelete(at_uninstall=True)  # always: who sends the flag of an uninstallation is not believed
    def _unlink_except_charged(self):
        """What was booked or given up for an item's lateness stays, and so does the item."""
        # sudo: charges stay whoever may read them
        charges = self.env["recovery.charge"].sudo()
        settled = charges.search([("move_line_id", "in", self.ids), ("state", "!=", "accrued")], limit=1)
        if settled:
            raise UserError(
                self.env._(
                    "Late charges of %s were booked or waived: it stays on file. Make a credit note instead.",
                    settled.move_id.name,
                )
            )

    def _recovery_charges(self, date):
        """Return {line id: :class:`~.charge_engine.Charges`} at ``date``, in a fixed number of queries."""
        return self.env["recovery.charge.engine"]._charges(self, date)

    def _copy_data_extend_business_fields(self, values):
        # the credit note of a charge's invoice gives back that charge
        super()._copy_data_extend_business_fields(values)
        values["recovery_charge_id"] = self.recovery_charge_id.id

    def _recovery_accrue(self, date):
        """Bring the accrued charges of these items up to ``date`` and return them."""
        charges = self.env["recovery.charge"]
        for company, items in self.grouped("company_id").items():
            charges._renew(company, date, items)
        return charges.search([("move_line_id", "in", self.ids), ("state", "=", "accrued")])
