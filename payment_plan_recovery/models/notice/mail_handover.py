"""Handing prepared mails to the mail server, one by one.

Handing over cannot be undone, so each one is framed by two commits: ``attempt_started`` before,
the outcome after. A worker holds an advisory lock on the notice in between. A notice with an open
attempt and no lock has lost its worker, and nobody can tell whether the server took the mail: it
is left to a person rather than sent twice.
"""

import logging
from contextlib import contextmanager
from typing import NamedTuple

import psycopg2
from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.mail import generate_tracking_message_id

from ...tools.handover import Collector
from ..common.company_words import in_words_of_company
from ..common.guarded_fields import as_action

_logger = logging.getLogger(__name__)

#: First key of the advisory locks held while a notice is handed over; the second is its id.
SENDING_LOCK = 190501
#: Times a conclusion is written again when another transaction wrote on the notice meanwhile.
CONCLUDE_TRIES = 5


class MadeMail(NamedTuple):
    """What goes to the server of the mail ``mail_id``: ``envelopes``, or the ``reason`` why there is none."""

    mail_id: int
    envelopes: list
    reason: str | bool


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
    )
    message_ref = fields.Char(
        string="Message-ID", readonly=True, copy=False, help="Identifies the mail that went out."
    )
    server_reply = fields.Char(
        string="Server's answer",
        readonly=True,
        copy=False,
        help="What the mail server answered when it took the mail.",
    )
    attempt_started = fields.Datetime(
        readonly=True, copy=False, help="Set while the mail is being handed to the mail server."
    )
    is_uncertain = fields.Boolean(
        string="Perhaps sent",
        readonly=True,
        copy=False,
        help="The connection or the server stopped while the mail was being handed over: "
        "it may have reached the debtor.",
    )

    # Writing -------------------------------------------------------------------------------

    def _mail_values(self, message, content, printed):
        """Return the values of the mail.message kept on the notice and of the mail.mail that goes out."""
        sender = self.company_id.email_formatted or self.env.user.email_formatted
        attachments, linked = self.with_context(lang=content.env.lang)._mail_documents(printed)
        body = self.env["ir.qweb"]._render(
            "payment_plan_recovery.mail_body",
            {
                "content": content,
                "body": message._render("body", content),
                "links": [(move.name, move.get_base_url() + move.get_portal_url()) for move in linked],
            },
            lang=content.env.lang,
        )
        kept = {
            "model": self._name,
            "res_id": self.id,
            "message_type": "email_outgoing",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "author_id": self.company_id.partner_id.id,
            "email_from": sender,
            "reply_to": self._reply_default(),
            "message_id": generate_tracking_message_id(f"{self.id}-{self._name}"),
            "subject": message._render("subject", content),
            "body": body,
            "partner_ids": [(4, self.contact_id.id)],
            "attachment_ids": [(4, attachment.id) for attachment in attachments],
        }
        outgoing = {
            "body_html": body,
            "state": "outgoing",
            "auto_delete": False,
            **self.contact_id._recovery_mail_to(),
        }
        return kept, outgoing

    def _words_sent(self):
        """Return the text of the mail that went out, from the notice's history."""
        mail = self.message_ids.filtered(lambda message: message.message_id == self.message_ref)
        return mail.body if self.message_ref else ""

    # Handing over ---------------------------------------------------------------------------

    def _make_mails(self, session, server_id, alias_domain_id):
        """Return what each notice's mail hands over in a mail server's ``session``: {notice id: MadeMail}.

        Odoo makes them as if it sent them, one after the other; what it writes down meanwhile is given up: how a mail
        ended is known and kept once it was handed over.
        """
        self._begin_anew()
        made = {}
        server = self.env["ir.mail_server"].browse(server_id)
        # sudo: outgoing mails are readable by administrators only
        mails = self.sudo().mail_id
        mails.mapped("recipient_ids.email")  # Odoo looks at one after the other: read together before
        mails.mapped("attachment_ids.name")
        for notice, mail in ((notice, notice.sudo().mail_id) for notice in self):
            collector = Collector(session)
            mail._send(smtp_session=collector, alias_domain_id=alias_domain_id, mail_server=server)
            made[notice.id] = MadeMail(mail.id, collector.envelopes, mail.failure_reason)
        self.env.cr.rollback()
        return made

    def _begin_anew(self):
        """Begin a new transaction, which sees what others concluded; no progress is told."""
        self.env["ir.cron"].with_context(ir_cron_progress_id=False)._commit_progress()

    @contextmanager
    def _locked_for_sending(self):
        """Hold notices while their mails are made and handed over; yields those still to go that nobody else holds."""
        locked = self._try_lock()
        try:
            self._begin_anew()  # only a new transaction sees what another worker concluded
            yield locked._still_to_hand_over()
        except psycopg2.Error:
            self.env.cr.rollback()
            raise
        finally:
            self.env.execute_query(
                SQL(
                    "SELECT pg_advisory_unlock(%s, id) FROM unnest(%s::int[]) id",
                    SENDING_LOCK,
                    list(locked._ids),
                )
            )

    def _try_lock(self):
        """Return those that were locked: nobody else held them."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id, pg_try_advisory_lock(%s, id) FROM unnest(%s::int[]) id",
                SENDING_LOCK,
                list(self._ids),
            )
        )
        return self.browse(notice_id for notice_id, is_mine in rows if is_mine)

    def _still_to_hand_over(self):
        return self.filtered(
            lambda notice: notice.state == "queued" and notice.sudo().mail_id and not notice.attempt_started
        )

    def _hand_over(self, handover, made):
        """Hand over what was ``made`` of the notice's mail and write down how it ended, if it is to go still."""
        if self._begin_attempt(made.mail_id):
            handover.hand_over(made.envelopes)
            self._conclude_safely(handover.outcome, handover.reply or made.reason)

    def _begin_attempt(self, mail_id):
        """Write down that the mail is being handed over, unless it is to go no more; tell whether that was done."""
        # one statement, and nothing read before: each mail passes here, between two commits
        begun = self.env.execute_query(
            SQL(
                """
                UPDATE recovery_notice SET attempt_started = %s
                 WHERE id = %s AND state = 'queued' AND mail_id = %s AND attempt_started IS NULL
                RETURNING id
                """,
                fields.Datetime.now(),
                self.id,
                mail_id,
            )
        )
        self.invalidate_recordset(["attempt_started"], flush=False)
        self._begin_anew()
        return bool(begun)

    def _conclude_safely(self, outcome, reason):
        """Write down the outcome even when somebody else writes on the notice at the same time."""
        for attempt in range(1, CONCLUDE_TRIES + 1):
            try:
                self._conclude(outcome, reason)
                self._checkpoint()
            except psycopg2.OperationalError:
                self.env.cr.rollback()
                if attempt == CONCLUDE_TRIES:
                    raise
            else:
                return

    def _conclude(self, outcome, reason):
        if outcome == "accepted":
            self._conclude_taken(reason)
            return
        _logger.info("The mail of notice %s was not taken: %s", self.id, reason)
        if outcome == "unknown":
            self._uncertain(reason)
        else:
            env = in_words_of_company(self).env
            self._failed(reason or env._("The mail was not handed over."), retry=outcome == "temporary")
        self.sudo().mail_id.unlink()  # sudo: the outbox's own mail; its text stays in the history

    def _conclude_taken(self, reply):
        """Write down that the mail was taken: it goes no more, whatever becomes of this worker; see _forget_mails."""
        self.fetch(["mail_id", "words_id"])  # each mail passes here: no more is read of the notice
        self.env.execute_query(
            # sudo: the outbox's own mail
            SQL("UPDATE mail_mail SET state = 'sent' WHERE id = %s RETURNING id", self.sudo().mail_id.id)
        )
        self._sent(server_reply=reply, mail_id=False)

    @api.model
    def _forget_mails(self, made):
        """Delete those of the mails that were taken: of several at once, since deleting one costs as much."""
        ids = [one.mail_id for one in made.values() if one]
        # sudo: the outbox's own mails; their texts stay in the history
        self.env["mail.mail"].sudo().search([("id", "in", ids), ("state", "=", "sent")]).unlink()

    @api.autovacuum
    def _gc_taken_mails(self):
        """Delete the mails that were taken a day ago: a worker that was stopped had not come to it."""
        day_ago = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        written_by_outbox = [("model", "=", self._name), ("message_type", "=", "email_outgoing")]
        # sudo: the outbox's own mails; their texts stay in the history
        mails = self.env["mail.mail"].sudo()
        mails.search([*written_by_outbox, ("state", "=", "sent"), ("write_date", "<", day_ago)]).unlink()

    def _uncertain(self, reason):
        """Leave to a person what may have gone out."""
        self.sudo().mail_id.unlink()  # sudo: the outbox's own mail; its text stays in the history
        as_action(self).is_uncertain = True
        self._failed(
            in_words_of_company(self).env._(
                "The mail may have gone out: %s. Ask the debtor or the mail provider, then confirm that "
                "it was sent, or send it again.",
                reason,
            ),
            retry=False,
        )

    @api.model
    def _conclude_interrupted(self):
        """Conclude notices whose worker was stopped while it handed their mail over."""
        for notice in self.search([("state", "=", "queued"), ("attempt_started", "!=", False)]):
            if not notice._try_lock():
                continue
            try:
                self._checkpoint()
                if notice.state == "queued" and notice.attempt_started:
                    env = in_words_of_company(notice).env
                    notice._uncertain(env._("the server was stopped while handing it over"))
                self._checkpoint()
            except psycopg2.OperationalError as conflict:  # another transaction's: the next run concludes it
                self.env.cr.rollback()
                notice._leave_mail(conflict)
            finally:
                self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", SENDING_LOCK, notice.id))

    def action_confirm_sent(self):
        """Record, for notices that perhaps went out, that they did.

        Raises UserError for a notice about which there is no doubt.
        """
        self._require(self.filtered("is_uncertain"), self.env._("There is no doubt about these notices."))
        self._sent()
        self._trigger_sending()

    def _require_no_open_attempt(self):
        self._require(
            self.filtered(lambda notice: not notice.attempt_started),
            self.env._("These notices are being sent right now: try again in a minute."),
        )
