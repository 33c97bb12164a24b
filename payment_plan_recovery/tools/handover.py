"""What a mail server answered, told apart from what nobody can know."""

import smtplib
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

TEMPORARY = range(400, 500)


class Envelope(NamedTuple):
    """A ``message`` with the address it comes from and those it goes to."""

    message: Any
    sender: str
    recipients: list


class Collector:
    """Stands for an SMTP session where mails are made and go later: it keeps them in ``envelopes``.

    Whoever asks about the session is answered by the session itself.
    """

    def __init__(self, session):
        self._session = session
        self.envelopes = []

    def __getattr__(self, name):
        return getattr(self._session, name)

    def send_message(self, message, from_addr, to_addrs):
        """Keep ``message``, as if it were handed over: nobody refuses it."""
        self.envelopes.append(Envelope(message, from_addr, to_addrs))
        return {}


class Handover:
    """An SMTP session that remembers how the hand-over of a message ended.

    ``outcome`` is

    - ``accepted``: the server took the message; ``reply`` is its answer;
    - ``temporary``: it did not, and trying again may help;
    - ``refused``: it did not, and will not;
    - ``unknown``: the text was handed over and no answer came back. The protocol leaves the
      sender in the dark here (RFC 5321, 4.5.4.1; RFC 1047): the server may have taken it;
    - ``None``: nothing was handed over yet.
    """

    def __init__(self, session):
        self._session = session
        self._text_sent = False
        self.outcome = None
        self.reply = ""

    def __getattr__(self, name):
        return getattr(self._session, name)

    @property
    def is_usable(self):
        """Tell whether the session still holds a connection for the next message."""
        return getattr(self._session, "sock", True) is not None and self.outcome != "unknown"

    def hand_over(self, envelopes):
        """Hand ``envelopes`` over until one is not taken; ``outcome`` tells of the last one, None without any."""
        self.outcome, self.reply = None, ""
        for envelope in envelopes:
            try:
                self.send_message(*envelope)
            except Exception:  # how it ended is in the outcome, whatever was raised
                return

    def send_message(self, message, from_addr, to_addrs):
        """Hand ``message`` over like ``smtplib.SMTP.send_message``, noting how it ended."""
        self._text_sent, self.outcome, self.reply = False, None, ""
        with self._watching_the_text():
            try:
                refused = self._session.send_message(message, from_addr, to_addrs)
            except Exception as error:
                self.outcome, self.reply = self._judge(error)
                raise
        self.outcome = "accepted"
        return refused

    @contextmanager
    def _watching_the_text(self):
        """Note when the session sends the text itself, and the answer to it."""
        send = getattr(self._session, "data", None)

        def data(text):
            self._text_sent = True
            code, answer = send(text)
            self.reply = _answer(code, answer)
            return code, answer

        if send:
            self._session.data = data
        try:
            yield
        finally:
            with suppress(AttributeError):
                del self._session.data

    def _judge(self, error):
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            answers = list(error.recipients.values())
            temporary = any(code in TEMPORARY for code, _text in answers)
            return ("temporary" if temporary else "refused"), "; ".join(
                _answer(*answer) for answer in answers
            )
        if isinstance(error, smtplib.SMTPResponseException):
            temporary = error.smtp_code in TEMPORARY
            return ("temporary" if temporary else "refused"), _answer(error.smtp_code, error.smtp_error)
        if isinstance(error, (smtplib.SMTPServerDisconnected, OSError)):
            return ("unknown" if self._text_sent else "temporary"), str(error)
        return "refused", str(error)


def _answer(code, text):
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return f"{code} {text}"
