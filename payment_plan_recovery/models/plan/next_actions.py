"""What waits for a person among plans."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryNextActionDefault(models.AbstractModel):
    """The cure notice is out and its deadline runs: the last days in which a call can save the plan."""

    _name = "recovery.next.action.plan_default"
    _description = "Save a Plan in Default"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "plan_default", 20, 0.9, "recovery.plan"

    def _label(self):
        return self.env._("Call: plan in default")

    def _advice(self):
        return self.env._("The plan is in default. Call before its deadline passes, or renegotiate it.")

    @api.model
    def _rows(self, companies, date):
        return _late_plans(self.env, companies, date, "in_default", SQL("plan.date_default"))


class RecoveryNextActionPlanReply(models.AbstractModel):
    _name = "recovery.next.action.reply.plan"
    _description = "Read a Reply about a Plan"
    _inherit = "recovery.next.action.reply"
    _code, _sequence, _about = "plan_reply", 14, "recovery.plan"


class RecoveryNextActionLate(models.AbstractModel):
    """An instalment did not come: most plans that break began like this."""

    _name = "recovery.next.action.plan_late"
    _description = "Call about a Late Plan"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "plan_late", 35, 0.7, "recovery.plan"

    def _label(self):
        return self.env._("Call: instalment late")

    def _advice(self):
        return self.env._("An instalment is late. Call, and ask when it comes.")

    @api.model
    def _rows(self, companies, date):
        return _late_plans(self.env, companies, date, "late", SQL("late.since"))


class RecoveryNextActionApprovePlan(models.AbstractModel):
    """A plan outside its policy waits, and the debtor with it."""

    _name = "recovery.next.action.approve_plan"
    _description = "Approve a Plan"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "approve_plan", 25, 0.7, "recovery.plan"
    _group = "payment_plan_recovery.group_recovery_manager"

    def _label(self):
        return self.env._("Approve the plan")

    def _advice(self):
        return self.env._("A plan outside its policy waits for a manager. Approve or refuse it.")

    @api.model
    def _rows(self, companies, _date):
        waiting = SQL("plan.approval_state = 'waiting' AND plan.state = 'draft'")
        since = companies._recovery_day_sql(SQL("plan.write_date"), SQL("plan.company_id"))
        return _plans(companies, waiting, since)


class RecoveryNextActionActivate(models.AbstractModel):
    """The debtor accepted on paper or by mail; until the plan is in force, its claims are chased as before."""

    _name = "recovery.next.action.activate_plan"
    _description = "Put a Plan in Force"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "activate_plan", 16, 0.9, "recovery.plan"

    def _label(self):
        return self.env._("Put the plan in force")

    def _advice(self):
        return self.env._("The debtor accepted the plan, and its invoices are still chased. Activate it.")

    @api.model
    def _rows(self, companies, _date):
        return self.env["recovery.plan"]._accepted_sql(companies, "paper", "email")


class RecoveryNextActionOffer(models.AbstractModel):
    """A plan was offered and not answered: the offer dies when nobody asks."""

    _name = "recovery.next.action.plan_offered"
    _description = "Follow an Offer up"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "plan_offered", 55, 0.5, "recovery.plan"
    #: Days a debtor is left to think about it.
    _patience = 7

    def _label(self):
        return self.env._("Ask about the offer")

    def _advice(self):
        return self.env._("A plan was offered and is not signed yet. Ask the debtor what keeps it.")

    @api.model
    def _rows(self, companies, date):
        waiting = SQL("plan.state = 'proposed' AND plan.date_proposed <= %s::date - %s", date, self._patience)
        return _plans(companies, waiting, SQL("plan.date_proposed"))


def _late_plans(env, companies, date, state, since):
    """Plans of a creditor (``companies``) in ``state`` of which something is late that no money received covers."""
    return SQL(
        """
        SELECT plan.partner_id, plan.company_id, %s AS since, plan.id AS res_id
          FROM (
            SELECT row.plan_id, MIN(row.date_due) AS since
              FROM recovery_plan_instalment row
              LEFT JOIN (%s) covered ON covered.instalment_id = row.id
             WHERE row.plan_state = %s AND row.company_id = ANY(%s) AND row.date_due < %s
               AND row.amount_residual > COALESCE(covered.covered, 0)
             GROUP BY row.plan_id
          ) late
          JOIN recovery_plan plan ON plan.id = late.plan_id
        """,
        since,
        env["recovery.plan.instalment"]._covered_sql(
            companies[:1],
            date,
            laid=SQL("money"),
            earned=env["recovery.plan"]._earned_items(companies[:1], date),
        ),
        state,
        companies.ids,
        date,
    )


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    @api.model
    def _accepted_sql(self, companies, *methods) -> SQL:
        """Return a query of (partner_id, company_id, since, res_id): plans accepted by ``methods``, not in force."""
        accepted = SQL("plan.state = 'accepted' AND plan.acceptance_method = ANY(%s)", list(methods))
        return _plans(companies, accepted, SQL("plan.date_accepted"))


def _plans(companies, condition, since):
    return SQL(
        """
        SELECT plan.partner_id, plan.company_id, %s AS since, plan.id AS res_id
          FROM recovery_plan plan
         WHERE plan.company_id = ANY(%s) AND %s
        """,
        since,
        companies.ids,
        condition,
    )
