"""How the files look that go to a collection agency or a bailiff, and those that come back."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.delimited import ENCODINGS, write_rows

#: What a file handed over can hold of each claim. Nothing else is known of a debtor there.
TOLD = [
    ("case", "Case: number"),
    ("number", "Claim: number"),
    ("date", "Claim: date"),
    ("date_due", "Claim: due date"),
    ("currency", "Claim: currency"),
    ("amount", "Claim: amount"),
    ("received", "Claim: received"),
    ("residual", "Claim: owed when it was handed over"),
    ("interest", "Interest not booked yet"),
    ("fixed_sum", "Fixed sum not booked yet"),
    ("date_title", "Case: day of the title"),
    ("creditor", "Creditor: name"),
    ("debtor", "Debtor: name"),
    ("registration", "Debtor: registration number"),
    ("street", "Debtor: street"),
    ("zip", "Debtor: postcode"),
    ("city", "Debtor: city"),
    ("country", "Debtor: country code"),
    ("phone", "Debtor: telephone"),
    ("email", "Debtor: e-mail"),
]
#: Columns of a report, and the words of its column "kind".
COLUMNS = [
    ("case", "Column: number of the case"),
    ("kind", "Column: what happened"),
    ("day", "Column: day"),
    ("amount", "Column: amount"),
    ("number", "Column: number of the claim"),
    ("reference", "Column: the partner's own number of the row"),
    ("note", "Column: words"),
]
KINDS = [
    ("money", "Money received"),
    ("fee", "Fee"),
    ("plan", "Plan granted"),
    ("note", "News"),
    ("returned", "File returned"),
]
REQUIRED = ("case", "kind", "day")
#: What a file declares of its numbers and days.
DATE_FORMATS = [("%Y-%m-%d", "2026-12-31"), ("%d/%m/%Y", "31/12/2026"), ("%d.%m.%Y", "31.12.2026")]


class RecoveryHandoverLayout(models.Model):
    """One partner's way with files: columns, separator, encoding, and its words for what it reports."""

    _name = "recovery.handover.layout"
    _description = "Layout of Hand-over Files"
    _order = "name, id"

    name = fields.Char(
        required=True, translate=True, help="What the layout is called, after the partner or its program."
    )
    active = fields.Boolean(default=True)
    separator = fields.Selection(
        [(";", "Semicolon"), (",", "Comma"), ("\t", "Tabulator"), ("|", "Vertical bar")],
        required=True,
        default=";",
        help="What stands between two cells.",
    )
    encoding = fields.Selection(
        [
            (name, label)
            for name, label in zip(ENCODINGS, ("UTF-8 for Excel", "UTF-8", "Windows-1252"), strict=True)
        ],
        required=True,
        default="utf-8-sig",
        help="How characters are written; what Windows-1252 does not know becomes a question mark.",
    )
    decimal_mark = fields.Selection(
        [(",", "1234,50"), (".", "1234.50")], required=True, default=",", help="How amounts are written."
    )
    date_format = fields.Selection(
        DATE_FORMATS, required=True, default="%d/%m/%Y", help="How days are written."
    )
    column_ids = fields.One2many(
        "recovery.handover.column",
        "layout_id",
        string="Columns of what is handed over",
        copy=True,
        help="Only what stands here leaves the house: leave out what the partner does not need.",
    )
    word_ids = fields.One2many(
        "recovery.handover.word",
        "layout_id",
        string="Words of what is reported back",
        copy=True,
        help="What the partner calls its columns, and what happened.",
    )

    @api.model
    def _standard_of(self, company):
        """Return the layout a mandate of ``company`` begins with: in its language where one is declared, or English."""
        standard = "payment_plan_recovery.handover_layout_standard"
        names = (f"{standard}_{company._recovery_lang()[:2]}", standard)
        found = (self.env.ref(name, False) for name in names)
        return next((layout for layout in found if layout and layout.active), self.browse())

    @api.constrains("word_ids")
    def _check_words(self):
        for layout in self:
            declared = set(layout.word_ids.mapped("what"))
            if declared and not declared.issuperset(f"column_{name}" for name in REQUIRED):
                raise ValidationError(
                    self.env._(
                        "%s: name the columns of the case, of what happened and of the day.", layout.name
                    )
                )

    def _file_of(self, rows):
        """Return the file of ``rows``, dicts by what they tell, as bytes.

        :raise ValidationError: no column is declared
        """
        self.ensure_one()
        if not self.column_ids:
            raise ValidationError(self.env._("%s declares no column: add what the partner needs.", self.name))
        table = [self.column_ids.mapped("header")]
        table += [[row[column.what] for column in self.column_ids] for row in rows]
        return write_rows(table, self.separator, self.encoding, self.decimal_mark, self.date_format)

    def _reading(self):
        """Return ({column of the report: what it is}, {word: kind}) as :mod:`...tools.table` names columns.

        :raise ValidationError: the layout says nothing of reports
        """
        self.ensure_one()
        if not self.word_ids:
            raise ValidationError(self.env._("%s does not say how reports look: add its words.", self.name))
        read = {"column": {}, "kind": {}}
        for word in self.word_ids:
            part, _mark, what = word.what.partition("_")
            read[part][plain(word.header)] = what
        return read["column"], read["kind"]


class RecoveryHandoverColumn(models.Model):
    """One column of a file that is handed over."""

    _name = "recovery.handover.column"
    _description = "Column of a Hand-over File"
    _order = "layout_id, sequence, id"

    layout_id = fields.Many2one("recovery.handover.layout", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    what = fields.Selection(TOLD, string="Contains", required=True, help="What the column holds.")
    header = fields.Char(required=True, help="Its name in the first line of the file.")

    _once = models.Constraint("UNIQUE(layout_id, header)", "A file has no two columns of the same name.")


class RecoveryHandoverWord(models.Model):
    """What a partner calls a column of its reports, or one of the things it reports."""

    _name = "recovery.handover.word"
    _description = "Word of a Partner's Reports"
    _order = "layout_id, what, id"

    layout_id = fields.Many2one("recovery.handover.layout", required=True, index=True, ondelete="cascade")
    what = fields.Selection(
        [(f"column_{name}", label) for name, label in COLUMNS]
        + [(f"kind_{name}", label) for name, label in KINDS],
        string="Means",
        required=True,
        help="What the word stands for: a column, or what happened.",
    )
    header = fields.Char(
        string="Word", required=True, help="As the partner writes it; capitals do not matter."
    )

    _once = models.Constraint("UNIQUE(layout_id, header, what)", "A word means one thing once.")


def plain(word):
    """Return ``word`` as columns of tables are named: small letters, underscores between words."""
    return "_".join(word.strip().lower().replace("-", " ").split())
