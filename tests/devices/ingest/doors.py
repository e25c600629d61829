"""The HTTP doors over a real database, driven as a device drives them."""

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import httpx

from backend.accounts import tokens
from backend.accounts.models import AccessToken
from backend.people.models import Resident
from devices import readings
from devices.ingest.doorclock import DoorClock
from devices.ingest.http import HttpDoors
from devices.ingest.intake import Intake
from devices.ingest.messages import Messages
from devices.models import Device, Reading
from devices.mqtt.ports import Principal
from tests.builders import NOON, a_device, a_user

OBSERVATIONS = "/ingest/v1/observations"
SOS = "/ingest/v1/sos"
WITHIN_S = 20

Result = TypeVar("Result")


class FixedClock(DoorClock):
    """A door clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class Doors:
    """Open doors in an event loop of their own, so that tests can ask the database meanwhile."""

    def __init__(self, *, hold_s: float, now: datetime) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.intake = Intake(hold_s=hold_s)
        self.intake.clock = FixedClock(now)
        self.application = HttpDoors()
        self.application.intake = self.intake

    def open(self) -> None:
        self._thread.start()
        self.run(self._start())

    async def _start(self) -> None:
        self.intake.start()

    def close(self) -> None:
        self.run(self.intake.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WITHIN_S)
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN_S)

    def bring(self, messages: Messages, principal: Principal, topic: str, payload: bytes) -> None:
        """Hand on a message as an MQTT line does, and wait until it is taken."""

        async def taken() -> None:
            await messages.handle(principal, topic, payload, False)

        self.run(taken())

    def at(self, moment: datetime) -> None:
        self.intake.clock = FixedClock(moment)

    def send(self, sent: Any, *, token: str = "", **headers: str) -> httpx.Response:
        """Post observations; bytes go as they are."""
        return self.post(OBSERVATIONS, sent, token=token, **headers)

    def post(self, path: str, sent: Any, *, token: str = "", **headers: str) -> httpx.Response:
        content = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, content=content, headers={**bearer, **given})

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        return self.run(self._ask(method, path, **given))

    def side_by_side(self, *sent: tuple[Any, str]) -> list[httpx.Response]:
        """Post several messages, each with its token, at the same moment."""
        return self.run(self._side_by_side(sent))

    async def _side_by_side(self, sent: tuple[tuple[Any, str], ...]) -> list[httpx.Response]:
        asked = [
            self._ask(
                "POST",
                OBSERVATIONS,
                content=json.dumps(each).encode(),
                headers={"Authorization": f"Bearer {token}"},
            )
            for each, token in sent
        ]
        return list(await asyncio.gather(*asked))

    async def _ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.application)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, path, **given)


@contextmanager
def open_doors(*, hold_s: float = 5.0, now: datetime = NOON) -> Iterator[Doors]:
    """Doors whose clock stands at `now`."""
    readings.ensure_partitions(now)
    doors = Doors(hold_s=hold_s, now=now)
    doors.open()
    try:
        yield doors
    finally:
        doors.close()


def a_device_with_token(**fields: Any) -> tuple[Device, str]:
    """A device and the token with which it sends."""
    token = tokens.new("gw" if fields.get("kind") == "gateway" else "dev")
    return a_device(token_hash=tokens.hashed(token), **fields), token


def an_sos_token(resident: Resident) -> str:
    """What the red button of a resident's phone sends."""
    token = tokens.new("sos")
    AccessToken.objects.create(
        user=a_user(role="resident", resident=resident),
        kind=AccessToken.Kind.SOS,
        hash=tokens.hashed(token),
        created_at=NOON,
    )
    return token


def readings_of(device: Device) -> list[tuple[str, float | None, str | None]]:
    """Metric, number and text of what is stored of a device, in the order of its times."""
    stored = Reading.objects.filter(device=device).order_by("at", "metric")
    return list(stored.values_list("metric", "value", "text"))
