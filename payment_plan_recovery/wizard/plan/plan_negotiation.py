from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class RecoveryPlanNegotiation(models.TransientModel):
    """Which open items of a debtor to put in a plan: the start of a negotiation."""

    _name = "recovery.plan.negotiation"
    _description = "Plan Negotiation"
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        domain="['|', ('parent_id', '=', False), ('is_company', '=', True)]",
        help="The commercial entity that owes.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Where the plan is agreed and followed up: the creditor, or one of its branches.",
    )
    creditor_id = fields.Many2one("res.company", compute="_compute_creditor_id", compute_sudo=True)
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="A plan is in one currency.",
    )
    include_not_due = fields.Boolean(
        string="Also what is not due yet", help="Offer items that are not overdue too."
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        compute="_compute_move_line_ids",
        compute_sudo=False,  # what the user may read, of the branches that he works in
        store=True,
        readonly=False,
        help="Open items the plan will cover, of any branch of the creditor in which you work; what is overdue is "
        "chosen from the start.",
    )
    cause_id = fields.Many2one(
        "recovery.cause",
        string="Cause of lateness",
        compute="_compute_cause_id",
        store=True,
        readonly=False,
        help="Why the debtor could not pay in time; the one noted last, until it says another.",
    )
    cause_advice = fields.Text(related="cause_id.advice", string="What to answer")
    amount_total = fields.Monetary(
        compute="_compute_amount_total", string="Total", help="What the plan would cover."
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        lines = self._lines_from_context()
        partner = lines.partner_id.commercial_partner_id
        if len(partner) > 1:
            raise UserError(
                self.env._(
                    "Choose the invoices of one debtor: a plan is made with one. Here there are %s.",
                    len(partner),
                )
            )
        if lines:
            creditor, currency = lines.company_id[:1]._recovery_creditor(), lines.currency_id[:1]
            chosen = lines.filtered(
                lambda line: (line.company_id._recovery_creditor(), line.currency_id) == (creditor, currency)
            )
            values.update(
                partner_id=partner.id,
                company_id=chosen.company_id._recovery_where_kept().id,
                currency_id=currency.id,
                move_line_ids=[Command.set(chosen.ids)],
                include_not_due=any(not self._is_overdue(line) for line in chosen),
            )
        return values

    @api.model
    def _lines_from_context(self):
        """Return the open items of the records the wizard was opened on, a debtor's apart."""
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids") or []
        lines = self.env["account.move.line"]
        if model == "account.move":
            lines = self.env["account.move"].browse(ids).line_ids
        elif model == "account.move.line":
            lines = lines.browse(ids)
        elif model == "recovery.claim":
            lines = self.env[model].browse(ids).move_line_id
        return lines.filtered_domain(self._open_domain())

    @api.model
    def _open_domain(self):
        return Domain(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual_currency", ">", 0),
                ("recovery_plan_id", "=", False),
            ]
        )

    def _is_overdue(self, line):
        return not line.date_maturity or line.date_maturity < line.company_id._recovery_today()

    def _candidates(self):
        """Return every item of the debtor that a plan may cover."""
        return self.env["account.move.line"].search(
            self._open_domain()
            & Domain("partner_id", "child_of", self.partner_id.id)
            & Domain("company_id", "in", self.company_id._recovery_branch_ids())
            & Domain("currency_id", "=", self.currency_id.id),
            order="date_maturity, id",
        )

    def _asked_for(self):
        """Return those of the candidates that anything is asked of: not small residues, nor discounts earned."""
        company = self.company_id
        let_go = self.env["recovery.residue"]._let_go(
            company, company._recovery_today(), self.partner_id.commercial_partner_id.ids
        )
        return self._candidates().filtered(lambda line: line.id not in let_go)

    @api.depends("company_id")
    def _compute_creditor_id(self):
        for wizard in self:
            wizard.creditor_id = wizard.company_id.root_id

    @api.depends("partner_id", "company_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.company_id.currency_id

    @api.depends("partner_id", "company_id")
    def _compute_cause_id(self):
        for wizard in self:
            debtor = wizard.partner_id.with_company(wizard.company_id)
            wizard.cause_id = debtor.recovery_cause_id

    @api.depends("partner_id", "company_id", "currency_id", "include_not_due")
    def _compute_move_line_ids(self):
        for wizard in self:
            lines = wizard._asked_for() if wizard.partner_id else self.env["account.move.line"]
            wizard.move_line_ids = lines if wizard.include_not_due else lines.filtered(wizard._is_overdue)

    @api.depends("move_line_ids")
    def _compute_amount_total(self):
        for wizard in self:
            wizard.amount_total = sum(wizard.move_line_ids.mapped("amount_residual_currency"))

    def action_draft_plan(self):
        """Draft the plan over the chosen items and open it."""
        self.ensure_one()
        if not self.move_line_ids:
            raise UserError(self.env._("Choose the items to pay by instalments first."))
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": self.partner_id.commercial_partner_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "cause_id": self.cause_id.id,
                "item_ids": [Command.create({"move_line_id": line.id}) for line in self.move_line_ids],
            }
        )
        plan._begin_as_recommended(self.company_id._recovery_today())
        plan.generate_instalments()
        plan.action_compare_options()
        return plan._form_action()
