from odoo import api, models
from odoo.exceptions import AccessError

from .company_words import in_words_of_company
from .labelled import labelled
from .mail_message import has_kept_history, is_ours


class MailThread(models.AbstractModel):
    """Odoo's own lines in the histories of our records: who made them, and what changed from what to what."""

    _inherit = "mail.thread"

    @api.model_create_multi
    def create(self, vals_list):
        """What the addons' own files bring was made by nobody: no history begins with it.

        It would be told before the words of any language are there.
        """
        if is_ours(self._name) and self.env.context.get("install_mode"):
            return super(MailThread, self.with_context(mail_create_nolog=True)).create(vals_list)
        return super().create(vals_list)

    def _message_track(self, fields_iter, initial_values_dict):
        """Name states and choices in the company's language: the words are kept as they were then."""
        names = list(fields_iter or ())
        return super(MailThread, self._recovery_told(names))._message_track(names, initial_values_dict)

    def _get_html_link(self, title=None):
        """Name a record of ours in its company's language: links stand in histories."""
        return super(MailThread, self._recovery_told())._get_html_link(title)

    def _creation_message(self):
        """Name what was created, in words that fit nouns of every gender: French ones have two."""
        told = self._recovery_told()
        if not is_ours(self._name):
            return super(MailThread, told)._creation_message()
        # sudo: the name of a model is no secret
        return labelled(told.env, told.env._("Created"), told.env["ir.model"].sudo()._get(self._name).name)

    def _recovery_told(self, tracked=()):
        """The records in their company's language, where they are ours and are there still.

        Odoo's records too where a field of ours is among those ``tracked``: a debtor's risk class, say.
        """
        if is_ours(self._name):
            return in_words_of_company(self.exists()) if "company_id" in self._fields else self
        if not any(name.startswith("recovery_") for name in tracked):
            return self
        company = self.exists().company_id[:1] or self.env.company
        return self.with_context(lang=company._recovery_lang())

    def _recovery_log_changes(self, body, before):
        """Note ``body`` on each record, and with it what changed: one row of its history, all rows in one go.

        :param before: {id: {name of a tracked field: what it was}}; who writes the fields keeps Odoo from tracking them
        """
        messages = self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
        names = {name for values in before.values() for name in values}
        tracked = self.fields_get(names, attributes=("string", "type", "selection", "currency_field"))
        # sudo: what changed is told with the message, which Odoo writes with the system's rights
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for record, message in zip(self, messages, strict=True)
                for _command, _id, values in record._mail_track(tracked, before[record.id])[1]
            ]
        )

    def _message_compute_author(self, author_id=None, email_from=None):
        """What a visitor whom nobody knows does is told by the company.

        It has a name that says nothing, and no address: Odoo sends no mail without a sender.
        """
        is_visitor = self._recovery_is_visited()
        company = is_visitor and self[:1].sudo()._recovery_writer()  # sudo: its address is on all it writes
        if is_visitor and author_id in (None, self.env.user.partner_id.id) and not email_from:
            author_id = company.id
        author_id, email_from = super()._message_compute_author(author_id, email_from)
        return author_id, email_from or (company and company.email_formatted) or email_from

    def _message_log_batch(self, bodies, subject=False, author_id=None, **how):
        """In a history, which goes to nobody, it is told by the debtor whose record it is."""
        if author_id is None and self._recovery_is_visited():
            author_id = self.sudo()._recovery_visitor().id  # sudo: who it is about is told in its own history
        return super()._message_log_batch(bodies, subject=subject, author_id=author_id, **how)

    def _recovery_is_visited(self):
        """Whether somebody whom nobody knows acts, by a link, on debtors or records of ours."""
        return (self._name == "res.partner" or is_ours(self._name)) and self.env.user._is_public()

    def _recovery_visitor(self):
        """Return the one debtor whom the records are about, else the company's partner."""
        told = self if self._name == "res.partner" or "partner_id" not in self._fields else self["partner_id"]
        debtor = told.commercial_partner_id if told._name == "res.partner" else told.browse()
        return debtor if len(debtor) == 1 else self[:1]._recovery_writer()

    def _recovery_writer(self):
        """Return the partner of the records' company."""
        company = self["company_id"] if "company_id" in self._fields else self.env.company.browse()
        return (company or self.env.company).partner_id

    @api.model
    def _recovery_require_gateway(self, routes):
        """Let mails come into the histories of our records by the mail gateway alone.

        Odoo lets every employee hand in a mail, and files it, or makes a record of it, with the system's rights.

        :param routes: (model, id, values, user, alias), of Odoo's ``message_route``
        :raise AccessError: somebody else than the system, or a Settings administrator, hands in a mail for them
        """
        if self.env.su or self.env.user.has_group("base.group_system"):
            return
        if any(has_kept_history(self.env, model) for model, *_where in routes or ()):
            raise AccessError(self.env._("Mails come here by the mail gateway. Write a note instead."))
