"""A channel: notices are laid into a folder that their debtor collects them from."""

from pathlib import Path

from odoo import api, models
from odoo.addons.payment_plan_recovery.models.common.channel import Obstacle
from odoo.tools import SQL


class RecoveryChannelFolder(models.AbstractModel):
    _name = "recovery.channel.folder"
    _inherit = "recovery.channel"
    _description = "Folder channel"

    _code = "folder"
    _sequence = 60

    @api.model
    def _label(self):
        return self.env._("Folder")

    @api.model
    def _reaches(self):
        return SQL("contact.recovery_folder <> ''")

    @api.model
    def _why_not(self, contact):
        return None if contact.recovery_folder else Obstacle("no_address", self.env._("no folder"))

    @api.model
    def _send(self, notices):
        """Write words and document of each notice; a batch that is tried again writes the same files."""
        messages, contents = notices._messages(), notices._contents()
        worded = notices._fail_wordless(messages)
        worded._archive_documents()
        for notice in worded:
            folder = Path(notice.contact_id.recovery_folder)
            name = notice.name.replace("/", "-")
            try:
                (folder / f"{name}.html").write_text(messages[notice]._render("body", contents[notice.id]))
                (folder / f"{name}.pdf").write_bytes(notice.attachment_id.raw)
            except OSError as error:
                notice._failed(self.env._("The folder cannot be written: %s", error.strerror))
            else:
                notice._sent(server_reply=self.env._("laid into %s", folder))
