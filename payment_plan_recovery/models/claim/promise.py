"""Promises to pay: what a debtor said it would pay, by when, and whether it did."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date
from odoo.tools.misc import clean_context

from ...tools.deadline import deadline
from ..common.company_words import in_words_of_company
from ..common.guarded_fields import as_action, is_action
from ..common.keep import keep
from ..common.labelled import labelled
from .debtor_change import follow_with_promises
from .not_bound import require_bound

#: Fields of a promise that its hold repeats, amount and currency in its reason.
HOLD_FIELDS = {
    "amount",
    "company_id",
    "currency_id",
    "date_given",
    "date_promised",
    "move_line_ids",
    "partner_id",
    "tolerance_days",
    "user_id",
}
#: Days ahead that a promise is proposed for, before the debtor says when.
PROMISED_DAYS = 7


class RecoveryPromise(models.Model):
    """A debtor's word to pay an amount by a date. While it runs the debtor is not chased.

    Judged from the money received since it was given: kept as soon as the amount has come, and once its
    date and tolerance have passed, partially kept or broken.
    """

    _name = "recovery.promise"
    _description = "Promise to Pay"
    _inherit = [
        "recovery.answered",
        "recovery.named.items",
        "recovery.past",
        "recovery.guarded.fields",
        "recovery.debtor.mixin",
        "recovery.promise.money",
        "recovery.cause.noted",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_promised desc, id desc"
    _cause_told = (3, "date_given")

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        tracking=True,
        terms=True,
        help="Who promised.",
    )
    company_id = fields.Many2one(terms=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        terms=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the amount; in company currency every payment counts, else only those in it.",
    )
    amount = fields.Monetary(
        required=True, tracking=True, terms=True, help="What the debtor said it would pay."
    )
    date_given = fields.Date(
        string="Given on",
        required=True,
        compute="_compute_date_given",
        store=True,
        readonly=False,
        precompute=True,
        terms=True,
        help="Day of the promise; money received from this day on counts.",
    )
    date_promised = fields.Date(
        string="To be paid by",
        required=True,
        tracking=True,
        terms=True,
        help="Day by which the money is to arrive.",
    )
    tolerance_days = fields.Integer(
        string="Tolerance (days)",
        default=3,
        terms=True,
        help="Days after the promised one before the promise is judged.",
    )
    tolerance_amount = fields.Monetary(
        string="Tolerance (amount)",
        terms=True,
        help="Amount that may be missing from a promise that counts as kept.",
    )
    date_deadline = fields.Date(
        string="Judged after",
        compute="_compute_date_deadline",
        store=True,
        help="Promised day and tolerance; where the creditor is closed on that day, the next on which it works.",
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        terms=True,
        help="Items the money is for, of any branch of the creditor; leave empty when it is for whatever is owed.",
    )
    amount_received = fields.Monetary(
        string="Received",
        readonly=True,
        copy=False,
        protected=True,
        help="Money received for the promise when last judged, matched or not.",
    )
    amount_waiting = fields.Monetary(
        string="Received, to match",
        readonly=True,
        copy=False,
        protected=True,
        help="What of the money received was matched with nothing when a promise for items was last judged.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("kept", "Kept"),
            ("partially_kept", "Partially kept"),
            ("broken", "Not kept"),
            ("cancelled", "Cancelled"),
        ],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        protected=True,
    )
    date_judged = fields.Date(
        readonly=True, copy=False, protected=True, help="Day on which the promise was found kept or not."
    )
    hold_id = fields.Many2one(
        "recovery.hold",
        readonly=True,
        copy=False,
        protected=True,
        help="Hold that keeps the debtor from being chased meanwhile.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Who took the promise and is told when it is broken.",
    )
    cause_id = fields.Many2one(tracking=True)
    note = fields.Text(terms=True, help="Who promised, and in which words.")

    _amount_positive = models.Constraint("CHECK(amount > 0)", "A promise is for an amount above zero.")
    _dates_in_order = models.Constraint(
        "CHECK(date_promised >= date_given)", "The money cannot be promised for a day before the promise."
    )
    _tolerance_positive = models.Constraint(
        "CHECK(tolerance_days >= 0 AND COALESCE(tolerance_amount, 0) >= 0)", "A tolerance cannot be negative."
    )

    @api.depends("company_id")
    def _compute_date_given(self):
        """Today by the clock of the company, unless a day was given."""
        for promise in self:
            promise.date_given = (
                promise.date_given or (promise.company_id or self.env.company)._recovery_today()
            )

    @api.depends("company_id", "date_promised", "tolerance_days")
    def _compute_date_deadline(self):
        """Banks book nothing while they are closed: what is sent on a Friday comes on the Monday after."""
        dated = self.filtered("date_promised")
        (self - dated).date_deadline = False
        for company, promises in dated.grouped("company_id").items():
            first = min(promises.mapped("date_promised"))
            closed = (company or self.env.company)._recovery_closed_days(first)
            for promise in promises:
                promise.date_deadline = deadline(promise.date_promised, promise.tolerance_days, closed=closed)

    @api.depends_context("lang")
    @api.depends("partner_id", "amount", "currency_id", "date_promised")
    def _compute_display_name(self):
        for promise in self:
            debtor = promise.partner_id.display_name or self.env._("New promise")
            promise.display_name = labelled(self.env, debtor, promise._in_words())

    def _in_words(self):
        """Return what is promised, in the user's language."""
        currency = self.currency_id or self.env.company.currency_id
        return self.env._(
            "%(amount)s by %(date)s",
            amount=format_amount(self.env, self.amount, currency),
            date=format_date(self.env, self.date_promised),
        )

    @api.constrains("partner_id", "company_id", "move_line_ids", "state")
    def _check_one_open(self):
        """Money is counted for one promise at a time, whichever branch of the creditor it was given to."""
        promises = self.filtered(lambda promise: promise.state == "open")
        # sudo: collectors do not write debtors, and nothing is written to them but what they are
        keep(promises.partner_id.sudo())
        named = promises._named_items()
        for promise in promises:
            if promise._open_besides(promise.partner_id, promise.company_id, named[promise]):
                raise ValidationError(
                    self.env._(
                        "A promise of %s is open already. Change it, or cancel it first.",
                        promise.partner_id.display_name,
                    )
                )

    def _open_besides(self, debtor, company, items):
        """Return the open promises to a creditor besides these that name one of ``items``, or name none at all."""
        # sudo: a promise to a branch that the user does not see counts too; nothing of it is told
        others = self.sudo().search(
            [
                ("partner_id", "=", debtor.id),
                ("company_id", "in", company._recovery_branch_ids()),
                ("state", "=", "open"),
                ("id", "not in", self.ids),
            ]
        )
        named = others._named_items()
        return others.filtered(lambda other: not (items and named[other]) or items & named[other])

    @api.model_create_multi
    def create(self, vals_list):
        promises = super().create(vals_list)
        for company, given in promises.grouped("company_id").items():
            require_bound(given.partner_id, company)
        # what a dialog proposes for the promise, its amount above all, is not meant for the hold
        # sudo: the hold follows its promise, which may name items of branches that the user does not see
        holds = self.env(context=clean_context(self.env.context))["recovery.hold"].sudo()
        holds = holds.create(
            [promise._hold_values(items) for promise, items in promises._named_items().items()]
        )
        for promise, hold in zip(promises, holds, strict=True):
            as_action(promise).hold_id = hold.id
        promises._confirm_by_mail()
        return promises

    def write(self, vals):
        result = super().write(vals)
        if HOLD_FIELDS & vals.keys():
            for promise in self.filtered(lambda promise: promise.state == "open" and promise.hold_id):
                # sudo: the hold follows its promise
                promise.hold_id.sudo().write(promise._hold_values(promise._all_items()))
        return result

    def _open_terms(self, action):
        """A promise that was judged or withdrawn stays as it was, for everybody but the product itself.

        :raise UserError: one of the promises is over
        """
        over = self.filtered(lambda promise: promise.state != "open")
        if over and not self.env.su and not is_action(self.env):
            raise UserError(
                self.env._(
                    "“%(promise)s” is over: you cannot %(action)s. Note a new promise.",
                    promise=over[0].display_name,
                    action=action,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        judged = self.filtered(lambda promise: promise.state not in ("open", "cancelled"))
        if judged:
            raise UserError(
                self.env._(
                    "“%s” was judged: it is part of the debtor's file and stays.", judged[0].display_name
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_ends_hold(self):
        """Nothing keeps the debtor from being chased without the promise."""
        self.hold_id.sudo()._end_today()  # sudo: the hold follows its promise

    def _lose_items(self):
        """What the money was for is owed no more: nothing else was promised."""
        self.filtered(lambda promise: promise.state == "open").action_cancel()

    @api.model
    def _new_action(self, debtor, items=None):
        """Window to note a promise of ``debtor`` for ``items``. Raises UserError for several debtors."""
        items = items or self.env["account.move.line"]
        items._recovery_require_seen()
        defaults = self._defaults_for(debtor, items)
        company = self.env["res.company"].browse(defaults["default_company_id"])
        open_amount = 0.0
        if len(items.currency_id) == 1:
            claims = self.env["recovery.claim"].search([("move_line_id", "in", items.ids)])
            open_amount = sum(claims._asked(company._recovery_today()).values())
        defaults["default_date_promised"] = company._recovery_day_in(PROMISED_DAYS)
        if open_amount > 0:
            defaults |= {"default_amount": open_amount, "default_currency_id": items.currency_id.id}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note a promise"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": defaults,
        }

    def _follow_debtor(self, change):
        """A promise is for what was owed when it was given, and not for what else the debtor owes."""
        follow_with_promises(self, change)

    def _items_of_reply(self):
        return self._still_owed(self._all_items())

    def _hold_values(self, items):
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "move_line_ids": [fields.Command.set(items.ids)],
            "kind": "promise",
            "date_from": self.date_given,
            "date_until": self.date_deadline,
            "reason": in_words_of_company(self)._in_words(),
            "user_id": self.user_id.id,
        }
