"""Numbers of sequences: of the company's day, many drawn at once."""

from odoo import api, models
from odoo.addons.base.models.ir_sequence import _update_nogap
from odoo.exceptions import UserError
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _recovery_of(self, code, company):
        """Return the sequence that numbers things of ``code`` in ``company``: its own, else that of all companies.

        :raise UserError: there is none, or it was archived
        """
        found = self.search(
            [("code", "=", code), ("company_id", "in", (company.id, False))], order="company_id", limit=1
        )
        if not found:
            raise UserError(
                self.env._(
                    "No sequence with code “%(code)s” gives numbers in %(company)s. Take the archived one back into "
                    "use, or create one (Settings, Technical, Sequences).",
                    code=code,
                    company=company.name,
                )
            )
        return found.with_context(ir_sequence_date=company._recovery_today())

    @api.model
    def _recovery_next(self, code, company):
        """Return the next number of things of ``code``, of the company's own day.

        :raise UserError: no sequence gives one
        """
        return self._recovery_of(code, company)._next(company._recovery_today())

    def _recovery_draw(self, count, date):
        """Return the next ``count`` references of ``date`` in order, with as many queries for one as for all."""
        self.ensure_one()
        counter, sequence = self, self
        if self.use_date_range:
            counter = self._recovery_period(date)
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
