"""What was asked for in a notice that went out stays, as the notice does."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.ondelete(at_uninstall=True)  # always: who sends the flag of an uninstallation is not believed
    def _unlink_except_asked_for(self):
        # sudo: the notice stays whoever may read it
        line = self.env["recovery.notice.line"].sudo()
        # one that came back went out all the same
        gone = Domain("notice_id.state", "in", ("to_post", "sent")) | Domain(
            "notice_id.date_sent", "!=", False
        )
        told = line.search(Domain("move_line_id", "in", self.ids) & gone, limit=1)
        if told:
            raise UserError(
                self.env._(
                    "%(item)s was asked for in %(notice)s: it stays on file. Make a credit note instead.",
                    item=told.move_id.name,
                    notice=told.notice_id.display_name,
                )
            )
