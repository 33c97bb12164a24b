"""A paper that is printed: one class each, so that it is printed, named and kept in one way."""

from odoo import api, models
from odoo.exceptions import UserError


class RecoveryDocument(models.AbstractModel):
    """Base of every document: a report, with what becomes of its PDF."""

    _name = "recovery.document"
    _description = "Document"
    _inherit = "recovery.kind"

    #: External id of the report that prints it.
    _report = None
    #: A level of dunning may choose it as its letter.
    _is_letter = False
    #: It is archived and attached when the notice goes by e-mail, too.
    _goes_with_mails = False

    @api.model
    def _thing(self, code):
        """Return the document of ``code``.

        :raise UserError: the addon that prints it was uninstalled
        """
        documents = self._things()
        if code not in documents:
            raise UserError(
                self.env._("No installed addon prints “%s”: choose another document in the level.", code)
            )
        return documents[code]

    @api.model
    def _letters(self):
        """Return the codes and labels of what a level may print."""
        return [(code, thing._label()) for code, thing in self._things().items() if thing._is_letter]

    @api.model
    def _file_name(self):
        """Return the name its file has, in the user's language."""
        return f"{self._label()}.pdf"

    @api.model
    def _print(self, records) -> dict:
        """Return the PDF of each record: {record: bytes}, all printed in one go."""
        return self.env["ir.actions.report"]._recovery_print(self._report, records)

    @api.model
    def _print_together(self, records) -> bytes:
        """Return one PDF of all the records, in their order."""
        pdfs = self._print(records)
        return self.env["ir.actions.report"]._recovery_merge([pdfs[record] for record in records])
