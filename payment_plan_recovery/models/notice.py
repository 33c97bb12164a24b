from odoo import fields, models

from .dunning_level import CHANNELS


class RecoveryNotice(models.Model):
    """One message to one debtor at one level over some claims."""

    _name = "recovery.notice"
    _description = "Notice"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Reference", readonly=True, copy=False)
    run_id = fields.Many2one("recovery.dunning.run", readonly=True, index="btree_not_null", ondelete="set null")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, index=True, readonly=True)
    level_id = fields.Many2one("recovery.dunning.level", required=True, index=True, ondelete="restrict", readonly=True)
    date = fields.Date(required=True, readonly=True, help="Date of the notice; deadlines count from it.")
    channel = fields.Selection(CHANNELS, required=True, help="How the notice reaches the debtor.")
    state = fields.Selection(
        [
            ("draft", "To approve"),
            ("approved", "Approved"),
            ("queued", "Queued"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("ignored", "Ignored"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        help="Only a sent notice counts as a level done. "
        "Ignored: the claims are proposed again at the same level.",
    )
    line_ids = fields.One2many("recovery.notice.line", "notice_id", string="Claims", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", default=lambda self: self.env.user)
    amount_total = fields.Monetary(help="Total of the claims when the notice was made, in company currency.", readonly=True)
    date_sent = fields.Datetime(readonly=True, copy=False, help="When the mail server took it, or the letter was printed.")
    failure_reason = fields.Text(readonly=True, copy=False)
    attachment_id = fields.Many2one(
        "ir.attachment", string="Document", readonly=True, copy=False, help="The PDF that went out."
    )
    document_sha256 = fields.Char(string="SHA-256", readonly=True, copy=False, help="Fingerprint of the PDF that went out.")
