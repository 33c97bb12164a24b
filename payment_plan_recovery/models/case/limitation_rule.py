"""Periods of limitation by law: how long a debt can be taken to court, and what stops or renews that."""

from odoo import api, fields, models

from ...tools.limitation import LimitationRule, Suspension
from ..charge.errors import refused_by_name

#: What may happen to a debt, as the kernel names it.
EVENTS = [
    ("acknowledgment", "Acknowledgment of the debt"),
    ("part_payment", "Part payment"),
    ("formal_notice", "Formal notice"),
    ("suit", "Suit"),
    ("enforcement", "Enforcement"),
    ("declaration", "Declaration in an insolvency"),
    ("title", "Judgment or other title"),
    ("mediation", "Mediation or conciliation"),
    ("small_claims", "Small claims procedure"),
    ("negotiation", "Negotiation"),
]


class RecoveryLimitationRule(models.Model):
    """A period of limitation for one kind of debtor under one country's law."""

    _name = "recovery.limitation.rule"
    _description = "Period of Limitation"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="Of several rules that fit a debt, the first applies.")
    company_id = fields.Many2one("res.company", help="Leave empty to apply the rule in every company.")
    country_ids = fields.Many2many(
        "res.country",
        "recovery_limitation_rule_country_rel",
        string="Law of",
        help="Countries whose law this is; leave empty for any country.",
    )
    scope = fields.Selection(
        [("b2b", "Companies"), ("b2c", "Individuals"), ("all", "Everybody")],
        required=True,
        default="all",
        help="Debtors the period holds for.",
    )
    months = fields.Integer(
        string="Period (months)", required=True, help="Months from the due date until the debt is barred."
    )
    from_year_end = fields.Boolean(
        string="From the year's end",
        help="The first period starts with the end of the year in which the debt was due; one that starts anew "
        "does so on its own day.",
    )
    long_stop_years = fields.Integer(
        string="Long-stop (years)",
        help="Years after which nothing but suit and enforcement keeps the debt alive; 0 for none.",
    )
    title_years = fields.Integer(
        string="Period of a title (years)",
        help="Years during which a judgment or other title can be enforced; 0 when it has no period of its own.",
    )
    effect_ids = fields.One2many("recovery.limitation.effect", "rule_id", string="Events", copy=True)
    legal_source = fields.Char(translate=True, help="Article of law, as documents name it.")
    checked_on = fields.Date(help="Day the rule was last compared with its source.")
    to_verify = fields.Boolean(
        help="Not yet compared with an official source: verify it before relying on it."
    )

    @api.constrains("months", "effect_ids")
    def _check_kernel(self):
        for rule in self:
            rule._kernel()

    def _kernel(self):
        """Return the kernel's rule.

        :raise ValidationError: it makes no sense, by name
        """
        self.ensure_one()
        interrupting = self.effect_ids.filtered(lambda effect: effect.effect == "interrupts")
        suspending = self.effect_ids - interrupting
        with refused_by_name(self):
            return LimitationRule(
                self.months,
                from_year_end=self.from_year_end,
                long_stop_years=self.long_stop_years or None,
                title_years=self.title_years or None,
                interrupts=frozenset(interrupting.mapped("event")),
                suspends={
                    effect.event: Suspension(effect.months_left, effect.months_after) for effect in suspending
                },
            )

    @api.model
    def _choice(self, company):
        """Return a function (country, is company) -> the rule of ``company`` that fits, or an empty one."""
        rules = self.search([("company_id", "in", [False, *company._recovery_lineage_ids()])])

        def choose(country, is_company):
            scopes, laws = ("all", "b2b" if is_company else "b2c"), country._recovery_laws()
            fitting = rules.filtered(
                lambda rule: rule.scope in scopes and (not rule.country_ids or laws & rule.country_ids)
            )
            own = fitting.filtered(lambda rule: country in rule.country_ids) if len(laws) > 1 else fitting
            return (own or fitting)[:1]

        return choose


class RecoveryLimitationEffect(models.Model):
    """What one kind of event does to a period of limitation. What is not listed does nothing."""

    _name = "recovery.limitation.effect"
    _description = "Effect on Limitation"
    _order = "rule_id, id"

    rule_id = fields.Many2one("recovery.limitation.rule", required=True, index=True, ondelete="cascade")
    event = fields.Selection(EVENTS, required=True, help="What happens to the debt.")
    effect = fields.Selection(
        [("interrupts", "Starts the period anew"), ("suspends", "Stops the period for a while")],
        required=True,
        default="interrupts",
        help="Starts anew: the whole period counts again. Stops: the days it lasts are left out.",
    )
    months_left = fields.Integer(
        string="Months left at least", help="Least that is left when a suspension ends, in months."
    )
    months_after = fields.Integer(
        string="Months it goes on", help="Months a suspension goes on after the event has ended."
    )

    _once = models.Constraint("UNIQUE(rule_id, event)", "A rule says once what an event does.")
