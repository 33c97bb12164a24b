"""Holds: who is not chased, from when, until when, and why."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from ..common.company_words import words_of
from ..common.guarded_fields import as_action
from ..common.labelled import labelled
from .debtor_change import follow_with_holds
from .given import OF_DEBTOR

_lt = LazyTranslate(__name__)

#: What is said of a claim that nothing holds.
NOT_ON_HOLD = _lt("Not on hold")
#: Activity that asks whether an open-ended hold still stands.
REVIEW_ACTIVITY = "payment_plan_recovery.mail_activity_hold_review"
#: Kinds of a hold for which what it names is not asked of the debtor meanwhile.
SET_ASIDE = ("dispute", "insolvency")
#: Days for which a new hold is proposed.
REST_DAYS = 14


class RecoveryHold(models.Model):
    """Dated reason not to chase a debtor, or some of its items. Ends by itself."""

    _name = "recovery.hold"
    _description = "Hold"
    _inherit = [
        "recovery.hold.running",
        "recovery.named.items",
        "recovery.guarded.fields",
        "recovery.debtor.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_from desc, id desc"
    _kept_while_named = True
    _names_parts = True
    _part_of = "part_of_id"

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, index=True, tracking=True, help="Who is not chased."
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        help="Items that are not chased, of any branch of the creditor; leave empty to hold everything the debtor "
        "owes.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", compute_sudo=True)
    amount = fields.Monetary(
        string="Disputed part",
        tracking=True,
        help="Part of the item that is not chased, in the item's currency; 0 holds the whole item.",
    )
    kind = fields.Selection(
        [
            ("dispute", "Dispute"),
            ("promise", "Promise to pay"),
            ("insolvency", "Insolvency"),
            ("deceased", "Deceased"),
            ("guardianship", "Guardianship"),
            ("negotiation", "Negotiation"),
            ("reply", "Reply to read"),
            ("manual", "Manual"),
        ],
        required=True,
        default="manual",
        tracking=True,
        help="Why the debtor is not chased. Deceased or under guardianship: it neither promises nor signs meanwhile. "
        "Note on the debtor who represents it, then end the hold: notices go to that contact.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="First day without dunning.",
    )
    date_until = fields.Date(
        string="Until", tracking=True, help="Last day without dunning; leave empty only with a review date."
    )
    date_ended = fields.Date(
        string="Ended on",
        readonly=True,
        copy=False,
        protected=True,
        help="Last day of a hold that was ended before its time. Dunning goes on from the next day; what it says of "
        "the items, that they are disputed or promised, is over at once.",
    )
    date_review = fields.Date(string="Review", help="Day on which an open-ended hold is looked at again.")
    reason = fields.Text(required=True, help="What was said or found; part of the debtor's file.")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Who looks at the hold again.",
    )
    part_of_id = fields.Many2one(
        "recovery.hold",
        index="btree_not_null",
        readonly=True,
        copy=False,
        protected=True,
        help="Hold that this one was part of before another debtor owed its items. What ends that ends this.",
    )

    _ends_after_start = models.Constraint(
        "CHECK(date_until IS NULL OR date_until >= date_from)", "A hold ends on or after the day it starts."
    )
    _open_end_is_reviewed = models.Constraint(
        "CHECK(date_until IS NOT NULL OR date_review IS NOT NULL)",
        "A hold without end needs a review date: give the day on which it is looked at again.",
    )
    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)", "The disputed part of an item cannot be negative."
    )
    _from_index = models.Index("(company_id, date_from)")

    @api.depends("company_id")
    def _compute_date_from(self):
        """Today by the clock of the company, unless a day was given."""
        for hold in self:
            hold.date_from = hold.date_from or (hold.company_id or self.env.company)._recovery_today()

    @api.depends("move_line_ids.currency_id", "company_id")
    def _compute_currency_id(self):
        for hold in self:  # of all its items: a slice of them would be read by itself
            hold.currency_id = hold.move_line_ids.currency_id[:1] or hold.company_id.currency_id

    @api.depends_context("lang")
    @api.depends("partner_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for hold in self:
            hold.display_name = labelled(self.env, hold.partner_id.display_name, kinds.get(hold.kind))

    @api.onchange("kind")
    def _onchange_kind(self):
        """Propose no end of what does not end by itself, but the day on which somebody looks at it again."""
        if self.kind in OF_DEBTOR and self.date_until:
            self.date_review, self.date_until = self.date_until, False

    @api.constrains("amount", "move_line_ids")
    def _check_disputed_part(self):
        for hold in self:
            if hold.amount and len(hold._all_items()) != 1:
                raise ValidationError(
                    self.env._(
                        "A disputed part belongs to one item: choose exactly one item, or set the part to 0."
                    )
                )

    @api.constrains("partner_id", "move_line_ids")
    def _check_items_of_debtor(self):
        for hold, items in self._named_items().items():
            strangers = items.filtered(
                lambda item, hold=hold: item.partner_id.commercial_partner_id != hold.partner_id
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "These items are not owed by %(debtor)s: %(items)s. Choose items of the debtor.",
                        debtor=hold.partner_id.display_name,
                        items=", ".join(strangers.mapped("move_id.name")),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        holds._plan_review()
        return holds

    def write(self, vals):
        result = super().write(vals)
        if {"date_until", "date_review", "user_id"} & vals.keys():
            self._plan_review()
        return result

    def _plan_review(self):
        """An open-ended hold asks its responsible to look at it again on the review date."""
        self.activity_unlink([REVIEW_ACTIVITY])
        open_ended = self.filtered(lambda hold: hold.date_review and not hold.date_until)
        for (date, user, company), holds in open_ended.grouped(
            lambda hold: (hold.date_review, hold.user_id, hold.company_id)
        ).items():
            holds.activity_schedule(
                REVIEW_ACTIVITY,
                date_deadline=date,
                summary=words_of(company)._("Still on hold?"),
                user_id=user.id or self.env.uid,
            )

    def action_end(self):
        """End the holds: from tomorrow on, by their companies' clocks, their debtors may be chased again."""
        for company, holds in self.grouped("company_id").items():
            holds._end(company._recovery_today())

    def _end_today(self):
        """What the holds follow from is over: end them and their parts, whoever owes what those hold by now."""
        self._with_parts().action_end()

    def _with_parts(self):
        return self | self.search([("part_of_id", "in", self.ids)])

    def _end(self, date):
        """Make ``date`` the last day of the holds that would go on, the first day when they had not begun.

        Dunning goes on from the next day, nobody is chased on the day on which it was told; see :meth:`_standing`.
        """
        going_on = self.filtered(lambda hold: not hold.date_until or hold.date_until >= date)
        for last, holds in going_on.grouped(lambda hold: max(hold.date_from, date)).items():
            as_action(holds).write({"date_until": last, "date_ended": last})

    def _lose_items(self):
        """What was held is gone, and nothing else is held for it."""
        for company, holds in self.grouped("company_id").items():
            holds._end(company._recovery_today() - timedelta(days=1))

    @api.ondelete(at_uninstall=False)
    def _unlink_judged(self):
        self.env["recovery.judgement"]._drop(self.company_id)

    def _follow_debtor(self, change):
        """Hold what was held, and no more of the debtor than that."""
        follow_with_holds(self, change)

    # ---------------------------------------------------------------------
    # Screens
    # ---------------------------------------------------------------------

    @api.model
    def _new_action(self, debtor, items=None):
        """Window to put ``debtor``, or only its ``items``, on hold. Raises UserError for several debtors."""
        defaults = self._defaults_for(debtor, items)
        today = self.env["res.company"].browse(defaults["default_company_id"])._recovery_today()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put on hold"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {**defaults, "default_date_until": fields.Date.add(today, days=REST_DAYS)},
        }
