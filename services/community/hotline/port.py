"""The port of the government's hotline: how tickets are read, and how answers are written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class Ticket:
    """What somebody told the hotline."""

    number: str
    received_at: datetime
    category: str
    """A value of `Complaint.Category`."""
    words: str
    name: str = ""
    phone: str = ""
    """Normalized; "" for none."""
    area: str = ""
    """Name or code of an area; "" where the hotline names none."""
    answer_by: date | None = None
    """The last day the hotline gives; none: our own limit."""


@dataclass(frozen=True)
class Row:
    """One row of a table: its ticket, or what is wrong with it. The heading is row 1."""

    number: int
    ticket: Ticket | None
    said_ticket: str = ""
    errors: Sequence[tuple[str, str]] = field(default_factory=tuple)
    """Column and code of each thing that is wrong."""


@dataclass(frozen=True)
class TicketAnswer:
    """Where a ticket stands with us."""

    number: str
    state: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    outcome: str
    closed_at: datetime | None


class GovernmentHotline(Protocol):
    """How one hotline writes its tables."""

    def read(self, table: bytes) -> Sequence[Row]:
        """The rows of a table that came in.

        Raises:
            BadTable: it is no table of this hotline.
        """
        ...

    def write(self, answers: Iterable[TicketAnswer]) -> bytes:
        """A table of answers to go out."""
        ...
