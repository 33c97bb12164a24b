"""A partner's report: read and tried first, kept when every row makes sense."""

import hashlib
from collections import defaultdict
from contextlib import contextmanager
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.case.handover_layout import KINDS, REQUIRED, plain
from ...models.common.keep import keep
from ...models.common.kernel import exact, kernel_errors, kernel_message, uploaded
from ...tools import table
from ...tools.errors import KernelError
from ...tools.money import to_decimal
from ...tools.text import one_line

#: Kinds of rows that say an amount.
WITH_AMOUNT = ("money", "fee")
#: Rows shown of a long report; all of them are judged, and those with faults come first.
SHOWN = 200
#: Characters quoted of a cell.
LONGEST = 60


class RecoveryMandateReport(models.TransientModel):
    """Reads what a partner reports. *Look* judges each row and keeps nothing; *Register* keeps what is new.

    A row is known by the partner's own number, else by all that it says and how often it stands in the file: the same
    report twice changes nothing.
    """

    _name = "recovery.mandate.report"
    _description = "Report of a Partner"
    _inherit = ["recovery.names.seen"]

    mandate_id = fields.Many2one("recovery.mandate", required=True, readonly=True)
    file = fields.Binary(attachment=False, help="CSV file or Excel workbook with a line of headers.")
    filename = fields.Char()
    columns = fields.Char(compute="_compute_columns", help="Columns the layout of the partner knows.")
    state = fields.Selection([("file", "File"), ("looked", "Looked at"), ("done", "Done")], default="file")
    line_ids = fields.One2many("recovery.mandate.report.line", "report_id", string="Rows", readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    known_count = fields.Integer(string="Known", readonly=True)
    fault_count = fields.Integer(string="Faults", readonly=True)

    @api.depends("mandate_id")
    def _compute_columns(self):
        for wizard in self:
            wizard.columns = ", ".join(
                wizard.mandate_id.layout_id.word_ids.filtered(
                    lambda word: word.what.startswith("column_")
                ).mapped("header")
            )

    def action_look(self):
        """Judge every row and keep nothing.

        :raise UserError: the file cannot be read at all
        """
        self.ensure_one()
        self._show(self._judged(), "looked")
        return self._again()

    def action_register(self):
        """Keep the rows that are new and do what they say; the whole file or nothing.

        :raise UserError: a row has a fault
        """
        self.ensure_one()
        self.mandate_id.case_ids.check_access("write")
        # Two who send the same report wait for each other: the second one finds its rows known.
        keep(self.mandate_id)
        rows = self._judged()
        if any(row["problem"] for row in rows):
            self._show(rows, "looked")
            first = next(row for row in rows if row["problem"])
            raise UserError(
                self.env._(
                    "Row %(row)s: %(problem)s Nothing was kept.", row=first["row"], problem=first["problem"]
                )
            )
        self.env["recovery.mandate.entry"]._keep_rows([row["values"] for row in rows if not row["is_known"]])
        self._show(rows, "done")
        return self._again()

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report of %s", self.mandate_id.partner_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _show(self, rows, state):
        shown = sorted(rows, key=lambda row: (not row["problem"], row["row"]))[:SHOWN]
        told = ("row", "case", "kind", "date", "amount", "problem", "is_known")
        self.line_ids.unlink()
        self.write(
            {
                "state": state,
                "new_count": sum(not row["is_known"] and not row["problem"] for row in rows),
                "known_count": sum(row["is_known"] for row in rows),
                "fault_count": sum(bool(row["problem"]) for row in rows),
                "line_ids": [fields.Command.create({name: row[name] for name in told}) for row in shown],
            }
        )

    # -- judging -----------------------------------------------------------------------------------

    def _judged(self):
        """Return the rows of the file in their order, each judged: a dict with its ``problem`` or its ``values``."""
        columns, kinds = self.mandate_id.layout_id._reading()
        required = [header for header, what in columns.items() if what in REQUIRED]
        with kernel_errors(self.env):
            content = uploaded(self.file)
            rows = table.read_table(
                content, required, [header for header in columns if header not in required]
            )
        cases = {case.name: case for case in self.mandate_id.case_ids}
        known = {entry.key: entry for entry in self.mandate_id.entry_ids}
        seen, judged = defaultdict(int), []
        for number, cells in rows:
            row = {what: cells.get(header, "") for header, what in columns.items()}
            found = {"row": number, "problem": "", "is_known": False, "date": False, "amount": 0.0}
            found["case"], found["kind"] = one_line(row["case"], LONGEST), kinds.get(plain(row["kind"]), "")
            judged.append(found)
            with self._faults_of(found):
                values = self._values(number, row, found, cases, seen)
                found |= {"values": values, "date": values["date"], "amount": values["amount"]}
                found["is_known"] = self._is_known(values, known)
        self._check_new([found for found in judged if not found["problem"] and not found["is_known"]])
        return judged

    @contextmanager
    def _faults_of(self, found):
        """Keep what is wrong with a row as its problem."""
        try:
            yield
        except KernelError as error:
            found["problem"] = kernel_message(self.env, error)
        except UserError as error:
            found["problem"] = error.args[0]

    def _check_new(self, rows):
        """Judge the rows that were not kept before by what the mandate allows; a fee, by all money of its case."""
        returned, sums = set(), self._sums()
        for kind in (None, "fee"):
            for found in rows:
                if (found["kind"] == "fee") == (kind == "fee"):
                    with self._faults_of(found):
                        self._check(found["values"], returned, sums)

    def _values(self, number, row, found, cases, seen):
        """Return the values of the entry that a row stands for.

        :raise KernelError: a cell cannot be read
        :raise UserError: it fits none of the mandate's cases or kinds
        """
        case = cases.get(row["case"])
        if not case:
            raise UserError(self.env._("“%s” is no case entrusted under this mandate.", found["case"]))
        if not found["kind"]:
            raise UserError(self._unknown_kind(row["kind"]))
        day = table.read_date(number, "day", row["day"])
        if not day:
            raise KernelError("cell_missing", row=number, column="day")
        amount = table.read_figure(number, "amount", row.get("amount", "")) or Decimal(0)
        values = {
            "mandate_id": self.mandate_id.id,
            "case_id": case.id,
            "move_line_id": self._claim(case, row.get("number", "")),
            "date": day,
            "kind": found["kind"],
            "amount": float(amount) if found["kind"] in WITH_AMOUNT else 0.0,
            "note": row.get("note", ""),
            "reference": row.get("reference", ""),
        }
        return {**values, "key": self._key(values, seen)}

    def _unknown_kind(self, kind):
        words = self.mandate_id.layout_id.word_ids.filtered(lambda word: word.what.startswith("kind_"))
        return self.env._(
            "“%(word)s” is not known to the layout; it knows %(words)s.",
            word=one_line(kind, LONGEST),
            words=", ".join(words.mapped("header")),
        )

    def _key(self, values, seen):
        """Return what the row is known by: the partner's number, else all it says and how often it stood above.

        :param seen: {what rows were known by: how often}; this row is counted
        :raise UserError: the partner's number stood above already
        """
        reference = values["reference"]
        said = f"number {reference}" if reference else f"row {_digest(values)}"
        seen[said] += 1
        if reference and seen[said] > 1:
            raise UserError(
                self.env._("The number %s stands in the file twice.", one_line(reference, LONGEST))
            )
        return said if reference else f"{said} {seen[said]}"

    def _claim(self, case, number):
        """Return the id of the case's claim of that number, False when none is named."""
        if not number:
            return False
        found = case.line_ids.move_line_id.filtered(lambda item: item._recovery_number() == number)
        if not found:
            raise UserError(self.env._("The case has no claim “%s”.", one_line(number, LONGEST)))
        return found[:1].id

    def _is_known(self, values, known):
        """Tell whether the row was kept before.

        :raise UserError: the partner gave its number to something else
        """
        entry = known.get(values["key"])
        if not entry:
            return False
        same = (entry.case_id.id, entry.kind, entry.date) == (
            values["case_id"],
            values["kind"],
            values["date"],
        )
        if not same or entry.currency_id.compare_amounts(entry.amount, values["amount"]):
            raise UserError(
                self.env._(
                    "The number %s was reported before, and said something else.",
                    one_line(values["reference"], LONGEST),
                )
            )
        return True

    def _check(self, values, returned, sums):
        """Refuse what the mandate does not allow, or what cannot be.

        :param returned: ids of the cases that rows above gave back
        :param sums: {(case id, kind): amount} of what was kept and of the rows above; this row is added
        :raise UserError: with the reason
        """
        case, kind, mandate = (
            self.env["recovery.case"].browse(values["case_id"]),
            values["kind"],
            self.mandate_id,
        )
        if values["date"] > mandate.company_id._recovery_today():
            raise UserError(self.env._("The day is still to come."))
        if case.date_entrusted and values["date"] < case.date_entrusted:
            raise UserError(self.env._("The case was not entrusted yet that day."))
        if kind == "money" and not mandate.may_cash:
            raise UserError(self.env._("The mandate does not let the partner receive money."))
        if kind == "plan" and not mandate.may_grant_plans:
            raise UserError(self.env._("The mandate does not let the partner grant plans."))
        if kind == "returned":
            if case.stage == "closed":
                raise UserError(self.env._("The case is closed already."))
            if case.date_returned or case.id in returned:
                raise UserError(self.env._("The file was given back already."))
            returned.add(case.id)
        if kind in WITH_AMOUNT:
            self._check_amount(values, sums)

    def _check_amount(self, values, sums):
        currency = self.mandate_id.currency_id
        amount = to_decimal(str(values["amount"]))
        if amount <= 0 or amount != exact(values["amount"], currency):
            raise UserError(
                self.env._("An amount above zero is missing, with the decimals of %s.", currency.name)
            )
        case_id = values["case_id"]
        sums[case_id, values["kind"]] += amount
        most = self.mandate_id._fee(sums[case_id, "money"])
        if values["kind"] == "fee" and sums[case_id, "fee"] > most:
            raise UserError(
                self.env._(
                    "The fees of the case come to more than the %s that the mandate declares.",
                    currency.format(float(most)),
                )
            )

    def _sums(self):
        """Return {(case id, kind): amount} of what the partner reported before, as Decimals."""
        sums = defaultdict(Decimal)
        for case, kind, amount in self.env["recovery.mandate.entry"]._read_group(
            [("mandate_id", "=", self.mandate_id.id), ("kind", "in", WITH_AMOUNT)],
            ["case_id", "kind"],
            ["amount:sum"],
        ):
            sums[case.id, kind] = exact(amount, self.mandate_id.currency_id)
        return sums


class RecoveryMandateReportLine(models.TransientModel):
    """A row of the report, as it was judged."""

    _name = "recovery.mandate.report.line"
    _description = "Row of a Partner's Report"
    _order = "id"

    report_id = fields.Many2one("recovery.mandate.report", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="report_id.mandate_id.currency_id")
    row = fields.Integer(help="Its number in the file.")
    case = fields.Char(help="The case as the file names it.")
    kind = fields.Selection(KINDS, help="What happened.")
    date = fields.Date(help="Day it happened.")
    amount = fields.Monetary(help="What the partner received, or asks.")
    problem = fields.Char(help="Why the row cannot be kept.")
    is_known = fields.Boolean(string="Known", help="Reported before: it changes nothing.")


def _digest(values):
    return hashlib.sha256("\x1f".join(str(value) for value in values.values()).encode()).hexdigest()
