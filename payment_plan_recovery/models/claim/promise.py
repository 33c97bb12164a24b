"""Promises to pay: what a debtor said it would pay, by when, and whether it did."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_amount, format_date

from .promise_money import received_from_debtors, received_on_items

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


class RecoveryPromise(models.Model):
    """A debtor's word to pay an amount by a date. While it runs the debtor is not chased.

    Judged from the money received since it was given: kept as soon as the amount has come, and once its
    date and tolerance have passed, partially kept or broken.
    """

    _name = "recovery.promise"
    _description = "Promise to Pay"
    _inherit = ["recovery.debtor.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_promised desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, index=True, tracking=True, help="Who promised."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the amount; in company currency every payment counts, else only those in it.",
    )
    amount = fields.Monetary(required=True, tracking=True, help="What the debtor said it would pay.")
    date_given = fields.Date(
        string="Given on",
        required=True,
        compute="_compute_date_given",
        store=True,
        readonly=False,
        precompute=True,
        help="Day of the promise; money received from this day on counts.",
    )
    date_promised = fields.Date(
        string="To be paid by", required=True, tracking=True, help="Day by which the money is to arrive."
    )
    tolerance_days = fields.Integer(
        string="Tolerance (days)", default=3, help="Days after the promised one before the promise is judged."
    )
    tolerance_amount = fields.Monetary(
        string="Tolerance (amount)", help="Amount that may be missing from a promise that counts as kept."
    )
    date_deadline = fields.Date(
        string="Judged after",
        compute="_compute_date_deadline",
        store=True,
        help="Promised day and tolerance.",
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        check_company=True,
        help="Items the money is for; leave empty when it is for whatever is owed.",
    )
    amount_received = fields.Monetary(
        string="Received", readonly=True, copy=False, help="Money received for the promise when last judged."
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
    )
    date_judged = fields.Date(
        readonly=True, copy=False, help="Day on which the promise was found kept or not."
    )
    hold_id = fields.Many2one(
        "recovery.hold",
        readonly=True,
        copy=False,
        help="Hold that keeps the debtor from being chased meanwhile.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Who took the promise and is told when it is broken.",
    )
    note = fields.Text(help="Who promised, and in which words.")

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

    @api.depends("date_promised", "tolerance_days")
    def _compute_date_deadline(self):
        for promise in self:
            promise.date_deadline = promise.date_promised and promise.date_promised + timedelta(
                days=promise.tolerance_days
            )

    @api.depends("partner_id", "amount", "currency_id", "date_promised")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = self.env._(
                "%(debtor)s: %(amount)s by %(date)s",
                debtor=promise.partner_id.display_name or self.env._("New promise"),
                amount=format_amount(
                    self.env, promise.amount, promise.currency_id or self.env.company.currency_id
                ),
                date=format_date(self.env, promise.date_promised),
            )

    @api.constrains("partner_id", "company_id", "move_line_ids", "state")
    def _check_one_open(self):
        """Money is counted for one promise at a time."""
        for promise in self.filtered(lambda promise: promise.state == "open"):
            others = self.search(
                [
                    ("partner_id", "=", promise.partner_id.id),
                    ("company_id", "=", promise.company_id.id),
                    ("state", "=", "open"),
                    ("id", "!=", promise.id),
                ]
            )
            for other in others:
                separate = promise.move_line_ids and other.move_line_ids
                if not separate or promise.move_line_ids & other.move_line_ids:
                    raise ValidationError(
                        self.env._(
                            "A promise of %s is open already. Change it, or cancel it first.",
                            promise.partner_id.display_name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        promises = super().create(vals_list)
        for promise in promises:
            promise.hold_id = self.env["recovery.hold"].create(promise._hold_values())
        promises._confirm_by_mail()
        return promises

    def write(self, vals):
        result = super().write(vals)
        if HOLD_FIELDS & vals.keys():
            for promise in self.filtered(lambda promise: promise.state == "open" and promise.hold_id):
                promise.hold_id.write(promise._hold_values())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_ends_hold(self):
        """Nothing keeps the debtor from being chased without the promise."""
        self.hold_id._end_today()

    @api.model
    def _new_action(self, debtor, items=None):
        """Window to note a promise of ``debtor`` for ``items``. Raises UserError for several debtors."""
        items = items or self.env["account.move.line"]
        open_amount = sum(items.mapped("amount_residual_currency")) if len(items.currency_id) == 1 else 0.0
        defaults = self.env["recovery.hold"]._defaults_for(debtor, items)
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

    def _hold_values(self):
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "move_line_ids": [fields.Command.set(self.move_line_ids.ids)],
            "kind": "promise",
            "date_from": self.date_given,
            "date_until": self.date_deadline,
            "reason": self.display_name,
            "user_id": self.user_id.id,
        }

    # ---------------------------------------------------------------------
    # Judgement
    # ---------------------------------------------------------------------

    def action_judge(self):
        """Look at the payments now."""
        for company, promises in self.grouped("company_id").items():
            promises._judge(company._recovery_today())

    def action_cancel(self):
        """Withdraw open promises; their holds end."""
        if self.filtered(lambda promise: promise.state != "open"):
            raise UserError(self.env._("Only an open promise can be cancelled."))
        for company, promises in self.grouped("company_id").items():
            promises._close("cancelled", company._recovery_today())

    def _judge(self, date):
        """Set open promises kept, partially kept or broken as the money received until ``date`` says."""
        received = self._received(date)
        for promise in self.filtered(lambda promise: promise.state == "open"):
            promise.amount_received = received.get(promise.id, 0.0)
            missing = promise.currency_id.compare_amounts(
                promise.amount_received + promise.tolerance_amount, promise.amount
            )
            if missing >= 0:
                promise._close("kept", date)
            elif date > promise.date_deadline:
                promise._close("partially_kept" if promise.amount_received else "broken", date)
                promise._tell_responsible()

    def _judge_locked(self, date):
        """Judge those of the promises that no other transaction works on."""
        self.try_lock_for_update()._judge(date)

    def _received(self, date) -> dict[int, float]:
        """{promise id: money received for it until ``date``, in its currency}, in two queries.

        Money is what a bank or cash journal credits on the debtor's receivable account, less what it debits:
        payments that bounced.
        """
        self.env.flush_all()
        for_items = self.filtered("move_line_ids")
        rows = [
            *received_on_items(for_items, date),
            *received_from_debtors(self - for_items, date),
        ]
        return dict(rows)

    def _close(self, state, date):
        """End promises and, from the next day, their holds."""
        self.write({"state": state, "date_judged": date})
        self.hold_id._end(date)

    def _tell_responsible(self):
        """Say that the promise was not kept."""
        self._ask_responsible(
            self.env._("Promise not kept"),
            self.env._(
                "%(received)s of %(amount)s arrived. Call, or let the next dunning run go on.",
                received=format_amount(self.env, self.amount_received, self.currency_id),
                amount=format_amount(self.env, self.amount, self.currency_id),
            ),
        )

    def _ask_responsible(self, summary, note):
        """An activity for the responsible person, once while it is open."""
        if summary not in self.activity_ids.mapped("summary"):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=note,
                user_id=self.env["ir.cron"]._recovery_person(self).id,
            )

    @api.model
    def _cron_judge(self):
        """Daily: judge the open promises, company by company, each batch committed."""
        promises = self.search([("state", "=", "open")])
        # Locked batch by batch: each commit lets every lock go.
        batches = [
            (batch, company._recovery_today()) for company, batch in promises.grouped("company_id").items()
        ]
        self.env["ir.cron"]._recovery_batches(batches, type(self)._judge_locked)

    @api.model
    def _broken_sql(self, company, since, date) -> SQL:
        """Statement of (debtor_id, date): promises broken after ``since`` and by ``date``, one row each.

        One that was kept in part is not held against the debtor here.
        """
        return SQL(
            """
            SELECT debtor.commercial_partner_id AS debtor_id, promise.date_judged AS date
              FROM recovery_promise promise
              JOIN res_partner debtor ON debtor.id = promise.partner_id
             WHERE promise.company_id = ANY(%s)
               AND promise.state = 'broken'
               AND promise.date_judged > %s
               AND promise.date_judged <= %s
            """,
            list(company._recovery_branch_ids()),
            since,
            date,
        )
