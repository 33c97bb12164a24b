"""What the post does with letters: tracking number, posting, delivery, return."""

from odoo import fields, models


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    mailing_id = fields.Many2one(
        "recovery.mailing",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The letters printed and posted together with this one.",
    )
    tracking_number = fields.Char(copy=False, help="Number of the registered letter, as the post gives it.")
    date_posted = fields.Date(string="Posted", copy=False, help="When the letter was handed to the post.")
    date_received = fields.Date(
        string="Received",
        copy=False,
        help="When the debtor signed for the registered letter, or it was presented.",
    )
    return_kind = fields.Selection(
        [
            ("unclaimed", "Unclaimed"),
            ("refused", "Refused"),
            ("unknown", "Not known at this address"),
        ],
        string="Returned as",
        copy=False,
        help="Why the post brought the letter back. A registered letter that was unclaimed or refused "
        "stays valid: it was presented at the debtor's address. One that found no addressee has to be "
        "sent again.",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("return_kind") == "unknown":
            self.filtered(lambda notice: notice.state == "sent")._came_back(
                self.env._("the addressee is not known at this address")
            )
        return result

    def _print_letters(self):
        """Put the printed letters into the mailing of the day, by company and channel."""
        result = super()._print_letters()
        printed = self.filtered(lambda notice: notice.state == "sent")
        for (company, channel), notices in printed.grouped(
            lambda notice: (notice.company_id, notice.channel)
        ).items():
            mailing = self.env["recovery.mailing"]._open_for(company, channel)
            notices._bulk_write({"mailing_id": mailing.id})
        return result
