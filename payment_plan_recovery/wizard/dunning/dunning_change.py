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
        if len(moves.recovery_policy_id) == 1:
            values["policy_id"] = moves.recovery_policy_id.id
        levels = moves._recovery_items().recovery_level_id
        if len(levels) == 1:
            values["level_id"] = levels.id
        return values

    def action_change(self):
        """Set policy and next level and note the reason on each invoice.

        Raises UserError when an invoice had the level already, or the level belongs to another policy.
        """
        self.ensure_one()
        self.move_ids.check_access("read")
        items = self.move_ids._recovery_items()
        self._check_level(items)
        # sudo: collectors may not write invoices, but decide how they are chased; nothing else is written
        moves = self.move_ids.sudo().with_context(**ALONE)
        before = {move.id: {"recovery_policy_id": move.recovery_policy_id} for move in moves}
        moves.recovery_policy_id = self._policy()
        items.sudo().with_context(**ALONE).recovery_level_id = self.level_id
        for company, of_company in by_company(moves):
            body = self.with_context(lang=company._recovery_lang())._history()
            of_company._recovery_log_changes(body, before)

    def _policy(self):
        """The policy chosen, else the one whose level was chosen: under another it would never come up."""
        return self.policy_id or self.level_id.policy_id

    def _check_level(self, items):
        if not self.level_id:
            return
        if self.policy_id and self.level_id.policy_id != self.policy_id:
            raise UserError(
                self.env._("“%s” is no level of the policy. Choose one of its levels.", self.level_id.name)
            )
        noticed = self.env["recovery.notice.line"].search(
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

    def _history(self):
        nothing = self.env._("as usual")
        return self.env._(
            "Dunning changed. Policy: %(policy)s; next level: %(level)s. Reason: %(reason)s",
            policy=self._policy().name or nothing,
            level=self.level_id.name or nothing,
            reason=self.reason,
        )
