"""The telephone exchange: its telephones, calls and texts, in memory and bounded."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

EVENTS_KEPT = 400
EVENTS_TOLD = 1_000
PHONES_KEPT = 5_000
CALLS_KEPT = 5_000
TEXTS_KEPT = 5_000
FINAL_CALL_STATUSES = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


class Behaviour(StrEnum):
    """What happens when a telephone is rung."""

    PERSON = "person"  # rings until somebody answers by a door
    BUSY = "busy"
    VOICEMAIL = "voicemail"  # answers, listens, never presses a key
    UNREACHABLE = "unreachable"


class ApiTrouble(StrEnum):
    """How the REST API fails while trouble is on."""

    NONE = "none"
    UNAVAILABLE = "unavailable"  # 503, nothing done
    TOO_MANY = "too_many"  # 429, nothing done
    SILENT = "silent"  # no answer, nothing done
    ANSWER_LOST = "answer_lost"  # done, but no answer


@dataclass(slots=True)
class Trouble:
    """Failures asked for; `until` is on the monotonic clock."""

    api: ApiTrouble = ApiTrouble.NONE
    until: float = 0.0
    duplicate_callbacks: bool = False
    reverse_callbacks: bool = False

    def of_the_api(self) -> ApiTrouble:
        """The API's trouble at this moment."""
        return self.api if time.monotonic() < self.until else ApiTrouble.NONE


@dataclass(frozen=True, slots=True)
class PhoneEvent:
    """One thing that happened at a telephone."""

    seq: int
    at: datetime
    type: str
    call_sid: str | None
    text: str | None
    language: str | None
    sender: str | None
    number: str

    def document(self) -> dict[str, object]:
        """The event as the doors of one telephone give it."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "type": self.type,
            "call_sid": self.call_sid,
            "text": self.text,
            "language": self.language,
            "from": self.sender,
        }


@dataclass(slots=True)
class Phone:
    """One telephone; `news` is set, and replaced, at each event."""

    number: str
    behaviour: Behaviour = Behaviour.PERSON
    events: deque[PhoneEvent] = field(default_factory=lambda: deque(maxlen=EVENTS_KEPT))
    news: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Keypad:
    """Keys pressed and not yet taken by a Gather."""

    waiting: deque[str] = field(default_factory=deque)
    pressed: asyncio.Event = field(default_factory=asyncio.Event)

    def press(self, keys: Iterable[str]) -> None:
        """Add keys."""
        self.waiting.extend(keys)
        if self.waiting:
            self.pressed.set()

    async def next_key(self, *, timeout_s: float) -> str | None:
        """The next key, or None after silence."""
        if not await happens(self.pressed, timeout_s=timeout_s):
            return None
        key = self.waiting.popleft()
        if not self.waiting:
            self.pressed.clear()
        return key


@dataclass(frozen=True, slots=True)
class Script:
    """Where the words of a call come from: an address to ask, or TwiML at hand.

    `extra` goes with the question: the keys pressed, or how a Dial ended.
    """

    url: str = ""
    method: str = "POST"
    document: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """One call; `inbound` ones were dialled on the telephone."""

    sid: str
    to: str
    sender: str
    phone: str
    script: Script
    inbound: bool = False
    parent_sid: str | None = None
    """The call that dialled this one, to put its caller through."""
    callback_url: str | None = None
    callback_events: frozenset[str] = frozenset({"completed"})
    ring_timeout_s: float = 60.0
    status: str = "queued"
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    keypad: Keypad = field(default_factory=Keypad)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    interrupted: asyncio.Event = field(default_factory=asyncio.Event)
    ending: str = "completed"
    redirected: Script | None = None

    @property
    def direction(self) -> str:
        """Twilio's word for who rang whom."""
        if self.parent_sid:
            return "outbound-dial"
        return "inbound" if self.inbound else "outbound-api"

    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.status not in FINAL_CALL_STATUSES and not self.over.is_set()

    def end(self, status: str) -> None:
        """Ask for its end; the call itself ends as soon as it sees this."""
        if not self.over.is_set():
            self.ending = status
            self.over.set()
            self.interrupted.set()

    def redirect(self, script: Script) -> None:
        """Let it go on with other words."""
        self.redirected = script
        self.interrupted.set()


@dataclass(slots=True)
class Text:
    """One text."""

    sid: str
    to: str
    sender: str
    body: str
    inbound: bool = False
    callback_url: str | None = None
    status: str = "queued"
    error_code: int | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent_at: datetime | None = None


class Exchange:
    """All telephones, calls and texts there are."""

    def __init__(self) -> None:
        self.phones: dict[str, Phone] = {}
        self.calls: dict[str, Call] = {}
        self.texts: dict[str, Text] = {}
        self.trouble = Trouble()
        self.news = asyncio.Event()
        # A page left open over a restart goes on reading: numbers only grow.
        self._seq = int(time.time() * 1000)

    def phone(self, number: str) -> Phone:
        """The telephone with this number, made when first heard of."""
        if number not in self.phones:
            if len(self.phones) >= PHONES_KEPT:
                del self.phones[next(iter(self.phones))]
            self.phones[number] = Phone(number)
        return self.phones[number]

    def tell(
        self,
        number: str,
        event_type: str,
        *,
        call_sid: str | None = None,
        text: str | None = None,
        language: str | None = None,
        sender: str | None = None,
    ) -> None:
        """Add an event to a telephone and wake those who wait for it."""
        phone = self.phone(number)
        self._seq += 1
        at = datetime.now(UTC)
        phone.events.append(
            PhoneEvent(self._seq, at, event_type, call_sid, text, language, sender, number)
        )
        woken = (phone.news, self.news)
        phone.news, self.news = asyncio.Event(), asyncio.Event()
        for event in woken:
            event.set()

    def events_after(self, since: int) -> list[PhoneEvent]:
        """What happened at all telephones, oldest first; the newest where there are too many."""
        found = [event for phone in self.phones.values() for event in phone.events]
        newer = sorted((e for e in found if e.seq > since), key=lambda event: event.seq)
        return newer[-EVENTS_TOLD:]

    def add_call(self, call: Call) -> None:
        """Keep a call, and forget the oldest one that is over when there are too many."""
        self.calls[call.sid] = call
        if len(self.calls) > CALLS_KEPT:
            oldest = next((old for old in self.calls.values() if not old.is_open()), None)
            if oldest:
                del self.calls[oldest.sid]

    def add_text(self, text: Text) -> None:
        """Keep a text, and forget the oldest when there are too many."""
        self.texts[text.sid] = text
        if len(self.texts) > TEXTS_KEPT:
            del self.texts[next(iter(self.texts))]

    def open_call(self, number: str) -> Call | None:
        """The newest call that rings or runs at a telephone."""
        open_calls = (c for c in reversed(self.calls.values()) if c.phone == number)
        return next((call for call in open_calls if call.is_open()), None)


def new_sid(prefix: str) -> str:
    """An id of Twilio's shape: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


async def happens(*events: asyncio.Event, timeout_s: float) -> bool:
    """Whether any of the events is set within the time."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    return any(event.is_set() for event in events)
