"""What waits for a person in credit control."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryNextActionOverride(models.AbstractModel):
    """A sale waits until somebody decides about the debtor's credit."""

    _name = "recovery.next.action.credit_override"
    _description = "Decide about Credit"
    _inherit = "recovery.next.action"
    # After what collectors do: of a debtor the list shows one action, and theirs must not wait for a manager.
    _code, _sequence, _urgency, _about = "credit_override", 44, 0.3, "recovery.credit.override"
    _group = "payment_plan_recovery.group_recovery_manager"

    def _label(self):
        return self.env._("Decide about credit")

    def _advice(self):
        return self.env._("A document waits for credit beyond the rules. Approve or refuse it.")

    @api.model
    def _rows(self, companies, _date):
        return SQL(
            """
            SELECT asked.partner_id, asked.company_id, %s AS since, asked.id AS res_id
              FROM recovery_credit_override asked
             WHERE asked.company_id = ANY(%s) AND asked.state = 'requested'
            """,
            companies._recovery_day_sql(SQL("asked.create_date"), SQL("asked.company_id")),
            companies.ids,
        )


class RecoveryNextActionIncentive(models.AbstractModel):
    """A debtor has earned something, or lost it: a person decides."""

    _name = "recovery.next.action.incentive"
    _description = "Decide on an Incentive"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "incentive", 80, 0.1, "recovery.incentive.grant"
    _group = "payment_plan_recovery.group_recovery_manager"

    def _label(self):
        return self.env._("Decide on the incentive")

    def _advice(self):
        return self.env._(
            "The debtor has earned more credit or better terms, or relapsed since it got them. Decide."
        )

    @api.model
    def _rows(self, companies, _date):
        return SQL(
            """
            SELECT asked.partner_id, asked.company_id,
                   COALESCE(asked.date_relapsed, asked.date_proposed) AS since,
                   asked.id AS res_id
              FROM recovery_incentive_grant asked
             WHERE asked.company_id = ANY(%s) AND asked.state IN ('proposed', 'relapsed')
            """,
            companies.ids,
        )
