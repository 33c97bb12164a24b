"""Letters: printed in batches, each archived unchangeable with its fingerprint before it counts as sent."""

from odoo import api, models
from odoo.tools import SQL

from ...common.channel import Obstacle


class RecoveryChannelLetter(models.AbstractModel):
    """A notice is sent when its letter is printed and archived; a mailing takes it to the post."""

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
        worded = notices._fail_wordless(notices._messages())
        worded._archive_documents()
        worded._sent()
        for company, printed in worded.grouped("company_id").items():
            mailing = self.env["recovery.mailing"]._open_for(company, self._code)
            printed._bulk_write({"mailing_id": mailing.id})
