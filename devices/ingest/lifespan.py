"""The doors of devices, open while the web process lives."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from backend.core import clock, loops
from devices import readings
from devices.ingest.http import application
from devices.ingest.intake import Intake
from devices.ingest.messages import Messages
from devices.mqtt.client import MqttBridge
from devices.mqtt.door import MqttDoor
from devices.watch.door import WatchDoor

logger = logging.getLogger(__name__)

NOTES_EVERY_S = 5.0
BRIDGE_CLIENT_ID = "yian"
MQTT_PORT, MQTTS_PORT = 1883, 8883


@asynccontextmanager
async def doors_open() -> AsyncIterator[Intake]:
    """HTTP, MQTT as the settings say (our own door or a broker's client), and the watches' TCP."""
    async with AsyncExitStack() as stack:
        intake = await stack.enter_async_context(intake_open())
        if settings.ENV.mqtt_url:
            await stack.enter_async_context(_bridge(intake, settings.ENV.mqtt_url))
        elif settings.ENV.mqtt_port:
            await stack.enter_async_context(_door(intake))
        if settings.ENV.watch_port:
            await stack.enter_async_context(_watch_door(intake))
        yield intake


@asynccontextmanager
async def intake_open() -> AsyncIterator[Intake]:
    """The lanes and the HTTP doors before them."""
    intake = Intake()
    intake.start()
    await asyncio.to_thread(_make_ready, intake)
    stop = threading.Event()
    notes = threading.Thread(target=_write_notes, args=(intake, stop), name="notes", daemon=True)
    notes.start()
    application.intake = intake
    try:
        yield intake
    finally:
        application.intake = None
        await intake.stop()
        stop.set()
        await asyncio.to_thread(notes.join, NOTES_EVERY_S)


def _make_ready(intake: Intake) -> None:
    """Set the clock and see that this month has its table; later, if the database is away."""
    try:
        now = clock.now()
        intake.clock.set(now)
        readings.ensure_partitions(now)
    except (OperationalError, InterfaceError) as error:
        logger.warning("the doors open without the database: %s", type(error).__name__)
    finally:
        connection.close()


def _write_notes(intake: Intake, stop: threading.Event) -> None:
    """Write who was heard and what was refused every few seconds, and once more at the end.

    Nobody would start this thread again, and without it every home counts as not listened to: what
    is wrong with a note is logged, and the next are written.
    """

    def write(now: datetime) -> None:
        try:
            intake.write_notes(now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("some notes were not written")

    try:
        loops.repeat(stop, write, every_s=NOTES_EVERY_S)
        intake.write_notes(clock.now())
    except (OperationalError, InterfaceError) as error:
        logger.warning("the last notes are lost: %s", type(error).__name__)
    finally:
        connection.close()


@asynccontextmanager
async def _door(intake: Intake) -> AsyncIterator[None]:
    messages = Messages(intake)
    door = MqttDoor(
        settings.ENV.bind_host,
        settings.ENV.mqtt_port,
        authenticate=messages.authenticate,
        handle=messages.handle,
    )
    await door.start()
    try:
        yield
    finally:
        await door.stop()


@asynccontextmanager
async def _watch_door(intake: Intake) -> AsyncIterator[None]:
    door = WatchDoor(settings.ENV.bind_host, settings.ENV.watch_port, intake=intake)
    await door.start()
    try:
        yield
    finally:
        await door.stop()


@asynccontextmanager
async def _bridge(intake: Intake, url: str) -> AsyncIterator[None]:
    broker = urlsplit(url)
    is_tls = broker.scheme == "mqtts"
    bridge = MqttBridge(
        broker.hostname or "",
        broker.port or (MQTTS_PORT if is_tls else MQTT_PORT),
        handle=Messages(intake).handle,
        client_id=BRIDGE_CLIENT_ID,
        user=unquote(broker.username or ""),
        password=unquote(broker.password or ""),
        tls=is_tls,
    )
    await bridge.start()
    try:
        yield
    finally:
        await bridge.stop()
