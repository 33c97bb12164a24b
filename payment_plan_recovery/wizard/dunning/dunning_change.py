"""Changing by hand how invoices are chased."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.common.company_words import by_company

#: Nothing of the invoice itself is written: Odoo has no entry to balance anew. What changes is told with the reason.
ALONE = {"skip_invoice_sync": True, "skip_is_manually_modified": True, "mail_notrack": True}


class RecoveryDunningChange(models.TransientModel):
    """Change by hand how invoices are chased: their policy, their next level, with a reason."""

    _name = "recovery.dunning.change"
    _description = "Change Dunning"
    _inherit = ["recovery.dialog.kept"]

    move_ids = fields.Many2many("account.move", string="Invoices", required=True)
    policy_id = fields.Many2one(
        "recovery.dunning.policy",
        domain="['|', ('claim_kind', '=', 'item'), ('do_not_chase', '=', True)]",
        help="Policy of these invoices; leave empty to chase them as their debtor's others.",
    )
    level_id = fields.Many2one(
        "recovery.dunning.level",
        string="Next level",
        domain="[('policy_id.claim_kind', '=', 'item'), ('policy_id', '=?', policy_id)]",
        help="Level at which they are chased next, whatever its delay, under its policy; leave empty for the one "
        "that follows.",
    )
    reason = fields.Text(required=True, help="Goes to the invoices' history.")

    @api.model
    def default_get(self, fields_list):
        """Show what the invoices have now, when they agree."""
        values = super().default_get(fields_list)
        moves = self.env["account.move"].browse(self.env.context.get("default_move_ids", []))
        return values | self._filled(moves, fields_list)

    @api.model
    def _standing(self, about):
        policies = {move.recovery_policy_id.id for move in about}
        levels = {item.recovery_level_id.id for item in about._recovery_items()}
        return {
            "policy_id": len(policies) == 1 and policies.pop(),
            "level_id": len(levels) == 1 and levels.pop(),
        }

    def action_change(self):
        """Set policy and next level, whichever was changed, and note the reason on each invoice.

        Raises UserError when an invoice had the level already, the level belongs to another policy, or somebody else
        changed the same meanwhile.
        """
        self.ensure_one()
        self.move_ids.check_access("read")
        items, changed = self.move_ids._recovery_items(), self._changed(self.move_ids)
        self._check_level(items, "level_id" in changed)
        # sudo: collectors may not write invoices, but decide how they are chased; nothing else is written
        moves = self.move_ids.sudo().with_context(**ALONE)
        before = {move.id: {"recovery_policy_id": move.recovery_policy_id} for move in moves}
        if self.level_id and "level_id" in changed:
            changed.setdefault("policy_id", self._policy().id)
        if "policy_id" in changed:
            moves.recovery_policy_id = self._policy()
        if "level_id" in changed:
            items.sudo().with_context(**ALONE).recovery_level_id = self.level_id
        for company, of_company in by_company(moves):
            body = self.with_context(lang=company._recovery_lang())._history(changed)
            of_company._recovery_log_changes(body, before)

    def _policy(self):
        """The policy chosen, else the one whose level was chosen: under another it would never come up."""
        return self.policy_id or self.level_id.policy_id

    def _check_level(self, items, is_new):
        if not self.level_id:
            return
        if self.policy_id and self.level_id.policy_id != self.policy_id:
            raise UserError(
                self.env._("“%s” is no level of the policy. Choose one of its levels.", self.level_id.name)
            )
        noticed = is_new and self.env["recovery.notice.line"].search(
            [("move_line_id", "in", items.ids), ("level_id", "=", self.level_id.id), ("is_live", "=", True)],
            limit=1,
        )
        if noticed:
            raise UserError(
                self.env._(
                    "%(claim)s had “%(level)s” already: no claim gets a level twice. Choose another one.",
                    claim=noticed.move_id.name,
                    level=self.level_id.name,
                )
            )

    def _history(self, changed):
        usual, left = self.env._("as usual"), self.env._("unchanged")
        return self.env._(
            "Dunning changed. Policy: %(policy)s; next level: %(level)s. Reason: %(reason)s",
            policy=(self._policy().name or usual) if "policy_id" in changed else left,
            level=(self.level_id.name or usual) if "level_id" in changed else left,
            reason=self.reason,
        )
