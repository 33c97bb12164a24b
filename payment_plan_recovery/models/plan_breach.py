"""Default and breach: the cure notice, its deadline, and what falls due when it passes."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from .plan import LIVE_STATES


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def action_break(self):
        """Declare live plans broken: their items go back to dunning where they were."""
        self._require_state(LIVE_STATES, self.env._("declare it broken"))
        self._become_broken(fields.Date.context_today(self))

    def _become_in_default(self, date):
        """Ask for what is late, with a deadline: the legal cure before a plan may be broken."""
        late = self._late_bodies(date)
        for days, plans in self.grouped("cure_days").items():
            deadline = date + timedelta(days=days)
            bodies = {
                plan.id: self.env._(
                    "In default: %(late)s To be paid by %(deadline)s.",
                    late=late[plan.id],
                    deadline=format_date(self.env, deadline),
                )
                for plan in plans
            }
            plans._move_to("in_default", bodies, date_default=date, date_cure_deadline=deadline)

    def _become_broken(self, date):
        accelerated = self.filtered("acceleration_clause")
        accelerated._close("broken", accelerated._breach_bodies(), date_closed=date, date_accelerated=date)
        others = self - accelerated
        others._close("broken", others._breach_bodies(), date_closed=date)

    def _breach_bodies(self):
        """Return {plan id: what the breach entails}."""
        bodies = {}
        for plan in self:
            amount = formatLang(self.env, plan.amount_residual, currency_obj=plan.currency_id)
            if plan.acceleration_clause:
                text = self.env._(
                    "Broken: under the acceleration clause, the whole remainder of %s is due.", amount
                )
            else:
                text = self.env._("Broken: the items, %s in all, are due at their own dates again.", amount)
            bodies[plan.id] = text
        return bodies
