"""The course of one call: it rings, somebody answers, it speaks, it takes keys, it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urljoin

from notifications.senders.demo_phone.exchange import (
    Behaviour,
    Call,
    Exchange,
    Script,
    happens,
    new_sid,
)
from notifications.senders.demo_phone.hooks import CALL_PATIENCE_S, Callback, CallbackLine, Hooks
from notifications.senders.demo_phone.settings import Settings
from notifications.senders.demo_phone.twiml import (
    BadTwiml,
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Redirect,
    Say,
    Verb,
    parse,
)

API_VERSION = "2010-04-01"
VOICEMAIL_AFTER_S = 2.0
LONGEST_CALL_S = 600.0
IDEOGRAMS_PER_S = 4.0
LETTERS_PER_S = 14.0
APPLICATION_ERROR = "An application error has occurred. Goodbye."
"""What Twilio itself says when a hook does not answer."""


class Dialling:
    """The telephones that are rung for one caller.

    The first receiver that is taken up stops the others, also when what is said there then hangs
    up: a machine may be quicker than a person, as at Twilio.
    """

    def __init__(self, legs: Sequence[Call], *, connected: Callable[[Call], None]) -> None:
        self._legs = legs
        self._told_connected = connected
        self._picked: Call | None = None
        self._connected_at: datetime | None = None

    def pick_up(self, leg: Call) -> bool:
        """A receiver is taken up; False when another was first."""
        if self._picked is not None:
            return False
        self._picked = leg
        for other in self._legs:
            if other is not leg:
                other.end("canceled")
        return True

    def connect(self, leg: Call) -> None:
        """From now on they hear each other."""
        self._connected_at = datetime.now(UTC)
        self._told_connected(leg)

    def outcome(self) -> dict[str, str]:
        """What Twilio says of a Dial in its callback."""
        if self._picked is None or self._connected_at is None:
            endings = {leg.ending for leg in self._legs}
            return {"DialCallStatus": endings.pop() if len(endings) == 1 else "no-answer"}
        spoke_s = (datetime.now(UTC) - self._connected_at).total_seconds()
        return {
            "DialCallStatus": "completed",
            "DialCallSid": self._picked.sid,
            "DialCallDuration": str(round(spoke_s)),
        }


class CallRun:
    """Runs one call from its first ring to its last callback."""

    def __init__(self, call: Call, *, exchange: Exchange, hooks: Hooks, settings: Settings) -> None:
        self.call = call
        self._exchange = exchange
        self._hooks = hooks
        self._settings = settings
        self._callbacks = CallbackLine(hooks, exchange.trouble)
        self._sequence = 0
        self._hung_up = False

    async def run(self) -> None:
        """Run it, its callbacks beside it."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._callbacks.run())
            try:
                await (self._carry_inbound() if self.call.inbound else self._carry_outbound())
            finally:
                self._finish()
                self._callbacks.close()

    async def _carry_outbound(self) -> None:
        behaviour = self._exchange.phone(self.call.phone).behaviour
        self._call_back("initiated", status="initiated")
        if behaviour is Behaviour.UNREACHABLE:
            self.call.end("failed")
        elif behaviour is Behaviour.BUSY:
            self.call.end("busy")
        elif await self._ring(behaviour):
            self._answer()
            await self._talk(self.call.script)

    async def _carry_inbound(self) -> None:
        self.call.status = "ringing"
        document = await self._fetch(self.call.script)
        if document is None:
            self.call.end("failed")
            return
        self._answer()
        await self._talk(Script(url=self.call.script.url, document=document))

    async def _ring(self, behaviour: Behaviour) -> bool:
        """Ring until somebody answers; False when nobody does."""
        self.call.status = "ringing"
        self._call_back("ringing", status="ringing")
        self._tell("call.ringing")
        if behaviour is Behaviour.VOICEMAIL:
            await happens(self.call.over, timeout_s=VOICEMAIL_AFTER_S * self._settings.pace)
            self.call.answered.set()
        await happens(self.call.answered, self.call.over, timeout_s=self.call.ring_timeout_s)
        if not self.call.answered.is_set():
            self.call.end("no-answer")
        return not self.call.over.is_set()

    def _answer(self) -> None:
        self.call.status = "in-progress"
        self.call.answered_at = datetime.now(UTC)
        self.call.answered.set()
        self._call_back("answered", status="in-progress")
        self._tell("call.answered")

    async def _talk(self, script: Script) -> None:
        """Follow the script, and any other that replaces it, until the call is over."""
        following: Script | None = script
        while following is not None and not self.call.over.is_set():
            self.call.interrupted.clear()
            self.call.redirected = None
            talk = asyncio.create_task(self._follow(following))
            talk.add_done_callback(lambda _: self.call.interrupted.set())
            if not await happens(self.call.interrupted, timeout_s=LONGEST_CALL_S):
                self.call.end("completed")
            talk.cancel()
            await asyncio.wait([talk])
            following = self.call.redirected

    async def _follow(self, script: Script) -> None:
        """Perform documents one after another; returns when the call should end."""
        following: Script | None = script
        while following is not None:
            document = following.document or await self._fetch(following)
            try:
                verbs = parse(document or "")
            except BadTwiml:
                self._hear(Say(APPLICATION_ERROR, "en-US"))
                self._hung_up = True
                return
            following = await self._perform(verbs, base=following.url)

    async def _perform(self, verbs: list[Verb], *, base: str) -> Script | None:
        """Perform one document; the script to go on with, or None to hang up."""
        for verb in verbs:
            match verb:
                case Say():
                    self._hear(verb)
                    await self._pass_time(self._speech_s(verb))
                case Pause():
                    await self._pass_time(verb.length_s * self._settings.pace)
                case Gather():
                    answered = await self._gather(verb, base=base)
                    if answered is not None:
                        return answered
                case Redirect():
                    return Script(url=urljoin(base, verb.url), method=verb.method)
                case Dial():
                    extra = await self._dial(verb, base=base)
                    if verb.action:
                        return Script(urljoin(base, verb.action), verb.method, extra=extra)
                case Hangup():
                    self._hung_up = True
                    return None
        return None

    async def _dial(self, dial: Dial, *, base: str) -> dict[str, str]:
        """Put the caller through until somebody hangs up; how that went, in Twilio's words."""
        legs = [self._leg(number, dial, base=base) for number in dial.numbers]
        dialling = Dialling(legs, connected=lambda leg: self._tell("call.connected", text=leg.to))
        runs = [asyncio.create_task(self._run_of(leg).run_leg(dialling)) for leg in legs]
        try:
            await asyncio.gather(*map(asyncio.shield, runs))
        finally:  # also when the caller has hung up
            for leg in legs:
                leg.end("completed" if leg.answered_at else "canceled")
            await asyncio.gather(*runs)
        return dialling.outcome()

    def _leg(self, number: Number, dial: Dial, *, base: str) -> Call:
        leg = Call(
            sid=new_sid("CA"),
            to=number.number,
            sender=self.call.sender,
            phone=number.number,
            script=Script(
                url=urljoin(base, number.url) if number.url else "", method=number.method
            ),
            parent_sid=self.call.sid,
            ring_timeout_s=dial.timeout_s,
        )
        self._exchange.add_call(leg)
        return leg

    def _run_of(self, leg: Call) -> CallRun:
        return CallRun(leg, exchange=self._exchange, hooks=self._hooks, settings=self._settings)

    async def run_leg(self, dialling: Dialling) -> None:
        """Run a call that was dialled for somebody else's: it is asked, then connected."""
        try:
            await self._carry_leg(dialling)
        finally:
            self._finish()

    async def _carry_leg(self, dialling: Dialling) -> None:
        behaviour = self._exchange.phone(self.call.phone).behaviour
        if behaviour is Behaviour.UNREACHABLE:
            self.call.end("failed")
        elif behaviour is Behaviour.BUSY:
            self.call.end("busy")
        elif await self._ring(behaviour) and dialling.pick_up(self.call):
            self._answer()
            if self.call.script.url:
                await self._talk(self.call.script)
            if not self._hung_up and not self.call.over.is_set():
                dialling.connect(self.call)
                self._tell("call.connected", text=self.call.sender)
                await happens(self.call.over, timeout_s=LONGEST_CALL_S)

    async def _gather(self, gather: Gather, *, base: str) -> Script | None:
        """Speak and listen; the script that takes the keys, None to go on below."""
        for sentence in gather.spoken:
            self._hear(sentence)
        self._tell("call.gather")
        patience_s = gather.timeout_s + sum(self._speech_s(said) for said in gather.spoken)
        digits = await self._collect(gather, patience_s=patience_s)
        if not digits and not gather.action_on_empty_result:
            return None
        url = urljoin(base, gather.action)
        return Script(url=url, method=gather.method, extra={"Digits": digits} if digits else {})

    async def _collect(self, gather: Gather, *, patience_s: float) -> str:
        """The keys up to the finishing one, the wanted number, or silence."""
        digits = ""
        while gather.num_digits is None or len(digits) < gather.num_digits:
            key = await self.call.keypad.next_key(
                timeout_s=gather.timeout_s if digits else patience_s
            )
            if key is None or (gather.finish_key and key in gather.finish_key):
                break
            digits += key
        return digits

    async def _fetch(self, script: Script) -> str | None:
        params = {**self._params(), "CallStatus": self.call.status, **script.extra}
        return await self._hooks.ask(
            script.url, params, method=script.method, patience_s=CALL_PATIENCE_S
        )

    async def _pass_time(self, seconds: float) -> None:
        """Let time pass; somebody who presses a key does not wait for it."""
        await happens(self.call.keypad.pressed, timeout_s=seconds)

    def _finish(self) -> None:
        self.call.end("completed")
        self.call.status = self.call.ending
        self.call.ended_at = datetime.now(UTC)
        self._call_back("completed", status=self.call.status)
        self._tell("call.ended", text=self.call.status)

    def _hear(self, said: Say) -> None:
        self._tell("call.said", text=said.text, language=said.language)

    def _tell(
        self, event_type: str, *, text: str | None = None, language: str | None = None
    ) -> None:
        self._exchange.tell(
            self.call.phone,
            event_type,
            call_sid=self.call.sid,
            text=text,
            language=language,
            sender=self.call.sender,
        )

    def _call_back(self, event: str, *, status: str) -> None:
        if not self.call.callback_url or event not in self.call.callback_events:
            return
        params = {
            **self._params(),
            "CallStatus": status,
            "Timestamp": format_datetime(datetime.now(UTC)),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self._sequence),
        }
        if event == "completed":
            params["CallDuration"] = str(duration_s(self.call))
        self._sequence += 1
        self._callbacks.add(Callback(self.call.callback_url, params))

    def _params(self) -> dict[str, str]:
        """What Twilio says of a call in every request."""
        return {
            "CallSid": self.call.sid,
            "AccountSid": self._settings.account_sid,
            "From": self.call.sender,
            "Caller": self.call.sender,
            "To": self.call.to,
            "Called": self.call.to,
            "Direction": self.call.direction,
            "ApiVersion": API_VERSION,
        }

    def _speech_s(self, said: Say) -> float:
        """How long it takes to say."""
        ideograms = sum(mark > "\u2e7f" for mark in said.text)
        letters = len(said.text) - ideograms
        return self._settings.pace * (ideograms / IDEOGRAMS_PER_S + letters / LETTERS_PER_S)


def duration_s(call: Call) -> int:
    """Whole seconds from the answer to the end; 0 while it has either not."""
    if call.answered_at is None or call.ended_at is None:
        return 0
    return round((call.ended_at - call.answered_at).total_seconds())
