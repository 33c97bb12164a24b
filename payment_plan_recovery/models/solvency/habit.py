"""How a debtor pays as a rule, told from the ledger: what the words of a reminder are chosen by."""

from odoo import api, fields, models
from odoo.fields import Domain

#: A debtor is prompt when this share of what it paid in a year, in percent, came in time...
PROMPT_SHARE = 80
#: ...and chronically late when less than this came in time, later than so many days on average.
CHRONIC_SHARE = 50
CHRONIC_DAYS = 10


def payment_habit(measures):
    """Return "prompt", "chronic" or "mixed" from a debtor's measures, False when nothing was paid yet."""
    in_time, days = measures["paid_on_time"], measures["days_late"]
    if in_time is None:
        return False
    if in_time >= PROMPT_SHARE:
        return "prompt"
    return "chronic" if in_time < CHRONIC_SHARE and days > CHRONIC_DAYS else "mixed"


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_payment_habit = fields.Selection(
        [("prompt", "Pays in time"), ("mixed", "Now and then late"), ("chronic", "Late as a rule")],
        string="Payment habit",
        compute="_compute_recovery_payment_habit",
        search="_search_recovery_payment_habit",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="In time: 80 % or more of what the debtor paid within a year came by its due date. Late as a rule: "
        "less than half of it did, and it came more than 10 days late on average. Empty while nothing was paid.",
    )

    @api.depends_context("company")
    def _compute_recovery_payment_habit(self):
        measures = self.env["recovery.solvency.measure"]._measures(
            self.env.company, fields.Date.context_today(self), self.commercial_partner_id
        )
        for partner in self:
            found = measures.get(partner.commercial_partner_id.id)
            partner.recovery_payment_habit = found and payment_habit(found)

    def _search_recovery_payment_habit(self, operator, value):
        if operator != "in":
            return NotImplemented
        measures = self.env["recovery.solvency.measure"]._measures(
            self.env.company, fields.Date.context_today(self)
        )
        habits = {debtor: payment_habit(found) for debtor, found in measures.items()}
        fitting = [debtor for debtor, habit in habits.items() if habit in value]
        domain = Domain("commercial_partner_id", "in", fitting)
        if False in value:
            domain |= Domain("commercial_partner_id", "not in", list(habits))
        return domain
