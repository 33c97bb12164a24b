from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..message.claim_content import ClaimContent
from .plan import LIVE_STATES, SIGNED_STATES

#: States in which the covered amount still follows the ledger.
OPEN_STATES = ("draft", "proposed")
#: The condition that the plan of a ``covered`` item is live.
LIVE = SQL("covered.is_live")


class RecoveryPlanItem(models.Model):
    """One open receivable journal item covered by a plan."""

    _name = "recovery.plan.item"
    _description = "Covered Item"
    _inherit = ["recovery.guarded.fields"]
    _order = "date_due, id"
    _rec_name = "move_line_id"

    plan_id = fields.Many2one("recovery.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="move_line_id.company_id",
        string="Owed to",
        store=True,
        index=True,
        help="The company or branch in whose books the item is, of the creditor that the plan is agreed with.",
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Journal item",
        required=True,
        index=True,
        ondelete="restrict",
        help="The open receivable item the plan covers, of any branch of the creditor.",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Original due date", store=True)
    amount_covered = fields.Monetary(
        compute="_compute_amounts",
        store=True,
        help="Open amount of the item: follows the ledger until the debtor accepts, frozen from then on.",
    )
    amount_paid = fields.Monetary(
        compute="_compute_amounts", store=True, help="Received on the item since the debtor accepted."
    )
    is_live = fields.Boolean(
        compute="_compute_is_live",
        store=True,
        help="The plan binds the item: it is out of dunning and in no other live plan.",
    )
    is_followed = fields.Boolean(
        readonly=True,
        copy=False,
        protected=True,
        help="What the item receives counts for the plan: from acceptance to the plan's end.",
    )
    no_followup_before = fields.Boolean(
        readonly=True,
        copy=False,
        protected=True,
        help="The item's own follow-up exclusion, given back when the plan ends.",
    )
    # Reconciliations are numbered as they are made: these two say which of an item's belong to the plan.
    partial_from = fields.Integer(
        readonly=True,
        copy=False,
        protected=True,
        help="Last reconciliation made before the debtor accepted; the plan's come after.",
    )
    partial_until = fields.Integer(
        readonly=True,
        copy=False,
        protected=True,
        help="Last reconciliation made before the plan ended; zero while it is followed.",
    )

    _one_live_plan = models.UniqueIndex(
        "(move_line_id) WHERE is_live",
        lambda env, _diagnostics: env._(
            "One of these items is in another plan already. Reload and choose again."
        ),
    )
    _once_per_plan = models.Constraint("UNIQUE(plan_id, move_line_id)", "A plan covers each item once.")

    @api.depends("plan_id.state")
    def _compute_is_live(self):
        for item in self:
            item.is_live = item.plan_id.state in LIVE_STATES

    @api.depends("plan_id.state", "is_followed", "move_line_id.amount_residual_currency")
    def _compute_amounts(self):
        """Read the ledger: what is open becomes covered, then what is no longer open is paid."""
        for item in self:
            residual = item.move_line_id.amount_residual_currency
            if item.plan_id.state in OPEN_STATES:
                item.amount_covered = max(residual, 0)
                item.amount_paid = 0
            else:
                covered = item.amount_covered
                item.amount_covered = covered
                # More than was covered can fall open again when an older payment bounces: not the plan's.
                item.amount_paid = max(covered - residual, 0) if item.is_followed else item.amount_paid

    @api.constrains("plan_id", "move_line_id")
    def _check_move_line(self):
        for reason in self._unfit_reasons():
            raise ValidationError(reason)

    @api.model
    def _check_seen(self, vals_list):
        """Refuse journal items that whoever chooses them may not read: of a branch that he does not work in.

        Before anything else: why an item does not fit tells of it.

        :raise UserError: there are some
        """
        lines = self.env["account.move.line"].browse(
            filter(None, (vals.get("move_line_id") for vals in vals_list))
        )
        lines._recovery_require_seen()

    def _unfit_reasons(self):
        """Yield why journal items cannot be covered by their plan."""
        # sudo: whether an item of another branch is still owed counts for whoever acts on the plan
        for item in self.sudo():
            line, plan = item.move_line_id, item.plan_id
            if line.parent_state != "posted":
                yield self.env._("%s is not posted: post it before you put it in a plan.", line.display_name)
            elif line.account_type != "asset_receivable":
                yield self.env._(
                    "%s is no receivable: a plan covers what a customer owes.", line.display_name
                )
            elif line.amount_residual_currency <= 0:
                yield self.env._("Nothing is owed on %s: leave it out of the plan.", line.display_name)
            elif line.partner_id.commercial_partner_id != plan.partner_id:
                yield self.env._(
                    "%(item)s is not owed by %(debtor)s.",
                    item=line.display_name,
                    debtor=plan.partner_id.display_name,
                )
            elif line.company_id.root_id != plan.company_id.root_id:
                yield self.env._(
                    "%(item)s is owed to %(other)s, which is another creditor than %(company)s. Make a plan with each.",
                    item=line.display_name,
                    other=line.company_id.name,
                    company=plan.company_id.name,
                )
            elif line.currency_id != plan.currency_id:
                yield self.env._(
                    "%(item)s is not in the currency of the plan (%(currency)s): make a plan per currency.",
                    item=line.display_name,
                    currency=plan.currency_id.name,
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_seen(vals_list)
        items = super().create(vals_list)
        items.plan_id._open_terms(self.env._("change its items"))
        return items

    def write(self, vals):
        if not self.env.su:
            self.plan_id._open_terms(self.env._("change its items"))
        self._check_seen([vals])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        plans = self.plan_id
        plans.filtered(lambda plan: plan.state == "draft")._open_terms(self.env._("change its items"))
        plans._require_state(("draft", "proposed", "cancelled"), self.env._("change its items"))

    # ------------------------------------------------------------ life of the plan

    def _other_signed(self):
        """Return the items of other plans that the debtor accepted, on the same journal items."""
        return self.search(
            [
                ("move_line_id", "in", self.move_line_id.ids),
                ("plan_id.state", "in", SIGNED_STATES),
                ("plan_id", "not in", (self.plan_id | self.plan_id.previous_id).ids),
            ]
        )

    def _start_following(self):
        """Freeze what is covered; what the items receive from now on counts for the plan."""
        self.plan_id._look_at_made()  # what came before is not the plan's
        self.mapped("amount_covered")  # settles what the ledger says until this very moment
        # A plan completed with these items no longer answers for them.
        lines = self.move_line_id
        self.search(
            [("move_line_id", "in", lines.ids), ("plan_id.state", "=", "completed")]
        )._stop_following()
        self.write({"is_followed": True, "partial_from": self._last_partial(), "partial_until": 0})

    def _stop_following(self):
        """Freeze what was paid: the ledger goes on without the plan."""
        self.plan_id._look_at_made()  # what came before is the plan's still
        self.mapped("amount_paid")  # settles what the ledger says until this very moment
        self.filtered("is_followed").write({"is_followed": False, "partial_until": self._last_partial()})

    def _hand_over(self, successors):
        """Leave to the items of a revision what was received since it was accepted."""
        by_line = {successor.move_line_id: successor for successor in successors}
        for item in self:
            successor = by_line.get(item.move_line_id)
            if successor:
                item.write(
                    {
                        # more is owed than was covered when an older payment bounced: that is the revision's
                        "amount_paid": max(item.amount_covered - successor.amount_covered, 0),
                        "partial_until": successor.partial_from,
                    }
                )

    def _bind(self):
        """Take the items out of Odoo's follow-up reports, remembering which were already out."""
        for excluded, items in self.grouped(lambda item: item.move_line_id.no_followup).items():
            items.no_followup_before = excluded
        self.move_line_id._recovery_set_no_followup(True)

    def _release(self):
        """Give the items back to follow-up exactly as they were before the plan."""
        for excluded, items in self.grouped("no_followup_before").items():
            items.move_line_id._recovery_set_no_followup(excluded)

    def _last_partial(self):
        """Return the number of the last reconciliation made so far."""
        self.env["account.partial.reconcile"].flush_model()
        [(last,)] = self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM account_partial_reconcile"))
        return last

    def _contents(self):
        """Return the covered items as an agreement lists them; of which branch each is where there are several."""
        # sudo: what an agreement says does not depend on who prints it
        items = self.sudo()
        several = len(items.company_id) > 1
        return [
            ClaimContent(
                number=item.move_line_id._recovery_number(),
                branch=item.company_id.name if several else "",
                date=item.move_id.invoice_date or item.move_line_id.date,
                date_due=item.date_due,
                amount=item.move_line_id.amount_currency,
                received=item.currency_id.round(item.move_line_id.amount_currency - item.amount_covered),
                residual=item.amount_covered,
                currency=item.currency_id,
                days_late=0,
            )
            for item in items
        ]

    def _names_with_branch(self, path):
        """Return what the items are called by the field at ``path``, once each; of several branches with theirs."""
        # sudo: the plan's own invoices, whoever may open those of another branch
        items = self.sudo()
        several = len(items.company_id) > 1
        names = [(item.mapped(path)[0], item.company_id.name) for item in items]
        return list(dict.fromkeys(f"{name} ({branch})" if several else name for name, branch in names))

    def _its_own(self, receipts):
        """Yield the ``receipts`` (credit, day, amount) on the journal item that are the plan's.

        More than was covered falls open again when an older payment bounces: money pays that first.
        """
        # sudo: what is open of an item of another branch is the plan's own figure
        not_covered = max(self.sudo().move_line_id.amount_residual_currency - self.amount_covered, 0)
        for credit_id, day, amount in receipts:
            own = self.currency_id.round(amount - min(not_covered, amount))
            not_covered = max(not_covered - amount, 0)
            if own:
                yield credit_id, day, own

    @api.model
    def _covers_sql(self, item: SQL) -> SQL:
        """Return the condition that a live plan covers the journal item whose id is the expression ``item``."""
        return SQL(
            "EXISTS (SELECT FROM recovery_plan_item covered WHERE covered.move_line_id = %s AND covered.is_live)",
            item,
        )

    @api.model
    def _live_sql(self) -> SQL:
        """Return a query of (move_line_id): the journal items that live plans cover."""
        return SQL("SELECT move_line_id FROM recovery_plan_item WHERE is_live")

    @api.model
    def _plan_sql(self, item: SQL, live=LIVE) -> SQL:
        """Query of (plan_id, plan_names): the ``live`` plan, if any, of the journal item whose id is ``item``.

        Its names are its number and those of the plans that it renegotiates: a standing order keeps the old one.
        LIMIT: they are looked up, whatever the planner believes of how many there are.
        """
        return SQL(
            """
            SELECT covered.plan_id, ARRAY(
                       WITH RECURSIVE called AS (
                         SELECT name, previous_id FROM recovery_plan WHERE id = covered.plan_id
                          UNION ALL
                         SELECT before.name, before.previous_id
                           FROM called
                           JOIN LATERAL (
                             SELECT name, previous_id FROM recovery_plan WHERE id = called.previous_id OFFSET 0
                           ) before ON TRUE
                       )
                       SELECT name FROM called
                   ) AS plan_names
              FROM recovery_plan_item covered
             WHERE covered.move_line_id = %s AND %s
             ORDER BY covered.plan_id DESC
             LIMIT 1
            """,
            item,
            live,
        )

    @api.model
    def _flush_plan(self):
        """Write out what :meth:`_plan_sql` reads."""
        self.flush_model(["is_live", "move_line_id", "plan_id"])
        self.env["recovery.plan"].flush_model(["name", "partner_id", "previous_id"])

    @api.model
    def _waiting_sql(self, laid: SQL) -> SQL:
        """Query of (plan_id, amount): what live plans would have received, were open money matched with their items.

        :param laid: what a query selects from: rows of (item_id, covered, uncovered), which are few
        """
        return SQL(
            """
            SELECT covered.plan_id,
                   SUM(GREATEST(covered.amount_covered - laid.uncovered, 0) - covered.amount_paid) AS amount
              FROM %s laid
              JOIN LATERAL (
                SELECT plan_id, amount_covered, amount_paid
                  FROM recovery_plan_item
                 WHERE move_line_id = laid.item_id AND is_live
                OFFSET 0
              ) covered ON TRUE
             GROUP BY covered.plan_id
            """,
            laid,
        )
