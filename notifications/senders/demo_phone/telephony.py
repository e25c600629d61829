"""What the doors ask for: rings, texts, and what a person does with a telephone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from urllib.parse import urlsplit

from notifications.senders.demo_phone.calls import CallRun
from notifications.senders.demo_phone.exchange import Call, Exchange, Script, Text, new_sid
from notifications.senders.demo_phone.hooks import Hooks
from notifications.senders.demo_phone.settings import Settings
from notifications.senders.demo_phone.texts import TextRun

INBOUND_VOICE = "/hooks/v1/twilio/inbound-voice"
INBOUND_STATUS = "/hooks/v1/twilio/inbound-status"
INBOUND_SMS = "/hooks/v1/twilio/inbound-sms"

_log = logging.getLogger(__name__)


class NobodyToCall(Exception):
    """Yian's address and number are neither set nor learned yet."""


class Telephony:
    """Starts calls and texts and lets each run in a task of its own."""

    def __init__(self, *, settings: Settings, exchange: Exchange, hooks: Hooks) -> None:
        self.settings = settings
        self.exchange = exchange
        self._hooks = hooks
        self._origin = settings.public_url
        self._service_number = settings.from_number
        self._tasks: set[asyncio.Task[None]] = set()

    def ring(self, call: Call) -> None:
        """Ring a telephone."""
        self._learn(call.script.url or call.callback_url, call.sender)
        self.exchange.add_call(call)
        self._start(self._call_run(call).run())

    def deliver(self, text: Text) -> None:
        """Bring a text to a telephone."""
        self._learn(text.callback_url, text.sender)
        self.exchange.add_text(text)
        self._start(self._text_run(text).deliver())

    def dial(self, number: str) -> Call:
        """Let a person ring Yian; raises NobodyToCall."""
        origin, service = self._service()
        call = Call(
            sid=new_sid("CA"),
            to=service,
            sender=number,
            phone=number,
            script=Script(url=origin + INBOUND_VOICE),
            inbound=True,
            callback_url=origin + INBOUND_STATUS,
        )
        self.exchange.add_call(call)
        self._start(self._call_run(call).run())
        return call

    def hand_in(self, number: str, body: str) -> Text:
        """Let a person write to Yian; raises NobodyToCall."""
        origin, service = self._service()
        text = Text(
            sid=new_sid("SM"), to=service, sender=number, body=body, inbound=True, status="received"
        )
        self.exchange.add_text(text)
        self._start(self._text_run(text).hand_in(origin + INBOUND_SMS))
        return text

    async def close(self) -> None:
        """Drop every call and text that runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _call_run(self, call: Call) -> CallRun:
        return CallRun(call, exchange=self.exchange, hooks=self._hooks, settings=self.settings)

    def _text_run(self, text: Text) -> TextRun:
        return TextRun(text, exchange=self.exchange, hooks=self._hooks, settings=self.settings)

    def _service(self) -> tuple[str, str]:
        if not self._origin or not self._service_number:
            raise NobodyToCall
        return self._origin.rstrip("/"), self._service_number

    def _learn(self, url: str | None, number: str) -> None:
        """Remember where Yian is, from the addresses it gives with each request."""
        if url and not self.settings.public_url:
            parts = urlsplit(url)
            self._origin = f"{parts.scheme}://{parts.netloc}"
        self._service_number = self.settings.from_number or number

    def _start(self, run: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(run)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("a call or text broke off", exc_info=error)
