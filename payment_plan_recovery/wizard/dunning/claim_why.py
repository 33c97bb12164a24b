"""Why a claim is chased or not, with its dates and the records that decide."""

from odoo import api, fields, models


class RecoveryClaimWhy(models.TransientModel):
    """What the policies say of one claim on one day."""

    _name = "recovery.claim.why"
    _description = "Why a Claim Is Chased or Not"
    _inherit = ["recovery.names.seen"]

    claim_id = fields.Many2one("recovery.claim", readonly=True, help="What is owed.")
    # Not by sudo: a client may name any claim, and is told of those that it may read.
    partner_id = fields.Many2one(related="claim_id.partner_id", related_sudo=False)
    move_id = fields.Many2one(related="claim_id.move_id", related_sudo=False)
    instalment_id = fields.Many2one(related="claim_id.instalment_id", related_sudo=False)
    plan_id = fields.Many2one(related="claim_id.plan_id", related_sudo=False)
    date_due = fields.Date(related="claim_id.date_due", related_sudo=False)
    amount_residual = fields.Monetary(related="claim_id.amount_residual", related_sudo=False)
    currency_id = fields.Many2one(related="claim_id.currency_id", related_sudo=False)
    date = fields.Date(string="Judged on", readonly=True, help="Day on which the policies were asked.")
    run_id = fields.Many2one(
        "recovery.dunning.run", readonly=True, help="Run that the claim is looked at from; none for today."
    )
    reason = fields.Selection(
        lambda self: self.env["recovery.dunning.reason"]._selection(), string="Chased?", readonly=True
    )
    explanation = fields.Char(readonly=True, help="The reason with its level and day.")
    policy_id = fields.Many2one(
        "recovery.dunning.policy", string="Dunning policy", readonly=True, help="How the claim is chased."
    )
    level_id = fields.Many2one(
        "recovery.dunning.level", string="Next level", readonly=True, help="Level that the claim would get."
    )
    date_reached = fields.Date(
        string="Level reached on", readonly=True, help="Day from which the claim may get its next level."
    )
    hold_ids = fields.Many2many(
        "recovery.hold",
        string="Holds",
        compute="_compute_hold_ids",
        help="Holds on the claim, or on everything its debtor owes, on that day.",
    )
    notice_line_ids = fields.Many2many(
        "recovery.notice.line",
        string="Notices so far",
        compute="_compute_notice_line_ids",
        help="Notices that count for the claim.",
    )

    @api.depends("claim_id", "date")
    def _compute_hold_ids(self):
        for why in self:
            running = self.env["recovery.hold"].with_company(why.claim_id.company_id)
            held = running._running(why.date, why.partner_id) if why.date else running
            why.hold_ids = held._about(why.claim_id.move_line_id)

    @api.depends("claim_id")
    def _compute_notice_line_ids(self):
        for why in self:
            key = "instalment_id" if why.instalment_id else "move_line_id"
            why.notice_line_ids = self.env["recovery.notice.line"].search(
                [("is_live", "=", True), (key, "=", why.claim_id[key].id), (key, "!=", False)]
            )

    @api.model
    def _open(self, run, judged):
        """Window that shows what was judged.

        :param run: the run whose date and policies judge, kept or not
        :param judged: rows of the engine's statement
        """
        reasons = self.env["recovery.dunning.reason"]
        found = self.create(
            [
                {
                    "claim_id": row["id"],
                    "date": run.date,
                    "run_id": run._origin.id,
                    "reason": row["reason"],
                    "explanation": reasons._explanation(row),
                    "policy_id": row["policy_id"],
                    "level_id": row["notice_level_id"] or row["level_id"],
                    "date_reached": row["day_reached"],
                }
                for row in judged
            ]
        )
        window = {
            "type": "ir.actions.act_window",
            "name": self.env._("Why?"),
            "res_model": self._name,
            "target": "new",
        }
        if len(found) == 1:
            return {**window, "res_id": found.id, "views": [(False, "form")]}
        return {**window, "domain": [("id", "in", found.ids)], "views": [(False, "list"), (False, "form")]}
