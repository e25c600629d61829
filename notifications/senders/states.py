"""The states of one attempt, and how reports about it are merged.

Reports come late, twice and in any order. The states are therefore put in one
line, and the state of an attempt is the highest one anybody ever reported:
`merge` is a maximum, so every order and repetition ends the same.
"""

from __future__ import annotations

from enum import StrEnum


class AttemptState(StrEnum):
    """What is known of one text or call at the provider, weakest knowledge first."""

    STARTED = "started"
    UNKNOWN = "unknown"
    QUEUED = "queued"
    INITIATED = "initiated"
    SENDING = "sending"
    RINGING = "ringing"
    SENT = "sent"
    ANSWERED = "answered"
    CANCELED = "canceled"
    FAILED = "failed"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    UNDELIVERED = "undelivered"
    COMPLETED = "completed"
    DELIVERED = "delivered"
    READ = "read"


LINE: tuple[AttemptState, ...] = tuple(AttemptState)
"""The order of merging: the order in which the states are written down above.

A final state stands after every state of its kind that is not final. Among final
ones the better proof stands later: a text reported `undelivered` and afterwards
`delivered` was delivered.
Source: facts on status callbacks of twilio-oai 2.6.7 (message and call enums).
"""

FINAL: frozenset[AttemptState] = frozenset(LINE[LINE.index(AttemptState.CANCELED) :])
"""Nothing but a stronger final state follows one of these."""

REACHED_NOBODY: frozenset[AttemptState] = frozenset(
    {
        AttemptState.CANCELED,
        AttemptState.FAILED,
        AttemptState.NO_ANSWER,
        AttemptState.BUSY,
        AttemptState.UNDELIVERED,
    }
)
"""Final states after which the next channel is due at once."""

_RANK = {state: rank for rank, state in enumerate(LINE)}


def merge(current: AttemptState, incoming: AttemptState) -> AttemptState:
    """The state after hearing `incoming`: commutative, associative, idempotent."""
    return max(current, incoming, key=_RANK.__getitem__)
