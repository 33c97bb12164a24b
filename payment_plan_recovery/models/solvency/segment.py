"""Segments: debtors who behave alike, by declared rules over what the ledger says of them, kept every night."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..common.empty import empty
from ..common.labelled import told_apart
from ..common.number_told import number_told
from ..common.planner import set_by_set
from .criterion import LEDGER_MEASURES

#: How a figure is compared with the bound of a condition.
COMPARISONS = [("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than")]
OPERATORS = {"ge": SQL(">="), "gt": SQL(">"), "le": SQL("<="), "lt": SQL("<")}
#: Each debtor whose segment is another than the one kept, written over it, with what changed.
STATEMENT = """
    WITH known AS (%(known)s),
    fitting AS (
        SELECT told.debtor_id AS partner_id, %(first)s AS segment_id
          FROM (%(measures)s) told
          LEFT JOIN known ON known.partner_id = told.debtor_id
    ),
    changed AS (
        SELECT COALESCE(fitting.partner_id, known.partner_id) AS partner_id,
               known.segment_id AS old_id, fitting.segment_id AS new_id
          FROM fitting
          FULL JOIN known ON known.partner_id = fitting.partner_id
         WHERE fitting.segment_id IS DISTINCT FROM known.segment_id
    ),
    gone AS (
        DELETE FROM recovery_segment_member member
         USING changed
         WHERE member.company_id = %(company)s AND member.partner_id = changed.partner_id
           AND changed.new_id IS NULL
    ),
    kept AS (
        INSERT INTO recovery_segment_member AS member (
            partner_id, company_id, segment_id, date_from, create_uid, create_date, write_uid, write_date)
        SELECT changed.partner_id, %(company)s, changed.new_id, %(date)s, %(user)s, %(now)s, %(user)s, %(now)s
          FROM changed
         WHERE changed.new_id IS NOT NULL
        ON CONFLICT (partner_id, company_id) DO UPDATE
           SET (segment_id, date_from, write_uid, write_date)
             = (excluded.segment_id, excluded.date_from, excluded.write_uid, excluded.write_date)
    )
    INSERT INTO recovery_segment_change (
        partner_id, company_id, date, old_id, new_id, create_uid, create_date, write_uid, write_date)
    SELECT changed.partner_id, %(company)s, %(date)s, changed.old_id, changed.new_id, %(user)s, %(now)s, %(user)s,
           %(now)s
      FROM changed
