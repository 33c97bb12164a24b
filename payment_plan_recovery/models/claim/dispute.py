"""Disputes: what a debtor does not accept of an invoice, who looks into it by when, and what came of it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..common.company_words import in_words_of_company, spoken
from ..common.guarded_fields import is_action
from ..common.keep import keep
from ..common.labelled import labelled
from .dispute_settled import settled_among, still_disputed
from .dispute_words import CAUSES, NOT_CLOSED, OUTCOMES
from .given import hold_disputed
from .hold import REVIEW_ACTIVITY

#: Working on a dispute should take no longer than this many days.
ANSWER_DAYS = 10


class RecoveryDispute(models.Model):
    """What a debtor disputes of items it owes, the whole or a part of one. It holds them until it is closed."""

    _name = "recovery.dispute"
    _description = "Dispute"
    _inherit = [
        "recovery.named.items",
        "recovery.debtor.mixin",
        "recovery.exchange",
        "recovery.rated",
        "recovery.cause.noted",
    ]
    _order = "state desc, date_deadline, id desc"
    _cause_told = (1, "date_opened")
    _names_parts = True

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, index=True, tracking=True, help="Who disputes."
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        required=True,
        help="What is disputed: open items of the debtor, of any branch of the creditor.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", compute_sudo=True)
    amount = fields.Monetary(
        string="Disputed part",
        tracking=True,
        help="Part of the one item that is disputed, in its currency, with what is credited later; 0: the whole.",
    )
    cause = fields.Selection(
        CAUSES, required=True, default="other", tracking=True, help="What the debtor says is wrong."
    )
    cause_id = fields.Many2one(
        compute="_compute_cause_id",
        store=True,
        precompute=True,
        help="Cause under which the dispute counts: the first one declared for what the debtor says is wrong.",
    )
    description = fields.Text(required=True, help="What the debtor says, in its words.")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        help="Who looks into it and answers the debtor.",
    )
    date_opened = fields.Date(
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        help="Day on which the debtor disputed; the items are held from then on.",
    )
    date_deadline = fields.Date(
        string="Answer by",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Day by which the debtor has an answer.",
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        protected=True,
    )
    outcome = fields.Selection(
        OUTCOMES,
        readonly=True,
        copy=False,
        tracking=True,
        protected=True,
        falsy_value_label=NOT_CLOSED,
        help="What came of it.",
    )
    answer = fields.Text(
        terms=True, tracking=True, help="What the debtor is told when the dispute is closed."
    )
    date_closed = fields.Date(readonly=True, copy=False, protected=True)
    hold_id = fields.Many2one(
        "recovery.hold",
        readonly=True,
        copy=False,
        protected=True,
        help="Hold that keeps the items from being chased meanwhile.",
    )

    _amount_positive = models.Constraint("CHECK(amount >= 0)", "The disputed part cannot be negative.")

    @api.depends("company_id")
    def _compute_dates(self):
        """Opened today by the clock of the company, to be answered ten days later, unless said otherwise."""
        for dispute in self:
            today = (dispute.company_id or self.env.company)._recovery_today()
            dispute.date_opened = dispute.date_opened or today
            dispute.date_deadline = dispute.date_deadline or dispute.date_opened + timedelta(days=ANSWER_DAYS)

    @api.depends("cause")
    def _compute_cause_id(self):
        causes = self.env["recovery.cause"]._of_dispute(set(self.mapped("cause")) - {False})
        for dispute in self:
            dispute.cause_id = causes.get(dispute.cause)

    @api.depends("move_line_ids.currency_id", "company_id")
    def _compute_currency_id(self):
        for dispute in self:
            dispute.currency_id = dispute.move_line_ids[:1].currency_id or dispute.company_id.currency_id

    @api.depends_context("lang")
    @api.depends("move_line_ids", "partner_id")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = labelled(self.env, dispute.partner_id.display_name, dispute._numbers())

    def _numbers(self):
        """Return the numbers of the invoices it is about."""
        return ", ".join(self._all_items().mapped("move_id.name"))

    @api.constrains("amount", "move_line_ids")
    def _check_part(self):
        for dispute in self:
            if not dispute.amount:
                continue
            items = dispute._all_items()
            if len(items) != 1:
                raise ValidationError(
                    self.env._("A part belongs to one item: choose one, or set the part to 0.")
                )
            whole = abs(items.amount_currency)
            if dispute.currency_id.compare_amounts(dispute.amount, whole) > 0:
                raise ValidationError(self.env._("More is disputed than the item amounts to."))

    @api.constrains("state", "move_line_ids")
    def _check_one_open(self):
        disputes = self.filtered(lambda dispute: dispute.state == "open")
        keep(disputes.partner_id.sudo())  # sudo: nothing is written to debtors but what they are
        for dispute in disputes:
            items = dispute._all_items()
            # sudo: a dispute in a branch that the user does not see counts too; only these items are told of it
            same = self.sudo().search(
                [("state", "=", "open"), ("move_line_ids", "in", items.ids), ("id", "!=", dispute.id)]
            )
            if same:
                numbers = ", ".join((same[:1]._all_items() & items).mapped("move_id.name"))
                raise ValidationError(self.env._("%s is disputed already: answer there.", numbers))

    @api.model_create_multi
    def create(self, vals_list):
        disputes = super().create(vals_list)
        for dispute in disputes:
            dispute._hold()
            dispute._ask(in_words_of_company(dispute).env._("Look into the dispute"), dispute.description)
        return disputes

    def write(self, vals):
        result = super().write(vals)
        if {"amount", "move_line_ids", "date_deadline", "user_id"} & vals.keys():
            for dispute in self.filtered(lambda dispute: dispute.state == "open" and dispute.hold_id):
                dispute._hold()
        return result

    def _hold(self, **told):
        """Hold what is disputed, as the dispute says and ``told``."""
        told = {
            "company_id": self.company_id.id,
            "amount": still_disputed(self)[self],
            "kind": "dispute",
            "date_from": self.date_opened,
            "date_review": self.date_deadline,
            "reason": self.description,
            "user_id": self.user_id.id,
            **told,
        }
        # sudo: protected from clients; whoever may dispute holds what it disputes
        holds = hold_disputed(self.sudo(), told)
        # whoever looks into the dispute by its deadline need not be asked about its holds on the same day
        holds.activity_unlink([REVIEW_ACTIVITY])

    @api.ondelete(at_uninstall=False)
    def _unlink_ends_hold(self):
        """Nothing keeps the items from being chased without the dispute."""
        self.hold_id.sudo()._end_today()  # sudo: as above

    def _ask(self, summary, note):
        """Ask the person responsible to look at the dispute."""
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.date_deadline,
            summary=summary,
            note=note,
            user_id=self.user_id.id or self.env.uid,
        )

    # -- closing ---------------------------------------------------------------------------

    def action_accept(self):
        """Close: the debtor is right."""
        self._close("accepted")

    def action_accept_partly(self):
        """Close: the debtor is right in part."""
        self._close("partly")

    def action_reject(self):
        """Close: the claim stands."""
        self._close("rejected")

    def action_withdraw(self):
        """Close: the debtor no longer disputes."""
        self._close("withdrawn")

    def action_reopen(self):
        """Open a closed dispute again: its items are held as before."""
        self.check_access("write")
        for dispute in self.filtered(lambda dispute: dispute.state == "closed").sudo():
            today = dispute.company_id._recovery_today()
            dispute._note_past("closed", dispute.date_closed, today, dispute.hold_id.id)
            dispute.write({"state": "open", "outcome": False, "date_closed": False, "hold_id": False})
            dispute._hold(date_from=today)

    def _close(self, outcome):
        """Close the disputes, end their holds and tell the debtors what came of it.

        :raise UserError: one has no answer to the debtor, or somebody closed all of them before
        """
        self.check_access("write")
        going_on = self.filtered(lambda dispute: dispute.state == "open")
        if not going_on:
            self._open_terms(self.env._("close it"))
        for dispute in going_on:
            if not (dispute.answer or "").strip() and outcome != "settled":
                raise UserError(
                    self.env._("%s: write the answer first, which the debtor is told.", dispute.display_name)
                )
            # sudo: protected from clients; the right to write was checked
            closing = dispute.sudo()
            closing.write(
                {
                    "state": "closed",
                    "outcome": outcome,
                    "is_waiting": False,
                    "date_closed": dispute.company_id._recovery_today(),
                }
            )
            closing.hold_id._end_today()
            closing.activity_ids.action_done()
            closing._tell_debtor()

    def _open_terms(self, action):
        """What the debtor was told stays as it was told, whoever wrote to it last."""
        closed = self.filtered(lambda dispute: dispute.state == "closed")
        if closed and not self.env.su and not is_action(self.env):
            raise UserError(
                self.env._(
                    "%(dispute)s was closed (%(outcome)s) and the debtor was told. Open it again to %(action)s.",
                    dispute=closed[0].display_name,
                    outcome=dict(self._fields["outcome"]._description_selection(self.env))[closed[0].outcome],
                    action=action,
                )
            )

    def _tell_debtor(self):
        """Write to the debtor what came of its dispute."""
        lang = spoken(self.env, self.partner_id.lang, self.company_id.partner_id.lang)
        told = self.with_context(lang=lang)
        outcomes = dict(told._fields["outcome"]._description_selection(told.env))
        told.message_post(
            body=told.answer or outcomes[told.outcome],
            subject=told.env._("Your dispute about %s", told._numbers()),
            partner_ids=told.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )

    @api.model
    def _settled(self):
        """Return the open disputes whose every item was paid or credited, or whose disputed part was credited."""
        return settled_among(self.search([("state", "=", "open")]))

    @api.model
    def _cron_close_settled(self):
        """Daily: close what is settled."""
        self.env["recovery.dispatch"]._dispatch(self._name, "_close_settled", [(self._settled().ids, {})])

    def _close_settled(self):
        """Close those of the disputes that are open and settled still."""
        settled_among(self)._close("settled")

    # -- for other rooms ---------------------------------------------------------------------

    @api.model
    def _waiting_sql(self, companies, date) -> SQL:
        """Return a query of (partner_id, company_id, since, res_id): disputes that wait for us on ``date``."""
        return SQL(
            """
            SELECT dispute.partner_id, dispute.company_id,
                   LEAST(dispute.date_deadline, %s) AS since, dispute.id AS res_id
              FROM recovery_dispute dispute
             WHERE dispute.company_id = ANY(%s)
               AND dispute.state = 'open'
               AND (dispute.is_waiting OR dispute.date_deadline <= %s)
            """,
            companies._recovery_day_sql(SQL("dispute.write_date"), SQL("dispute.company_id")),
            companies.ids,
            date,
        )

    @api.model
    def _new_action(self, debtor, items=None):
        """Window to note a dispute of ``debtor`` about ``items``."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note a dispute"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": self._defaults_for(debtor, items),
        }
