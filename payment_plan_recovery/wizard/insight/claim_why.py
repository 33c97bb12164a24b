from odoo import api, fields, models
from odoo.tools import format_date

from ...models.common.counted import counted


class RecoveryClaimWhy(models.TransientModel):
    _inherit = "recovery.claim.why"

    forecast = fields.Char(related="claim_id.forecast", related_sudo=False)
    moved = fields.Char(
        string="Day of the level",
        compute="_compute_moved",
        help="Within which bounds the forecast moved it, and why.",
    )

    @api.depends("claim_id", "level_id", "date_reached")
    def _compute_moved(self):
        lines = self.env["recovery.forecast.line"]
        foreseen = lines.search([("move_line_id", "in", self.claim_id.move_line_id.ids)]).grouped(
            "move_line_id"
        )
        for why in self:
            level = why.level_id
            line = foreseen.get(why.claim_id.move_line_id, lines)
            why.moved = level.pace == "forecast" and bool(line) and why._moved_words(level, line)

    def _moved_words(self, level, line):
        moves = {"early": level.days_early, "late": level.days_late}
        bounds = {side: counted(self.env, "day", days) for side, days in moves.items()}
        if not (self.partner_id.commercial_partner_id.is_company or level.pace_people):
            return self.env._("It moves by the forecast, but not for individuals.")
        if line.is_by_mean:
            return self.env._(
                "It moves by the forecast, but the forecast was no better than the mean last quarter: the declared day "
                "stands."
            )
        if not line.date_expected:
            return self.env._(
                "It moves by the forecast, by %(early)s earlier or %(late)s later at most: this claim is not "
                "expected to be paid by itself.",
                **bounds,
            )
        return self.env._(
            "It moves by the forecast, by %(early)s earlier or %(late)s later at most: this claim is expected on "
            "%(day)s, as of %(date)s.",
            day=format_date(self.env, line.date_expected),
            date=format_date(self.env, line.date),
            **bounds,
        )
