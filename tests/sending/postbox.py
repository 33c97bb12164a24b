"""A mail server on loopback that takes, refuses, delays and drops mails, and remembers what it took."""

import asyncio
import logging
import random
import threading
from collections import Counter
from email import message_from_bytes

from aiosmtpd.controller import Controller

#: What an address asks for by its first word, and how many of the story's debtors have such a one.
FAULTS = {"refused": 15, "later": 15, "slow": 15, "hangup": 10, "silent": 5}


class Postbox:
    """Counts what it took by address; ``later`` and ``hangup`` fail the first time only.

    :param pause: seconds that it takes over a mail; None for a few milliseconds, more or less
    """

    def __init__(self, pause=None):
        self.pause = pause
        self.taken = Counter()
        self.ids = {}
        self.order = []
        self._seen = Counter()
        self._lock = threading.Lock()

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802 aiosmtpd's name
        fault = address.split(".")[0]
        with self._lock:
            self._seen[address] += 1
            first = self._seen[address] == 1
        if fault == "refused":
            return "550 5.1.1 No such mailbox"
        if fault == "later" and first:
            return "451 4.7.1 Greylisted, try again later"
        if fault == "hangup" and first:
            server.transport.close()
            return "421 4.3.2 Closing"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 aiosmtpd's name
        [address] = envelope.rcpt_tos
        fault = address.split(".")[0]
        usual = random.random() / 200 if self.pause is None else self.pause
        await asyncio.sleep(0.2 if fault == "slow" else usual)
        with self._lock:
            self.taken[address] += 1
            self.ids.setdefault(address, []).append(message_from_bytes(envelope.content)["Message-Id"])
            self.order.append(address)
        if fault == "silent":  # takes the mail, and the connection breaks before the answer
            server.transport.close()
        return "250 2.0.0 Ok: queued"


class Server:
    """The postbox behind a real SMTP port, as a context."""

    def __init__(self, port, pause=None):
        self.postbox = Postbox(pause)
        self._controller = Controller(self.postbox, hostname="127.0.0.1", port=port)

    def __enter__(self):
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # else each line of each mail is told
        self._controller.start()
        return self.postbox

    def __exit__(self, *exception):
        self._controller.stop()
