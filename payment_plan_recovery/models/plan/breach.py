"""Default and breach: the cure notice, its deadline, and what falls due when it passes."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

from ..common.company_words import by_company
from .monitor import ACTIVITY
from .plan import LIVE_STATES


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    date_default = fields.Date(
        string="Cure notice of",
        readonly=True,
        copy=False,
        protected=True,
        help="Date of the cure notice that put the plan in default.",
    )
    date_last_default = fields.Date(
        string="Last in default",
        compute="_compute_date_last_default",
        store=True,
        copy=False,
        protected=True,
        help="Date of the last cure notice that put the plan in default; it stays when the plan is cured.",
    )
    date_accelerated = fields.Date(
        readonly=True,
        copy=False,
        protected=True,
        help="When the whole remainder fell due under the acceleration clause.",
    )

    @api.depends("date_default")
    def _compute_date_last_default(self):
        for plan in self:
            plan.date_last_default = plan.date_default or plan.date_last_default

    def action_break(self):
        """Declare live plans broken: their items go back to dunning where they were.

        :raise UserError: for collectors: only a manager cuts the cure of a default short
        """
        self._require_state(LIVE_STATES, self.env._("declare it broken"))
        if not self.env.user.has_group("payment_plan_recovery.group_recovery_manager"):
            raise UserError(
                self.env._(
                    "The debtor has until the cure deadline to pay; the plan then breaks by itself. "
                    "Ask a manager of Recovery to break it before."
                )
            )
        for company, plans in by_company(self):
            plans._become_broken(company._recovery_today())

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
            plans._move_to("in_default", bodies, date_default=date)
        self._ask_person(self.env._("Call the debtor: the cure notice is out."), date)
        self._make_cure_notices(date)

    def _note_cured(self, date):
        """Keep, of plans in default, that they were, and are cured on ``date``."""
        for plan in self:
            plan._note_past("in_default", plan.date_default, date)

    def _become_broken(self, date):
        for plan in self.filtered("discount_move_id"):
            plan._take_discount_back(date)
        self.activity_unlink([ACTIVITY])
        accelerated = self.filtered("acceleration_clause")
        accelerated._close("broken", date, accelerated._breach_bodies(), date_accelerated=date)
        others = self - accelerated
        others._close("broken", date, others._breach_bodies())
        self._ask_person(self.env._("Decide what follows: the plan is broken."), date)

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

    @api.model
    def _broken_sql(self, company, since, date) -> SQL:
        """Return a query of (debtor_id, date): plans broken after ``since`` and by ``date``, a row each."""
        return SQL(
            """
            SELECT debtor.commercial_partner_id AS debtor_id, plan.date_closed AS date
              FROM recovery_plan plan
              JOIN res_partner debtor ON debtor.id = plan.partner_id
             WHERE plan.company_id = ANY(%s)
               AND plan.state = 'broken'
               AND plan.date_closed > %s
               AND plan.date_closed <= %s
            """,
            list(company._recovery_branch_ids()),
            since,
            date,
        )
