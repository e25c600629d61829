"""Channels consumers: the journal pushed to boards and to people's own pages."""

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import parse_cookie

from backend.accounts import tokens
from backend.accounts.actors import Actor, actor_of
from backend.accounts.authentication import user_of_token
from backend.accounts.models import AccessToken, User
from backend.accounts.second_factor import SESSION_MARK
from backend.accounts.session_store import SessionStore
from backend.core import clock, journal
from backend.core.journal import Viewpoint
from backend.core.models import JournalEvent
from backend.web import permits, presence
from backend.web.live import Subscription, hub
from backend.web.permits import Permit
from backend.web.presence import Console

PROTOCOL = "yian.v1"
PING_S = 10.0
REPORT_S = 5.0
ENDED_AGAIN_S = 1.0
SOCKETS_OF_ACCOUNT = 40
"""Of one account in one process: more windows than anybody looks at, fewer than would weigh."""
REPLAY_LIMIT = 2000
"""More than this is not replayed: the page is told to load anew."""

POLICY_VIOLATION, TRY_AGAIN_LATER = 1008, 1013

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Visitor:
    """Who opened a socket, and how to ask again whether they still may."""

    actor: Actor
    token: str = ""
    session_key: str = ""
    until: datetime | None = None
    """When the token or the session ends by itself."""

    @property
    def permit(self) -> Permit:
        """By which hints it is asked again."""
        names = [permits.of_user(self.actor.user_id)]
        if self.session_key:
            names.append(permits.of_session(self.session_key))
        return Permit(names)


