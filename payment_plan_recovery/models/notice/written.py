"""What is written about debtors in notices."""

from odoo import models
from odoo.tools import SQL


class RecoveryWrittenNotice(models.AbstractModel):
    """Notices and their lines: levels reached, contacts used up."""

    _name = "recovery.written.notice"
    _inherit = "recovery.written"
    _description = "Facts Written: Notices"

    _code = "notice"

    def _partners(self, newer):
        return SQL(
            "SELECT notice.partner_id FROM recovery_notice notice WHERE %s"
            " UNION ALL SELECT notice.partner_id FROM recovery_notice_line line"
            " JOIN recovery_notice notice ON notice.id = line.notice_id WHERE %s",
            newer("notice"),
            newer("line"),
        )
