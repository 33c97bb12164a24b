"""Handing printed letters to the post: on which day, and under which numbers."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class RecoveryNoticePosting(models.TransientModel):
    """Asks when letters were posted, and for the numbers of the registered ones."""

    _name = "recovery.notice.posting"
    _description = "Posting of Letters"

    notice_ids = fields.Many2many("recovery.notice", string="Letters", required=True)
    notice_count = fields.Integer(string="Number of letters", compute="_compute_notice_count")
    date_posted = fields.Date(
        string="Posted on",
        required=True,
        default=lambda self: self.env.company._recovery_today(),
        help="What follows the letters counts from this day.",
    )
    line_ids = fields.One2many(
        "recovery.notice.posting.line",
        "posting_id",
        string="Registered letters",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("notice_ids")
    def _compute_notice_count(self):
        for posting in self:
            posting.notice_count = len(posting.notice_ids)

    @api.depends("notice_ids")
    def _compute_line_ids(self):
        for posting in self:
            registered = posting.notice_ids.filtered(lambda notice: notice.channel == "registered")
            posting.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {"notice_id": notice._origin.id, "tracking_number": notice.tracking_number}
                    )
                    for notice in registered
                ),
            ]

    def action_print(self):
        """Print the registered letters again, with their numbers on them."""
        numbers = self._numbers()
        missing = [notice.display_name for notice, number in numbers.items() if not number]
        if missing:
            raise UserError(
                self.env._("Give the number that the post's slip has for: %s.", ", ".join(missing[:10]))
            )
        letters = self.notice_ids
        letters._note_numbers(numbers)
        return letters.mailing_id[:1].action_print()

    def action_post(self):
        """Record that the letters were posted."""
        self.notice_ids._note_numbers_posted(self._numbers())
        return self.notice_ids.action_post(self.date_posted)

    def _numbers(self):
        self.ensure_one()
        return {line.notice_id: line.tracking_number for line in self.line_ids}


class RecoveryNoticePostingLine(models.TransientModel):
    """The number of one registered letter."""

    _name = "recovery.notice.posting.line"
    _description = "Number of a Registered Letter"

    posting_id = fields.Many2one("recovery.notice.posting", required=True, ondelete="cascade")
    notice_id = fields.Many2one("recovery.notice", string="Letter", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="notice_id.partner_id")
    tracking_number = fields.Char(help="Number on the slip of the registered letter.")
