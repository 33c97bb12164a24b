"""What a message about an incentive may say."""

from markupsafe import Markup
from odoo import api, models
from odoo.tools.misc import formatLang


class RecoveryPlaceholderBenefits(models.AbstractModel):
    _name = "recovery.placeholder.benefits"
    _description = "{benefits}"
    _inherit = "recovery.placeholder"

    _code = "benefits"
    _sequence = 230
    _block = True

    @api.model
    def _label(self):
        return self.env._("List of what an incentive gives")

    @api.model
    def _value(self, content):
        lines = Markup().join(Markup("<li>%s</li>") % benefit for benefit in content.benefits)
        return Markup("<ul>%s</ul>") % lines if lines else ""


def benefits_of(grant, env):
    """Return what ``grant`` (of an incentive) gives, a sentence each, in the language of ``env``."""
    found = []
    if grant.limit_after:
        amount = formatLang(env, grant.limit_after, currency_obj=grant.currency_id)
        found.append(env._("Your credit limit: %s", amount))
    if grant.term_after_id:
        found.append(env._("Your payment term: %s", grant.term_after_id.with_env(env).name))
    if grant.lifts_down_payment:
        found.append(env._("Payment by instalments without a down payment"))
    return tuple(found)
