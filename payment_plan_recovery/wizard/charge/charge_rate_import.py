"""Reference rates read from a file: all of its rows, or none."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.common.kernel import kernel_errors, kernel_message, uploaded
from ...tools import table
from ...tools.errors import KernelError

REQUIRED, OPTIONAL = ("date_from", "rate"), ("date_to", "source")
#: Rows of a file with errors that are listed.
SHOWN = 20


class RecoveryInterestImport(models.TransientModel):
    """Read the rates of one reference rate from a file with a line of headers."""

    _name = "recovery.interest.import"
    _description = "Import Reference Rates"

    reference_id = fields.Many2one(
        "recovery.interest.reference",
        string="Reference rate",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    file = fields.Binary(
        required=True, attachment=False, help="CSV file or Excel workbook with a line of headers."
    )
    columns = fields.Char(compute="_compute_columns", help="Columns the file may have.")
    replace = fields.Boolean(
        string="Correct known rates", help="A rate of the file replaces another one from the same day."
    )

    @api.depends_context("lang")
    def _compute_columns(self):
        called = self._called()
        required, optional = (", ".join(called[name] for name in names) for names in (REQUIRED, OPTIONAL))
        for wizard in self:
            wizard.columns = self.env._(
                "%(required)s; if you have them also %(optional)s", required=required, optional=optional
            )

    @api.model
    def _called(self):
        """Return {column: what the table of rates calls it in the user's language}."""
        rates = self.env["recovery.interest.rate"]._fields
        return {name: rates[name]._description_string(self.env) for name in (*REQUIRED, *OPTIONAL)}

    def action_import(self):
        """Add the file's rates.

        Raises UserError that lists every row that cannot be read, with its line number; ValidationError on a
        gap or an overlap.
        """
        self.ensure_one()
        rows = self._read()
        known = {rate.date_from: rate for rate in self.reference_id.rate_ids}
        commands = []
        for line, row in rows:
            rate = known.get(row["date_from"])
            if rate and not self.replace and rate.rate != row["rate"]:
                raise UserError(
                    self.env._(
                        "Line %(line)s: %(rate)s is known with another value. Tick “Correct known rates” "
                        "to replace it.",
                        line=line,
                        rate=rate.display_name,
                    )
                )
            commands.append((1, rate.id, row) if rate else (0, 0, row))
        self.reference_id.write({"rate_ids": commands})
        return {"type": "ir.actions.act_window_close"}

    def _read(self):
        """Return [(line number, values)] of the file."""
        with kernel_errors(self.env):
            lines = table.read_table(uploaded(self.file), REQUIRED, OPTIONAL, self._called())
        rows, errors, seen = [], [], set()
        for line, cells in lines:
            try:
                row = self._row(line, cells)
            except KernelError as error:
                errors.append(kernel_message(self.env, error))
                continue
            if row["date_from"] in seen:
                day = row["date_from"]
                errors.append(self.env._("Line %(line)s: a second rate from %(day)s.", line=line, day=day))
            seen.add(row["date_from"])
            rows.append((line, row))
        if errors:
            raise UserError("\n".join(errors[:SHOWN]))
        return rows

    def _row(self, line, cells):
        """Return the values of one row. Raises KernelError saying what is wrong."""
        row = {
            "to_verify": False,
            "checked_on": self.env.company._recovery_today(),
            "date_from": table.read_date(line, "date_from", cells["date_from"]),
        }
        rate = table.read_figure(line, "rate", cells["rate"])
        for column, value in (("date_from", row["date_from"]), ("rate", rate)):
            if value is None:
                raise KernelError("cell_missing", row=line, column=column)
        row["rate"] = float(rate)
        if cells.get("date_to"):
            row["date_to"] = table.read_date(line, "date_to", cells["date_to"])
        if cells.get("source"):
            row["source"] = cells["source"]
        return row
