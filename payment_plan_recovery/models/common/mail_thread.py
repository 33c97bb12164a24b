from odoo import models

from .company_words import in_words_of_company


class MailThread(models.AbstractModel):
    """Odoo's own lines in the histories of our records: who made them, and what changed from what to what."""

    _inherit = "mail.thread"

    def _message_track(self, fields_iter, initial_values_dict):
        """Name states and choices in the company's language: the words are kept as they were then."""
        return super(MailThread, self._recovery_told())._message_track(fields_iter, initial_values_dict)

    def _creation_message(self):
        return super(MailThread, self._recovery_told())._creation_message()

    def _recovery_told(self):
        """The records in their company's language, where they are ours and are there still."""
        is_ours = self._name.startswith("recovery.") and "company_id" in self._fields
        return self.with_context(lang=in_words_of_company(self.exists()).env.lang) if is_ours else self
