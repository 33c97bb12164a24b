from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_portal = fields.Boolean(
        string="Debtors see their account online",
        default=True,
        help="Debtors open their account with this company on the portal, by login or by the link in a message.",
        of_creditor=True,
    )
    recovery_portal_link_days = fields.Integer(
        string="Life of a link (days)",
        default=120,
        help="A link in a message ends after this many days; what a message carries is open for half of it at least.",
        of_creditor=True,
    )
    recovery_portal_minimum = fields.Monetary(
        string="Smallest online part payment",
        default=20.0,
        help="Least that a debtor may pay on a plan at once on the portal; an instalment below it may always be paid.",
        of_creditor=True,
    )
    recovery_portal_promise_days = fields.Integer(
        string="Longest promise on the portal (days)",
        default=14,
        help="Days from today within which a debtor may promise on the portal to pay what is late; "
        "chasing rests until then.",
        of_creditor=True,
    )
    recovery_portal_plans = fields.Boolean(
        string="Debtors choose plans online",
        help="Who asks for a plan sees at once the ways to pay that are within policy, chooses one and signs it. "
        "Without it, the request waits for a person.",
        of_creditor=True,
    )
    recovery_portal_signatory_id = fields.Many2one(
        "res.users",
        string="Signs for the company",
        domain="[('share', '=', False)]",
        help="In whose name offers within policy are signed as soon as the debtor has signed; empty: a person signs.",
    )
    recovery_portal_hold_days = fields.Integer(
        string="Rest after a request (days)",
        default=7,
        help="For how long a request for a plan keeps the debtor from being chased; once in 60 days.",
        of_creditor=True,
    )

    def _recovery_portal_least(self, currency):
        """Return the smallest part payment of what is owed in ``currency``."""
        least = self.recovery_portal_minimum or 0.0
        return self.currency_id._convert(least, currency, self, self._recovery_today()) if least else 0.0
