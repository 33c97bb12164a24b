"""Renegotiation: a new plan takes the place of one in force."""

from odoo import Command, fields, models

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
        help="The plan this one takes the place of.",
    )
    revision_ids = fields.One2many("recovery.plan", "previous_id", string="Renegotiated as")
    revision_reason = fields.Text(
        string="Reason for the change", copy=False, help="Why the previous plan is renegotiated."
    )

    def _protected_fields(self):
        return super()._protected_fields() | {"previous_id"}

    def action_renegotiate(self, reason=None):
        """Draft a revision of a live plan over what remains of its items.

        The plan stays in force until the revision is activated: only then is it
        superseded, and keeps what was paid under it.

        :return: the action that opens the revision
        """
        self.ensure_one()
        self._require_state(LIVE_STATES, self.env._("renegotiate it"))
        pending = self.revision_ids.filtered(lambda plan: plan.state in ("draft", "proposed", "accepted"))
        revision = pending[:1] or self._draft_revision(reason)
        return revision._form_action()

    def action_open_revisions(self):
        """Open the plan this one renegotiates and those that renegotiate it."""
        return (self.previous_id | self.revision_ids)._form_action()

    def _draft_revision(self, reason):
        self.check_access("write")
        open_items = self.item_ids.filtered(lambda item: item.move_line_id.amount_residual_currency > 0)
        # The link is protected from clients; the right to write was checked just above.
        revision = self.sudo().copy(
            {
                "previous_id": self.id,
                "revision_reason": reason,
                "down_payment": 0,
                "down_payment_percent": 0,
                "item_ids": [Command.create({"move_line_id": item.move_line_id.id}) for item in open_items],
            }
        )
        revision = revision.sudo(self.env.su)
        self._message_log(body=self.env._("Renegotiation started: %s.", revision._get_html_link()))
        return revision

    def _supersede(self):
        """Hand over to the revisions being activated: what came in since they were accepted is theirs."""
        for plan in self:
            plan._require_state(LIVE_STATES, self.env._("renegotiate it"))
            revision = plan.revision_ids.filtered(lambda revision: revision.state == "accepted")
            plan._close("superseded", self.env._("Renegotiated as %s.", revision._get_html_link()))
            plan.item_ids.sudo()._hand_over(revision.item_ids)
            # Out of force in the database before the revision's items come in force there.
            plan.item_ids.flush_recordset()
