"""Plans outside their policy: every reason is listed, and someone else than its author approves."""

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common.company_words import by_company, in_words_of_company
from ..common.keep import keep
from .policy import Offer

MANAGERS = "payment_plan_recovery.group_recovery_manager"
ACTIVITY = "payment_plan_recovery.mail_activity_plan_approval"


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    approval_state = fields.Selection(
        [("waiting", "Waiting for approval"), ("approved", "Approved"), ("refused", "Refused")],
        string="Approval",
        readonly=True,
        copy=False,
        tracking=True,
        protected=True,
        help="A plan outside its policy waits for a manager; one within needs no approval.",
    )
    approval_reasons = fields.Text(
        string="Outside policy",
        readonly=True,
        copy=False,
        protected=True,
        help="Why approval was asked for, a reason on each line.",
    )
    approval_requested_by = fields.Many2one(
        "res.users", readonly=True, copy=False, protected=True, help="Who proposed the plan."
    )
    approval_author_ids = fields.Many2many(
        "res.users",
        "recovery_plan_approval_author_rel",
        string="Comes from",
        readonly=True,
        copy=False,
        protected=True,
        help="Whom the plan comes from, and who wrote something of its terms: none of them approves it, whoever is "
        "responsible by then.",
    )
    approved_by = fields.Many2one(
        "res.users", readonly=True, copy=False, protected=True, help="Who approved or refused it."
    )
    policy_exceptions = fields.Text(
        string="Outside policy now",
        compute="_compute_policy_exceptions",
        compute_sudo=True,  # whoever reads the plan: its company may be one that he does not work in
        help="Limits of the policy and of the debtor's risk class that the instalments exceed.",
    )

    @api.depends(
        "policy_id",
        "partner_id",
        "instalment_ids.amount",
        "instalment_ids.date_due",
        "amount_total",
        "charge_terms",
    )
    @api.depends_context("uid")
    def _compute_policy_exceptions(self):
        for plan in self:
            negotiating = plan.state in ("draft", "proposed") and plan.instalment_ids
            reasons = plan._exceptions(plan.company_id._recovery_today()) if negotiating else ()
            plan.policy_exceptions = "\n".join(reasons)

    def _within_policy(self, date):
        """Return the plans that need no approval at ``date``, or have it; the others are made to wait for it."""
        # sudo: nothing is written to debtors but what they are; what one person grants in two windows counts together
        keep(self.partner_id.sudo())
        reasons = {
            plan: in_words_of_company(plan)._exceptions(date)
            for plan in self
            if plan.approval_state != "approved"
        }
        outside = self.filtered(reasons.get)
        for plan in outside:
            plan._ask_for_approval(reasons[plan])
        return self - outside

    def action_approve(self):
        """Approve plans that wait for it, and propose them.

        :raise UserError: money came in, say, since approval was asked for: the instalments have to be computed again
        """
        self._judge("approved")
        self._check_agreed_on()
        self._propose()

    def action_refuse(self, reason):
        """Refuse plans that wait for approval; their author reads ``reason`` and changes them."""
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the plan is refused: its author has to change it."))
        for _company, plans in by_company(self):
            plans._judge("refused", plans.env._("Refused: %s", reason))

    def _exceptions(self, date):
        """Return why the plan is outside its policy at ``date``: translated reasons, none if within."""
        self.ensure_one()
        rows = self.instalment_ids.sorted("number")
        reasons = self._limits_exceeded(
            self._offer(
                self.amount_total,
                sum(row.amount for row in rows if not row.number),
                [(row.date_due, row.amount) for row in rows if row.number],
            ),
            date,
        )
        return reasons + self._loosened_by_author() + self._waives_too_much(date)

    def _loosened_by_author(self):
        """Return why a plan under limits that whom it comes from made less strict alone takes a second person."""
        authors = self._come_from() | self.env.user
        return [
            self.env._(
                "The limits of “%s” were made less strict by somebody whom the plan comes from; no other manager has "
                "agreed to that yet.",
                limits.display_name,
            )
            for limits in (self.policy_id, self._risk_class())
            if limits and limits._is_loosened_by(authors, self.company_id)
        ]

    def _limits_exceeded(self, offer, date):
        """Return the limits that ``offer`` exceeds at ``date``, as translated reasons."""
        return self.policy_id._exceptions(offer, date) + self._class_exceptions(offer)

    def _offer(self, total, down_payment, schedule):
        """Return a schedule of [(date, amount)] as a policy judges it."""
        dates, amounts = [date for date, _amount in schedule], [amount for _date, amount in schedule]
        return Offer(
            self.currency_id,
            self.company_id,
            total,
            down_payment,
            amounts,
            dates,
            self._last_breach(),
            self._is_down_payment_lifted(),
        )

    def _last_breach(self):
        """Return when the debtor last broke a plan with the same creditor, or nothing."""
        # sudo: the creditor's, whichever of its branches it was agreed with; only the day is told
        broken = self.sudo().search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "in", self.company_id._recovery_branch_ids()),
                ("state", "=", "broken"),
            ],
            order="date_closed desc",
            limit=1,
        )
        return broken.date_closed or None

    def _ask_for_approval(self, reasons):
        self.check_access("write")
        approver = self._approver()
        if not approver:
            raise UserError(
                self.env._(
                    "This plan is outside its policy and nobody else may approve it. "
                    "Change it, or have another user made a manager of Recovery:\n%s",
                    "\n".join(reasons),
                )
            )
        # The approval is protected from clients; the right to write was checked just above.
        self.sudo().write(
            {
                "approval_state": "waiting",
                "approval_reasons": "\n".join(reasons),
                "approval_requested_by": self.env.uid,
                "approval_author_ids": [Command.set(self._authors().ids)],
                "approved_by": False,
            }
        )
        self.activity_schedule(ACTIVITY, user_id=approver.id, note="\n".join(reasons))

    def _approver(self):
        """Return the manager who is asked first: any but those the plan comes from."""
        return (
            self.env["res.users"]
            .sudo()  # who manages Recovery is no secret to a collector, and only one name is used
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(MANAGERS).id),
                    ("company_ids", "in", self.company_id.ids),
                    ("share", "=", False),
                    ("id", "not in", self._authors()._recovery_person().ids),
                ],
                order="id",
                limit=1,
            )
        )

    def _authors(self):
        """Return the users the plan comes from, who cannot approve it themselves."""
        return self._come_from() | self.env.user

    def _note_author(self):
        """Keep that the user wrote something of the terms, and so does not approve them."""
        for plan in self.filtered(lambda plan: self.env.user not in plan._come_from()):
            # sudo: protected from clients; whoever opens the terms had the right to change them
            plan.sudo().approval_author_ids |= self.env.user

    def _come_from(self):
        # sudo: who wrote a plan counts also where the reader may not see the user
        plan = self.sudo()
        authors = plan.user_id | plan.create_uid | plan.approval_requested_by | plan.approval_author_ids
        return authors.sudo(False)

    def _judge(self, verdict, body=None):
        """Record a manager's verdict on plans that wait for one."""
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("A manager of Recovery approves plans. Ask one of them."))
        self.check_access("write")
        for plan in self:
            if plan.approval_state != "waiting":
                raise UserError(self.env._("%s does not wait for approval.", plan.display_name))
            if self.env.user._recovery_person() & plan._come_from():
                raise UserError(
                    self.env._("%s is your own: another manager has to approve it.", plan.display_name)
                )
        # The approval is protected from clients; the right to give it was checked above.
        self.sudo().write({"approval_state": verdict, "approved_by": self.env.uid})
        self.activity_feedback([ACTIVITY])
        if body:
            for plan in self:
                plan._message_log(body=body)
                plan.activity_schedule(user_id=plan.approval_requested_by.id, summary=body)

    def _forget_approval(self):
        """An approval is given to the terms it was asked for: others have to be judged anew."""
        judged = self.filtered("approval_state")
        if judged:
            # sudo: protected from clients; what opens the terms has checked that they may change
            judged.sudo().write({"approval_state": False, "approval_reasons": False, "approved_by": False})
            judged.activity_unlink([ACTIVITY])
