"""What a figure is made of, shown record by record: the columns add up to what was divided."""

from uuid import uuid4

from odoo import api, fields, models
from odoo.tools import SQL

from ..common.empty import empty
from ..common.labelled import labelled
from ..common.planner import set_by_set


class RecoveryKpiProof(models.TransientModel):
    """One record that weighs on a figure, for whoever opened the figure, while it is looked at."""

    _name = "recovery.kpi.proof"
    _inherit = ["recovery.kpi.decimals"]
    _description = "What a Figure is Made of"
    _order = "denominator desc, numerator desc, id"
    _rec_name = "res_model"
    _transient_max_count = 0  # a figure of a large ledger is made of more rows than any number chosen

    kpi = fields.Char(readonly=True, help="Code of the figure.")
    opened = fields.Char(readonly=True, index=True, help="Tells what was opened together.")
    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(readonly=True, help="Day of the record: due date, receipt, end or sending.")
    res_model = fields.Char(string="Kind of record", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True, help="The record that proves it."
    )
    document = fields.Char(compute="_compute_document", help="What the record is called.")
    numerator = fields.Float(readonly=True, digits=(16, 4), help="What is added up.")
    denominator = fields.Float(readonly=True, digits=(16, 4), help="What it is divided by.")

    @api.depends("res_model", "res_id")
    def _compute_document(self):
        for model, rows in self.grouped("res_model").items():
            # sudo: names only, of records whose sums the reader may read; opening one asks its rights
            records = self.env[model].sudo().browse(rows.mapped("res_id")).exists()
            names = {record.id: record.display_name for record in records}
            for row in rows:
                row.document = names.get(row.res_id, "")

    @api.model
    def _open(self, thing, scope, age=None):
        """Return the window of what ``thing`` (a figure) is made of; of claims of an ``age`` alone where told."""
        rows = self._rows(thing, scope, age)
        return self._show(labelled(self.env, thing._label(), thing._formula()), thing._code, rows)

    @api.model
    def _show(self, name, kpi, rows):
        """Keep ``rows`` (partner_id, company_id, date, res_model, res_id, numerator, denominator), and return their
        window.
        """
        self.env.flush_all()
        opened = uuid4().hex
        with set_by_set(self.env.cr):
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO recovery_kpi_proof (
                        kpi, opened, partner_id, company_id, date, res_model, res_id, numerator, denominator,
                        create_uid, create_date, write_uid, write_date
                    )
                    SELECT %(kpi)s, %(opened)s, made.*,
                           %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
                      FROM (%(rows)s) made
                    """,
                    kpi=kpi,
                    opened=opened,
                    rows=rows,
                    user=self.env.uid,
                )
            )
        self.invalidate_model()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "views": [(False, "list")],
            "domain": [("opened", "=", opened)],
            "context": {"create": False, "recovery_proof": True},
            "help": empty(
                self.env._("Nothing counts in this figure"),
                self.env._(
                    "Of the period and the debtors that are looked at there is no record it is made of."
                ),
            ),
        }

    def _rows(self, thing, scope, age) -> SQL:
        """The rows of ``thing``, as :meth:`_show` takes them."""
        kpi = self.env["recovery.kpi"]
        return SQL(
            """
            SELECT counted.debtor_id, counted.company_id, counted.date, counted.res_model, counted.res_id,
                   counted.numerator, counted.denominator
              FROM (
                   SELECT row.*, %(numerator)s AS numerator, %(denominator)s AS denominator FROM (%(rows)s) row
                   ) counted
              JOIN res_partner debtor ON debtor.id = counted.debtor_id
             WHERE (counted.numerator <> 0 OR counted.denominator <> 0) AND %(only)s AND %(age)s
            """,
            numerator=thing._numerator,
            denominator=thing._denominator,
            rows=kpi._rows(scope, thing._source),
            only=kpi._only_sql(scope),
            age=SQL("TRUE") if age is None else SQL("counted.age = %s", age),
        )

    def action_open(self):
        """Open the record."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
