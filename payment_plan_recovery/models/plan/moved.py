"""Claims of a plan that an entry moves to another account, a doubtful debt say: they are owed as before, and not paid.

The plan counts what settles its items, whatever that is. It does not end by such an entry before somebody has said
whether the claims are moved back, or what becomes of the plan.
"""

from odoo import models

from ..common.company_words import in_words_of_company
from .plan import LIVE_STATES

#: What a person has to do before the plan ends.
MOVED = "payment_plan_recovery.mail_activity_plan_moved"


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _ask_about_moved(self, events):
        """Have the person responsible look at the plan, if entries moved what it covers to another account.

        :param events: what a transaction did to what the plan covers
        """
        # sudo: what is owed where does not depend on who books
        entries = (
            self.env["account.move"].sudo().browse({one.move_id for one in events if one.kind == "entry"})
        )
        goes_on = entries.line_ids.filtered(
            lambda line: (
                line.balance > 0
                and line.account_id.reconcile
                and line.account_id.account_type.startswith("asset")
                and line.account_id.account_type != "asset_cash"
                and line.partner_id.commercial_partner_id == self.partner_id
                and not line.reconciled
            )
        )
        if not goes_on or self.state not in LIVE_STATES:
            return
        told = in_words_of_company(self)
        told.activity_schedule(
            MOVED,
            date_deadline=self.company_id._recovery_today(),
            note=told.env._(
                "%(entries)s moved claims of the plan to another account: nobody has paid them. Move them back while "
                "the plan runs, or renegotiate it over what is owed now. Until this is done, the plan does not end.",
                entries=", ".join(goes_on.move_id.mapped("name")),
            ),
            user_id=self.env["ir.cron"]._recovery_person(self).id,
        )
