"""The bare peer of the MQTT door: the same door, reading and sorting, with our commit left out.

`python -m benchmarks.bare_mqtt <port>`.
"""

import asyncio
import os
import sys

import django
import uvloop

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup()

from devices.ingest.intake import Intake  # noqa: E402 - Django comes first
from devices.ingest.messages import Messages  # noqa: E402
from devices.ingest.raising import Raised  # noqa: E402
from devices.ingest.sorting import Sorted  # noqa: E402
from devices.ingest.store import Stored  # noqa: E402
from devices.mqtt.door import MqttDoor  # noqa: E402

HOST = "127.0.0.1"


class ForgetfulIntake(Intake):
    """Reads, sorts and answers, and keeps nothing."""

    async def _commit(self, message: Sorted) -> tuple[list[Raised], Stored]:
        return [], Stored(accepted=len(message.rows), duplicates=0)


async def serve(port: int) -> None:
    """Acknowledge everything, until killed."""
    intake = ForgetfulIntake()
    intake.start()
    messages = Messages(intake)
    door = MqttDoor(HOST, port, authenticate=messages.authenticate, handle=messages.handle)
    await door.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(int(sys.argv[1])))
