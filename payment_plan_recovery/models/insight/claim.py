"""What a collector wants to know of a claim at a glance: how late, how far, who, and when money is expected."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..claim.hold import NOT_ON_HOLD

#: Days late at which a claim passes from one age to the next.
AGES = (30, 60, 90)
#: Columns that are told by an expression over the claim, so that they sort, group and filter like stored ones.
TOLD = (
    *("age", "cause_id", "chance_in_time", "days_late", "date_contact", "date_expected", "hold_kind"),
    *("level_reached_id", "segment_id", "user_id"),
)


class RecoveryClaim(models.Model):
    _inherit = "recovery.claim"

    days_late = fields.Integer(
        string="Days late",
        compute="_compute_told",
        search="_search_days_late",
        aggregator=None,
        help="Days since the due date, by the company's clock; 0 while it is not late.",
    )
    age = fields.Selection(
        [
            ("0", "Not late"),
            ("1", "1 to 30 days"),
            ("2", "31 to 60 days"),
            ("3", "61 to 90 days"),
            ("4", "Over 90 days"),
        ],
        compute="_compute_told",
        search="_search_age",
        help="How late the claim is, in days since its due date.",
    )
    level_reached_id = fields.Many2one(
        "recovery.dunning.level",
        string="Level reached",
        compute="_compute_told",
        search="_search_level_reached_id",
        help="Level of the last notice that counts for the claim.",
    )
    hold_kind = fields.Selection(
        lambda self: self.env["recovery.hold"]._fields["kind"]._description_selection(self.env),
        string="On hold",
        compute="_compute_told",
        search="_search_hold_kind",
        falsy_value_label=NOT_ON_HOLD,
        help="Why the claim, or everything its debtor owes, is not chased today; a dispute before anything else.",
    )
    cause_id = fields.Many2one(
        "recovery.cause",
        string="Cause of lateness",
        compute="_compute_told",
        search="_search_cause_id",
        help="The cause noted last within half a year: by a dispute of the claim, or for its debtor.",
    )
    date_contact = fields.Date(
        string="Last interaction",
        compute="_compute_told",
        help="Day of the last call, mail or visit made by hand.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        compute="_compute_told",
        search="_search_user_id",
        help="Who works on the debtor: whoever took it on the worklist, else the portfolio's collector.",
    )
    date_expected = fields.Date(
        string="Expected on",
        compute="_compute_told",
        help="Day by which last night's forecast holds the payment as likely as not.",
    )
    chance_in_time = fields.Float(
        string="Paid in time",
        compute="_compute_told",
        search="_search_chance_in_time",
        aggregator=None,
        help="Chance that the claim is paid by its due date, by last night's forecast; 0 once it has passed.",
    )
    segment_id = fields.Many2one(
        "recovery.segment",
        compute="_compute_told",
        search="_search_segment_id",
        help="Segment of the debtor, as of last night.",
    )
    forecast = fields.Char(
        compute="_compute_forecast", help="When last night's forecast expects the money, how surely, and why."
    )
    risk_class_id = fields.Many2one(
        related="partner_id.recovery_class_in_force", string="Class", help="Risk class of the debtor."
    )
    risk_class_code = fields.Char(related="risk_class_id.code", string="Class code")

    @api.depends("move_line_id", "instalment_id", "partner_id", "company_id", "date_due")
    def _compute_told(self):
        """One query for all the claims of a page and all their columns."""
        self.env.flush_all()
        told = self.env.execute_query_dict(
            SQL(
                "SELECT claim.id, %s FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::date[])"
                " AS claim(id, move_line_id, instalment_id, partner_id, company_id, date_due)",
                SQL(", ").join(
                    SQL("%s AS %s", self._told_sql("claim", name), SQL.identifier(name)) for name in TOLD
                ),
                self.ids,
                [claim.move_line_id.id or None for claim in self],
                [claim.instalment_id.id or None for claim in self],
                [claim.partner_id.id for claim in self],
                [claim.company_id.id for claim in self],
                [claim.date_due for claim in self],
            )
        )
        by_id = {row["id"]: row for row in told}
        for claim in self:
            claim.update({name: by_id.get(claim.id, {}).get(name) for name in TOLD})

    def _compute_forecast(self):
        lines = self.env["recovery.forecast.line"]._of_items(self.move_line_id)
        for claim in self:
            claim.forecast = lines[claim.move_line_id].summary if claim.move_line_id in lines else False

    def _explained(self, judged) -> dict:
        """The claim for another program: what is owed, how late, and why it is chased or not.

        :param judged: its row of the engine's statement
        """
        self.ensure_one()
        return {
            "id": self.id,
            "document": self.display_name,
            "date_due": self.date_due,
            "days_late": self.days_late,
            "amount": self.amount_residual,
            "currency": self.currency_id.name,
            "reason": judged["reason"],
            "explanation": self.env["recovery.dunning.reason"]._explanation(judged),
            "level_reached": self.level_reached_id.name or False,
            "date_expected": self.date_expected,
        }

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "reason":
            return self._reason_sql(alias)
        if field_expr not in TOLD:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return self._told_sql(alias, field_expr)

    def _told_sql(self, alias, name) -> SQL:
        """Return the expression that tells the column ``name`` of the claim ``alias``."""
        return getattr(self, f"_{name}_sql")(lambda column: SQL.identifier(alias, column))

    def _days_late_sql(self, of) -> SQL:
        return SQL("GREATEST(%s - %s, 0)", self._today_sql(of), of("date_due"))

    def _age_sql(self, of) -> SQL:
        days = self._days_late_sql(of)
        steps = SQL(" ").join(
            SQL("WHEN %s > %s THEN %s", days, limit, str(rank))
            for rank, limit in reversed(list(enumerate((0, *AGES), start=1)))
        )
        return SQL("CASE %s ELSE '0' END", steps)

    def _level_reached_id_sql(self, of) -> SQL:
        return SQL(
            "(SELECT line.level_id FROM (%s) line"
            " WHERE (line.move_line_id = %s OR line.instalment_id = %s) AND %s"
            " ORDER BY line.unsent, line.sent_on DESC, line.level_id DESC LIMIT 1)",
            self.env["recovery.notice"]._live_lines_sql("UTC"),
            of("move_line_id"),
            of("instalment_id"),
            self.env["recovery.notice"]._still_told_sql(of("partner_id"), of("date_due")),
        )

    def _hold_kind_sql(self, of) -> SQL:
        return self.env["recovery.hold"]._kind_sql(
            of("company_id"), of("partner_id"), of("move_line_id"), self._today_sql(of)
        )

    def _cause_id_sql(self, of) -> SQL:
        return self.env["recovery.cause"]._of_debtor_sql(
            of("company_id"), of("partner_id"), self._today_sql(of), of("move_line_id")
        )

    def _date_contact_sql(self, of) -> SQL:
        return self.env["recovery.contact"]._last_of_debtor_sql(of("company_id"), of("partner_id"))

    def _segment_id_sql(self, of) -> SQL:
        return self.env["recovery.segment.member"]._of_debtor_sql(of("company_id"), of("partner_id"))

    def _user_id_sql(self, of) -> SQL:
        portfolios = self.env["recovery.portfolio"]
        shared_out = SQL(" ").join(
            SQL(
                "WHEN %s = ANY(%s) THEN %s",
                of("company_id"),
                list(creditor._recovery_branch_ids()),
                portfolios._of_debtor_sql(creditor, of("partner_id")),
            )
            for creditor in self._companies_told_of().root_id
        )
        return SQL(
            "COALESCE((SELECT listed.user_id FROM recovery_worklist listed WHERE listed.partner_id = %s"
            " AND listed.company_id = %s), CASE %s END)",
            of("partner_id"),
            of("company_id"),
            shared_out,
        )

    def _date_expected_sql(self, of) -> SQL:
        return SQL(
            "(SELECT line.date_expected FROM recovery_forecast_line line WHERE line.move_line_id = %s)",
            of("move_line_id"),
        )

    def _chance_in_time_sql(self, of) -> SQL:
        return self.env["recovery.forecast.line"]._in_time_sql(of("move_line_id"))

    def _today_sql(self, of) -> SQL:
        """The day it is where the claim's company is."""
        days = SQL(" ").join(
            SQL("WHEN %s THEN %s::date", company.id, company._recovery_today())
            for company in self._companies_told_of()
        )
        return SQL("CASE %s %s END", of("company_id"), days)

    def _companies_told_of(self):
        # sudo: the clock of a company and how its debtors are shared out do not depend on who asks
        return (self.company_id | self.env.companies).sudo()

    # -- filters -----------------------------------------------------------------------------

    def _search_told(self, name, operator, value):
        """Find claims by a column that is told, as if it were stored; what is typed is looked up among the names."""
        if operator not in ("in", "any"):
            return NotImplemented
        value = value if operator == "in" else self.env[self._fields[name].comodel_name].search(value).ids
        wanted = [one for one in value if one is not False]

        def to_sql(model, alias, _query):
            told = model._told_sql(alias, name)
            empty = SQL("%s IS NULL", told) if False in value else SQL("FALSE")
            return SQL("(%s OR %s)", SQL("%s = ANY(%s)", told, wanted) if wanted else SQL("FALSE"), empty)

        return Domain.custom(to_sql=to_sql)

    def _search_age(self, operator, value):
        return self._search_told("age", operator, value)

    def _search_cause_id(self, operator, value):
        return self._search_told("cause_id", operator, value)

    def _search_hold_kind(self, operator, value):
        return self._search_told("hold_kind", operator, value)

    def _search_level_reached_id(self, operator, value):
        return self._search_told("level_reached_id", operator, value)

    def _search_segment_id(self, operator, value):
        return self._search_told("segment_id", operator, value)

    def _search_user_id(self, operator, value):
        return self._search_told("user_id", operator, value)

    def _search_days_late(self, operator, value):
        return self._search_number("days_late", operator, value)

    def _search_chance_in_time(self, operator, value):
        return self._search_number("chance_in_time", operator, value)

    def _search_number(self, name, operator, value):
        if operator not in ("<", "<=", ">", ">="):
            return self._search_told(name, operator, value)
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s %s %s", model._told_sql(alias, name), SQL(operator), value
            )
        )

    # -- a row opens, and several are worked on ------------------------------------------------

    def action_open(self):
        """Open what is owed: the invoice, or the plan of the instalment."""
        self.ensure_one()
        record = self.plan_id or self.move_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def action_open_debtor(self):
        """Open the debtor."""
        self.ensure_one()
        return self.partner_id.action_recovery_page()

    def action_hold(self):
        """A new hold on the claims: on the items, or on the debtor for an instalment; of several debtors, one each."""
        if self._are_of_several():
            return self.env["recovery.bulk"]._open(self, "hold")
        return self.env["recovery.hold"]._new_action(self.partner_id, self._items_of_one_kind())

    def action_promise(self):
        """A new promise for the claims chosen; of several debtors, one each."""
        if self._are_of_several():
            return self.env["recovery.bulk"]._open(self, "promise")
        return self.env["recovery.promise"]._new_action(self.partner_id, self._items_of_one_kind())

    def action_negotiate_plan(self):
        """Start the negotiation of a plan on the claims chosen; of several debtors, a draft for each."""
        if self._are_of_several():
            return self.env["recovery.bulk"]._open(self, "plan")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_plan_recovery.action_plan_negotiation"
        )
        return {**action, "context": {"active_model": self._name, "active_ids": self.ids}}

    def action_level(self):
        """Choose the level at which the claims are chased next."""
        return self.env["recovery.bulk"]._open(self, "level")

    def action_hand_over(self):
        """Hand the claims over to a case, one for each debtor."""
        return self.env["recovery.bulk"]._open(self, "case")

    def _by_counterparty(self):
        """Return the claims by debtor, company and currency: what one act may be about."""
        return self.grouped(lambda claim: (claim.partner_id, claim.company_id, claim.currency_id))

    def _are_of_several(self):
        """Whether the claims are of several debtors, creditors or currencies: of its branches a creditor is one."""
        return len(self._by_creditor()) > 1

    def _by_creditor(self):
        """Return the claims by debtor, creditor and currency: what a hold, a promise or a plan may be about."""
        return self.grouped(
            lambda claim: (claim.partner_id, claim.company_id._recovery_creditor(), claim.currency_id)
        )

    def action_log_contact(self):
        """Write down a call, mail or visit."""
        self.ensure_one()
        return self.partner_id.action_log_contact()