"""


class RecoverySegment(models.Model):
    """Debtors who behave alike: the first segment whose conditions all hold has the debtor."""

    _name = "recovery.segment"
    _description = "Segment of Debtors"
    _inherit = ["recovery.filter"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="Segments are tried in this order.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty for every company.")
    debtor_domain = fields.Char(
        string="Debtors",
        default="[]",
        required=True,
        filters="res.partner",
        help="Who may be in the segment at all, by what is written on the contact.",
    )
    condition_ids = fields.One2many(
        "recovery.segment.condition",
        "segment_id",
        string="Conditions",
        copy=True,
        help="What the ledger has to say of the debtor: all of them hold, and a figure that is not known holds none.",
    )
    summary = fields.Char(string="Rule", compute="_compute_summary", help="Its conditions in words.")
    member_ids = fields.One2many("recovery.segment.member", "segment_id", string="Debtors in it")
    member_count = fields.Integer(
        compute="_compute_member_count", string="Number of debtors", help="Debtors in the segment last night."
    )

    @api.depends_context("lang")
    @api.depends("condition_ids.measure", "condition_ids.comparison", "condition_ids.bound")
    def _compute_summary(self):
        for segment in self:
            segment.summary = told_apart(self.env, segment.condition_ids.mapped("display_name"))

    @api.depends_context("company")
    def _compute_member_count(self):
        counts = dict(
            self.env["recovery.segment.member"]._read_group(
                [("segment_id", "in", self.ids), ("company_id", "=", self.env.company.root_id.id)],
                ["segment_id"],
                ["__count"],
            )
        )
        for segment in self:
            segment.member_count = counts.get(segment, 0)

    @api.constrains("debtor_domain")
    def _check_no_circle(self):
        """A segment may not depend on segments: last night's would decide tonight's.

        :raise ValidationError: its filter names the debtor's segment
        """
        for segment in self:
            if "recovery_segment_id" in (segment.debtor_domain or ""):
                raise ValidationError(
                    self.env._(
                        "“%s” would depend on the segments of last night: choose its debtors by something else.",
                        segment.name,
                    )
                )

    def action_members(self):
        """Open the debtors of the segment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "recovery.segment.member",
            "view_mode": "list",
            "domain": [("segment_id", "=", self.id), ("company_id", "=", self.env.company.root_id.id)],
            "help": empty(
                self.env._("No debtor is in this segment"),
                self.env._(
                    "Each night a debtor comes into the first segment whose filter and conditions hold."
                ),
            ),
        }

    # -- keeping it ----------------------------------------------------------------------------

    @api.model
    def _cron_renew(self):
        """Nightly: who is in which segment, creditor by creditor; one that fails is named, the others go on."""
        creditors = self.env["res.company"].search([("parent_id", "=", False)])
        self.env["recovery.dispatch"]._dispatch_companies(self._name, "_renew", creditors)

    @api.model
    def _renew(self, company, date):
        """Bring the segments of ``company``, with its branches, in line with the ledger on ``date``: one statement.

        A segment whose filter no longer works keeps the debtors that it had, and somebody is asked to mend it.
        """
        creditor = company._recovery_creditor()
        segments = self._of_creditor(creditor)
        measures = self.env["recovery.solvency.measure"]
        measures._flush()
        self.env.flush_all()
        statement = SQL(
            STATEMENT,
            known=SQL(
                "SELECT partner_id, segment_id FROM recovery_segment_member WHERE company_id = %s",
                creditor.id,
            ),
            first=segments._first_sql(creditor),
            measures=measures._statement(creditor, date),
            company=creditor.id,
            date=date,
            user=self.env.uid,
            now=SQL("NOW() AT TIME ZONE 'UTC'"),
        )
        with set_by_set(self.env.cr):
            self.env.cr.execute(statement)
        self.env["recovery.segment.member"].invalidate_model()
        self.env["recovery.segment.change"].invalidate_model()
        segments._ask_to_mend_stale()

    @api.model
    def _of_creditor(self, creditor):
        # sudo: who is in which segment does not depend on who asks
        return self.sudo().search([("company_id", "in", (False, *creditor._recovery_branch_ids()))])

    def _first_sql(self, creditor) -> SQL:
        """Return an expression: the first of these segments that has the debtor, over ``told`` and ``known``."""
        branches = [SQL("WHEN %s THEN %s", segment._fits_sql(creditor), segment.id) for segment in self]
        return SQL("CASE %s END", SQL(" ").join(branches)) if branches else SQL("NULL::int")

    def _fits_sql(self, creditor) -> SQL:
        self.ensure_one()
        try:
            found = self._filter_query("res.partner", self.debtor_domain, creditor)
        except Exception:  # whatever a stale filter raises
            return SQL("known.segment_id = %s", self.id)
        conditions = [condition._holds_sql() for condition in self.condition_ids]
        if found is not None:
            conditions.append(SQL("told.debtor_id IN (%s)", found))
        return SQL("(%s)", SQL(" AND ").join(conditions)) if conditions else SQL("TRUE")


class RecoverySegmentCondition(models.Model):
    """One figure of the ledger, compared with a bound."""

    _name = "recovery.segment.condition"
    _description = "Condition of a Segment"
    _order = "segment_id, id"

    segment_id = fields.Many2one("recovery.segment", required=True, index=True, ondelete="cascade")
    measure = fields.Selection(
        LEDGER_MEASURES, string="Figure", required=True, help="What the ledger says of the debtor."
    )
    comparison = fields.Selection(COMPARISONS, required=True, default="ge")
    bound = fields.Float(
        required=True,
        digits=(16, 2),
        help="Compared with the figure: days, percent, a number, or an amount in the company's currency.",
    )

    @api.depends_context("lang")
    @api.depends("measure", "comparison", "bound")
    def _compute_display_name(self):
        measures = dict(self._fields["measure"]._description_selection(self.env))
        comparisons = dict(self._fields["comparison"]._description_selection(self.env))
        for condition in self:
            words = (
                measures.get(condition.measure),
                comparisons.get(condition.comparison),
                number_told(self.env, condition.bound),
            )
            condition.display_name = " ".join(word or "" for word in words)

    def _holds_sql(self) -> SQL:
        self.ensure_one()
        return SQL("told.%s %s %s", SQL.identifier(self.measure), OPERATORS[self.comparison], self.bound)
