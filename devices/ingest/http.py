"""The HTTP doors of devices and of the red button: raw ASGI, answered after the commit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from backend.accounts import tokens
from backend.core import problems
from backend.core.errors import DomainError, NotFound, TooLarge, TooSlow, Unavailable
from backend.core.room import ROOM, Place
from backend.people import phones
from devices.errors import BadToken, NothingUsable, PostOnly
from devices.ingest import observation, senml
from devices.ingest.intake import Intake, Outcome
from devices.ingest.observation import Parsed
from devices.ingest.raising import Alarm
from devices.ingest.registry import Identity
from devices.ingest.sorting import Origin, nobody
from devices.ingest.sos import plea_in
from devices.ingest.uplinks import read_event
from devices.mqtt.ports import NotCommitted

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_BYTES = 1024 * 1024
SOS_BODY_BYTES = 16 * 1024
BODY_WITHIN_S = 10.0
SOS_BODY_WITHIN_S = 3.0
RETRY_AFTER_S = 3

SENML = b"application/senml+json"
JSON = b"application/json"
PROBLEM = problems.CONTENT_TYPE.encode()


class Answer(NamedTuple):
    """A response, not yet sent."""

    status: int
    body: bytes
    content_type: bytes = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Body(NamedTuple):
    """What was read of a request."""

    data: bytes
    refusal: DomainError | None = None
    """Why it is not the whole of it."""


class Request(NamedTuple):
    """What a door needs to know of a request."""

    body: Body
    headers: Mapping[bytes, bytes]
    address: str
    query: Mapping[str, str] = MappingProxyType({})

    @property
    def token(self) -> str:
        """The bearer token of our form, or ""."""
        return tokens.bearer(self.headers.get(b"authorization", b"").decode("latin-1"))


class HttpDoors:
    """The paths below /ingest/; closed until an intake stands behind them."""

    def __init__(self) -> None:
        """Closed."""
        self.intake: Intake | None = None
        self._doors = {
            "/ingest/v1/observations": (self._observations, BODY_BYTES, BODY_WITHIN_S),
            "/ingest/v1/chirpstack": (self._chirpstack, BODY_BYTES, BODY_WITHIN_S),
            "/ingest/v1/sos": (self._sos, SOS_BODY_BYTES, SOS_BODY_WITHIN_S),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope, receive)
        except DomainError as error:
            answer = problem(error)
        except NotCommitted as error:
            logger.warning("not committed: %s", error)
            answer = problem(Unavailable())
        await _send(send, answer, with_body=scope["method"] != "HEAD")

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        door = self._doors.get(scope["path"].rstrip("/"))
        if door is None:
            raise NotFound
        if scope["method"] != "POST":
            raise PostOnly
        if self.intake is None:
            raise Unavailable
        answer, limit, within_s = door
        body = await read_body(receive, limit=limit, within_s=within_s)
        client = scope.get("client")
        address = str(client[0]) if client else "unknown"
        query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
        return await answer(self.intake, Request(body, dict(scope["headers"]), address, query))

    async def _observations(self, intake: Intake, request: Request) -> Answer:
        identity = await _sender(intake, request)
        if identity is None:
            return await _from_nobody(intake, request, BadToken())
        origin = Origin(f"device:{identity.id}", identity.device_named, identity.id)
        if request.body.refusal is not None:
            return await _salvaged(intake, request, origin, request.body.refusal)
        outcome = await intake.take(_parsed(intake, request, identity), origin)
        if not outcome.is_usable:
            raise NothingUsable(rejected=_rejected(outcome))
        return Answer(HTTPStatus.OK, _encode(_told(outcome)))

    async def _chirpstack(self, intake: Intake, request: Request) -> Answer:
        """One event of a LoRaWAN network; its kind stands in the address, `?event=up`."""
        identity = await _sender(intake, request)
        parsed, origin = await read_event(
            request.body.data,
            intake.registry,
            identity,
            event=request.query.get("event", ""),
            source=f"address:{request.address}",
            received_at=intake.clock.now(),
        )
        if identity is None:
            return await _taken_for_help(intake, parsed, origin, BadToken())
        if request.body.refusal is not None:
            return await _salvaged(intake, request, origin, request.body.refusal)
        outcome = await intake.take(parsed, origin)
        if not outcome.is_usable and not parsed.ignored:
            raise NothingUsable(rejected=_rejected(outcome))
        return Answer(HTTPStatus.OK, _encode(_told(outcome)))

    async def _sos(self, intake: Intake, request: Request) -> Answer:
        plea = plea_in(request.body.data)
        token = request.token or plea.token
        identity = None
        if tokens.FORM.fullmatch(token):
            identity = await intake.registry.of_token(token)
        key = request.headers.get(b"idempotency-key", b"").decode("latin-1") or plea.id
        alarm = Alarm(
            metric="sos",
            at=intake.clock.now(),
            source=_caller(plea.claim.phone, request.address),
            call="emergency",
            verified=False,
            key=key or None,
            position=plea.position,
            claim=plea.claim,
        )
        raised = await intake.raise_alarm(_proven(alarm, identity))
        return Answer(HTTPStatus.ACCEPTED, _encode({"call": raised.call_id}))


async def _sender(intake: Intake, request: Request) -> Identity | None:
    """The device or gateway whose token it is; None for a stranger."""
    identity = await intake.registry.of_token(request.token) if request.token else None
    return None if identity is None or identity.is_resident else identity


def _proven(alarm: Alarm, identity: Identity | None) -> Alarm:
    """The same alarm with what a right token says of its sender."""
    if identity is None:
        return alarm
    if identity.is_resident:
        source = f"resident:{identity.id}"
        return alarm._replace(verified=True, source=source, resident_id=identity.id)
    source = f"device:{identity.id}"
    return alarm._replace(verified=True, source=source, device_id=identity.id)


def _caller(phone: str, address: str) -> str:
    """By what a stranger's calls collapse: the number they give, else the address they use."""
    number = phones.index_as_given(phone) if phone else ""
    return f"phone:{number}"[:60] if number else f"address:{address}"


