"""Records that a debtor and we write to each other about, and how it rates what came of it."""

from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from .company_words import in_words_of_company, words_of

RATINGS = [("1", "Very bad"), ("2", "Bad"), ("3", "Fair"), ("4", "Good"), ("5", "Very good")]
#: Within which the same words are one click too many.
A_MOMENT = timedelta(minutes=1)


class RecoveryRated(models.AbstractModel):
    """Records whose debtor may say, once they are over, how it was treated; they may go on all the same."""

    _name = "recovery.rated"
    _description = "Rated by a Debtor"
    _inherit = ["recovery.past"]

    debtor_rating = fields.Selection(
        RATINGS,
        string="Debtor's rating",
        readonly=True,
        copy=False,
        protected=True,
        help="How the debtor was treated, it says.",
    )
    date_rated = fields.Date(
        string="Rated on",
        readonly=True,
        copy=False,
        protected=True,
        help="Day on which the debtor gave its rating, where the creditor is.",
    )
    debtor_rating_comment = fields.Text(
        string="Debtor's comment",
        readonly=True,
        copy=False,
        protected=True,
        help="What the debtor adds to its rating.",
    )

    def _rate(self, rating, comment):
        """Keep what the debtor says of how it was treated, once.

        :param rating: one of ``RATINGS``, as the debtor sent it
        :raise UserError: it is none of them, or was given before
        """
        self.ensure_one()
        if self.debtor_rating or rating not in dict(RATINGS):
            raise UserError(self.env._("Choose one of the five ratings; it is given once."))
        self.write(
            {
                "debtor_rating": rating,
                "debtor_rating_comment": (comment or "").strip(),
                "date_rated": self.company_id._recovery_today(),
            }
        )
        self._message_log(body=words_of(self.company_id)._("Rated by the debtor: %s of 5.", rating))


class RecoveryExchange(models.AbstractModel):
    """Records with a ``partner_id`` that is the debtor, and a ``user_id`` who answers it."""

    _name = "recovery.exchange"
    _description = "Exchange with a Debtor"
    _inherit = ["recovery.guarded.fields", "mail.thread", "mail.activity.mixin"]

    is_waiting = fields.Boolean(
        string="Debtor waits",
        default=True,
        readonly=True,
        copy=False,
        protected=True,
        help="The debtor wrote last: it waits for an answer.",
    )

    def write(self, vals):
        if "description" in vals:
            self._require_not_said()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_said(self):
        self._require_not_said()

    def _require_not_said(self):
        """Leave to debtors what they wrote online, in their words.

        :raise UserError: a client would change it, or delete it
        """
        # sudo: who wrote it does not depend on who asks
        if not self.env.su and any(record.create_uid.share for record in self.sudo()):
            raise UserError(
                self.env._("The debtor wrote this itself: it stays as it was written. Add a note instead.")
            )

    def _said_by_debtor(self, body, author, attachments=None):
        """Keep what the debtor says, and ask the person responsible to answer.

        :param author: the contact who says it
        """
        self._keep_said(body, author, attachments)
        self._ask_to_answer(body)

    def _has_just_said(self, body, author):
        """Whether the last that was written is the same words of ``author``, a moment ago."""
        last = self._exchanged()[-1:]
        return (
            last.author_id == author
            and last.date > fields.Datetime.now() - A_MOMENT
            and html2plaintext(last.body).split() == body.split()
        )

    def _keep_said(self, body, author, attachments=None):
        """Keep what the debtor says, line by line, with what it asks; whoever is asked to look at it reads it there."""
        # sudo: what the debtor does is written by the system
        self.sudo().message_post(
            body=Markup("<br/>").join((body or "").strip().splitlines()),
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            attachment_ids=attachments.ids if attachments else [],
        )

    def _ask_to_answer(self, note):
        """Ask the person responsible to answer the debtor, once while nobody has."""
        for record in self:
            summary = in_words_of_company(record).env._("The debtor wrote: answer it")
            if summary not in record.activity_ids.mapped("summary"):
                record.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=summary,
                    note=note,
                    user_id=record.user_id.id or self.env.uid,
                )

    def _message_post_after_hook(self, message, msg_vals):
        """Whoever of us writes to the debtor has answered it; when the debtor writes or mails, it waits."""
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type in ("comment", "email") and message.body:
            is_theirs = message.author_id.commercial_partner_id == self.partner_id
            if is_theirs or message.subtype_id == self.env.ref("mail.mt_comment"):
                # sudo: protected from clients; it follows from who wrote
                self.sudo().is_waiting = is_theirs
        return result

    def _exchanged(self):
        """Return what the debtor may read: what it wrote itself, and what was written to it, oldest first."""
        told = self.env.ref("mail.mt_comment")
        return self.message_ids.filtered(
            lambda message: (
                message.body
                and message.message_type in ("comment", "email")
                and (
                    message.author_id.commercial_partner_id == self.partner_id
                    or (message.subtype_id == told and not message.is_internal)
                )
            )
        ).sorted("id")
