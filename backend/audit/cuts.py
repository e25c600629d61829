"""Lawful gaps at the front of the chain: what a cut says, under a signature."""

from dataclasses import dataclass

import msgspec

from backend.audit import chain, signing
from backend.audit.models import Cut
from backend.audit.signing import Signature

_encoder = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True)
class Front:
    """Where the chain begins: rows up to `rows_to` may be gone but for `kept`."""

    rows_to: int = 0
    seals_to: int = 0
    hash: bytes = chain.START
    kept: frozenset[int] = frozenset()

    def may_lack(self, number: int) -> bool:
        """Whether the row of this number left lawfully."""
        return number <= self.rows_to and number not in self.kept


def front(cuts: list[Cut]) -> Front:
    """The front that the last of some cuts made."""
    last = max(cuts, key=lambda cut: cut.rows_to, default=None)
    if last is None:
        return Front()
    return Front(last.rows_to, last.seals_to, bytes(last.hash), frozenset(last.kept))


def statement(cut: Cut) -> bytes:
    """What is signed of a cut."""
    return _encoder.encode(
        {
            "at": cut.at,
            "rows_to": cut.rows_to,
            "seals_to": cut.seals_to,
            "hash": bytes(cut.hash).hex(),
            "kept": cut.kept,
            "export_sha256": cut.export_sha256,
        }
    )


def is_signed(cut: Cut) -> bool:
    """Whether one of our keys signed it."""
    return signing.is_ours(statement(cut), Signature(cut.key_id, cut.signature))
