"""The web process: ingest, sockets, hooks and pages behind one port.

Django itself runs as WSGI in threads, which is 2-4 times faster than its own ASGI handler;
accept, answer and provider hooks have threads of their own, so that a slow page never keeps an
emergency waiting. A request gets its thread when it is here whole, so that a slow client does not
either.
"""

import gc
import os
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack
from importlib import import_module
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from backend.core import lasting
from backend.core.threads import InThreads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup()

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

URGENT = (
    "/hooks/",
    "/api/v1/calls/",
    "/desk/calls/",
    "/care/calls/",
    "/call/",
)
URGENT_THREADS = 4
"""More would only take turns: they compute in one interpreter."""
HEALTH = ("/healthz", "/readyz")
"""Asked by whoever would start us anew: answered however many acts wait for a row."""
REPORTS = ("/hooks/v1/twilio/call-status/", "/hooks/v1/twilio/message-status/")
REPORT_THREADS = 2
"""What a provider reports may wait a moment: when a whole district rings there are a hundred
reports a second, and each of their threads would take turns from the presses."""
THREADS = 8
YOUNG_OBJECTS = 10_000
"""Garbage is looked for when so many objects are new; a thousand messages on their way are none."""


class Yian:
    """Sends each connection to its door and holds the background doors open."""

    def __init__(self) -> None:
        """Make the doors; nothing is opened before the server starts."""
        wsgi: Any = get_wsgi_application()
        read_first = import_string("backend.core.bodies.ReadFirst")
        self.urgent: App = read_first(InThreads(wsgi, workers=URGENT_THREADS))
        self.health: App = read_first(InThreads(wsgi, workers=1))
        self.reports: App = read_first(InThreads(wsgi, workers=REPORT_THREADS))
        self.pages: App = read_first(
            InThreads(wsgi, workers=THREADS),
            larger=settings.UPLOAD_DOORS,
            refusal=import_string("backend.web.error_pages.of_body"),
        )
        self.ingest: App = import_string("devices.ingest.http.application")
        self.hardened: Callable[[Send], Send] = import_string("backend.web.hardened.hardened")
        self.sockets: App = import_string("backend.web.sockets.application")
        self.phones: App = import_string("notifications.senders.demo_phone.proxy.DemoPhoneProxy")(
            settings.ENV.demo_phones_url
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the server's own start and stop."""
        match scope["type"]:
            case "lifespan":
                await self._live(receive, send)
            case "websocket":
                await self.sockets(scope, receive, send)
            case "http":
                await self._door(scope["path"])(scope, receive, self.hardened(send))

    def _door(self, path: str) -> App:
        if path.startswith("/ingest/"):
            return self.ingest
        if path.startswith("/demo/v1/"):
            return self.phones
        if path.startswith(HEALTH):
            return self.health
        if path.startswith(REPORTS):
            return self.reports
        if path.startswith(URGENT):
            return self.urgent
        return self.pages

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            for name in settings.WEB_DOORS:
                await stack.enter_async_context(import_string(name)())
            settle()
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def settle() -> None:
    """Load what the first request would load, and be a process that runs for long."""
    import_module(settings.ROOT_URLCONF)
    lasting.settle()
    gc.set_threshold(YOUNG_OBJECTS)


application = Yian()
