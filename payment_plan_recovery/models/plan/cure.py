"""The cure notice: what is late is asked for with a deadline before a plan may be broken."""

from odoo import Command, api, fields, models

from ...tools.deadline import deadline
from ..common.guarded_fields import as_action
from ..notice.notice import UNSENT_STATES

WITHDRAWN = ("cancelled", "ignored")


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    cure_notice_id = fields.Many2one(
        "recovery.notice",
        string="Cure notice",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        protected=True,
        help="The notice that asks for what is late; the plan is broken only if it went out.",
    )
    date_cure_deadline = fields.Date(
        string="Cure deadline",
        compute="_compute_date_cure_deadline",
        help="Last day to pay what the cure notice asks for, counted from the day it went out (a letter from its "
        "posting or delivery); the plan is broken from the day after.",
    )

    @api.depends("date_default", "cure_days", "cure_notice_id.date", "cure_notice_id.date_deadline")
    def _compute_date_cure_deadline(self):
        deadlines = self.cure_notice_id._deadlines()
        unwritten = self.filtered(lambda plan: plan.date_default and not plan.cure_notice_id)
        closed = unwritten._closed_by_company()
        for plan in self:
            if plan.cure_notice_id:
                plan.date_cure_deadline = deadlines[plan.cure_notice_id]
            else:
                plan.date_cure_deadline = plan.date_default and deadline(
                    plan.date_default, plan.cure_days, closed=closed[plan.company_id]
                )

    def _cure_facts(self):
        """Return what is known of the cure notice of a plan in default, as the kernel names it."""
        if self.state != "in_default":
            return {}
        return {
            "cure_deadline": self.date_cure_deadline or None,
            "notice_sent": self.cure_notice_id.state == "sent",
        }

    def _follow_cure_notices(self, date):
        """Make the notices of plans in default that have none any more; have those sent that did not go out."""
        in_default = self.filtered(lambda plan: plan.state == "in_default")
        lost = in_default.filtered(lambda plan: (plan.cure_notice_id.state or WITHDRAWN[0]) in WITHDRAWN)
        lost._make_cure_notices(date)
        overdue = (in_default - lost).filtered(
            lambda plan: (
                plan.cure_notice_id.state in UNSENT_STATES
                and (plan.date_cure_deadline or plan.cure_notice_id.date) < date
            )
        )
        overdue._ask_person(self.env._("Send the cure notice: it has not gone out."), date)

    def _make_cure_notices(self, date):
        """Make the notice of each plan in default and hand them to the outbox."""
        if not self:
            return
        unpaid = self._unpaid_before(date)
        rows = self.env["recovery.plan.instalment"].union(*(row for rows in unpaid.values() for row in rows))
        # What each instalment is worth in company currency, as the dunning runs value it.
        values = {claim.instalment_id: claim.amount_company for claim in rows._claims()}
        # A withdrawn notice leaves its instalments to the next one: in the database too, before that is made.
        self.env["recovery.notice.line"].flush_model(["is_live"])
        notices = (
            # sudo: notices are made by the product only; the transition checked the right to write
            self.env["recovery.notice"]
            .sudo()
            .with_context(mail_create_nolog=True, tracking_disable=True)
            .create([plan._cure_notice_vals(date, unpaid[plan], values) for plan in self])
        )
        for plan, notice in zip(self, notices, strict=True):
            plan.sudo().cure_notice_id = (
                notice  # protected from clients; the transition checked the right to write
            )
        self.sudo().date_default = date
        notices._after_confirm()
        self._withdraw_reminders(notices)

    def _withdraw_reminders(self, cure_notices):
        """What cure notices ask for is asked for by no reminder that has not left, made the same day or before."""
        # sudo: notices are the product's own, see above
        lines = self.env["recovery.notice.line"].sudo()
        waiting = lines.search(
            [
                ("instalment_id", "in", cure_notices.line_ids.instalment_id.ids),
                ("is_live", "=", True),
                ("notice_id", "not in", cure_notices.ids),
                ("notice_id.state", "in", ("draft", "approved", "queued")),
                ("notice_id.attempt_started", "=", False),
            ]
        )
        as_action(waiting).write({"is_live": False, "drop_reason": "in_cure"})
        reminders = waiting.notice_id
        reminders._cancel_empty()
        reminders.filtered(lambda notice: notice.state == "cancelled")._take_back()

    def _cure_notice_vals(self, date, rows, values):
        level = self._cure_level()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "level_id": level.id,
            "date": date,
            # The outbox chooses among the level's channels; the last one stands where none reaches the debtor.
            "channel": (level._channels_by_preference(False) or ["letter"])[-1],
            "state": "draft" if level.needs_approval else "approved",
            "user_id": self.user_id.id,
            "amount_total": self.company_id.currency_id.round(
                sum(values.get(row, 0) * left / row.amount_residual for row, left in rows.items())
            ),
            "line_ids": [
                Command.create(
                    {
                        "level_id": level.id,
                        "instalment_id": row.id,
                        "amount_residual": left,
                        "date_due": row.date_due,
                    }
                )
                for row, left in rows.items()
            ],
        }

    def _cure_level(self):
        return self.policy_id.cure_level_id or self.env.ref("payment_plan_recovery.level_cure")

    def _drop_cure_notices(self):
        """Forget the cure notices of plans that were cured: a later default is another one."""
        notices = self.cure_notice_id
        as_action(notices.line_ids).is_live = False
        notices.filtered(
            lambda notice: notice.state in UNSENT_STATES and not notice.attempt_started
        ).action_cancel()
        self.filtered("cure_notice_id").sudo().cure_notice_id = False  # protected from clients, see above
