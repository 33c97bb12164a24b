from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

from ..common.counted import counted


class RecoveryRiskClass(models.Model):
    """What a debtor's solvency comes down to, and the terms that go with it."""

    _name = "recovery.risk.class"
    _description = "Risk Class"
    _inherit = ["recovery.ceilings"]
    _chosen = False  # a debtor has it by a card, or by hand, up to the card's ceiling
    _order = "sequence, id"
    _rec_name = "code"

    code = fields.Char(required=True, help="Short name shown everywhere, such as A.")
    name = fields.Char(required=True, translate=True, help="What the class means, in a few words.")
    sequence = fields.Integer(default=10, help="The best class first.")
    active = fields.Boolean(default=True)
    color = fields.Integer(help="Colour of the class in lists and on the debtor.")
    refuses_credit = fields.Boolean(
        ceiling="bounds",
        help="Debtors of this class get no credit: whatever the formula gives, their limit is zero. "
        "On a natural person a human being decides, with a reason.",
    )
    trust = fields.Selection(
        [("good", "Good Debtor"), ("normal", "Normal Debtor"), ("bad", "Bad Debtor")],
        string="Degree of trust",
        default="normal",
        required=True,
        help="Written on the debtor when a check of this class is approved.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Suggested terms",
        company_dependent=True,
        help="Payment terms given to the debtor when a check of this class is approved; empty leaves them "
        "as they are.",
    )
    plan_max_months = fields.Integer(
        string="Longest plan (months)",
        ceiling="most_or_none",
        help="Longest time from the first instalment to the last in a plan of such a debtor, without approval; "
        "0 for no limit.",
    )
    guarantees = fields.Char(
        translate=True,
        help="Guarantees to ask for before giving credit, such as a surety or payment in advance.",
    )

    _code_unique = models.UniqueIndex("(code)", "Another risk class already has this code.")

    @api.depends("code", "name")
    def _compute_display_name(self):
        for risk_class in self:
            risk_class.display_name = f"{risk_class.code} · {risk_class.name}"

    @api.constrains("plan_max_months")
    def _check_plan_max_months(self):
        if any(risk_class.plan_max_months < 0 for risk_class in self):
            label = self._fields["plan_max_months"].get_description(self.env)["string"]
            raise ValidationError(self.env._("%s: enter zero or more.", label))

    def _ceiling_company(self):
        return self.env["res.company"]  # every company's

    def _plan_exceptions(self, offer):
        """Return why ``offer`` is outside what debtors of the class get: translated reasons, none if within."""
        latest = offer.due_within(self.plan_max_months)
        if not latest:
            return []
        return [
            self.env._(
                "The last instalment is on %(date)s; "
                "the debtor's class %(code)s allows %(months)s, until %(limit)s.",
                date=format_date(self.env, offer.dates[-1]),
                code=self.code,
                months=counted(self.env, "month", self.plan_max_months),
                limit=format_date(self.env, latest),
            )
        ]

    @api.model
    def _codes_sql(self) -> SQL:
        """Return a query of (id, code)."""
        return SQL("SELECT id, code FROM recovery_risk_class")
