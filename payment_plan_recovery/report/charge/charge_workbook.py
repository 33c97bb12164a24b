"""Late charges with their working, as an Excel workbook."""

from odoo import api, models

from ..workbook import Column, ReviewWorkbook


class RecoveryChargeXlsx(models.AbstractModel):
    """Two tables: the charges, and the segments each interest is made of."""

    _name = "recovery.charge.xlsx"
    _description = "Late Charges (Excel)"

    @api.model
    def _write(self, charges, file):
        """Write ``charges`` to ``file``, a path or a binary file. Amounts in each charge's currency."""
        charges.check_access("read")
        decimals = max(charges.currency_id.mapped("decimal_places"), default=2)
        workbook = ReviewWorkbook(file, decimals, self.env._("Total"))
        workbook.add_table(
            self.env._("Late charges"), self._charge_columns(charges), self._charge_rows(charges)
        )
        workbook.add_table(self.env._("Working"), self._segment_columns(), self._segment_rows(charges))
        workbook.close()

    def _charge_columns(self, charges):
        is_summed = len(charges.currency_id) == 1  # of several the sum is of nothing
        return [
            Column(self.env._("Debtor"), "text", 30),
            Column(self.env._("Invoice"), "text", 20),
            Column(self.env._("Due date"), "date"),
            Column(self.env._("Kind"), "text", 16),
            Column(self.env._("State"), "text"),
            Column(self.env._("Until"), "date"),
            Column(self.env._("Rule"), "text", 24),
            Column(self.env._("Amount"), "money", total=is_summed),
            Column(self.env._("Currency"), "text", 9),
            Column(self.env._("Charge invoice"), "text", 20),
            Column(self.env._("Reason of the waiver"), "text", 30),
        ]

    def _charge_rows(self, charges):
        kinds = dict(charges._fields["kind"]._description_selection(self.env))
        states = dict(charges._fields["state"]._description_selection(self.env))
        for charge in charges:
            yield (
                charge.partner_id.display_name,
                charge.move_id.name,
                charge.date_due,
                kinds[charge.kind],
                states[charge.state],
                charge.date_until,
                charge.rule_id.name,
                charge.amount,
                charge.currency_id.name,
                charge.invoice_id.name,
                charge.waive_reason,
            )

    def _segment_columns(self):
        return [
            Column(self.env._("Invoice"), "text", 20),
            Column(self.env._("From"), "date"),
            Column(self.env._("Until"), "date"),
            Column(self.env._("Days"), "integer", 8),
            Column(self.env._("Rate (%)"), "rate", 10),
            Column(self.env._("Base"), "money"),
            Column(self.env._("Interest, not rounded"), "exact", 22),
            Column(self.env._("Latest rate used"), "text"),
        ]

    def _segment_rows(self, charges):
        interest = charges.filtered(lambda charge: charge.kind == "interest")
        for date, group in interest.grouped("date_until").items():
            found = group.move_line_id._recovery_charges(date)
            for charge in group:
                for segment in found[charge.move_line_id.id].segments:
                    yield (
                        charge.move_id.name,
                        segment.date_from,
                        segment.date_to,
                        segment.days,
                        segment.rate,
                        charge.currency_id.round(float(segment.base)),
                        segment.amount_unrounded,
                        self.env._("Yes") if segment.rate_extrapolated else "",
                    )
