"""Mails apart from dunning that go by themselves: a promise is confirmed.

The thanks for a plan kept and the monthly statements of plans go the same way.
"""

from dataclasses import replace

from odoo import api, fields, models
from odoo.tools.mail import email_normalize_all, formataddr, generate_tracking_message_id

from ...tools.text import LONGEST_LINE, one_line


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_confirm_promises = fields.Boolean(
        string="Confirm promises by e-mail",
        default=True,
        help="A debtor with an e-mail address is sent what was promised as soon as it is noted.",
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _recovery_addressees(self):
        """Return the debtor's contacts, the one for invoices first."""
        debtor = self.commercial_partner_id
        invoicing = debtor.browse(debtor.address_get(["invoice"])["invoice"])
        return invoicing | debtor | debtor.child_ids.filtered(lambda child: not child.is_company)

    def _recovery_mail_to(self):
        """Return the values that address a mail.mail to the contact.

        A name that is longer than a line of a mail's head may be is cut: mail servers refuse it. Of several
        addresses only the first is written to: it is the one whose blacklisting and bounces are known.
        """
        address = self.email_normalized
        if len(self.name or "") <= LONGEST_LINE and email_normalize_all(self.email) == [address]:
            return {"recipient_ids": [(4, self.id)]}
        return {"email_to": formataddr((one_line(self.name or ""), address))}


class RecoveryMessage(models.Model):
    _inherit = "recovery.message"

    @api.model
    def _mail_occasion(self, occasion, contents, attached=None):
        """Queue the mail of an occasion about each record, in one go; return the records written about.

        :param contents: {record with a debtor and a company: its Content}; all of one model
        :param attached: function that makes the attachments of the mails, called once: it is given the records
            written about and returns {record: attachment}

        What goes answers the debtor's own act, so it does not wait for the contact budget, but it is a
        contact for whatever follows. A debtor that no mail reaches is told nothing: why is written down.
        """
        messages = self.search([("occasion", "=", occasion)])
        why_not = self.env["recovery.notice"]._why_no_email
        addressees = {record: record.partner_id._recovery_addressees() for record in contents}
        everybody = self.env["res.partner"].union(*addressees.values())
        rows, withheld = [], []
        for record, content in contents.items():
            debtor = record.partner_id.with_company(record.company_id)
            message = messages._for_debtors(debtor).get(debtor.id)
            candidates = addressees[record].with_prefetch(everybody.ids)
            contact = next((one for one in candidates if not why_not(one)), None)
            if not contact:
                withheld.append((record, "email", why_not(candidates[0])))
            elif message:
                addressed = replace(content, contact=contact.with_env(content.env))
                rows.append((record, contact, message._occasion_mail(record, contact, addressed)))
        self.env["recovery.withheld"]._log(withheld, fields.Date.context_today(self))
        written = [record for record, _contact, _values in rows]
        if attached and written:
            attachments = attached(written[0].union(*written))
            for record, _contact, values in rows:
                values["attachment_ids"] = [(4, attachments[record].id)]
        self._queue_mails(rows)
        return written

    def _occasion_mail(self, record, contact, content):
        """Return the values of the mail.message kept in the record's history."""
        sender = record.company_id.email_formatted or self.env.user.email_formatted
        body = self.env["ir.qweb"]._render(
            "payment_plan_recovery.mail_body",
            {"content": content, "body": self._render("body", content), "links": []},
            lang=content.env.lang,
        )
        return {
            "model": record._name,
            "res_id": record.id,
            "message_type": "email_outgoing",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "author_id": record.company_id.partner_id.id,
            "email_from": sender,
            # sudo: the collector's address is meant to be read by the debtor
            "reply_to": record.user_id.sudo().email_formatted or sender,
            "message_id": generate_tracking_message_id(f"{record.id}-{record._name}"),
            "subject": self._render("subject", content),
            "body": body,
            "partner_ids": [(4, contact.id)],
        }

    @api.model
    def _queue_mails(self, rows):
        """Hand mails to Odoo's mail queue, with their failures shown in the history, and count the contacts."""
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
                        **contact._recovery_mail_to(),
                    }
                    for message, (_record, contact, _values) in zip(kept, rows, strict=True)
                ]
            )
        )
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
        # sudo: the contact is counted whoever caused it
        self.env["recovery.contact"].sudo().create(
            [
                {
                    "partner_id": record.partner_id.id,
                    "company_id": record.company_id.id,
                    "channel": "email",
                    "user_id": record.user_id.id,
                    "outcome": values["subject"],
                }
                for record, _contact, values in rows
            ]
        )
        # sudo: whoever may write to a debtor may have the mail queue looked at
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()


class RecoveryPromise(models.Model):
    _inherit = "recovery.promise"

    @api.model_create_multi
    def create(self, vals_list):
        promises = super().create(vals_list)
        promises._confirm_by_mail(fields.Date.context_today(self))
        return promises

    def _confirm_by_mail(self, today):
        """Send the debtors what they promised, unless its day has passed."""
        confirmed = self.filtered(
            lambda promise: (
                promise.company_id.recovery_confirm_promises
                and promise.state == "open"
                and promise.date_promised >= today
            )
        )
        self.env["recovery.message"]._mail_occasion(
            "promise_confirmation", {promise: promise._content(today) for promise in confirmed}
        )

    def _content(self, today):
        """Return what is said about the promise: its amount, its day, what it is for."""
        claims = self.env["recovery.claim"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                *([("move_line_id", "in", self.move_line_ids.ids)] if self.move_line_ids else ()),
            ]
        )
        content = self.partner_id._recovery_content(self.company_id, today, claims)
        return replace(
            content,
            deadline=self.date_promised,
            promised={self.currency_id: self.amount},
            # sudo: the collector's name, telephone and address are meant to be read by the debtor
            responsible=(self.user_id or self.env.user).sudo().partner_id,
        )
