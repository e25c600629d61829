"""Twilio's callbacks, read into the words of the port.

The forms are read only after `signature.is_genuine` said yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from notifications.senders.port import SendError
from notifications.senders.states import AttemptState
from notifications.senders.twilio.errors import error_for

MESSAGE_STATES: Mapping[str, AttemptState] = {
    "accepted": AttemptState.QUEUED,
    "scheduled": AttemptState.QUEUED,
    "queued": AttemptState.QUEUED,
    "sending": AttemptState.SENDING,
    "sent": AttemptState.SENT,
    "delivered": AttemptState.DELIVERED,
    "partially_delivered": AttemptState.UNDELIVERED,
    "undelivered": AttemptState.UNDELIVERED,
    "failed": AttemptState.FAILED,
    "canceled": AttemptState.CANCELED,
    "read": AttemptState.READ,
}
"""Source: twilio-oai 2.6.7, message_enum_status; a text that came in part did not come."""

CALL_STATES: Mapping[str, AttemptState] = {
    "queued": AttemptState.QUEUED,
    "initiated": AttemptState.INITIATED,
    "ringing": AttemptState.RINGING,
    "in-progress": AttemptState.ANSWERED,
    "completed": AttemptState.COMPLETED,
    "busy": AttemptState.BUSY,
    "no-answer": AttemptState.NO_ANSWER,
    "failed": AttemptState.FAILED,
    "canceled": AttemptState.CANCELED,
}
"""Source: twilio-oai 2.6.7, call_enum_status and call progress events."""


class MalformedCallback(Exception):
    """A signed callback without a field that Twilio always sends."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What one status callback says; `error` when the provider named a reason."""

    provider_id: str
    state: AttemptState
    error: SendError | None


@dataclass(frozen=True, slots=True)
class KeysPressed:
    """The answer to a question on the phone; no digits means silence."""

    provider_id: str
    digits: str


@dataclass(frozen=True, slots=True)
class DialEnded:
    """How putting somebody through ended."""

    provider_id: str
    spoke_s: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text or a call from a person to our number; a call has no body."""

    provider_id: str
    sender: str
    recipient: str
    body: str


def message_state(status: str) -> AttemptState:
    """The state for Twilio's word; a new word changes nothing that is known."""
    return MESSAGE_STATES.get(status, AttemptState.UNKNOWN)


def call_state(status: str) -> AttemptState:
    """The state for Twilio's word; a new word changes nothing that is known."""
    return CALL_STATES.get(status, AttemptState.UNKNOWN)


def read_message_status(form: Mapping[str, str]) -> StatusReport:
    """Read a `message-status` callback."""
    return StatusReport(
        provider_id=_field(form, "MessageSid"),
        state=message_state(_field(form, "MessageStatus")),
        error=_error(form),
    )


def read_call_status(form: Mapping[str, str]) -> StatusReport:
    """Read a `call-status` callback."""
    return StatusReport(
        provider_id=_field(form, "CallSid"),
        state=call_state(_field(form, "CallStatus")),
        error=_error(form),
    )


def read_keys(form: Mapping[str, str]) -> KeysPressed:
    """Read a `gather` callback; a Gather that heard nothing comes without Digits."""
    return KeysPressed(provider_id=_field(form, "CallSid"), digits=form.get("Digits", ""))


def read_dial_ended(form: Mapping[str, str]) -> DialEnded:
    """Read the callback of a Dial; one that nobody took has no duration."""
    duration = form.get("DialCallDuration", "")
    return DialEnded(
        provider_id=_field(form, "CallSid"), spoke_s=int(duration) if duration.isdecimal() else 0
    )


def read_incoming_text(form: Mapping[str, str]) -> Incoming:
    """Read an `inbound-sms` callback."""
    return _incoming(form, sid="MessageSid", body=form.get("Body", ""))


def read_incoming_call(form: Mapping[str, str]) -> Incoming:
    """Read an `inbound-voice` callback."""
    return _incoming(form, sid="CallSid", body="")


def _incoming(form: Mapping[str, str], *, sid: str, body: str) -> Incoming:
    return Incoming(
        provider_id=_field(form, sid),
        sender=_field(form, "From"),
        recipient=_field(form, "To"),
        body=body,
    )


def _error(form: Mapping[str, str]) -> SendError | None:
    code = form.get("ErrorCode", "")
    if not code.isdecimal() or int(code) == 0:
        return None
    return error_for(int(code), detail=form.get("ErrorMessage", ""))


def _field(form: Mapping[str, str], name: str) -> str:
    value = form.get(name, "")
    if not value:
        raise MalformedCallback(name)
    return value
