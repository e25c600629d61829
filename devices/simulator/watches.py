"""Watches with a line of their own each, driven from here without threads."""

import logging
import socket
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from devices.simulator.homes import Message
from devices.watch.frames import Frame

logger = logging.getLogger(__name__)

WITHIN_S = 5.0


def frame_of(message: Message) -> Frame:
    """What the watch says, in its own form."""
    state = message.state
    if "pulse" in state:
        content = f"heart,{state['pulse']}"
    elif "lat" in state:
        place = f"A,{state['lat']:.6f},N,{state['lon']:.6f},E"
        rest = f"0.0,0,0,8,80,70,{state['steps']},0,00000000,0,0,0"
        content = f"UD,{message.at.astimezone(UTC):%d%m%y,%H%M%S},{place},{rest}"
    else:
        content = f"LK,{state['steps']},0,{state['battery']}"
    return Frame("3G", message.device, content.encode("ascii"))


class WatchSender:
    """Brings what watches say to the door; what finds no line is not said again."""

    def __init__(self, address: Mapping[str, Any]) -> None:
        """Connect each watch when it has something to say."""
        self._address = (address.get("host", ""), address.get("port", 0))
        self._lines: dict[str, socket.socket] = {}

    def send(self, messages: Sequence[Message]) -> None:
        """Send, and hear what the door answered."""
        for message in messages:
            try:
                line = self._line_of(message.device)
                line.sendall(frame_of(message).encoded())
                self._hear(line)
            except OSError as error:
                logger.info("no door of watches at %s: %s", self._address[1], error)
                self._hang_up(message.device)

    def close(self) -> None:
        """Hang up on each line."""
        for name in list(self._lines):
            self._hang_up(name)

    def _line_of(self, name: str) -> socket.socket:
        line = self._lines.get(name)
        if line is None:
            line = self._lines[name] = socket.create_connection(self._address, timeout=WITHIN_S)
        return line

    def _hear(self, line: socket.socket) -> None:
        """Take the answers to what was said before; an end of the line is an error."""
        line.setblocking(False)
        try:
            if line.recv(4_096) == b"":
                raise ConnectionResetError
        except BlockingIOError:
            return
        finally:
            line.settimeout(WITHIN_S)

    def _hang_up(self, name: str) -> None:
        line = self._lines.pop(name, None)
        if line is not None:
            line.close()
