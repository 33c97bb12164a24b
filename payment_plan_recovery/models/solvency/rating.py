from odoo import api, fields, models

from ...tools import table
from ...tools.errors import KernelError
from .credit_columns import columns_called


class RecoveryRatingProvider(models.Model):
    """An agency whose ratings are used. ``kind`` names the class that talks to it."""

    _name = "recovery.rating.provider"
    _description = "Rating Agency"
    _order = "name, id"

    name = fields.Char(required=True, translate=True, help="Name of the agency.")
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        lambda self: self._kinds(),
        string="Received as",
        required=True,
        default="recovery.rating.source.csv",
        help="How the agency's ratings come in.",
    )
    company_id = fields.Many2one("res.company", help="Company that has the contract; empty for all of them.")
    validity_months = fields.Integer(
        string="Valid for (months)",
        default=12,
        help="Ratings older than this no longer count; 0 for no limit.",
    )
    rating_ids = fields.One2many("recovery.rating", "provider_id", string="Ratings")

    @api.model
    def _kinds(self):
        """Every rating source there is: a model that inherits ``recovery.rating.source``."""
        sources = self.env.registry.descendants(["recovery.rating.source"], "_inherit")
        return [
            (name, self.env[name]._source_label())
            for name in sorted(sources)
            if name != "recovery.rating.source"
        ]

    def action_import(self):
        """Open the import of a file of this agency's ratings."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import ratings"),
            "res_model": "recovery.credit.import",
            "view_mode": "form",
            "target": "new",
            "context": {"default_kind": "rating", "default_provider_id": self.id},
        }

    def _latest_ratings(self, debtors, company, date):
        """The ratings that count on ``date``, by debtor id."""
        self.ensure_one()
        domain = [
            ("provider_id", "=", self.id),
            ("partner_id", "in", debtors.ids),
            ("company_id", "in", [*company._recovery_branch_ids(), False]),
            ("date", "<=", date),
        ]
        if self.validity_months:
            domain.append(("date", ">", fields.Date.subtract(date, months=self.validity_months)))
        latest = {}
        for rating in self.env["recovery.rating"].search(domain, order="date desc, id desc"):
            latest.setdefault(rating.partner_id.id, rating)
        return latest


class RecoveryRating(models.Model):
    """What an agency thought of a debtor on a day."""

    _name = "recovery.rating"
    _description = "External Rating"
    # It tells of one company, which stays with that one.
    _goes_along = False
    _inherit = ["recovery.debtor.mixin", "recovery.once.of.debtor"]
    _once_for = ("provider_id", "date", "company_id")
    _order = "date desc, id desc"
    _rec_name = "rating"

    provider_id = fields.Many2one(
        "recovery.rating.provider", string="Agency", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", help="Company the rating was given to; empty to share it.")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._recovery_today(), help="Day of the rating."
    )
    rating = fields.Char(required=True, help="As the agency writes it.")
    registration = fields.Char(help="Registration number in the agency's file.")

    _day_unique = models.UniqueIndex(
        "(provider_id, partner_id, date, COALESCE(company_id, 0))",
        "The debtor already has a rating of this day.",
    )


class RecoveryRatingSource(models.AbstractModel):
    """The one class an agency needs: inherit it under a name of its own and say how its ratings are read.

    A source yields dictionaries with ``registration`` (number of the company register or
    VAT number), ``rating`` and ``date``; matching debtors and keeping the ratings is
    done for it (``recovery.credit.import``).
    """

    _name = "recovery.rating.source"
    _description = "Rating Source"

    @api.model
    def _source_label(self):
        """Name shown where an agency is set up."""
        raise NotImplementedError

    @api.model
    def _read_ratings(self, provider, content=None, default_date=None):
        """Pairs of row number and rating of ``provider``, read from the ``content`` of a file if it has one.

        :raises KernelError: the file cannot be read
        :raises UserError: the agency does not answer
        """
        raise NotImplementedError


class RecoveryRatingSourceCsv(models.AbstractModel):
    """Ratings from a CSV or Excel file: columns registration and rating, and perhaps date and name."""

    _name = "recovery.rating.source.csv"
    _description = "Rating Source: File"
    _inherit = ["recovery.rating.source"]

    @api.model
    def _source_label(self):
        return self.env._("CSV or Excel file")

    @api.model
    def _read_ratings(self, provider, content=None, default_date=None):
        for number, row in table.read_table(
            content or b"", ("registration", "rating"), ("date", "name"), columns_called(self.env)
        ):
            day = table.read_date(number, "date", row.get("date")) or default_date
            for column in ("registration", "rating"):
                if not row[column]:
                    raise KernelError("cell_missing", row=number, column=column)
            yield number, {**row, "date": day}
