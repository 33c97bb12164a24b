"""From draft to the end: what each step of an instalment plan checks and does."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..claim.not_bound import require_bound
from ..common.keep import keep
from .beside import BESIDE
from .meant import MEANT
from .moved import MOVED
from .plan import LIVE_STATES
from .waiting import MATCH


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    date_proposed = fields.Date(readonly=True, copy=False, protected=True)
    proposed_at = fields.Datetime(
        string="Proposed at",
        readonly=True,
        copy=False,
        protected=True,
        help="When the offer was made: a one-time code to sign it goes to an address that was known by then.",
    )
    date_accepted = fields.Date(
        string="Accepted on",
        readonly=True,
        copy=False,
        tracking=True,
        protected=True,
        help="When the debtor signed the agreement.",
    )
    signed_by = fields.Char(
        string="Signed by",
        readonly=True,
        copy=False,
        protected=True,
        help="Who signed for the debtor, and in what capacity.",
    )
    signature = fields.Binary(
        readonly=True,
        copy=False,
        attachment=True,
        protected=True,
        help="The debtor's signature or the scanned agreement.",
    )
    acceptance_method = fields.Selection(
        [("paper", "Signed paper"), ("email", "E-mail"), ("portal", "Portal")],
        string="Acceptance",
        readonly=True,
        copy=False,
        protected=True,
        help="How the acceptance reached us.",
    )
    date_activated = fields.Date(
        readonly=True, copy=False, protected=True, help="When the plan came into force."
    )
    date_closed = fields.Date(
        readonly=True,
        copy=False,
        protected=True,
        help="When the plan was completed, broken, renegotiated or cancelled.",
    )

    def action_propose(self):
        """Offer draft plans to their debtors; those outside their policy wait for approval instead.

        :raise UserError: no item, instalments that do not make the covered total, or nobody to approve
        """
        self._require_state(("draft",), self.env._("propose it"))
        for plan in self:
            if not plan.item_ids:
                raise UserError(self.env._("%s covers nothing yet: add open items.", plan.display_name))
            if not plan.instalment_ids:
                plan.generate_instalments()
        self._check_agreed_on()
        self._propose()

    def _propose(self):
        for company, plans in self.grouped("company_id").items():
            for batch in plans._each_debtor_once():
                batch._propose_in(company)

    def _each_debtor_once(self):
        """Yield the plans in batches with one plan of a debtor each: what the first gives up counts for the next."""
        left = self
        while left:
            batch = self.browse().concat(*(plans[:1] for plans in left.grouped("partner_id").values()))
            yield batch
            left -= batch

    def _propose_in(self, company):
        date = company._recovery_today()
        within = self._within_policy(date)
        for plan in within.filtered(lambda plan: not plan.name):
            number = self.env["ir.sequence"]._recovery_next("recovery.plan", company)
            # sudo: protected from clients; the right to write is checked with the move to the state
            plan.sudo().name = number
        within._move_to("proposed", date_proposed=date, proposed_at=fields.Datetime.now())

    def action_send_offer(self):
        """Open the mail that offers the plan, the agreement to sign attached."""
        self.ensure_one()
        self._require_state(("proposed",), self.env._("send the offer"))
        template = self.env.ref("payment_plan_recovery.mail_template_plan_offer", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the offer"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id if template else False,
                "default_composition_mode": "comment",
            },
        }

    def action_draft(self):
        """Take proposed plans back to be changed."""
        self._require_state(("proposed",), self.env._("change it"))
        self._move_to("draft")

    def action_accept(self, signature=None, signed_by=None, *, method="paper", date=None):
        """Record that the debtor accepted: the covered amounts are frozen, what comes in counts for the plan.

        :param signature: image or scan of the signed agreement, base64
        :param signed_by: who signed, and in what capacity; the debtor by default
        :param method: how the acceptance reached us: paper, email or portal
        :param date: day of the signature, today by default
        """
        self._keep_items()
        self._require_state(("proposed",), self.env._("record its acceptance"))
        self._check_agreed_on()
        self.item_ids.sudo()._start_following()  # frozen from clients; the right to write is checked below
        for plan in self:
            plan._move_to(
                "accepted",
                date_accepted=date or plan.company_id._recovery_today(),
                signature=signature,
                signed_by=signed_by or plan.partner_id.name,
                acceptance_method=method,
            )

    def action_activate(self):
        """Put accepted plans in force: their items leave dunning, their instalments become claims.

        :raise UserError: an item is in another plan already, or declared to an insolvency
        """
        self._keep_items()
        self._require_state(("accepted",), self.env._("activate it"))
        self._check_items_free()
        self._meet_cases()  # of a room below, which says in its own file on plans what becomes of them
        self.previous_id._supersede()
        for company, plans in self.grouped("company_id").items():
            plans._move_to("active", date_activated=company._recovery_today())
        # Collectors do not write journal items: only the follow-up flag is touched.
        items = self.item_ids.sudo()
        # One live plan per item: the database refuses another here and now.
        items.flush_recordset(["is_live"])
        items._bind()
        self._answer_requests()  # of the portal, a room below

    def action_cancel(self):
        """Give plans up by agreement, whatever their state: their items come back as they were.

        :raise UserError: one was signed since it was shown as an offer
        """
        if self.env.context.get("recovery_seen_unsigned") and self.filtered("date_accepted"):
            raise UserError(
                self.env._("The debtor has signed meanwhile. Reload, and cancel it if you still want to.")
            )
        self._require_state(("draft", "proposed", "accepted", *LIVE_STATES), self.env._("cancel it"))
        self.filtered(lambda plan: plan.approval_state == "waiting")._forget_approval()
        for company, plans in self.grouped("company_id").items():
            plans._close("cancelled", company._recovery_today())

    def action_reopen(self):
        """Take cancelled plans that the debtor never accepted back to draft."""
        self._require_state(("cancelled",), self.env._("take it back to draft"))
        if self.filtered("date_accepted"):
            raise UserError(self.env._("The debtor accepted this plan: make a new one instead."))
        self._move_to("draft", date_closed=False)

    def _close(self, state, date, body=None, *, settles_charges=True, **vals):
        """End plans on ``date``: freeze what was paid and give the items back to follow-up.

        A completed plan goes on reading the ledger: a payment that bounces puts it in force again.

        :param settles_charges: whether late charges are booked or waived, as the plans' terms say
        """
        # Collectors do not write journal items: only the follow-up flag is touched.
        items = self.item_ids.sudo()
        if state != "completed":
            self._autopay_end()
            items._stop_following()
        items.filtered("is_live")._release()
        self.activity_unlink([MATCH, BESIDE, MEANT, MOVED])
        self._end_receipt_hold(date)
        # A link to the portal ends with the plan: who has it sees nothing of what comes after.
        self._move_to(state, body, date_closed=date, access_token=False, **vals)
        # The charges are of a room below, which says in its own file on plans what becomes of them.
        if settles_charges:
            self._settle_charges(date)
        self._end_portal_links()  # so are the links

    def _move_to(self, state, body=None, **vals):
        """Change the state; ``body`` goes to the chatter with it: a text, or {plan id: text}."""
        self.check_access("write")
        # The fields of a state are protected from clients, and the right to write was checked just above.
        plans = self.sudo()
        if body:
            # The body says what changed, in words: a tracked value for each plan would only repeat it.
            plans = plans.with_context(tracking_disable=True)
            plans._message_log_batch(body if isinstance(body, dict) else dict.fromkeys(self.ids, body))
        plans.write({"state": state, **vals})

    @api.model
    def _in_force_sql(self, plan: SQL, date) -> SQL:
        """Return the condition that the plan whose id is the expression ``plan`` was in force at the end of a day."""
        return SQL(
            "EXISTS (SELECT FROM recovery_plan old WHERE old.id = %(plan)s AND old.date_activated <= %(date)s"
            " AND (old.date_closed IS NULL OR old.date_closed > %(date)s))",
            plan=plan,
            date=date,
        )

    def _keep_items(self):
        """Have whoever agrees on the same items at the same time wait, and see that they are taken."""
        # sudo: collectors do not write journal items, and nothing is written to them but what they are
        keep(self.item_ids.move_line_id.sudo())
        keep(self)

    def _check_agreed_on(self):
        """Refuse plans on which nobody can agree as they are by now."""
        self._check_items_open()
        self._check_schedule()
        self._check_bound()

    def _check_bound(self):
        for company, plans in self.grouped("company_id").items():
            require_bound(plans.partner_id, company)

    def _check_items_open(self):
        """Refuse items that changed hands, were paid or undone since they were chosen."""
        for reason in self.item_ids._unfit_reasons():
            raise UserError(reason)
        self._check_items_free()

    def _check_items_free(self):
        for plan in self:
            taken = plan.item_ids.sudo()._other_signed()  # a plan of another user's company is named only
            if taken:
                raise UserError(
                    self.env._(
                        "%(items)s: already in %(plans)s. Leave them out, or renegotiate that plan.",
                        items=", ".join(taken.move_line_id.mapped("display_name")),
                        plans=", ".join(taken.plan_id.mapped("display_name")),
                    )
                )

    def _form_action(self):
        """Return the action that opens the plan, or the list of plans."""
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_plan")
        if len(self) == 1:
            return {**action, "res_id": self.id, "views": [(False, "form")], "view_mode": "form"}
        return {**action, "domain": [("id", "in", self.ids)]}
