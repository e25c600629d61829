"""Where the chain ended and when, in a file outside the database: signed lines in a row.

Whoever rules the database rules neither this file nor the key, so a chain that was cut, rewritten
or set back does not fit it any more. Copy the file to another machine as it grows. A line is JSON
and names the line before.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from backend.audit import signing
from backend.audit.signing import Signature

NAME = "checkpoints.jsonl"
LONGEST_LINE = 1_000

Kind = Literal["end", "restored"]


@dataclass(frozen=True)
class Checkpoint:
    """The number and hash (hexadecimal) of the last seal at a moment.

    "restored" says that a backup was brought back by command, and the chain goes on from here.
    """

    number: int
    hash: str
    at: datetime
    kind: Kind = "end"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the file."""

    number: int
    hash: str
    at: datetime
    kind: Kind
    previous: str
    """SHA-256 of the line before, hexadecimal; empty in the first."""
    key: str = ""
    signature: str = ""

    def is_signed(self) -> bool:
        """Whether one of our keys signed it."""
        content = _encoder.encode(msgspec.structs.replace(self, key="", signature=""))
        return signing.is_ours(content, Signature(self.key, self.signature))


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Line)


class CheckpointFile:
    """A file that is only appended to, by any number of processes of one machine."""

    def __init__(self, folder: Path) -> None:
        """The folder is made with the first line."""
        self.path = folder / NAME

    def append(self, checkpoint: Checkpoint) -> None:
        """Write one signed line and see it on the disk.

        Raises:
            OSError: it could not be written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        opened = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(opened, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            last = _last_line(file)
            whole = b"" if last.endswith(b"\n") or not last else b"\n"
            file.write(whole + _signed_line(checkpoint, previous=_digest(last)) + b"\n")
            os.fsync(file.fileno())


def _signed_line(checkpoint: Checkpoint, *, previous: str) -> bytes:
    line = Line(
        number=checkpoint.number,
        hash=checkpoint.hash,
        at=checkpoint.at,
        kind=checkpoint.kind,
        previous=previous,
    )
    signature = signing.sign(_encoder.encode(line))
    signed = msgspec.structs.replace(line, key=signature.key_id, signature=signature.text)
    return _encoder.encode(signed)


def _last_line(file: BinaryIO) -> bytes:
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - LONGEST_LINE))
    lines = file.read().splitlines(keepends=True)
    return lines[-1] if lines else b""


def _digest(line: bytes) -> str:
    return hashlib.sha256(line.rstrip(b"\n")).hexdigest() if line else ""


@dataclass
class Known:
    """What checkpoint files say, and at which lines they cannot be believed."""

    ends: dict[int, Checkpoint] = field(default_factory=dict)
    """By number."""
    forked: list[int] = field(default_factory=list)
    """Numbers of which they tell two hashes."""
    restored: list[Checkpoint] = field(default_factory=list)
    lost: int = 0
    """How many seals the backups that were restored by command did not have."""
    tampered: list[str] = field(default_factory=list)
    """File and line."""

    @property
    def last(self) -> int:
        """The highest number known."""
        return max(self.ends, default=0)

    def note_end(self, end: Checkpoint) -> None:
        """Take in where the chain ended, unless a later restore has declared it lost."""
        if any(_is_lost(end, restore) for restore in self.restored):
            return
        if self.ends.setdefault(end.number, end).hash != end.hash:
            self.forked.append(end.number)

    def note_restore(self, restore: Checkpoint) -> None:
        """What was known beyond the restored end is lost, and said to be."""
        gone = [end.number for end in self.ends.values() if _is_lost(end, restore)]
        self.lost += max(gone, default=restore.number) - restore.number
        for number in gone:
            del self.ends[number]
        self.restored.append(restore)


def _is_lost(end: Checkpoint, restore: Checkpoint) -> bool:
    return end.number > restore.number and end.at <= restore.at


def read(files: list[Path]) -> Known:
    """What the checkpoints of some machines say together; a missing file says nothing."""
    known = Known()
    for file in files:
        if file.exists():
            _read_file(file, known)
    return known


def _read_file(path: Path, known: Known) -> None:
    previous, last, number = "", None, 0
    for number, raw in enumerate(_lines(path), start=1):
        line = _parsed(raw)
        if line is None or line.previous != previous:
            known.tampered.append(f"{path.name}:{number}")
        previous = _digest(raw)
        if line is not None:
            _note(line, known)
            last = line
    # Each line names the one before it, so the last signature stands for all.
    if last is not None and not last.is_signed():
        known.tampered.append(f"{path.name}:{number}")


def _note(line: Line, known: Known) -> None:
    told = Checkpoint(line.number, line.hash, line.at, line.kind)
    if line.kind == "end":
        known.note_end(told)
    elif line.is_signed():
        known.note_restore(told)


def _parsed(raw: bytes) -> Line | None:
    try:
        return _decoder.decode(raw)
    except msgspec.MsgspecError:
        return None


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for raw in file:
            yield raw.rstrip(b"\n")
