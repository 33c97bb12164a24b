"""The histories of recovery records: what is written there stays as it was written."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guarded_fields import is_action, is_uninstalling

#: What a message says, who said it, when, and where.
CONTENT = frozenset(
    (
        *("attachment_ids", "author_guest_id", "author_id", "body", "date", "email_from", "is_internal"),
        *("message_id", "message_type", "model", "parent_id", "res_id", "subject", "subtype_id"),
        "tracking_value_ids",
    )
)


def has_kept_history(env, model):
    """Tell whether what is written or filed with records of ``model`` stays."""
    return bool(model) and isinstance(env.get(model), env.registry["recovery.guarded.fields"])


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and not is_action(self.env):
            for vals in vals_list:
                self._check_own_words(vals)
        return super().create(vals_list)

    def write(self, vals):
        if any(message._changes_content(vals) for message in self):
            self._refuse_if_kept()
            if has_kept_history(self.env, vals.get("model")) and not is_action(self.env):
                raise AccessError(self.env._("Write into the history itself: messages do not move there."))
        return super().write(vals)

    def _changes_content(self, vals):
        """Tell whether ``vals`` say anything else than the message does.

        Odoo writes again what a message says, and a subject where it has none, when it mails it.
        """
        for name in CONTENT & vals.keys():
            said = self.sudo()[name]  # sudo: what it says does not depend on who asks
            known = self._fields[name].convert_to_write(said, self)
            if vals[name] != known and not (name == "subject" and not said and self.env.su):
                return True
        return False

    def unlink(self):
        self._refuse_if_kept()
        return super().unlink()

    @api.model
    def _check_own_words(self, vals):
        """Let a client write into a history in its own name and of this moment, and nothing the machine writes.

        :raise AccessError: changed values, another author or another moment are claimed
        """
        context = self.env.context
        if not has_kept_history(self.env, vals.get("model", context.get("default_model"))):
            return
        author = vals.get("author_id", context.get("default_author_id"))
        invented = [
            name
            for name in ("tracking_value_ids", "date")
            if vals.get(name) or context.get(f"default_{name}")
        ]
        if invented or author not in (None, False, self.env.user.partner_id.id):
            raise AccessError(
                self.env._("A history takes what you say in your own name; the rest it writes itself.")
            )

    def _refuse_if_kept(self):
        """Refuse to change or delete what stands in the history of a recovery record, whoever asks.

        Odoo's own screens change messages with the system's rights: only an action may.
        """
        if is_action(self.env) or is_uninstalling(self.env):
            return
        # sudo: whether a message is kept does not depend on who asks
        if any(has_kept_history(self.env, message.model) for message in self.sudo()):
            raise UserError(
                self.env._("This is part of a debtor's file and stays as it was written. Add a note instead.")
            )


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:  # Odoo itself tracks with the system's rights
            self.env["mail.message"].browse(vals["mail_message_id"] for vals in vals_list)._refuse_if_kept()
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - {"field_id", "field_info"}:  # Odoo keeps there what a removed field was called
            self.mail_message_id._refuse_if_kept()
        return super().write(vals)

    def unlink(self):
        self.mail_message_id._refuse_if_kept()
        return super().unlink()
