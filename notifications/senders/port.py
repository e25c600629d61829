"""The port between the outbox and whoever carries its texts and calls.

A sender carries one attempt to a provider and says how that went: a `Sent`, or one
of the errors below, each of which asks for something different of the outbox. It
keeps nothing and touches no database.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from notifications.senders.states import AttemptState

MAINLAND_PREFIX = "+86"
_MAINLAND_LANDLINE = re.compile(r"\+86(?:10\d{8}|2\d{9}|[3-9]\d{9,10})")


class Channel(StrEnum):
    """The ways to a person that a sender may offer."""

    SMS = "sms"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a sender can do, asked before anything is owed through it.

    `unreachable` names, for a channel, the calling prefixes it does not serve.
    """

    channels: frozenset[Channel]
    unreachable: Mapping[Channel, tuple[str, ...]] = field(default_factory=dict)

    def reaches(self, channel: Channel, number: str) -> bool:
        """Whether this sender can carry `channel` to an E.164 number."""
        if channel not in self.channels:
            return False
        if channel is Channel.SMS and is_mainland_landline(number):
            return False
        return not number.startswith(self.unreachable.get(channel, ()))


def is_mainland_landline(number: str) -> bool:
    """Whether it is a mainland number that begins with an area code: no text reaches it.

    Source: MIIT numbering plan; area codes 10, 2x and 3xx to 9xx, then 7 or 8 digits.
    """
    return _MAINLAND_LANDLINE.fullmatch(number) is not None


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """A text to send; `attempt` is our id, which the provider gives back in callbacks."""

    attempt: str
    to: str
    body: str


@dataclass(frozen=True, slots=True)
class OutgoingCall:
    """A call to make; what is said is asked of us when somebody answers."""

    attempt: str
    to: str
    ring_timeout_s: int = 30


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider has it, under its own id."""

    provider_id: str
    state: AttemptState


class Sender(Protocol):
    """One provider. All methods block for at most the sender's time-out."""

    name: str
    capabilities: Capabilities

    def prepare(self) -> None:
        """Load what the first message would otherwise wait for; asks nobody anything."""

    def send(self, message: OutgoingText | OutgoingCall) -> Sent:
        """Carry the message once.

        Raises:
            SendError: one of its classes below. Only after `Unknown` may the message
                have gone out all the same.
        """

    def lookup(self, channel: Channel, provider_id: str) -> Sent | None:
        """What the provider says now; None when it does not know the id.

        Raises:
            SendError: the provider could not be asked.
        """

    def find(
        self,
        message: OutgoingText | OutgoingCall,
        *,
        since: datetime,
        known: Collection[str] = (),
    ) -> Sent | None:
        """The message after an unknown outcome, if the provider has had it since then.

        `known` are provider ids that belong to other attempts and do not count.

        Raises:
            SendError: the provider could not be asked, so nothing is known yet.
        """

    def stop(self, provider_id: str) -> None:
        """End a call that rings or runs; one that is over already is left alone.

        Raises:
            SendError: the provider could not be asked.
        """


class SendError(Exception):
    """An attempt that was not carried, or of which nobody knows whether it was."""

    code: ClassVar[str] = "send_error"

    def __init__(self, detail: str = "", *, provider_code: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.provider_code = provider_code


class DeadNumber(SendError):
    """The number does not exist or cannot take this channel: next channel now."""

    code = "dead_number"


class RefusedByPerson(SendError):
    """The person opted out: routine messages are suppressed, safety calls are not."""

    code = "refused_by_person"


class OurConfiguration(SendError):
    """Account, number or permission is wrong: stop here, tell the operator, fail over."""

    code = "our_configuration"


class ContentRefused(SendError):
    """The text itself was refused: the same text is not tried again."""

    code = "content_refused"


class Backoff(SendError):
    """Not carried, and worth another try after `retry_after_s`; at most one if `once`."""

    code = "backoff"

    def __init__(
        self,
        detail: str = "",
        *,
        retry_after_s: float,
        once: bool = False,
        provider_code: int | None = None,
    ) -> None:
        super().__init__(detail, provider_code=provider_code)
        self.retry_after_s = retry_after_s
        self.once = once


class Unknown(SendError):
    """The outcome is not known: `find` it before sending the same again."""

    code = "unknown"


class Lost(Unknown):
    """The same, because our own engine stopped in the middle: no fault of the provider's."""

    code = "lost"
