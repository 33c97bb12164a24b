"""The collector's list: of each debtor the one next best action, in the order in which acting today pays."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common.planner import set_by_set
from .worklist_statement import RISK, STATEMENT, TOLD


class RecoveryWorklist(models.Model):
    """One debtor of one company for whom somebody has something to do. Kept up by :meth:`_refresh`."""

    _name = "recovery.worklist"
    _description = "Worklist"
    _inherit = ["recovery.guarded.fields"]
    _order = "state, value desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, readonly=True, protected=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, protected=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    action = fields.Selection(
        lambda self: self.env["recovery.next.action"]._selection(),
        string="Next action",
        required=True,
        readonly=True,
        protected=True,
        help="What to do about the debtor first.",
    )
    advice = fields.Char(compute="_compute_advice", help="What to do, and why.")
    more = fields.Integer(
        string="Other actions",
        readonly=True,
        protected=True,
        help="How many other things wait about this debtor.",
    )
    res_model = fields.Char(readonly=True, protected=True)
    res_id = fields.Many2oneReference(
        string="About",
        model_field="res_model",
        readonly=True,
        protected=True,
        help="The record that the action is about.",
    )
    since = fields.Date(readonly=True, protected=True, help="Day from which it waits.")
    amount_overdue = fields.Monetary(
        string="Overdue",
        readonly=True,
        protected=True,
        help="Claims of the debtor past their due date, in company currency.",
    )
    date_oldest = fields.Date(
        string="Oldest due date",
        readonly=True,
        protected=True,
        help="Due date of the oldest claim that is overdue.",
    )
    risk = fields.Float(
        string="At risk",
        readonly=True,
        protected=True,
        help="Share of what is owed that the forecast does not expect within 90 days, 0 to 1; the share of payments "
        "that came late where the forecast was no better than the mean last quarter.",
    )
    urgency = fields.Float(
        readonly=True, protected=True, help="Share of what is at risk that acting today may save, 0 to 1."
    )
    value = fields.Monetary(
        string="Worth doing",
        readonly=True,
        protected=True,
        help="Loss that acting today is expected to avoid: overdue, times at risk, times urgency.",
    )
    date_contact = fields.Date(
        string="Last interaction",
        readonly=True,
        protected=True,
        help="Day of the last call or mail made by hand.",
    )
    segment_id = fields.Many2one(
        "recovery.segment",
        readonly=True,
        protected=True,
        index="btree_not_null",
        ondelete="set null",
        help="Segment of the debtor, as of last night.",
    )
    phone = fields.Char(related="partner_id.phone")
    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        index=True,
        help="Who works on the debtor: whoever took it, else the portfolio's collector.",
    )
    is_of_my_team = fields.Boolean(
        string="My team",
        compute="_compute_my_team",
        search="_search_my_team",
        help="Its collector works with the user.",
    )
    is_taken = fields.Boolean(
        readonly=True, protected=True, help="Somebody took it: the portfolios no longer decide."
    )
    state = fields.Selection(
        [("open", "To do"), ("snoozed", "Snoozed"), ("done", "Done")],
        default="open",
        required=True,
        readonly=True,
        protected=True,
        index=True,
    )
    snoozed_until = fields.Date(
        readonly=True, protected=True, help="The debtor comes back to the list on this day."
    )
    snooze_reason = fields.Char(readonly=True, protected=True, help="Why it can wait.")

    _one_each = models.Constraint("UNIQUE(partner_id, company_id)", "A debtor stands on the list once.")

    @api.depends("action")
    def _compute_advice(self):
        things = self.env["recovery.next.action"]._things()
        for row in self:
            thing = things.get(row.action)
            row.advice = thing._advice() if thing is not None else ""

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_my_team(self):
        team = self.env["recovery.portfolio"]._team()
        for row in self:
            row.is_of_my_team = row.user_id in team

    def _search_my_team(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return [("user_id", "in", self.env["recovery.portfolio"]._team().ids)]

    # -- keeping it up ---------------------------------------------------------------------

    @api.model
    def _refresh(self, company, date):
        """Bring the list of ``company`` in line with what waits on ``date``, in one statement.

        Who took a debtor keeps it; what was done or snoozed stays so until its day, or until something else waits.
        """
        self.env.flush_all()
        companies = self.env["res.company"].browse(company._recovery_branch_ids())
        with set_by_set(self.env.cr):
            self.env.cr.execute(self._statement(company, companies, date))
        self.invalidate_model()
        self.env["recovery.portfolio"]._of_creditor(company)._ask_to_mend_stale()

    def _statement(self, company, companies, date) -> SQL:
        return SQL(
            STATEMENT,
            waiting=self._waiting(companies, date),
            steps=self.env["recovery.next.action"]._steps_sql(companies, date),
            risks=self.env["recovery.forecast.line"]._at_risk_sql(companies),
            contacts=self.env["recovery.contact"]._last_sql(companies),
            segment=self.env["recovery.segment.member"]._of_debtor_sql(
                SQL("best.company_id"), SQL("best.partner_id")
            ),
            collector=self.env["recovery.portfolio"]._of_debtor_sql(company, SQL("best.partner_id")),
            told=SQL(", ").join(map(SQL.identifier, TOLD)),
            told_before=SQL(", ").join(SQL.identifier("listed", name) for name in TOLD),
            told_anew=SQL(", ").join(SQL.identifier("excluded", name) for name in TOLD),
            companies=companies.ids,
            risk=RISK,
            date=date,
            user=self.env.uid,
        )

    def _waiting(self, companies, date) -> SQL:
        """Everything that waits for a person, whichever kind."""
        things = self.env["recovery.next.action"]._things()
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s AS action, %s AS rank, %s::float AS urgency, %s AS res_model,"
                " found.partner_id, found.company_id, found.since::date AS since, found.res_id FROM (%s) found",
                code,
                thing._sequence,
                thing._urgency,
                thing._about,
                thing._placed_rows(companies, date),
            )
            for code, thing in things.items()
        )

    @api.model
    def _collector_sql(self, creditor, debtor: SQL, company: SQL) -> SQL:
        """Return an expression: who works on a debtor of ``creditor``, or NULL; the others are columns."""
        return SQL(
            "COALESCE((SELECT listed.user_id FROM recovery_worklist listed WHERE listed.partner_id = %s"
            " AND listed.company_id = %s), %s)",
            debtor,
            company,
            self.env["recovery.portfolio"]._of_debtor_sql(creditor, debtor),
        )

    @api.model
    def _cron_refresh(self):
        """Bring every creditor's list up to date; one that fails is named, and the others go on."""
        creditors = self.env["res.company"].search([("parent_id", "=", False)])
        self.env["recovery.dispatch"]._dispatch_companies(self._name, "_refresh", creditors)

    @api.model
    def action_open_list(self):
        """Bring the list up to date and open it."""
        # sudo: the list is made of what waits for anybody; each sees of it what the rules let see
        for company in self.env.companies.root_id:
            self.sudo()._refresh(company, company._recovery_today())
        return self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_worklist")

    # -- working on it ---------------------------------------------------------------------

    def action_open(self):
        """Open what the action is about."""
        self.ensure_one()
        thing = self.env["recovery.next.action"]._things().get(self.action)
        if thing is not None and thing._on_page:
            return self.action_open_debtor()
        if self.res_model == "account.move.line":
            return self._match_action()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _match_action(self):
        """Open the debtor's open items, where Accounting matches them."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open items of %s", self.partner_id.display_name),
            "res_model": "account.move.line",
            "views": [(False, "list")],
            "domain": [
                ("partner_id", "child_of", self.partner_id.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ],
        }

    def action_open_debtor(self):
        """Open the debtor's page."""
        self.ensure_one()
        return self.partner_id.action_recovery_page()

    def action_take(self):
        """Make these debtors one's own; who had them is told, and so is who takes them."""
        return self._take_over({})

    def action_done(self):
        """Say that it is done: the debtor leaves the list until something else waits; who had it is told."""
        return self._take_over({"state": "done"})

    def action_reopen(self):
        """Put what was done or snoozed back on the list."""
        self._work({"state": "open", "snoozed_until": False, "snooze_reason": False})

    def snooze(self, until, reason):
        """Let these debtors wait.

        :param until: day on which they come back to the list
        :raise UserError: no reason, or a day that has passed
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it can wait: whoever looks next wants to know."))
        until = fields.Date.to_date(until)
        if any(until <= row.company_id._recovery_today() for row in self.exists()):
            raise UserError(self.env._("Choose a day to come: until then the debtor leaves the list."))
        self._work({"state": "snoozed", "snoozed_until": until, "snooze_reason": reason})

    def _take_over(self, vals):
        """Make these debtors one's own, with ``vals``; return the notification of whom they are taken over from."""
        others = self.exists().filtered(lambda row: row.user_id not in (self.env.user, row.user_id.browse()))
        former = others.grouped("user_id")
        self._work({**vals, "user_id": self.env.uid, "is_taken": True})
        for collector, rows in former.items():
            # sudo: the collector is told, whoever takes over
            told = self.env(context={**self.env.context, "lang": collector.sudo().lang})
            message = told._("%(who)s took over: %(debtors)s.", who=self.env.user.name, debtors=_names(rows))
            collector.sudo()._bus_send("simple_notification", {"type": "warning", "message": message})
        if not former:
            return None
        taken = [
            self.env._("%(debtors)s (%(who)s)", debtors=_names(rows), who=collector.sudo().name)
            for collector, rows in former.items()
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("Taken over, and told so: %s", ", ".join(taken)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _work(self, vals):
        """Write ``vals`` on those that are on the list still.

        :raise UserError: none is
        """
        rows = self.exists()
        if self and not rows:
            raise UserError(
                self.env._("Nothing waits about these debtors any more: they left the list. Reload the page.")
            )
        rows.check_access("write")
        # sudo: the fields are read only for clients, the right was checked just above
        rows.sudo().write(vals)

    def action_log_contact(self):
        """Write down a call or a mail made by hand."""
        self.ensure_one()
        return self.partner_id.action_log_contact()

    def action_promise(self):
        """Note a promise of the debtor."""
        self.ensure_one()
        return self.partner_id.action_recovery_promise()

    def action_hold(self):
        """Put the debtor on hold."""
        self.ensure_one()
        return self.partner_id.action_recovery_hold()

    def action_bulk(self):
        """Act at once on what these debtors owe past its day."""
        today = self.env.company._recovery_today()
        claims = self.env["recovery.claim"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("date_due", "<", today),
            ]
        )
        if not claims:
            raise UserError(self.env._("Nothing of these debtors is late: open a row to see what waits."))
        return self.env["recovery.bulk"]._open(claims, "hold")


def _names(rows):
    return ", ".join(rows[:10].mapped("partner_id.display_name"))
