"""Buttons that are pressed while servers die, and send again until they are answered."""

import asyncio
import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import mqtt_client
from benchmarks.http_client import Connection
from benchmarks.stack import Device, Stack

RETRIED_FOR_S = 60.0
ANSWER_WITHIN_S = 15.0
"""The doors hold an alarm up to 10 s while the database restarts."""
AGAIN_AFTER_S = 0.5
EVERY_NTH_BY_MQTT = 5


@dataclass
class Alarm:
    """One press, with its message as it is sent each time."""

    device: Device
    by_mqtt: bool
    message: bytes
    tries: int = 0
    answered_after_s: float | None = None

    @property
    def resident(self) -> str:
        """Whose button it is."""
        return str(self.device["resident"])


def presses(buttons: Sequence[Device]) -> list[Alarm]:
    """A press of each button, some over MQTT."""
    return [
        Alarm(
            device,
            by_mqtt=number % EVERY_NTH_BY_MQTT == 0,
            message=json.dumps({"metric": "sos", "value": True, "id": uuid.uuid4().hex}).encode(),
        )
        for number, device in enumerate(buttons)
    ]


async def send_all(stack: Stack, alarms: Sequence[Alarm], *, spread_s: float) -> None:
    """Send the alarms evenly over a time, each until it is answered or 60 s have passed."""
    began = time.monotonic()
    tasks = []
    for number, alarm in enumerate(alarms):
        at = began + spread_s * number / len(alarms)
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        tasks.append(asyncio.create_task(_send(stack, alarm)))
    await asyncio.gather(*tasks)


async def _send(stack: Stack, alarm: Alarm) -> None:
    pressed_at = time.monotonic()
    give_up_at = pressed_at + RETRIED_FOR_S
    while time.monotonic() < give_up_at:
        alarm.tries += 1
        if await _try(stack, alarm):
            alarm.answered_after_s = time.monotonic() - pressed_at
            return
        await asyncio.sleep(AGAIN_AFTER_S)


async def _try(stack: Stack, alarm: Alarm) -> bool:
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            return await (_publish if alarm.by_mqtt else _post)(stack, alarm)
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        return False


async def _post(stack: Stack, alarm: Alarm) -> bool:
    connection = Connection(*stack.address)
    try:
        answer = await connection.post(
            "/ingest/v1/observations", alarm.message, token=alarm.device["token"]
        )
    finally:
        connection.close()
    return answer.status in {200, 202}


async def _publish(stack: Stack, alarm: Alarm) -> bool:
    device = alarm.device["id"]
    return await mqtt_client.publish_once(
        stack.run["mqtt"]["host"],
        stack.run["mqtt"]["port"],
        user=device,
        password=alarm.device["token"],
        topic=f"yian/{device}/up",
        payload=alarm.message,
        again=alarm.tries > 1,
    )
