"""Many references of a sequence drawn at once."""

from odoo import fields, models
from odoo.addons.base.models.ir_sequence import _update_nogap
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _recovery_draw(self, count):
        """Return the next ``count`` references in order, with as many queries for one as for all."""
        self.ensure_one()
        counter, sequence = self, self
        if self.use_date_range:
            counter = self._recovery_period(fields.Date.today())
            sequence = self.with_context(ir_sequence_date_range=counter.date_from)
        if self.implementation == "standard":
            own = f"_{counter.id:03d}" if self.use_date_range else ""
            rows = self.env.execute_query(
                # the name of the sequence in PostgreSQL, made by ir.sequence from its id
                SQL(
                    "SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{self.id:03d}{own}", count
                )
            )
            numbers = [number for (number,) in rows]
        else:
            step = self.number_increment
            first = _update_nogap(counter, step * count)
            numbers = [first + step * rank for rank in range(count)]
        return [sequence.get_next_char(number) for number in numbers]

    def _recovery_period(self, date):
        """Return the counter of the period that ``date`` lies in, made if need be."""
        counter = self.env["ir.sequence.date_range"].search(
            [("sequence_id", "=", self.id), ("date_from", "<=", date), ("date_to", ">=", date)], limit=1
        )
        return counter or self._create_date_range_seq(date)
