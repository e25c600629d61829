"""How much memory bodies that are still on their way take together."""

from collections.abc import Iterator
from contextlib import contextmanager

MOST_BYTES = 192 * 1024 * 1024
"""Eight photos (`bodies.LARGE_AT_ONCE`) and a hundred full messages at the same moment."""
SMALL_BYTES = 16 * 1024
"""What always finds room: a call for help, a form, a message of a device."""


class Room:
    """The room of one process; lives in its event loop."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Empty."""
        self.most_bytes = most_bytes
        self.taken_bytes = 0

    @contextmanager
    def place(self) -> Iterator["Place"]:
        """A place for one body until it is here, or nobody waits for it any more."""
        place = Place(self)
        try:
            yield place
        finally:
            self.taken_bytes -= place.size_bytes


class Place:
    """What one body takes."""

    def __init__(self, room: Room) -> None:
        """Nothing yet."""
        self._room = room
        self.size_bytes = 0

    def takes(self, more_bytes: int) -> bool:
        """Whether the body may grow by so much; a small one always may."""
        self.size_bytes += more_bytes
        self._room.taken_bytes += more_bytes
        is_small = self.size_bytes <= SMALL_BYTES
        return is_small or self._room.taken_bytes <= self._room.most_bytes


ROOM = Room()
