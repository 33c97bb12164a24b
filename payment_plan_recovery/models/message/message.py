"""The words a debtor is written in: by level of dunning, or by occasion."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.mail import generate_tracking_message_id, is_html_empty

from ..common.channel import Obstacle
from ..common.company_words import in_words_of_company

#: What is written to debtors apart from dunning.
OCCASIONS = [
    ("plan_options", "Ways to pay"),
    ("plan_offer", "Offer of a plan"),
    ("plan_confirmation", "Plan agreed"),
    ("plan_statement", "Monthly statement of a plan"),
    ("plan_kept", "Plan kept to its end"),
    ("promise_confirmation", "Promise to pay"),
    ("incentive_granted", "Incentive granted"),
    ("incentive_withdrawn", "Incentive taken back"),
    ("by_hand", "Mail written by hand"),
]


class RecoveryMessage(models.Model):
    """The words of a level: subject, mail body, letter, in every language by translation."""

    _name = "recovery.message"
    _description = "Recovery Message"
    _inherit = ["recovery.wording", "recovery.filter"]
    _order = "sequence, id"
    _worded_fields = ("subject", "body", "letter", "closing", "sms", "script")

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first message whose debtor filter fits is used.")
    active = fields.Boolean(default=True)
    level_id = fields.Many2one(
        "recovery.dunning.level", index=True, ondelete="cascade", help="Level whose notices use these words."
    )
    occasion = fields.Selection(
        OCCASIONS, help="What these words are for, when it is not a level of dunning."
    )
    debtor_domain = fields.Char(
        default="[]", required=True, filters="res.partner", help="Debtors these words are meant for."
    )
    tone = fields.Selection(
        [("courteous", "Courteous"), ("firm", "Firm"), ("formal", "Formal")],
        required=True,
        default="courteous",
        help="How the words sound; for those who choose among them.",
    )
    subject = fields.Char(
        required=True, translate=True, help="Subject of the mail and heading of the letter."
    )
    body = fields.Html(translate=True, sanitize=True, help="Mail text; words in {braces} are replaced.")
    letter = fields.Html(translate=True, sanitize=True, help="Letter text above the table of claims.")
    closing = fields.Html(translate=True, sanitize=True, help="Letter text below the table of claims.")
    sms = fields.Text(string="SMS", translate=True, help="Text message; one of 160 characters costs least.")
    script = fields.Html(
        string="Call script", translate=True, sanitize=True, help="What the caller says and asks for."
    )

    _for_one_use = models.Constraint(
        "CHECK(level_id IS NULL OR occasion IS NULL)",
        "A message is for a level or for an occasion, not for both: clear one of them.",
    )

    def write(self, vals):
        """Refuse to archive or to take away the last message of a level in use."""
        levels = self.level_id
        result = super().write(vals)
        if {"active", "level_id", "occasion"} & vals.keys():
            self._check_levels_have_words(levels)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_words(self):
        self._check_levels_have_words(self.level_id, without=self)

    @api.model
    def _check_levels_have_words(self, levels, without=()):
        """Refuse a change that leaves a level of an active policy without any message."""
        kept = self.search([("level_id", "in", levels.ids)]) - self.browse(one.id for one in without)
        worded = kept.level_id
        silent = (levels - worded).filtered("policy_id.active")
        if silent:
            raise ValidationError(
                self.env._(
                    "%s would have no message left: nothing could be sent to its debtors. Write another one "
                    "first.",
                    ", ".join(silent.mapped("display_name")),
                )
            )

    @api.model
    def _for_occasion(self, occasion, debtor):
        """Return the message of an occasion that fits the debtor, if any."""
        messages = self.search([("occasion", "=", occasion)])
        return messages._for_debtors(debtor).get(debtor.id, self.browse())

    def _for_debtors(self, debtors):
        """Return the message for each debtor, trials between two words shared out: {debtor id: message}."""
        chosen = self._fitting(debtors)
        return self.env["recovery.message.trial"].with_company(debtors.env.company)._shared_out(chosen)

    def _fitting(self, debtors):
        """Return the message that fits each debtor, the first in order: {debtor id: message}."""
        chosen = {}
        for message in self.sorted():
            for debtor in message._filter_keeps("debtor_domain", debtors):
                chosen.setdefault(debtor.id, message)
        return chosen

    def _is_written(self, lang):
        """Return whether a mail in a language would have a subject and a text."""
        worded = self.with_context(lang=lang)
        return bool((worded.subject or "").strip()) and not is_html_empty(worded.body)

    # Mails of an occasion ------------------------------------------------------------------

    @api.model
    def _mail_occasion(self, occasion, contents, attached=None, *, answers=False):
        """Queue the mail of an occasion about each record, in one go; return the records written about.

        :param contents: {record with a debtor and a company: its Content}; all of one model
        :param attached: function that makes the attachments of the mails, called once: it is given the records
            written about and returns {record: attachment}
        :param answers: the debtor acted just now and waits for it: it goes to an archived one, too

        What goes answers the debtor's own act, so it does not wait for the contact budget, but it is a
        contact for whatever follows. A debtor that no mail reaches is told nothing: why is written down.
        """
        contents = contents if answers else self._without_archived(contents)
        messages = self.search([("occasion", "=", occasion)])
        addressees = {record: record.partner_id._recovery_addressees() for record in contents}
        everybody = self.env["res.partner"].union(*addressees.values())
        rows, withheld = [], []
        for record, content in contents.items():
            debtor = record.partner_id.with_company(record.company_id)
            message = messages._fitting(debtor).get(debtor.id)  # trials are between the words of a level
            candidates = addressees[record].with_prefetch(everybody.ids)
            why_not = in_words_of_company(record).env["recovery.channel"]._thing("email")._why_not
            contact = next((one for one in candidates if not why_not(one)), None)
            if not contact:
                withheld.append((record, "email", why_not(candidates[0])))
            elif message and message._is_written(content.env.lang):
                addressed = replace(content, contact=contact.with_env(content.env))
                rows.append((record, contact, message._occasion_mail(record, addressed)))
        self.env["recovery.withheld"]._log_today(withheld)
        written = [record for record, _contact, _values in rows]
        self._address_replies(rows)
        if attached and written:
            attachments = attached(written[0].union(*written))
            for record, _contact, values in rows:
                values["attachment_ids"] = [(4, attachments[record].id)]
        self._queue_mails(rows)
        self._count_contacts(rows)
        return written

    @api.model
    def _without_archived(self, contents):
        """Return the ``contents`` of debtors who are no customers any more left out; a person is asked about these."""
        archived = [record for record in contents if record.partner_id._recovery_is_archived()]
        withheld = []
        for record in archived:
            words = in_words_of_company(record).env
            reason = words._("The debtor is archived: nothing is mailed to it by itself.")
            note = words._("Write to it yourself what it should know, or take it out of the archive.")
            withheld.append((record, "email", Obstacle("archived", reason)))
            self.env["ir.cron"]._recovery_ask_about(record, note, reason)
        self.env["recovery.withheld"]._log_today(withheld)
        return {record: content for record, content in contents.items() if record not in archived}

    def _occasion_mail(self, record, content):
        """Return the values of the mail.message kept in the record's history."""
        words = self._render("subject", content), self._render("body", content)
        return self._mail_about(record, content, *words)

    @api.model
    def _mail_about(self, record, content, subject, body, links=()):
        """Return the values of a mail.message about ``record`` to the content's contact, in these words.

        :param links: (name, address) of what the mail points to
        """
        sender = record.company_id.email_formatted or self.env.user.email_formatted
        body = self.env["ir.qweb"]._render(
            "payment_plan_recovery.mail_body",
            {"content": content, "body": body, "links": links},
            lang=content.env.lang,
        )
        return {
            "model": record._name,
            "res_id": record.id,
            "message_type": "email_outgoing",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "author_id": record.company_id.partner_id.id,
            "email_from": sender,
            "message_id": generate_tracking_message_id(f"{record.id}-{record._name}"),
            "subject": subject,
            "body": body,
            "partner_ids": [(4, content.contact.id)],
        }

    @api.model
    def _address_replies(self, rows):
        """Fill in where each mail is replied to: the address that catches replies, where the company has one."""
        if not rows:
            return
        records = rows[0][0].union(*(record for record, _contact, _values in rows))
        # sudo: the collector's address is meant to be read by the debtor
        responsible = {record.id: record.user_id.sudo().email_formatted for record in records}
        addresses = records._notify_get_reply_to_batch(
            defaults={
                record.id: responsible[record.id] or values["email_from"] for record, _contact, values in rows
            },
            author_ids={record.id: values["author_id"] for record, _contact, values in rows},
        )
        for record, _contact, values in rows:
            values["reply_to"] = addresses[record.id]

    @api.model
    def _queue_mails(self, rows, at=False):
        """Hand mails to Odoo's mail queue, with their failures shown in the history.

        :param at: moment (UTC) before which they do not go
        """
        if not rows:
            return
        # sudo: mails that go by themselves, whoever noted the promise or booked the payment
        kept = self.env["mail.message"].sudo().create([values for _record, _contact, values in rows])
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    {
                        "mail_message_id": message.id,
                        "body_html": message.body,
                        "state": "outgoing",
                        "is_notification": True,  # the mail is forgotten once it went, its message stays
                        "auto_delete": True,
                        "scheduled_date": at,
                        **contact._recovery_mail_to(),
                    }
                    for message, (_record, contact, _values) in zip(kept, rows, strict=True)
                ]
            )
        )
        self._show_failures(mails, rows)
        # sudo: whoever may write to a debtor may have the mail queue looked at
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger(at or None)

    @api.model
    def _show_failures(self, mails, rows):
        """Let the histories show whether the mails went: one notification each."""
        # sudo: they belong to the mails that go by themselves
        self.env["mail.notification"].sudo().create(
            [
                {
                    "mail_message_id": mail.mail_message_id.id,
                    "mail_mail_id": mail.id,
                    "res_partner_id": contact.id,
                    "notification_type": "email",
                    "notification_status": "ready",
                    "is_read": True,
                }
                for mail, (_record, contact, _values) in zip(mails, rows, strict=True)
            ]
        )

    @api.model
    def _count_contacts(self, rows):
        """Note each mail as a contact, which counts for the budget."""
        if not rows:
            return
        # sudo: the contact is counted whoever caused it
        self.env["recovery.contact"].sudo().create(
            [
                {
                    "partner_id": record.partner_id.id,
                    "company_id": record.company_id.id,
                    "channel": "email",
                    "user_id": record.user_id.id,
                    "outcome": values["subject"],
                    "is_automatic": True,
                }
                for record, _contact, values in rows
            ]
        )
