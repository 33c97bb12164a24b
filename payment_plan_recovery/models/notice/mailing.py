"""Mailings: the letters of a day, posted together."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context, format_date

from ..common.company_words import in_words_of_company
from ..common.file_content import content_of


class RecoveryMailing(models.Model):
    """Letters printed in one pile, to be put into envelopes and handed to the post together."""

    _name = "recovery.mailing"
    _description = "Mailing"
    _inherit = ["recovery.guarded.fields", "mail.thread"]
    _by_actions = True
    _order = "date desc, id desc"
    _rec_names_search = ["notice_ids.name"]
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
        found = self.search([*domain, ("state", "=", "printed")], limit=1)
        # sudo: whoever may have letters printed puts them on a pile; a dialog's defaults are not the pile's
        return found or self.sudo().with_context(clean_context(self.env.context)).create(values).sudo(False)

    def action_print(self):
        """Download the letters of the mailing as one PDF, exactly as they were archived.

        Those that wait for the post are looked at again: what was paid meanwhile is not asked for.
        """
        self.ensure_one()
        waiting = self.notice_ids.filtered(lambda notice: notice.state == "to_post")
        in_words_of_company(waiting)._look_again(self.company_id._recovery_today())
        if not self.exists() or not self.notice_ids.attachment_id:
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
        return self.env["ir.actions.report"]._recovery_merge(map(content_of, documents))

    def action_open_posting(self):
        """Ask for the day of posting and the numbers of registered letters."""
        self._require_not_posted()
        return self.notice_ids.filtered(lambda notice: notice.state == "to_post").action_open_posting()

    def action_post(self, date=None):
        """Record that the letters were handed to the post, today without a ``date``.

        :raise UserError: they were already, or not on that day
        """
        self.check_access("write")
        self._require_not_posted()
        answer = False
        for mailing in self:
            waiting = mailing.notice_ids.filtered(lambda notice: notice.state == "to_post")
            answer = waiting.action_post(date) or answer
        for company, mailings in self.exists().grouped("company_id").items():
            # counted as sent when they were printed, by an earlier version
            sent = mailings.notice_ids.filtered(lambda one: one.state == "sent" and not one.date_posted)
            sent._bulk_write({"date_posted": fields.Date.to_date(date) or company._recovery_today()})
        self._close_posted()
        return answer

    def _require_not_posted(self):
        if self.filtered(lambda mailing: mailing.state != "printed"):
            raise UserError(self.env._("These letters were posted already."))

    def _close_posted(self):
        """Close piles of which nothing is left to post; one without letters is none, and may be gone by now."""
        for mailing in self.exists():
            notices = mailing.notice_ids
            # sudo: whoever may withdraw or post the letters leaves the pile as it is then
            if not notices:
                mailing.sudo().unlink()
            elif mailing.state == "printed" and all(notice.date_posted for notice in notices):
                day = max(notices.mapped("date_posted"))
                mailing.sudo().write({"state": "posted", "date_posted": day})
