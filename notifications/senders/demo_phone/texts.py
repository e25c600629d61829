"""The course of one text, to a telephone or from one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from notifications.senders.demo_phone.calls import API_VERSION
from notifications.senders.demo_phone.exchange import Behaviour, Exchange, Text
from notifications.senders.demo_phone.hooks import (
    CALLBACK_PATIENCE_S,
    Callback,
    CallbackLine,
    Hooks,
)
from notifications.senders.demo_phone.settings import Settings
from notifications.senders.demo_phone.twiml import Answer, BadTwiml, parse

DELIVERY_S = 0.3
UNREACHABLE_HANDSET = 30003


class TextRun:
    """Carries one text."""

    def __init__(self, text: Text, *, exchange: Exchange, hooks: Hooks, settings: Settings) -> None:
        self.text = text
        self._exchange = exchange
        self._hooks = hooks
        self._settings = settings
        self._callbacks = CallbackLine(hooks, exchange.trouble)

    async def deliver(self) -> None:
        """Bring a text to its telephone, its callbacks beside it."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._callbacks.run())
            try:
                await self._deliver()
            finally:
                self._callbacks.close()

    async def _deliver(self) -> None:
        self.text.sent_at = datetime.now(UTC)
        self._move("sent")
        await asyncio.sleep(DELIVERY_S * self._settings.pace)
        if self._exchange.phone(self.text.to).behaviour is Behaviour.UNREACHABLE:
            self.text.error_code = UNREACHABLE_HANDSET
            self._move("undelivered")
            return
        self._show(self.text.to, "text.received", self.text.body, sender=self.text.sender)
        self._move("delivered")

    async def hand_in(self, url: str) -> None:
        """Bring a person's text to the hook at `url`, and its answers to the telephone."""
        number = self.text.sender
        self._show(number, "text.sent", self.text.body, sender=number)
        params = {
            **self._params(),
            "Body": self.text.body,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
        }
        document = await self._hooks.ask(url, params, patience_s=CALLBACK_PATIENCE_S)
        for body in _answers(document):
            self._show(number, "text.received", body, sender=self.text.to)

    def _show(self, number: str, event_type: str, body: str, *, sender: str) -> None:
        self._exchange.tell(number, event_type, text=body, sender=sender)

    def _move(self, status: str) -> None:
        self.text.status = status
        if not self.text.callback_url:
            return
        params = {**self._params(), "MessageStatus": status, "SmsStatus": status}
        if self.text.error_code:
            params["ErrorCode"] = str(self.text.error_code)
        self._callbacks.add(Callback(self.text.callback_url, params))

    def _params(self) -> dict[str, str]:
        """What Twilio says of a text in every request."""
        return {
            "MessageSid": self.text.sid,
            "SmsSid": self.text.sid,
            "AccountSid": self._settings.account_sid,
            "From": self.text.sender,
            "To": self.text.to,
            "ApiVersion": API_VERSION,
        }


def _answers(document: str | None) -> list[str]:
    if not document:
        return []
    try:
        return [verb.body for verb in parse(document) if isinstance(verb, Answer)]
    except BadTwiml:
        return []
