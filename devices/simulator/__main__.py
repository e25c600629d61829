"""Run the demo's homes: `python -m devices.simulator`."""

import argparse
import json
import logging
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from backend.runtime import state
from devices.simulator.homes import (
    LORAWAN,
    WATCH,
    ZIGBEE,
    Home,
    Message,
    homes_in,
    messages_of,
)
from devices.simulator.senders import (
    HttpSender,
    MqttSender,
    Sender,
    TokenRefused,
    UplinkSender,
)
from devices.simulator.watches import WatchSender

ROUND_S = 2.0
MQTT_HOMES = 20
DAY_S = 86_400
MESSAGES_A_DAY = 600
"""Of a home, about."""

logger = logging.getLogger("devices.simulator")


class Pace:
    """How fast the homes' time goes, and how many of their messages are sent."""

    def __init__(self, *, homes: int, speed: float, most_per_s: float, seed: str) -> None:
        """At most `most_per_s` messages a second in all; what is left out is drawn by chance."""
        self._speed = speed
        self._share = min(1.0, most_per_s / max(homes * MESSAGES_A_DAY / DAY_S * speed, 1e-9))
        self._chance = random.Random(f"{seed} pace")  # noqa: S311 - no secrets
        self._began_at = datetime.now(UTC)
        self._moving: set[str] = set()

    @property
    def began_at(self) -> datetime:
        """When both clocks showed the same."""
        return self._began_at

    def home_time(self) -> datetime:
        """What the clocks in the homes show."""
        return self._began_at + (datetime.now(UTC) - self._began_at) * self._speed

    def real_time(self, home_time: datetime) -> datetime:
        """When that is for everybody else."""
        return self._began_at + (home_time - self._began_at) / self._speed

    def is_sent(self, message: Message) -> bool:
        """Whether a message is among those sent: all but some of the movements, which are most."""
        occupied = message.state.get("occupancy")
        if occupied is None:
            return True
        if occupied and self._chance.random() < self._share:
            self._moving.add(message.device)
            return True
        was_moving = message.device in self._moving
        self._moving.discard(message.device)
        return was_moving and not occupied


def main(arguments: Sequence[str]) -> int:
    """Send until somebody stops it."""
    given = _arguments(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    signal.signal(signal.SIGTERM, _stop)
    run_file = given.run or state.from_environ().run_file
    while True:
        run = _wait_for(run_file)
        try:
            live(run, seed=given.seed, speed=given.speed, most_per_s=given.most_per_s)
        except TokenRefused:
            logger.info("the tokens are old, reading %s again", run_file)
            time.sleep(ROUND_S)
        except KeyboardInterrupt:
            return 0


def live(run: dict[str, Any], *, seed: str, speed: float, most_per_s: float) -> None:
    """Let the homes of an installation live, for ever.

    Raises:
        TokenRefused: the installation was set up anew.
    """
    homes = homes_in(run)
    by_zigbee = [home for home in homes if home.adapter == ZIGBEE]
    by_mqtt = by_zigbee[:MQTT_HOMES] if run.get("mqtt") else []
    pace = Pace(homes=len(homes), speed=speed, most_per_s=most_per_s, seed=seed)
    http_sender = HttpSender(run["http"])
    mqtt_sender = MqttSender(run.get("mqtt") or {}, by_mqtt)
    others: dict[str, Sender] = {
        LORAWAN: UplinkSender(run["http"]),
        WATCH: WatchSender(run.get("watch") or {}),
    }
    gateways = {home.gateway for home in by_mqtt}
    logger.info("%d homes live, %d of them by MQTT", len(homes), len(by_mqtt))
    try:
        for due in _rounds(homes, pace, seed):
            mqtt_sender.send([one for one in due if one.home.gateway in gateways])
            posted = [one for one in due if one.home.adapter == ZIGBEE]
            http_sender.send([one for one in posted if one.home.gateway not in gateways])
            for adapter, sender in others.items():
                sender.send([one for one in due if one.home.adapter == adapter])
    finally:
        senders: list[Sender] = [mqtt_sender, http_sender, *others.values()]
        for each in senders:
            each.close()


def _rounds(homes: list[Home], pace: Pace, seed: str) -> Iterator[list[Message]]:
    """What came due, every two seconds, with its real time."""
    due: list[Message] = []
    for message in messages_of(homes, seed=seed, start=pace.began_at):
        while message.at > pace.home_time():
            yield due
            due = []
            time.sleep(ROUND_S)
        if pace.is_sent(message):
            due.append(message._replace(at=pace.real_time(message.at)))
    yield due


def _wait_for(run_file: Path) -> dict[str, Any]:
    while True:
        try:
            run: dict[str, Any] = json.loads(run_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            run = {}
        if run.get("state") == "ready" and run.get("devices"):
            return run
        time.sleep(ROUND_S)


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, help="run.json of the installation")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--speed", type=float, default=1.0, help="how fast time goes at home")
    parser.add_argument("--most-per-s", type=float, default=5.0, help="messages in all")
    return parser.parse_args(arguments)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
