"""What is declared of dunning: once it changes, lists are to find a judgement by it."""

from odoo import api, models


class RecoveryDunningRule(models.AbstractModel):
    """Records that stand in the dunning statement itself.

    The judgement kept for lists was made by other rules than theirs, and holds no more. Without being asked for, the
    next one would come within the hour, and every page until then would have to judge the whole ledger.
    """

    _name = "recovery.dunning.rule"
    _description = "Dunning Rule"

    @api.model_create_multi
    def create(self, vals_list):
        """Create the rules, and have the claims judged by them soon."""
        rules = super().create(vals_list)
        self.env["recovery.judgement"]._ask_to_keep()
        return rules

    def write(self, vals):
        """Change the rules, and have the claims judged by them soon."""
        result = super().write(vals)
        self.env["recovery.judgement"]._ask_to_keep()
        return result

    def unlink(self):
        """Delete the rules, and have the claims judged without them soon."""
        result = super().unlink()
        self.env["recovery.judgement"]._ask_to_keep()
        return result
