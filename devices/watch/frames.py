"""Frames of the watch protocol: `[3G*<id>*<length>*<content>]`, in some makes with a counter."""

import re
from typing import NamedTuple

MAX_CONTENT_BYTES = 0xFFFF
"""What four hexadecimal digits can say: a voice message."""
MAX_HEAD_BYTES = 64

_HEAD = re.compile(
    rb"\[(?P<maker>[0-9A-Za-z]{2})\*(?P<id>[0-9A-Za-z]{1,20})\*"
    rb"(?:(?P<counter>[0-9A-Fa-f]{1,8})\*)?(?P<size>[0-9A-Fa-f]{4})\*"
)
_ALARM = re.compile(
    rb"(?:(?P<maker>[0-9A-Za-z]{2})\*(?P<id>[0-9A-Za-z]{1,20})\*[0-9A-Fa-f*]{0,16}\*"
    rb"|\b(?=AL(?:_[0-9A-Z]{0,12})?(?:[,\]]|\Z)))"
    rb"(?P<content>AL[0-9A-Z_]{0,16}(?:,[^\[\]]{0,400})?)"
)
"""Behind the head of a frame whatever begins with AL; by itself only the whole word, as those who
try all doors of the internet say ALL, ALPHA and any two letters by chance."""
_BINARY = (b"TK,", b"JXTK,", b"img,", b"IMG,")
"""Contents of which any byte may be anything, so that only their length tells where they end."""


class Frame(NamedTuple):
    """One message of a watch, or to one."""

    maker: str
    id: str
    content: bytes
    counter: str = ""

    @property
    def kind(self) -> str:
        """What it is about: LK, UD, AL and so on, with what firmwares append ("AL_LTE")."""
        return self.content.partition(b",")[0].decode("ascii", "replace")

    @property
    def fields(self) -> list[str]:
        """What follows the kind, split at commas."""
        return self.content.decode("ascii", "replace").split(",")[1:]

    def encoded(self) -> bytes:
        """As it stands on the line."""
        counter = f"{self.counter}*" if self.counter else ""
        head = f"[{self.maker}*{self.id}*{counter}{len(self.content):04x}*"
        return head.encode("ascii") + self.content + b"]"


class Framer:
    """Cuts what a line brings into frames; what is none comes out as rubbish."""

    def __init__(self, *, max_content_bytes: int) -> None:
        """Longer contents are rubbish from their beginning."""
        self.max_content_bytes = max_content_bytes
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Take what came."""
        self._buffer += data

    def next(self) -> Frame | bytes | None:
        """The next frame, or rubbish before it, or None until more comes."""
        start = self._buffer.find(b"[")
        if start != 0:
            return self._cut(len(self._buffer) if start < 0 else start) if self._buffer else None
        head = _HEAD.match(self._buffer)
        if head is None:
            return self._headless()
        size = int(head["size"], 16)
        if size > self.max_content_bytes:
            return self._cut(head.end())
        end = self._end_of(head.end(), size)
        if end is None:
            return None
        content = bytes(self._buffer[head.end() : end])
        frame = Frame(
            head["maker"].decode(), head["id"].decode(), content, (head["counter"] or b"").decode()
        )
        del self._buffer[: end + 1]
        return frame

    def rest(self) -> bytes:
        """What is left when the line ends."""
        return self._cut(len(self._buffer))

    def _headless(self) -> bytes | None:
        """A bracket that begins no frame; as long as it could, wait."""
        end = self._buffer.find(b"]")
        again = self._buffer.find(b"[", 1)
        ends = [one for one in (end + 1 if end >= 0 else -1, again) if one > 0]
        if ends:
            return self._cut(min(ends))
        return self._cut(len(self._buffer)) if len(self._buffer) > MAX_HEAD_BYTES else None

    def _end_of(self, start: int, size: int) -> int | None:
        """Where the content ends: where its length says, or, if that is wrong, at the bracket."""
        told = start + size
        if len(self._buffer) > told and self._buffer[told] == ord("]"):
            return told
        if self._buffer.startswith(_BINARY, start):
            return told if len(self._buffer) > told else None
        found = self._buffer.find(b"]", start)
        return found if found >= 0 else None

    def _cut(self, size: int) -> bytes:
        rubbish = bytes(self._buffer[:size])
        del self._buffer[:size]
        return rubbish


def alarm_in(rubbish: bytes) -> Frame | None:
    """An alarm in what is no whole frame, with whose it is as far as that can be read."""
    found = _ALARM.search(rubbish)
    if found is None:
        return None
    maker, name = found["maker"] or b"3G", found["id"] or b""
    return Frame(maker.decode(), name.decode(), found["content"])
