"""Cases: claims of one debtor that left dunning for mediation, a court, an agency or an insolvency."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..claim.dispute_words import NOT_CLOSED
from ..common.labelled import labelled
from ..plan.plan import LIVE_STATES


class RecoveryCase(models.Model):
    """Claims of one debtor, company and currency, on hold while something is done about them."""

    _name = "recovery.case"
    _description = "Case"
    _inherit = [
        "recovery.case.entrusted",
        "recovery.case.leaving",
        "recovery.case.moved",
        "recovery.guarded.fields",
        "recovery.debtor.mixin",
        "recovery.case.insolvency",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_opened desc, id desc"
    _rec_names_search = ["name", "partner_id.display_name"]
    _check_company_auto = True

    name = fields.Char(readonly=True, copy=False, protected=True)
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, index=True, tracking=True, help="Who owes the claims."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the claims.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        help="Who works on the case and is told of its deadlines.",
    )
    stage = fields.Selection(
        [
            ("preparation", "To prepare"),
            ("amicable", "Amicable"),
            ("court", "Before the court"),
            ("title", "Title, enforcement"),
            ("insolvency", "Insolvency"),
            ("closed", "Closed"),
        ],
        required=True,
        default="preparation",
        tracking=True,
        group_expand=True,
        help="How far the case has come.",
    )
    way = fields.Selection(
        [("mediation", "Amicable"), ("litigation", "Litigation"), ("insolvency", "Insolvency")],
        required=True,
        default="litigation",
        help="Kind of the hold that keeps the claims out of dunning.",
    )
    outcome = fields.Selection(
        [
            ("paid", "Paid"),
            ("agreement", "Agreement: paid by a plan"),
            ("irrecoverable", "Irrecoverable"),
            ("given_up", "Given up: back to dunning"),
        ],
        protected=True,
        copy=False,
        tracking=True,
        falsy_value_label=NOT_CLOSED,
        help="How the case ended.",
    )
    reason = fields.Text(help="Why the claims left dunning; part of the file.")
    date_opened = fields.Date(
        required=True,
        default=lambda self: self.env.company._recovery_today(),
        help="Day the claims left dunning.",
    )
    date_closed = fields.Date(protected=True, copy=False, help="Day the case ended.")
    date_title = fields.Date(
        string="Title since",
        tracking=True,
        help="Day from which a judgment or other title can be enforced: it starts a limitation of its own.",
    )
    has_contract = fields.Boolean(
        string="Contract debts",
        default=True,
        help="The claims come from contracts or orders that can be shown, and are fixed sums.",
    )
    procedure_id = fields.Many2one(
        "recovery.procedure",
        protected=True,
        copy=False,
        tracking=True,
        ondelete="restrict",
        help="What is under way.",
    )
    date_begun = fields.Date(copy=False, help="Day the procedure was begun: its deadlines count from it.")
    line_ids = fields.One2many("recovery.case.line", "case_id", string="Claims")
    option_ids = fields.One2many("recovery.case.option", "case_id", string="What can be done")
    step_ids = fields.One2many("recovery.case.step", "case_id", string="Steps")
    cost_ids = fields.One2many("recovery.case.cost", "case_id", string="Costs")
    person_ids = fields.One2many("recovery.case.person", "case_id", string="People")
    dossier_ids = fields.One2many("recovery.dossier", "case_id", string="Evidence", readonly=True)
    hold_id = fields.Many2one(
        "recovery.hold", protected=True, copy=False, help="Keeps the claims out of dunning."
    )
    plan_id = fields.Many2one(
        "recovery.plan", protected=True, copy=False, help="Plan the debtor agreed to, or is offered."
    )
    amount_opened = fields.Monetary(
        compute="_compute_amounts", store=True, help="Open when the claims entered the case."
    )
    amount_residual = fields.Monetary(
        string="Owed", compute="_compute_amounts", store=True, help="Still open of the claims."
    )
    amount_costs = fields.Monetary(
        string="Spent", compute="_compute_costs", store=True, help="Spent on the case so far."
    )
    amount_claimed_back = fields.Monetary(
        string="Costs claimed back",
        compute="_compute_costs",
        store=True,
        help="Part of the costs the debtor has to bear.",
    )
    date_deadline = fields.Date(
        string="Next deadline",
        compute="_compute_date_deadline",
        store=True,
        help="Earliest last day of a step that is not done.",
    )

    _closed_has_outcome = models.Constraint(
        "CHECK((stage = 'closed') = (outcome IS NOT NULL))",
        "A case is closed by saying what came of it: use the buttons.",
    )

    @api.depends("line_ids.amount_opened", "line_ids.amount_residual")
    def _compute_amounts(self):
        for case in self:
            case.amount_opened = sum(case.line_ids.mapped("amount_opened"))
            case.amount_residual = sum(case.line_ids.mapped("amount_residual"))

    @api.depends("cost_ids.amount", "cost_ids.is_claimed_back")
    def _compute_costs(self):
        for case in self:
            case.amount_costs = sum(case.cost_ids.mapped("amount"))
            case.amount_claimed_back = sum(case.cost_ids.filtered("is_claimed_back").mapped("amount"))

    @api.depends("step_ids.date_deadline", "step_ids.state", "step_ids.bound")
    def _compute_date_deadline(self):
        for case in self:
            due = case.step_ids.filtered(lambda step: step.state == "open" and step.bound == "latest")
            case.date_deadline = min(filter(None, due.mapped("date_deadline")), default=False)

    @api.depends_context("lang")
    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for case in self:
            case.display_name = labelled(self.env, case.name, case.partner_id.display_name)

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        # sudo: the number is the system's to give
        for company, of_company in cases.sudo().grouped("company_id").items():
            today = company._recovery_today()
            sequence = self.env["ir.sequence"]._recovery_of("recovery.case", company)
            for case, name in zip(of_company, sequence._recovery_draw(len(of_company), today), strict=True):
                case.name = name
        cases._hold_claims()
        cases.filtered("date_title")._tell_title()
        return cases

    def write(self, vals):
        result = super().write(vals)
        if {"way", "user_id", "date_published"} & vals.keys():
            self._hold_claims()
        if "date_title" in vals:
            self._tell_title()
        return result

    def _tell_title(self):
        """Write the day of the title on the invoices: interest and limitation count from it."""
        for case in self.sudo():  # a collector reads invoices only
            case.line_ids.move_id.recovery_judgment_date = case.date_title

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked(self):
        if self.filtered(lambda case: case.stage != "preparation" or case.cost_ids):
            raise UserError(
                self.env._("A case that was begun is part of the file: give it up instead of deleting it.")
            )
        for company, cases in self.grouped("company_id").items():
            cases.hold_id._end(company._recovery_today())

    # -- what can be done --------------------------------------------------------------------------

    def action_weigh(self):
        """Say which procedures fit and what each costs against what it may bring; return the window that shows it."""
        self._require_running()
        for case in self:
            case.option_ids._renew(case)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What can be done?"),
            "res_model": self._name,
            "res_id": self[:1].id,
            "views": [(self.env.ref("payment_plan_recovery.view_case_options_form").id, "form")],
            "target": "new",
        }

    def action_build_evidence(self):
        """Freeze the evidence of the cases as a further version."""
        for case in self:
            self.env["recovery.dossier"]._build(case)

    # -- the end -----------------------------------------------------------------------------------

    def action_give_up(self):
        """Close the cases: their claims go on in dunning where they were, from tomorrow on."""
        self._close("given_up")

    def action_irrecoverable(self):
        """Close the cases: nothing more is expected. For Recovery managers."""
        if not self.env.user.has_group("payment_plan_recovery.group_recovery_manager"):
            raise AccessError(self.env._("Ask a Recovery manager: giving a debt up for lost needs approval."))
        self._close("irrecoverable")

    def action_write_off(self):
        """Draft the write-off of what is still open; it ends the case once it is booked."""
        self.ensure_one()
        self._require_running()
        return self.env["recovery.write.off"]._draft(self).get_formview_action()

    def action_agree(self):
        """Draft the plan the debtor agreed to over what is still open; it ends the case once in force."""
        self.ensure_one()
        self._require_running()
        items = self.line_ids.move_line_id.filtered(lambda item: not item.reconciled)
        if not items:
            raise UserError(self.env._("Nothing is open any more: there is nothing to agree on."))
        if not self.plan_id or self.plan_id.state in ("cancelled", "broken"):
            plan = self.env["recovery.plan"].create(
                {
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "currency_id": self.currency_id.id,
                    "user_id": self.user_id.id,
                    "date_start": fields.Date.add(self.company_id._recovery_today(), months=1),
                    "item_ids": [fields.Command.create({"move_line_id": item.id}) for item in items],
                }
            )
            plan.generate_instalments()
            self.sudo().plan_id = plan  # protected from clients; the right to write the case was checked
        return self.plan_id.get_formview_action()

    def _require_running(self):
        self.check_access("write")
        closed = self.filtered(lambda case: case.stage == "closed")
        if closed:
            raise UserError(self.env._("%s is closed.", ", ".join(closed.mapped("display_name"))))

    def _close(self, outcome):
        self._require_running()
        for case in self.sudo():  # protected from clients; the right to write was just checked
            case.write(
                {"outcome": outcome, "stage": "closed", "date_closed": case.company_id._recovery_today()}
            )
        self._hold_claims()
        self.activity_unlink(["payment_plan_recovery.mail_activity_case_deadline"])
        if outcome in ("given_up", "agreement"):  # they are owed on
            for case in self:
                self.env["recovery.limitation.event"]._ask_for_ends(case)

    @api.model
    def _cron_follow(self):
        """Close what was paid, or is paid by a plan in force; go on with what was paid and is owed again.

        One case's trouble does not stop the others.
        """
        paid = Domain("outcome", "=", "paid") & Domain("line_ids.move_line_id.reconciled", "=", False)
        cases = self.search(Domain("stage", "!=", "closed") | paid)
        self.env["recovery.dispatch"]._dispatch(self._name, "_follow", [(cases.ids, {})])

    def _follow(self):
        if self.stage == "closed":
            if self.outcome == "paid":
                self._resume()
            return
        self._take_older_claims()
        if self.plan_id.state in (*LIVE_STATES, "completed"):
            self._close("agreement")
        elif self._is_settled() and not self._goes_on_elsewhere():
            self._close("irrecoverable" if self._is_given_up() else "paid")

    def _is_settled(self):
        return bool(self.line_ids) and self.currency_id.is_zero(self.amount_residual)

    def _is_given_up(self):
        """Whether write-offs settled more of the claims than anything else, small residues of what was paid apart."""
        # sudo: how the claims were settled does not depend on who asks
        given_up = self.env["recovery.write.off.line"].sudo()
        booked = given_up.search(
            [
                ("move_line_id", "in", self.line_ids.move_line_id.ids),
                ("write_off_id.state", "=", "booked"),
                ("write_off_id.reason", "!=", "residue"),
            ]
        )
        return self.currency_id.compare_amounts(2 * sum(booked.mapped("amount")), self.amount_opened) > 0
