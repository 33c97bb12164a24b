from math import inf

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common.company_words import in_words_of_company
from ..common.keep import keep
from .credit_terms import MANAGER
from .scoring import OPEN_STATES

#: What can still be written on a decided check.
AFTER_DECISION = {"contest_reason", "note", "user_id"}
#: What a check is about: it is computed from these, and computed again to change one.
BASIS = {"partner_id", "company_id", "scorecard_id", "date"}

#: What whoever writes it has a hand in the outcome.
OUTCOME = {
    "class_id",
    "limit_granted",
    "limit_requested",
    "payment_term_id",
    "override_reason",
    "decision_reason",
}


class RecoverySolvencyDecision(models.AbstractModel):
    """Who decides on a check, and what the decision does to the debtor."""

    _name = "recovery.solvency.decision"
    _description = "Decision on a Solvency Check"

    def _asked(self):
        return self.filtered(lambda check: check.state not in ("draft", "review"))

    def _require_writable(self, vals):
        """A decided check stays as it was decided, one that is computed is about what it was computed from."""
        own = {
            name for name in vals if name in self._fields and not name.startswith(("activity_", "message_"))
        }
        decided = self.filtered(lambda check: check.state not in OPEN_STATES)
        if decided and own - AFTER_DECISION:
            raise UserError(
                self.env._("%s is decided: it stays as it is. Make a new check.", decided[0].display_name)
            )
        computed = self.filtered(lambda check: check.state != "draft")
        if computed and own & BASIS:
            raise UserError(
                self.env._(
                    "%s is computed: set it back to draft to judge another debtor, by another card or on "
                    "another day.",
                    computed[0].display_name,
                )
            )

    def _note_author(self, vals):
        """Note that the user had a hand in the outcome, if that is what a client wrote."""
        if not self.env.su and OUTCOME & vals.keys():
            # sudo: protected from clients; who writes had the right to
            self.sudo().write({"author_ids": [fields.Command.link(self.env.uid)]})

    def action_approve(self):
        """Grant the outcome: class, limit, trust and terms go to the debtor, until the check's last day.

        Above the card's ceiling the first approval is a review; a manager other than
        the reviewer gives the second. A contested decision is taken again by somebody else.

        :raises UserError: a reason is missing, or somebody else has to decide
        """
        self.check_access("write")
        # sudo: nothing is written to debtors but what they are. Of two checks granted at once one stands.
        keep(self.partner_id.sudo())
        for check in self:
            check._require_decidable()
            if check._needs_second_approval() and check.state == "review":
                check._pass_on()
            else:
                check._require_second_person()
                # sudo: the right to decide was checked; the outcome is closed to any other path.
                check.sudo()._grant()

    def action_cancel(self):
        """Give the check up; the debtor stays as it is."""
        for check in self:
            if check.state not in ("draft", "review", "to_approve"):
                raise UserError(
                    self.env._("%s is decided: it can no longer be cancelled.", check.display_name)
                )
        self._close_open("cancelled")

    def action_reset(self):
        """Back to draft, to answer and compute again."""
        for check in self:
            if check.state not in ("review", "to_approve", "cancelled"):
                raise UserError(self.env._("%s is decided: make a new check instead.", check.display_name))
        self._close_open("draft")

    def _close_open(self, state):
        self.check_access("write")
        # sudo: whoever may write the check may give it up; its state is closed to any other path.
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        self.sudo().write({"state": state, "reviewer_id": False})

    def action_contest(self):
        """Have a standing decision taken again, by somebody else than who took it.

        :raises UserError: the decision does not stand, is contested already, or the objection is not recorded
        :return: the action that shows the new check
        """
        self.ensure_one()
        self.check_access("write")
        keep(self.sudo())  # sudo: nothing is written to it but what it is
        if self.state != "approved":
            raise UserError(self.env._("Only a decision that stands can be contested."))
        if not (self.contest_reason or "").strip():
            raise UserError(self.env._("Record first what the debtor objects to."))
        open_contests = self.contest_check_ids.filtered(lambda check: check.state != "cancelled")
        if open_contests:
            raise UserError(
                self.env._("This decision is contested already: see %s.", open_contests[0].display_name)
            )
        # sudo: where a check comes from is protected; the right to write was checked just above
        again = self.sudo().create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "scorecard_id": self.scorecard_id.id,
                "limit_requested": self.limit_requested,
                "origin": "contest",
                "contested_check_id": self.id,
                "user_id": self._other_manager(self.approver_id, self.company_id).id,
                "note": self.contest_reason,
            }
        )
        for line in again.line_ids:
            line.answer = self.line_ids.filtered(
                lambda old, line=line: old.criterion_id == line.criterion_id
            ).answer
        again = again.sudo(self.env.su)
        again._schedule_review(in_words_of_company(again).env._("Decide again on a contested check"))
        words = in_words_of_company(self).env
        self.message_post(body=words._("Contested: %s", self.contest_reason))
        return again._show()

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.display_name,
        }

    def _require_decidable(self):
        self.ensure_one()
        if self.state not in ("review", "to_approve"):
            raise UserError(self.env._("%s has nothing to approve. Compute it first.", self.display_name))
        if not self.scorecard_id:
            raise UserError(
                self.env._("%s has no scorecard: set it back to draft and choose one.", self.display_name)
            )
        if not self.class_id:
            raise UserError(self.env._("%s: choose the class to grant.", self.display_name))
        if self.limit_granted < 0:
            raise UserError(
                self.env._(
                    "%s: a credit limit cannot be negative. Grant 0 to refuse credit.", self.display_name
                )
            )
        if self.class_id.refuses_credit and self.limit_granted:
            raise UserError(
                self.env._(
                    "%(check)s: class %(risk_class)s gets no credit. Grant a limit of 0, or another class.",
                    check=self.display_name,
                    risk_class=self.class_id.code,
                )
            )
        if self.is_overridden and not (self.override_reason or "").strip():
            raise UserError(
                self.env._(
                    "%s: the class or the limit is not the computed one. Say why in “Reason of the "
                    "override”.",
                    self.display_name,
                )
            )
        if self.is_person and self.is_unfavourable:
            self._require_human_reason()

    def _require_human_reason(self):
        """A natural person is not refused by score alone: GDPR art. 22, CJEU C-634/21 (SCHUFA)."""
        if self.env.uid == SUPERUSER_ID or not self.env.user.has_group("base.group_user"):
            raise UserError(
                self.env._(
                    "%s: a natural person cannot be refused credit automatically. A person has to decide.",
                    self.display_name,
                )
            )
        if not (self.decision_reason or "").strip():
            raise UserError(
                self.env._(
                    "%s: a natural person is not refused by score alone. Give your own reason in “Reason of "
                    "the "
                    "decision”; the debtor may ask for it and contest it.",
                    self.display_name,
                )
            )

    def _needs_second_approval(self):
        """Tell whether another approves too: it was passed on to him, or the limit is above the ceiling of that day.

        Or above what the card allowed before the user loosened it alone.
        """
        # sudo: the ceiling holds whether or not the user may read the card
        former = (
            self.scorecard_id.sudo()._former_limit(self.class_id.sudo(), self.score, self.company_id)
            if self.scorecard_id
            else inf
        )
        ceilings = [self.approval_ceiling or inf, former if former == inf else self._from_card(former)]
        above = (
            min(ceilings) != inf and self.currency_id.compare_amounts(self.limit_granted, min(ceilings)) > 0
        )
        return self.state == "to_approve" or above

    def _pass_on(self):
        """Reviewed: somebody else approves."""
        # sudo: the right to review was checked; the state is closed to any other path.
        self.sudo().write({"state": "to_approve", "reviewer_id": self.env.user.id})
        self._schedule_review(
            self.env._("Approve a credit limit above the ceiling"),
            self._other_manager(self.env.user | self.author_ids, self.company_id),
        )

    def _require_second_person(self):
        person = self.env.user._recovery_person()
        if self.contested_check_id.approver_id & person:
            raise UserError(
                self.env._(
                    "%s: you took the contested decision. Somebody else has to take it again.",
                    self.display_name,
                )
            )
        if self._needs_second_approval():
            if not self.env.user.has_group(MANAGER):
                raise AccessError(
                    self.env._(
                        "%s: the limit is above the ceiling. A manager has to approve it.", self.display_name
                    )
                )
            if person & (self.reviewer_id | self.author_ids):
                raise UserError(
                    self.env._(
                        "%s: you had a hand in this check. Above the ceiling somebody else has to approve it.",
                        self.display_name,
                    )
                )

    def _grant(self):
        today = self.company_id._recovery_today()
        standing = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "approved"),
            ]
        )
        standing.state = "superseded"
        self.write(
            {
                "state": "approved",
                "approver_id": self.env.user.id,
                "date_approved": today,
                "date_until": self._holds_until(),
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self._apply()

    def _holds_until(self):
        """Return the last day of the check: a limit that leans on credit insurance holds no longer than that."""
        until = fields.Date.add(self.date, months=self.scorecard_id.validity_months)
        if "insured_amount" not in self.limit_line_ids.mapped("kind"):
            return until
        # sudo: who may approve need not be allowed to read guarantees
        lapses = (
            self.env["recovery.guarantee"]
            .sudo()
            ._insured_until(self.partner_id, self.company_id, self.date, until)
        )
        return min(lapses, until) if lapses else until

    def _apply(self):
        """Write the outcome on the debtor, in Odoo's own fields."""
        # Superuser: who may approve need not be allowed to edit contacts; exactly these fields are written.
        debtor = self.partner_id.with_company(self.company_id)
        values = {
            "credit_limit": self.limit_granted,
            "trust": self.class_id.trust,
            "recovery_risk_class": self.class_id.id,
            "recovery_check_until": self.date_until,
        }
        if self.payment_term_id:
            values["property_payment_term_id"] = self.payment_term_id.id
        debtor.write(values)
        # Not in the contact's history: every employee reads that one.
        words = in_words_of_company(self).env
        self._message_log(body=words._("Applied to the debtor: class %s.", self.class_id.code))

    def _schedule_review(self, summary, user=None):
        for check in self:
            check.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                user_id=(user or check.user_id or self.env.user).id,
            )

    @api.model
    def _other_manager(self, user, company):
        """Whom to ask when those of ``user`` may not decide: the credit manager of ``company``, else another."""
        user = user._recovery_person()
        responsible = company._recovery_nearest("recovery_credit_user_id")
        if responsible and responsible not in user:
            return responsible
        managers = self.env.ref(MANAGER).sudo().all_user_ids  # sudo: only whom to notify
        return (managers - user).filtered(
            lambda each: (
                each.active and not each.share and each.id != SUPERUSER_ID and company in each.company_ids
            )
        )[:1]
