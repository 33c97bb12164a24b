"""Renegotiation: a new plan takes the place of one in force."""

from markupsafe import Markup
from odoo import Command, api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..common.company_words import in_words_of_company
from ..common.keep import keep
from .plan import LIVE_STATES


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    previous_id = fields.Many2one(
        "recovery.plan",
        string="Renegotiates",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        protected=True,
        help="The plan this one takes the place of.",
    )
    revision_ids = fields.One2many("recovery.plan", "previous_id", string="Renegotiated as")
    revision_reason = fields.Text(
        string="Reason for the change", copy=False, help="Why the previous plan is renegotiated."
    )

    revision_changes = fields.Html(
        string="Changes",
        compute="_compute_revision_changes",
        sanitize=False,
        help="What the revision changes in the plan it renegotiates.",
    )

    def action_renegotiate(self, reason=None):
        """Draft a revision of a live plan over what remains of its items.

        The plan stays in force until the revision is activated: only then is it
        superseded, and keeps what was paid under it.

        :return: the action that opens the revision
        """
        self.ensure_one()
        keep(self)
        self._require_state(LIVE_STATES, self.env._("renegotiate it"))
        pending = self.revision_ids.filtered(lambda plan: plan.state in ("draft", "proposed", "accepted"))
        revision = pending[:1] or self._draft_revision(reason)
        return revision._form_action()

    def action_open_revisions(self):
        """Open the plan this one renegotiates and those that renegotiate it."""
        return (self.previous_id | self.revision_ids)._form_action()

    @api.depends("previous_id", "instalment_ids.amount", "instalment_ids.date_due", "amount_total")
    def _compute_revision_changes(self):
        for plan in self:
            plan.revision_changes = self._changes_table(plan._changes()) if plan.previous_id else False

    def _changes(self):
        """Return what the revision changes: [(what, before, after)], as texts; nothing for a first plan."""
        self.ensure_one()
        before, after = self.previous_id, self
        if not before:
            return []
        to_pay = before.instalment_ids.filtered("amount_residual").sorted("number")
        planned = after.instalment_ids.sorted("number")
        rows = [
            (
                self.env._("Remaining to pay"),
                before._money(before.amount_residual),
                after._money(after.amount_total),
            ),
            (self.env._("Instalments to come"), str(len(to_pay)), str(len(planned))),
            (
                self.env._("Largest instalment"),
                before._money(max(to_pay.mapped("amount"), default=0)),
                after._money(max(planned.mapped("amount"), default=0)),
            ),
            (self.env._("Next instalment"), self._day(to_pay[:1].date_due), self._day(planned[:1].date_due)),
            (
                self.env._("Last instalment"),
                self._day(to_pay[-1:].date_due),
                self._day(planned[-1:].date_due),
            ),
            (
                self.env._("Acceleration clause"),
                self._yes_or_no(before.acceleration_clause),
                self._yes_or_no(after.acceleration_clause),
            ),
            (self.env._("Days to cure a default"), str(before.cure_days), str(after.cure_days)),
        ]
        return [row for row in rows if row[1] != row[2]]

    def _paid_before(self):
        """Return what was received under the plan this one renegotiates, until it took over."""
        taken_over = {item.move_line_id: item.amount_covered for item in self.item_ids}
        before = self.previous_id
        return before.currency_id.round(
            sum(
                max(item.amount_covered - taken_over[item.move_line_id], 0)
                if item.move_line_id in taken_over
                else item.amount_paid
                for item in before.item_ids
            )
        )

    def _schedule_before(self):
        """Return the schedule of the plan this one renegotiates, with what was received on each instalment."""
        before = self.previous_id
        paid = before._paid_by_instalment(self._paid_before())
        return [
            {
                "number": row.number,
                "date": row.date_due,
                "amount": row.amount,
                "paid": paid.get(row, 0.0),
                "remaining": before.currency_id.round(row.amount - paid.get(row, 0.0)),
            }
            for row in before.instalment_ids.sorted("number")
        ]

    def _changes_table(self, rows):
        """Return the changes as a table; every text is escaped."""
        lines = Markup().join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td></tr>") % row
            for row in [("", self.env._("Before"), self.env._("Now")), *rows]
        )
        return Markup('<table class="table table-sm"><tbody>%s</tbody></table>') % lines

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _day(self, date):
        return format_date(self.env, date) if date else "-"

    def _yes_or_no(self, value):
        return self.env._("yes") if value else self.env._("no")

    def _draft_revision(self, reason):
        self.check_access("write")
        # sudo: what is open of items of another branch; the right to write the plan was checked just above
        open_items = self.sudo().item_ids.filtered(
            lambda item: item.move_line_id.amount_residual_currency > 0
        )
        # The link is protected from clients; the right to write was checked just above.
        revision = self.sudo().copy(
            {
                "previous_id": self.id,
                "revision_reason": reason,
                "date_cause": self.date_cause,
                "down_payment": 0,
                "down_payment_percent": 0,
                "item_ids": [Command.create({"move_line_id": item.move_line_id.id}) for item in open_items],
            }
        )
        revision = revision.sudo(self.env.su)
        words = in_words_of_company(self).env
        self._message_log(body=words._("Renegotiation started: %s.", revision._get_html_link()))
        return revision

    def _signed_anew(self):
        """Return the plans of which the debtor has signed a revision: it keeps to that, and waits for us."""
        return self.filtered(lambda plan: "accepted" in plan.revision_ids.mapped("state"))

    def _supersede(self):
        """Hand over to the revisions being activated: what came in since they were accepted is theirs.

        An offer stands until it is taken back: it may be signed when the plan has been broken or given up meanwhile,
        which it stays.
        """
        for plan in self:
            plan._require_state((*LIVE_STATES, "broken", "cancelled"), self.env._("renegotiate it"))
            revision = plan.revision_ids.filtered(lambda revision: revision.state == "accepted")
            body = in_words_of_company(plan).env._("Renegotiated as %s.", revision._get_html_link())
            items = plan.item_ids.sudo()
            if plan.state in LIVE_STATES:
                plan._close("superseded", plan.company_id._recovery_today(), body)
            else:
                plan._message_log(body=body)
                signed = min(revision.item_ids.sudo().mapped("partial_from"))
                items = items.filtered(lambda item, signed=signed: item.partial_until > signed)
            items._hand_over(revision.item_ids)
            # Out of force in the database before the revision's items come in force there.
            plan.item_ids.flush_recordset()
