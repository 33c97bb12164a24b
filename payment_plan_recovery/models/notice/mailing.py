"""Mailings: the letters of a day, posted together."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class RecoveryMailing(models.Model):
    """Letters printed in one pile, to be put into envelopes and handed to the post together."""

    _name = "recovery.mailing"
    _description = "Mailing"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    date = fields.Date(
        required=True,
        readonly=True,
        default=lambda self: self.env.company._recovery_today(),
        help="Day of printing.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    channel = fields.Selection(
        [("letter", "Letters"), ("registered", "Registered letters")], required=True, readonly=True
    )
    state = fields.Selection(
        [("printed", "To post"), ("posted", "Posted")],
        default="printed",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="Letters printed later go into a new mailing once this one is posted.",
    )
    notice_ids = fields.One2many("recovery.notice", "mailing_id", string="Letters")
    notice_count = fields.Integer(string="Number of letters", compute="_compute_notice_count")
    date_posted = fields.Date(string="Posted on", readonly=True, copy=False, tracking=True)

    @api.depends("channel", "date")
    @api.depends_context("lang")
    def _compute_name(self):
        kinds = dict(self._fields["channel"]._description_selection(self.env))
        for mailing in self:
            mailing.name = f"{kinds.get(mailing.channel, '')} {format_date(self.env, mailing.date)}"

    def _compute_notice_count(self):
        counts = dict(
            self.env["recovery.notice"]._read_group(
                [("mailing_id", "in", self.ids)], ["mailing_id"], ["__count"]
            )
        )
        for mailing in self:
            mailing.notice_count = counts.get(mailing, 0)

    def _open_for(self, company, channel):
        """Return the mailing that takes letters printed now."""
        today = company._recovery_today()
        values = {"company_id": company.id, "channel": channel, "date": today}
        domain = [(name, "=", value) for name, value in values.items()]
        return self.search([*domain, ("state", "=", "printed")], limit=1) or self.create(values)

    def action_print(self):
        """Download the letters of the mailing as one PDF, exactly as they were archived."""
        self.ensure_one()
        if not self.notice_ids.attachment_id:
            raise UserError(self.env._("This mailing holds no letter."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/payment_plan_recovery/mailing/{self.id}",
            "target": "download",
        }

    def _merged_pdf(self):
        """Return the archived letters as one PDF, in the order of their references."""
        # sudo: whoever may read the mailing may print its letters
        documents = self.sudo().notice_ids.sorted("name").attachment_id
        return self.env["ir.actions.report"]._recovery_merge(documents.mapped("raw"))

    def action_post(self):
        """Record that the letters were handed to the post today.

        Raises UserError when they were already.
        """
        if self.filtered(lambda mailing: mailing.state != "printed"):
            raise UserError(self.env._("These letters were posted already."))
        for company, mailings in self.grouped("company_id").items():
            today = company._recovery_today()
            mailings.notice_ids.filtered(lambda notice: not notice.date_posted).date_posted = today
            mailings.write({"state": "posted", "date_posted": today})
