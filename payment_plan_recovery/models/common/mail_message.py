"""The histories of recovery records: what is written there stays as it was written."""

from collections import defaultdict

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import email_normalize

from .guarded_fields import as_action, is_action, is_uninstalling

#: What a message says, who said it, when, and where.
CONTENT = frozenset(
    (
        *("attachment_ids", "author_guest_id", "author_id", "body", "date", "email_from", "is_internal"),
        *("message_id", "message_type", "model", "parent_id", "res_id", "subject", "subtype_id"),
        "tracking_value_ids",
    )
)
#: What the machine alone knows of a message, and kinds of message that it alone writes.
OF_THE_MACHINE = ("author_guest_id", "date", "tracking_value_ids")
NOT_OF_A_CLIENT = ("auto_comment", "email")


def has_kept_history(env, model):
    """Tell whether what is written or filed with records of ``model`` stays."""
    return bool(model) and isinstance(env.get(model), env.registry["recovery.guarded.fields"])


def is_ours(model):
    """Tell whether ``model`` is one of recovery's, whether it has a history or not."""
    return bool(model) and model.startswith("recovery.")


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """A message is called by its subject; of one in a history of ours who reads it alone is told.

        Odoo tells the names of what a record points to whoever reads that record, and notifications every employee.
        """
        super()._compute_display_name()
        self._hide_subjects(self)

    @api.model
    def _hide_subjects(self, records):
        """Leave those of ``records``, messages or their mails, nameless whose message the user may not read.

        :param records: as many as ``self``, in the same order
        """
        # sudo: where a message lies does not depend on who asks
        where = self.sudo().mapped("model")
        if self.env.uid != SUPERUSER_ID and any(map(is_ours, where)):
            readable = set(self.sudo(False)._filtered_access("read").ids)
            for message, record in zip(self, records, strict=True):
                if message.id not in readable and is_ours(message.sudo().model):
                    record.display_name = False

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su or is_action(self.env):
            return super().create(vals_list)
        self._check_is_read(vals_list)
        for vals in vals_list:
            self._check_own_words(vals)
        # Odoo lays pictures of the text with the record, and gives them the link by which they show.
        messages = super(MailMessage, as_action(self)).create(vals_list).with_env(self.env)
        messages.filtered(lambda message: has_kept_history(self.env, message.model))._keep_files()
        return messages

    @api.model
    def _create_as_written(self, vals_list):
        """Create messages whose texts are kept letter by letter as they go out, and return them.

        Odoo cleans the text of a message and writes it anew, which takes longer than all else about a mail. Only for
        texts that are safe by how they are made: wording cleaned when it was saved, everything filled in escaped, the
        rest from templates of ours.
        """
        text = self._fields["body"]
        messages = self.create([{**vals, "body": False} for vals in vals_list])
        for message, vals in zip(messages, vals_list, strict=True):
            text._update_cache(message, str(vals["body"]), dirty=True)
        return messages

    def write(self, vals):
        if any(message._changes_content(vals) for message in self):
            self._refuse_if_kept()
            moved = self.sudo().mapped("model") if "res_id" in vals else []  # sudo: where it is, whoever asks
            there = [vals["model"]] if "model" in vals else moved
            if any(map(is_ours, there)) and not is_action(self.env):
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
    def _check_is_read(self, vals_list):
        """Let a client notify of what it reads alone.

        Odoo takes a notification about anything from anybody, a portal user too, and tells its author the name of it;
        of other messages it asks itself.

        :raise AccessError: one of ``vals_list`` is about a record of recovery that the user may not read
        """
        about = defaultdict(set)
        for vals in vals_list:
            kind, model, record_id = (
                vals.get(name, self.env.context.get(f"default_{name}"))
                for name in ("message_type", "model", "res_id")
            )
            if kind == "user_notification" and is_ours(model) and model in self.env and record_id:
                about[model].add(int(record_id))
        for model, ids in about.items():
            self.env[model].browse(ids).check_access("read")

    @api.model
    def _check_own_words(self, vals):
        """Let a client write into a history in its own name and of this moment, and nothing the machine writes.

        :raise AccessError: changed values, another author or sender, another moment, or a mail that came are claimed
        """
        context = self.env.context
        said = {
            name: vals.get(name, context.get(f"default_{name}"))
            for name in ("author_id", "email_from", "message_type", "model", *OF_THE_MACHINE)
        }
        if not is_ours(said["model"]):
            return
        if (
            any(said[name] for name in OF_THE_MACHINE)
            or said["message_type"] in NOT_OF_A_CLIENT
            or said["author_id"] not in (None, False, self.env.user.partner_id.id)
            or not self._is_own_address(said["email_from"])
        ):
            raise AccessError(
                self.env._("A history takes what you say in your own name; the rest it writes itself.")
            )

    @api.model
    def _is_own_address(self, sender):
        """Tell whether ``sender`` is the user's address, or of a company it works for; nothing said is the user's."""
        # sudo: addresses are compared, and not told
        user = self.env.user.sudo()
        own = {user.email_normalized, *user.company_ids.partner_id.mapped("email_normalized")}
        return not sender or email_normalize(sender) in own - {False}

    def _keep_files(self):
        """Lay the files of messages with the record whose history it is.

        A file of some other record is copied: whoever may change it there does not change what was said here.
        """
        # sudo: who posts it read it, and its copy is kept with what it was posted on
        for message in self.sudo():
            place = {"res_model": message.model, "res_id": message.res_id}
            elsewhere = message.attachment_ids.filtered(
                lambda file, message=message: (
                    (file.res_model, file.res_id) != (message.model, message.res_id) and not file._is_kept()
                )
            )
            if elsewhere:
                copies = elsewhere.copy({**place, "res_field": False})
                commands = [Command.unlink(file.id) for file in elsewhere]
                as_action(message).attachment_ids = commands + [Command.link(file.id) for file in copies]

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
