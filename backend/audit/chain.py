"""The chain: what of a row is hashed, and how each hash takes in the one before.

hash(n) = SHA-256(hash(n-1) · n as 8 bytes, big-endian · canonical bytes of the row), where hash(0)
is 32 zero bytes. Unkeyed, so that anybody who holds an export can reckon it (docs/adr).
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

START = bytes(32)
COLUMNS = ("id", "at", "actor", "action", "subject", "resident_id", "fields", "reason")
"""Every column of the row. A later one, empty in old rows, leaves their bytes as they were."""

_encoder = msgspec.json.Encoder(order="sorted")


def content(values: Iterable[Any]) -> bytes:
    """The canonical bytes of a row's columns: JSON, sorted, without what is empty; times in UTC."""
    named = zip(COLUMNS, values, strict=True)
    return _encoder.encode({name: value for name, value in named if value})


def link(before: bytes, number: int, row: bytes) -> bytes:
    """The hash of a row at its place."""
    return hashlib.sha256(before + number.to_bytes(8, "big") + row).digest()