class JournalConsumer(AsyncWebsocketConsumer):
    """Pushes journal events; subclasses say which.

    In: {"since": n, "ack"?: n, "sound"?: bool}. Out: hello, events with `prev`, reset, ping.
    """

    console = False

    def viewpoint(self, actor: Actor) -> Viewpoint | None:
        """What this socket shows to an actor; None: nothing, the socket is refused."""
        raise NotImplementedError

    async def connect(self) -> None:
        """Accept a visitor with a token, or with a session from our own origin."""
        self.visitor: Visitor | None = None
        self.subscription: Subscription | None = None
        self.permit: Permit | None = None
        self.prev = 0
        self.sound_on = False
        self.reported_at = 0.0
        self.console_id = str(uuid.uuid4())
        self.tasks: list[asyncio.Task[None]] = []
        self.started = asyncio.Event()
        visitor = await hub.in_thread(lambda: _visitor(self.scope))
        viewpoint = await hub.in_thread(lambda: self.viewpoint(visitor.actor) if visitor else None)
        if visitor is None or viewpoint is None:
            await self.close(POLICY_VIOLATION)
            return
        if hub.permits.count(permits.of_user(visitor.actor.user_id)) >= SOCKETS_OF_ACCOUNT:
            await self.close(TRY_AGAIN_LATER)
            return
        self.visitor = visitor
        self.permit = visitor.permit
        hub.permits.add(self.permit)
        self.subscription = hub.subscribe(viewpoint)
        self.prev = await hub.in_thread(hub.position)
        offered = self.scope.get("subprotocols", [])
        await self.accept(PROTOCOL if PROTOCOL in offered else None)
        await self.send(json.dumps({"type": "hello", "seq": self.prev}))
        self.tasks = [
            self._started(self._push()),
            self._started(self._beat()),
            self._started(self._ask_again(visitor, self.permit)),
        ]
        await self._report()

    async def disconnect(self, _code: int) -> None:
        """Stop pushing; a console is gone."""
        for task in self.tasks:
            task.cancel()
        if self.subscription:
            hub.unsubscribe(self.subscription)
        if self.permit:
            hub.permits.remove(self.permit)
        if self.console and self.visitor:
            console = self._console(self.visitor)
            await hub.in_thread(lambda: presence.report_left(console))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """A cursor to replay from, or a heartbeat."""
        message = _object(text_data or (bytes_data or b"").decode(errors="replace"))
        if isinstance(message.get("sound"), bool):
            self.sound_on = message["sound"]
        since = message.get("since")
        if isinstance(since, int) and not isinstance(since, bool) and since >= 0:
            await self._replay(since)
        await self._report()

    async def _replay(self, since: int) -> None:
        subscription = self.subscription
        if subscription is None:
            return
        for task in self.tasks[:1]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        missed = await hub.in_thread(partial(_missed, since, subscription.viewpoint))
        if missed is None:
            await self._reset(subscription)
        else:
            self.prev = since
            for event in missed:
                await self._send_event(event)
        self.tasks[0] = self._started(self._push())

    async def _reset(self, subscription: Subscription) -> None:
        subscription.clear()
        self.prev = await hub.in_thread(hub.position)
        await self.send(json.dumps({"type": "reset", "seq": self.prev}))

    async def _push(self) -> None:
        subscription = self.subscription
        while subscription is not None:
            event = await subscription.events.get()
            if subscription.begins_anew or event is None:
                await self._reset(subscription)
            elif (event.seq or 0) > self.prev:
                await self._send_event(event)

    async def _send_event(self, event: JournalEvent) -> None:
        frame = hub.frame(event, self.prev)
        self.prev = event.seq or self.prev
        await self.send(frame)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(PING_S)
            await self.send(json.dumps({"type": "ping"}))

    async def _ask_again(self, visitor: Visitor, permit: Permit) -> None:
        """Close the socket of somebody whose access has ended or is another now.

        What changed while the socket was being opened is found by asking once at its begin.
        """
        ended = False
        permit.doubted.set()
        while not ended:
            with suppress(TimeoutError):
                async with asyncio.timeout(_left_s(visitor)):
                    await permit.doubted.wait()
            permit.doubted.clear()
            ended = not await hub.in_thread(self._still_may)
        await self.close(POLICY_VIOLATION)

    def _still_may(self) -> bool:
        """Whether the visitor may still see what this socket shows, no more and no less.

        What a consent shows or hides is changed in the open socket.
        """
        user = _user_of(self.visitor) if self.visitor else None
        may_see = self.viewpoint(actor_of(user)) if user else None
        shown = self.subscription
        if may_see is None or shown is None:
            return False
        if may_see == replace(shown.viewpoint, hidden=may_see.hidden):
            shown.viewpoint = may_see
        return may_see == shown.viewpoint

    def _started(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Close a socket that can push no more; the page connects again and misses nothing."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            logger.warning("a socket is closed: %s", type(error).__name__)
            self.tasks.append(asyncio.create_task(self.close(TRY_AGAIN_LATER)))

    async def _report(self) -> None:
        if not self.console or self.visitor is None:
            return
        if time.monotonic() - self.reported_at < REPORT_S:
            return
        self.reported_at = time.monotonic()
        console = self._console(self.visitor)
        await hub.in_thread(lambda: presence.report_seen(console, clock.now()))

    def _console(self, visitor: Visitor) -> Console:
        return Console(id=self.console_id, actor=visitor.actor, sound_on=self.sound_on)


class BoardConsumer(JournalConsumer):
    """The desk's board: everything in the actor's area. Proves that somebody watches."""

    console = True

    def viewpoint(self, actor: Actor) -> Viewpoint | None:
        """The actor's area, for those who have a desk."""
        return actor.viewpoint() if actor.scope("desk", "read") else None


class MeConsumer(JournalConsumer):
    """A person's own events: their calls, what is offered to them, their residents."""

    def viewpoint(self, actor: Actor) -> Viewpoint:
        """What is addressed to the actor or about their residents."""
        own = actor.viewpoint()
        return Viewpoint(
            resident_ids=own.resident_ids, references=own.references, hidden=own.hidden
        )


def _object(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _visitor(scope: dict[str, Any]) -> Visitor | None:
    for protocol in scope.get("subprotocols", []):
        token = protocol.removeprefix("bearer.")
        if token != protocol and tokens.FORM.fullmatch(token):
            user = user_of_token(token)
            until = AccessToken.objects.filter(hash=tokens.hashed(token))
            ends_at = until.values_list("expires_at", flat=True).first() if user else None
            return Visitor(actor_of(user), token=token, until=ends_at) if user else None
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if not _own_origin(headers):
        return None
    session_key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
    user = _session_user(session_key)
    if user is None:
        return None
    ends_at = Session.objects.filter(pk=session_key).values_list("expire_date", flat=True).first()
    return Visitor(actor_of(user), session_key=session_key, until=ends_at)


def _left_s(visitor: Visitor) -> float | None:
    """Until the token or session ends; it is asked about a moment after, and then often."""
    if visitor.until is None:
        return None
    return max((visitor.until - datetime.now(UTC)).total_seconds(), 0.0) + ENDED_AGAIN_S


def _own_origin(headers: dict[str, str]) -> bool:
    """A cookie is believed only from pages of our own: same host, or the public address.

    Where browsers reach us by https only, a page that came without it may be anybody's.
    """
    origin = headers.get("origin", "").rstrip("/")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    page = urlsplit(origin)
    is_safe = page.scheme == "https" or not settings.SESSION_COOKIE_SECURE
    return bool(page.netloc) and page.netloc == headers.get("host") and is_safe


def _session_user(session_key: str) -> User | None:
    if not session_key:
        return None
    session = SessionStore(session_key)
    user_id = str(session.get(SESSION_KEY, ""))
    if not user_id:
        return None
    user = User.objects.select_related("area").filter(pk=user_id, is_active=True).first()
    if user is None or (user.is_staff_role and not session.get(SESSION_MARK)):
        return None
    return user


def _user_of(visitor: Visitor) -> User | None:
    if visitor.token:
        return user_of_token(visitor.token)
    return _session_user(visitor.session_key)


def _missed(since: int, viewpoint: Viewpoint) -> list[JournalEvent] | None:
    """What a viewer missed; None if it is too much, or the page is ahead of the journal."""
    if since > hub.position():
        return None
    events = list(journal.since(since, viewpoint=viewpoint)[: REPLAY_LIMIT + 1])
    return None if len(events) > REPLAY_LIMIT else events
