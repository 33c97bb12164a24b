"""The debtor's solvency, and the credit it gets from a creditor."""

import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .credit_terms import MANAGER
from .habit import payment_habit

#: Who may read figures of credit: the readers of the ledger.
READERS = "account.group_account_invoice,account.group_account_readonly"
#: What the creditor's nearest company says, by the method that returns its SQL.
IN_FORCE = {"recovery_class_in_force": "_class_sql", "recovery_check_in_force": "_check_until_sql"}
#: How days are compared.
COMPARED = {sign: SQL(sign) for sign in ("<", "<=", ">", ">=")}


class ResPartner(models.Model):
    """The debtor's solvency: class, checks, what they rest on. Always that of the commercial entity."""

    _name = "res.partner"
    _inherit = ["res.partner", "recovery.credit.terms"]

    # Odoo shows this one to every employee; an approved check writes it, and it tells the class.
    trust = fields.Selection(groups=READERS)
    recovery_risk_class = fields.Many2one(
        "recovery.risk.class",
        string="Risk class",
        company_dependent=True,
        ondelete="restrict",
        copy=False,
        of_debtor=True,
        tracking=True,
        groups=READERS,
        help="Class of the last approved solvency check.",
    )
    credit_limit = fields.Float(tracking=True, of_debtor=True)
    recovery_check_until = fields.Date(
        string="Next review",
        company_dependent=True,
        copy=False,
        of_debtor=True,
        tracking=True,
        groups=READERS,
        help="Last day on which the approved solvency check stands.",
    )
    recovery_class_in_force = fields.Many2one(
        "recovery.risk.class",
        string="Class in force",
        compute="_compute_recovery_in_force",
        search="_search_recovery_class_in_force",
        groups=READERS,
        help="Risk class with the company; where it gives none, that of the nearest company it is a branch of.",
    )
    recovery_check_in_force = fields.Date(
        string="Check in force until",
        compute="_compute_recovery_in_force",
        search="_search_recovery_check_in_force",
        groups=READERS,
        help="Last day on which the check with the company stands; where it made none, the check of the nearest "
        "company it is a branch of.",
    )
    recovery_check_ids = fields.One2many(
        "recovery.solvency.check", "partner_id", string="Solvency checks", copy=False, groups=READERS
    )
    recovery_check_id = fields.Many2one(
        "recovery.solvency.check",
        string="Last check",
        compute="_compute_recovery_check",
        groups=READERS,
        help="The approved check that limit and class come from.",
    )
    recovery_check_count = fields.Integer(compute="_compute_recovery_check", groups=READERS)
    recovery_guarantee_ids = fields.One2many(
        "recovery.guarantee", "partner_id", string="Guarantees and insurance", copy=False, groups=READERS
    )
    recovery_statement_ids = fields.One2many(
        "recovery.financial.statement",
        "partner_id",
        string="Annual accounts",
        copy=False,
        groups=READERS,
    )
    recovery_rating_ids = fields.One2many(
        "recovery.rating", "partner_id", string="External ratings", copy=False, groups=READERS
    )
    recovery_behaviour_graph = fields.Text(
        compute="_compute_recovery_behaviour_graph",
        groups=READERS,
        help="Days late of the payments of each month.",
    )
    recovery_score_graph = fields.Text(
        compute="_compute_recovery_score_graph",
        groups=READERS,
        help="Scores of the debtor's decided checks, oldest first.",
    )

    recovery_segment_id = fields.Many2one(
        "recovery.segment",
        string="Segment",
        compute="_compute_recovery_segment_id",
        search="_search_recovery_segment_id",
        groups=READERS,
        help="Segment of the debtor with this creditor, as of last night.",
    )
    recovery_payment_habit = fields.Selection(
        [("prompt", "Pays in time"), ("mixed", "Now and then late"), ("chronic", "Late as a rule")],
        string="Payment habit",
        compute="_compute_recovery_payment_habit",
        search="_search_recovery_payment_habit",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="In time: 80 % or more of what the debtor paid within a year came by its due date. Late as a rule: "
        "less than half of it did, and it came more than 10 days late on average. Empty while nothing was paid.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Somebody new gets credit from who may give it: by a value, a default or the context, all the same.

        A contact says nothing of its own that is said of who owes.
        """
        given = [tuple(vals) for vals in vals_list]
        partners = super().create(vals_list)
        for partner, names in zip(partners, given, strict=True):
            partner._require_of_debtor(names)
        if not self.env.su:
            partners._require_no_credit_given(self.env.user.has_group(MANAGER))
        return partners

    @api.depends("recovery_check_ids.state")
    @api.depends_context("company")
    def _compute_recovery_check(self):
        lineage = self.env.company._recovery_lineage_ids()
        checks = self.env["recovery.solvency.check"].search_fetch(
            [("partner_id", "in", self.commercial_partner_id.ids), ("company_id", "in", lineage)],
            ["partner_id", "state"],
            order="date desc, id desc",
        )
        by_debtor = checks.grouped("partner_id")
        for partner in self:
            own = by_debtor.get(partner.commercial_partner_id, checks.browse())
            standing = own.filtered(lambda check: check.state == "approved")
            partner.recovery_check_id = standing.sorted(lambda check: lineage.index(check.company_id.id))[:1]
            partner.recovery_check_count = len(own)

    @api.depends_context("company")
    def _compute_recovery_behaviour_graph(self):
        date = self.env.company._recovery_today()
        measures = self.env["recovery.solvency.measure"]
        for partner in self:
            # One debtor at a time: the graph is on the form only.
            months = measures._payment_history(partner.commercial_partner_id, self.env.company, date)
            values = [
                {"label": f"{month:%m/%y}", "value": round(days or 0.0, 1), "type": "past"}
                for month, days in months
            ]
            partner.recovery_behaviour_graph = json.dumps(
                [{"key": self.env._("Days late"), "values": values}]
            )

    @api.depends("recovery_check_ids.state")
    @api.depends_context("company")
    def _compute_recovery_score_graph(self):
        checks = self.env["recovery.solvency.check"].search_fetch(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "in", ("approved", "superseded")),
            ],
            ["partner_id", "date", "score"],
            order="date, id",
        )
        by_debtor = checks.grouped("partner_id")
        for partner in self:
            values = [
                {"label": f"{check.date:%m/%y}", "value": check.score, "type": "past"}
                for check in by_debtor.get(partner.commercial_partner_id, checks.browse())
            ]
            partner.recovery_score_graph = json.dumps([{"key": self.env._("Score"), "values": values}])

    @api.depends_context("company")
    def _compute_recovery_segment_id(self):
        members = self.env["recovery.segment.member"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company._recovery_creditor().id),
            ]
        )
        segments = {member.partner_id: member.segment_id for member in members}
        for partner in self:
            partner.recovery_segment_id = segments.get(partner.commercial_partner_id)

    def _search_recovery_segment_id(self, operator, value):
        if operator in ("any", "any!"):
            operator, value = "in", self.env["recovery.segment"].search(Domain(value)).ids
        if operator != "in":
            return NotImplemented
        found = self.env["recovery.segment.member"]._in_sql(
            self.env.company._recovery_creditor(), list(value)
        )
        return Domain("commercial_partner_id", "in", found)

    @api.depends_context("company")
    def _compute_recovery_payment_habit(self):
        measures = self.env["recovery.solvency.measure"]._payments_made(
            self.env.company, self.env.company._recovery_today(), self.commercial_partner_id
        )
        for partner in self:
            found = measures.get(partner.commercial_partner_id.id)
            partner.recovery_payment_habit = found and payment_habit(found)

    def _search_recovery_payment_habit(self, operator, value):
        if operator != "in":
            return NotImplemented
        measures = self.env["recovery.solvency.measure"]._payments_made(
            self.env.company, self.env.company._recovery_today()
        )
        habits = {debtor: payment_habit(found) for debtor, found in measures.items()}
        fitting = [debtor for debtor, habit in habits.items() if habit in value]
        domain = Domain("commercial_partner_id", "in", fitting)
        if False in value:
            domain |= Domain("commercial_partner_id", "not in", list(habits))
        return domain

    def action_recovery_checks(self):
        """Open the debtor's solvency checks."""
        self.ensure_one()
        debtor = self.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_solvency_check")
        return {
            **action,
            "domain": [("partner_id", "=", debtor.id)],
            "context": {"default_partner_id": debtor.id},
        }

    def action_recovery_new_check(self):
        """Compute a new solvency check of the debtors, and show it; all checks where no debtor was chosen."""
        checks = self.env["recovery.solvency.check"].create(
            [{"partner_id": debtor.id} for debtor in self.commercial_partner_id]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_solvency_check")
        if len(checks) == 1:
            return {**action, "views": [(False, "form")], "res_id": checks.id}
        return {**action, "domain": [("id", "in", checks.ids)]} if checks else action

    @api.depends_context("company")
    @api.depends("commercial_partner_id.recovery_risk_class", "commercial_partner_id.recovery_check_until")
    def _compute_recovery_in_force(self):
        classes, days = {}, {}
        # sudo: of companies that a user of a branch may not be in; the nearest one's comes last, and stays
        for company in reversed(self.env.company._recovery_lineage()):
            for debtor in self.commercial_partner_id.sudo().with_company(company):
                classes[debtor.id] = debtor.recovery_risk_class.id or classes.get(debtor.id)
                days[debtor.id] = debtor.recovery_check_until or days.get(debtor.id)
        for partner in self:
            partner.recovery_class_in_force = classes.get(partner.commercial_partner_id.id)
            partner.recovery_check_in_force = days.get(partner.commercial_partner_id.id)

    @api.model
    def _search_recovery_class_in_force(self, operator, value):
        """Find who has one of the classes; what is typed is looked up among their names."""
        if operator not in ("in", "any"):
            return NotImplemented
        value = value if operator == "in" else self.env["recovery.risk.class"].search(value).ids
        wanted = [one for one in value if one]

        def to_sql(partners, alias, query):
            told = partners._field_to_sql(alias, "recovery_class_in_force", query)
            nothing = SQL("%s IS NULL", told) if len(wanted) < len(value) else SQL("FALSE")
            return SQL("(%s = ANY(%s::int[]) OR %s)", told, wanted, nothing)

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _search_recovery_check_in_force(self, operator, value):
        if operator not in ("in", *COMPARED):
            return NotImplemented

        def to_sql(partners, alias, query):
            told = partners._field_to_sql(alias, "recovery_check_in_force", query)
            if operator != "in":
                return SQL("%s %s %s", told, COMPARED[operator], value)
            nothing = SQL("%s IS NULL", told) if False in value else SQL("FALSE")
            return SQL("(%s = ANY(%s::date[]) OR %s)", told, [day for day in value if day], nothing)

        return Domain.custom(to_sql=to_sql)
