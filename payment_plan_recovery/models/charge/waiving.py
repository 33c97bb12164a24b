"""Charges given up, wholly or in part, by somebody with the right to, for a reason that is kept."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import formatLang

WAIVE_GROUP = "payment_plan_recovery.group_recovery_waive"


class RecoveryChargeWaiving(models.AbstractModel):
    _name = "recovery.charge.waiving"
    _description = "Waiver of Late Charges"

    def action_waive(self, reason, amount=None):
        """Waive charges that are to book, for a ``reason`` that is kept; of a single one possibly a part.

        Raises AccessError without the right to waive, UserError for charges that are not to book, a missing
        reason, or an amount that is not within the charge's.
        """
        self._check_may_waive()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the charges are waived: the reason is kept with them."))
        if self.filtered(lambda charge: charge.state != "accrued"):
            raise UserError(
                self.env._(
                    "Only charges that are to book can be waived. Credit the invoice of a booked one instead."
                )
            )
        self.env["account.move"].browse(self.move_id.ids).check_access("read")
        if amount is not None:
            return self._waive_part(reason, amount)
        return self._waive(reason)

    def action_restore(self):
        """Take waivers back: the charges are to book again.

        Raises UserError once later charges of the same item were booked: the debtor was told the amount.
        """
        self._check_may_waive()
        for charge in self:
            if charge.state != "waived":
                raise UserError(self.env._("%s was not waived.", charge.display_name))
        later = self.search(
            [
                ("move_line_id", "in", self.move_line_id.ids),
                ("state", "=", "booked"),
                ("kind", "in", self.mapped("kind")),
            ]
        )
        for charge in self:
            # By the moment of booking: its date may be any, and that of the waiver is in another zone.
            booked = later.filtered(
                lambda other, charge=charge: (
                    other.move_line_id == charge.move_line_id
                    and other.kind == charge.kind
                    and other.invoice_id.create_date > charge.waived_on
                )
            )
            if booked:
                raise UserError(
                    self.env._(
                        "%(charge)s was booked without what was waived (%(invoice)s). Reverse that "
                        "invoice first.",
                        charge=charge.display_name,
                        invoice=", ".join(booked.invoice_id.mapped("display_name")),
                    )
                )
        # sudo: charges are written by what they go through; the right to waive was checked
        self.sudo().write({"is_waived": False})
        self._log_on_invoices(lambda charge: self.env._("Waiver of %s taken back.", charge._label()))
        self.flush_recordset()
        for date, charges in self.grouped("date_until").items():
            charges.move_line_id._recovery_accrue(max(date, self.env.company._recovery_today()))

    def _waive(self, reason):
        """Waive accrued charges; whoever calls it answers for the right to."""
        workings = self._workings()
        # sudo: charges are written by what they go through
        for charge in self.sudo():
            charge.working = workings[charge.id]
        self.sudo().write(
            {
                "is_waived": True,
                "waive_reason": reason,
                "waived_by_id": self.env.uid,
                "waived_on": fields.Datetime.now(),
            }
        )
        self._log_on_invoices(
            lambda charge: self.env._("%(charge)s waived: %(reason)s", charge=charge._label(), reason=reason)
        )
        return self

    def _waive_part(self, reason, amount):
        self.ensure_one()
        amount = self.currency_id.round(amount)
        if (
            self.currency_id.compare_amounts(amount, 0) <= 0
            or self.currency_id.compare_amounts(amount, self.amount) > 0
        ):
            raise UserError(
                self.env._(
                    "The amount to waive lies between zero and %s.",
                    formatLang(self.env, self.amount, currency_obj=self.currency_id),
                )
            )
        if not self.currency_id.compare_amounts(amount, self.amount):
            return self._waive(reason)
        # sudo: charges are written by what they go through; the right to waive was checked
        kept = self.sudo()
        [values] = kept.copy_data({"amount": amount, "is_waived": True})
        kept.amount = self.currency_id.round(kept.amount - amount)
        return kept.create(values).sudo(False)._waive(reason)

    def _check_may_waive(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(WAIVE_GROUP)):
            raise AccessError(self.env._("You may not waive late charges. Ask a recovery manager."))

    def _add_bank_fee(self, item, amount, date):
        """Add what the bank asked on ``date`` for a payment of ``item`` that came back to what is to book."""
        # sudo: charges are written by what they go through; whoever matches payments may note what one cost
        charges = self.sudo()
        waiting = charges.search(
            [("move_line_id", "=", item.id), ("kind", "=", "bank_fee"), ("state", "=", "accrued")]
        )
        if waiting:
            waiting.write({"amount": waiting.amount + amount, "date_until": date})
            return
        charges.create({"move_line_id": item.id, "kind": "bank_fee", "amount": amount, "date_until": date})

    def _label(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return f"{kinds[self.kind]} {formatLang(self.env, self.amount, currency_obj=self.currency_id)}"

    def _log_on_invoices(self, wording):
        """Write what happened to the charges in the chatter of their invoices."""
        bodies = {
            move.id: "; ".join(wording(charge) for charge in charges)
            for move, charges in self.grouped("move_id").items()
        }
        # sudo: a collector may not write invoices, but what is given up is noted on them
        self.move_id.sudo()._message_log_batch(bodies)
