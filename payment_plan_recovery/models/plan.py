from odoo import fields, models

#: States in which a plan binds its items: they are out of dunning, its instalments are claims.
LIVE_STATES = ("active", "late", "in_default")
#: States in which the debtor has signed: amounts and dates change by renegotiation only.
SIGNED_STATES = ("accepted", *LIVE_STATES)


class RecoveryPlan(models.Model):
    """Agreement with one debtor to pay open receivable items by instalments.

    The plan is an overlay: it never rewrites the ledger. What was paid is read
    from the covered items' residuals and spread first-in first-out over the
    instalments.
    """

    _name = "recovery.plan"
    _description = "Instalment Plan"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Reference", readonly=True, copy=False, help="Number given when the plan is first proposed."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Proposed"),
            ("accepted", "Accepted"),
            ("active", "Active"),
            ("late", "Late"),
            ("in_default", "In default"),
            ("completed", "Completed"),
            ("broken", "Broken"),
            ("superseded", "Renegotiated"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        help="Accepted: signed by the debtor. In default: a cure notice was sent and its deadline is running.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        tracking=True,
        domain="[('parent_id', '=', False)]",
        help="The commercial entity that owes the items.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The creditor.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the items and of the instalments.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        help="Who negotiates and follows the plan, and is named to the debtor as contact.",
    )
    policy_id = fields.Many2one(
        "recovery.plan.policy",
        check_company=True,
        help="Limits within which a plan needs no approval, and how a missed instalment is handled.",
    )
    item_ids = fields.One2many("recovery.plan.item", "plan_id", string="Covered items", copy=False)
    instalment_ids = fields.One2many("recovery.plan.instalment", "plan_id", string="Instalments", copy=False)

    # Schedule inputs
    date_start = fields.Date(string="First instalment", copy=False, help="Date of the first instalment.")
    period = fields.Selection(
        [("week", "Week"), ("fortnight", "Fortnight"), ("month", "Month"), ("quarter", "Quarter")],
        default="month",
        required=True,
        help="Time between two instalments.",
    )
    instalment_count = fields.Integer(
        string="Number of instalments", default=6, help="How many instalments, the down payment not counted."
    )
    amount_max = fields.Monetary(
        string="Maximum instalment",
        help="When set, the number of instalments is the smallest that keeps each one at or under this amount.",
    )
    down_payment = fields.Monetary(help="Amount paid at once, before the first instalment.")
    down_payment_date = fields.Date(help="When the down payment is due.")
    rounding_unit = fields.Monetary(
        help="Instalments are multiples of this amount; one instalment takes the remainder."
    )
    remainder_on = fields.Selection(
        [("first", "First instalment"), ("last", "Last instalment")],
        default="last",
        required=True,
        help="Which instalment takes what rounding leaves.",
    )
    end_of_month = fields.Boolean(
        string="Month end", help="Every instalment falls on the last day of its month."
    )
    business_days = fields.Selection(
        [
            ("none", "As is"),
            ("following", "Next working day"),
            ("modified_following", "Next working day of the same month"),
            ("preceding", "Previous working day"),
        ],
        default="none",
        required=True,
        help="Where an instalment moves when its date is no working day of the company.",
    )

    # Terms of the agreement
    acceleration_clause = fields.Boolean(
        default=True,
        help="The signed agreement says that the whole remainder falls due when a default is not cured in time.",
    )
    cure_days = fields.Integer(
        string="Days to cure",
        default=8,
        help="Days the debtor has, from the cure notice, to pay a late instalment before the plan breaks.",
    )
    note = fields.Html(string="Special terms", help="Printed in the agreement.")

    # Acceptance
    date_proposed = fields.Date(readonly=True, copy=False)
    date_accepted = fields.Date(
        readonly=True, copy=False, tracking=True, help="When the debtor signed the agreement."
    )
    signed_by = fields.Char(readonly=True, copy=False, help="Who signed for the debtor, and in what capacity.")
    signature = fields.Binary(readonly=True, copy=False, attachment=True, help="The debtor's signature or the scanned agreement.")
    acceptance_method = fields.Selection(
        [("paper", "Signed paper"), ("email", "E-mail"), ("portal", "Portal")],
        readonly=True,
        copy=False,
        help="How the acceptance reached us.",
    )
    date_activated = fields.Date(readonly=True, copy=False, help="When the covered amounts were frozen.")
    date_closed = fields.Date(readonly=True, copy=False)

    # Figures
    amount_total = fields.Monetary(
        string="Covered total",
        compute="_compute_amount_total",
        store=True,
        help="What the plan covers: the items' open amounts, frozen at activation.",
    )
    amount_paid = fields.Monetary(
        compute="_compute_amount_paid",
        store=True,
        help="Received on the covered items since activation, read from the ledger.",
    )
    amount_residual = fields.Monetary(
        string="Remaining", compute="_compute_amount_paid", store=True, help="Covered total less what was received."
    )
