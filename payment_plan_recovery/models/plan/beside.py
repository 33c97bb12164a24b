"""What falls open again of what was received before a plan: it is owed beside the plan, and a person is asked.

Money that comes for the item pays it first, so that a debtor who pays as agreed would be late by as much: the plan gets
no worse until somebody has renegotiated it, or agreed with the debtor on something else.
"""

from odoo import models

from ..common.company_words import in_words_of_company
from .plan import LIVE_STATES

#: What a person has to do before anything else happens to the plan.
BESIDE = "payment_plan_recovery.mail_activity_owed_beside"


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _ask_about_beside(self, events):
        """Have the person responsible look at the plan, if payments from before it were taken back.

        :param events: what a transaction did to what the plan covers; money that it matched again is there still
        """
        again = {event.move_id for event in events if event.kind not in ("before", "undone")}
        amount = sum(
            event.amount for event in events if event.kind == "before" and event.move_id not in again
        )
        if not amount or self.state not in LIVE_STATES:
            return
        told = in_words_of_company(self)
        note = told.env._(
            "%s of a payment from before the plan was taken back. The plan does not cover it, and what the debtor pays "
            "goes there first: renegotiate the plan, or agree with the debtor how it is paid. Until this is done, the "
            "plan gets no worse.",
            told._money(amount),
        )
        told.activity_schedule(
            BESIDE,
            date_deadline=self.company_id._recovery_today(),
            note=note,
            user_id=self.env["ir.cron"]._recovery_person(self).id,
        )

    def _asked_about(self, question):
        """Return the plans about which somebody was asked ``question`` (an activity type), and has not answered."""
        if not self:
            return self
        asked = [
            *(("res_model", "=", self._name), ("res_id", "in", self.ids)),
            ("activity_type_id", "=", self.env.ref(question).id),
        ]
        # sudo: a plan that its user sees is left as it is, whoever was asked
        return self.browse(self.env["mail.activity"].sudo().search_fetch(asked, ["res_id"]).mapped("res_id"))
