"""Renegotiation: a new plan takes the place of one in force."""

from odoo import Command, models

from .plan import LIVE_STATES


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

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
