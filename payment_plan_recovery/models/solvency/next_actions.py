"""What waits for a person among solvency checks."""

from odoo import api, models
from odoo.tools import SQL

#: Days before and after the end of a guarantee during which somebody is asked what takes its place.
AHEAD, AFTER = 30, 30


class RecoveryNextActionCheck(models.AbstractModel):
    """A solvency check is computed and nobody has decided on it: the debtor's limit is still the old one."""

    _name = "recovery.next.action.solvency_check"
    _description = "Decide on a Solvency Check"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "solvency_check", 70, 0.2, "recovery.solvency.check"

    def _label(self):
        return self.env._("Decide on the solvency check")

    def _advice(self):
        return self.env._(
            "A solvency check waits for a decision. Look at its lines, then approve or change it."
        )

    @api.model
    def _rows(self, companies, _date):
        return SQL(
            """
            SELECT checked.partner_id, checked.company_id, checked.date AS since, checked.id AS res_id
              FROM recovery_solvency_check checked
             WHERE checked.company_id = ANY(%s) AND checked.state IN ('review', 'to_approve')
            """,
            companies.ids,
        )


class RecoveryNextActionGuarantee(models.AbstractModel):
    """What secures a debtor's credit ends: what was delivered and ordered under it is at risk from the day after."""

    _name = "recovery.next.action.guarantee"
    _description = "Renew a Guarantee"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "guarantee", 72, 0.3, "recovery.guarantee"
    # Only who manages credit secures it; nobody else could do anything about it.
    _group = "payment_plan_recovery.group_recovery_manager"

    def _label(self):
        return self.env._("Renew the guarantee")

    def _advice(self):
        return self.env._(
            "What secures the debtor's credit ends, or has ended. Have it renewed and enter the new one, or decide "
            "on its limit and its orders."
        )

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT held.partner_id, held.company_id, held.date_until - %(ahead)s AS since, held.id AS res_id
              FROM recovery_guarantee held
              JOIN res_company keeper ON keeper.id = held.company_id
             WHERE held.company_id = ANY(%(companies)s)
               AND held.date_from <= %(date)s
               AND held.date_until BETWEEN %(date)s::date - %(after)s AND %(date)s::date + %(ahead)s
               AND (held.is_counted OR held.kind = 'insurance')
               AND NOT EXISTS (
                   SELECT FROM recovery_guarantee next
                     JOIN res_company next_keeper ON next_keeper.id = next.company_id
                    WHERE next.partner_id = held.partner_id
                      AND SPLIT_PART(next_keeper.parent_path, '/', 1) = SPLIT_PART(keeper.parent_path, '/', 1)
                      AND (next.kind = 'insurance') = (held.kind = 'insurance')
                      AND next.date_from > held.date_from
                      AND (next.date_until IS NULL OR next.date_until > held.date_until)
               )
            """,
            companies=companies.ids,
            date=date,
            ahead=AHEAD,
            after=AFTER,
        )
