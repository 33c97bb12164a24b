from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

#: States in which a plan binds its items: they are out of dunning, its instalments are claims.
LIVE_STATES = ("active", "late", "in_default")
#: States of a plan that is over: nothing of it is late or expected any more.
CLOSED_STATES = ("completed", "broken", "superseded", "cancelled")
#: States in which the debtor has signed: amounts and dates change by renegotiation only.
SIGNED_STATES = ("accepted", *LIVE_STATES)
#: Days to cure a default when no policy says otherwise.
DEFAULT_CURE_DAYS = 8


class RecoveryPlan(models.Model):
    """Agreement with one debtor to pay open receivable items by instalments.

    The plan is an overlay: it never rewrites the ledger. What was paid is read
    from the covered items' residuals and spread first-in first-out over the
    instalments.
    """

    _name = "recovery.plan"
    _description = "Instalment Plan"
    _inherit = [
        "recovery.answered",
        "recovery.rated",
        "recovery.guarded.fields",
        "recovery.follows.debtor",
        "recovery.cause.noted",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "partner_id.display_name"]
    _check_company_auto = True
    _cause_told = (2, "date_cause")

    name = fields.Char(
        string="Reference",
        readonly=True,
        copy=False,
        protected=True,
        help="Number given when the plan is first proposed.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Proposed"),
            ("accepted", "Accepted"),
            ("active", "Active"),
            ("late", "Late"),
            ("in_default", "In default"),
            ("completed", "Completed"),
            ("broken", "Broken"),
            ("superseded", "Renegotiated"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand="_expand_states",
        protected=True,
        help="Accepted: signed by the debtor. "
        "In default: a cure notice was sent and its deadline is running.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        tracking=True,
        domain="['|', ('parent_id', '=', False), ('is_company', '=', True)]",
        terms=True,
        help="The commercial entity that owes the items.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        terms=True,
        help="Where the plan is agreed and followed up: the creditor, or one of its branches. It covers what is owed "
        "to any of them.",
    )
    creditor_id = fields.Many2one(
        "res.company",
        compute="_compute_creditor_id",
        compute_sudo=True,
        help="The company that the plan's company is a branch of, else that company itself.",
    )
    is_across_branches = fields.Boolean(
        compute="_compute_creditor_id",
        compute_sudo=True,
        help="The plan covers what is owed to several branches of the creditor.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        terms=True,
        help="Currency of the items and of the instalments.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        help="Who negotiates and follows the plan, and is named to the debtor as contact.",
    )
    policy_id = fields.Many2one(
        "recovery.plan.policy",
        check_company=True,
        compute="_compute_policy_id",
        store=True,
        readonly=False,
        precompute=True,
        terms=True,
        ondelete="restrict",
        help="Limits within which a plan needs no approval, and how a missed instalment is handled.",
    )
    item_ids = fields.One2many(
        "recovery.plan.item", "plan_id", string="Covered items", copy=False, terms=True
    )
    instalment_ids = fields.One2many(
        "recovery.plan.instalment", "plan_id", string="Instalments", copy=False, terms=True
    )

    # Terms of the agreement
    acceleration_clause = fields.Boolean(
        default=True,
        tracking=True,
        terms=True,
        help="The signed agreement says that the whole remainder falls due "
        "when a default is not cured in time.",
    )
    cure_days = fields.Integer(
        string="Days to cure",
        compute="_compute_cure_days",
        store=True,
        readonly=False,
        terms=True,
        help="Days the debtor has, from the cure notice, to pay a late instalment before the plan breaks.",
    )
    cause_id = fields.Many2one(
        tracking=True,
        help="Why the debtor could not pay in time, as it says in the negotiation; not printed in the agreement.",
    )
    date_cause = fields.Date(
        string="Cause told on",
        compute="_compute_date_cause",
        store=True,
        help="Day on which the cause of lateness was noted on the plan, or on the one it renegotiates.",
    )
    note = fields.Html(string="Special terms", terms=True, help="Printed in the agreement.")

    # Figures
    amount_total = fields.Monetary(
        string="Covered total",
        compute="_compute_amount_total",
        store=True,
        protected=True,
        help="What the plan covers: the items' open amounts, frozen when the debtor accepts.",
    )
    amount_paid = fields.Monetary(
        string="Received",
        compute="_compute_amount_paid",
        store=True,
        protected=True,
        help="Received on the covered items since the debtor accepted, read from the ledger.",
    )
    amount_residual = fields.Monetary(
        string="Remaining",
        compute="_compute_amount_paid",
        store=True,
        protected=True,
        help="Covered total less what was received.",
    )
    amount_waiting = fields.Monetary(
        string="Received, to match",
        compute="_compute_progress",
        help="Received from the debtor for the plan, but not matched with the covered items yet: it pays instalments "
        "once it is. Discounts for early payment that were earned are in it too.",
    )
    amount_late = fields.Monetary(
        string="Late",
        compute="_compute_progress",
        help="Due before today and not received; what waits to be matched was received.",
    )
    next_date_due = fields.Date(
        string="Next due",
        compute="_compute_progress",
        help="Date of the oldest instalment not received in full.",
    )
    progress = fields.Float(
        compute="_compute_progress", help="Share of the covered total received, in percent."
    )

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = plan.name or self.env._(
                "Draft plan of %s", plan.partner_id.display_name or ""
            )

    @api.depends("company_id", "item_ids.company_id")
    def _compute_creditor_id(self):
        for plan in self:
            plan.creditor_id = plan.company_id.root_id
            plan.is_across_branches = len(plan.item_ids.company_id) > 1

    @api.depends("partner_id", "company_id")
    def _compute_policy_id(self):
        """A draft begins with the policy for its debtor; what was agreed keeps its own."""
        for plan in self.filtered(lambda plan: plan.state == "draft"):
            plan.policy_id = self.env["recovery.plan.policy"]._default_for(plan.company_id, plan.partner_id)

    @api.depends("policy_id")
    def _compute_cure_days(self):
        for plan in self:
            plan.cure_days = (
                plan.policy_id.cure_days if plan.policy_id else plan.cure_days or DEFAULT_CURE_DAYS
            )

    @api.depends("cause_id")
    def _compute_date_cause(self):
        for plan in self:
            plan.date_cause = plan.company_id._recovery_today() if plan.cause_id else False

    @api.depends("item_ids.amount_covered")
    def _compute_amount_total(self):
        for plan in self:
            plan.amount_total = sum(plan.item_ids.mapped("amount_covered"))

    @api.depends("amount_total", "item_ids.amount_paid")
    def _compute_amount_paid(self):
        for plan in self:
            plan.amount_paid = sum(plan.item_ids.mapped("amount_paid"))
            plan.amount_residual = plan.amount_total - plan.amount_paid

    @api.model
    def _expand_states(self, states, _domain):
        """Columns of the kanban view in the order of a plan's life; those of every day even when empty."""
        shown = {"draft", "proposed", *LIVE_STATES, *states}
        return [state for state, _label in self._fields["state"].selection if state in shown]

    @api.depends(
        "instalment_ids.amount_residual",
        "instalment_ids.amount_waiting",
        "instalment_ids.date_due",
        "amount_paid",
        "amount_total",
        "state",
    )
    def _compute_progress(self):
        days = {company: company._recovery_today() for company in self.grouped("company_id")}
        for plan in self:
            today = days[plan.company_id]
            expected = plan.instalment_ids.browse() if plan.state in CLOSED_STATES else plan.instalment_ids
            waiting = {row: row.amount_waiting for row in expected}
            unpaid = {row: left for row, left in expected._uncovered(waiting).items() if row.date_due}
            plan.amount_waiting = sum(waiting.values())
            plan.amount_late = sum(left for row, left in unpaid.items() if row.date_due < today)
            plan.next_date_due = min((row.date_due for row in unpaid), default=False)
            plan.progress = 100 * plan.amount_paid / plan.amount_total if plan.amount_total else 0

    @api.constrains("partner_id")
    def _check_partner(self):
        for plan in self:
            if plan.partner_id != plan.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(debtor)s, who owes. Make the plan with %(debtor)s.",
                        contact=plan.partner_id.display_name,
                        debtor=plan.partner_id.commercial_partner_id.display_name,
                    )
                )

    def _items_of_reply(self):
        return self._still_owed(self.item_ids.move_line_id)

    def _follow_debtor(self, change):
        """A plan goes with what it covers; whoever signed it, the debtor owes it now."""
        plans = self.filtered(
            lambda plan: change.whole or (plan.item_ids and plan.item_ids.move_line_id <= change.items)
        )
        plans._give_to(change)

    def _give_to(self, change, **vals):
        """Make plans the debtor's, signed ones too: as merging contacts does, beneath the guard of the terms."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE recovery_plan SET partner_id = %s WHERE id = ANY(%s)", change.debtor.id, self.ids)
        )
        self.invalidate_recordset(["partner_id"])
        self.modified(["partner_id"])
        self._tell_given(change)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        accepted = self.filtered("date_accepted")
        if accepted:
            raise UserError(
                self.env._(
                    "%s was accepted by the debtor: it stays on file. Cancel it instead.",
                    self._names(accepted),
                )
            )

    def _open_terms(self, action):
        """Make sure that the terms of the plans may change; ``action`` (an infinitive) says what is done."""
        self._require_state(("draft",), action)
        self._forget_approval()
        if not self.env.su:
            self._note_author()

    def _require_state(self, states, action):
        """Refuse ``action`` (an infinitive, translated) on plans in another state."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for plan in self:
            if plan.state not in states:
                raise UserError(
                    self.env._(
                        "%(plan)s is in state “%(state)s”: you cannot %(action)s. It must be: %(states)s.",
                        plan=plan.display_name,
                        state=labels[plan.state],
                        action=action,
                        states=", ".join(labels[state] for state in states),
                    )
                )

    @api.model
    def _names(self, records):
        return ", ".join(records.mapped("display_name"))
