"""The cure notice: what is late is asked for with a deadline before a plan may be broken."""

from dataclasses import replace
from datetime import timedelta

from odoo import Command, api, fields, models

from ..notice.notice import UNSENT_STATES

WITHDRAWN = ("cancelled", "ignored")


class RecoveryDunningPolicy(models.Model):
    _inherit = "recovery.dunning.policy"

    # Runs choose policies by kind: the levels of this one are raised by the follow-up of plans alone.
    claim_kind = fields.Selection(selection_add=[("cure", "Plans in default")], ondelete={"cure": "set item"})


class RecoveryPlanPolicy(models.Model):
    _inherit = "recovery.plan.policy"

    cure_level_id = fields.Many2one(
        "recovery.dunning.level",
        string="Cure notice",
        domain="[('policy_id.claim_kind', '=', 'cure')]",
        ondelete="restrict",
        default=lambda self: self.env.ref("payment_plan_recovery.level_cure", raise_if_not_found=False),
        help="Channels and words of the notice that asks for late instalments before a plan is broken.",
    )


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    cure_notice_id = fields.Many2one(
        "recovery.notice",
        string="Cure notice",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The notice that asks for what is late; the plan is broken only if it went out.",
    )
    date_cure_deadline = fields.Date(
        string="Cure deadline",
        compute="_compute_date_cure_deadline",
        help="Last day to pay what the cure notice asks for, counted from the day it went out; "
        "the plan is broken from the day after.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"cure_notice_id"}

    @api.depends("date_default", "cure_days", "cure_notice_id.date")
    def _compute_date_cure_deadline(self):
        for plan in self:
            date = plan.cure_notice_id.date or plan.date_default
            plan.date_cure_deadline = date and date + timedelta(days=plan.cure_days)

    def _facts(self, date):
        facts = super()._facts(date)
        for plan in facts:
            if plan.state == "in_default":
                notice = plan.cure_notice_id
                facts[plan] = replace(
                    facts[plan], cure_deadline=plan.date_cure_deadline, notice_sent=notice.state == "sent"
                )
        return facts

    def monitor(self, date):
        plans = self or self._to_monitor(date)
        result = super(RecoveryPlan, plans).monitor(date)
        in_default = plans.filtered(lambda plan: plan.state == "in_default")
        lost = in_default.filtered(lambda plan: (plan.cure_notice_id.state or WITHDRAWN[0]) in WITHDRAWN)
        lost._make_cure_notices(date)
        overdue = (in_default - lost).filtered(
            lambda plan: plan.cure_notice_id.state in UNSENT_STATES and plan.date_cure_deadline < date
        )
        overdue._ask_person(self.env._("Send the cure notice: it has not gone out."), date)
        return result

    def _become_in_default(self, date):
        result = super()._become_in_default(date)
        self._make_cure_notices(date)
        return result

    def _become_active(self, date):
        self._drop_cure_notices()
        return super()._become_active(date)

    def _become_late(self, date):
        self._drop_cure_notices()
        return super()._become_late(date)

    def _make_cure_notices(self, date):
        """Make the notice of each plan in default and hand them to the outbox."""
        if not self:
            return
        unpaid = self._unpaid_before(date)
        rows = self.env["recovery.plan.instalment"].union(*unpaid.values())
        # What each instalment is worth in company currency, as the dunning runs value it.
        values = {claim.instalment_id: claim.amount_company for claim in rows._claims()}
        # A withdrawn notice leaves its instalments to the next one: in the database too, before that is made.
        self.env["recovery.notice.line"].flush_model(["is_live"])
        notices = (
            self.env["recovery.notice"]
            .with_context(mail_create_nolog=True, tracking_disable=True)
            .create([plan._cure_notice_vals(date, unpaid[plan], values) for plan in self])
        )
        for plan, notice in zip(self, notices, strict=True):
            plan.sudo().cure_notice_id = (
                notice  # protected from clients; the transition checked the right to write
            )
        self.sudo().date_default = date
        notices._after_confirm()

    def _cure_notice_vals(self, date, rows, values):
        level = self._cure_level()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "level_id": level.id,
            "date": date,
            # The outbox chooses among the level's channels; the last one stands where none reaches the debtor.
            "channel": level.channel_ids.sorted()[-1:].channel or "letter",
            "state": "draft" if level.needs_approval else "approved",
            "user_id": self.user_id.id,
            "amount_total": sum(values.get(row, 0) for row in rows),
            "line_ids": [
                Command.create(
                    {
                        "level_id": level.id,
                        "instalment_id": row.id,
                        "amount_residual": row.amount_residual,
                        "date_due": row.date_due,
                    }
                )
                for row in rows
            ],
        }

    def _cure_level(self):
        return self.policy_id.cure_level_id or self.env.ref("payment_plan_recovery.level_cure")

    def _drop_cure_notices(self):
        """Forget the cure notices of plans that were cured: a later default is another one."""
        notices = self.cure_notice_id
        notices.line_ids.is_live = False
        notices.filtered(
            lambda notice: notice.state in UNSENT_STATES and not notice.attempt_started
        ).action_cancel()
        self.filtered("cure_notice_id").sudo().cure_notice_id = False  # protected from clients, see above


class RecoveryPlanInstalment(models.Model):
    _inherit = "recovery.plan.instalment"

    def _claims(self):
        """Return the claims that the instalments are."""
        return self.env["recovery.claim"].browse(2 * row.id + 1 for row in self)