async def _from_nobody(intake: Intake, request: Request, refusal: DomainError) -> Answer:
    """Whoever has no right token is heard if they call for help."""
    origin = Origin(f"address:{request.address}", nobody)
    return await _salvaged(intake, request, origin, refusal)


async def _salvaged(
    intake: Intake, request: Request, origin: Origin, refusal: DomainError
) -> Answer:
    """Refuse a message, unless a call for help can be read in it."""
    received_at = intake.clock.now()
    alarms = observation.salvage(request.body.data, received_at=received_at)
    return await _taken_for_help(intake, Parsed(salvaged=alarms), origin, refusal)


async def _taken_for_help(
    intake: Intake, parsed: Parsed, origin: Origin, refusal: DomainError
) -> Answer:
    outcome = await intake.take(parsed, origin)
    intake.rejections.count(origin.name, refusal.code)
    if not outcome.calls:
        raise refusal
    told = {**_told(outcome), "call": outcome.calls[0]}
    return Answer(HTTPStatus.ACCEPTED, _encode(told))


def _parsed(intake: Intake, request: Request, identity: Identity) -> Parsed:
    is_senml = request.headers.get(b"content-type", b"").startswith(SENML)
    parse = senml.parse if is_senml else observation.parse
    device = "" if identity.is_gateway else str(identity.id)
    return parse(request.body.data, received_at=intake.clock.now(), device=device)


def _told(outcome: Outcome) -> dict[str, Any]:
    return {
        "accepted": outcome.accepted,
        "duplicates": outcome.duplicates,
        "rejected": _rejected(outcome),
        "calls": outcome.calls,
    }


def _rejected(outcome: Outcome) -> list[dict[str, Any]]:
    return [{"index": index, "code": code} for index, code in outcome.rejected]


async def read_body(receive: Receive, *, limit: int, within_s: float) -> Body:
    """Read a body up to a limit and within a time; what was read is kept in any case."""
    parts: list[bytes] = []
    try:
        with ROOM.place() as place:
            async with asyncio.timeout(within_s):
                refusal = await _read_into(parts, receive, limit, place)
    except TimeoutError:
        refusal = TooSlow()
    return Body(b"".join(parts), refusal)


async def _read_into(
    parts: list[bytes], receive: Receive, limit: int, place: Place
) -> DomainError | None:
    """Read to the end, or to where it is refused."""
    size = 0
    while True:
        message = await receive()
        part: bytes = message.get("body", b"")
        parts.append(part[: limit - size])
        size += len(part)
        if size > limit:
            return TooLarge()
        if not place.takes(len(part)):
            return Unavailable()
        if message["type"] == "http.disconnect":
            return TooSlow()
        if not message.get("more_body", False):
            return None


def problem(error: DomainError) -> Answer:
    """A refusal as RFC 9457 says."""
    headers: list[tuple[bytes, bytes]] = []
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", str(RETRY_AFTER_S).encode()))
    elif error.status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Bearer"))
    elif error.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", b"POST"))
    body = _encode(problems.of_domain_error(error))
    return Answer(error.status, body, PROBLEM, tuple(headers))


_encode = partial(msgspec.json.encode, enc_hook=str)


async def _send(send: Send, answer: Answer, *, with_body: bool) -> None:
    headers = [
        (b"content-type", answer.content_type),
        (b"content-length", str(len(answer.body)).encode()),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
    await send({"type": "http.response.body", "body": answer.body if with_body else b""})


application = HttpDoors()
