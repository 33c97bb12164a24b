"""Letters: printed in batches, each archived unchangeable with its fingerprint before it is posted."""

from odoo import api, models
from odoo.tools import SQL

from ...common.channel import Obstacle


class RecoveryChannelLetter(models.AbstractModel):
    """A notice is sent when its letter, printed and archived, was handed to the post: see ``posting``."""

    _name = "recovery.channel.letter"
    _description = "Letter channel"
    _inherit = "recovery.channel"

    _code = "letter"
    _sequence = 30
    _is_paper = True

    @api.model
    def _label(self):
        return self.env._("Letter")

    @api.model
    def _reaches(self):
        return SQL("contact.street <> '' AND (contact.city <> '' OR contact.zip <> '')")

    @api.model
    def _why_not(self, contact):
        if not (contact.street and (contact.city or contact.zip)):
            return Obstacle("no_address", self.env._("no complete postal address"))
        return None

    @api.model
    def _send(self, notices):
        """Print the letters of a batch, archive them and put them into the mailing of the day."""
        notices._fail_wordless(notices._messages())._print_letters()

    @api.model
    def _take_back(self, notices):
        """Take letters that were not posted out of their pile, with what was printed."""
        unposted = notices.filtered(lambda notice: notice.mailing_id and not notice.date_posted)
        mailings = unposted.mailing_id
        unposted._discard_documents()
        unposted._bulk_write({"mailing_id": False, "date_deadline": False})
        mailings._close_posted()
