"""The demo's telephones as a server of their own.

    python -m uvicorn notifications.senders.demo_phone.server:application

One side speaks Twilio's REST API to the stock Twilio client (`rest_api.py`) and calls
our signed hooks. The other side is what a page, a script or a test holds in its hand;
the web process passes it on under the same paths (`proxy.py`). All of it is JSON, and
refusals are application/problem+json with a stable `code`. `{number}` is E.164; the
plus may be written as it is, as %2B, or left out.

GET  /demo/v1/phones/
    200 {"phones": [{"number", "label", "call_sid", "call_status"}]}; the call that rings
    (`call_status` "ringing") or runs ("in-progress"), else null.
GET  /demo/v1/phones/{number}/events?since=N&wait=S
    200 {"events": [{"seq", "at", "type", "call_sid", "text", "language", "from"}]}, those
    with seq > N, oldest first. With `wait`, an empty answer comes only after S seconds
    (25 at most): ask again at once with the last `seq`. `seq` grows over restarts too.
    type            text                          language   from
    call.ringing    -                             -          who rings
    call.answered   -                             -          who rings
    call.said       the sentence                  BCP 47     who rings
    call.gather     -, keys are wanted now        -          who rings
    call.connected  the number of the other one   -          who rings
                    (put through by <Dial>)
    call.ended      completed, busy, no-answer,   -          who rings
                    failed or canceled
    text.received   the text                      -          who wrote
    text.sent       the text                      -          this telephone
GET  /demo/v1/events?since=N&wait=S
    the same for all telephones at once, each event with its "number"; the newest 1,000
    where there are more.
POST /demo/v1/phones/{number}/keys    {"call_sid"?, "digits"}
    202 {"call_sid"}. Answers the call if it still rings; the keys wait for the question.
    Without call_sid: the newest open call. {"dial": true, "digits"?} rings the service.
    404 no_call · 409 call_over · 409 nobody_to_call · 422 no_keys
POST /demo/v1/phones/{number}/answer  {"call_sid"?}     202 {"call_sid"}
POST /demo/v1/phones/{number}/hangup  {"call_sid"?}     202 {"call_sid"}; a ringing call: busy
POST /demo/v1/phones/{number}/texts   {"body"}          202 {"message_sid"}
PUT  /demo/v1/phones/{number}/behaviour {"behaviour": "person|busy|voicemail|unreachable"}
PUT  /demo/v1/trouble {"api": "none|unavailable|too_many|silent|answer_lost", "for_s": S,
                       "duplicate_callbacks": bool, "reverse_callbacks": bool}
    for tests and drills; `{}` ends it. Callbacks are troubled for calls and texts made
    while it is on.

Settings come from the environment, see `settings.py`. Everything is in memory.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from functools import cache

import httpx

from notifications.senders.demo_phone.asgi import (
    BodyTooLarge,
    Receive,
    Reply,
    Request,
    Scope,
    Send,
    problem,
    read_request,
    send_reply,
)
from notifications.senders.demo_phone.calls import API_VERSION
from notifications.senders.demo_phone.demo_doors import PREFIX, DemoDoors
from notifications.senders.demo_phone.exchange import Exchange
from notifications.senders.demo_phone.hooks import ANSWER_TIMEOUT_S, Hooks
from notifications.senders.demo_phone.rest_api import RestApi
from notifications.senders.demo_phone.settings import (
    MissingSetting,
    Settings,
    read_settings,
)
from notifications.senders.demo_phone.telephony import Telephony


@cache
def _certificates() -> ssl.SSLContext:
    """Whom the hooks' side trusts; read once, as reading takes longer than most calls."""
    return httpx.create_ssl_context(trust_env=False)


class DemoPhones:
    """The ASGI application; it needs the lifespan protocol, which uvicorn speaks."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the life of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await send_reply(send, await self._serve(scope, receive))
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            settings = self._settings()
        except MissingSetting as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        async with httpx.AsyncClient(
            timeout=ANSWER_TIMEOUT_S, trust_env=False, verify=_certificates()
        ) as client:
            hooks = Hooks(auth_token=settings.auth_token, client=client)
            telephony = Telephony(settings=settings, exchange=Exchange(), hooks=hooks)
            self._rest_api = RestApi(telephony)
            self._doors = DemoDoors(telephony)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await telephony.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, receive: Receive) -> Reply:
        try:
            request = await read_request(scope, receive)
        except BodyTooLarge:
            return problem(413, "body_too_large", "The body is too large.")
        return await self._route(request)

    async def _route(self, request: Request) -> Reply:
        if request.path.startswith(f"/{API_VERSION}/"):
            return await self._rest_api.answer(request)
        if request.path.startswith(f"{PREFIX}/"):
            return await self._doors.answer(request)
        if request.path == "/healthz":
            return Reply(200, {"status": "ok"})
        return problem(404, "not_found", "There is nothing here.")


application = DemoPhones(lambda: read_settings(os.environ))
