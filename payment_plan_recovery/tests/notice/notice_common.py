"""Notices with debtors, claims and words, and a real mail server on loopback to send them to."""

import socket
import time
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from unittest.mock import patch

from aiosmtpd.controller import Controller
from odoo import SUPERUSER_ID, Command, api
from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..dunning.dunning_common import DunningCommon, day


def find_free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postbox:
    """What the mail server took; addresses that name a fault get it."""

    def __init__(self):
        self.envelopes = []
        self.times = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 aiosmtpd's name
        if address.startswith("refused"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("later"):
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 aiosmtpd's name
        self.envelopes.append(envelope)
        self.times.append(time.monotonic())
        if envelope.rcpt_tos[0].startswith("dropped"):
            server.transport.close()
        return "250 2.0.0 Ok: queued"

    def addresses(self):
        return sorted(address for envelope in self.envelopes for address in envelope.rcpt_tos)


class NoticeCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.write(
            {"email": "creditor@example.com", "street": "1 Main Street", "city": "Lyon"}
        )
        cls.company.recovery_quiet_channels = "none"  # the tests may run at night
        cls.policy = cls.make_policy({"trigger": "due_date", "delay_days": 5}, grouping="debtor")
        cls.level = cls.policy.level_ids
        cls.level.channel_ids.unlink()
        cls.channel("email", 1)
        cls.channel("letter", 2)
        cls.message = cls.env["recovery.message"].create(
            {
                "name": "Words",
                "level_id": cls.level.id,
                "subject": "Pay {total}",
                "body": "<p>Dear {debtor}</p><div>{claims}</div>",
                "letter": "<p>Dear {debtor}</p>",
            }
        )

    @classmethod
    def channel(cls, channel, sequence):
        return cls.env["recovery.dunning.level.channel"].create(
            {"level_id": cls.level.id, "channel": channel, "sequence": sequence}
        )

    def only(self, channel, **message):
        """Let the level go over one channel, with further words of its message."""
        self.level.channel_ids = [Command.clear(), Command.create({"channel": channel})]
        self.message.write(message)

    @classmethod
    def notify(cls, *debtors, on=5, amount=100.0):
        """One claim and one confirmed notice for each debtor; the notices."""
        for debtor in debtors:
            cls.invoice(debtor, amount)
        run = cls.make_run(on)
        run.action_propose()
        run.action_confirm()
        return run.notice_ids

    @classmethod
    def catch_replies(cls):
        """Give the creditor an address that catches replies, and one for what comes back."""
        cls.company.alias_domain_id = cls.env["mail.alias.domain"].create(
            {"name": "creditor.example.com", "bounce_alias": "return", "catchall_alias": "answer"}
        )
        cls.company.partner_id.email = "creditor@creditor.example.com"

    def reply(self, mail, text="We pay on Friday.", sender="debtor@example.com", **headers):
        """The debtor answers what it got, and the gateway takes the answer."""
        answer = EmailMessage(policy=policy.SMTP)
        answer["From"] = f"Debtor <{sender}>"
        answer["To"] = str(mail["Reply-To"] or mail["From"])
        answer["Subject"] = f"Re: {mail['Subject']}"
        answer["In-Reply-To"] = answer["References"] = str(mail["Message-Id"])
        answer["Message-Id"] = f"<answer-{len(text)}-{len(headers)}@example.com>"
        for name, value in headers.items():
            answer[name.replace("_", "-")] = value
        answer.set_content(text)
        self.env["mail.thread"].message_process(None, answer.as_bytes())

    @contextmanager
    def outbox(self):
        """The outbox as the cron sees it, free to commit: everything is undone after the test."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, dict(self.env.context))["recovery.notice"]

    @contextmanager
    def mail_server(self):
        """A real SMTP server on loopback, which Odoo uses for everything; yields its postbox."""
        postbox = Postbox()
        port = find_free_port()
        controller = Controller(postbox, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            self.env["ir.mail_server"].search([]).active = False
            self.env["ir.mail_server"].create(
                {
                    "name": "Loopback",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": port,
                    "smtp_encryption": "none",
                    "sequence": 0,
                }
            )
            # Odoo sends no mail while tests run; these do, to a server of their own
            with patch.object(IrMail_Server, "_disable_send", classmethod(lambda cls: False)):
                yield postbox
        finally:
            controller.stop()

    def drain(self):
        """Send what is queued, to a mail server of the test's own; what it took."""
        with self.mail_server() as postbox, self.outbox() as outbox:
            outbox._cron_send()
        return postbox

    def drain_letters(self):
        """Drain letters with a printer that writes what it was asked for instead of calling wkhtmltopdf."""

        def pdf(notices):
            return {notice: f"%PDF {notice.name}".encode() for notice in notices}

        with patch.object(type(self.env["recovery.notice"]), "_print", pdf), self.outbox() as outbox:
            outbox._cron_send()


__all__ = ["NoticeCommon", "day"]
