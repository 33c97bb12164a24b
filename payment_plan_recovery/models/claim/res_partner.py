"""What a debtor owes, why it is not chased, and what it promised."""

from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_policy_id = fields.Many2one(
        "recovery.dunning.policy",
        string="Dunning policy",
        company_dependent=True,
        check_company=True,
        of_debtor=True,
        tracking=True,
        groups="account.group_account_readonly,account.group_account_invoice",
        help="How this debtor is chased; leave empty to take the first policy whose filter fits.",
    )
    recovery_claim_count = fields.Integer(
        string="Claims",
        compute="_compute_recovery_claims",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Open invoices and instalments of the debtor in this company and its branches.",
    )
    recovery_claim_amount = fields.Monetary(
        string="Owed",
        compute="_compute_recovery_claims",
        currency_field="currency_id",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Total of the debtor's claims in this company and its branches, in company currency.",
    )
    recovery_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_recovery_overdue",
        currency_field="currency_id",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Claims of the debtor past their due date, in this company and its branches, in company currency.",
    )
    recovery_date_oldest = fields.Date(
        string="Oldest due date",
        compute="_compute_recovery_overdue",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Due date of the oldest claim that is overdue.",
    )
    recovery_promises_broken = fields.Integer(
        string="Promises not kept",
        compute="_compute_recovery_promises_broken",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Promises of the debtor that were broken or kept in part only.",
    )
    recovery_cause_id = fields.Many2one(
        "recovery.cause",
        string="Cause of lateness",
        compute="_compute_recovery_cause_id",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="The cause noted last, within half a year: on an interaction, a promise, a plan or a dispute.",
    )
    recovery_on_hold = fields.Boolean(
        string="On hold",
        compute="_compute_recovery_on_hold",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="The debtor, or some of its invoices, is not chased today.",
    )
    recovery_withheld_count = fields.Integer(
        string="Contacts withheld",
        compute="_compute_recovery_withheld_count",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="How often the debtor was not contacted, or not over the channel that was wanted.",
    )

    def write(self, vals):
        """Let what is kept about debtors follow contacts that come to belong to another one."""
        credit = self._credit_identities(vals)
        moves = {"parent_id", "is_company", "commercial_partner_id"} & vals.keys()
        foreseen = self.env["recovery.debtor.change"]._foresee(self) if moves else None
        result = super().write(vals)
        self._require_of_debtor(vals)
        if moves:
            self.env["recovery.debtor.change"]._carry_out(foreseen)
        self._require_credit_kept(credit)
        return result

    @api.depends_context("company", "uid")
    def _compute_recovery_claims(self):
        there = self._with_branches(self.env.company)
        totals = {
            partner: values
            for partner, *values in there.env["recovery.claim"]._read_group(
                there._recovery_owed_domain(), ["partner_id"], ["__count", "amount_company:sum"]
            )
        }
        for partner in self:
            partner.recovery_claim_count, partner.recovery_claim_amount = totals.get(
                partner.commercial_partner_id, (0, 0.0)
            )

    @api.depends_context("company", "uid")
    def _compute_recovery_overdue(self):
        there = self._with_branches(self.env.company)
        found = there.env["recovery.claim"]._overdue_in(
            there.env.companies, self.commercial_partner_id, self.env.company._recovery_today()
        )
        for partner in self:
            row = found.get(partner.commercial_partner_id.id, (False, 0.0))
            partner.recovery_date_oldest, partner.recovery_overdue = row

    def _with_branches(self, company):
        """Return the debtors where the user works in ``company`` and in those of its branches that are the user's."""
        return self.with_context(allowed_company_ids=(company | company._recovery_branches_seen()).ids)

    def _recovery_owed_domain(self):
        """Return the domain of what the debtors among these partners owe where the user works."""
        return [
            ("partner_id", "in", self.commercial_partner_id.ids),
            ("company_id", "in", self.env.companies.ids),
        ]

    @api.depends_context("company")
    def _compute_recovery_promises_broken(self):
        counts = dict(
            self.env["recovery.promise"]._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "in", self.env.company._recovery_branch_ids()),
                    ("state", "in", ["broken", "partially_kept"]),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.recovery_promises_broken = counts.get(partner.commercial_partner_id, 0)

    @api.depends_context("company")
    def _compute_recovery_cause_id(self):
        company = self.env.company
        told = self.env["recovery.cause"]._of_debtor_sql(
            SQL("%s", company.id), SQL("debtor.id"), SQL("%s::date", company._recovery_today())
        )
        self.env.flush_all()
        causes = dict(
            self.env.execute_query(
                SQL(
                    "SELECT debtor.id, %s FROM unnest(%s::int[]) debtor(id)",
                    told,
                    self.commercial_partner_id.ids,
                )
            )
        )
        for partner in self:
            partner.recovery_cause_id = causes.get(partner.commercial_partner_id.id)

    @api.depends_context("company")
    def _compute_recovery_on_hold(self):
        today = self.env.company._recovery_today()
        held = self.env["recovery.hold"]._running(today, self.commercial_partner_id).partner_id
        for partner in self:
            partner.recovery_on_hold = partner.commercial_partner_id in held

    @api.depends_context("company")
    def _compute_recovery_withheld_count(self):
        debtors = self.commercial_partner_id
        counts = dict(
            self.env["recovery.withheld"]._read_group(
                [("partner_id", "in", debtors.ids), *self._recovery_withheld_domain()],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.recovery_withheld_count = counts.get(partner.commercial_partner_id, 0)

    @api.model
    def _recovery_withheld_domain(self):
        """What was withheld in earnest: by the outbox, or by a run that was confirmed."""
        return [
            ("company_id", "in", self.env.company._recovery_branch_ids()),
            "|",
            ("run_id", "=", False),
            ("run_id.state", "=", "confirmed"),
        ]

    def action_recovery_claims(self):
        """The debtor's claims that :attr:`recovery_claim_count` counts, with why each is chased or not."""
        self.ensure_one()
        there = self._with_branches(self.env.company)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_claim"),
            "name": self.env._("Claims: %s", self.commercial_partner_id.display_name),
            "view_mode": "list,kanban",
            "views": [
                (self.env.ref("payment_plan_recovery.view_claim_list_reason").id, "list"),
                (False, "kanban"),
            ],
            "domain": there._recovery_owed_domain(),
            "context": {"allowed_company_ids": there.env.companies.ids},
        }

    def action_recovery_promises(self):
        """The debtor's promises."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_promise"),
            "name": self.env._("Promises: %s", self.commercial_partner_id.display_name),
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def action_recovery_holds(self):
        """The debtor's holds."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_hold"),
            "name": self.env._("Holds: %s", self.commercial_partner_id.display_name),
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def action_recovery_withheld(self):
        """When and why the debtor was not contacted."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_withheld")
        debtor = ("partner_id", "=", self.commercial_partner_id.id)
        return {**action, "domain": [debtor, *self._recovery_withheld_domain()]}

    def action_recovery_hold(self):
        """A new hold on everything the debtor owes."""
        return self.env["recovery.hold"]._new_action(self.commercial_partner_id)

    def action_recovery_dispute(self):
        """A new dispute of the debtor's."""
        return self.env["recovery.dispute"]._new_action(self.commercial_partner_id)

    def action_recovery_promise(self):
        """A new promise of the debtor, of all that is overdue unless it says otherwise."""
        action = self.env["recovery.promise"]._new_action(self.commercial_partner_id)
        debtor = self.commercial_partner_id
        if (
            debtor._has_field_access(debtor._fields["recovery_overdue"], "read")
            and debtor.recovery_overdue > 0
        ):
            action["context"]["default_amount"] = debtor.recovery_overdue
        return action

    def action_log_contact(self):
        """Write down a call, mail or visit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log an interaction"),
            "res_model": "recovery.contact",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id, "dialog_size": "extra-large"},
        }
