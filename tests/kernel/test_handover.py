"""How a hand-over ended, for every way a mail server can answer or fail to."""

import smtplib

import pytest
from tools.handover import Collector, Envelope, Handover


class Session:
    """An SMTP session that fails where it is told to."""

    def __init__(self, *, before=None, text=(250, b"2.0.0 queued as 4F1"), during=None):
        self.before, self.text, self.during = before, text, during
        self.sock = object()

    def data(self, _text):
        if self.during:
            raise self.during
        return self.text

    def send_message(self, message, _from_addr, _to_addrs):
        if self.before:
            raise self.before
        code, answer = self.data(message)
        if code != 250:
            raise smtplib.SMTPDataError(code, answer)
        return {}


def hand_over(**session):
    handover = Handover(Session(**session))
    error = None
    try:
        handover.send_message("text", "a@example.com", ["b@example.com"])
    except Exception as raised:
        error = raised
    return handover, error


def test_accepted_with_the_servers_answer():
    handover, error = hand_over()
    assert (handover.outcome, handover.reply, error) == ("accepted", "250 2.0.0 queued as 4F1", None)


@pytest.mark.parametrize(
    ("session", "outcome"),
    [
        ({"before": smtplib.SMTPRecipientsRefused({"b": (550, b"no such user")})}, "refused"),
        ({"before": smtplib.SMTPRecipientsRefused({"b": (451, b"greylisted")})}, "temporary"),
        ({"before": smtplib.SMTPSenderRefused(421, b"closing", "a")}, "temporary"),
        ({"before": smtplib.SMTPSenderRefused(553, b"not you", "a")}, "refused"),
        ({"before": smtplib.SMTPServerDisconnected("gone")}, "temporary"),
        ({"before": ConnectionResetError("gone")}, "temporary"),
        ({"text": (554, b"spam")}, "refused"),
        ({"text": (452, b"full")}, "temporary"),
        ({"during": smtplib.SMTPServerDisconnected("gone")}, "unknown"),
        ({"during": TimeoutError("timed out")}, "unknown"),
        ({"before": ValueError("no such header")}, "refused"),
    ],
)
def test_failures(session, outcome):
    handover, error = hand_over(**session)
    assert handover.outcome == outcome
    assert error is not None
    assert handover.reply


@pytest.mark.parametrize(
    ("code", "outcome"), [(399, "refused"), (400, "temporary"), (499, "temporary"), (500, "refused")]
)
def test_trying_again_helps_where_the_answer_begins_with_four(code, outcome):
    handover, _error = hand_over(text=(code, b"words"))
    assert (handover.outcome, handover.reply) == (outcome, f"{code} words")


def test_a_session_nobody_used_yet_is_usable():
    assert Handover(Session()).is_usable
    assert Handover(object()).is_usable, "one that does not tell of its connection, too"


def test_answer_of_the_server_is_kept_in_words():
    handover, _error = hand_over(before=smtplib.SMTPRecipientsRefused({"b": (550, b"no such user")}))
    assert handover.reply == "550 no such user"


def test_session_is_left_as_it_was():
    session = Session()
    Handover(session).send_message("text", "a", ["b"])
    assert "data" not in vars(session)


def test_session_without_connection_is_not_usable():
    handover, _error = hand_over()
    assert handover.is_usable
    handover._session.sock = None
    assert not handover.is_usable


def test_unknown_outcome_ends_the_session():
    handover, _error = hand_over(during=TimeoutError("timed out"))
    assert not handover.is_usable


def test_next_message_starts_afresh():
    session = Session(before=smtplib.SMTPSenderRefused(553, b"not you", "a"))
    handover = Handover(session)
    with pytest.raises(smtplib.SMTPSenderRefused):
        handover.send_message("text", "a", ["b"])
    session.before = None
    handover.send_message("text", "a", ["b"])
    assert handover.outcome == "accepted"


def test_envelopes_are_handed_over_one_after_the_other():
    handover = Handover(Session())
    handover.hand_over([Envelope("one", "a", ["b"]), Envelope("two", "a", ["c"])])
    assert (handover.outcome, handover.reply) == ("accepted", "250 2.0.0 queued as 4F1")


@pytest.mark.parametrize(
    ("session", "outcome"),
    [
        ({"before": smtplib.SMTPRecipientsRefused({"b": (550, b"no such user")})}, "refused"),
        ({"during": smtplib.SMTPServerDisconnected("gone")}, "unknown"),
    ],
)
def test_an_envelope_that_is_not_taken_is_the_last_one(session, outcome):
    handed = []

    class Noted(Session):
        def send_message(self, message, from_addr, to_addrs):
            handed.append(message)
            return super().send_message(message, from_addr, to_addrs)

    handover = Handover(Noted(**session))
    handover.hand_over([Envelope("one", "a", ["b"]), Envelope("two", "a", ["c"])])
    assert (handover.outcome, handed) == (outcome, ["one"])


def test_of_no_envelope_nothing_is_known_whatever_went_before():
    handover = Handover(Session())
    handover.hand_over([Envelope("one", "a", ["b"])])
    handover.hand_over([])
    assert (handover.outcome, handover.reply) == (None, "")


def test_a_collector_keeps_what_it_is_given_and_speaks_for_its_session():
    session = Session(before=ValueError("nothing is handed over"))
    session.smtp_from = "creditor@example.com"
    collector = Collector(session)
    assert collector.smtp_from == "creditor@example.com"
    assert not hasattr(collector, "from_filter")
    assert collector.send_message("text", "a", ["b"]) == {}
    assert collector.envelopes == [Envelope("text", "a", ["b"])]
