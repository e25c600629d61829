"""The production sender and Twilio's own client, against the demo's telephones."""

import socket
from datetime import UTC, datetime, timedelta

import pytest

from notifications.senders.port import (
    Backoff,
    Channel,
    DeadNumber,
    OurConfiguration,
    OutgoingCall,
    OutgoingText,
    RefusedByPerson,
    SendError,
    Unknown,
)
from notifications.senders.states import AttemptState
from notifications.senders.twilio.sender import TwilioSender
from tests.notifications.senders.hook_server import HookServer
from tests.notifications.senders.phone_server import (
    FROM_NUMBER,
    Telephones,
    a_sender,
    running_telephones,
)

NUMBER = "+8613912345678"
TEXT = OutgoingText(attempt="7", to=NUMBER, body="您妈妈按了求助。")
CALL = OutgoingCall(attempt="7", to=NUMBER)
HASTE_S = 0.3
MESSAGE_STATUS = "/hooks/v1/twilio/message-status/7"


def test_a_text_arrives_and_its_attempt_is_told(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    sent = sender.send(TEXT)

    received = telephones.wait_for(NUMBER, "text.received")
    assert (received["text"], received["from"]) == (TEXT.body, FROM_NUMBER)
    reports = hooks.wait_for(MESSAGE_STATUS, count=2)
    assert [report["MessageStatus"] for report in reports] == ["sent", "delivered"]
    assert {report["MessageSid"] for report in reports} == {sent.provider_id}
    assert sent.state is AttemptState.QUEUED


def test_what_became_of_an_attempt_can_be_asked(
    sender: TwilioSender, telephones: Telephones
) -> None:
    sent = sender.send(TEXT)
    telephones.wait_for(NUMBER, "text.received")

    found = sender.lookup(Channel.SMS, sent.provider_id)

    assert found is not None
    assert found.state is AttemptState.DELIVERED
    assert sender.lookup(Channel.VOICE, "CA" + 32 * "0") is None


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+15005550001", DeadNumber),
        ("+15005550003", OurConfiguration),
        ("+15005550004", RefusedByPerson),
        ("+15005550009", DeadNumber),
        ("13912345678", DeadNumber),
    ],
)
def test_each_refusal_of_a_text_is_told_as_what_it_asks_of_us(
    sender: TwilioSender, number: str, kind: type[SendError]
) -> None:
    with pytest.raises(kind):
        sender.send(OutgoingText(attempt="7", to=number, body="…"))


def test_a_wrong_token_is_our_configuration(telephones: Telephones, hooks: HookServer) -> None:
    sender = a_sender(telephones, public_url=hooks.url, auth_token="another")

    with pytest.raises(OurConfiguration):
        sender.send(TEXT)


@pytest.mark.parametrize("trouble", ["unavailable", "too_many"])
def test_a_provider_that_turns_us_away_is_worth_another_try(
    sender: TwilioSender, telephones: Telephones, trouble: str
) -> None:
    telephones.trouble(api=trouble, for_s=30)
    with pytest.raises(Backoff):
        sender.send(TEXT)

    telephones.trouble()
    assert sender.send(TEXT).provider_id


def test_a_provider_that_is_not_there_is_worth_another_try(hooks: HookServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        gone = Telephones(f"http://127.0.0.1:{closed_soon.getsockname()[1]}")

    with pytest.raises(Backoff):
        a_sender(gone, public_url=hooks.url).send(TEXT)


def test_a_text_whose_answer_was_lost_is_found_again(
    telephones: Telephones, hooks: HookServer
) -> None:
    sender = a_sender(telephones, public_url=hooks.url, timeout_s=HASTE_S)
    before = datetime.now(UTC)
    telephones.trouble(api="answer_lost", for_s=30)
    with pytest.raises(Unknown):
        sender.send(TEXT)
    telephones.trouble()

    found = sender.find(TEXT, since=before)

    assert found is not None
    assert sender.find(TEXT, since=before, known={found.provider_id}) is None


def test_a_call_that_was_never_made_is_not_found(telephones: Telephones, hooks: HookServer) -> None:
    sender = a_sender(telephones, public_url=hooks.url, timeout_s=HASTE_S)
    before = datetime.now(UTC)
    telephones.trouble(api="silent", for_s=30)
    with pytest.raises(Unknown):
        sender.send(CALL)
    telephones.trouble()

    assert sender.find(CALL, since=before) is None


def test_an_earlier_text_and_other_words_are_not_taken_for_it(sender: TwilioSender) -> None:
    now = datetime.now(UTC)
    sender.send(TEXT)

    assert sender.find(TEXT, since=now) is not None
    assert sender.find(TEXT, since=now + timedelta(minutes=1)) is None
    assert sender.find(OutgoingText("7", NUMBER, "另一条"), since=now) is None


def test_an_older_call_is_found_among_many_newer_ones_by_the_client_turning_pages(
    sender: TwilioSender,
) -> None:
    first = sender.send(TEXT).provider_id
    for _ in range(4):
        sender.send(TEXT)

    listed = sender.client.messages.list(to=NUMBER, page_size=2)

    assert [text.sid for text in listed][-1] == first
    assert len(listed) == 5


def test_a_call_is_stopped_while_it_rings_and_stopping_again_is_no_error(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    sent = sender.send(CALL)
    telephones.wait_for(NUMBER, "call.ringing")

    sender.stop(sent.provider_id)

    assert telephones.wait_for(NUMBER, "call.ended")["text"] == "canceled"
    hooks.wait_for("/hooks/v1/twilio/call-status/7", count=3)
    sender.stop(sent.provider_id)
    sender.stop("CA" + 32 * "0")


def test_a_provider_restarted_since_does_not_know_the_call(hooks: HookServer) -> None:
    with running_telephones() as telephones:
        sent = a_sender(telephones, public_url=hooks.url).send(CALL)

    with running_telephones() as telephones:
        sender = a_sender(telephones, public_url=hooks.url)
        assert sender.lookup(Channel.VOICE, sent.provider_id) is None
