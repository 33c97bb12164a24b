"""What waits for a person in cases and before claims are time-barred."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryNextActionDeadline(models.AbstractModel):
    """A deadline of a case is here: past it, a right is lost or weakened."""

    _name = "recovery.next.action.case_deadline"
    _description = "Deadline of a Case"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "case_deadline", 5, 0.9, "recovery.case"

    #: Days before its deadline from which a step is to be done.
    _days = 7

    def _label(self):
        return self.env._("Keep the deadline of the case")

    def _advice(self):
        return self.env._("A step of the case has to be done by its deadline, or a right may be lost.")

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT running.partner_id, running.company_id, running.date_deadline - %(days)s AS since,
                   running.id AS res_id
              FROM recovery_case running
             WHERE running.company_id = ANY(%(companies)s)
               AND running.stage <> 'closed'
               AND running.date_deadline <= %(date)s + %(days)s
            """,
            companies=companies.ids,
            date=date,
            days=self._days,
        )


class RecoveryNextActionLimitation(models.AbstractModel):
    """A claim will soon be time-barred: an acknowledgment, a part payment or a suit keeps it alive."""

    _name = "recovery.next.action.limitation"
    _description = "Limitation is Near"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "limitation", 6, 0.9, "recovery.limitation"

    def _label(self):
        return self.env._("Act before limitation")

    def _advice(self):
        return self.env._(
            "A claim will soon be time-barred. Get an acknowledgment or a part payment, or go to court."
        )

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT found.partner_id, found.company_id,
                   found.expires_on - company.recovery_limitation_days AS since, found.id AS res_id
              FROM recovery_limitation found
              JOIN res_company company ON company.id = found.company_id
             WHERE found.company_id = ANY(%(companies)s)
               AND found.state = 'running'
               AND found.expires_on BETWEEN %(date)s AND %(date)s + company.recovery_limitation_days
            """,
            companies=companies.ids,
            date=date,
        )


class RecoveryNextActionBarred(models.AbstractModel):
    """A claim was time-barred before anybody was asked to act: what may still be asked for is to be decided."""

    _name = "recovery.next.action.barred"
    _description = "Time-barred Unnoticed"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "barred", 55, 0.1, "recovery.limitation"

    def _label(self):
        return self.env._("Decide what is time-barred")

    def _advice(self):
        return self.env._(
            "A claim was time-barred before anybody was asked to act. The debtor may still pay or acknowledge it; "
            "write off what it does not."
        )

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT found.partner_id, found.company_id, found.expires_on + 1 AS since, found.id AS res_id
              FROM recovery_limitation found
             WHERE found.company_id = ANY(%s) AND found.state = 'barred' AND found.is_missed
               AND found.expires_on < %s
            """,
            companies.ids,
            date,
        )
