"""A row of a table as it was understood, and what would become of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.people.models import Resident
from backend.places.models import Area
from backend.places.search import searchable

AtHome = tuple[str, int, str]
"""A name, the key of an area, and an address as it is searched for."""


@dataclass(frozen=True)
class Person:
    """One row that can be used: who, where, and whom to call."""

    details: Mapping[str, Any]
    area: Area
    address: str
    entry: Mapping[str, str]
    contacts: Sequence[Mapping[str, str]]

    @property
    def is_known_by_home(self) -> bool:
        """Whether nothing but name and home says who it is."""
        return not (self.details.get("id_number") or self.details.get("phone"))

    @property
    def at_home(self) -> AtHome:
        """The name and the home."""
        return self.details["name"], self.area.pk, searchable(self.address)


@dataclass(frozen=True)
class Difference:
    """A field that would change; what stood and will stand there, identity numbers masked."""

    field: str
    before: str
    after: str


@dataclass
class Planned:
    """A row and what would become of it; `number` is its line in the table, the heading is 1."""

    number: int
    name: str
    person: Person | None = None
    existing: Resident | None = None
    differences: list[Difference] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    """Column and code of each thing that is wrong."""

    @property
    def moves(self) -> bool:
        """Whether the table says another home."""
        return any(each.field in {"address", "area"} for each in self.differences)

    @property
    def kind(self) -> str:
        """refused, new, same or changed."""
        if self.errors:
            return "refused"
        if self.existing is None:
            return "new"
        return "changed" if self.differences else "same"
