"""What the MQTT doors bring: read by topic, taken in, acknowledged after the commit."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from uuid import UUID

from devices.adapters import chirpstack, reader_for
from devices.ingest import observation
from devices.ingest.intake import Intake
from devices.ingest.observation import Parsed, Rejection
from devices.ingest.registry import Identity
from devices.ingest.sorting import Origin, nobody
from devices.ingest.store import Stored
from devices.ingest.uplinks import Event, read_event
from devices.mqtt.ports import Principal
from devices.mqtt.topics import Route, route


class Messages:
    """Checks credentials and takes messages for the MQTT doors."""

    def __init__(self, intake: Intake) -> None:
        """Hand on to an intake."""
        self._intake = intake
        self._proven: dict[str, str] = {}

    async def authenticate(self, user: str, password: str) -> Principal | None:
        """Whose credentials these are: the user is a device's identifier, the password its token.

        Raises:
            NotCommitted: the database does not answer.
        """
        identity = await self._intake.registry.of_token(password) if password else None
        if identity is None or identity.is_resident or str(identity.id) != user:
            return None
        self._proven[user] = identity.token_hash
        return Principal(name=user, verified=True, speaks_for=frozenset(identity.names))

    def handle(
        self, principal: Principal, topic: str, payload: bytes, _dup: bool
    ) -> Awaitable[object]:
        """Take one message; done after the commit, or when there is nothing to commit.

        Nearly all that comes are readings of devices that were heard a moment ago. They wait for
        their commit as a future, which costs less than a coroutine.

        Raises:
            NotCommitted: (when it is awaited) it has to come again.
        """
        where = route(topic)
        storing = None
        with suppress(Exception):  # it is then taken the long way, which says what is wrong
            storing = self._store_reading(principal, topic, where, payload)
        return storing or self._handle(principal, topic, where, payload)

    def _store_reading(
        self, principal: Principal, topic: str, where: Route | None, payload: bytes
    ) -> "asyncio.Future[Stored] | None":
        """Have a device's own readings stored; None for whatever else it is."""
        if where is None or where.kind not in {"up", "zigbee2mqtt"} or principal.speaks_for_all:
            return None
        sender = self._intake.registry.known_by_id(principal.name) if principal.verified else None
        if sender is None or sender.token_hash != self._proven.get(principal.name):
            return None
        parsed = self._parsed(topic, where, payload)
        return self._intake.store_readings(parsed, _origin_of(principal, sender))

    async def _handle(
        self, principal: Principal, topic: str, where: Route | None, payload: bytes
    ) -> None:
        if where is not None and where.kind == "ack" and principal.verified:
            return
        sender = await self._sender(principal, where)
        origin = _origin_of(principal, sender)
        if where is not None and where.kind == "chirpstack":
            await self._intake.take(*await self._event(where, payload, sender, origin.name))
            return
        if sender is None and not (principal.verified and principal.speaks_for_all):
            await self._intake.take(self._salvaged(payload, "bad_credentials"), origin)
            return
        parsed = self._parsed(topic, where, payload)
        if principal.speaks_for_all and where is not None and where.kind == "zigbee2mqtt":
            origin = origin._replace(device_named=(await self._names_in(parsed)).get)
        await self._intake.take(parsed, origin)

    async def _sender(self, principal: Principal, where: Route | None) -> Identity | None:
        """Whose message it is; None for a stranger's, or a broker's that names no device.

        A token changed since the line was opened makes its sender a stranger.
        """
        if not principal.verified:
            return None
        if principal.speaks_for_all:
            named = where.device if where else ""
            if where is not None and where.kind == "chirpstack":
                named = chirpstack.plain_name(named)
            return await self._intake.registry.of_name(named) if named else None
        sender = await self._intake.registry.of_id(principal.name)
        if sender is None or sender.token_hash != self._proven.get(principal.name):
            return None
        return sender

    async def _event(
        self, where: Route, payload: bytes, sender: Identity | None, source: str
    ) -> Event:
        """An event of a LoRaWAN network; its topic names the sensor."""
        return await read_event(
            payload,
            self._intake.registry,
            sender,
            event=where.event,
            dev_eui=where.device,
            source=source,
            received_at=self._intake.clock.now(),
        )

    async def _names_in(self, parsed: Parsed) -> dict[str, UUID]:
        """The devices behind a broker, by the names in its message."""
        names = {one.device for one in (*parsed.observations, *parsed.salvaged)}
        found = {name: await self._intake.registry.of_name(name) for name in names if name}
        return {name: device.id for name, device in found.items() if device is not None}

    def _parsed(self, topic: str, where: Route | None, payload: bytes) -> Parsed:
        received_at = self._intake.clock.now()
        if where is not None and where.kind == "up":
            return observation.parse(payload, received_at=received_at, device=where.device)
        read = reader_for(topic)
        if read is not None:
            return read(topic, payload, received_at=received_at)
        return self._salvaged(payload, "no_decoder" if where else "unknown_topic")

    def _salvaged(self, payload: bytes, code: str) -> Parsed:
        """Refuse a message but for the alarms that can be read in it."""
        alarms = observation.salvage(payload, received_at=self._intake.clock.now())
        return Parsed(rejected=[Rejection(0, code)], salvaged=alarms)


def _origin_of(principal: Principal, sender: Identity | None) -> Origin:
    if sender is not None:
        return Origin(f"device:{sender.id}", sender.device_named, sender.id)
    if principal.verified and principal.speaks_for_all:
        return Origin(principal.name, nobody)
    return Origin(f"address:{principal.source}", nobody)
