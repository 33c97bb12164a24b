"""Reference rates read from a CSV file: all of its rows, or none."""

import base64
import csv
import io

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.errors import KernelError
from ...tools.money import to_decimal

COLUMNS = ("date_from", "date_to", "rate", "source")
REQUIRED = ("date_from", "rate")
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
        required=True,
        help="CSV with the columns date_from (2026-07-01) and rate, and optionally date_to and source.",
    )
    replace = fields.Boolean(
        string="Correct known rates", help="A rate of the file replaces another one from the same day."
    )

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
        try:
            text = base64.b64decode(self.file).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UserError(self.env._("The file is no UTF-8 text. Save it as CSV in UTF-8.")) from error
        header = text.splitlines()[0] if text.strip() else ""
        reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in header else ",")
        names = [name.strip() for name in reader.fieldnames or []]
        unknown, missing = set(names) - set(COLUMNS), set(REQUIRED) - set(names)
        if unknown or missing:
            raise UserError(
                self.env._(
                    "The first line must name the columns %(required)s, and may name %(columns)s. It "
                    "says: %(found)s",
                    required=", ".join(REQUIRED),
                    columns=", ".join(COLUMNS),
                    found=", ".join(names),
                )
            )
        reader.fieldnames = names
        rows, errors, seen = [], [], set()
        for line, cells in enumerate(reader, 2):
            try:
                row = self._row({name: (cells.get(name) or "").strip() for name in names})
            except (ValueError, KernelError) as error:
                errors.append(self.env._("Line %(line)s: %(why)s", line=line, why=error))
                continue
            if row["date_from"] in seen:
                day = row["date_from"]
                errors.append(self.env._("Line %(line)s: a second rate from %(day)s.", line=line, day=day))
            seen.add(row["date_from"])
            rows.append((line, row))
        if errors or not rows:
            raise UserError("\n".join(errors[:SHOWN]) or self.env._("The file has no rates."))
        return rows

    def _row(self, cells):
        """Return the values of one row. Raises ValueError or KernelError saying what is wrong."""
        row = {"to_verify": False, "checked_on": self.env.company._recovery_today()}
        try:
            row["date_from"] = fields.Date.to_date(cells["date_from"])
            if cells.get("date_to"):
                row["date_to"] = fields.Date.to_date(cells["date_to"])
        except ValueError as error:
            raise ValueError(self.env._("“%s” is no date: write 2026-07-01.", cells["date_from"])) from error
        if not row["date_from"]:
            raise ValueError(self.env._("the first day is missing."))
        try:
            row["rate"] = float(to_decimal(cells["rate"].replace(",", ".")))
        except KernelError as error:
            raise ValueError(self.env._("“%s” is no rate: write 2.15.", cells["rate"])) from error
        if cells.get("source"):
            row["source"] = cells["source"]
        return row
