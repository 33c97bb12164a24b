"""What waits for a person among what debtors do online."""

from odoo import api, models


class RecoveryNextActionRequest(models.AbstractModel):
    """A debtor who asks wants to pay: the sooner it is answered, the more comes of it."""

    _name = "recovery.next.action.answer_request"
    _description = "Answer a Request"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "answer_request", 18, 0.9, "recovery.request"

    def _label(self):
        return self.env._("Answer on the portal")

    def _advice(self):
        return self.env._("The debtor asked for something online and waits. Answer it.")

    @api.model
    def _rows(self, companies, _date):
        return self.env["recovery.request"]._waiting_sql(companies)


class RecoveryNextActionCountersign(models.AbstractModel):
    """The debtor signed online and waits for the other signature: nothing is in force before."""

    _name = "recovery.next.action.countersign"
    _description = "Sign an Agreement"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "countersign", 12, 0.9, "recovery.plan"

    def _label(self):
        return self.env._("Sign the agreement")

    def _advice(self):
        return self.env._("The debtor has signed its agreement online. Sign it for the company.")

    @api.model
    def _rows(self, companies, _date):
        return self.env["recovery.plan"]._accepted_sql(companies, "portal")
