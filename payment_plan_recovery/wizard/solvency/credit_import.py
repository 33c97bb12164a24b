import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.common.debtor_mixin import DEBTORS
from ...models.common.kernel import SHOWN_LENGTH, kernel_errors, uploaded
from ...models.solvency.credit_columns import columns_called
from ...models.solvency.financial_statement import FIGURES
from ...tools import table
from ...tools.errors import KernelError
from ...tools.text import one_line

#: A French company number; the first nine of the fourteen digits of each of its establishments.
SIREN_DIGITS, SIRET_DIGITS = 9, 14


class RecoveryCreditImport(models.TransientModel):
    """Reads ratings or financial statements from a file, matched to debtors by registration number.

    The file is read as a whole before anything is kept: a fault in it names its row and
    column, and nothing is imported. Numbers that fit no debtor, or several, are listed.
    """

    _name = "recovery.credit.import"
    _description = "Import of Credit Data"

    kind = fields.Selection(
        [("rating", "Ratings"), ("statement", "Annual accounts")],
        required=True,
        default="statement",
        help="What the file holds.",
    )
    provider_id = fields.Many2one(
        "recovery.rating.provider", string="Agency", help="Whose ratings these are."
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Company the data were given to; empty to share them with all.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        default=lambda self: self.env.company.currency_id,
        help="Currency of accounts whose row names none.",
    )
    date = fields.Date(
        default=lambda self: self.env.company._recovery_today(), help="Day of ratings whose row has none."
    )
    file = fields.Binary(attachment=False, help="CSV file or Excel workbook with a line of headers.")
    filename = fields.Char()
    columns = fields.Char(compute="_compute_columns", help="Columns the file may have.")
    state = fields.Selection([("file", "File"), ("done", "Done")], default="file")
    matched_count = fields.Integer(string="Imported", readonly=True)
    unmatched_ids = fields.One2many(
        "recovery.credit.import.line", "import_id", string="Not matched", readonly=True
    )

    @api.depends_context("lang")
    @api.depends("kind")
    def _compute_columns(self):
        for wizard in self:
            called = columns_called(self.env)
            required, optional = ([called[name] for name in names] for names in wizard._known_columns())
            wizard.columns = self.env._(
                "%(required)s; if you have them also %(optional)s",
                required=", ".join(required),
                optional=", ".join(optional),
            )

    def _known_columns(self):
        if self.kind == "rating":
            return ("registration", "rating"), ("date", "name")
        return ("registration", "date_end"), ("name", "currency", *FIGURES)

    def action_import(self):
        """Keep what the file says of known debtors; list the rest.

        :raises UserError: the file cannot be read; names the row and the column
        """
        self.ensure_one()
        if self.kind == "rating" and not self.provider_id:
            raise UserError(self.env._("Say which agency the ratings come from."))
        with kernel_errors(self.env):
            rows = list(self._read())
        debtors = self._debtors_by_number()
        found, unmatched = [], []
        for number, row in rows:
            candidates = debtors.get(_plain(row["registration"]), self.env["res.partner"])
            if len(candidates) == 1:
                found.append((candidates, row))
            else:
                unmatched.append(self._unmatched(number, row, candidates))
        self._keep(found)
        self.write(
            {
                "state": "done",
                "matched_count": len(found),
                "unmatched_ids": [fields.Command.create(vals) for vals in unmatched],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import of credit data"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _read(self):
        content = uploaded(self.file)
        if self.kind == "rating":
            source = self.env[self.provider_id.kind]
            yield from source._read_ratings(self.provider_id, content, self.date)
            return
        currencies = {currency.name: currency for currency in self.env["res.currency"].search([])}
        for number, row in table.read_table(content, *self._known_columns(), columns_called(self.env)):
            yield number, self._read_statement(number, row, currencies)

    def _read_statement(self, number, row, currencies):
        closed = table.read_date(number, "date_end", row["date_end"])
        if not closed or not row["registration"]:
            raise KernelError("cell_missing", row=number, column="registration" if closed else "date_end")
        figures = {name: table.read_figure(number, name, row.get(name, "")) for name in FIGURES}
        # Debt and interest of zero are figures: an empty cell beside what they are compared with is a gap.
        for name, base in (("financial_debt", "ebitda"), ("interest_expense", "operating_income")):
            if figures[base] is not None and figures[name] is None:
                raise KernelError("cell_missing", row=number, column=name)
        code = row.get("currency") or self.currency_id.name
        if code not in currencies:
            raise UserError(
                self.env._(
                    "Row %(row)s, column currency: “%(code)s” is no currency in use.",
                    row=number,
                    code=one_line(code, SHOWN_LENGTH),
                )
            )
        amounts = {name: float(figure) for name, figure in figures.items() if figure is not None}
        return {**row, "date": closed, "amounts": amounts, "currency_id": currencies[code].id}

    def _debtors_by_number(self):
        """Debtors by every number they are registered under."""
        partners = self.env["res.partner"].search_fetch(
            [
                *DEBTORS,
                ("company_id", "in", [self.company_id.id, False]),
                "|",
                ("company_registry", "!=", False),
                ("vat", "!=", False),
            ],
            ["company_registry", "vat"],
        )
        debtors = {}
        for partner in partners:
            for number in _numbers(partner.company_registry, partner.vat):
                debtors[number] = debtors.get(number, self.env["res.partner"]) | partner
        return debtors

    def _unmatched(self, number, row, candidates):
        problem = (
            self.env._("Several debtors have it: %s", ", ".join(candidates[:3].mapped("display_name")))
            if candidates
            else self.env._("No debtor has it")
        )
        return {
            "row": number,
            "registration": row["registration"],
            "name": row.get("name"),
            "problem": problem,
        }

    def _keep(self, found):
        """One record per debtor and day, the last row winning; a record of that day is brought up to date."""
        model = self.env["recovery.rating" if self.kind == "rating" else "recovery.financial.statement"]
        day = "date" if self.kind == "rating" else "date_end"
        values = {(debtor.id, row["date"]): self._values(debtor, row) for debtor, row in found}
        domain = [
            ("partner_id", "in", [debtor.id for debtor, _row in found]),
            ("company_id", "=", self.company_id.id),
        ]
        if self.kind == "rating":
            domain.append(("provider_id", "=", self.provider_id.id))
        known = {(record.partner_id.id, record[day]): record for record in model.search(domain)}
        model.create([vals for key, vals in values.items() if key not in known])
        for key, vals in values.items():
            if key in known:
                known[key].write(vals)

    def _values(self, debtor, row):
        values = {"partner_id": debtor.id, "company_id": self.company_id.id}
        if self.kind == "rating":
            return {
                **values,
                "provider_id": self.provider_id.id,
                "date": row["date"],
                "rating": row["rating"],
                "registration": row["registration"],
            }
        return {
            **values,
            **row["amounts"],
            "date_end": row["date"],
            "currency_id": row["currency_id"],
            "origin": self.filename,
        }


class RecoveryCreditImportLine(models.TransientModel):
    """A row of the file that fits no debtor."""

    _name = "recovery.credit.import.line"
    _description = "Row without Debtor"
    _order = "row, id"

    import_id = fields.Many2one("recovery.credit.import", required=True, index=True, ondelete="cascade")
    row = fields.Integer(readonly=True, help="Its number in the file.")
    registration = fields.Char(readonly=True, help="Registration number in the file.")
    name = fields.Char(readonly=True, help="Name in the file.")
    problem = fields.Char(readonly=True, help="Why it was not imported.")


def _plain(number):
    """A register's number without the marks people put between its digits."""
    return re.sub(r"[^0-9A-Z]", "", (number or "").upper())


def _numbers(registry, vat):
    """The numbers a debtor is known under: as registered, and the company's own within an establishment's."""
    numbers = {_plain(registry), _plain(vat)} - {""}
    return numbers | {
        number[:SIREN_DIGITS] for number in numbers if len(number) == SIRET_DIGITS and number.isdigit()
    }
