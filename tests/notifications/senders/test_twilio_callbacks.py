"""Twilio's callbacks in the words of the port."""

import pytest
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.rest.api.v2010.account.message import MessageInstance

from notifications.senders.port import Backoff
from notifications.senders.states import AttemptState
from notifications.senders.twilio.callbacks import (
    CALL_STATES,
    MESSAGE_STATES,
    MalformedCallback,
    message_state,
    read_call_status,
    read_incoming_text,
    read_keys,
    read_message_status,
)

INCOMING_ONLY = {"receiving", "received"}


def words_of(enumeration: object) -> set[str]:
    return {word for name, word in vars(enumeration).items() if name.isupper()}


def test_every_state_that_the_client_knows_has_a_place() -> None:
    assert words_of(MessageInstance.Status) - INCOMING_ONLY == set(MESSAGE_STATES)
    assert words_of(CallInstance.Status) | {"initiated"} == set(CALL_STATES)


def test_a_state_invented_later_changes_nothing_that_is_known() -> None:
    assert message_state("teleported") is AttemptState.UNKNOWN


def test_a_call_status_says_which_call_and_how_far() -> None:
    report = read_call_status({"CallSid": "CA1", "CallStatus": "in-progress"})

    assert (report.provider_id, report.state, report.error) == ("CA1", AttemptState.ANSWERED, None)


def test_a_text_that_failed_says_why() -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30003"}

    report = read_message_status(form)

    assert report.state is AttemptState.UNDELIVERED
    assert isinstance(report.error, Backoff)


def test_silence_after_a_question_is_no_keys() -> None:
    assert read_keys({"CallSid": "CA1"}).digits == ""
    assert read_keys({"CallSid": "CA1", "Digits": "1"}).digits == "1"


def test_an_incoming_text_says_who_wrote_what() -> None:
    text = read_incoming_text({"MessageSid": "SM1", "From": "+86139", "To": "+1", "Body": "1"})

    assert (text.provider_id, text.sender, text.body) == ("SM1", "+86139", "1")


@pytest.mark.parametrize("form", [{}, {"CallSid": "CA1"}, {"CallSid": "", "CallStatus": "busy"}])
def test_a_callback_without_its_fields_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(MalformedCallback):
        read_call_status(form)
