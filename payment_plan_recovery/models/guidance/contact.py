"""Beside a call that is noted: what is known of the debtor, what to say, what to answer."""

from odoo import api, fields, models

from ..common.counted import counted
from .playbook import STAGES

#: States of a plan that is late.
LATE_STATES = ("late", "in_default")
#: Stages by the tone of the words that a level is written in.
STAGE_OF_TONE = {"courteous": "reminder", "firm": "firm", "formal": "formal"}


class RecoveryContact(models.Model):
    _inherit = "recovery.contact"

    call_stage = fields.Selection(
        STAGES,
        string="Stage",
        compute="_compute_call_stage",
        help="How far the debtor has come with reminders: it decides how the call begins.",
    )
    call_sheet = fields.Html(
        string="Call sheet",
        compute="_compute_call_sheet",
        sanitize=False,
        help="What is known of the debtor, and what to say and to answer, from the playbook.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_call_stage(self):
        for contact in self:  # of the form, one at a time
            contact.call_stage = contact._stage_of_debtor() if contact.partner_id else False

    def _stage_of_debtor(self):
        """Return how far the debtor has come: by its plans, else by the furthest level of its late claims."""
        own = [
            ("partner_id", "=", self.partner_id.commercial_partner_id.id),
            ("company_id", "in", self.company_id._recovery_branch_ids()),
        ]
        if self.env["recovery.plan"].search_count([*own, ("state", "in", LATE_STATES)], limit=1):
            return "plan"
        today = self.company_id._recovery_today()
        late = self.env["recovery.claim"].search([*own, ("date_due", "<", today)])
        if not late:
            return "before"
        level = late.level_reached_id.sorted(lambda level: (level.sequence, level.id))[-1:]
        if not level:
            return "reminder"
        if level == level.policy_id.level_ids.sorted()[-1:]:
            return "after"
        if level.letter_kind == "formal_notice":
            return "formal"
        return STAGE_OF_TONE.get(level.message_ids[:1].tone, "reminder")

    @api.depends("partner_id", "company_id", "cause_id", "call_stage")
    def _compute_call_sheet(self):
        for contact in self:  # of the form, one at a time
            contact.call_sheet = contact._call_sheet() if contact.partner_id else False

    def _call_sheet(self):
        """Return what stands beside a call: the debtor at a glance, what to say and to answer."""
        return self.env["ir.qweb"]._render("payment_plan_recovery.call_sheet", self._call_facts())

    def _call_facts(self):
        """Return what the call sheet says of the debtor, and the plays for the call."""
        # what a branch reads of its parent's call, it reads with the figures of a company of its own
        company = self.company_id if self.company_id in self.env.companies else self.env.company
        debtor = self.partner_id.commercial_partner_id.with_company(company)
        own = [("partner_id", "=", debtor.id), ("company_id", "in", self.company_id._recovery_branch_ids())]
        scripts, answers = self.env["recovery.playbook"]._for_call(
            self.call_stage, self.cause_id or debtor.recovery_cause_id
        )
        promises = self.env["recovery.promise"]
        today, oldest = self.company_id._recovery_today(), debtor.recovery_date_oldest
        # sudo: the budget counts what any branch wrote; a day is told of it
        allowed = self.env["recovery.notice"].sudo()._first_day_for(debtor, self.company_id, "phone")
        return {
            "debtor": debtor,
            "currency": company.currency_id,
            "late": counted(self.env, "day", (today - oldest).days) if oldest and oldest < today else None,
            "allowed": allowed if allowed > today else None,
            "kept": promises.search_count([*own, ("state", "=", "kept")]),
            "promise": promises.search([*own, ("state", "!=", "cancelled")], limit=1),
            "disputes": self.env["recovery.dispute"].search_count([*own, ("state", "=", "open")]),
            "plan": self.env["recovery.plan"].search(
                [*own, ("state", "in", ("active", *LATE_STATES))], limit=1
            ),
            "last": self.search([*own, ("id", "not in", self.ids)], limit=1),
            "stage": dict(self._fields["call_stage"]._description_selection(self.env)).get(self.call_stage),
            "scripts": scripts,
            "answers": answers,
        }
